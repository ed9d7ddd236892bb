"""A case: which questions it shows, which answers it prunes, and in which order it lists them."""

import pytest

from screening.rules.answers import rounded
from screening.rules.case import read_case
from screening.rules.truth import Missing
from tests.spec.document import ruleset

RULES = ruleset("""
questions:
- {id: last, section: all, audience: patient, type: yes_no, text: t, show_if: middle = 'yes'}
- {id: middle, section: all, audience: patient, type: yes_no, text: t, show_if: first = 'yes', dont_know: d}
- {id: first, section: all, audience: patient, type: yes_no, text: t, dont_know: d}
""")
CHAIN = ("last", "middle", "first")


def shown(case):
    return tuple(name for name in case.shown if name in CHAIN)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ("last", "middle", "first")),
        ({"first": "no"}, ("first",)),
        ({"first": "no", "middle": "yes", "last": "yes"}, ("first",)),
        ({"first": "yes", "middle": "no"}, ("middle", "first")),
        ({"first": "yes", "middle": "yes"}, ("last", "middle", "first")),
        ({"first": "dont_know", "middle": "dont_know"}, ("last", "middle", "first")),
        ({"first": "nonsense"}, ("last", "middle", "first")),
    ],
)
def test_what_is_shown(answers, expected):
    assert shown(read_case(RULES, answers)) == expected


def test_lists_are_in_the_order_of_the_document_and_strange_keys_in_that_of_the_alphabet():
    answers = {"first": "no", "middle": "yes", "last": "yes", "smoker": 1, "gate": 2, "z": 1, "b": 1}
    case = read_case(RULES, answers)
    assert case.pruned == ("last", "middle")
    assert case.invalid == ("gate", "smoker")
    assert case.ignored == ("b", "z")


def test_taken_as_shown_every_stored_answer_counts_and_nothing_else_appears():
    answers = {"first": "no", "middle": "yes"}
    case = read_case(RULES, answers, as_shown=True)
    assert (case.values["middle"], case.pruned) == ("yes", ())
    assert shown(case) == CHAIN
    assert read_case(RULES, {"first": "no", "last": "yes"}, as_shown=True).values["middle"] is Missing.ABSENT


def test_what_waits_for_an_answer():
    case = read_case(RULES, {"first": "yes"}, pending=True)
    assert {name for name in case.undetermined if name in CHAIN} == {"last"}
    assert case.values["last"] is Missing.PENDING


def test_an_optional_question_asked_and_left_empty_is_not_pending_any_more():
    pending = read_case(RULES, {}, pending=True)
    left = read_case(RULES, {}, pending=True, left_out=["optional_pain"])
    assert pending.values["optional_pain"] is Missing.PENDING
    assert left.values["optional_pain"] is Missing.ABSENT
    assert left.values["pain"] is Missing.PENDING


def test_open_is_unknown_or_incomplete():
    case = read_case(RULES, {"places": ["arm", "dont_know"], "pain": "dont_know", "age": 3})
    assert [case.is_open(name) for name in ("places", "pain", "age", "optional_pain", "smoker")] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_a_case_does_not_change_with_the_answers_it_was_read_from():
    answers = {"places": ["arm"]}
    case = read_case(RULES, answers)
    answers["places"].append("leg")
    assert case.values["places"].codes == {"arm"}


@pytest.mark.parametrize(
    ("number", "places", "result"),
    [
        (0.25, 1, 0.2),
        (0.35, 1, 0.4),
        (2.675, 2, 2.68),
        (2.665, 2, 2.66),
        (-0.25, 1, -0.2),
        (1.5, 0, 2.0),
        (2.5, 0, 2.0),
        (13.0, 0, 13.0),
        (4.333333333333333, 1, 4.3),
        (1e15, 6, 1e15),
        (0.0000005, 6, 0.0),
        (1e-300, 6, 0.0),
    ],
)
def test_rounding(number, places, result):
    assert rounded(number, places) == result
