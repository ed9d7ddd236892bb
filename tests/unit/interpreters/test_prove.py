"""Each kind of claim, where it holds and where it does not."""

import json

import pytest

from screening.interpreters.evaluate import decide
from screening.interpreters.prove import prove
from screening.rules.ruleset import Property
from tests.unit.interpreters.small import alarm, one_rule, question, ruleset


def claim(kind, **fields):
    return Property.model_validate({"id": "P", "claim": "what is claimed", "kind": kind, **fields})


def settled(rules, prop, **more):
    (result,) = prove(rules, properties=[prop], analyses=False, **more).results
    return result


RULES = [
    alarm("smoker = 'yes'", "SMOKES"),
    alarm("pain >= 8", "HURTS", disposition="ask", contact_within_hours=100, supports=["p1"]),
    {"id": "RED", "title": "red", "when": "colour = 'red'", "disposition": "rest", "supports": ["p2"]},
    {"id": "GUARD", "title": "guard", "when": "age < 18", "rules_out": ["p2"]},
]


@pytest.fixture(scope="module")
def rules():
    return ruleset(rules=RULES)


WHENEVER = [
    ("smoker = 'yes'", {"disposition_in": ["now"]}, True),
    ("smoker = 'yes'", {"disposition_in": ["ask", "rest"]}, False),
    ("smoker = 'yes'", {"contact_within_hours": 0}, True),
    ("smoker is null", {"disposition_not_in": ["rest"]}, True),
    ("smoker is null", {"contact_within_hours": 24}, True),
    ("smoker is null", {"contact_within_hours": 23}, False),
    ("pain >= 8", {"at_least_as_urgent_as": "ask"}, True),
    ("pain >= 7.9", {"at_least_as_urgent_as": "ask"}, False),
    ("pain > 7.9", {"at_least_as_urgent_as": "ask"}, True),
    ("pain >= 8", {"contact_within_hours": 100}, True),
    ("pain >= 8", {"contact_within_hours": 99}, False),
    ("colour = 'red' and age < 18", {"never_supports": ["p2"]}, True),
    ("colour = 'red' and age <= 18", {"never_supports": ["p2"]}, False),
    ("pain = 9", {"never_supports": ["p2"]}, True),
]


@pytest.mark.parametrize(("given", "then", "holds"), WHENEVER)
def test_whenever(rules, given, then, holds):
    result = settled(rules, claim("whenever", given=given, **then))
    assert result.holds == holds, result.to_text()
    assert result.holds or result.status == "fails"


def test_whenever_a_disposition_comes_out(rules):
    assert settled(rules, claim("whenever", given_disposition_in=["now"], never_supports=["p1", "p2"])).holds
    assert not settled(rules, claim("whenever", given_disposition_in=["ask"], never_supports=["p1"])).holds


def test_only_if(rules):
    assert settled(rules, claim("only_if", disposition="now", requires="smoker = 'yes'")).holds
    assert not settled(rules, claim("only_if", disposition="ask", requires="pain >= 8")).holds
    assert settled(rules, claim("only_if", disposition="rest", requires_all_clarifying_rules_false=True)).holds


def test_an_unknown_requirement_is_not_met(rules):
    result = settled(rules, claim("only_if", disposition="rest", requires="age >= 0"))
    assert result.status == "fails"
    assert "age" not in result.counterexample.answers


def test_total_and_order_free(rules):
    assert settled(rules, claim("total")).holds
    result = settled(rules, claim("order_free"))
    assert result.holds
    assert result.reason.startswith("by construction")


def test_irrelevant(rules):
    assert settled(rules, claim("irrelevant", questions=["mood", "age", "colour"])).holds
    result = settled(rules, claim("irrelevant", questions=["pain"]))
    assert result.status == "fails"
    one, other = result.counterexample.answers, result.counterexample.second
    assert {name for name in one | other if one.get(name) != other.get(name)} == {"pain"}


def test_irrelevant_sees_what_a_question_shows_and_hides():
    """Hidden answers do not count, not even invalid ones."""
    rules = one_rule("hidden_pain >= 8")
    assert settled(rules, claim("irrelevant", questions=["smoker"])).status == "fails"
    optional = [question("after", type="number", optional=True, min=0, max=9, show_if="optional_smoker = 'yes'")]
    rules = one_rule("pain > 8", questions=optional)
    assert settled(rules, claim("irrelevant", questions=["optional_smoker"])).status == "fails"
    assert settled(rules, claim("irrelevant", questions=["c_smoker"])).holds


def test_irrelevant_is_about_valid_answers():
    assert settled(one_rule("pain >= 8"), claim("irrelevant", questions=["optional_mood", "remark"])).holds


def test_monotone(rules):
    assert settled(rules, claim("monotone", scales={"smoker": ["no", "yes"]})).holds
    assert settled(rules, claim("monotone", scales={"smoker": ["no", "dont_know", "yes"]})).holds
    assert settled(rules, claim("monotone", scales={"smoker": ["yes", "no"]})).status == "fails"
    assert settled(rules, claim("monotone", scales={"smoker": ["no", "yes"], "colour": ["red", "blue"]})).holds


def test_monotone_looks_at_the_time_too():
    rules = ruleset(rules=[alarm("pain >= 5", disposition="ask"), alarm("smoker = 'yes'", "S", disposition="ask")])
    result = settled(rules, claim("monotone", scales={"smoker": ["dont_know", "yes"]}))
    assert result.status == "fails"
    assert result.counterexample.outcomes == ("Ask, contact within 24 hours", "Ask, contact within 300 hours")


def test_monotone_keeps_stored_answers_that_a_step_hides():
    rules = one_rule("hidden_pain >= 8 or hidden_pain is null")
    result = settled(rules, claim("monotone", scales={"smoker": ["yes", "no"]}))
    assert result.holds, "absent is null too"
    known = {"hurts": {"smoker": "yes", "hidden_pain": 9}}
    result = settled(one_rule("hidden_pain >= 8"), claim("monotone", scales={"smoker": ["yes", "no"]}), bases=known)
    assert result.status == "fails"
    assert result.counterexample.answers == known["hurts"]
    assert result.counterexample.second == {"smoker": "no", "hidden_pain": 9}


# -- every way a question may be answered


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        ("smoker = 'yes'", {}),
        ("places contains 'arm' and places contains 'leg'", {}),
        ("hidden_pain >= 8 and smoker is not null", {"smoker": "yes"}),
        ("(hidden_pain >= 8) is null", {}),
        ("c_pain is null", {}),
        ("CountTicked(places) >= 3", {}),
        ("Score(mood) + Score(optional_mood) = 6", {}),
        ("AtLeast(2, { smoker = 'yes', optional_smoker = 'yes', pain > 3 })", {}),
        ("Coalesce(optional_pain, pain) = 4.2", {}),
        ("pain * age >= 1199", {}),
        ("age / (height_cm / 100 * height_cm / 100) >= 20 and height_cm > 200", {}),
    ],
)
def test_a_condition_that_can_be_true_is_found_true(given, needs):
    rules = one_rule("age >= 120 or smoker = 'no'")
    result = settled(rules, claim("whenever", given=given, disposition_in=["ask"], contact_within_hours=0))
    assert result.status == "fails", result.to_text()
    answers = result.counterexample.answers
    assert needs.items() <= answers.items()
    assert "G" in decide(ruleset(rules=[alarm(given, "G")]), answers).fired


@pytest.mark.parametrize(
    "given",
    [
        "smoker = 'yes' and smoker = 'no'",
        "places contains 'none' and places contains 'arm'",
        "hidden_pain > 3 and smoker = 'no'",
        "(c_pain = 3) is null and c_pain is not null",
        "pain > 9.94 and pain < 10 and pain != 9.95",
        "age > 40 and age < 41",
        "CountTicked(places) > 3",
        "pain + age > 130",
        "smoker is null and smoker is not null",
        "age / (height_cm / 100 * height_cm / 100) > 31 and height_cm >= 200",
    ],
)
def test_a_condition_that_cannot_be_true_is_never_found(given):
    rules = one_rule("smoker = 'yes'")
    result = settled(rules, claim("whenever", given=given, disposition_in=["ask"], contact_within_hours=0))
    assert result.holds, result.to_text()


@pytest.mark.parametrize("name", ["smoker", "colour", "places", "pain", "born", "remark"])
def test_invalid_answers_are_possible_too(name):
    """They have a person clarify, whatever the question."""
    rules = ruleset(rules=[{"id": "R", "title": "R", "when": "age >= 0", "disposition": "rest"}])
    (prop,) = [claim("only_if", disposition="ask", requires="smoker is null and smoker is not null")]
    assert settled(rules, prop).status == "fails"
    calm = {"age": 50}
    result = settled(rules, prop, bases={"calm": calm})
    assert decide(rules, result.counterexample.answers).invalid
    assert decide(rules, {**calm, name: {"not": "an answer"}}).disposition == "ask"


def test_an_incomplete_answer_is_possible():
    rules = ruleset(rules=[{"id": "R", "title": "R", "when": "places contains 'arm'", "disposition": "now"}])
    given = "places contains 'arm' and (places contains 'leg') is null"
    result = settled(rules, claim("whenever", given=given, disposition_in=["rest"]))
    assert result.counterexample.answers == {"places": ["arm", "dont_know"]}


def test_nobody_can_declare_that_no_alarm_was_taken_back():
    withdrawn = question("alarm_withdrawn", type="yes_no", audience="system", optional=True)
    del withdrawn["dont_know"]
    rules = one_rule("alarm_withdrawn = 'yes'", questions=[withdrawn])
    assert settled(rules, claim("whenever", given="alarm_withdrawn = 'no'", disposition_in=["rest"])).holds
    result = settled(rules, claim("whenever", given="smoker = 'yes'", disposition_in=["rest"]))
    assert result.status == "fails"


# -- the counterexample


def test_it_is_the_smallest_from_a_case_that_is_known(rules):
    healthy = {"smoker": "no", "pain": 2, "colour": "blue", "age": 40}
    prop = claim("whenever", given="smoker = 'no' and age >= 0", disposition_in=["now", "rest"])
    result = settled(rules, prop, bases={"healthy": healthy})
    found = result.counterexample
    assert (found.base, found.changed) == ("healthy", ("pain",))
    assert {**found.answers, "pain": 2} == healthy
    assert found.second is None


def test_it_is_told_in_words(rules):
    prop = claim("whenever", given="pain >= 8", disposition_in=["now"])
    text = settled(rules, prop, bases={"healthy": {"smoker": "no", "pain": 2}}).to_text()
    assert "FAILS: what is claimed" in text
    assert "As in “healthy”, but:" in text
    assert "pain? " in text
    assert "→ Ask, contact within 100 hours" in text


def test_numbers_are_rounded_where_that_changes_nothing(rules):
    result = settled(rules, claim("whenever", given="pain > 4.3 and pain != 10", disposition_in=["rest"]))
    assert result.counterexample.answers["pain"] in range(5, 10)


def test_it_can_be_saved(rules):
    report = prove(rules, properties=[claim("whenever", given="places contains 'arm'", disposition_in=["now"])])
    data = json.loads(json.dumps(report.to_data()))
    assert data["results"][0]["counterexample"]["answers"] == dict(report.results[0].counterexample.answers)
    assert data["ruleset_sha256"] == rules.sha256
    assert data["z3_version"]
