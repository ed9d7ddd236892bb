"""A form that was sent back says on top what is wrong, with a way to each field."""

import re

import pytest
from django.urls import reverse

from screening.actions.gate import gate
from screening.models import DraftQuestion, DraftRule
from tests.factories.release import make_ready, proof
from tests.integration.rules_admin.pages import address, filled_in, save, text_of

pytestmark = pytest.mark.django_db

SUMMARY = re.compile(r'<div class="[^"]*error-summary".*?</div>', re.DOTALL)


def summary(response):
    """The links of the summary, and its words."""
    page = response.content.decode()
    (found,) = SUMMARY.findall(page)
    targets = re.findall(r'href="#([^"]+)"', found)
    assert all(f'id="{target}"' in page for target in targets), targets
    return targets, found


def page(draft, tool):
    return reverse("admin:screening_pathway_actions", kwargs={"pk": draft.pathway_id, "tool": tool})


def test_a_new_record_has_the_focus_in_its_first_box_and_with_mistakes_in_the_summary(editing, draft):
    url = f"/admin/screening/draftrule/add/?draft={draft.pk}"
    assert "django-admin-form-add-constants" in editing.get(url).content.decode()
    refused = editing.post(url, {"part_id": ""}).content.decode()
    assert "error-summary" in refused
    assert "django-admin-form-add-constants" not in refused


def test_each_field_of_a_row(editing, draft):
    row = DraftRule.objects.get(draft=draft, part_id="S1")
    response = save(editing, row, title="", when="gone = 'yes'")
    targets, words = summary(response)
    assert targets == ["id_title", "id_when"]
    assert "Title: This field is required." in words
    assert "When: There is no" in words
    assert "gone = &#x27;yes&#x27;" in words, "escaped once, not twice"
    assert "Please correct" not in response.content.decode()
    assert "Error:" in response.content.decode().split("</title>")[0]


def test_boxes_to_tick_lead_to_the_first_of_them(editing, draft):
    row = DraftRule.objects.get(draft=draft, part_id="S1")
    targets, _ = summary(save(editing, row, cites=["nowhere"]))
    assert targets == ["id_cites_0"]


def test_choices_of_a_question(editing, draft):
    row = DraftQuestion.objects.get(draft=draft, part_id="wish")
    targets, words = summary(save(editing, row, **{"choices-1-label": ""}))
    assert targets == ["id_choices-1-label"]
    assert "Choice 2, Words: This field is required." in words


def test_the_whole_form(editing, draft):
    row = DraftRule.objects.get(draft=draft, part_id="S1")
    sent = filled_in(editing, address(row), "draftrule_form", title="Mine")
    save(editing, row, title="Theirs")
    response = editing.post(address(row), sent)
    targets, words = summary(response)
    assert targets == []
    assert "changed this" in words
    assert text_of(response).count("Nothing was overwritten") == 1


def test_the_pages_of_a_pathway(editing, draft, site, editor):
    make_ready(draft, site)
    publish = editing.post(page(draft, "publish"), {"reason": "", "expected": gate(draft).hashes})
    assert summary(publish)[0] == ["id_reason"]
    assert summary(editing.post(page(draft, "suspend"), {"reason": " "}))[0] == ["id_reason"]
    assert summary(editing.post(page(draft, "import_yaml"), {"text": " "}))[0] == ["id_file"]
    tried = editing.post(page(draft, "try_case"), {"q-numb": "yes", "run": "save", "title": ""})
    assert summary(tried)[0] == ["id_title"]
    assert summary(editing.post(page(draft, "try_case"), {"typed": "a: [", "run": "typed"}))[0] == ["id_typed"]


def test_a_claim_withdrawn_without_a_reason(editing, draft):
    claim = "any rule set: blank case"
    proof(draft, broken=(claim,))
    said = {"do": "withdraw", "claim_id": claim, "reason": "", "expected": gate(draft).hashes}
    targets, words = summary(editing.post(page(draft, "publish"), said))
    assert targets == ["withdraw-1"]
    assert "Say why this claim need not hold." in words


def test_no_summary_where_nothing_is_wrong(editing, draft):
    response = editing.get(address(DraftRule.objects.get(draft=draft, part_id="S1")))
    assert not SUMMARY.findall(response.content.decode())
