"""The gate in a real browser: what would harm somebody does not go live; signing, going back, suspending."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from screening.actions import intake
from screening.models import DraftRule, Pathway, Site
from screening.policies import Actor
from screening.rulesets import load_vignettes, shipped
from tests.factories import make_ready, save_page, submitted

from .conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
# A folder: pictures of the whole walk are left there.
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def look(request: pytest.FixtureRequest, assert_accessible) -> Callable[[Page, str], None]:
    """look(window, "refused"): everybody can use the page; and there is a picture of it, where one is wanted."""
    kind = request.node.callspec.id
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"

    def look_at(window: Page, name: str) -> None:
        # The same page on a phone differs in nothing but how it is laid out.
        if "phone" not in kind:
            assert_accessible(window)
        assert window.evaluate(fits), f"{window.url} scrolls sideways"
        if PICTURES:
            window.screenshot(path=Path(PICTURES) / f"{name}-{kind}.png", full_page=True)

    return look_at


@pytest.fixture
def clinic(pathway) -> Site:
    return Site.objects.get(slug="northfield")


@pytest.fixture
def to(live_server, pathway) -> Callable[..., None]:
    """to(window, "publish"): one of the pages of the pathway; without a name the pathway at a glance."""

    def go(window: Page, tool: str = "") -> None:
        page = f"actions/{tool}" if tool else "change"
        window.goto(f"{live_server.url}/admin/screening/pathway/{pathway.pk}/{page}/")

    return go


@pytest.fixture
def edit(live_server, pathway) -> Callable[..., None]:
    """edit(window, "E09", when="…"): one rule is opened, changed and saved."""

    def change(window: Page, rule: str, **fields: str) -> None:
        row = DraftRule.objects.get(draft=pathway.draft, part_id=rule)
        window.goto(f"{live_server.url}/admin/screening/draftrule/{row.pk}/change/")
        for name, value in fields.items():
            window.locator(f"#id_{name}").fill(value)
        window.get_by_role("button", name="Save", exact=True).click()
        window.wait_for_url("**/draftrule/?draft=*")

    return change


def past_case(clinic: Site, pathway: Pathway) -> None:
    tests = load_vignettes(shipped("lumbar-miss.vignettes"))
    answers = tests.answers(next(one for one in tests.vignettes if one.id == "V196"))
    submission = intake.start_submission(actor=Actor.patient(clinic), site=clinic, pathway=pathway)
    save_page(submission, answers)
    submitted(submission)


def worked_off() -> None:
    call_command("worker", once=True)


def conditions(window: Page) -> list[str]:
    """Those that are not met."""
    return window.locator(".condition-open strong").all_inner_texts()


E09 = "exists (acute_illness intersect {{ {} }})"
WHOLE, SHORT = ("'tearing_pain_faint', 'chest_breathing', 'very_ill'", "'tearing_pain_faint', 'very_ill'")


@SIZES
def test_a_change_that_would_harm_somebody_is_refused_mended_signed_and_published(
    open_window, size, pathway, clinic, sign_in, to, edit, look
):
    past_case(clinic, pathway)
    page = sign_in(open_window(size=size), "edith")

    # An editor shortens a rule. Every test patient still comes out as expected.
    edit(page, "E09", when=E09.format(SHORT))
    line = page.locator(".claims-line")
    expect(line).to_contain_text("Checking every claim…")
    look(page, "1-saved")
    worked_off()
    expect(line).to_contain_text("1 claim fails.")
    look(page, "2-a-claim-fails")

    # The gate shows the patient who would be harmed, and nobody can publish.
    line.get_by_role("link", name="Show").click()
    claim = page.get_by_role("article", name="Claim P04")
    expect(claim).to_contain_text("It fails for this patient")
    expect(claim).to_contain_text("Chest pain or trouble breathing")
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    assert "Every safety claim is proved" in conditions(page)
    look(page, "3-refused")
    claim.get_by_role("button", name="Save as test patient").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as test patient V")
    look(page, "4-test-patient")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("1 test patient would not come out as expected")

    # Mended: every claim holds, for every possible patient.
    edit(page, "E09", when=E09.format(WHOLE), why="Ruptured aneurysm, dissection, MI and sepsis mimic back pain.")
    expect(line).to_contain_text("Checking every claim…")
    worked_off()
    expect(line).to_contain_text(re.compile(r"All \d+ claims hold\."))
    look(page, "5-all-claims-hold")

    # Replayed on the clinic's past cases, and read.
    to(page, "publish")
    page.get_by_role("link", name="Replay it on past cases").click()
    page.get_by_role("button", name="Replay on past cases").click()
    page.wait_for_url(re.compile(r"/jobs/\d+/"))
    look(page, "6-replay-waits")
    worked_off()
    expect(page.locator(".replay-summary")).to_be_visible()
    look(page, "7-replayed")
    page.get_by_role("button", name=re.compile("have read")).click()
    to(page, "publish")
    assert conditions(page) == ["A second person has signed exactly this draft"]
    look(page, "8-nobody-signed")

    # Signed by another account.
    signer = sign_in(open_window(size=size), "paul")
    to(signer, "publish")
    signer.get_by_label("Anything to say with it?").fill("Read with Dr Moss.")
    look(signer, "9-to-sign")
    signer.get_by_role("button", name="Sign exactly this").click()
    expect(signer.locator(".messagelist")).to_contain_text("Signed.")
    expect(signer.get_by_role("button", name="Publish now")).to_have_count(0)

    page.reload()
    page.get_by_label("Why is this version published?").fill("The reason of rule E09 is told in full.")
    look(page, "10-to-publish")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Version 2 is live.")
    look(page, "11-published")
    live = Pathway.objects.get(pk=pathway.pk).live_version
    assert live.evidence["gate"] == "all"
    assert [each["by"] for each in live.evidence["sign_offs"]] == ["Paul Kern"]
    page.get_by_role("link", name="Version 2").click()
    page.get_by_role("link", name="Read the whole version").click()
    expect(page.locator(".document")).to_contain_text("Paul Kern signed exactly these hashes")


def test_an_edit_takes_the_signature_away(open_window, pathway, clinic, sign_in, to, edit):
    make_ready(pathway.draft, clinic)
    page = sign_in(open_window(), "edith")
    to(page, "publish")
    edit(page, "E09", title="Acutely unwell")
    worked_off()
    expect(page.locator(".claims-line")).to_contain_text("claims hold.")
    to(page, "publish")
    assert conditions(page) == ["A second person has signed exactly this draft"]
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Nobody has yet.")


def test_an_old_version_is_published_again(open_window, pathway, clinic, sign_in, to, edit, look, live_server):
    first = Pathway.objects.get(pk=pathway.pk).live_version
    page = sign_in(open_window(), "edith")
    edit(page, "E09", title="Acutely unwell")
    make_ready(pathway.draft, clinic)
    to(page, "publish")
    page.get_by_label("Why is this version published?").fill("A better title.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Version 2 is live.")

    page.goto(f"{live_server.url}/admin/screening/rulesetversion/{first.pk}/change/")
    look(page, "roll-back")
    page.get_by_role("button", name="Take this version into the draft").click()
    expect(page.locator(".messagelist")).to_contain_text("The draft is now version 1, word for word.")
    expect(page.locator("main")).to_contain_text("It is under way")
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    make_ready(pathway.draft, clinic)
    page.reload()
    page.get_by_label("Why is this version published?").fill("Back to the first.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Version 3 is live.")
    live = Pathway.objects.get(pk=pathway.pk).live_version
    assert (live.number, live.sha256) == (3, first.sha256)


@SIZES
def test_suspended_at_once_and_what_patients_meet(open_window, size, pathway, clinic, sign_in, to, look, live_server):
    start = f"{live_server.url}/{clinic.slug}/{pathway.pk}/"
    begun, patient = open_window(size=size), open_window(size=size)
    begun.goto(start)
    begun.get_by_role("button", name=re.compile("Start|Begin", re.IGNORECASE)).first.click()
    under_way = begun.url

    page = sign_in(open_window(size=size), "edith")
    to(page, "suspend")
    page.get_by_role("button", name="Suspend now").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("Why? Say why.")
    look(page, "suspend-why")
    page.get_by_role("link", name="Why? Say why.").click()
    expect(page.get_by_label("Why?")).to_be_focused()
    page.get_by_label("Why?").fill("Rule E09 has a wrong threshold.")
    page.get_by_role("button", name="Suspend now").click()
    expect(page.locator(".remark-wrong")).to_contain_text("Rule E09 has a wrong threshold.")
    look(page, "suspended")

    for window, address in ((patient, start), (begun, under_way)):
        window.goto(address)
        expect(window.locator("main")).to_contain_text(clinic.telephone)
        expect(window.locator("body")).to_contain_text(clinic.emergency_number)
        expect(window.locator("main")).not_to_contain_text("threshold")
        assert window.locator("main input[type=radio]").count() == 0
    look(patient, "suspended-patient")
    look(begun, "suspended-under-way")

    to(page, "suspend")
    page.get_by_label("Why?").fill("It was right.")
    page.get_by_role("button", name="End the suspension").click()
    begun.goto(under_way)
    expect(begun.locator("main input[type=radio]").first).to_be_visible()
