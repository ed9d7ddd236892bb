"""How the four values combine, each against what it means: settled as soon as no completion could change it."""

import itertools

import pytest

from screening.rules.truth import (
    FALSE,
    NOT,
    PENDING,
    TRUE,
    UNKNOWN,
    Missing,
    Truth,
    at_least,
    conjunction,
    disjunction,
    is_null,
    least_known,
    truth,
)

KLEENE = (TRUE, FALSE, UNKNOWN)


def completions(values):
    """Every way in which pending values may turn out."""
    return itertools.product(*(KLEENE if value is PENDING else (value,) for value in values))


def settled(operation, values):
    """The operation's value where every completion agrees on it, else pending."""
    results = {operation(list(completion)) for completion in completions(values)}
    return results.pop() if len(results) == 1 else PENDING


@pytest.mark.parametrize("values", list(itertools.product(Truth, repeat=3)))
def test_a_combination_is_settled_when_no_completion_changes_it(values):
    for operation in (conjunction, disjunction, lambda parts: at_least(2, parts)):
        sure = settled(operation, values)
        # true and false are told as soon as they are sure; unknown only when nothing is pending any more
        assert operation(values) in ((sure,) if sure in (TRUE, FALSE) else (sure, PENDING))


@pytest.mark.parametrize("values", list(itertools.product(Truth, repeat=3)))
def test_and_is_or_upside_down(values):
    upside_down = [NOT[value] for value in values]
    assert conjunction(values) is NOT[disjunction(upside_down)]


@pytest.mark.parametrize("values", list(itertools.product(Truth, repeat=3)))
def test_at_least_one_is_or_and_at_least_all_is_and(values):
    assert at_least(1, values) is disjunction(values)
    assert at_least(3, values) is conjunction(values)


@pytest.mark.parametrize("values", list(itertools.product(KLEENE, repeat=3)))
def test_the_order_of_parts_never_matters(values):
    for order in itertools.permutations(values):
        assert conjunction(order) is conjunction(values)
        assert disjunction(order) is disjunction(values)
        assert at_least(2, order) is at_least(2, values)


def test_of_nothing():
    assert conjunction(()) is TRUE
    assert disjunction(()) is FALSE


def test_is_null():
    assert [is_null(value) for value in (TRUE, FALSE, UNKNOWN, PENDING)] == [FALSE, FALSE, TRUE, PENDING]


def test_truth_of_a_boolean():
    assert (truth(True), truth(False)) == (TRUE, FALSE)


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ((Missing.UNKNOWN, 3.0), Missing.UNKNOWN),
        ((Missing.UNKNOWN, Missing.PENDING), Missing.PENDING),
        ((Missing.PENDING, Missing.ABSENT), Missing.ABSENT),
        ((Missing.UNKNOWN, Missing.ABSENT), Missing.ABSENT),
        ((3.0, Missing.ABSENT), Missing.ABSENT),
    ],
)
def test_what_is_missing_most(values, result):
    assert least_known(*values) is result
    assert least_known(*reversed(values)) is result
