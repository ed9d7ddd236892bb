"""Trying a case on the draft: with a test patient's answers, typed in the form, or pasted."""

import pytest
from django.urls import reverse

from screening.models import DraftQuestion, DraftRule, DraftVignette
from tests.integration.rules_admin.pages import save, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(pathway):
    return reverse("admin:screening_pathway_actions", kwargs={"pk": pathway.pk, "tool": "try_case"})


def test_an_empty_form_asks_everything_a_person_answers(editing, draft, url):
    page = text_of(editing.get(url))
    assert "numb? Yes No I don't know" in page.replace("– ", "")
    assert "alarm_withdrawn" not in page
    assert "within 4 weeks" not in page


def test_a_test_patient(editing, draft, url):
    page = text_of(editing.get(url, {"vignette": "V2"}))
    assert "big_cut, contact within 4 weeks" in page
    assert "This is what test patient V2 expects." in page
    assert "“grade?” is at least 4" in page
    assert "Patient words of S1." in page
    assert 'name="q-grade" value="4"' in editing.get(url, {"vignette": "V2"}).content.decode()


def test_a_test_patient_that_comes_out_otherwise(editing, draft, url):
    save(editing, DraftRule.objects.get(draft=draft, part_id="S1"), when="grade >= 5")
    page = text_of(editing.get(url, {"vignette": "V2"}))
    assert "Test patient V2 expects something else: disposition: expected big_cut, got elsewhere" in page


def test_typed_answers(editing, draft, url):
    answers = {
        "q-numb": "dont_know",
        "q-chest": "no",
        "q-fever": "no",
        "q-age_years": "4x",
        "q-tried": ["pills", "gym"],
    }
    page = text_of(editing.post(url, {**answers, "run": "form"}))
    assert "more_info, contact within 24 hours" in page
    assert "Rules that could not be told" in page
    assert "To ask next numb?" in page
    assert "Cannot be used: age_years?" in page


@pytest.mark.parametrize("typed", ["numb: 'yes'\n", '{"numb": "yes"}', "{numb: 'yes', gone: 1}"])
def test_pasted_answers(editing, draft, url, typed):
    response = editing.post(url, {"typed": typed, "run": "typed"})
    assert "go_now, contact at once" in text_of(response)
    if "gone" in typed:
        assert "No such question: gone" in text_of(response)


def test_what_is_pasted_and_cannot_be_read(editing, draft, url):
    assert "This is not YAML" in text_of(editing.post(url, {"typed": "a: [", "run": "typed"}))
    assert editing.post(url, {"typed": "[1, 2]", "run": "typed"}).status_code == 200


def test_keep_as_a_test_patient(editing, draft, url):
    answers = {"q-numb": "no", "q-chest": "no", "q-fever": "no", "q-wish": "other", "q-grade": "0"}
    response = editing.post(url, {**answers, "run": "save", "title": "Grade 0"})
    row = DraftVignette.objects.get(draft=draft, title="Grade 0")
    assert response["Location"] == f"/admin/screening/draftvignette/{row.pk}/change/"
    assert (row.part_id, row.expect_disposition, row.expect_contact_within_hours) == ("V003", "soon", 24)
    assert row.answers == {"numb": "no", "chest": "no", "fever": "no", "wish": "other", "grade": 0}
    assert row.expect_more == {"fired": ["U2"]}


def test_a_test_patient_needs_a_title(editing, draft, url):
    page = text_of(editing.post(url, {"q-numb": "yes", "run": "save", "title": ""}))
    assert "This field is required." in page
    assert "go_now" in page


def test_a_draft_with_problems_cannot_be_run_and_says_why(editing, draft, url):
    DraftRule.objects.filter(draft=draft, part_id="S1").update(when="gone = 'yes'")
    page = text_of(editing.get(url, {"vignette": "V2"}))
    assert "cannot be run before these are mended: Rule S1, when" in page
    assert "Use these answers" not in page
    assert editing.post(url, {"run": "form"}).status_code == 200


def test_every_shipped_test_patient_can_be_tried(editing, lumbar):
    url = reverse("admin:screening_pathway_actions", kwargs={"pk": "lumbar-miss", "tool": "try_case"})
    for row in lumbar.rows(DraftVignette)[::20]:
        page = text_of(editing.get(url, {"vignette": row.part_id}))
        assert f"This is what test patient {row.part_id} expects." in page


def test_what_would_change_it(editing, draft, url):
    DraftQuestion.objects.filter(draft=draft, part_id="grade").update(modifiable=True)
    answers = {"q-numb": "no", "q-chest": "no", "q-fever": "no", "q-wish": "other", "q-age_years": "45"}
    page = text_of(editing.post(url, {**answers, "run": "form"}))
    assert "If a clinician finds this To soon : “grade?” 0 To big_cut : “grade?” 4 or more" in page


def test_nothing_would_change_it(editing, draft, url):
    assert "Nothing that can still change, or be found, leads anywhere else." in text_of(
        editing.get(url, {"vignette": "V1"})
    )
