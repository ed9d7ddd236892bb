"""Every answer survives: reload, back, two windows, a line that breaks, a session that ended, failing scripts."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from screening.models import Submission

from .conftest import ARGUMENTS, CHROMIUM, PHONE
from .intake_pages import Patient, clinic
from .test_intake import BRANCHED, MISS, NUMB, tab_to

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "Kept so far. Nothing is lost if you leave this page."
NOT_SAVED = "Not saved yet. We will try again."
MOST_BYTES = 30_000


@pytest.fixture
def intake(live_server) -> Callable[..., Patient]:
    return clinic(live_server)


@pytest.fixture
def shaky(browser: Browser) -> Iterator[Page]:
    """A telephone whose line may break: the browser's own complaints about that are no fault."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def choice(page: Page, question: str, value: str):
    return page.locator(f'[name="{question}"][value="{value}"]')


def saying(page: Page):
    return page.locator("#saving")


def stored() -> Submission:
    return Submission.objects.get()


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("It did not come about within ten seconds.")


# Leaving the page without its button --------------------------------------------------------------------------------


def test_what_was_chosen_and_typed_is_there_after_a_reload(intake, phone):
    intake(phone, MISS, at="questions/4")
    choice(phone, "pain_site", "lower_back").check()
    phone.locator('[name="symptom_weeks"]').press_sequentially("about 3 mon")
    expect(saying(phone)).to_have_text(KEPT)
    phone.wait_for_timeout(1200)
    phone.reload()
    expect(choice(phone, "pain_site", "lower_back")).to_be_checked()
    expect(phone.locator('[name="symptom_weeks"]')).to_have_value("about 3 mon")
    expect(phone.get_by_text("What you had filled in here is still here.")).to_be_visible()
    expect(phone.get_by_role("alert").get_by_text("There is a problem")).to_have_count(0)
    assert "pain_site" not in stored().answers


def test_leaving_in_the_middle_of_a_word_and_coming_back(intake, phone):
    patient = intake(phone, MISS, at="questions/10")
    phone.locator('[name="main_goal"]').press_sequentially("to dance 💃 agai")
    phone.goto(f"{patient.address}questions/2/")
    # What is sent while the page goes away may arrive after the next page was asked for.
    wait_for(phone, lambda: "main_goal" in stored().unsaved)
    phone.go_back()
    expect(phone.locator('[name="main_goal"]')).to_have_value("to dance 💃 agai")


def test_nothing_is_left_in_the_browser(intake, phone):
    intake(phone, MISS, at="questions/4")
    choice(phone, "pain_site", "neck").check()
    expect(saying(phone)).to_have_text(KEPT)
    phone.reload()
    assert phone.evaluate("localStorage.length") == 0
    assert phone.evaluate("caches.keys()") == []
    # htmx notes the address it is at.
    assert phone.evaluate("Object.values(sessionStorage).every(text => text === location.pathname)")


def test_back_and_forward_lose_nothing_and_send_nothing_again(intake, phone):
    patient = intake(phone, MISS).begin().fill_in().save()
    choice(phone, "fever", "no").check()
    expect(saying(phone)).to_have_text(KEPT)
    phone.go_back()
    expect(choice(phone, "saddle_numbness", "no")).to_be_checked()
    phone.go_forward()
    expect(choice(phone, "fever", "no")).to_be_checked()
    assert patient.is_at("questions/2")
    assert stored().revisions.count() == 1


def test_pressing_twice_saves_once(intake, phone):
    intake(phone, MISS).begin().fill_in()
    phone.get_by_role("button", name="Save and go on").dblclick()
    phone.wait_for_url("**/questions/2/")
    assert stored().answers["leg_weakness"] == "no"
    assert stored().revisions.filter(changes__leg_weakness="no").count() == 1


def test_saving_and_coming_back_later(intake, phone):
    patient = intake(phone, MISS, at="questions/3")
    phone.locator('[name="age_years"]').fill("45")
    phone.get_by_role("button", name="Save and come back later").click()
    phone.wait_for_url("**/save/")
    assert stored().answers["age_years"] == 45
    phone.goto(patient.address)
    expect(phone.get_by_role("link", name="Go on with my answers")).to_be_visible()


# Two windows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_an_older_window_does_not_empty_what_a_newer_one_saved(intake, open_window, javascript):
    first = open_window(size=PHONE, javascript=javascript)
    patient = intake(first, MISS).begin()
    second = first.context.new_page()
    second.goto(first.url)
    patient.fill_in().save()
    saved = dict(stored().answers)
    choice(second, "sexual_change", "long_time").check()
    with second.expect_navigation():
        second.get_by_role("button", name="Save and go on").click()
    expect(second.get_by_text("There is a problem")).to_have_count(0)
    assert stored().answers == {**saved, "sexual_change": "long_time"}


# A line that breaks -------------------------------------------------------------------------------------------------


def test_a_line_that_breaks_and_comes_back(intake, shaky, assert_accessible):
    intake(shaky, MISS, at="questions/4")
    shaky.context.set_offline(True)
    choice(shaky, "pain_site", "lower_back").check()
    expect(saying(shaky)).to_contain_text(NOT_SAVED)
    expect(saying(shaky)).to_be_in_viewport()
    assert_accessible(shaky)
    shaky.locator('[name="symptom_weeks"]').fill("2")
    expect(choice(shaky, "pain_site", "lower_back")).to_be_checked()
    shaky.context.set_offline(False)
    expect(saying(shaky)).to_contain_text("The connection is back.")
    shaky.reload()
    expect(shaky.locator('[name="symptom_weeks"]')).to_have_value("2")


def test_the_button_waits_for_the_line(intake, shaky):
    patient = intake(shaky, MISS).begin().fill_in()
    shaky.context.set_offline(True)
    shaky.get_by_role("button", name="Save and go on").click()
    expect(saying(shaky)).to_contain_text(NOT_SAVED)
    assert patient.is_at("questions/1")
    expect(choice(shaky, "saddle_numbness", "no")).to_be_checked()
    shaky.context.set_offline(False)
    shaky.wait_for_url("**/questions/2/")
    assert stored().answers["saddle_numbness"] == "no"


@pytest.mark.parametrize("trouble", ["500", "aborted", "slow"])
def test_a_server_that_stumbles_is_tried_again(intake, shaky, trouble):
    intake(shaky, MISS, at="questions/3")
    times = []

    def stumble(route: Route) -> None:
        times.append(route.request.url)
        if len(times) > 1:
            route.continue_()
        elif trouble == "500":
            route.fulfill(status=500, body="<h1>Sorry</h1>")
        elif trouble == "aborted":
            route.abort()
        else:
            time.sleep(1)  # the only one on its way
            route.continue_()

    shaky.route("**/questions/3/", stumble)
    shaky.locator('[name="age_years"]').fill("45")
    shaky.get_by_role("button", name="Save and go on").click()
    expect(shaky.locator('[name="age_years"]')).to_have_value("45")
    shaky.wait_for_url("**/questions/4/")
    assert stored().answers["age_years"] == 45


def test_typing_goes_on_while_the_answer_takes_its_time(intake, shaky):
    intake(shaky, MISS, at="questions/4")
    on_the_way = held_back(shaky)
    choice(shaky, "pain_site", "lower_back").check()
    weeks = shaky.locator('[name="symptom_weeks"]')
    weeks.press_sequentially("12 we")
    on_the_way.pop().continue_()
    expect(shaky.locator("#slot-pain_balance fieldset")).to_be_visible()
    expect(weeks).to_be_focused()
    weeks.press_sequentially("eks")
    expect(weeks).to_have_value("12 weeks")


# A session that ended -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_that_ended_loses_nothing(intake, open_window, javascript):
    window = open_window(size=PHONE, javascript=javascript)
    patient = intake(window, MISS, at="questions/4")
    choice(window, "pain_site", "left_foot").check()
    window.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    window.get_by_role("button", name="Save and go on").click()
    window.wait_for_url("**/?lost=1&kept=1")
    expect(window.get_by_text("What you filled in on the last page is kept.")).to_be_visible()
    window.goto(patient.address.replace("lumbar-miss", f"r/{stored().private_token}"))
    window.locator("main .btn-primary").click()
    window.wait_for_url("**/questions/4/")
    expect(choice(window, "pain_site", "left_foot")).to_be_checked()


# Scripts that fail half-way -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocked", ["**/htmx*.js", "**/intake.js", "**/*.js"])
def test_a_page_works_whichever_script_does_not_come(intake, shaky, blocked):
    shaky.route(blocked, lambda route: route.abort())
    patient = intake(shaky, BRANCHED, at="questions/3")
    shaky.locator('[name="age_years"]').fill("forty")
    patient.save()
    expect(shaky.get_by_text("Enter a number of years").first).to_be_visible()
    shaky.locator('[name="age_years"]').fill("about 45")
    patient.save()
    assert patient.is_at("questions/4")
    assert stored().answers["age_years"] == 45
    shaky.go_back()
    expect(shaky.get_by_text("We understood: 45 years")).to_be_visible()


# What cannot wait ---------------------------------------------------------------------------------------------------


def test_an_emergency_is_told_at_once_and_a_slip_is_forgotten(intake, phone, assert_accessible):
    patient = intake(phone, NUMB).begin()
    choice(phone, "saddle_numbness", "yes").check()
    button = phone.get_by_role("button", name="See what to do now")
    expect(button).to_be_in_viewport()
    # It does not lie on what has the focus.
    chosen = phone.locator(".choice:has(:focus)").bounding_box()
    assert chosen["y"] + chosen["height"] <= phone.locator("#stop-now").bounding_box()["y"]
    assert_accessible(phone)
    choice(phone, "saddle_numbness", "no").check()
    expect(button).to_have_count(0)
    assert stored().alarms_seen == []
    choice(phone, "saddle_numbness", "yes").check()
    button.click()
    phone.wait_for_url("**/emergency/")
    assert patient.is_at("emergency")
    assert stored().status == "stopped"


# Branching without surprise -----------------------------------------------------------------------------------------


LISTEN = """() => {
  window.heard = [];
  const live = document.getElementById("news");
  new MutationObserver(() => window.heard.push(live.textContent.trim())).observe(
    live, {childList: true, characterData: true, subtree: true});
}"""


def test_a_screen_reader_hears_what_appears_and_what_goes(intake, page):
    intake(page, MISS).begin()
    live = page.locator("#news")
    assert live.get_attribute("role") == "status"
    page.evaluate(LISTEN)
    choice(page, "leg_weakness", "same").check()
    expect(page.locator("#slot-foot_drop fieldset")).to_be_visible()
    assert any("New question below: Is it hard to lift" in words for words in page.evaluate("heard"))
    choice(page, "sexual_change", "no").check()
    page.wait_for_timeout(600)
    heard = page.evaluate("heard").copy()
    choice(page, "leg_weakness", "no").check()
    expect(page.locator("#slot-foot_drop")).to_be_empty()
    new = page.evaluate("heard")[len(heard) :]
    assert any("No longer needed: Is it hard to lift" in words for words in new)
    expect(choice(page, "leg_weakness", "no")).to_be_focused()


def test_what_was_understood_is_heard_too(intake, page):
    intake(page, MISS, at="questions/3")
    page.evaluate(LISTEN)
    page.locator('[name="age_years"]').fill("about 45")
    expect(page.locator("#q-age_years_understood")).to_have_text("We understood: 45 years")
    assert page.evaluate("heard")[-1] == "We understood: 45 years"


def test_nothing_moves_under_a_finger(intake, shaky):
    """The answer comes late, and questions come in above what is being touched: it stays where it is."""
    intake(shaky, MISS).begin()
    on_the_way = held_back(shaky)
    choice(shaky, "leg_weakness", "same").check()
    touched = choice(shaky, "balance_hands", "no")
    touched.check()
    before = touched.bounding_box()
    on_the_way.pop().continue_()
    expect(shaky.locator("#slot-foot_drop fieldset")).to_be_attached()
    assert shaky.locator("#slot-foot_drop").bounding_box()["height"] > 100
    assert abs(touched.bounding_box()["y"] - before["y"]) < 1
    shaky.unroute("**/unsaved/")
    on_the_way = held_back(shaky)
    choice(shaky, "leg_weakness", "no").check()
    touched = choice(shaky, "balance_hands", "dont_know")
    touched.check()
    before = touched.bounding_box()
    on_the_way.pop().continue_()
    expect(shaky.locator("#slot-foot_drop")).to_be_empty()
    assert abs(touched.bounding_box()["y"] - before["y"]) < 1


def held_back(page: Page) -> list[Route]:
    """What is on its way to the server, until it is let go on."""
    on_the_way: list[Route] = []
    page.route("**/unsaved/", lambda route: on_the_way.append(route))
    return on_the_way


def test_no_layout_shift_at_or_above_what_was_chosen(intake, page):
    intake(page, MISS).begin()
    choice(page, "leg_weakness", "same").scroll_into_view_if_needed()
    places = "[...document.querySelectorAll('.question')].map(one => [one.id, one.getBoundingClientRect().top])"
    before = page.evaluate(places)
    choice(page, "leg_weakness", "same").check()
    expect(page.locator("#slot-foot_drop fieldset")).to_be_visible()
    after = dict(page.evaluate(places))
    for place, top in before:
        assert after[place] == top
        if place == "q-leg_weakness_question":
            break


def test_a_hidden_answer_is_greyed_on_the_check_page(intake, phone):
    patient = intake(phone, BRANCHED, at="check")
    phone.goto(f"{patient.address}questions/7/")
    choice(phone, "prev_spine_surgery", "no").check()
    expect(phone.locator("#slot-prev_when")).to_be_empty()
    patient.save()
    row = phone.locator(".pair-pruned", has_text="More than a year ago")
    expect(row).to_contain_text("no longer needed")
    normal = phone.locator(".pair:not(.pair-pruned) dt").first
    colour = "element => getComputedStyle(element).color"
    assert row.locator("dt").evaluate(colour) != normal.evaluate(colour)


def test_something_not_saved_is_listed_before_anything_is_sent(intake, phone, assert_accessible):
    patient = intake(phone, MISS, at="check")
    phone.goto(f"{patient.address}questions/3/")
    phone.locator('[name="age_years"]').fill("46")
    expect(saying(phone)).to_have_text(KEPT)
    phone.goto(f"{patient.address}about-you/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    assert_accessible(phone)
    phone.get_by_role("link", name="Look at what is not saved").click()
    patient.save()
    assert stored().answers["age_years"] == 46
    assert patient.is_at("check")


# Long, strange, large and slow --------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_ten_thousand_characters_and_pictures_are_not_lost(intake, open_window, assert_accessible, javascript):
    window = open_window(size=PHONE, javascript=javascript)
    patient = intake(window, MISS, at="questions/10")
    long, picture = "I want to walk. " * 625, "👩‍👩‍👧‍👦 ❤️ <b>&amp; é̶ ‏עברית"
    boxes = [window.locator('[name="main_goal"]'), window.locator('[name="other_notes"]')]
    boxes[0].fill(long)
    boxes[1].fill(picture)
    patient.save()
    expect(window.get_by_text("Your text has 9,999 characters.").first).to_be_visible()
    assert boxes[0].input_value() == long
    assert boxes[1].input_value() == picture
    assert stored().texts["other_notes"] == picture
    if javascript:
        assert_accessible(window)


LARGE = [*ARGUMENTS, "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"]
CUT = """() => [...document.querySelectorAll("main label, main legend, main p, main h1, main .btn, main .choice span")]
  .filter(e => e.checkVisibility() && !e.closest(".visually-hidden") && !e.matches(".visually-hidden"))
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
    || e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def large_text(playwright, browser) -> Iterator[BrowserContext]:
    """The smallest telephone with letters twice as large. `browser` first: without Chromium it skips."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=LARGE)
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield context
    chromium.close()


def test_letters_twice_as_large_on_the_smallest_telephone(intake, large_text):
    window = large_text.new_page()
    patient = intake(window, BRANCHED)

    def holds(page: Page) -> None:
        root = "document.documentElement"
        assert page.evaluate(f"getComputedStyle({root}).fontSize") == "32px"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), page.url
        assert page.evaluate(CUT) == [], page.url

    patient.begin().save()
    holds(window)
    patient.answer_everything(holds)
    assert patient.is_at("check")
    holds(window)


def test_a_page_with_the_picture_by_keyboard_alone(intake, page):
    patient = intake(page, MISS, at="questions/4")
    tab_to(page, '[name="pain_site"][value="lower_back"]')
    page.keyboard.press("Space")
    for question, value in (("pain_balance", "leg_more"), ("leg_below_knee", "yes"), ("leg_feeling", "yes")):
        expect(page.locator(f"#slot-{question} fieldset")).to_be_visible()
        tab_to(page, f'[name="{question}"]')
        page.keyboard.press("Space")
        while not choice(page, question, value).is_checked():
            page.keyboard.press("ArrowDown")
    tab_to(page, '[name="both_legs"]')
    page.keyboard.press("Space")
    tab_to(page, '[name="symptom_weeks"]')
    page.keyboard.type("3 months")
    tab_to(page, "button.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/5/")
    assert patient.is_at("questions/5")
    assert stored().answers["symptom_weeks"] == 13


def test_a_page_of_questions_weighs_little(intake, page):
    """What it loads anew after the first page, as a server sends it (text packed)."""
    seen: set[str] = set()
    page.on("response", lambda answer: seen.add(answer.url) if answer.request.resource_type != "document" else None)
    patient = intake(page, MISS)
    page.goto(patient.address)
    page.wait_for_load_state("networkidle")
    first = set(seen)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/questions/1/")
    page.wait_for_load_state("networkidle")
    here = sum(len(gzip.compress(page.request.get(url).body())) for url in seen - first)
    assert here + len(page.request.get(page.url).body()) < MOST_BYTES, sorted(Path(url).name for url in seen - first)
