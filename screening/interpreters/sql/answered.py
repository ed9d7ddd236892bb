"""What a case's stored answers say of each question, as gates, under one way of reading them."""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import replace
from typing import NamedTuple

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import (
    DONT_KNOW,
    INVALID,
    NOT_ASKED,
    NUMBER,
    UNANSWERED,
    WORD_BITS,
    Column,
    Layout,
)
from screening.interpreters.sql.encode import encoding
from screening.interpreters.sql.quantities import Quantity, nothing
from screening.interpreters.sql.rails import Rails
from screening.rules.question import Question
from screening.rules.ruleset import RuleSet


class Instead(NamedTuple):
    """Another answer to a question, in the cases where `when` is true; where only `maybe` is, the question is open."""

    question_id: str
    answer: str
    when: Gate
    maybe: Gate


class Ways(NamedTuple):
    """How stored answers are read."""

    as_shown: bool = False
    """they count even where their question is hidden"""
    open_to: Collection[str] = ()
    """questions that are unknown, not absent, for the cases whose own version did not ask them"""
    instead: Instead | None = None


AS_PRUNED = Ways()


class Answered:
    """The questions of one rule set over the columns of a layout."""

    def __init__(self, circuit: Circuit, ruleset: RuleSet, layout: Layout, ways: Ways) -> None:
        self.circuit = circuit
        self.ways = ways
        self.columns = {question.id: layout.column(question) for question in ruleset.questions}
        self.shown: dict[str, Gate] = {}
        """question id → whether it is not hidden, as far as can be told; to be filled before the question is used"""
        self.surely_shown: dict[str, Gate] = {}
        """the same, but false where an open question may hide it"""

    def with_other(self, instead: Instead) -> "Answered":
        """The same with another answer to a question."""
        other = copy(self)
        other.ways = self.ways._replace(instead=instead)
        other.shown, other.surely_shown = dict(self.shown), dict(self.surely_shown)
        return other

    def says(self, question: Question, codes: Iterable[str], states: int = 0) -> Gate:
        """Whether the case surely shows a code or a state."""
        return self._shows(question, codes, states, self.surely_shown[question.id])

    def may_say(self, question: Question, codes: Iterable[str] = ()) -> Gate:
        """Whether the case shows one of the codes, or nobody knows."""
        states = DONT_KNOW | INVALID | (0 if question.may_stay_empty else UNANSWERED)
        unsure = self._shows(question, codes, states, self.shown[question.id])
        return self.circuit.any_of([unsure, self.never_asked(question)])

    def _shows(self, question: Question, codes: Iterable[str], states: int, shown: Gate) -> Gate:
        """With a state, a code that is no choice any more counts as well."""
        column = self.columns[question.id]
        if column is None:
            return Circuit.FALSE
        strange = set(column.codes) - set(question.codes) if states else set()
        bits = column.bits({*codes, *strange}, states)
        if not self.ways.as_shown:
            return self.circuit.all_of([shown, self._stored(column, bits)])
        empty = self.circuit.all_of([shown, self._stored(column, bits & UNANSWERED)])
        return self.circuit.any_of([self._stored(column, bits & ~UNANSWERED), empty])

    def _stored(self, column: Column, bits: int) -> Gate:
        """Whether the column has one of the bits."""
        words = column.words(bits)
        stored = self.circuit.any_of(self.circuit.mask(name, word) for name, word in words)
        instead = self.ways.instead
        if instead is None or instead.question_id != column.question_id:
            return stored
        cells = encoding(column)(instead.answer).split(",")
        other = sum(int(word) << WORD_BITS * place for place, word in enumerate(cells))
        return self.circuit.chosen(instead.when, Circuit.TRUE if other & bits else Circuit.FALSE, stored)

    def never_asked(self, question: Question) -> Gate:
        """Whether the question is open: shown, but the case's own version did not ask it."""
        instead = self.ways.instead
        if instead is not None and instead.question_id == question.id:
            return instead.maybe
        if question.id not in self.ways.open_to:
            return Circuit.FALSE
        column = self.columns[question.id]
        name = column.names[0] if column else ""
        empty = self.circuit.gate(f"{{}} = {NOT_ASKED}", self.circuit.column(name)) if column else Circuit.TRUE
        return empty if self.ways.as_shown else self.circuit.all_of([self.shown[question.id], empty])

    def known(self, question: Question) -> Gate:
        """Whether the question is surely shown, and answered."""
        return self.says(question, question.codes, _number_bit(question))

    def unknown(self, question: Question) -> Gate:
        """Whether the question is shown, or may be, and nothing of its answer is surely known."""
        circuit, known = self.circuit, self.known(question)
        perhaps = self._shows(question, question.codes, _number_bit(question), self.shown[question.id])
        hidden_perhaps = circuit.all_of([perhaps, circuit.negated(self.surely_shown[question.id])])
        unsure = circuit.any_of([self.may_say(question), hidden_perhaps])
        return circuit.all_of([unsure, circuit.negated(known)]) if question.type == "multiple" else unsure

    def invalid(self, question: Question) -> Rails:
        """Whether the answer cannot be one."""
        states = INVALID | (0 if question.dont_know is not None else DONT_KNOW)
        seen = (self.surely_shown[question.id], self.shown[question.id])
        return Rails(*(self._shows(question, (), states, shown) for shown in seen))

    def number(self, question: Question) -> Quantity:
        """The answer of a number question."""
        column = self.columns[question.id]
        if column is None:
            return replace(nothing(self.circuit), unknown=self.never_asked(question))
        return Quantity(
            self.known(question),
            self.unknown(question),
            self.circuit.column(column.names[1]),
            column.places,
            decimal=True,
            largest=column.largest,
            smallest=10.0**-question.places,
        )


def _number_bit(question: Question) -> int:
    return NUMBER if question.type == "number" else 0
