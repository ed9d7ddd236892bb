"""How a case is stored in columns: which columns there are for a question, and which bit stands for what.

A layout belongs to a pathway, not to a version: it takes in every version whose cases are stored, and a later version
adds to it without moving what is there. Answers stand in it as they were given; what is hidden or no longer valid is
left to the statement. Of texts and dates it holds only whether they are unusable.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from screening.rules.question import Question
from screening.rules.ruleset import RuleSet

Kind = Literal["one", "several", "number", "said"]
Reading = tuple[tuple[str, Any], ...]

NOT_ASKED = 0
"""the case's own version does not have the question"""
DONT_KNOW, INVALID, UNANSWERED, NUMBER = 1, 2, 4, 8
STATE_BITS, WORD_BITS = 3, 62
CODES_A_WORD = WORD_BITS - STATE_BITS
KEY, ALARMS_SEEN = "case_key", "alarms_seen"

_KINDS: dict[str, Kind] = {"yes_no": "one", "single": "one", "multiple": "several", "number": "number"}
_INTEGERS = (("TINYINT", 7), ("SMALLINT", 15), ("INTEGER", 31))


@dataclass(frozen=True)
class Column:
    """One way in which a question is read. Two versions that read it differently have a column each.

    `one` and `several` are bit sets: three bits for don't know, invalid and not answered, then one for each code.
    A `number` has its state (the bit NUMBER where there is one) and its value. `said` (text, date) has only a state.
    """

    question_id: str
    kind: Kind
    names: tuple[str, ...]
    """of the columns in SQL: the bit set in words of 62 bits, or a number's state and value"""
    reading: Reading = (("type", "multiple"),)
    """the fields of the question that decide how an answer is read; those of `single` are those of `yes_no`"""
    codes: tuple[str, ...] = ()

    @cached_property
    def places(self) -> int | None:
        """How many decimals of a number are kept as a whole number; None where it is kept as a double."""
        question = self.question
        if self.kind != "number" or question.min is None or question.max is None:
            return None
        return question.places if self.largest * 10**question.places < 2**31 else None

    @cached_property
    def largest(self) -> float:
        """The largest a number can be, whatever its sign."""
        question = self.question
        low, high = (1e15 if limit is None else limit for limit in (question.min, question.max))
        return max(abs(low), abs(high), 1.0)

    @cached_property
    def question(self) -> Question:
        """A question that is answered as this column reads it, with don't know offered."""
        words: dict[str, Any] = {"section": "any", "audience": "patient", "text": "any", "dont_know": "any"}
        return Question(id=self.question_id, **words, **dict(self.reading))

    def types(self) -> tuple[str, ...]:
        """The SQL type of each column."""
        if self.kind == "number":
            places = self.places
            value = "DOUBLE" if places is None else _integer(int(self.largest * 10**places + 1).bit_length())
            return "TINYINT", value
        full = len(self.codes) // CODES_A_WORD
        last = _integer(STATE_BITS + len(self.codes) % CODES_A_WORD)
        return ("BIGINT",) * full + (last,) * (len(self.names) - full)

    def bits(self, codes: Iterable[str], states: int = 0) -> int:
        """The bit set of codes and states; codes that the column does not have are left out."""
        return states | sum(self._bits.get(code, 0) for code in set(codes))

    @cached_property
    def _bits(self) -> dict[str, int]:
        return {code: bit_of(place) for place, code in enumerate(self.codes)}

    def words(self, bits: int) -> Iterator[tuple[str, int]]:
        """A bit set's words, by the names of their columns."""
        for place, name in enumerate(self.names):
            yield name, (bits >> place * WORD_BITS) & (2**WORD_BITS - 1)


def bit_of(place: int) -> int:
    """The bit of a column's code, by its place among the codes."""
    word, left = divmod(place, CODES_A_WORD)
    return 1 << (word * WORD_BITS + STATE_BITS + left)


@dataclass(frozen=True)
class Layout:
    """The columns of a pathway's stored cases."""

    columns: tuple[Column, ...]
    alarms: Column
    """the alarm rules seen true while the intake ran, as codes"""

    @classmethod
    def of(cls, *rulesets: RuleSet) -> "Layout":
        """The layout for cases of these versions."""
        layout = cls((), Column(ALARMS_SEEN, "several", (ALARMS_SEEN,)))
        for ruleset in rulesets:
            layout = layout.extended(ruleset)
        return layout

    def extended(self, ruleset: RuleSet) -> "Layout":
        """The layout with room for another version; what it has stays where it is."""
        columns = dict(self._by_reading)
        for question in ruleset.questions:
            key = question.id, _reading(question)
            column = columns.get(key) or Column(question.id, _KINDS.get(question.type, "said"), (), key[1])
            columns[key] = replace(column, codes=_joined(column.codes, question.codes))
        alarms = [rule.id for rule in ruleset.rules if rule.is_alarm]
        return _named(columns.values(), replace(self.alarms, codes=_joined(self.alarms.codes, alarms)))

    def column(self, question: Question) -> Column | None:
        """Where a question's answers stand as it reads them; None where they do not."""
        return self._by_reading.get((question.id, _reading(question)))

    @cached_property
    def _by_reading(self) -> dict[tuple[str, Reading], Column]:
        return {(column.question_id, column.reading): column for column in self.columns}

    def lacks(self, ruleset: RuleSet) -> tuple[str, ...]:
        """The questions that stored cases may have answered, but not as this rule set reads them.

        Cases have to be stored anew before it can be replayed. A question nobody was asked lacks nothing.
        """
        stored = {column.question_id for column in self.columns}
        return tuple(each.id for each in ruleset.questions if each.id in stored and self.column(each) is None)

    def sql(self) -> list[tuple[str, str]]:
        """Each column's name and type in SQL, in the order in which cases are written."""
        columns = [*chain.from_iterable(self.by_question.values()), self.alarms]
        return [pair for column in columns for pair in zip(column.names, column.types(), strict=True)]

    @cached_property
    def by_question(self) -> dict[str, list[Column]]:
        """Each question's columns: more than one where versions read it differently."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            found.setdefault(column.question_id, []).append(column)
        return found

    def document(self) -> list[dict[str, Any]]:
        """As plain data for JSON."""
        return [{item.name: getattr(column, item.name) for item in fields(column)} for column in self._all()]

    @classmethod
    def from_document(cls, data: Iterable[dict[str, Any]]) -> "Layout":
        """The layout that `document` wrote."""
        *columns, alarms = (Column(**{name: _tuples(value) for name, value in each.items()}) for each in data)
        return cls(tuple(columns), alarms)

    def _all(self) -> tuple[Column, ...]:
        return (*self.columns, self.alarms)


def _reading(question: Question) -> Reading:
    if question.type == "number":
        return (
            ("type", "number"),
            ("min", question.min),
            ("max", question.max),
            ("integer", question.integer),
            ("decimals", question.places),
        )
    if question.type == "text":
        return ("type", "text"), ("max_length", question.max_length)
    return (("type", "yes_no" if question.type == "single" else question.type),)


def _joined(known: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _named(columns: Iterable[Column], alarms: Column) -> Layout:
    """Give each new column its names: `q_` and the question, `n_` for a number's value."""
    columns = tuple(columns)
    taken = {name.lower() for column in (*columns, alarms) for name in column.names}
    return Layout(tuple(_with_names(column, taken) for column in columns), _with_names(alarms, taken))


def _with_names(column: Column, taken: set[str]) -> Column:
    wanted = ["q_", "n_"] if column.kind == "number" else ["q_"] * max(1, -(-len(column.codes) // CODES_A_WORD))
    more = (free_name(prefix + column.question_id, taken) for prefix in wanted[len(column.names) :])
    return replace(column, names=(*column.names, *more))


def free_name(wanted: str, taken: set[str]) -> str:
    """A name like the one wanted that no database takes for one of the taken, to which it is added.

    Databases cut long names, and to some the case of letters is one.
    """
    short = name = wanted[:55]
    number = 1
    while name.lower() in taken:
        number += 1
        name = f"{short}_{number}"
    taken.add(name.lower())
    return name


def _integer(bits: int) -> str:
    return next((name for name, room in _INTEGERS if bits <= room), "BIGINT")


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
