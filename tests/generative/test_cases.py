"""Any case under any rule set: it is decided, always the same way, and as a second reading of the page decides it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from screening.interpreters.evaluate import decide, evaluate
from screening.rules.case import read_case
from screening.rules.check import read_ruleset
from screening.rules.outcome import Outcome
from tests.generative import naive
from tests.generative.profile import examples
from tests.generative.rulesets import WITHDRAWN, cases, documents


@st.composite
def rulesets_and_cases(draw: Any, count: int = 5) -> Any:
    """One rule set, as a document, and some cases."""
    document = draw(documents())
    return document, draw(st.lists(cases(document), min_size=count, max_size=count))


def as_bytes(outcome: Outcome, *, without: tuple[str, ...] = ()) -> bytes:
    data = {name: value for name, value in outcome.to_data().items() if name not in without}
    return json.dumps(data, sort_keys=True).encode()


@examples(400)
@given(rulesets_and_cases())
def test_two_readings_of_the_page_agree(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    for answers in some:
        for pending in (False, True):
            outcome = evaluate(ruleset, read_case(ruleset, answers, pending=pending))
            result = naive.decide(ruleset, answers, pending=pending)
            assert {rule: verdict.value for rule, verdict in outcome.verdicts.items()} == result.verdicts
            assert (outcome.disposition, outcome.contact_within_hours) == (
                result.disposition,
                result.contact_within_hours,
            )
            assert (set(outcome.supports), set(outcome.rules_out)) == (result.supports, result.rules_out)
            assert (outcome.approach, set(outcome.ask_next)) == (result.approach, result.ask_next)
            assert (set(outcome.invalid), set(outcome.pruned)) == (result.invalid, result.pruned)
            assert set(outcome.ignored) == result.ignored


WITHDRAWN_RULES = [
    {"id": "W1", "title": "t", "when": "alarm_withdrawn = 'yes'", "clarify_within_hours": 1},
    {"id": "W2", "title": "t", "when": "alarm_withdrawn is null"},
]


@examples(100)
@given(rulesets_and_cases(), st.lists(st.sampled_from(["R0", "R1", "gone"]), max_size=1))
def test_withdrawn_alarms_are_found_as_the_page_says(drawn, seen):
    document, some = drawn
    asked = [each for each in document["questions"] if each["id"] != "alarm_withdrawn"]
    alarms = [{**rule, "clarify_within_hours": 1} for rule in document["rules"]]
    ruleset = read_ruleset({**document, "questions": [*asked, WITHDRAWN], "rules": [*alarms, *WITHDRAWN_RULES]})
    for answers in some:
        outcome = decide(ruleset, answers, alarms_seen=seen)
        result = naive.decide(ruleset, naive.with_withdrawn(ruleset, answers, seen))
        assert {rule: verdict.value for rule, verdict in outcome.verdicts.items()} == result.verdicts


@examples(50)
@given(rulesets_and_cases(), st.data())
def test_same_case_same_bytes(drawn, data):
    document, some = drawn
    ruleset = read_ruleset(document)
    for answers in some:
        reordered = dict(data.draw(st.permutations(list(answers.items()))))
        again = read_ruleset(document)
        first = as_bytes(decide(ruleset, answers))
        assert as_bytes(decide(ruleset, answers)) == first
        assert as_bytes(decide(ruleset, reordered)) == first
        assert as_bytes(decide(again, answers)) == first


@examples(50)
@given(rulesets_and_cases(), st.data())
def test_the_order_of_rules_never_matters(drawn, data):
    document, some = drawn
    ruleset = read_ruleset(document)
    shuffled = read_ruleset({**document, "rules": data.draw(st.permutations(document["rules"]))})
    listed = ("fired", "unresolved", "alarms", "patient_texts")
    for answers in some:
        one, other = decide(ruleset, answers), decide(shuffled, answers)
        without = (*listed, "ruleset_sha256")
        assert as_bytes(one, without=without) == as_bytes(other, without=without)
        assert all(set(getattr(one, name)) == set(getattr(other, name)) for name in listed)


@examples(50)
@given(rulesets_and_cases(), st.data())
def test_the_order_of_questions_and_definitions_never_matters(drawn, data):
    document, some = drawn
    parts = {kind: data.draw(st.permutations(document[kind])) for kind in ("questions", "definitions")}
    ruleset, shuffled = read_ruleset(document), read_ruleset({**document, **parts})
    listed = ("ask_next", "invalid", "pruned")
    for answers in some:
        one, other = decide(ruleset, answers), decide(shuffled, answers)
        without = (*listed, "ruleset_sha256")
        assert as_bytes(one, without=without) == as_bytes(other, without=without)
        assert all(set(getattr(one, name)) == set(getattr(other, name)) for name in listed)


@examples(50)
@given(rulesets_and_cases())
def test_outcomes_round_trip(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    for answers in some:
        outcome = decide(ruleset, answers)
        assert Outcome.from_data(outcome.to_data()) == outcome
        assert Outcome.from_data(json.loads(json.dumps(outcome.to_data(), allow_nan=False))) == outcome


@examples(50)
@given(rulesets_and_cases())
def test_every_case_has_one_disposition_with_a_reason_in_time(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    for answers in some:
        outcome = decide(ruleset, answers)
        allowed = {ruleset.rule(rule_id).disposition for rule_id in outcome.fired}
        if outcome.unresolved or outcome.invalid:
            allowed.add(ruleset.clarify_disposition)
        allowed = allowed - {None} or {ruleset.default_disposition}
        assert outcome.disposition in allowed
        assert outcome.contact_within_hours <= ruleset.disposition(outcome.disposition).contact_within_hours
        assert outcome.patient_texts[0] == ruleset.disposition(outcome.disposition).patient
        assert not set(outcome.supports) & set(outcome.rules_out)


@examples(50)
@given(rulesets_and_cases())
def test_a_hidden_answer_never_counts(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    for answers in some:
        outcome = evaluate(ruleset, read_case(ruleset, answers))
        bare = {key: value for key, value in answers.items() if key not in (*outcome.pruned, *outcome.ignored)}
        without = evaluate(ruleset, read_case(ruleset, bare))
        assert as_bytes(outcome, without=("pruned", "ignored")) == as_bytes(without, without=("pruned", "ignored"))
        assert (without.pruned, without.ignored) == ((), ())
