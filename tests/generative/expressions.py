"""Strategies for expressions: any that the grammar allows, and ones that fit the names of a rule set."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from screening.rules import expression as e
from screening.rules.tokens import RESERVED

# -- any expression, for printing and reading

LETTERS = st.characters(codec="ascii", categories=["Lu", "Ll"])
NAME_PARTS = st.text(st.characters(codec="ascii", categories=["Lu", "Ll", "Nd"], include_characters="_"), max_size=6)
NAMES = st.builds(str.__add__, LETTERS, NAME_PARTS).filter(lambda name: name not in RESERVED).map(e.Name)
TEXTS = st.text(st.characters(exclude_characters="'", exclude_categories=["Cs"]), max_size=8).map(e.Text)
WHOLE = st.integers(0, 10**14).map(float)
DECIMAL = st.decimals(0, 99_999, places=6).map(float)
NUMBERS = (WHOLE | DECIMAL).map(e.Number)
NEGATIVE = (WHOLE | DECIMAL).filter(bool).map(lambda value: e.Number(-value))
SETS = st.lists(NUMBERS | TEXTS, min_size=1, max_size=4).map(tuple)
COMPARISONS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
LEAVES = st.one_of(
    NAMES,
    TEXTS,
    NUMBERS,
    NEGATIVE,
    st.booleans().map(e.Boolean),
    st.builds(e.Score, NAMES),
    st.builds(e.CountTicked, NAMES),
    st.builds(e.Intersects, NAMES, SETS),
)


def _is_positive_number(node: e.Node) -> bool:
    return isinstance(node, e.Number) and node.value > 0


def _larger(parts: st.SearchStrategy[e.Node]) -> st.SearchStrategy[e.Node]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    some = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(e.Or, several),
        st.builds(e.And, several),
        st.builds(e.Not, parts),
        st.builds(e.Compare, parts, COMPARISONS, parts),
        st.builds(e.In, parts, SETS),
        st.builds(e.Contains, parts, TEXTS),
        st.builds(e.IsNull, parts, negated=st.booleans()),
        # a minus before a number is read as one number below zero
        st.builds(e.Minus, parts.filter(lambda part: not _is_positive_number(part))),
        st.builds(e.Arithmetic, parts, st.sampled_from("+-*/"), parts),
        st.builds(e.Coalesce, some),
        st.builds(e.CountTrue, some),
        st.builds(e.AtLeast, NUMBERS, some),
    )


NODES = st.recursive(LEAVES, _larger, max_leaves=16)

# -- expressions that fit a rule set


@dataclass
class Names:
    """What an expression may mention: the questions by their kind, with their codes, and the definitions."""

    codes: dict[str, Sequence[str]] = field(default_factory=dict)
    ticked: dict[str, Sequence[str]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    scored: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    quantities: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[str]:
        return [*self.codes, *self.ticked, *self.numbers]


# Every number question may be any of these, so that a literal always lies in its range.
LITERALS = (0.0, 0.1, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0)


class Expressions:
    """Draws expressions that pass the checker. `forgetful` ones may turn over when an unknown becomes known."""

    def __init__(self, draw: Any, names: Names, *, forgetful: bool = True):
        self.draw, self.names, self.forgetful = draw, names, forgetful

    def one_of(self, choices: Sequence[Any]) -> Any:
        return choices[self.draw(st.integers(0, len(choices) - 1))] if len(choices) > 1 else choices[0]

    def some(self, choices: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(self.one_of(choices) for _ in range(self.one_of((1, 2, 3))))

    # -- conditions

    def condition(self, depth: int = 2) -> e.Node:
        makers = [*self._tests(), self._boolean]
        if self.names.conditions:
            makers += [self._named_condition] * 2
        if depth:
            makers += [self._and, self._or, self._not, self._at_least] * 2
            makers += [self._null_condition] if self.forgetful else []
        return self.one_of(makers)(depth - 1)

    def _tests(self) -> list[Any]:
        makers: list[Any] = [self._compare]
        if self.names.codes:
            makers += [self._code_test, self._code_test, self._code_in]
        if self.names.ticked:
            makers += [self._contains, self._intersects]
        if self.names.numbers or self.names.quantities:
            makers += [self._compare, self._number_in]
        if self.forgetful and self.names.questions:
            makers += [self._null_question, self._null_quantity]
        return makers

    def _boolean(self, depth: int) -> e.Node:
        return e.Boolean(self.draw(st.booleans()))

    def _named_condition(self, depth: int) -> e.Node:
        return e.Name(self.one_of(self.names.conditions))

    def _parts(self, depth: int, smallest: int = 2) -> tuple[e.Node, ...]:
        return tuple(self.condition(max(depth, 0)) for _ in range(self.one_of((smallest, smallest + 1))))

    def _and(self, depth: int) -> e.Node:
        return e.And(self._parts(depth))

    def _or(self, depth: int) -> e.Node:
        return e.Or(self._parts(depth))

    def _not(self, depth: int) -> e.Node:
        return e.Not(self.condition(max(depth, 0)))

    def _at_least(self, depth: int) -> e.Node:
        parts = self._parts(depth, smallest=1)
        return e.AtLeast(e.Number(float(self.one_of(range(1, len(parts) + 1)))), parts)

    def _null_condition(self, depth: int) -> e.Node:
        tested = self.condition(max(depth, 0))
        return tested if isinstance(tested, e.Boolean) else e.IsNull(tested, negated=self.draw(st.booleans()))

    def _null_question(self, depth: int) -> e.Node:
        return e.IsNull(e.Name(self.one_of(self.names.questions)), negated=self.draw(st.booleans()))

    def _null_quantity(self, depth: int) -> e.Node:
        tested = self.quantity(1)
        if isinstance(tested, e.Number):
            tested = e.Arithmetic(tested, "+", tested)
        return e.IsNull(tested, negated=self.draw(st.booleans()))

    def _code_test(self, depth: int) -> e.Node:
        name = self.one_of(list(self.names.codes))
        sides = [e.Name(name), e.Text(self.one_of(self.names.codes[name]))]
        left, right = sides if self.draw(st.booleans()) else sides[::-1]
        return e.Compare(left, self.one_of(("=", "!=")), right)

    def _code_in(self, depth: int) -> e.Node:
        name = self.one_of(list(self.names.codes))
        return e.In(e.Name(name), tuple(map(e.Text, self.some(self.names.codes[name]))))

    def _contains(self, depth: int) -> e.Node:
        name = self.one_of(list(self.names.ticked))
        return e.Contains(e.Name(name), e.Text(self.one_of(self.names.ticked[name])))

    def _intersects(self, depth: int) -> e.Node:
        name = self.one_of(list(self.names.ticked))
        return e.Intersects(e.Name(name), tuple(map(e.Text, self.some(self.names.ticked[name]))))

    def _compare(self, depth: int) -> e.Node:
        left = self.quantity(2)
        right = e.Number(self.one_of(LITERALS)) if self.draw(st.booleans()) else self.quantity(1)
        return e.Compare(left, self.draw(COMPARISONS), right)

    def _number_in(self, depth: int) -> e.Node:
        return e.In(self.quantity(1), tuple(map(e.Number, self.some(LITERALS))))

    # -- quantities

    def quantity(self, depth: int) -> e.Node:
        makers = [self._number]
        makers += [self._question, self._question, self._question] if self.names.numbers else []
        makers += [self._named_quantity] if self.names.quantities else []
        makers += [self._score] if self.names.scored else []
        makers += [self._count_ticked] if self.names.ticked and self.forgetful else []
        if depth:
            makers += [self._arithmetic, self._arithmetic, self._minus]
            makers += [self._coalesce, self._count_true] if self.forgetful else []
        return self.one_of(makers)(depth - 1)

    def _number(self, depth: int) -> e.Node:
        return e.Number(self.one_of(LITERALS))

    def _question(self, depth: int) -> e.Node:
        return e.Name(self.one_of(self.names.numbers))

    def _named_quantity(self, depth: int) -> e.Node:
        return e.Name(self.one_of(self.names.quantities))

    def _score(self, depth: int) -> e.Node:
        return e.Score(e.Name(self.one_of(self.names.scored)))

    def _count_ticked(self, depth: int) -> e.Node:
        return e.CountTicked(e.Name(self.one_of(list(self.names.ticked))))

    def _arithmetic(self, depth: int) -> e.Node:
        return e.Arithmetic(self.quantity(depth), self.one_of("+-*/"), self.quantity(depth))

    def _minus(self, depth: int) -> e.Node:
        part = self.quantity(depth)
        return e.Arithmetic(part, "-", part) if isinstance(part, e.Number) else e.Minus(part)

    def _coalesce(self, depth: int) -> e.Node:
        return e.Coalesce(tuple(self.quantity(depth) for _ in range(self.one_of((1, 2, 3)))))

    def _count_true(self, depth: int) -> e.Node:
        return e.CountTrue(tuple(self.condition(0) for _ in range(self.one_of((1, 2, 3)))))
