"""Rule editors and administrators in a real browser: from a changed threshold to a new version; every page with axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from screening.models import AuditEvent, DraftProperty, DraftQuestion, DraftRule, Pathway, Site
from screening.models.draft_tables import ROWS
from tests.factories import make_ready, waiting

from .conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def open_rule(window: Page, search: str, title: str) -> None:
    window.get_by_role("link", name="Pathways").click()
    window.get_by_role("link", name="Back and leg pain").click()
    window.get_by_role("link", name=re.compile(r"\d+ rules")).click()
    window.locator("#searchbar").fill(search)
    window.get_by_role("button", name="Search").click()
    window.get_by_role("link", name=title, exact=True).click()
    # Only then the page answers what is typed.
    window.wait_for_url(re.compile("/change/"), wait_until="load")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_threshold_breaks_a_test_patient_is_mended_and_published(
    open_window, size, pathway, sign_in, assert_accessible
):
    page = sign_in(open_window(size=size), "edith")
    assert_accessible(page)
    open_rule(page, "TLICS", "TLICS 5 or more")
    page.get_by_label("When:").fill("c_tlics >= 6")
    expect(page.locator(".expression-said")).to_contain_text("“TLICS total” is at least 6 points")
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("1 test patient would not come out as expected")
    page.get_by_role("link", name="See what is wrong").click()
    expect(page.locator("main")).to_contain_text("disposition: expected emergency_now, got conservative_first")
    assert_accessible(page)
    page.get_by_role("link", name="See why it comes out so").click()
    expect(page.locator("main")).to_contain_text("Test patient V075 expects something else")
    assert_accessible(page)
    page.go_back()
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("^V075")).click()
    answers = page.get_by_label("Answers:", exact=True)
    answers.fill(answers.input_value().replace("c_tlics: 5", "c_tlics: 6"))
    page.get_by_role("button", name="Save", exact=True).click()
    make_ready(pathway.draft, Site.objects.get(slug="northfield"))
    page.get_by_role("link", name="Back and leg pain").first.click()
    page.get_by_role("link", name="Publish…").click()
    expect(page.locator("main")).to_contain_text("Signed by Sina Gross")
    expect(page.locator("main")).to_contain_text("“TLICS total” is at least 5 points")
    expect(page.locator("main")).to_contain_text("Test patient V075: changed")
    page.get_by_label("Why is this version published?").fill("The cut point moved.")
    assert_accessible(page)
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Version 2 is live.")
    assert_accessible(page)
    live = Pathway.objects.get(pk=pathway.pk).live_version
    assert (live.number, live.reason, live.published_by) == (2, "The cut point moved.", "Edith Moss")
    assert live.ruleset.rule("E13").when == "c_tlics >= 6"


def test_an_error_is_marked_while_typing_and_on_saving(page, pathway, sign_in, assert_accessible):
    sign_in(page, "edith")
    open_rule(page, "TLICS", "TLICS 5 or more")
    page.get_by_label("When:").fill("c_tlic >= 5")
    expect(page.locator(".expression-said mark")).to_have_text("c_tlic")
    expect(page.locator(".expression-said")).to_contain_text("Did you mean c_tlics?")
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#id_when_error mark")).to_have_text("c_tlic")
    expect(page.get_by_label("When:")).to_have_value("c_tlic >= 5")
    assert_accessible(page)
    box, error = page.get_by_label("When:").bounding_box(), page.locator("#id_when_error").bounding_box()
    assert error["y"] > box["y"]


def test_a_session_that_ends_while_typing(page, pathway, sign_in, assert_accessible):
    sign_in(page, "edith")
    open_rule(page, "TLICS", "TLICS 5 or more")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("When:").fill("c_tlics >= 6 and")
    said = page.locator(".expression-said")
    expect(said).to_contain_text("You have been signed out")
    expect(said.locator("form, h1")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    expect(page.locator("main")).to_contain_text("c_tlics >= 6 and")
    assert_accessible(page)


def test_a_click_inserts_at_the_cursor(page, pathway, sign_in):
    sign_in(page, "edith")
    open_rule(page, "TLICS", "TLICS 5 or more")
    box = page.get_by_label("When:")
    box.fill("c_tlics >= 5 and ")
    page.locator("#vocabulary-search").fill("fever shivers")
    page.get_by_text("Do you have a fever, shivers or night sweats").click()
    page.get_by_role("button", name="fever = 'yes'").click()
    expect(box).to_have_value("c_tlics >= 5 and fever = 'yes'")
    expect(page.locator(".expression-said")).to_contain_text("“Do you have a fever, shivers or night sweats")
    box.evaluate("box => box.setSelectionRange(0, 12)")
    page.get_by_role("button", name="fever is null").click()
    expect(box).to_have_value("fever is null and fever = 'yes'")
    page.locator("#vocabulary-search").fill("no such thing")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()


def test_with_two_boxes_it_goes_where_the_cursor_was(page, pathway, sign_in, live_server):
    sign_in(page, "edith")
    row = DraftRule.objects.get(part_id="E13").draft.rows(DraftProperty).get(part_id="P13")
    page.goto(f"{live_server.url}/admin/screening/draftproperty/{row.pk}/change/")
    given, requires = page.get_by_label("Given:", exact=True), page.get_by_label("Requires:")
    requires.fill("")
    page.locator("#vocabulary-search").fill("18 or older")
    page.get_by_text("18 or older", exact=True).first.click()
    page.get_by_role("button", name="adult", exact=True).click()
    expect(requires).to_have_value("adult")
    expect(given).to_have_value("")


def test_everything_works_without_javascript(open_window, pathway, sign_in):
    page = sign_in(open_window(javascript=False), "edith")
    open_rule(page, "TLICS", "TLICS 5 or more")
    expect(page.locator("details code[data-insert]").first).to_be_attached()
    expect(page.get_by_role("button", name="fever = 'yes'")).to_have_count(0)
    page.get_by_label("When:").fill("c_tlics >= 55")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#id_when_error")).to_contain_text("lies outside")
    page.get_by_label("When:").fill("c_tlics >= 5 and not open_any")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".expression-said")).to_contain_text("all of these")
    page.get_by_role("link", name="Rules", exact=True).click()
    page.get_by_role("button", name="Move E02 up").click()
    expect(page.locator("#result_list tbody tr").first).to_contain_text("New bladder or bowel change")


def test_try_a_case_by_filling_in_the_form(page, pathway, sign_in, assert_accessible, live_server):
    sign_in(page, "edith")
    page.goto(f"{live_server.url}/admin/screening/pathway/lumbar-miss/actions/try_case/")
    assert_accessible(page)
    page.get_by_label("Begin with a test patient").select_option(label="V015: PVR 199 mL")
    page.get_by_role("button", name="Use these answers").click()
    expect(page.locator("#tried-heading")).to_contain_text("MISS candidate likely")
    page.get_by_label("Do you have numb or odd feeling").select_option("Yes")
    page.get_by_role("button", name="See what comes out", exact=True).click()
    expect(page.locator("#tried-heading")).to_contain_text("Emergency now, contact at once")
    expect(page.locator(".tried")).to_be_focused()
    page.get_by_label("Title:").fill("Numb after all")
    assert_accessible(page)
    page.get_by_role("button", name="Save as a test patient").click()
    expect(page.locator("h1")).to_contain_text("Test patient V")
    expect(page.get_by_label("Expected disposition:")).to_have_value("emergency_now")


def test_choices_are_added_and_taken_away(page, pathway, sign_in, assert_accessible):
    sign_in(page, "edith")
    page.get_by_role("link", name="Pathways").click()
    page.get_by_role("link", name="Back and leg pain").click()
    page.get_by_role("link", name=re.compile(r"\d+ questions$")).click()
    page.get_by_role("link", name="Have you ever had cancer?").click()
    page.get_by_role("button", name="Add another Choice").click()
    page.locator("#id_choices-3-value").fill("unsure")
    page.locator("#id_choices-3-label").fill("Perhaps")
    assert_accessible(page)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#id_choices-3-order")).to_have_value("4")


PAGES = (
    "", "screening/pathway/", "screening/pathway/lumbar-miss/actions/import_yaml/",
    "screening/pathway/lumbar-miss/actions/export/", "screening/pathway/lumbar-miss/actions/difference/",
    "screening/pathway/lumbar-miss/history/", "screening/rulesetversion/",
)  # fmt: skip


def pages_of_rows(draft, kinds):
    for kind in kinds:
        name, row = kind._meta.model_name, draft.rows(kind).first()
        yield f"screening/{name}/?draft={draft.pk}"
        yield f"screening/{name}/{row.pk}/change/"


def test_every_page_of_an_editor(page, pathway, sign_in, assert_accessible, live_server):
    sign_in(page, "edith")
    row = pathway.draft.rows(DraftQuestion).first()
    addresses = [*PAGES, *pages_of_rows(pathway.draft, ROWS)]
    addresses += [
        f"screening/draft/{pathway.draft.pk}/change/",
        f"screening/rulesetversion/{pathway.versions.get().pk}/change/",
        f"screening/draftquestion/add/?draft={pathway.draft.pk}",
        f"screening/draftquestion/{row.pk}/delete/",
    ]
    for address in addresses:
        page.goto(f"{live_server.url}/admin/{address}")
        assert_accessible(page)


LOOKS = pytest.mark.parametrize("look", [{"size": PHONE}, {"color_scheme": "dark"}], ids=["phone", "dark"])


@LOOKS
def test_pages_of_an_editor_look_otherwise(open_window, look, pathway, sign_in, assert_accessible, live_server):
    page = sign_in(open_window(**look), "edith")
    for address in (*PAGES[:4], *pages_of_rows(pathway.draft, [DraftQuestion, DraftProperty])):
        page.goto(f"{live_server.url}/admin/{address}")
        assert_accessible(page)


@pytest.mark.parametrize("look", [{}, {"size": PHONE}, {"color_scheme": "dark"}], ids=["desk", "phone", "dark"])
def test_every_page_of_an_administrator(open_window, look, pathway, sign_in, assert_accessible, live_server):
    site = pathway.sites.get()
    referral = waiting(site)
    page = sign_in(open_window(**look), "adam")
    member, offering = site.staff.first(), site.offerings.first()
    assessment = referral.submission.assessments.get()
    event = AuditEvent.objects.filter(site=site.slug).first()
    for address in (
        "", "site/", f"site/{site.pk}/change/", "staffmember/", "staffmember/add/", f"staffmember/{member.pk}/change/",
        "offering/", f"offering/{offering.pk}/change/", "auditevent/", f"auditevent/{event.pk}/change/", "assessment/",
        f"assessment/{assessment.pk}/change/", f"site/{site.pk}/history/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/admin/{'screening/' if address else ''}{address}")
        assert_accessible(page)
