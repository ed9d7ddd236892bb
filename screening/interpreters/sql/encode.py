"""Answers → the cells of a stored case. Raw: hidden answers are kept, and nothing here depends on a show_if.

Made for a million cases: a cell is the text of its columns, ready to be written, and what was once worked out for an
answer is looked up from then on.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from screening.interpreters.evaluate import without_denial
from screening.interpreters.sql.columns import (
    DONT_KNOW,
    INVALID,
    NOT_ASKED,
    NUMBER,
    UNANSWERED,
    WORD_BITS,
    Column,
    Layout,
    bit_of,
)
from screening.rules import answers as rules
from screening.rules.operations import Value
from screening.rules.ruleset import RuleSet
from screening.rules.truth import Missing

Cells = list[str]
_Encode = Callable[[Any], str]

_KEPT = 20_000
"""so many different answers to a question are looked up rather than read again"""


class _Field(NamedTuple):
    place: int
    known: dict[Any, str]
    """answer, or the tuple of ticked choices → cell"""
    encode: _Encode


_Fields = dict[str, _Field]


class Encoder:
    """Writes the answers to one version's questions into a layout's cells."""

    def __init__(self, layout: Layout, ruleset: RuleSet) -> None:
        asked = {question.id for question in ruleset.questions}
        states = (UNANSWERED if column.question_id in asked else NOT_ASKED for column in layout.columns)
        self._empty = list(map(_cell, layout.columns, states))
        # One turn for all questions; another for those that have a second column, as another version asked them.
        self._fields: list[_Fields] = []
        for place, column in enumerate(layout.columns):
            if column.question_id in asked:
                self._room_for(column.question_id)[column.question_id] = _Field(place, {}, encoding(column))
        self._alarms = layout.alarms
        self._no_alarms = _cell(self._alarms, 0)

    def _room_for(self, question_id: str) -> _Fields:
        found = next((fields for fields in self._fields if question_id not in fields), None)
        if found is None:
            self._fields.append(found := {})
        return found

    def cells(self, answers: Mapping[str, Any], alarms_seen: Collection[str] = ()) -> Cells:
        """A case's cells, each the text of one or more columns: joined with commas, in the order of `layout.sql()`.

        `answers`: question id → value as stored, hidden ones too. `alarms_seen`: the alarm rules that were true at some
        saved step of the intake; those the layout does not know say nothing.
        """
        row, answered = self._empty.copy(), without_denial(answers)
        for fields in self._fields:
            for question_id, answer in answered.items():
                kind = answer.__class__
                try:
                    place, known, encode = fields[question_id]
                    if kind is str or kind is int or kind is float:
                        row[place] = known[answer]
                    elif kind is list:
                        row[place] = known[tuple(answer)]
                    elif answer is not None:  # to a dict, true would be 1
                        row[place] = encode(answer)
                except (KeyError, TypeError):
                    # Not asked, not met before, or something among the ticked that is no choice.
                    self._read_first(row, fields, question_id, answer)
        row.append(_cell(self._alarms, self._alarms.bits(alarms_seen)) if alarms_seen else self._no_alarms)
        return row

    def _read_first(self, row: Cells, fields: _Fields, question_id: str, answer: Any) -> None:
        """An answer that was not met before; from then on it is looked up."""
        if question_id not in fields:
            return
        place, known, encode = fields[question_id]
        row[place] = encode(answer)
        with suppress(TypeError):
            key = tuple(answer) if isinstance(answer, list) else answer
            if len(known) < _KEPT:
                known[key] = row[place]


def encoding(column: Column) -> _Encode:
    """The function from an answer, which is not None, to its cell."""
    return {"one": _one, "several": _several, "number": _number, "said": _said}[column.kind](column)


def _cell(column: Column, bits: int, value: str = "0") -> str:
    if column.kind == "number":
        return f"{bits},{value}"
    return ",".join(str(bits >> WORD_BITS * word & (1 << WORD_BITS) - 1) for word in range(len(column.names)))


def _one(column: Column) -> _Encode:
    def encode(answer: Any) -> str:
        if not isinstance(answer, str):
            return _cell(column, INVALID)
        return _cell(column, DONT_KNOW if answer == rules.DONT_KNOW else column.bits([answer]) or INVALID)

    return encode


def _several(column: Column) -> _Encode:
    """A choice twice, and 'none' beside anything else, are invalid under every version; then 'none' does not count."""
    bits = {code: bit_of(place) for place, code in enumerate(column.codes)} | {rules.DONT_KNOW: DONT_KNOW}
    none = bits.get(rules.NONE, 0)

    def encode(answer: Any) -> str:
        if not isinstance(answer, list | tuple):
            return _cell(column, DONT_KNOW if isinstance(answer, str) and answer == rules.DONT_KNOW else INVALID)
        found = 0
        for code in answer:
            bit = bits.get(code, INVALID) if isinstance(code, str) else INVALID
            found |= INVALID if found & bit else bit
        if found & none and len(answer) > 1:
            found = found & ~none | INVALID
        return _cell(column, found or UNANSWERED)

    return encode


def _number(column: Column) -> _Encode:
    read, places = rules.reader(column.question), column.places

    def encode(answer: Any) -> str:
        value = _read(read, answer)
        if not isinstance(value, float):
            return _cell(column, value)
        return _cell(column, NUMBER, repr(value) if places is None else str(round(value * 10**places)))

    return encode


def _said(column: Column) -> _Encode:
    read, empty = rules.reader(column.question), rules.no_answers(column.question)

    def encode(answer: Any) -> str:
        state = UNANSWERED if answer in empty else _read(read, answer)
        return _cell(column, state if isinstance(state, int) else 0)

    return encode


def _read(read: rules.ReadAnswer, answer: Any) -> Any:
    """The answer's value, or the bit that says why it has none."""
    try:
        value: Value = read(answer)
    except rules.Invalid:
        return INVALID
    return DONT_KNOW if isinstance(value, Missing) else value
