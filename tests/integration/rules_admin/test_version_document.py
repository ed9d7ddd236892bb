"""A version as a document: the page and the PDF hold the whole rule set and how it came to be."""

import io

import pikepdf
import pytest
from django.urls import reverse

from screening.actions import publishing
from screening.actions.gate import gate
from screening.models import DraftRule, DraftVignette, RuleSetVersion
from screening.policies import RULE_EDITORS, Actor
from tests.factories import SiteFactory, cared_for, make_ready, staff, tiny_document
from tests.integration.rules_admin.conftest import filled
from tests.integration.rules_admin.pages import text_of

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & *stars* #hash [x](javascript:alert(1)) 🌻 \u2028 ω"


@pytest.fixture
def version(draft, editor, site):
    return published(draft, editor, site)


def published(draft, editor, site):
    make_ready(draft, site)
    seen = gate(draft).hashes
    return publishing.publish(actor=Actor.staff(editor), pathway=draft.pathway, reason="Better.", expected=seen)


def read(client, version, name="document"):
    return client.get(reverse(f"admin:rulesetversion_{name}", args=[version.pk]))


def test_it_holds_how_the_version_came_to_be(version, editing):
    shown = text_of(read(editing, version))
    for words in (
        "Published", "by Edith Moss", "Better.", version.sha256, "Sina Gross signed exactly these hashes",
        "What changed since version 1", "Definition old “80 or older”: added", "Test patient V1: added",
        "1 of 1 claims were proved on", "by z3 5.4.0 in 1.2", "no past cases", "All 2 came out as expected",
        "Grade 4 exactly",
    ):  # fmt: skip
        assert words in shown, words


def test_proofs_by_an_older_prover_are_told_as_such(version, editing, monkeypatch):
    older = "By an older prover than the program has now."
    assert version.evidence["proof"]["prover"]
    assert older not in text_of(read(editing, version))
    monkeypatch.setattr("screening.admin.version_words.prover", lambda: "newer")
    assert older in text_of(read(editing, version))


def test_it_holds_the_whole_rule_set(version, editing):
    page = read(editing, version)
    shown = text_of(page)
    for rule in version.ruleset.rules:
        assert rule.title in shown
    for question in version.ruleset.questions:
        assert question.text in shown
    assert "80 or older" in shown
    assert "A textbook" in shown
    assert 'href="#rule-E1"' in page.content.decode()
    assert 'id="rule-E1"' in page.content.decode()


def test_an_expression_that_changed_is_told_as_it_is_written(draft, editor, site, editing):
    DraftRule.objects.filter(draft=draft, part_id="S1").update(when="grade >= 3")
    DraftVignette.objects.filter(draft=draft, part_id="V2").update(part_id="V9")
    page = read(editing, published(draft, editor, site)).content.decode()
    assert "condition <code>grade &gt;= 4</code> → <code>grade &gt;= 3</code>" in page


def test_a_version_from_before_evidence_was_kept(pathway, editing):
    old = pathway.live_version
    assert "Nothing was kept of how it was published." in text_of(read(editing, old))
    assert read(editing, old, "pdf").content.startswith(b"%PDF")


def test_a_loaded_version_says_so(pathway, editing, settings):
    settings.DEMO_MODE = True
    draft = filled(pathway, tiny_document(title="Loaded"))
    version = publishing.publish(actor=Actor.system(), pathway=draft.pathway, reason="Loaded.")
    assert "Loaded by the program without sign-off" in text_of(read(editing, version))


def test_words_stay_words(pathway, editor, site, editing):
    document = cared_for(tiny_document(title=HOSTILE, scope=HOSTILE))
    version = published(filled(pathway, document), editor, site)
    page = read(editing, version).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript' not in page
    assert read(editing, version, "pdf").content.startswith(b"%PDF")


def test_the_pdf_is_tagged_and_has_a_title_and_a_language(version, editing):
    response = read(editing, version, "pdf")
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "A tiny pathway, version 2"
            assert metadata["pdfuaid:part"] == "1"


def test_who_may_read_it(version, signed_in, client):
    for name in ("document", "pdf"):
        assert read(client, version, name).status_code == 302
        stranger = signed_in(staff(SiteFactory(), RULE_EDITORS, is_staff=True))
        assert read(stranger, version, name).status_code == 404


def test_the_version_page_leads_to_it(version, editing):
    page = editing.get(reverse("admin:screening_rulesetversion_change", args=[version.pk]))
    assert reverse("admin:rulesetversion_document", args=[version.pk]) in page.content.decode()
    assert "Take this version into the draft" in text_of(page)


def test_every_stored_version_can_be_read(version, editing):
    for each in RuleSetVersion.objects.all():
        assert read(editing, each).status_code == 200
