"""A change of version, counted: as many cases go each way as evaluating them one by one shows."""

import json
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from screening.interpreters.evaluate import decide
from screening.interpreters.sql import Encoder, Layout, Row, Statement, effect, result_rows
from screening.interpreters.sql.effects import way
from screening.rules.check import read_ruleset
from screening.rules.outcome import Outcome
from screening.rules.ruleset import RuleSet
from screening.rulesets import load, shipped
from tests.generative.bulk import answers
from tests.spec.document import ruleset

BEFORE = load(shipped("lumbar-miss"))


def changed_version() -> RuleSet:
    """Another disposition, another condition, a rule gone and one more."""
    data = BEFORE.document()
    rules = {rule["id"]: rule for rule in data["rules"]}
    rules["U03"]["disposition"] = "emergency_now"
    rules["E08"]["when"] = f"({rules['E08']['when']}) and age_years >= 40"
    data["rules"].remove(rules["E03"])
    data.pop("translations", None)
    new = {"id": "NEW", "title": "t", "when": "fever = 'yes'", "disposition": "urgent_48h", "contact_within_hours": 5}
    data["rules"].append({**new, "clarify_within_hours": 7})
    return read_ruleset(data)


AFTER = changed_version()
LAYOUT = Layout.of(BEFORE, AFTER)
CASES = answers(BEFORE, Random(11), 600)
ROWS = [Row(key, Encoder(LAYOUT, BEFORE).cells(case)) for key, case in enumerate(CASES)]
OUTCOMES = [(decide(BEFORE, case), decide(AFTER, case)) for case in CASES]


@pytest.fixture(scope="module")
def rows() -> dict[int, dict[str, Any]]:
    made = effect(BEFORE, AFTER, LAYOUT)
    return {row["case_key"]: row for row in result_rows(Statement(made.sql, {}, {}, {}), LAYOUT, ROWS)}


def test_from_where_to_where_and_within_how_many_hours(rows):
    for key, (one, other) in enumerate(OUTCOMES):
        row = rows[key]
        assert row["before"] == BEFORE.urgency[one.disposition]
        assert row["after"] == AFTER.urgency[other.disposition]
        assert (row["hours_before"], row["hours_after"]) == (one.contact_within_hours, other.contact_within_hours)
        assert (row["approach_before"], row["approach_after"]) == (one.approach, other.approach)
        assert not row["not_judged"]


def leading(outcome: Outcome, version: RuleSet) -> set[str]:
    """The rules that give the outcome's disposition."""
    fired = {rule for rule in outcome.fired if version.rule(rule).disposition == outcome.disposition}
    clarified = outcome.disposition == version.clarify_disposition
    return fired | (set(outcome.unresolved) if clarified else set())


def test_which_rules_move_a_case(rows):
    made = effect(BEFORE, AFTER, LAYOUT)
    seen: Counter[str] = Counter()
    for key, (one, other) in enumerate(OUTCOMES):
        which = way(one.disposition, other.disposition, AFTER.urgency)
        seen[which] += 1
        gives = {rule for column, word in made.gives.items() for rule in ticked(word, rows[key][column])}
        gave = {rule for column, word in made.gave.items() for rule in ticked(word, rows[key][column])}
        assert gives == (leading(other, AFTER) if which == "more" else set()), key
        assert gave == (leading(one, BEFORE) if which == "less" else set()), key
    assert seen["more"] > 3
    assert seen["less"] > 1


def ticked(word: Sequence[str], number: int) -> set[str]:
    return {rule for bit, rule in enumerate(word) if number >> bit & 1}


def test_a_version_and_itself_differ_in_nothing():
    made = effect(BEFORE, BEFORE, LAYOUT)
    for row in result_rows(Statement(made.sql, {}, {}, {}), LAYOUT, ROWS):
        assert row["before"] == row["after"]
        assert not any(row[column] for column in (*made.gives, *made.gave))


def test_which_way_a_case_goes():
    places = {"now": 0, "soon": 1, "later": 2}
    assert way("soon", "now", places) == "more"
    assert way("soon", "later", places) == "less"
    assert way("soon", "soon", places) == ""
    assert way("gone", "now", places) == "aside"


NEW = """
questions:
- {id: newer, section: all, audience: patient, type: yes_no, text: t, dont_know: d}
- {id: below, section: all, audience: patient, type: yes_no, text: t, show_if: newer = 'yes'}
- {id: alarm_withdrawn, section: all, audience: system, type: yes_no, text: t}
"""
OLD = ruleset()


def is_judged(rules: list[dict[str, Any]], case: dict[str, Any], alarms_seen: tuple[str, ...] = ()) -> bool:
    titled = [{"title": "t", **rule} for rule in rules]
    after = ruleset(f"{NEW}rules: {json.dumps(titled)}")
    layout = Layout.of(OLD, after)
    made = Statement(effect(OLD, after, layout).sql, {}, {}, {})
    (found,) = result_rows(made, layout, [Row(1, Encoder(layout, OLD).cells(case, alarms_seen))])
    return not found["not_judged"]


def asks(when: str, disposition: str | None = "now", **more: Any) -> dict[str, Any]:
    named = {"disposition": disposition} if disposition else {}
    return {"id": f"R_{disposition}", "when": when, **named, **more}


FEVER = asks("fever = 'yes'", "soon")


@pytest.mark.parametrize(
    ("says", "rules", "answers", "judged"),
    [
        ("no rule mentions what is new", [FEVER], {}, True),
        ("a rule mentions it", [asks("newer = 'yes'")], {}, False),
        ("a negation mentions it", [asks("not (newer = 'yes')")], {}, False),
        ("another answer settles it", [asks("newer = 'yes' and fever = 'yes'")], {"fever": "no"}, True),
        ("another answer leaves it open", [asks("newer = 'yes' or fever = 'yes'")], {"fever": "dont_know"}, False),
        ("what is new hides a question", [asks("below is null")], {}, False),
        ("what is new is counted", [asks("CountTrue({ newer = 'yes', fever = 'yes' }) = 1")], {"fever": "yes"}, False),
        ("a rule that only informs", [asks("newer = 'yes'", None)], {}, True),
        ("it informs, and has hours", [asks("newer = 'yes'", None, contact_within_hours=3)], {}, False),
        ("a more urgent rule fires", [asks("newer = 'yes'", "later"), FEVER], {"fever": "yes"}, True),
        ("a less urgent rule fires", [asks("newer = 'yes'", "now"), FEVER], {"fever": "yes"}, False),
        (
            "less urgent, but sooner",
            [asks("newer = 'yes'", "later", contact_within_hours=1), FEVER],
            {"fever": "yes"},
            False,
        ),
        ("in place of the default", [asks("newer = 'yes'", "rest")], {}, False),
    ],
)
def test_a_case_that_hangs_on_a_new_question_is_not_judged(says, rules, answers, judged):
    assert is_judged(rules, answers) == judged, says


def test_an_alarm_that_was_seen_may_stand_under_a_new_question():
    rules = [asks("newer = 'yes'", None, clarify_within_hours=900), asks("alarm_withdrawn = 'yes'", "soon")]
    assert not is_judged(rules, {}, alarms_seen=("R_None",))
