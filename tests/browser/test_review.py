"""A surgeon at work in a real browser: decide both ways, ask, two windows at once, on a phone, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from screening.actions import intake, review
from screening.models import Referral, Site
from screening.policies import COORDINATORS, LEAD_SURGEONS, SURGEONS, Actor
from screening.rulesets import load_vignettes, shipped
from tests.factories import OfferingFactory, SiteFactory, identity, lumbar_pathway, referred_emergency, staff

from .conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

PROFILES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml")).profiles


@pytest.fixture
def site() -> Site:
    return SiteFactory(slug="north", name="North Clinic")


@pytest.fixture
def sent(site) -> Callable[..., Referral]:
    """A case of the shipped rule set, sent by a patient: sent(leg_weakness="worse")."""
    pathway = lumbar_pathway(site)
    actor = Actor.patient(site)

    def send(**changes: Any) -> Referral:
        profile = PROFILES["sciatica_ready"].answers | changes
        answers = {key: list(value) if isinstance(value, tuple) else value for key, value in profile.items()}
        submission = intake.start_submission(actor=actor, site=site, pathway=pathway)
        step = intake.save_step(
            actor=actor, submission=submission, page="all", answers=answers, texts={"main_goal": "Dance."}, entered={}
        )
        who = identity(date_of_birth=identity().date_of_birth.replace(year=1981))
        return intake.submit(actor=actor, submission=step.submission, identity=who, consent_text="I agree.")

    return send


@pytest.fixture
def at(live_server, open_window, site) -> Callable[..., Page]:
    """at("/review/", role=…, first_name=…): a window of somebody signed in."""

    def window(path: str, *roles: str, size: tuple[int, int] = DESK, user: Any = None, **options: Any) -> Page:
        names = {key: options.pop(key) for key in ("first_name", "last_name") if key in options}
        client = Client()
        client.force_login(user or staff(site, *(roles or (SURGEONS,)), **names))
        page = open_window(size=size, **options)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return window


def claimed(referral: Referral, **user: Any) -> Any:
    surgeon = staff(referral.site, SURGEONS, **user)
    review.claim(actor=Actor.staff(surgeon), referral=referral, expected_revision=referral.revision)
    return surgeon


def choose(page: Page, words: str) -> None:
    page.get_by_label(words, exact=False).first.check()


def test_from_the_worklist_to_a_decision_as_the_rules_say(at, sent, assert_accessible):
    referral = sent()
    page = at("/review/", first_name="Maria", last_name="Ortiz")
    assert_accessible(page)
    page.get_by_role("link", name=referral.reference).click()
    assert_accessible(page)
    page.get_by_role("button", name="Take this case").click()
    expect(page.get_by_role("status").first).to_contain_text("You have this case now.")
    page.get_by_role("link", name="Decide").click()
    expect(page.get_by_role("group", name="Procedures")).to_be_hidden()
    choose(page, "Accept for small-cut surgery")
    expect(page.get_by_role("group", name="Procedures")).to_be_visible()
    choose(page, "Lumbar discectomy")
    expect(page.locator("#differs")).to_contain_text("This is what the rules say")
    assert_accessible(page)
    page.locator(".task").get_by_role("button", name="Decide").click()
    expect(page.locator(".case-facts")).to_contain_text("Decided, with Maria Ortiz")
    page.get_by_role("link", name="Tell the patient").click()
    choose(page, "Telephone")
    assert_accessible(page)
    page.get_by_role("button", name="The patient was told").click()
    expect(page.locator(".case-facts")).to_contain_text("Closed")
    assert_accessible(page)


def test_a_decision_against_the_rules_asks_for_a_reason(at, sent, assert_accessible):
    referral = sent()
    page = at(f"/review/{referral.reference}/decide/", user=claimed(referral))
    choose(page, "Care without surgery")
    expect(page.locator("#differs")).to_contain_text("This differs from the rules")
    page.get_by_label("Advice to the patient").fill("Walk every day.")
    page.locator(".task").get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert "There is a problem" in page.locator(":focus").inner_text()
    assert_accessible(page)
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.locator(":focus").get_attribute("name") == "reason"
    expect(page.get_by_label("Advice to the patient")).to_have_value("Walk every day.")
    page.keyboard.type("She would rather wait.")
    page.locator(".task").get_by_role("button", name="Decide").click()
    expect(page.locator(".time-line")).to_contain_text("differs from the rules")


def test_findings_make_a_second_assessment_beside_the_first(at, sent, assert_accessible):
    referral = sent()
    page = at(f"/review/{referral.reference}/findings/", user=claimed(referral))
    assert_accessible(page)
    choose(page, "Critical cauda equina compression")
    page.get_by_role("button", name="Save and assess again").click()
    expect(page.locator(".case-facts")).to_contain_text("Emergency now")
    expect(page.locator(".assessment")).to_have_count(2)
    expect(page.locator(".assessment").first).to_contain_text("The patient sees this one")
    assert_accessible(page)
    page.get_by_role("link", name="Send the new result").click()
    expect(page.locator(".will-read").last).to_contain_text("Get emergency help now")
    assert_accessible(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".assessment").last).to_contain_text("The patient sees this one")


def test_ask_the_patient_and_take_the_answer_down(at, sent, assert_accessible):
    referral = sent()
    page = at(f"/review/{referral.reference}/", user=claimed(referral))
    page.get_by_role("link", name="Ask the patient").click()
    page.get_by_label("Your question").fill("Does it get better when you lean forward?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator(".case-facts")).to_contain_text("Waiting for the patient")
    page.get_by_role("link", name="Take down the answer").click()
    expect(page.locator(".task")).to_contain_text("Does it get better when you lean forward?")
    assert_accessible(page)
    page.get_by_label("What the patient said").fill("Yes, on a bicycle too.")
    page.get_by_role("button", name="Keep the answer").click()
    expect(page.locator(".time-line")).to_contain_text("Yes, on a bicycle too.")


def test_two_windows_at_once(at, sent, assert_accessible):
    referral = sent()
    surgeon = claimed(referral, first_name="Maria", last_name="Ortiz")
    one = at(f"/review/{referral.reference}/decide/", user=surgeon)
    two = at(f"/review/{referral.reference}/decide/", LEAD_SURGEONS, first_name="Helen", last_name="Brandt")
    choose(one, "Not suitable")
    one.get_by_label("Reason").fill("Too frail.")
    choose(two, "Care without surgery")
    two.get_by_label("Advice to the patient").fill("Swim.")
    one.locator(".task").get_by_role("button", name="Decide").click()
    expect(one.locator(".case-facts")).to_contain_text("Decided")
    two.locator(".task").get_by_role("button", name="Decide").click()
    expect(two.get_by_role("alert")).to_contain_text("Maria Ortiz decided this case at")
    expect(two.locator(".task")).to_contain_text("Swim.")
    expect(two.locator(".case-facts")).to_contain_text("Decided, with Maria Ortiz")
    assert_accessible(two)


def test_a_double_click_decides_once(at, sent):
    referral = sent()
    page = at(f"/review/{referral.reference}/contact/", user=claimed(referral))
    choose(page, "Telephone")
    choose(page, "No, I only tried")
    page.get_by_role("button", name="Record the contact").dblclick()
    page.wait_for_url(re.compile(rf"/review/{referral.reference}/$"))
    assert referral.contacts.count() == 1


def test_any_rule_tells_why_not(at, sent, assert_accessible):
    referral = sent()
    page = at(f"/review/{referral.reference}/")
    page.get_by_text("why each did or did not fire").click()
    rule = page.locator("#rules-here li", has_text="Saddle numbness").first
    rule.get_by_text("Saddle numbness").click()
    expect(rule).to_contain_text("It did not fire. It would need:")
    assert_accessible(page)


def test_filters_redraw_the_list_and_the_address(at, sent, site, assert_accessible):
    calm = sent()
    OfferingFactory(site=site)
    emergency = referred_emergency(site)
    page = at("/review/")
    expect(page.get_by_text("No name yet: at the emergency page, left no number")).to_be_visible()
    page.get_by_label("How it came").select_option("emergency")
    expect(page.get_by_role("link", name=calm.reference)).to_have_count(0)
    expect(page.get_by_role("link", name=emergency.reference)).to_be_visible()
    assert "origin=emergency" in page.url
    page.get_by_label("Reference, or a part of it").fill(calm.reference[3:7].lower())
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name=calm.reference)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(at, sent, site, assert_accessible, scheme):
    referral = sent(leg_weakness="worse", weakness_speed="months", foot_drop="no", weak_both_legs="no")
    surgeon = claimed(referral)
    page = at("/review/", user=surgeon, size=PHONE, color_scheme=scheme)
    assert_accessible(page)
    page.get_by_role("link", name=referral.reference).click()
    assert_accessible(page)
    for task in ("decide", "findings", "phone", "contact", "ask"):
        page.goto(page.url.split("/review/")[0] + f"/review/{referral.reference}/{task}/")
        assert_accessible(page)


def test_without_javascript(at, sent, assert_accessible):
    referral = sent()
    page = at(f"/review/{referral.reference}/decide/", user=claimed(referral), javascript=False)
    choose(page, "Accept for small-cut surgery")
    choose(page, "Lumbar discectomy")
    page.locator(".task").get_by_role("button", name="Decide").click()
    expect(page.locator(".case-facts")).to_contain_text("Decided")
    page.get_by_text("why each did or did not fire").click()
    page.get_by_role("link", name="Open the list on its own page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Every rule")


def test_by_keyboard_alone(at, sent):
    referral = sent()
    page = at(f"/review/{referral.reference}/ask/", user=claimed(referral))
    page.get_by_label("Your question").focus()
    page.keyboard.type("Which leg?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".case-facts")).to_contain_text("Waiting for the patient")


def test_the_head_stays_and_hides_nothing_that_is_jumped_to(at, sent):
    referral = sent()
    page = at(f"/review/{referral.reference}/")
    page.evaluate("window.scrollTo(0, 900)")
    head = page.locator(".case-head").bounding_box()
    assert head["y"] == 0
    page.evaluate("location.hash = 'history'")
    page.wait_for_timeout(100)
    assert page.locator("#history").bounding_box()["y"] >= head["height"] - 1


def test_long_words_fit_a_narrow_window(at, sent, assert_accessible):
    """Names, addresses and notes that have no place to break."""
    referral = sent()
    patient = referral.patient
    patient.name, patient.email = "Wolfeschlegelsteinhausen" * 8, f"{'a' * 64}@{'b' * 60}.example.org"
    patient.save()
    coordinator = staff(site := referral.site, COORDINATORS)
    review.record_contact(
        actor=Actor.staff(coordinator),
        referral=referral,
        expected_revision=referral.revision,
        how="phone",
        reached=False,
        note="9" * 400,
    )
    emergency = referred_emergency(site)
    intake.tell_emergency(actor=Actor.patient(site), submission=emergency.submission, said="", phone="1" * 40)
    window = at(f"/review/{referral.reference}/", user=coordinator, size=(320, 640))
    assert_accessible(window)
    window.goto(window.url.replace(referral.reference, f"{referral.reference}/reach"))
    assert_accessible(window)
    window.goto(window.url.partition("/review/")[0] + "/review/call-backs/")
    assert_accessible(window)


def test_a_coordinator_screens_somebody_by_telephone(at, site, assert_accessible):
    lumbar_pathway(site)
    window = at("/review/", COORDINATORS, first_name="Tom", last_name="Reyes", size=PHONE)
    window.get_by_role("link", name="Screen somebody by telephone").click()
    assert_accessible(window)
    window.get_by_label("The caller's telephone number").fill("020 7946 0555")
    window.get_by_role("button", name="Begin").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("Symptoms that cannot wait")
    expect(window.get_by_text("You answer for somebody on the telephone.")).to_be_visible()
    assert_accessible(window)
    question = window.url
    window.get_by_role("link", name="End the call").click()
    expect(window.get_by_text("The answers are not sent")).to_be_visible()
    assert_accessible(window)
    window.get_by_role("button", name="End the call").click()
    expect(window.get_by_role("status").first).to_contain_text("The call has ended")
    window.goto(question)
    expect(window.get_by_text("We can't find your answers in this browser")).to_be_visible()
