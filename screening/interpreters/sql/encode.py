"""Answers → the cells of a stored case. Raw: hidden answers are kept, and nothing here depends on a show_if.

Made for a million cases: a cell is the text of its columns, ready to be written, and an answer that was read once is
from then on known by its JSON.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json

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

_Encode = Callable[[Any], str]
_Placed = tuple[int, str]
"""a cell with its place before it"""

_BETWEEN = ', "'
"""two answers, in JSON as databases keep it"""
_KEPT, _LONGEST = 50_000, 1_000
"""so many answers are known by their JSON, none of which has more characters"""


class _Field(NamedTuple):
    """A question of the version, with a column for each way in which versions read it."""

    place: int
    unanswered: str
    columns: list[_Encode]

    def placed(self, answer: Any) -> _Placed:
        return self.place, self.unanswered if answer is None else ",".join(encode(answer) for encode in self.columns)


class Encoder:
    """Writes the answers to one version's questions into a layout's cells."""

    def __init__(self, layout: Layout, ruleset: RuleSet) -> None:
        asked = {question.id for question in ruleset.questions}
        self._empty: list[str] = []
        self._fields: dict[str, _Field] = {}
        for place, (question_id, columns) in enumerate(layout.by_question.items()):
            state = UNANSWERED if question_id in asked else NOT_ASKED
            empty = ",".join(_cell(column, state) for column in columns)
            self._empty.append(empty)
            if question_id in asked:
                self._fields[question_id] = _Field(place, empty, [encoding(column) for column in columns])
        self._alarms = layout.alarms
        self._empty.append(_cell(self._alarms, 0))
        # An answer to what was not asked leaves a case as it is: the alarms stand last, and are written last.
        self._nothing: _Placed = (-1, self._empty[-1])
        self._known: dict[str, _Placed | tuple[()]] = {}

    def cells(self, answers: Mapping[str, Any], alarms_seen: Collection[str] = ()) -> str:
        """A case's cells, joined with commas, in the order of `layout.sql()`.

        `answers`: question id → value as stored, hidden ones too. `alarms_seen`: the alarm rules that were true at some
        saved step of the intake; those the layout does not know say nothing.
        """
        row = self._empty.copy()
        for question_id, answer in answers.items():
            place, row[place] = self._answered(question_id, answer)
        row[-1] = _cell(self._alarms, self._alarms.bits(alarms_seen))
        return ",".join(row)

    def cells_of(self, answers: str) -> str:
        """The cells for answers as JSON, of a case that saw no alarm.

        They are cut where another answer may begin. A piece that is an answer by itself is that answer; any other was
        cut within a list or a text, and goes on with the next. What cannot be cut so is read as a whole.
        """
        row, known, begun = self._empty.copy(), self._known, ""
        for piece in answers[2:-1].split(_BETWEEN):
            text = begun + piece
            placed = known.get(text)
            if placed is None:
                placed = self._first_met(text)
            if placed:
                place, row[place] = placed
                begun = ""
            else:
                begun = text + _BETWEEN
                if len(begun) > _LONGEST:
                    break
        return self.cells(from_json(answers)) if begun else ",".join(row)

    def _first_met(self, text: str) -> _Placed | tuple[()]:
        """Where an answer in JSON, without its braces and first quote, puts what; empty if it is not one answer."""
        placed: _Placed | tuple[()]
        try:
            (answered,) = from_json(f'{{"{text}}}').items()
        except ValueError:
            placed = ()
        else:
            placed = self._answered(*answered)
        if len(self._known) < _KEPT and len(text) <= _LONGEST:
            self._known[text] = placed
        return placed

    def _answered(self, question_id: str, answer: Any) -> _Placed:
        field = self._fields.get(question_id)
        return field.placed(without_denial({question_id: answer}).get(question_id)) if field else self._nothing


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
