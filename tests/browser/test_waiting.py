"""Patients behind their private link in a real browser: it got worse, erasure; and what staff see of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.actions import erasing, messages
from screening.models import CallBack, Message, Referral
from screening.policies import ADMINISTRATORS
from screening.rulesets import load_vignettes, shipped
from tests.factories import SiteFactory, lumbar_pathway, staff
from tests.private_walk import sent_by_actions

pytestmark = pytest.mark.django_db(transaction=True)

VIGNETTES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml"))
READY = {
    key: list(value) if isinstance(value, tuple) else value
    for key, value in VIGNETTES.profiles["sciatica_ready"].answers.items()
    if not key.startswith("c_")
}


@pytest.fixture
def clinic(db):
    site = SiteFactory(slug="northfield", name="Northfield Clinic")
    site.tested = lumbar_pathway(site)
    return site


@pytest.fixture
def referral(clinic) -> Referral:
    return sent_by_actions(clinic, clinic.tested, READY)


@pytest.fixture
def private(live_server, referral) -> str:
    return f"{live_server.url}/northfield/r/{referral.private_token}/"


def come_in(window: Page, private: str, referral: Referral) -> None:
    """Open the link on a new device."""
    window.goto(private)
    born = referral.patient.date_of_birth
    for label, part in (("Day", born.day), ("Month", born.month), ("Year", born.year)):
        window.get_by_label(label, exact=True).fill(str(part))
    window.get_by_label("Year", exact=True).press("Enter")
    expect(window.get_by_role("link", name="Tell us that it got worse")).to_be_visible()


def sign_in(window: Page, address: str, user) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


def answer_page(window: Page, **answers: str) -> None:
    """Every question on it, as it was answered before unless said otherwise; then on."""
    for box in window.locator('input[name="-asked"]').all():
        question = box.get_attribute("value") or ""
        said = answers.get(question, READY.get(question, "no"))
        for one in said if isinstance(said, list) else [said]:
            window.locator(f'[name="{question}"][value="{one}"]').check()
    with window.expect_navigation():
        window.get_by_role("button", name="Save and go on").click()


def test_got_worse_to_the_emergency_page(phone, private, referral, assert_accessible):
    come_in(phone, private, referral)
    assert_accessible(phone)
    phone.get_by_role("link", name="Tell us that it got worse").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Step 1 of")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save and go on").click()
    expect(phone.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_accessible(phone)
    answer_page(phone, saddle_numbness="yes")
    expect(phone.get_by_role("link", name="Call 112 now")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Your telephone number").fill("020 7946 0555")
    phone.get_by_role("button", name="I can't call").click()
    expect(phone.get_by_text("You told us that you can't call")).to_be_visible()
    assert_accessible(phone)
    assert CallBack.objects.get().said == "cannot_call"
    phone.goto(private)
    expect(phone.get_by_role("link", name="Call 112 now")).to_be_visible()
    assert_accessible(phone)


def test_got_worse_and_the_worklist_moves_the_case_up(
    open_window, clinic, private, referral, live_server, assert_accessible
):
    calmer = sent_by_actions(clinic, clinic.tested, READY)
    Referral.objects.filter(pk=calmer.pk).update(contact_due_at=timezone.now() + timedelta(days=5))
    desk, patient = open_window(), open_window(javascript=False)
    sign_in(desk, live_server.url, staff(clinic))
    desk.goto(f"{live_server.url}/review/")
    expect(desk.locator("tbody tr").first).to_contain_text(calmer.reference)
    come_in(patient, private, referral)
    patient.get_by_role("link", name="Tell us that it got worse").click()
    for _ in range(8):
        if "/worse/told/" in patient.url:
            break
        answer_page(patient, fever="yes")
    expect(patient.get_by_role("heading", name="Please read this first")).to_be_visible()
    patient.get_by_role("link", name="Go on with the questions").click()
    for _ in range(8):
        if "/worse/end/" in patient.url:
            break
        answer_page(patient, fever="yes")
    patient.get_by_label("What has changed?").fill("Shivering since Monday")
    patient.get_by_role("button", name="Tell the clinic").click()
    expect(patient.get_by_text("A clinician will look at it and contact you by")).to_be_visible()
    desk.reload()
    top = desk.locator("tbody tr").first
    expect(top).to_contain_text(referral.reference)
    expect(top).to_contain_text("Got worse, told us today")
    assert_accessible(desk)
    top.get_by_role("link", name=referral.reference).click()
    expect(desk.get_by_role("heading", name="Got worse: the patient told us")).to_be_visible()
    expect(desk.get_by_text("Shivering since Monday").first).to_be_visible()
    assert_accessible(desk)


def test_every_page_of_the_record_is_accessible(phone, private, referral, assert_accessible):
    come_in(phone, private, referral)
    for place in ("contact", "correction", "withdraw", "held", "opened", "erasure"):
        phone.goto(f"{private}{place}/")
        expect(phone.get_by_role("heading", level=1)).to_have_count(1)
        assert_accessible(phone)
    for place, button in (
        ("contact", "Save"),
        ("correction", "Send"),
        ("erasure", "Ask the clinic to erase everything"),
    ):
        phone.goto(f"{private}{place}/")
        for box in phone.locator("main input[type=tel], main input[name=email]").all():
            box.fill("")
        phone.get_by_role("button", name=button, exact=True).click()
        expect(phone.locator(".error-summary")).to_be_focused()
        assert_accessible(phone)
    phone.goto(f"{private}withdraw/")
    phone.get_by_role("button", name="Yes, take my answers back").click()
    expect(phone.get_by_role("link", name="Have a clinician look at your answers after all")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Have a clinician look at your answers after all").click()
    assert_accessible(phone)


def test_erasure_asked_approved_and_the_link_is_dead(
    open_window, clinic, private, referral, live_server, assert_accessible
):
    patient, desk = open_window(), open_window()
    come_in(patient, private, referral)
    patient.get_by_role("link", name="Ask us to erase everything").click()
    patient.get_by_label("Yes, I want everything erased").check()
    patient.get_by_role("button", name="Ask the clinic to erase everything").click()
    expect(patient.get_by_text("You asked us to erase everything")).to_be_visible()
    assert_accessible(patient)
    sign_in(desk, live_server.url, staff(clinic, ADMINISTRATORS, is_staff=True))
    desk.goto(f"{live_server.url}/admin/")
    desk.get_by_role("link", name="Requests for erasure").click()
    assert_accessible(desk)
    desk.get_by_role("link", name=referral.reference).click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Answer the patient").click()
    expect(desk.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("Erase everything for good").check()
    desk.get_by_label("The case needs no care any more").check()
    desk.get_by_role("button", name="Answer the patient").click()
    expect(desk.get_by_text("will be erased as soon as the e-mail to the patient has left")).to_be_visible()
    assert_accessible(desk)
    patient.reload()
    expect(patient.get_by_text("The clinic will erase everything about you")).to_be_visible()
    messages.send_due(now=timezone.now())
    assert not Message.objects.under_way().exists()
    erasing.erase_approved(now=timezone.now())
    patient.reload()
    expect(patient.get_by_role("heading", name="Nothing is held about you any more")).to_be_visible()
    assert_accessible(patient)
    assert not Referral.objects.exists()
