"""Nodes: what is below them, which names they mention, how numbers are printed."""

import pytest

from screening.rules import expression as e
from screening.rules.parse import parse


def test_children_and_walk_go_in_reading_order():
    node = parse("a = 'x' and (b > 3 or AtLeast(1, { c, d })) and exists (f intersect { 'y' })")
    assert [str(part) for part in e.children(node)] == [
        "a = 'x'",
        "b > 3 or AtLeast(1, { c, d })",
        "exists (f intersect { 'y' })",
    ]
    assert [part.id for part in e.walk(node) if isinstance(part, e.Name)] == ["a", "b", "c", "d", "f"]


def test_names_come_once_in_reading_order():
    assert e.names(parse("b > a + b and Score(c) = 1 and CountTicked(a) > 0 and d in { 'b' }")) == ["b", "a", "c", "d"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(35.0, "35"), (0.0915, "0.0915"), (0.000001, "0.000001"), (-2.5, "-2.5"), (1e14, "100000000000000"), (0.1, "0.1")],
)
def test_numbers_are_printed_in_their_shortest_form(value, text):
    assert e.number_text(value) == text
    assert float(text) == value


def test_nodes_can_be_kept_in_sets():
    assert len({parse("a = 'x'"), parse("  a='x'"), parse("(a) = 'x'"), parse("a = 'y'")}) == 2


def test_nodes_cannot_be_changed():
    with pytest.raises(AttributeError):
        parse("a").id = "b"


def test_every_node_knows_its_kind_of_test():
    tests = ["a = 'x'", "a in { 'x' }", "a contains 'x'", "exists (a intersect { 'x' })", "a is null"]
    assert all(isinstance(parse(text), e.TESTS) for text in tests)
    assert not any(isinstance(parse(text), e.TESTS) for text in ("a", "not a", "a or b", "AtLeast(1, { a })", "true"))
