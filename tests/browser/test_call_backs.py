"""An emergency loses nobody: from the emergency page on a phone to the call that staff make, note and close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.actions import call_backs, intake, messages
from screening.models import CallBack, Pathway, Site
from screening.policies import COORDINATORS, RULE_EDITORS, Actor
from screening.rulesets import load_vignettes, shipped
from tests.factories import SiteFactory, lumbar_pathway, staff
from tests.factories.locks import locked
from tests.intake_walk import IntakeWalk

from .conftest import DESK, PHONE
from .intake_pages import Patient

pytestmark = pytest.mark.django_db(transaction=True)

PROFILES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml")).profiles
LIST = "/review/call-backs/"
NUMBER = "020 7946 0456"
NARROW = (320, 640)


@pytest.fixture
def site() -> Site:
    return SiteFactory(slug="north", name="North Clinic", on_call_email="oncall@north.example")


@pytest.fixture
def pathway(site) -> Pathway:
    return lumbar_pathway(site)


@pytest.fixture
def numb() -> dict[str, Any]:
    profile = PROFILES["sciatica_ready"].answers
    answers = {key: list(value) if isinstance(value, tuple) else value for key, value in profile.items()}
    return {**answers, "saddle_numbness": "yes"}


@pytest.fixture
def at_emergency(live_server, open_window, site, pathway, numb) -> Callable[..., Page]:
    """A patient's window on the emergency page."""

    def reach(size: tuple[int, int] = PHONE, **options: Any) -> Page:
        window = open_window(size=size, **options)
        patient = Patient(window, f"{live_server.url}/north/{pathway.pk}/", pathway.live_version.ruleset, numb)
        patient.arrive(IntakeWalk(Client(), site, pathway, numb), "emergency")
        return window

    return reach


@pytest.fixture
def at_desk(live_server, open_window, site) -> Callable[..., Page]:
    """A window of a coordinator."""

    def window(path: str = LIST, *, size: tuple[int, int] = DESK, role: str = COORDINATORS, **options: Any) -> Page:
        names = {key: options.pop(key) for key in ("first_name", "last_name") if key in options}
        client = Client()
        client.force_login(staff(site, role, **names))
        page = open_window(size=size, **options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        # So that nobody waits for the list to ask for itself.
        if options.get("javascript", True):
            page.clock.install()
        page.goto(live_server.url + path)
        return page

    return window


def reached(site, pathway, *, phone: str = NUMBER, said: str = "", network: str = "") -> CallBack:
    actor = Actor.patient(site, network)
    submission = intake.start_submission(actor=actor, site=site, pathway=pathway)
    numb = {"saddle_numbness": "yes"}
    intake.save_step(actor=actor, submission=submission, page="1", answers=numb, texts={}, entered={})
    if phone or said:
        intake.tell_emergency(actor=actor, submission=submission, said=said, phone=phone)
    return CallBack.objects.get(submission=submission)


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_emergency_page_to_the_call_that_is_closed(at_emergency, at_desk, assert_accessible, javascript):
    desk = at_desk(first_name="Rosa", last_name="Delgado")
    expect(desk.get_by_text("Nobody is waiting for a call")).to_be_visible()
    assert_accessible(desk)

    patient = at_emergency(javascript=javascript)
    expect(patient.get_by_role("link", name="Call 112 now")).to_be_visible()
    patient.get_by_label("Your telephone number").fill(NUMBER)
    press(patient, "I can't call")
    expect(patient.get_by_text("You told us that you can't call")).to_be_visible()
    expect(patient.get_by_text("You left us this number: 020 7946 0456.")).to_be_visible()
    expect(patient.get_by_role("link", name="Call 112 now")).to_be_visible()
    if javascript:
        assert_accessible(patient)
        expect(patient.locator("[role=status]")).to_be_focused()
    patient.close()

    call_backs.alert_due(now=timezone.now())
    messages.send_due(now=timezone.now())
    assert "Someone reached the emergency page" in mail.outbox[0].subject

    # It was open all the time; nobody loaded it again.
    desk.clock.run_for(21_000)
    entry = desk.get_by_role("article")
    expect(entry).to_contain_text("Says they can't call")
    expect(entry.get_by_role("link", name=NUMBER)).to_be_visible()
    expect(desk.get_by_role("status")).to_have_text("1 new call-back.")
    expect(desk).to_have_title("(1) Call-backs – North Clinic")
    assert_accessible(desk)

    press(desk, "I take this")
    expect(entry).to_contain_text("With Rosa Delgado since")
    desk.get_by_role("link", name="Note a call").click()
    press(desk, "Save the note")
    expect(desk.get_by_role("link", name="Say whether you spoke to them.")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("Yes").check()
    desk.get_by_label("Note", exact=True).fill("An ambulance is with her.")
    press(desk, "Save the note")
    expect(entry).to_contain_text("Rosa Delgado: reached – An ambulance is with her.")
    desk.get_by_role("link", name="Close", exact=True).click()
    assert_accessible(desk)
    desk.get_by_label("In emergency care, or on the way").check()
    press(desk, "Close")
    expect(desk.get_by_text("Nobody is waiting for a call")).to_be_visible()
    desk.get_by_role("link", name="Closed 1").click()
    expect(desk.get_by_role("article")).to_contain_text("In emergency care, or on the way – closed by Rosa Delgado")
    assert_accessible(desk)


def test_who_closes_the_page_without_a_word_is_on_the_list(at_emergency, at_desk):
    at_emergency().close()
    entry = at_desk().get_by_role("article")
    expect(entry).to_contain_text("Has not said whether they called")
    expect(entry).to_contain_text("Left no number")


def test_without_javascript_staff_can_do_the_same(at_desk, site, pathway):
    reached(site, pathway)
    desk = at_desk(javascript=False)
    press(desk, "I take this")
    desk.get_by_role("link", name="Close", exact=True).click()
    desk.get_by_label("Could not be reached").check()
    press(desk, "Close")
    expect(desk.get_by_text("Nobody is waiting for a call")).to_be_visible()
    desk.get_by_role("link", name="Load again").click()


def test_the_second_person_is_told_who_was_first(at_desk, site, pathway, assert_accessible):
    reached(site, pathway)
    first, second = at_desk(first_name="Rosa", last_name="Delgado"), at_desk()
    press(first, "I take this")
    press(second, "I take this")
    expect(second.get_by_role("alert")).to_contain_text("Rosa Delgado took this call at")
    expect(second.get_by_role("alert")).to_be_focused()
    assert_accessible(second)
    press(second, "Take over")
    assert CallBack.objects.get().taken_by.first_name != "Rosa"


def test_the_list_moves_nobodys_focus_when_it_asks_for_itself(at_desk, site, pathway):
    one = reached(site, pathway)
    desk = at_desk()
    desk.locator(f"#take-{one.pk}").focus()
    reached(site, pathway, phone="020 7946 0789")
    desk.clock.run_for(21_000)
    expect(desk.get_by_role("article")).to_have_count(2)
    expect(desk.locator(f"#take-{one.pk}")).to_be_focused()
    desk.clock.run_for(21_000)
    expect(desk.get_by_role("status")).to_have_text("1 new call-back.")
    expect(desk.locator(f"#take-{one.pk}")).to_be_focused()


def test_every_staff_page_counts_those_who_wait_and_asks_again(at_desk, site, pathway):
    desk = at_desk("/review/")
    line = desk.get_by_role("navigation", name="Main").get_by_role("link", name="Call-backs")
    expect(line).to_have_text("Call-backs")
    reached(site, pathway)
    desk.clock.run_for(61_000)
    expect(line).to_have_accessible_name("Call-backs 1 waiting for a call")


def test_a_role_that_may_not_see_it_is_told_so(at_desk, site, pathway, assert_accessible):
    reached(site, pathway)
    desk = at_desk(role=RULE_EDITORS)
    expect(desk.get_by_role("heading", name="You can't do this")).to_be_visible()
    expect(desk.get_by_text(NUMBER)).to_have_count(0)
    assert_accessible(desk)


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_list_is_accessible(at_desk, site, pathway, assert_accessible, size, scheme):
    site.on_call_email = ""
    site.save()
    for _ in range(7):
        reached(site, pathway, phone="", network="192.0.2.7")
    reached(site, pathway, network="192.0.2.7", said="cannot_call")
    reached(site, pathway, phone="", said="called")
    desk = at_desk(size=size, color_scheme=scheme)
    expect(desk.get_by_text("There is no on-call address")).to_be_visible()
    expect(desk.get_by_text("7 from one network address")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("link", name="Show each").click()
    expect(desk.get_by_role("article")).to_have_count(8)
    assert_accessible(desk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_emergency_page_is_accessible_also_when_it_is_narrow(at_emergency, assert_accessible, scheme):
    patient = at_emergency(NARROW, color_scheme=scheme)
    assert_accessible(patient)
    expect(patient.get_by_role("heading", level=1)).to_have_count(1)
    patient.get_by_label("Your telephone number").fill("soon")
    press(patient, "Save my number")
    assert_accessible(patient)
    patient.get_by_label("Your telephone number").fill(NUMBER)
    press(patient, "I have called")
    expect(patient.get_by_role("button", name="I have called", pressed=True)).to_be_visible()
    expect(patient.get_by_text("You told us that you have called")).to_be_visible()
    assert_accessible(patient)


def test_nothing_can_be_saved_and_the_number_to_call_is_there(live_server, open_window, site, pathway, numb):
    window = open_window(size=PHONE)
    patient = Patient(window, f"{live_server.url}/north/{pathway.pk}/", pathway.live_version.ruleset, numb)
    patient.arrive(IntakeWalk(Client(), site, pathway, numb), "questions/1")
    patient.fill_in()
    with locked():
        window.get_by_role("button", name="Save and go on").click()
        expect(window.get_by_role("link", name="Call 112 now")).to_be_visible()
        expect(window.get_by_text("We could not save that")).to_be_visible()
    press(window, "Try to save my answers again")
    expect(window).to_have_url(f"{live_server.url}/north/{pathway.pk}/emergency/")
    assert CallBack.objects.exists()
