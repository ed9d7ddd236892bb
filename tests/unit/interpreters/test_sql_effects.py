"""A change of version, counted: as many cases go each way as evaluating them one by one shows."""

import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from screening.interpreters.evaluate import decide
from screening.interpreters.sql import Effect, Encoder, Layout, Row, Statement, result_rows
from screening.interpreters.sql.running import connect, read_csv
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from screening.rulesets import load, shipped
from tests.generative.bulk import answers
from tests.spec.document import ruleset

BEFORE = load(shipped("lumbar-miss"))


def changed_version() -> RuleSet:
    """Another disposition, another condition, a rule gone and one more."""
    data = BEFORE.document()
    rules = {rule["id"]: rule for rule in data["rules"]}
    rules["U01"]["disposition"] = "urgent_2w"
    rules["E08"]["when"] = f"({rules['E08']['when']}) and age_years >= 40"
    data["rules"].remove(rules["E03"])
    new = {"id": "NEW", "title": "t", "when": "fever = 'yes'", "disposition": "urgent_48h", "contact_within_hours": 5}
    data["rules"].append({**new, "clarify_within_hours": 7})
    return read_ruleset(data)


AFTER = changed_version()
LAYOUT = Layout.of(BEFORE, AFTER)
CASES = answers(BEFORE, Random(11), 600)
ROWS = [Row(key, Encoder(LAYOUT, BEFORE).cells(case), (key % 3,)) for key, case in enumerate(CASES)]
OUTCOMES = [(decide(BEFORE, case), decide(AFTER, case)) for case in CASES]
MOVED = [(one, other) for one, other in OUTCOMES if one.disposition != other.disposition]


@pytest.fixture
def ask(tmp_path) -> Any:
    """Runs a statement over ROWS, which are labelled with their key's remainder by three."""
    lines = tmp_path / "rows.csv"
    lines.write_text("".join(row.line() for row in ROWS))
    with connect() as connection:
        connection.execute(f'CREATE TABLE "cases" AS FROM {read_csv(lines, LAYOUT, ["third"])}')

        def rows(sql: str) -> list[dict[str, Any]]:
            found = connection.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        yield rows


def test_from_where_to_where_and_within_how_many_hours(ask):
    rows = ask(Effect(BEFORE, AFTER, LAYOUT).counts(["third"]))
    names = ("before", "after", "hours_before", "hours_after", "third", "not_judged")
    assert Counter({tuple(row[name] for name in names): row["cases"] for row in rows}) == Counter(
        (
            *(one.disposition, other.disposition, one.contact_within_hours, other.contact_within_hours),
            *(key % 3, False),
        )
        for key, (one, other) in enumerate(OUTCOMES)
    )


def test_what_each_rule_does(ask):
    sql, columns = Effect(BEFORE, AFTER, LAYOUT).rules()
    (row,) = ask(sql)
    counts = {rule: {what: row[name] for what, name in names.items()} for rule, names in columns.items()}
    assert row["cases"] == len(CASES)
    for rule, count in counts.items():
        assert count["fired_before"] == sum(rule in one.fired for one, _ in OUTCOMES), rule
        assert count["fired_after"] == sum(rule in other.fired for _, other in OUTCOMES), rule
        assert count["unknown_before"] == sum(rule in one.unresolved for one, _ in OUTCOMES), rule
        assert count["unknown_after"] == sum(rule in other.unresolved for _, other in OUTCOMES), rule
    assert {rule for rule, count in counts.items() if count["differs"]} == {"U01", "E08", "E03", "NEW"}
    for rule in ("U01", "E03", "NEW"):
        counted = [pair for pair in MOVED if any(rule in (*each.fired, *each.unresolved) for each in pair)]
        assert counts[rule]["behind_change"] == len(counted), rule
    assert counts["E03"]["behind_change"] > 0
    assert counts["E01"]["behind_change"] == 0


def test_which_cases_change(ask):
    moved = {
        key: (one.disposition, other.disposition)
        for key, (one, other) in enumerate(OUTCOMES)
        if one.disposition != other.disposition
    }
    rows = ask(Effect(BEFORE, AFTER, LAYOUT).changed(limit=10_000))
    assert {row["case_key"]: (row["before"], row["after"]) for row in rows} == moved
    assert [row["case_key"] for row in rows] == sorted(moved)
    assert len(ask(Effect(BEFORE, AFTER, LAYOUT).changed(limit=3))) == 3


def test_a_version_and_itself_differ_in_nothing(ask):
    effect = Effect(BEFORE, BEFORE, LAYOUT)
    assert ask(effect.changed()) == []
    assert all(row["before"] == row["after"] for row in ask(effect.counts()))
    sql, columns = effect.rules()
    (row,) = ask(sql)
    assert not any(row[names["differs"]] for names in columns.values())


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
    effect = Effect(OLD, after, layout, open_to={"newer", "below"})
    row = Row(1, Encoder(layout, OLD).cells(case, alarms_seen))
    (found,) = result_rows(Statement(effect.not_judged(), {}, {}, {}), layout, [row])
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
