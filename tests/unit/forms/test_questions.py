"""A form of a rule set's questions: what it starts with, and what it makes of what is sent."""

import pytest
from django.http import QueryDict

from screening.forms.questions import QuestionsForm
from screening.rules.ruleset import Question


def question(question_id: str, kind: str, **more) -> Question:
    asked = {"section": "you", "audience": "patient", "text": f"{question_id}?", "dont_know": "I don't know"}
    return Question(id=question_id, type=kind, **{**asked, **more})


CHOICES = [{"value": value, "label": value.title()} for value in ("pills", "gym", "none")]
NUMB = question("numb", "yes_no")
WISH = question("wish", "single", choices=CHOICES)
TRIED = question("tried", "multiple", choices=CHOICES)
WEEKS = question("weeks", "number", unit="weeks", min=0, max=500, entry_units=["weeks", "months"])
PAIN = question("pain", "number", unit="out of 10", min=0, max=10, integer=True)
SEEN = question("seen", "date", dont_know=None)
NOTES = question("notes", "text", dont_know=None, max_length=20, optional=True)
ALL = (NUMB, WISH, TRIED, WEEKS, PAIN, SEEN, NOTES)


def sent(query: str, *questions: Question, **options) -> QuestionsForm:
    form = QuestionsForm(questions or ALL, data=QueryDict(query), **options)
    form.full_clean()
    return form


def test_every_kind_of_answer():
    form = sent("numb=yes&wish=gym&tried=pills&tried=gym&weeks=3&weeks-unit=months&pain=7&seen=2026-01-02&notes=Hello")
    assert form.is_valid()
    assert form.answers == {
        "numb": "yes",
        "wish": "gym",
        "tried": ["pills", "gym"],
        "weeks": 13,
        "pain": 7,
        "seen": "2026-01-02",
    }
    assert form.texts == {"notes": "Hello"}
    assert form.entered["weeks"] == {"parts": ["3"], "unit": "months"}


def test_dont_know_in_every_shape():
    form = sent("numb=dont_know&tried=dont_know&weeks-dont_know=on&pain-dont_know=on", NUMB, TRIED, WEEKS, PAIN)
    assert form.answers == dict.fromkeys(("numb", "tried", "weeks", "pain"), "dont_know")
    assert sent("tried=pills&tried=dont_know", TRIED).answers == {"tried": ["pills", "dont_know"]}


def test_nothing_is_none():
    form = sent("")
    assert form.is_valid()
    assert set(form.answers.values()) == {None}
    assert form.texts == {"notes": ""}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("tried=none&tried=pills", "tried"),
        ("tried=none&tried=dont_know", "tried"),
        ("weeks=3&weeks-dont_know=on", "weeks"),
        ("weeks=soon", "weeks"),
        ("weeks=501", "weeks"),
        ("weeks=3&weeks-unit=fortnights", "weeks-unit"),
        ("wish=magic", "wish"),
        ("numb=true", "numb"),
        ("seen=yesterday", "seen"),
        ("notes=" + "x" * 21, "notes"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_rest_is_kept(query, field):
    form = sent(f"pain=4&{query}")
    assert list(form.errors) == [field]
    assert form.answers["pain"] == 4


def test_what_was_typed_is_kept_where_it_is_no_answer():
    assert sent("weeks=soon", WEEKS).entered == {"weeks": {"parts": ["soon"], "unit": "weeks"}}


def test_starts_with_what_is_stored_as_it_was_typed():
    stored = {"answers": {"weeks": 13, "pain": "dont_know"}, "entered": {"weeks": {"parts": ["3"], "unit": "months"}}}
    form = QuestionsForm((WEEKS, PAIN), **stored)
    assert (form["weeks"].value(), form["weeks-unit"].value()) == ("3", "months")
    assert form["pain-dont_know"].value() is True
    assert form["pain"].value() == ""


def test_what_was_typed_for_an_older_answer_is_not_shown():
    form = QuestionsForm((WEEKS,), answers={"weeks": 20}, entered={"weeks": {"parts": ["3"], "unit": "months"}})
    assert (form["weeks"].value(), form["weeks-unit"].value()) == ("20", "weeks")


def test_clearing_takes_an_answer_away():
    form = QuestionsForm((NUMB,), answers={"numb": "yes"}, can_clear=True)
    assert ("", "Not recorded") in form.fields["numb"].choices
    assert sent("numb=", NUMB, can_clear=True).answers == {"numb": None}


@pytest.mark.parametrize(
    ("parts", "unit", "shown"),
    [
        (["5", "11"], "ft_in", "5 feet 11 inches"),
        (["5", ""], "ft_in", "5"),
        (["180,3", ""], "cm", "180,3"),
        (["", ""], "cm", ""),
    ],
)
def test_two_boxes_of_a_patient_become_one(parts, unit, shown):
    height = question("height", "number", unit="cm", min=100, max=230, entry_units=["cm", "ft_in"])
    form = QuestionsForm((height,), entered={"height": {"parts": parts, "unit": unit}})
    assert form["height"].value() == shown


def test_a_text_and_a_date_may_be_unknown_too():
    asked = (question("seen", "date"), question("notes", "text"))
    form = sent("seen-dont_know=on&notes-dont_know=on", *asked)
    assert form.answers == {"seen": "dont_know", "notes": "dont_know"}
    assert form.texts == {}
    both = sent("notes=Hello&notes-dont_know=on", *asked)
    assert list(both.errors) == ["notes"]
