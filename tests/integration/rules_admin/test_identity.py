"""A document put into rows and compiled again is the same document, to its sha256."""

import pytest
from django.contrib.admin.utils import flatten, flatten_fieldsets
from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from screening.actions import rules
from screening.admin.site import site as admin_site
from screening.models import Draft, DraftChoice, DraftQuestion, Pathway
from screening.models.draft_tables import ROWS
from screening.policies import Actor
from screening.rules.check import read_ruleset
from screening.rules.problems import DocumentError
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.vignettes import Vignettes
from screening.rulesets import read_document, shipped, to_yaml
from tests.factories import PathwayFactory, tiny_document
from tests.generative.rulesets import documents, wordy_documents
from tests.integration.rules_admin.conftest import filled
from tests.integration.rules_admin.pages import address, fields_of

pytestmark = pytest.mark.django_db


def through_rows(document, vignettes=None):
    """The draft after import, read again from the database."""
    pathway, _ = Pathway.objects.get_or_create(id=document["id"], defaults={"title": "x"})
    made = rules.import_document(actor=Actor.system(), pathway=pathway, document=document, vignettes=vignettes)
    return Draft.objects.get(pk=made.pk)


def test_the_shipped_rule_set():
    document = read_document(shipped("lumbar-miss").read_bytes())
    tests = read_document(shipped("lumbar-miss.vignettes").read_bytes())
    draft = through_rows(document, tests)
    assert draft.ruleset().sha256 == read_ruleset(document).sha256
    assert draft.vignettes().sha256 == read_shape(Vignettes, tests).sha256
    assert not draft.problems()


def test_export_and_import_again():
    document = read_document(shipped("lumbar-miss").read_bytes())
    text = to_yaml(through_rows(document).exported())
    assert through_rows(read_document(text)).ruleset() == read_ruleset(document)


class TestGenerated(TestCase):
    @settings(max_examples=25)
    @given(documents())
    def test_any_rule_set(self, document):
        assert through_rows(document).ruleset() == read_ruleset(document)

    @settings(max_examples=25)
    @given(wordy_documents())
    def test_any_words(self, document):
        assert read_shape(RuleSet, through_rows(document).compile()) == read_shape(RuleSet, document)


def test_empty_is_not_missing():
    question = {"id": "q", "section": "you", "audience": "patient", "type": "number", "text": "?"}
    odd = {**question, "dont_know": "", "unit": "", "instrument": "", "min": 0.0, "max": 1e20, "decimals": 3}
    document = tiny_document(questions=[*tiny_document()["questions"], odd])
    assert read_shape(RuleSet, through_rows(document).compile()) == read_shape(RuleSet, document)


def test_an_empty_expectation_is_not_none_at_all():
    tests = {
        "profiles": {"any name, it is free": {}},
        "vignettes": [
            {"id": "A", "title": "none supported", "expect": {"supports": [], "contact_within_hours": 0}},
            {
                "id": "B",
                "title": "nothing said",
                "profile": "any name, it is free",
                "answers": {"grade": 4.0, "numb": None},
            },
        ],
    }
    assert through_rows(tiny_document(), tests).vignettes().sha256 == read_shape(Vignettes, tests).sha256


@pytest.mark.parametrize("kind", [*ROWS, DraftChoice], ids=lambda kind: kind.__name__)
def test_every_field_of_the_document_has_a_column_with_its_default(kind):
    empty = kind()
    for name, column, field in kind._fields():
        assert hasattr(empty, column), f"{kind.__name__} has no column for {name}"
        default = field.get_default(call_default_factory=True)
        if not field.is_required():
            assert getattr(empty, column) == (list(default) if isinstance(default, tuple) else default), name


@pytest.mark.parametrize("kind", [*ROWS, Draft], ids=lambda kind: kind.__name__)
def test_everything_of_a_row_can_be_edited(kind):
    page = admin_site._registry[kind]
    offered = set(flatten_fieldsets(page.fieldsets)) | set().union(*(flatten(inline.fields) for inline in page.inlines))
    columns = set(Draft.FIELDS) if kind is Draft else {column for _, column, _ in kind._fields()}
    inside = {column for _, column, _ in DraftChoice._fields()} if kind is DraftQuestion else set()
    assert columns | inside <= offered


def test_the_draft_has_a_field_for_everything_else_in_the_document():
    rows = {kind.place.split("/")[0] for kind in ROWS}
    assert set(RuleSet.model_fields) == {"format", "id", *Draft.FIELDS, *(rows - {"profiles", "vignettes"})}


def test_without_vignettes_those_of_the_draft_stay():
    pathway = PathwayFactory()
    filled(pathway, tiny_document())
    rules.import_document(actor=Actor.system(), pathway=pathway, document=tiny_document(title="Another"))
    assert [vignette.id for vignette in pathway.draft.vignettes().vignettes] == ["V1", "V2"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "other"}, "cannot replace the draft of `tiny`"),
        ({"rulez": []}, "no field `rulez`"),
        ({"definitions": [{"id": "numb", "title": "x", "is": "true"}]}, "`numb` is used twice"),
        ({"title": "a\x00b"}, "control characters"),
        ({"dispositions": []}, "dispositions"),
    ],
)
def test_what_cannot_be_rows_is_refused_and_the_draft_stays(changes, told):
    pathway = PathwayFactory()
    before = filled(pathway, tiny_document()).ruleset()
    with pytest.raises(DocumentError, match=told):
        filled(pathway, tiny_document(**changes))
    assert pathway.draft.ruleset() == before


def test_what_the_checker_finds_can_be_imported_and_mended_later():
    draft = filled(PathwayFactory(), tiny_document(default_disposition="nowhere"))
    assert [problem.place for problem in draft.problems()] == ["default_disposition"]


class TestUntouched:
    """Opening a page and pressing save changes nothing, however the browser sends it."""

    @pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
    def test_a_row(self, lumbar, editing, kind):
        before = lumbar.ruleset(), lumbar.vignettes()
        rows = list(lumbar.rows(kind))
        for row in (rows[0], rows[len(rows) // 2], rows[-1]):
            page = editing.get(address(row)).content.decode()
            response = editing.post(address(row), fields_of(page, f"{kind._meta.model_name}_form"))
            assert response.status_code == 302, response.content.decode()
        assert (lumbar.ruleset(), lumbar.vignettes()) == before

    def test_the_details(self, lumbar, editing):
        before = lumbar.ruleset()
        page = editing.get(address(lumbar)).content.decode()
        assert editing.post(address(lumbar), fields_of(page, "draft_form")).status_code == 302
        lumbar.refresh_from_db()
        assert lumbar.ruleset() == before

    def test_odd_white_space(self, draft, editing):
        row = draft.rows(DraftQuestion).first()
        row.help = " two\nlines \n\n"
        row.save()
        page = editing.get(address(row)).content.decode()
        assert editing.post(address(row), fields_of(page, "draftquestion_form")).status_code == 302
        row.refresh_from_db()
        assert row.help == " two\nlines \n\n"
