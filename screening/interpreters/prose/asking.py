"""Questions, section by section, and definitions."""

from collections.abc import Iterator

from screening.interpreters.prose.index import Index
from screening.interpreters.prose.markdown import chapter, code, heading, link, table, text
from screening.rules import expression as e
from screening.rules.plain import number_in_words
from screening.rules.ruleset import Question

_TYPES = {
    "yes_no": "yes or no",
    "single": "one answer",
    "multiple": "one or more answers",
    "number": "a number",
    "date": "a date",
    "text": "free text, which no rule reads",
}
_AUDIENCES = {
    "patient": "Asked of the patient",
    "clinician": "Filled in by a clinician",
    "system": "Set by the program",
}
_UNITS = {"ft_in": "feet and inches", "st_lb": "stones and pounds", "lb": "pounds"}


def questions(index: Index) -> Iterator[str]:
    """All questions, in the order in which they are asked."""
    yield from chapter("Questions", "questions")
    for section in index.ruleset.sections:
        asked = [question for question in index.ruleset.questions if question.section == section.id]
        yield from heading(3, text(section.title), f"section-{section.id}")
        yield from table(
            ("Question", "Name", ""),
            (
                (link(text(item.text), f"#question-{item.id}"), code(item.id), "safety" if item.safety else "")
                for item in asked
            ),
        )
        for question in asked:
            yield from _question(index, question)


def _question(index: Index, question: Question) -> Iterator[str]:
    yield from heading(4, text(question.text), f"question-{question.id}")
    safety = " **Safety question.**" if question.safety else ""
    optional = " It may be left empty." if question.optional and question.audience == "patient" else ""
    modifiable = " Can change in life or be found out." if question.modifiable else ""
    yield f"{code(question.id)} · {_AUDIENCES[question.audience]}: {_kind(question)}.{safety}{optional}{modifiable}"
    yield ""
    if question.help:
        yield f"Help: {text(question.help)}"
        yield ""
    yield from _choices(question)
    if question.instrument:
        yield f"The wording is that of an instrument: {text(question.instrument)}."
        yield ""
    if question.show_if:
        yield from index.condition(question.show_if, "**Shown when**")
    yield f"Used by: {', '.join(index.users[question.id]) or 'no rule'}."
    yield ""


def _kind(question: Question) -> str:
    if question.type != "number":
        return _TYPES[question.type]
    kind = (
        "a whole number" if question.integer else f"a number with up to {number_in_words(question.places, 'decimals')}"
    )
    unit = f" in {text(question.unit)}" if question.unit and not question.unit.startswith(("of ", "out of")) else ""
    if question.unit and not unit:
        unit = f" {text(question.unit)}"
    return kind + unit + _limits(question) + _entry_units(question)


def _limits(question: Question) -> str:
    low, high = (None if limit is None else e.number_text(limit) for limit in (question.min, question.max))
    if low is not None and high is not None:
        return f", from {low} to {high}"
    return f", {low} or more" if low is not None else f", {high} or less" if high is not None else ""


def _entry_units(question: Question) -> str:
    others = [_UNITS.get(unit, unit) for unit in question.entry_units if unit != question.unit]
    return f" (may be entered in {text(', '.join(others))} as well)" if others else ""


def _choices(question: Question) -> Iterator[str]:
    scores = {choice.value: choice.score for choice in question.choices}
    lasting = {choice.value for choice in question.choices if choice.lasting}
    for answer in question.codes:
        score = scores.get(answer)
        note = "" if score is None else f", score {e.number_text(score)}"
        note += ", lasting" if answer in lasting else ""
        yield f"- {text(question.label_of(answer))} ({code(answer)}{note})"
    if question.dont_know:
        yield f"- *or* {text(question.dont_know)}"
    yield ""


def definitions(index: Index) -> Iterator[str]:
    """The named conditions and numbers."""
    ruleset = index.ruleset
    yield from chapter("Definitions", "definitions")
    yield "Conditions and numbers that have a name, because several rules use them."
    yield ""
    yield from table(
        ("Definition", "Name"),
        ((link(text(item.title), f"#definition-{item.id}"), code(item.id)) for item in ruleset.definitions),
    )
    for definition in ruleset.definitions:
        yield from heading(3, text(definition.title), f"definition-{definition.id}")
        yield from index.condition(definition.is_, f"{code(definition.id)} means")
        yield f"Used by: {', '.join(index.users[definition.id]) or 'nothing'}."
        yield ""
