"""A form of some questions of a rule set. Whoever uses it says which questions and what to do with the answers.

After `is_valid()`, also where that is False, `answers` and `texts` hold every answer that can be one, and `entered` all
that was typed into number fields. Nothing here knows what an answer means: what is shown, and why, the rules say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from screening.forms.numbers import LONGEST, NotUnderstood, Typed, read_number, units_of
from screening.forms.units import unit_words
from screening.rules.answers import DONT_KNOW, NONE
from screening.rules.expression import number_text
from screening.rules.ruleset import Question

CLEAR = ("", "Not recorded")
# The names of the boxes beside a question's own; an id never has a hyphen in it.
UNIT, UNSURE = "-unit", "-dont_know"


@dataclass(frozen=True)
class Row:
    """What _components/question.html needs to show one question."""

    question: Question
    field: BoundField
    kind: str = ""
    unit: str = ""
    entry_unit: BoundField | None = None
    dont_know: BoundField | None = None


class QuestionsForm(forms.Form):
    """`answers`, `texts` and `entered` are what is stored, shown as first values.

    can_clear: choices have "Not recorded", which takes an answer away.
    """

    def __init__(
        self,
        questions: Iterable[Question],
        *,
        data: Any = None,
        answers: Mapping[str, Any] | None = None,
        texts: Mapping[str, str] | None = None,
        entered: Mapping[str, Any] | None = None,
        can_clear: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.questions = tuple(questions)
        self.can_clear = can_clear
        self.answers: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        self.entered: dict[str, Any] = {}
        stored = {**(answers or {}), **(texts or {})}
        for question in self.questions:
            self._add(question, stored.get(question.id), (entered or {}).get(question.id))

    @property
    def rows(self) -> list[Row]:
        return [self.row(question) for question in self.questions]

    def row(self, question: Question) -> Row:
        field = self[question.id]
        if question.choices or question.type == "yes_no":
            return Row(question, field, kind="choices")
        unit_field, dont_know = question.id + UNIT, question.id + UNSURE
        return Row(
            question,
            field,
            unit=unit_words(question.unit) if question.type == "number" else "",
            entry_unit=self[unit_field] if unit_field in self.fields else None,
            dont_know=self[dont_know] if dont_know in self.fields else None,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for question in self.questions:
            if question.id in cleaned:
                self._read(question, cleaned)
        return cleaned

    # Building -----------------------------------------------------------------------------------------------------

    def _add(self, question: Question, stored: Any, typed: Any) -> None:
        if question.choices or question.type == "yes_no":
            self.fields[question.id] = self._choice_field(question, stored)
            return
        if question.type == "number":
            self.fields |= _number_fields(question, stored, typed)
        else:
            self.fields[question.id] = _plain_field(question, None if stored == DONT_KNOW else stored)
        if question.dont_know is not None:
            self.fields[question.id + UNSURE] = forms.BooleanField(
                required=False, label=question.dont_know, initial=stored == DONT_KNOW
            )

    def _choice_field(self, question: Question, stored: Any) -> forms.Field:
        choices = [(code, question.label_of(code)) for code in question.codes]
        if question.dont_know is not None:
            choices.append((DONT_KNOW, question.dont_know))
        if question.type == "multiple":
            initial = [stored] if isinstance(stored, str) else stored
            widget = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(choices=choices, widget=widget, initial=initial, **_words(question))
        return self._radio_field(question, choices, stored)

    def _radio_field(self, question: Question, choices: list[tuple[str, str]], initial: Any) -> forms.Field:
        if self.can_clear:
            choices, initial = [*choices, CLEAR], initial or ""
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect(), initial=initial, **_words(question))

    # Reading ------------------------------------------------------------------------------------------------------

    def _read(self, question: Question, cleaned: Mapping[str, Any]) -> None:
        given, unsure = cleaned[question.id], bool(cleaned.get(question.id + UNSURE))
        if question.type == "multiple":
            self._read_ticked(question, given)
        elif given and unsure:
            self.add_error(question.id, f"Give an answer, or tick “{question.dont_know}”, not both.")
        elif given and question.type == "number":
            self._read_number(question, given, cleaned.get(question.id + UNIT) or question.unit or "")
        elif question.type == "text" and not unsure:
            self.texts[question.id] = given
        else:
            self.answers[question.id] = DONT_KNOW if unsure else _code(given)

    def _read_ticked(self, question: Question, given: list[str]) -> None:
        if NONE in given and len(given) > 1:
            self.add_error(question.id, f"Tick “{question.label_of(NONE)}” alone, or take its tick away.")
            return
        # Don't know alone is the whole answer; beside others it stays a member (language.md section 2).
        self.answers[question.id] = DONT_KNOW if given == [DONT_KNOW] else given or None

    def _read_number(self, question: Question, text: str, unit: str) -> None:
        self.entered[question.id] = {"parts": [text], "unit": unit}
        try:
            number = read_number(question, [text], unit)
        except NotUnderstood as problem:
            self.add_error(question.id, problem.words)
            return
        self.answers[question.id] = number.value
        self.entered[question.id] = {"parts": list(number.typed.parts), "unit": number.typed.unit}


def read_typed(entered: Any) -> Typed | None:
    """What is stored of a typed number: {"parts": ["3"], "unit": "months"}; None where nothing was typed."""
    said = entered if isinstance(entered, Mapping) else {}
    parts = tuple(str(part).strip() for part in said.get("parts", ()) if str(part).strip())
    return Typed(parts, str(said.get("unit") or "")) if parts else None


def means(question: Question, typed: Typed, answer: Any) -> bool:
    """Whether the answer is what was typed. Not so where it was answered anew some other way."""
    try:
        return read_number(question, typed.parts, typed.unit).value == answer
    except NotUnderstood:
        return False


def _plain_field(question: Question, stored: Any) -> forms.Field:
    if question.type == "date":
        widget = forms.DateInput(attrs={"type": "date", "class": "form-control date-field"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, initial=stored, **_words(question))
    box = forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    return forms.CharField(widget=box, max_length=question.max_length, initial=stored, **_words(question))


def _number_fields(question: Question, stored: Any, typed: Any) -> dict[str, forms.Field]:
    text, unit = _first_text(question, stored, typed)
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"})
    # Longer than any answer: what is too long is told in the words of numbers.py, not cut off.
    field = forms.CharField(max_length=10 * LONGEST, widget=widget, initial=text, **_words(question))
    if len(units_of(question)) < 2:
        return {question.id: field}
    units = [(name, unit_words(name)) for name in units_of(question)]
    select = forms.Select(attrs={"class": "form-select"})
    label = f"Unit for: {question.text}"
    beside = forms.ChoiceField(choices=units, widget=select, initial=unit, required=False, label=label)
    return {question.id: field, question.id + UNIT: beside}


def _code(given: Any) -> str | None:
    return given.isoformat() if hasattr(given, "isoformat") else given or None


def _words(question: Question) -> dict[str, Any]:
    return {"label": question.text, "help_text": question.help, "required": False}


def _first_text(question: Question, stored: Any, typed: Any) -> tuple[str, str]:
    """The text and the unit a number field starts with: as it was typed, else the stored number in its own unit."""
    unit = units_of(question)[0]
    is_number = isinstance(stored, int | float) and not isinstance(stored, bool)
    kept = read_typed(typed)
    if kept and (not is_number or means(question, kept, stored)):
        return (kept.parts[0] if len(kept.parts) == 1 else kept.words), kept.unit or unit
    if is_number:
        own = question.unit if question.unit in units_of(question) else unit
        return number_text(stored), own or ""
    return "", unit
