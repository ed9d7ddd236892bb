"""Answers → the cells of a stored case. Raw: hidden answers are kept, and nothing here depends on a show_if.

Made for a million cases: a cell is its text, ready to be written, and what was worked out once is looked up.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from screening.interpreters.evaluate import without_denial
from screening.interpreters.sql.columns import (
    DONT_KNOW,
    INVALID,
    NOT_ASKED,
    NUMBER,
    UNANSWERED,
    Column,
    Layout,
    bit_of,
)
from screening.rules import answers as rules
from screening.rules.operations import Value
from screening.rules.ruleset import RuleSet
from screening.rules.truth import Missing

Cells = list[str]
_Encode = Callable[[Any], tuple[str, ...]]

_KEPT = 20_000
"""so many different answers to a question are looked up rather than read again"""


class Encoder:
    """Writes the answers to one version's questions into a layout's cells."""

    def __init__(self, layout: Layout, ruleset: RuleSet) -> None:
        self._empty: Cells = []
        self._fields: dict[str, list[tuple[int, tuple[Any, ...], _Encode]]] = {}
        asked = {question.id for question in ruleset.questions}
        for column in layout.columns:
            if column.question_id in asked:
                field = len(self._empty), rules.no_answers(column.question), encoding(column)
                self._fields.setdefault(column.question_id, []).append(field)
            state = UNANSWERED if column.question_id in asked else NOT_ASKED
            self._empty += map(str, [state, *[0] * (len(column.names) - 1)])
        self._alarms = {code: bit_of(place) for place, code in enumerate(layout.alarms.codes)}
        self._words = len(layout.alarms.names)

    def cells(self, answers: Mapping[str, Any], alarms_seen: Collection[str] = ()) -> Cells:
        """A case's cells, in the order of `layout.sql()`, each as text.

        `answers`: question id → value as stored, hidden ones too. `alarms_seen`: the alarm rules that were true at some
        saved step of the intake; those the layout does not know say nothing.
        """
        row = self._empty.copy()
        fields = self._fields
        for question_id, answer in without_denial(answers).items():
            for place, empty, encode in fields.get(question_id, ()):
                if answer not in empty:
                    cells = encode(answer)
                    row[place] = cells[0]
                    if len(cells) > 1:
                        row[place : place + len(cells)] = cells
        seen = sum(self._alarms.get(rule, 0) for rule in set(alarms_seen))
        row += _in_words(seen, self._words)
        return row


def encoding(column: Column) -> _Encode:
    """The function from an answer that was given to its cells."""
    return {"one": _one, "several": _several, "number": _number, "said": _said}[column.kind](column)


def _in_words(bits: int, words: int) -> tuple[str, ...]:
    if words == 1:
        return (str(bits),)
    return tuple(_split(bits, words))


def _split(bits: int, words: int) -> Iterator[str]:
    for _ in range(words):
        yield str(bits % 2**62)
        bits >>= 62


def _one(column: Column) -> _Encode:
    count = len(column.names)
    cells = {code: _in_words(bit_of(place), count) for place, code in enumerate(column.codes)}
    cells[rules.DONT_KNOW] = _in_words(DONT_KNOW, count)
    invalid = _in_words(INVALID, count)

    def encode(answer: Any) -> tuple[str, ...]:
        return cells.get(answer, invalid) if isinstance(answer, str) else invalid

    return encode


def _several(column: Column) -> _Encode:
    """A choice twice, and 'none' beside anything else, are invalid under every version; then 'none' does not count."""
    bits = {code: bit_of(place) for place, code in enumerate(column.codes)} | {rules.DONT_KNOW: DONT_KNOW}
    none, count = bits.get(rules.NONE, 0), len(column.names)

    def encode(answer: Any) -> tuple[str, ...]:
        if not isinstance(answer, list | tuple):
            said = DONT_KNOW if isinstance(answer, str) and answer == rules.DONT_KNOW else INVALID
            return _in_words(said, count)
        found = 0
        for code in answer:
            bit = bits.get(code, INVALID) if isinstance(code, str) else INVALID
            found |= INVALID if found & bit else bit
        if found & none and len(answer) > 1:
            found = found & ~none | INVALID
        return _in_words(found, count)

    return encode


def _number(column: Column) -> _Encode:
    read, places = rules.reader(column.question), column.places
    known: dict[float, tuple[str, ...]] = {}

    def encode(answer: Any) -> tuple[str, ...]:
        if answer.__class__ is not int and answer.__class__ is not float:
            return _number_cells(_read(read, answer), places)
        cells = known.get(answer)
        if cells is None:
            cells = _number_cells(_read(read, answer), places)
            if len(known) < _KEPT:
                known[answer] = cells
        return cells

    return encode


def _number_cells(value: Value | int, places: int | None) -> tuple[str, ...]:
    if isinstance(value, int):
        return str(value), "0"
    assert isinstance(value, float)
    return str(NUMBER), repr(value) if places is None else str(round(value * 10**places))


def _said(column: Column) -> _Encode:
    read = rules.reader(column.question)

    def encode(answer: Any) -> tuple[str, ...]:
        state = _read(read, answer)
        return (str(state) if isinstance(state, int) else "0",)

    return encode


def _read(read: rules.ReadAnswer, answer: Any) -> Value | int:
    """The answer's value, or the bit that says why it has none."""
    try:
        value = read(answer)
    except rules.Invalid:
        return INVALID
    return DONT_KNOW if isinstance(value, Missing) else value
