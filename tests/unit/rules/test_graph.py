"""Circles and chains among definitions and show_ifs."""

from itertools import pairwise

import pytest

from screening.rules.graph import circles, longest_chain


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({}, []),
        ({"a": {"b"}, "b": set()}, []),
        ({"a": {"a"}}, [{"a"}]),
        ({"a": {"b"}, "b": {"a"}}, [{"a", "b"}]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [{"a", "b", "c"}]),
        ({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, [{"a", "b"}, {"c", "d"}]),
        ({"a": {"b", "c"}, "b": set(), "c": {"b"}}, []),
    ],
)
def test_circles(needs, found):
    assert sorted(map(sorted, map(set, circles(needs)))) == sorted(map(sorted, found))


def test_a_circle_is_told_from_its_first_name_back_to_it():
    (circle,) = circles({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert circle[0] == circle[-1]
    following = {"a": "b", "b": "c", "c": "a"}
    assert all(following[name] == after for name, after in pairwise(circle))


def test_the_longest_chain():
    assert longest_chain({}) == 0
    assert longest_chain({"a": set()}) == 1
    assert longest_chain({"a": {"b", "c"}, "b": {"c"}, "c": set(), "d": {"a"}}) == 4
