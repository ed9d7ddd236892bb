"""Where it hurts: tick boxes and a picture that are one, for mouse, finger, keyboard and screen reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from screening.models import Submission

from .conftest import PHONE
from .intake_pages import clinic
from .test_intake import MISS

pytestmark = pytest.mark.django_db(transaction=True)
AREAS = ".body-area use"


@pytest.fixture
def at_picture(live_server):
    begin = clinic(live_server)
    return lambda window: begin(window, MISS, at="questions/4")


def area(page: Page, code: str):
    return page.locator(f'label:has([value="{code}"]) use')


def box(page: Page, code: str):
    return page.locator(f'[name="pain_site"][value="{code}"]')


def middle_of_a_piece(page: Page, code: str) -> tuple[float, float]:
    """A point on the shape: of its box's corners and middles, one that the shape itself covers."""
    return tuple(
        page.evaluate(
            """code => {
          const use = document.querySelector(`label:has([value="${code}"]) use`);
          const {left, top, width, height} = use.getBoundingClientRect();
          for (let y = 1; y < 20; y++) for (let x = 1; x < 40; x++) {
            const at = [left + width * x / 40, top + height * y / 20];
            if (document.elementFromPoint(...at) === use) return at;
          }
        }""",
            code,
        )
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_a_click_on_the_picture_ticks_the_box(at_picture, open_window, javascript):
    page = open_window(size=PHONE, javascript=javascript)
    at_picture(page)
    if not javascript:
        box(page, "lower_back").scroll_into_view_if_needed()
        area(page, "left_thigh").click(position={"x": 6, "y": 20}, force=True)
        page.get_by_role("button", name="Save and go on").click()
        assert Submission.objects.get().answers["pain_site"] == "lower_back"
        expect(box(page, "left_thigh")).to_be_checked()
        return
    area(page, "left_thigh").scroll_into_view_if_needed()
    page.mouse.click(*middle_of_a_piece(page, "left_thigh"))
    expect(box(page, "left_thigh")).to_be_checked()
    page.mouse.click(*middle_of_a_piece(page, "left_thigh"))
    expect(box(page, "left_thigh")).not_to_be_checked()


def test_every_area_can_be_reached_in_the_picture(at_picture, phone):
    at_picture(phone)
    codes = phone.evaluate("[...document.querySelectorAll('label:has(.body-area) input')].map(box => box.value)")
    assert len(codes) == 13
    area(phone, "neck").scroll_into_view_if_needed()
    for code in codes:
        phone.mouse.click(*middle_of_a_piece(phone, code))
        expect(box(phone, code)).to_be_checked()
        assert phone.locator('[name="pain_site"]:checked').count() == codes.index(code) + 1


def test_the_picture_shows_what_is_ticked(at_picture, page):
    at_picture(page)
    colour = "code => getComputedStyle(document.querySelector(`label:has([value='${code}']) use`)).fill"
    before = page.evaluate(colour, "right_foot")
    box(page, "right_foot").check()
    assert page.evaluate(colour, "right_foot") != before == page.evaluate(colour, "left_foot")


def test_what_was_ticked_is_kept_in_words_and_asked_of_the_rules(at_picture, page):
    patient = at_picture(page)
    box(page, "lower_back").check()
    box(page, "left_lower_leg").check()
    patient.settle()
    expect(page.locator("#slot-pain_balance fieldset")).to_be_visible()
    patient.answers = {**patient.answers, "pain_site": None}
    patient.fill_in().save()
    submission = Submission.objects.get()
    assert submission.answers["pain_site"] == "lower_back"
    assert submission.entered["pain_site"] == {"areas": ["lower_back", "left_lower_leg"]}
    page.goto(f"{patient.address}check/")
    expect(page.locator(".pair", has_text="Where is the main problem?")).to_contain_text("Left lower leg")


def test_only_the_neck_hides_what_is_asked_of_legs(at_picture, page):
    patient = at_picture(page)
    box(page, "lower_back").check()
    expect(page.locator("#slot-pain_balance fieldset")).to_be_visible()
    box(page, "lower_back").uncheck()
    box(page, "neck").check()
    patient.settle()
    expect(page.locator("#slot-pain_balance")).to_be_empty()


def test_not_knowing_excludes_the_places(at_picture, page):
    at_picture(page)
    box(page, "neck").check()
    box(page, "dont_know").check()
    expect(box(page, "neck")).not_to_be_checked()
    box(page, "mid_back").check()
    expect(box(page, "dont_know")).not_to_be_checked()


def test_by_keyboard_and_screen_reader_it_is_a_list_of_tick_boxes(at_picture, page, assert_accessible):
    at_picture(page)
    group = page.get_by_role("group", name="Where is the main problem?")
    expect(group.get_by_role("checkbox")).to_have_count(15)
    group.get_by_role("checkbox", name="Neck", exact=True).focus()
    for name in ("Left arm", "Right arm", "Middle of the back", "Lower back"):
        page.keyboard.press("Tab")
        expect(group.get_by_role("checkbox", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Space")
    expect(box(page, "lower_back")).to_be_checked()
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_ticked_and_with_a_problem(at_picture, open_window, assert_accessible, scheme):
    page = open_window(size=(320, 640), color_scheme=scheme)
    at_picture(page)
    box(page, "left_thigh").check()
    assert_accessible(page)
    page.reload()
    box(page, "left_thigh").uncheck()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("link", name="Where is the main problem? Tick all that fit you")).to_be_visible()
    assert_accessible(page)
