"""What each kind of test and quantity gives for the values it sees (language.md section 4): functions from a case's
values to a truth or a number, made once for each part of an expression by `meaning`.
"""

import math
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from screening.rules.truth import (
    FALSE,
    NOT,
    NULL_TEST_OF_MISSING,
    PENDING,
    TEST_OF_MISSING,
    TRUE,
    UNKNOWN,
    Missing,
    Truth,
    is_null,
    least_known,
)


class Ticked(NamedTuple):
    """A known answer to a `multiple`. Incomplete: don't know was ticked beside the codes."""

    codes: frozenset[str]
    complete: bool


Value = float | str | Ticked | Missing | Truth
Values = dict[str, Value]
Read = Callable[[Mapping[str, Any]], Any]

PLACES = 6
"""Both sides of a comparison are rounded to so many decimals, so that 35 is 35 in every interpreter."""
_NEAR = 1e-5
"""Numbers farther apart compare the same rounded or not, and rounding takes longer than all the rest."""

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def code_test(question: str, codes: Collection[str], *, wanted: bool) -> Read:
    """Whether a question's one answer is among the codes (or, not wanted, is not)."""
    inside, outside = (TRUE, FALSE) if wanted else (FALSE, TRUE)
    results: dict[Any, Truth] = dict.fromkeys(codes, inside) | TEST_OF_MISSING
    return lambda values: results.get(values[question], outside)


def ticked_test(question: str, codes: Collection[str]) -> Read:
    """Whether one of the codes is ticked; of an incomplete answer, the codes not ticked are unknown."""
    wanted = frozenset(codes)

    def test(values: Mapping[str, Any]) -> Truth:
        seen = values[question]
        if isinstance(seen, Missing):
            return TEST_OF_MISSING[seen]
        if not wanted.isdisjoint(seen.codes):
            return TRUE
        return FALSE if seen.complete else UNKNOWN

    return test


def number_test(left: str, sign: str, right: str) -> Read:
    """Two quantities compared."""
    compare = _COMPARE[sign]

    def test(values: Mapping[str, Any]) -> Truth:
        a, b = values[left], values[right]
        if a.__class__ is float and b.__class__ is float:
            if -_NEAR < a - b < _NEAR:
                a, b = round(a, PLACES), round(b, PLACES)
            return TRUE if compare(a, b) else FALSE
        return TEST_OF_MISSING[least_known(a, b)]

    return test


def number_in(tested: str, numbers: Collection[float]) -> Read:
    """Whether a quantity is one of the numbers."""
    wanted = {round(number, PLACES) for number in numbers}

    def test(values: Mapping[str, Any]) -> Truth:
        seen = values[tested]
        if isinstance(seen, Missing):
            return TEST_OF_MISSING[seen]
        return TRUE if round(seen, PLACES) in wanted else FALSE

    return test


def null_test(tested: str, *, negated: bool) -> Read:
    """`is null` and `is not null`, of a question, a quantity or a condition."""

    def test(values: Mapping[str, Any]) -> Truth:
        seen = values[tested]
        if isinstance(seen, Truth):
            null = is_null(seen)
        else:
            null = NULL_TEST_OF_MISSING[seen] if isinstance(seen, Missing) else FALSE
        return NOT[null] if negated else null

    return test


def minus(part: str) -> Read:
    """The number with its sign turned."""
    return of_known(part, lambda seen: -seen)


def arithmetic(left: str, sign: str, right: str) -> Read:
    """Two quantities combined; unknown where that has no finite result."""
    apply = _ARITHMETIC[sign]

    def quantity(values: Mapping[str, Any]) -> float | Missing:
        a, b = values[left], values[right]
        if isinstance(a, Missing) or isinstance(b, Missing):
            return least_known(a, b)
        try:
            result = apply(a, b)
        except (ZeroDivisionError, OverflowError):
            return Missing.UNKNOWN
        return result if math.isfinite(result) else Missing.UNKNOWN

    return quantity


def first_known(parts: Sequence[str]) -> Read:
    """`Coalesce`"""

    def quantity(values: Mapping[str, Any]) -> float | Missing:
        best = Missing.ABSENT
        for part in parts:
            seen: float | Missing = values[part]
            # a pending part may yet become the first known value, so nothing after it counts
            if not isinstance(seen, Missing) or seen is Missing.PENDING:
                return seen
            best = seen if seen is Missing.UNKNOWN else best
        return best

    return quantity


def count_true(parts: Sequence[str]) -> Read:
    """`CountTrue`: unknown is not true; while one is pending the count is too."""

    def quantity(values: Mapping[str, Any]) -> float | Missing:
        seen = [values[part] for part in parts]
        return Missing.PENDING if PENDING in seen else float(seen.count(TRUE))

    return quantity


def of_known(part: str, quantity: Callable[[Any], float]) -> Read:
    """A number made of a known value; missing as the value is."""

    def read(values: Mapping[str, Any]) -> float | Missing:
        seen = values[part]
        return seen if isinstance(seen, Missing) else quantity(seen)

    return read
