"""Form fields for parts of a rule set: expressions, picking what exists, plain data written as YAML."""

from __future__ import annotations

from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError

from screening.models import Draft
from screening.models.draft_tables import (
    DraftCitation,
    DraftDisposition,
    DraftOption,
    DraftProfile,
    DraftQuestion,
    DraftRule,
)
from screening.rules.problems import DocumentError
from screening.rules.typecheck import Kind
from screening.rules.wording import Clause
from screening.rulesets.reading import read_plain

NO_FOLDING = 1_000_000
Choices = list[tuple[str, str]]
# The browser corrects nothing in what is not prose.
AS_TYPED = {"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}


# What exists in a draft ---------------------------------------------------------------------------------------------


def existing(draft: Draft, kind: str) -> Choices:
    """Ids and words of the parts of one kind, in the order of the document."""
    return _SOURCES[kind](draft)


def _rows(kind: Any, words: str) -> Any:
    return lambda draft: [
        (part_id, f"{part_id}: {text}") for part_id, text in draft.rows(kind).values_list("part_id", words)
    ]


def _listed(field: str, words: str) -> Any:
    def choices(draft: Draft) -> Choices:
        parts = [part for part in getattr(draft, field) if isinstance(part, dict)]
        return [(part["id"], f"{part['id']}: {part.get(words, '')}") for part in parts if "id" in part]

    return choices


_SOURCES: dict[str, Any] = {
    "dispositions": _rows(DraftDisposition, "label"),
    "questions": _rows(DraftQuestion, "text"),
    "rules": _rows(DraftRule, "title"),
    "citations": _rows(DraftCitation, "text"),
    "options": _rows(DraftOption, "label"),
    "profiles": _rows(DraftProfile, "about"),
    "sections": _listed("sections", "title"),
    "procedures": _listed("procedures", "label"),
    "instruments": _listed("instruments", "name"),
    "source_statements": lambda draft: [(key, f"{key}: {text}") for key, text in draft.source_statements.items()],
}


class OneOf(forms.ChoiceField):
    """One existing part, by its id. `source` says of which kind."""

    def __init__(self, source: str, **options: Any) -> None:
        self.source = source
        super().__init__(**options)

    def offer(self, draft: Draft, current: Any) -> None:
        """Choose from the draft's parts; what the row names now stays, or opening a row would change it."""
        choices = existing(draft, self.source)
        gone = [(current, f"{current}: is not there (any more)")] if current and current not in dict(choices) else []
        self.choices = [("", "–"), *choices, *gone]


class PickList(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a frame that scrolls; admin.js adds a search box."""

    template_name = "admin/widgets/pick_list.html"
    legend = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["legend"] = self.legend
        return context


class SomeOf(forms.MultipleChoiceField):
    """Any existing parts, by id; what is ticked stands on top, in the order of the document."""

    widget = PickList

    def __init__(self, source: str, **options: Any) -> None:
        self.source = source
        super().__init__(required=False, **options)

    def offer(self, draft: Draft, current: list[str]) -> None:
        words = dict(existing(draft, self.source))
        ticked = [(part_id, words.get(part_id, f"{part_id}: is not there (any more)")) for part_id in current]
        self.choices = [*ticked, *((part_id, text) for part_id, text in words.items() if part_id not in current)]


# Expressions --------------------------------------------------------------------------------------------------------


class ExpressionBox(forms.Textarea):
    template_name = "admin/widgets/expression.html"
    # Set when the page is made: where it is checked while typing, and what it means.
    check = ""
    clause: Clause | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"check": self.check, "clause": self.clause}
        return context

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 4, "class": "expression", **AS_TYPED, **(attrs or {})})


class Expression(forms.CharField):
    """An expression of the rule language. `wanted` None: a condition or a number."""

    widget = ExpressionBox

    def __init__(self, *, wanted: Kind | None = Kind.TRUTH, **options: Any) -> None:
        self.wanted = wanted
        super().__init__(strip=False, max_length=10_000, **options)


# Plain data -----------------------------------------------------------------------------------------------------------


class PlainData(forms.CharField):
    """Lists and mappings, written as YAML."""

    def __init__(self, empty: Any, **options: Any) -> None:
        self.empty = empty
        box = forms.Textarea({"rows": 6, "class": "plain-data", **AS_TYPED})
        super().__init__(required=False, strip=False, widget=box, **options)

    def prepare_value(self, value: Any) -> Any:
        return as_yaml(value) if isinstance(value, dict | list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != _lines(data or ""))

    def to_python(self, value: Any) -> Any:
        text = _lines(value or "")
        if not text.strip():
            return self.empty
        try:
            data = read_plain(text)
        except DocumentError as error:
            raise ValidationError([problem.message for problem in error.problems]) from None
        if not isinstance(data, type(self.empty)):
            wanted = "one “name: value” a line" if isinstance(self.empty, dict) else "each entry on a line, after a -"
            raise ValidationError(f"Write {wanted}.")
        return data

    def validate(self, value: Any) -> None:
        pass

    def run_validators(self, value: Any) -> None:
        pass


def as_yaml(value: Any) -> str:
    if not value:
        return ""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=NO_FOLDING)


def _lines(text: str) -> str:
    """Line ends as documents have them; browsers send others."""
    return text.replace("\r\n", "\n")
