"""Formulas mean what they are built to mean, however they are simplified."""

import itertools
import random

import pytest

from screening.interpreters.prove.formula import FALSE, TRUE, Formulas, Said

LEAVES = [Said("q", str(number)) for number in range(5)]


def value(f: Formulas, formula: int, true: set) -> bool:
    """What a formula is, walked from the top."""
    parts = f.parts(formula)
    inside = f.leaf_of(formula) in true if parts is None else all(value(f, part, true) for part in parts)
    return inside if formula > 0 else not inside


def worlds():
    return [set(true) for count in range(len(LEAVES) + 1) for true in itertools.combinations(LEAVES, count)]


def made(f: Formulas, draw: random.Random, depth: int):
    """A random formula, and the same as a Python function."""
    if depth == 0:
        leaf = draw.choice(LEAVES)
        return f.leaf(leaf), lambda true: leaf in true
    parts = [made(f, draw, depth - 1) for _ in range(draw.randint(1, 4))]
    formulas, functions = zip(*parts, strict=True)
    kind = draw.choice(["all", "any", "not", "same", "at least"])
    if kind == "all":
        return f.all(formulas), lambda true: all(each(true) for each in functions)
    if kind == "any":
        return f.any(formulas), lambda true: any(each(true) for each in functions)
    if kind == "not":
        return -formulas[0], lambda true: not functions[0](true)
    if kind == "same":
        return f.same(formulas[0], formulas[-1]), lambda true: functions[0](true) == functions[-1](true)
    return f.at_least(2, formulas), lambda true: sum(each(true) for each in functions) >= 2


@pytest.mark.parametrize("seed", range(60))
def test_simplifying_changes_no_value(seed):
    f = Formulas()
    formula, function = made(f, random.Random(seed), depth=4)
    for true in worlds():
        assert value(f, formula, true) == function(true)


@pytest.mark.parametrize("seed", range(20))
def test_putting_formulas_in_the_place_of_leaves(seed):
    f, draw = Formulas(), random.Random(seed)
    formula, function = made(f, draw, depth=3)
    instead, other = made(f, draw, depth=2)
    changed = f.substitution({LEAVES[0]: instead, LEAVES[1]: TRUE})(formula)
    for true in worlds():
        there = {LEAVES[1]} | ({LEAVES[0]} if other(true) else set())
        assert value(f, changed, true) == function((true - {LEAVES[0]}) | there)


def test_what_cannot_be_true_is_false_at_once():
    f = Formulas()
    a, b = f.leaf(LEAVES[0]), f.leaf(LEAVES[1])
    assert f.both(a, -a) == FALSE
    assert f.both(f.both(a, b), -a) == FALSE
    assert f.both(a, -f.either(a, b)) == FALSE
    assert f.either(a, -a) == TRUE


@pytest.mark.parametrize("count", range(4))
def test_exactly(count):
    f = Formulas()
    formula = f.exactly([f.leaf(leaf) for leaf in LEAVES[:3]])[count]
    for true in worlds():
        assert value(f, formula, true) == (len(true & set(LEAVES[:3])) == count)


def test_a_digest_is_of_the_content_and_not_of_the_order_it_was_built_in():
    f, g = Formulas(), Formulas()
    one = f.either(f.both(f.leaf(LEAVES[0]), f.leaf(LEAVES[1])), f.leaf(LEAVES[2]))
    g.leaf(LEAVES[3])
    other = g.either(g.leaf(LEAVES[2]), g.both(g.leaf(LEAVES[1]), g.leaf(LEAVES[0])))
    assert f.digest(one) == g.digest(other)
    assert f.digest(one) != f.digest(-one)
