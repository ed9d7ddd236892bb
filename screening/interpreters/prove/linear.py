"""Exact sums of variables, and when one quantity is at least another once both are rounded as language.md says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, gcd, lcm

from screening.interpreters.prove.formula import FALSE, TRUE, Formulas, Free, Sum
from screening.rules.operations import PLACES

GRID = Fraction(1, 10**PLACES)
EXACT_UP_TO = 10**8
"""Doubles add and multiply multiples of the grid up to here so closely that rounding gives the exact result."""
_RELATIVE_ERROR = Fraction(1, 2**40)


@dataclass(frozen=True)
class Variable:
    """What a sum may stand on: an answer counted in steps of its decimals (whole), or a product or quotient."""

    low: Fraction | None
    high: Fraction | None
    whole: bool


@dataclass(frozen=True)
class Linear:
    """A constant plus variables, each times its factor."""

    terms: tuple[tuple[str, Fraction], ...] = ()
    constant: Fraction = Fraction(0)

    def plus(self, other: "Linear", times: Fraction = Fraction(1)) -> "Linear":
        """This plus so many times the other."""
        factors = dict(self.terms)
        for name, factor in other.terms:
            factors[name] = factors.get(name, Fraction(0)) + factor * times
        kept = tuple(sorted((name, factor) for name, factor in factors.items() if factor))
        return Linear(kept, self.constant + other.constant * times)

    def scaled(self, by: Fraction) -> "Linear":
        """So many times this."""
        return Linear().plus(self, by)


class Sums:
    """The variables of one encoding, and the atoms about them."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.variables: dict[str, Variable] = {}

    def bounds(self, linear: Linear) -> tuple[Fraction | None, Fraction | None]:
        """The least and greatest value a sum may have; None where there is none."""
        low: Fraction | None = linear.constant
        high: Fraction | None = linear.constant
        for name, factor in linear.terms:
            variable = self.variables[name]
            ends = (variable.low, variable.high) if factor > 0 else (variable.high, variable.low)
            low = None if low is None or ends[0] is None else low + factor * ends[0]
            high = None if high is None or ends[1] is None else high + factor * ends[1]
        return low, high

    def whole(self, linear: Linear) -> bool:
        """Whether every variable counts in whole steps."""
        return all(self.variables[name].whole for name, _ in linear.terms)

    def on_grid(self, linear: Linear) -> bool:
        """Whether a sum always is a multiple of what comparisons are rounded to."""
        factors = [linear.constant, *(factor for _, factor in linear.terms)]
        return self.whole(linear) and all((factor / GRID).denominator == 1 for factor in factors)

    def at_least(self, linear: Linear, bound: Fraction) -> int:
        """The formula that a sum is at least the bound, both exact."""
        low, high = self.bounds(linear)
        if low is not None and low >= bound:
            return TRUE
        if high is not None and high < bound:
            return FALSE
        factors = [factor for _, factor in linear.terms]
        scale = Fraction(lcm(*(factor.denominator for factor in factors)))
        scale /= gcd(*(int(factor * scale) for factor in factors))
        limit: Fraction | int = (bound - linear.constant) * scale
        if not self.whole(linear):
            return self.formulas.leaf(Sum(_times(linear, scale), limit))
        limit = ceil(limit)
        if factors[0] < 0:
            return -self.formulas.leaf(Sum(_times(linear, -scale), 1 - limit))
        return self.formulas.leaf(Sum(_times(linear, scale), limit))

    def compared(self, left: Linear, sign: str, right: Linear) -> int:
        """The formula of a comparison of two known quantities."""
        match sign:
            case ">=":
                return self._not_less(left, right)
            case "<=":
                return self._not_less(right, left)
            case "<":
                return -self._not_less(left, right)
            case ">":
                return -self._not_less(right, left)
        equal = self.formulas.both(self._not_less(left, right), self._not_less(right, left))
        return equal if sign == "=" else -equal

    def _not_less(self, left: Linear, right: Linear) -> int:
        """`left >= right` after rounding. In a narrow zone, where rounding and doubles decide, it may be either."""
        left, right = _rounded(left), _rounded(right)
        difference = left.plus(right, Fraction(-1))
        error = self._error(left, right)
        if error is None:
            return self.formulas.leaf(Free(f"whether {difference} is negative"))
        rough = [side for side in (left, right) if not self.on_grid(side)]
        high = error if len(rough) == 0 else error - GRID / 2 if len(rough) == 1 else Fraction(0)
        low = -error if len(rough) == 0 else -error - GRID / 2 if len(rough) == 1 else -error - GRID
        surely, perhaps = self.at_least(difference, high), self.at_least(difference, low)
        if surely == perhaps:
            return surely
        either = self.formulas.leaf(Free(f"whether {difference} is negative"))
        return self.formulas.either(surely, self.formulas.both(perhaps, either))

    def _error(self, left: Linear, right: Linear) -> Fraction | None:
        """How far from exact the difference may come out in doubles, near its limit; None where that is not known."""
        exact = self.on_grid(left) and self.on_grid(right)
        if len(left.terms) + len(right.terms) <= 1:
            size: Fraction | None = abs(left.constant) + abs(right.constant) + 1
        else:
            size = self._size(left, right)
        if exact and size is not None and size <= EXACT_UP_TO:
            return Fraction(0)
        return None if size is None else size * _RELATIVE_ERROR

    def _size(self, *sums: Linear) -> Fraction | None:
        """What the parts of several sums may come to together, whatever their signs."""
        size = Fraction(0)
        for linear in sums:
            size += abs(linear.constant)
            for name, factor in linear.terms:
                variable = self.variables[name]
                if variable.low is None or variable.high is None:
                    return None
                size += abs(factor) * max(abs(variable.low), abs(variable.high))
        return size


def _rounded(linear: Linear) -> Linear:
    """A constant rounded as every interpreter rounds it; anything else as it is."""
    if linear.terms:
        return linear
    return Linear(constant=exactly(round(float(linear.constant), PLACES)))


def exactly(number: float) -> Fraction:
    """A number as a person reads it: 0.1 is one tenth."""
    return Fraction(Decimal(repr(number)))


def _times(linear: Linear, scale: Fraction) -> tuple[tuple[str, int], ...]:
    return tuple((name, int(factor * scale)) for name, factor in linear.terms)


def names(*sums: Linear) -> Mapping[str, None]:
    """The variables of several sums, each once."""
    return dict.fromkeys(name for linear in sums for name, _ in linear.terms)
