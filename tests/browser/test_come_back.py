"""Stopping on one device and coming back on another, by code and by link; and somebody who helps the patient."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from screening.models import Referral, Submission
from screening.rulesets import load_vignettes, shipped
from tests.factories import SiteFactory, lumbar_pathway
from tests.intake_walk import IntakeWalk

from .conftest import DESK, PHONE
from .intake_pages import Patient

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = (320, 640)
VIGNETTES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml"))
READY = {
    key: list(value) if isinstance(value, tuple) else value
    for key, value in VIGNETTES.profiles["sciatica_ready"].answers.items()
}


@pytest.fixture
def clinic():
    return SiteFactory(slug="northfield", name="Northfield Clinic")


@pytest.fixture
def intake(live_server, clinic):
    """intake(window): a patient at this window; `at`: already on this page, those before it answered."""
    pathway = lumbar_pathway(clinic)

    def begin(window: Page, *, at: str = "") -> Patient:
        address = f"{live_server.url}/northfield/lumbar-miss/"
        patient = Patient(window, address, pathway.live_version.ruleset, READY)
        return patient.arrive(IntakeWalk(Client(), clinic, pathway, READY), at) if at else patient

    return begin


def choose(window: Page, name: str) -> None:
    with window.expect_navigation():
        window.get_by_role("button", name=name).click()


def stop(patient: Patient, assert_accessible) -> tuple[str, str]:
    """Save the page and leave it; the link and the code."""
    choose(patient.page, "Save and come back later")
    expect(patient.page.get_by_role("heading", level=1)).to_have_text("Your answers are saved")
    assert_accessible(patient.page)
    choose(patient.page, "Show me a code")
    assert_accessible(patient.page)
    link = patient.page.locator(".private-link").first.inner_text()
    return link, patient.page.locator(".short-code").inner_text()


def tell_birth(window: Page, year: int) -> None:
    for label, text in (("Day", "1"), ("Month", "1"), ("Year", str(year))):
        window.get_by_label(label, exact=True).fill(text)


def birth_year() -> int:
    return Referral.objects.get().patient.date_of_birth.year


@pytest.mark.parametrize("javascript", [True, False])
def test_stop_on_a_phone_and_go_on_elsewhere_by_the_code(intake, open_window, assert_accessible, javascript):
    # axe itself is a script
    assert_accessible = assert_accessible if javascript else (lambda window: None)
    patient = intake(open_window(size=PHONE, javascript=javascript), at="questions/2").fill_in()
    _, code = stop(patient, assert_accessible)
    desk = open_window(size=DESK, javascript=javascript)
    desk.goto(patient.address)
    desk.get_by_role("link", name="I have begun before").click()
    assert_accessible(desk)
    desk.get_by_label("Your code").fill("7k3m")
    choose(desk, "Open my answers")
    assert_accessible(desk)
    desk.get_by_label("Your code").fill(code.lower().replace("-", " "))
    choose(desk, "Open my answers")
    desk.wait_for_url("**/questions/3/")
    assert Submission.objects.count() == 1


def test_go_on_by_the_link_to_the_end_and_open_the_result_on_a_third_device(intake, open_window, assert_accessible):
    link, _ = stop(intake(open_window(size=PHONE), at="questions/2").fill_in(), assert_accessible)
    other = open_window(size=PHONE, color_scheme="dark")
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("Go on where you stopped")
    assert_accessible(other)
    choose(other, "Go on with my answers")
    patient = intake(other)
    patient.answer_everything().send()
    expect(other.get_by_role("heading", name="What happens next")).to_be_visible()

    third = open_window(size=SMALL)
    third.goto(link)
    assert_accessible(third)
    choose(third, "Go on")
    expect(third.get_by_role("alert")).to_be_focused()
    assert_accessible(third)
    tell_birth(third, birth_year() - 1)
    choose(third, "Go on")
    expect(third.get_by_role("alert")).to_contain_text("does not belong to this link")
    tell_birth(third, birth_year())
    choose(third, "Go on")
    expect(third.get_by_role("heading", name="What happens next")).to_be_visible()


def test_too_many_tries_are_said_in_words(intake, open_window, assert_accessible):
    patient = intake(open_window(size=PHONE), at="check").send()
    address, year = patient.page.url, birth_year()
    other = open_window(size=PHONE)
    for wrong in range(1, 6):
        other.goto(address)
        tell_birth(other, year - wrong)
        choose(other, "Go on")
    expect(other.get_by_role("alert")).to_contain_text("no more tries until")
    assert_accessible(other)


def test_a_new_link_ends_the_old_one_here_and_there(intake, open_window, assert_accessible):
    patient = intake(open_window(size=PHONE), at="check").send()
    window, old = patient.page, patient.page.url
    window.get_by_role("link", name="make a new link").click()
    assert_accessible(window)
    choose(window, "Make a new link")
    expect(window.get_by_role("status")).to_contain_text("You have a new link")
    assert_accessible(window)
    new = window.locator(".private-link").first.inner_text()
    assert new != old
    window.goto(old)
    assert_accessible(window)
    expect(window.get_by_role("heading", level=1)).to_have_text("We can't open this link")
    window.goto(new)
    expect(window.get_by_role("heading", name="What happens next")).to_be_visible()


def test_a_shared_device_is_left_behind_empty(intake, open_window, assert_accessible):
    patient = intake(open_window(size=SMALL), at="questions/2").fill_in()
    window = patient.page
    stop(patient, assert_accessible)
    choose(window, "Leave on this device")
    expect(window.get_by_role("status")).to_contain_text("You have left")
    assert_accessible(window)
    window.goto(f"{patient.address}questions/1/")
    expect(window.get_by_text("find your answers in this browser")).to_be_visible()


def test_somebody_helps_from_start_to_end(intake, phone, assert_accessible):
    patient = intake(phone)
    phone.goto(patient.address)
    phone.get_by_label("A relative or friend").check()
    assert_accessible(phone)
    phone.get_by_role("button", name="Start", exact=True).click()
    phone.wait_for_url("**/questions/1/")
    expect(phone.get_by_text("means the person you help")).to_be_visible()
    patient.answer_everything()
    assert_accessible(phone)
    phone.get_by_role("link", name="These answers are right").click()
    assert_accessible(phone)
    phone.get_by_label("The full name of the person you help").fill("Maria Quintana")
    tell_birth(phone, Submission.objects.get().started_at.year - READY["age_years"])
    phone.get_by_label("By telephone", exact=True).check()
    phone.get_by_label("Their telephone number").fill("020 7946 0123")
    phone.locator('[name="consent"]').check()
    phone.get_by_role("button", name="Send my answers").click()
    phone.wait_for_url("**/r/*/")
    assert Referral.objects.get().submission.filled_by == "relative"


@pytest.mark.parametrize("javascript", [True, False])
def test_who_does_not_go_on_has_everything_erased(intake, open_window, assert_accessible, javascript):
    window = open_window(size=SMALL, javascript=javascript)
    patient = intake(window, at="questions/2")
    window.goto(f"{patient.address}save/")
    window.get_by_role("link", name="Erase your answers").click()
    check = assert_accessible if javascript else lambda _: None
    check(window)
    choose(window, "Erase everything now")
    expect(window.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(window)
    window.get_by_label("Yes, I want everything erased").check()
    choose(window, "Erase everything now")
    expect(window.get_by_role("heading", level=1)).to_have_text("Nothing is held about you any more")
    check(window)
    assert not Submission.objects.exists()
    window.go_back()
    expect(window.get_by_role("heading", level=1)).to_have_text("Nothing is held about you any more")
