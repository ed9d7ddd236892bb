"""Layouts hold from right to left, and with words that are 40 % longer: from the first page to the result."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.models import Referral, Submission
from tests.browser.conftest import DESK, PHONE
from tests.browser.intake_pages import Patient
from tests.browser.test_intake import MISS, NUMB
from tests.factories import SiteFactory, lumbar_pathway, publish_next
from tests.pseudo import LONG, RIGHT_TO_LEFT, in_made_up_languages, install

pytestmark = pytest.mark.django_db(transaction=True)

SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder, to look at the pages with one's own eyes."""
SMALL = (320, 640)


class Reader(Patient):
    """Works without knowing what anything is called: the main button is the first one of its kind."""

    def begin(self, *, languages: str = RIGHT_TO_LEFT) -> Reader:
        self.page.goto(self.address)
        with self.page.expect_navigation():
            self.page.locator(f'[name="-language"][value="{languages}"]').click()
        self.press()
        return self

    def save(self) -> Reader:
        self.press()
        return self

    def press(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main form .btn-primary").first.click()


@pytest.fixture
def reader(live_server, settings, tmp_path):
    install(settings, tmp_path)
    pathway = lumbar_pathway(SiteFactory(slug="northfield", name="Northfield Clinic"))
    publish_next(pathway, in_made_up_languages(pathway.live_version.ruleset).document())

    def read(window: Page, answers=MISS) -> Reader:
        return Reader(window, f"{live_server.url}/northfield/lumbar-miss/", pathway.live_version.ruleset, answers)

    return read


def shoot(window: Page, name: str) -> None:
    if SHOTS:
        window.screenshot(path=Path(SHOTS) / f"{name}-{window.viewport_size['width']}.png", full_page=True)


def assert_mirrored(window: Page) -> None:
    """The page and its main part begin at the right."""
    assert window.evaluate("document.documentElement.dir") == "rtl"
    edges = window.evaluate(
        """() => {
          const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
          const brand = box('.brand'), help = box('.help-link'), heading = box('h1');
          return {brand: brand && brand.right, help: help && help.right, heading: heading && heading.right,
                  width: document.documentElement.clientWidth};
        }"""
    )
    assert edges["brand"] > edges["width"] / 2
    assert edges["heading"] > edges["width"] / 2


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_whole_way_from_right_to_left(reader, open_window, assert_accessible, size):
    window = open_window(size=size)
    patient = reader(window).begin()
    seen: list[str] = []

    def look(page: Page) -> None:
        assert_mirrored(page)
        assert_accessible(page)
        seen.append(page.url)
        shoot(page, f"rtl-question-{len(seen)}")

    patient.answer_everything(look)
    assert patient.is_at("check")
    assert_mirrored(window)
    assert_accessible(window)
    shoot(window, "rtl-check")
    window.locator("main a.btn-primary").first.click()
    assert_mirrored(window)
    shoot(window, "rtl-about")
    window.locator('[name="name"]').fill("ماريا")
    born = timezone.now().year - MISS["age_years"]
    for name, text in (("date_of_birth", "1"), ("birth_month", "1"), ("birth_year", str(born))):
        window.locator(f'[name="{name}"]').fill(text)
    window.locator('[name="contact_way"]').first.check()
    window.locator('[name="phone"]').fill("020 7946 0123")
    window.locator('[name="consent"]').check()
    patient.press()
    window.wait_for_url("**/r/*/")
    assert_mirrored(window)
    assert_accessible(window)
    shoot(window, "rtl-result")
    assert Submission.objects.get().language == RIGHT_TO_LEFT
    assert Referral.objects.get().disposition == "surgeon_miss"


def test_what_points_is_turned_and_what_fills_begins_at_the_right(reader, open_window):
    window = open_window(size=PHONE)
    reader(window).begin()
    assert (
        window.locator(".back-line .icon")
        .evaluate("(icon) => getComputedStyle(icon).transform")
        .startswith("matrix(-1")
    )
    assert window.locator("progress").evaluate("(bar) => getComputedStyle(bar).direction") == "rtl"
    # the sign of a choice stands before its words
    sign, words = (
        window.locator(selector).first.evaluate("(box) => box.getBoundingClientRect().right")
        for selector in (".choice input", ".choice")
    )
    assert words - sign < 60


def test_telephone_numbers_and_digits_keep_their_order(reader, open_window):
    window = open_window(size=PHONE)
    reader(window, NUMB).begin().fill_in().save()
    assert "/emergency/" in window.url
    assert_mirrored(window)
    shoot(window, "rtl-emergency")
    expect(window.locator(".emergency-call")).to_contain_text("112")


def test_an_error_is_told_from_right_to_left(reader, open_window, assert_accessible):
    window = open_window(size=PHONE)
    patient = reader(window).begin()
    patient.save()
    expect(window.locator(".error-summary")).to_be_focused()
    assert_mirrored(window)
    assert_accessible(window)
    shoot(window, "rtl-error")


@pytest.mark.parametrize("size", [SMALL, DESK], ids=["small", "desk"])
def test_words_that_are_longer_fit(reader, open_window, assert_accessible, size):
    window = open_window(size=size)
    patient = reader(window).begin(languages=LONG)
    seen: list[str] = []

    def look(page: Page) -> None:
        assert_accessible(page)
        seen.append(page.url)
        shoot(page, f"long-{len(seen)}")

    for _ in range(3):
        patient.fill_in()
        look(window)
        patient.save()
    assert len(set(seen)) == 3


def test_switching_keeps_what_stands_on_the_page_without_javascript(reader, open_window):
    window = open_window(size=PHONE, javascript=False)
    reader(window).begin()
    window.locator('[name="saddle_numbness"][value="no"]').check()
    window.locator('[name="-language"][value="en"]').click()
    assert window.evaluate("document.documentElement.dir") == "ltr"
    expect(window.locator('[name="saddle_numbness"][value="no"]')).to_be_checked()
    expect(window.get_by_role("button", name="Save and go on")).to_be_visible()
    assert Submission.objects.get().revisions.count() == 0


def test_the_page_of_translations(pathway, sign_in, open_window, assert_accessible):
    window = sign_in(open_window(size=DESK), "edith")
    address = f"{window.url}screening/pathway/{pathway.pk}/actions/translations/?language=es&show=alarm"
    window.goto(address)
    assert_accessible(window)
    window.locator('[name="approve-0"]').check()
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("alert")).to_contain_text("Write who has read")
    assert_accessible(window)
    expect(window.locator('[name="approve-0"]')).to_be_checked()
    window.get_by_label("Checked by").fill("Dr A. García")
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_text("1 changed.")).to_be_visible()
    window.goto(address.replace("show=alarm", "show=approved"))
    expect(window.get_by_text("Approved by Dr A. García")).to_be_visible()
    window.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert_accessible(window)


def test_enter_presses_the_main_button_and_not_the_switch(reader, page):
    """The switch stands before the form and belongs to it, so that nothing typed is lost: Enter must not find it."""
    page.goto(reader(page).address)
    spoken = page.locator("html").get_attribute("lang")
    page.locator('[name="phone"]').fill("020 7946 0123")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/questions/1/")
    page.locator('[name="saddle_numbness"][value="yes"]').check()
    with page.expect_navigation():
        page.locator('[name="saddle_numbness"][value="yes"]').press("Enter")
    assert page.url.endswith("/emergency/")
    page.locator('[name="phone"]').fill("020 7946 0999")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/emergency/?told=1")
    assert Submission.objects.get().call_back_phone == "020 7946 0999"
    assert page.locator("html").get_attribute("lang") == spoken
