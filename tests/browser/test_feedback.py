"""A rule editor looks at what surgeons decided, in a real browser: every state of the pages with axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from screening.actions import demo, rules
from screening.policies import RULE_EDITORS, Actor
from tests.factories import CALM, OfferingFactory, PathwayFactory, SiteFactory, decided, staff, tiny_document, waiting

from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = pytest.mark.parametrize("look", [{}, {"size": PHONE}, {"color_scheme": "dark"}], ids=["desk", "phone", "dark"])
OTHERWISE = {"decision": "not_suitable", "procedures": [], "reason": "Too frail for an operation."}


@pytest.fixture
def site():
    site = SiteFactory(slug="northfield", name="Northfield Clinic")
    pathway = OfferingFactory(site=site, pathway=PathwayFactory()).pathway
    rules.import_document(actor=Actor.system(), pathway=pathway, document=tiny_document(), vignettes=None)
    staff(site, RULE_EDITORS, username="edith", is_staff=True)
    return site


@pytest.fixture
def decisions(site):
    """Two months of them; 22 of 28 were otherwise."""
    for number in range(28):
        answers = {**CALM, "wish": "other" if number % 7 == 6 else "surgery"}
        case = decided(waiting(site, answers), **(OTHERWISE if number % 7 > 1 else {}))
        demo.backdate(submission=case.submission, by=timedelta(days=40 * (number % 2)))
    waiting(site, {**CALM, "numb": "dont_know"})


@pytest.fixture
def open_feedback(live_server):
    """open_feedback(window): signed in as the editor, at the page of all rules."""

    def open_feedback(window: Page) -> Page:
        window.goto(f"{live_server.url}/admin/feedback/tiny/")
        window.get_by_label("User name or e-mail").fill("edith")
        window.get_by_label("Password").fill("demo")
        window.keyboard.press("Enter")
        window.wait_for_url("**/admin/feedback/tiny/")
        return window

    return open_feedback


@LOOKS
def test_from_all_rules_to_the_reasons_for_one(open_window, look, decisions, open_feedback, assert_accessible):
    page = open_feedback(open_window(**look))
    expect(page).to_have_title("Feedback from decisions | Surgical screening")
    chart = page.get_by_role("img", name="Decided otherwise, by the month a case came in")
    expect(chart).to_be_visible()
    assert_accessible(page)
    page.get_by_text("Show as table").click()
    expect(page.get_by_role("table", name="Decided otherwise, by the month a case came in")).to_be_visible()
    page.get_by_text("How to read these numbers").click()
    assert_accessible(page)
    page.get_by_role("link", name="Rule M1").click()
    expect(page.locator("h1")).to_have_text("Feedback on M1: Rule M1")
    expect(page.locator("blockquote")).to_have_count(16)
    assert_accessible(page)
    page.get_by_label("Cases that came in").select_option(label="all time")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Decisions, all time")).to_be_visible()
    page.get_by_role("link", name="Feedback from decisions").click()
    expect(page.get_by_label("Cases that came in")).to_have_value("all")


@LOOKS
def test_a_phone_keeps_the_table_a_table(open_window, look, decisions, open_feedback):
    page = open_feedback(open_window(**look))
    row = page.get_by_role("table", name="Rule by rule").get_by_role("row").filter(has_text="Rule M1")
    expect(row.get_by_role("cell")).to_have_count(5)
    expect(row.get_by_role("rowheader")).to_have_count(1)


@LOOKS
def test_words_of_the_chart_do_not_run_into_each_other(open_window, look, site, open_feedback):
    for months in range(13):
        for _ in range(5):
            case = decided(waiting(site))
            demo.backdate(submission=case.submission, by=timedelta(days=30 * months))
    page = open_feedback(open_window(**look))
    boxes = "nodes => nodes.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().toJSON())"
    found = page.locator(".trend svg text").evaluate_all(boxes)
    assert len(found) > 30
    overlapping = [(one, other) for one in found for other in found if one is not other and overlap(one, other)]
    assert not overlapping


def overlap(one, other) -> bool:
    beside = one["right"] <= other["left"] + 0.5 or other["right"] <= one["left"] + 0.5
    # The box of a word is higher than its letters.
    return not (beside or one["bottom"] <= other["top"] + 4 or other["bottom"] <= one["top"] + 4)


@LOOKS
def test_nothing_yet(open_window, look, site, open_feedback, assert_accessible):
    page = open_feedback(open_window(**look))
    assert_accessible(page)
    page.get_by_role("link", name="Show all cases").click()
    expect(page.get_by_role("heading", name="No cases yet")).to_be_visible()
    assert_accessible(page)


def test_without_javascript(open_window, decisions, open_feedback):
    page = open_feedback(open_window(javascript=False))
    page.get_by_label("Sorted by").select_option(label="how many decisions there are")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".feedback-rules tbody tr").first).to_contain_text("Rule M1")
