"""Numeric expressions: which exact sums a quantity may come to, each with the formula of when it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from screening.interpreters.prove.formula import FALSE, TRUE, Formulas, Free
from screening.interpreters.prove.linear import Linear, Sums, Variable

MAX_WAYS = 64
"""A quantity that may come about in more ways becomes a number about which nothing is known."""


class Way(NamedTuple):
    """One way a quantity comes about; the ways of one quantity exclude each other."""

    when: int
    value: Linear


@dataclass(frozen=True)
class Quantity:
    """Known in one of its ways, else unknown or absent."""

    ways: tuple[Way, ...]
    unknown: int


class Nonlinear(NamedTuple):
    """What a variable of `Sums` stands for: the product or quotient of two sums."""

    left: Linear
    sign: str
    right: Linear


class Arithmetic:
    """Combines quantities."""

    def __init__(self, formulas: Formulas, sums: Sums) -> None:
        self.formulas = formulas
        self.sums = sums
        self.nonlinear: dict[str, Nonlinear] = {}
        self.unknown: set[str] = set()
        """the variables about which nothing is known"""

    def constant(self, value: Fraction) -> Quantity:
        """A number that is always known."""
        return Quantity((Way(TRUE, Linear(constant=value)),), FALSE)

    def known(self, quantity: Quantity) -> int:
        """Whether a quantity has a value."""
        return self.formulas.any(way.when for way in quantity.ways)

    def absent(self, quantity: Quantity) -> int:
        """Whether a quantity does not apply."""
        return self.formulas.both(-self.known(quantity), -quantity.unknown)

    def scores(self, scores: Iterable[tuple[int, Fraction]], unknown: int) -> Quantity:
        """A quantity that is a constant in each of its ways."""
        return self._quantity([Way(when, Linear(constant=score)) for when, score in scores], unknown)

    def first_known(self, quantities: Iterable[Quantity]) -> Quantity:
        """`Coalesce`"""
        ways, unknown, none_yet = [], FALSE, TRUE
        for quantity in quantities:
            ways += [Way(self.formulas.both(none_yet, way.when), way.value) for way in quantity.ways]
            unknown = self.formulas.either(unknown, quantity.unknown)
            none_yet = self.formulas.both(none_yet, -self.known(quantity))
        return self._quantity(ways, self.formulas.both(none_yet, unknown))

    def combined(self, left: Quantity, sign: str, right: Quantity) -> Quantity:
        """Two quantities added, subtracted, multiplied or divided."""
        ways, undefined = [], FALSE
        for one, other in product(left.ways, right.ways):
            when = self.formulas.both(one.when, other.when)
            by_zero = self._may_be_zero(other.value) if sign == "/" else FALSE
            undefined = self.formulas.either(undefined, self.formulas.both(when, by_zero))
            if by_zero != TRUE and when != FALSE:
                ways.append(Way(self.formulas.both(when, -by_zero), self._result(one.value, sign, other.value)))
        return self._quantity(ways, self.formulas.either(undefined, self.either_unknown(left, right)))

    def either_unknown(self, left: Quantity, right: Quantity) -> int:
        """Neither is absent, and one is unknown."""
        f = self.formulas
        return f.all([-self.absent(left), -self.absent(right), f.either(left.unknown, right.unknown)])

    def _quantity(self, ways: Iterable[Way], unknown: int) -> Quantity:
        """Ways to one value made one."""
        by_value: dict[Linear, int] = {}
        for way in ways:
            by_value[way.value] = self.formulas.either(by_value.get(way.value, FALSE), way.when)
        merged = tuple(Way(when, value) for value, when in by_value.items() if when != FALSE)
        if len(merged) > MAX_WAYS:
            known = self.formulas.any(way.when for way in merged)
            merged = (Way(known, self.anything(f"one of {len(merged)} values, {self.formulas.digest(known).hex()}")),)
        return Quantity(merged, unknown)

    def _may_be_zero(self, divisor: Linear) -> int:
        """Whether a division has no result; where doubles may miss an exact zero, it may be either."""
        zero = self.formulas.both(self.sums.at_least(divisor, Fraction(0)), -self._positive(divisor))
        whole = self.sums.on_grid(divisor) and all(factor.denominator == 1 for _, factor in divisor.terms)
        plain = len(divisor.terms) <= 1 and not divisor.constant
        if zero in (TRUE, FALSE) or plain or (whole and divisor.constant.denominator == 1):
            return zero
        return self.formulas.both(zero, self.formulas.leaf(Free(f"whether {divisor} is zero")))

    def _positive(self, linear: Linear) -> int:
        return -self.sums.at_least(linear.scaled(Fraction(-1)), Fraction(0))

    def _result(self, left: Linear, sign: str, right: Linear) -> Linear:
        if sign in "+-":
            return left.plus(right, Fraction(1 if sign == "+" else -1))
        if not right.terms:
            return left.scaled(right.constant if sign == "*" else 1 / right.constant)
        if not left.terms and sign == "*":
            return right.scaled(left.constant)
        return self.nonlinear_of(left, sign, right)

    def nonlinear_of(self, left: Linear, sign: str, right: Linear) -> Linear:
        """A variable that stands for a product or quotient."""
        name = f"({_text(left)}) {sign} ({_text(right)})"
        if name not in self.nonlinear:
            self.nonlinear[name] = Nonlinear(left, sign, right)
            low, high = self._span(left, sign, right)
            self.sums.variables[name] = Variable(low, high, whole=False)
        return Linear(((name, Fraction(1)),))

    def anything(self, name: str) -> Linear:
        """A variable about which nothing is known."""
        self.sums.variables[name] = Variable(None, None, whole=False)
        self.unknown.add(name)
        return Linear(((name, Fraction(1)),))

    def _span(self, left: Linear, sign: str, right: Linear) -> tuple[Fraction | None, Fraction | None]:
        ends = (*self.sums.bounds(left), *self.sums.bounds(right))
        if None in ends:
            return None, None
        a, b, c, d = (end or Fraction(0) for end in ends)
        if sign == "/" and c <= 0 <= d:
            return None, None
        corners = [x * y if sign == "*" else x / y for x in (a, b) for y in (c, d)]
        return min(corners), max(corners)


def _text(linear: Linear) -> str:
    return " + ".join([str(linear.constant), *(f"{factor} {name}" for name, factor in linear.terms)])
