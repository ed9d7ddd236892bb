"""Truth: Kleene's three values, which are also CQL's and SQL's, and one more that exists only while an intake runs.

PENDING is an unknown that may still change because a question has not been asked yet. To everybody outside it counts as
unknown; it is told apart so that nothing is decided, and nobody is stopped, by a question not yet asked.
"""

from collections.abc import Collection, Sequence
from enum import Enum


class Truth(Enum):
    """The value of a boolean expression."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    PENDING = "pending"

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is slow where a case is read


class Missing(Enum):
    """Why a question or a number has no value."""

    UNKNOWN = "unknown"
    ABSENT = "absent"
    PENDING = "pending"

    __hash__ = object.__hash__


TRUE, FALSE, UNKNOWN, PENDING = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN, Truth.PENDING

# language.md section 4: what a test gives when the tested thing is missing.
TEST_OF_MISSING = {Missing.UNKNOWN: UNKNOWN, Missing.ABSENT: FALSE, Missing.PENDING: PENDING}
NULL_TEST_OF_MISSING = {Missing.UNKNOWN: TRUE, Missing.ABSENT: TRUE, Missing.PENDING: PENDING}

NOT = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN, PENDING: PENDING}


def truth(value: bool) -> Truth:
    """The truth value of a Python boolean."""
    return TRUE if value else FALSE


def conjunction(values: Collection[Truth]) -> Truth:
    """`and`: false wins; else pending (a part could still become false), else unknown, else true."""
    if FALSE in values:
        return FALSE
    if PENDING in values:
        return PENDING
    return UNKNOWN if UNKNOWN in values else TRUE


def disjunction(values: Collection[Truth]) -> Truth:
    """`or`: true wins; else pending (a part could still become true), else unknown, else false."""
    if TRUE in values:
        return TRUE
    if PENDING in values:
        return PENDING
    return UNKNOWN if UNKNOWN in values else FALSE


def is_null(value: Truth) -> Truth:
    """`(boolean expression) is null`: whether it is unknown; itself never unknown, but pending stays pending."""
    return PENDING if value is PENDING else truth(value is UNKNOWN)


def at_least(count: int, values: Sequence[Truth]) -> Truth:
    """`AtLeast(count, …)`: true if so many are true; false if even every open one being true is too few; else open."""
    trues = values.count(TRUE)
    if trues >= count:
        return TRUE
    if len(values) - values.count(FALSE) < count:
        return FALSE
    return PENDING if PENDING in values else UNKNOWN


def least_known(*values: object) -> Missing:
    """Of several quantities at least one of which is missing, what the whole is: absent, else pending, else unknown."""
    if Missing.ABSENT in values:
        return Missing.ABSENT
    return Missing.PENDING if Missing.PENDING in values else Missing.UNKNOWN
