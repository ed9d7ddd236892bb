"""Patients in a real browser: the four ways through, with and without JavaScript, by keyboard, on a small phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from screening.models import Referral, Submission
from screening.rulesets import load_vignettes, shipped

from .conftest import PHONE
from .intake_pages import clinic

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = (320, 640)
VIGNETTES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml"))


def profile(**changes):
    base = VIGNETTES.profiles["sciatica_ready"].answers
    base = {key: list(value) if isinstance(value, tuple) else value for key, value in base.items()}
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


MISS = profile()
NUMB = profile(saddle_numbness="yes")
EARLY = profile(symptom_weeks=2, conservative_weeks=1, cannot_cope="no", known_conditions=["none"], told_matches="no")
BRANCHED = profile(
    leg_weakness="same",
    foot_drop="no",
    weak_both_legs="no",
    walking_limit="yes",
    walk_relief=["sit"],
    walk_place="both",
    hip_signs="no",
    prev_spine_surgery="yes",
    prev_same_level="no",
    prev_when="gt12m",
)


@pytest.fixture
def intake(live_server):
    return clinic(live_server)


def test_a_candidate_for_small_cuts_from_start_to_end(intake, phone, assert_accessible):
    phone.goto(intake(phone, MISS).address)
    assert_accessible(phone)
    patient = intake(phone, MISS).begin()
    patient.answer_everything(assert_accessible)
    assert patient.is_at("check")
    assert_accessible(phone)
    patient.page.get_by_role("link", name="These answers are right").click()
    assert_accessible(phone)
    phone.go_back()
    patient.send()
    assert Referral.objects.get().disposition == "surgeon_miss"
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "See a spine surgeon (small-cut surgery might be possible)"
    )
    for summary in phone.locator("summary").all():
        summary.click()
    assert_accessible(phone)


def test_an_emergency(intake, phone, assert_accessible):
    patient = intake(phone, NUMB).begin().fill_in().save()
    assert patient.is_at("emergency")
    expect(phone.get_by_role("link", name="Call 112 now")).to_be_in_viewport()
    assert_accessible(phone)
    phone.get_by_label("Your telephone number").fill("soon")
    phone.get_by_role("button", name="Save my number").click()
    expect(phone.get_by_role("alert")).to_be_focused()
    assert_accessible(phone)
    phone.get_by_label("Your telephone number").fill("020 7946 0101")
    phone.get_by_role("button", name="I can't call").dblclick()
    expect(phone.get_by_text("near you to call 112")).to_be_visible()
    assert_accessible(phone)
    phone.reload()
    phone.go_back()
    phone.reload()
    assert patient.is_at("emergency")
    assert Referral.objects.count() == 1
    phone.get_by_role("button", name="I chose this by mistake").click()
    assert patient.is_at("questions")


def test_conservative_care_without_javascript(intake, open_window, assert_accessible):
    window = open_window(size=PHONE, javascript=False)
    patient = intake(window, EARLY).begin().answer_everything()
    assert patient.is_at("check")
    patient.send()
    assert Referral.objects.get().disposition == "conservative_first"
    expect(window.get_by_role("heading", level=1)).to_have_text("Try other treatments first")


def test_not_knowing_a_warning_sign_is_followed_up(intake, phone):
    patient = intake(phone, profile(saddle_numbness="dont_know", fever="dont_know")).begin()
    patient.answer_everything().send()
    referral = Referral.objects.get()
    assert referral.disposition == "more_info"
    assert referral.assessment.contact_within_hours == 24
    expect(phone.get_by_text("within 1 day (by ")).to_be_visible()


def test_a_warning_and_errors_are_accessible(intake, page, assert_accessible):
    answers = profile(leg_weakness="worse", weakness_speed="months", foot_drop="no", weak_both_legs="no")
    patient = intake(page, answers).begin()
    patient.save()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Problem:")
    assert_accessible(page)
    patient.fill_in().save()
    assert patient.is_at("warning")
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_other_pages_are_accessible(intake, open_window, assert_accessible, scheme):
    window = open_window(size=PHONE, color_scheme=scheme)
    patient = intake(window, MISS).begin().fill_in().save()
    for name in ("", "start-again/", "check/", "?lost=1", "../r/nobody/"):
        window.goto(patient.address + name)
        assert_accessible(window)


def test_questions_appear_and_go_politely(intake, page):
    """Focus stays, what was ticked stays, a screen reader is told, and nothing is stored."""
    intake(page, MISS).begin()
    page.get_by_label("Yes", exact=True).first.check()
    weak = page.locator('[name="leg_weakness"][value="same"]')
    weak.check()
    expect(page.locator("#news")).to_contain_text("New question below: Is it hard to lift the front of your foot")
    expect(page.locator("#news")).to_contain_text("Are both legs weak?")
    expect(page.locator("#slot-foot_drop fieldset")).to_be_visible()
    expect(weak).to_be_focused()
    expect(page.get_by_label("Yes", exact=True).first).to_be_checked()
    page.locator('[name="leg_weakness"][value="no"]').check()
    expect(page.locator("#news")).to_contain_text("No longer needed: Is it hard to lift the front of your foot")
    expect(page.locator("#slot-foot_drop")).to_be_empty()
    expect(page.get_by_label("Yes", exact=True).first).to_be_checked()
    assert Submission.objects.get().answers == {}


def test_what_is_being_typed_is_not_lost_when_a_question_appears(intake, page):
    intake(page, BRANCHED, at="questions/4")
    page.locator('[name="symptom_weeks"]').fill("2")
    page.locator('[name="pain_site"][value="lower_back"]').check()
    expect(page.locator("#slot-pain_balance fieldset")).to_be_visible()
    expect(page.locator('[name="symptom_weeks"]')).to_have_value("2")


def test_none_of_these_and_the_rest_exclude_each_other(intake, page):
    intake(page, MISS, at="questions/2")
    none, bones = (page.locator(f'[name="risk_list"][value="{value}"]') for value in ("none", "osteoporosis"))
    bones.check()
    none.check()
    expect(bones).not_to_be_checked()
    bones.check()
    expect(none).not_to_be_checked()
    unsure = page.locator('[name="risk_list"][value="dont_know"]')
    unsure.check()
    expect(bones).to_be_checked()


def test_a_number_and_not_knowing_exclude_each_other(intake, page):
    intake(page, MISS, at="questions/3")
    number, unsure = page.locator('[name="age_years"]'), page.locator('[name="age_years-dont_know"]')
    number.fill("45")
    unsure.check()
    expect(number).to_have_value("")
    number.fill("46")
    page.keyboard.press("Tab")
    expect(unsure).not_to_be_checked()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_second_box_is_there_only_for_feet_and_inches(intake, open_window, javascript):
    window = open_window(size=PHONE, javascript=javascript)
    patient = intake(window, MISS, at="questions/8").fill_in()
    if not javascript:
        patient.save().fill_in()
    second = window.locator('[name="height_cm-2"]')
    expect(second).to_be_hidden()
    window.locator('[name="height_cm-unit"]').select_option("ft_in")
    expect(second).to_be_visible()
    window.locator('[name="height_cm"]').fill("5")
    second.fill("11")
    patient.save()
    assert Submission.objects.get().answers["height_cm"] == 180.3


def test_by_keyboard_alone(intake, page):
    """Tab, the arrows, space and Enter are enough for a page of each kind; the focus is always seen."""
    page.goto(intake(page, MISS).address)
    reach(page, "button", "Start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/1/")
    for question_id in ("saddle_numbness", "toilet_change", "sexual_change", "leg_weakness", "balance_hands"):
        tab_to(page, f'[name="{question_id}"]')
        page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, '[name="acute_illness"][value="none"]')
    page.keyboard.press("Space")
    expect(page.locator('[name="acute_illness"][value="none"]')).to_be_checked()
    reach(page, "button", "Save and go on")
    page.keyboard.press("Enter")
    # The first answers of all groups are "yes" to the first and "no" to the rest: that is an emergency.
    page.wait_for_url("**/emergency/")
    tab_to(page, '[href="tel:112"]')


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert focus_is_seen(page)
            return
    raise AssertionError(f"No way to {selector} by keyboard")


def reach(page: Page, role: str, name: str) -> None:
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert focus_is_seen(page)
            return
    raise AssertionError(f"No way to {name} by keyboard")


def focus_is_seen(page: Page) -> bool:
    """An outline of at least two pixels, on the element or on what stands for it."""
    style = "element => element && parseFloat(getComputedStyle(element).outlineWidth) >= 2"
    return page.evaluate(f"({style})(document.activeElement) || ({style})(document.activeElement.nextElementSibling)")


def test_a_small_phone_never_scrolls_sideways(intake, open_window):
    window = open_window(size=SMALL)
    patient = intake(window, BRANCHED)
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"

    def fits(page: Page) -> None:
        wide, window_width = page.evaluate(widths)
        assert wide <= window_width, page.url

    window.goto(patient.address)
    fits(window)
    patient.begin().answer_everything(fits)
    fits(window)
    patient.send()
    for summary in window.locator("summary").all():
        summary.click()
    fits(window)


def test_large_targets(intake, phone):
    """Everything to tap on a page of questions is at least 44 pixels high."""
    intake(phone, MISS).begin()
    for target in phone.locator("main .choice, main .btn, main .form-control, main .scale label").all():
        assert target.bounding_box()["height"] >= 44


def test_sending_again_and_again_makes_one_referral(intake, page):
    patient = intake(page, MISS, at="check")
    page.get_by_role("link", name="These answers are right").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.go_back()
    page.goto(f"{patient.address}check/")
    patient.send()
    for _ in range(3):
        page.go_back()
        page.wait_for_url("**/r/*/")
    assert Referral.objects.count() == 1


def test_back_and_reload_after_an_error_send_nothing_again(intake, page):
    patient = intake(page, MISS).begin().save()
    steps = Submission.objects.get().revisions.count()
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    patient.fill_in().save()
    page.go_back()
    page.go_forward()
    assert Submission.objects.get().revisions.count() == steps + 1


def test_the_link_can_be_copied_and_opened_by_somebody_else(intake, page, open_window):
    intake(page, MISS, at="check").send()
    link = page.locator(".private-link").inner_text()
    assert link == page.url
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()
    other = open_window(size=PHONE)
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("Please give the date of birth")
    other.goto(page.url.replace("/r/", "/r/x"))
    expect(other.get_by_role("heading", level=1)).to_have_text("We can't open this link")
