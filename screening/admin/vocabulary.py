"""What an editor can put into an expression, to read and to insert; and where a name is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from screening.models import Draft
from screening.models.draft_tables import DraftDefinition, DraftProperty, DraftQuestion, DraftRule
from screening.models.row import DraftRow
from screening.rules import expression as e
from screening.rules.expression import number_text
from screening.rules.parse import parse
from screening.rules.ruleset import Question
from screening.rules.tokens import ParseError


@dataclass(frozen=True)
class Insert:
    """A piece of an expression, and what it says."""

    text: str
    words: str


@dataclass(frozen=True)
class Entry:
    """A question or definition."""

    id: str
    words: str
    kind: str
    inserts: tuple[Insert, ...]


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


def vocabulary(draft: Draft) -> list[Group]:
    """The definitions, then the questions section by section."""
    readable = draft.vocabulary()
    definitions = tuple(
        Entry(definition.id, definition.title, "definition", (Insert(definition.id, definition.title),))
        for definition in readable.definitions
    )
    titles = {section["id"]: section["title"] for section in draft.sections}
    titles |= {question.section: question.section for question in readable.questions if question.section not in titles}
    sections = [
        Group(title, tuple(_entry(question) for question in readable.questions if question.section == section))
        for section, title in titles.items()
    ]
    return [group for group in (Group("Definitions", definitions), *sections) if group.entries]


_KINDS = {
    "yes_no": "yes or no",
    "single": "one choice",
    "multiple": "several choices",
    "date": "a date",
    "text": "text",
}


def _entry(question: Question) -> Entry:
    return Entry(question.id, question.text, _kind(question), tuple(_inserts(question)))


def _kind(question: Question) -> str:
    if question.type != "number":
        return _KINDS[question.type]
    low, high = (number_text(limit) if limit is not None else "" for limit in (question.min, question.max))
    span = f" {low} to {high}" if low and high else ""
    return f"a number{span}{f' {question.unit}' if question.unit else ''}"


def _inserts(question: Question) -> Iterator[Insert]:
    if question.type in ("date", "text"):
        return
    if question.type == "number":
        yield Insert(question.id, "the number")
    verb = "contains" if question.type == "multiple" else "="
    for code in question.codes:
        yield Insert(f"{question.id} {verb} '{code}'", question.label_of(code))
    yield Insert(f"{question.id} is null", "not known, or not asked")


# Where a name is used -----------------------------------------------------------------------------------------------

_EXPRESSIONS = (
    (DraftQuestion, ("show_if",)),
    (DraftDefinition, ("meaning",)),
    (DraftRule, ("when",)),
    (DraftProperty, ("given", "requires")),
)


def uses_of(draft: Draft, name: str) -> list[DraftRow]:
    """The rows with an expression that names a question or definition."""
    return [
        row
        for kind, columns in _EXPRESSIONS
        for row in draft.rows(kind)
        if any(name in _names(getattr(row, column)) for column in columns)
    ]


def _names(text: str | None) -> list[str]:
    try:
        return e.names(parse(text)) if text else []
    except ParseError:
        return []
