"""What the proofs are made of agrees with the reference at every case; nothing is said to hold that a case breaks."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from screening.interpreters.evaluate import decide, evaluate, without_denial
from screening.interpreters.prove import prove
from screening.interpreters.prove.fixed import Fixed
from screening.rules.answers import is_answered, is_valid
from screening.rules.case import read_case
from screening.rules.check import read_ruleset
from tests.clinical.claims import breaks
from tests.generative.profile import examples
from tests.generative.rulesets import cases, documents, properties


@st.composite
def rulesets_and_cases(draw: Any, count: int = 20) -> Any:
    document = draw(documents())
    return document, draw(st.lists(cases(document), min_size=count, max_size=count))


@examples(100)
@given(rulesets_and_cases())
def test_the_encoding_agrees_with_the_reference_at_every_case(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    fixed = Fixed(ruleset)
    for answers in map(without_denial, some):
        outcome, read = evaluate(ruleset, read_case(ruleset, answers)), fixed.read(answers)
        # None is where doubles, not the numbers themselves, decide a test
        told = {rule: verdict for rule, verdict in read.verdicts.items() if verdict}
        assert told == {rule: outcome.verdicts[rule].value for rule in told}
        if len(told) == len(read.verdicts):
            assert read.disposition == outcome.disposition
            assert read.contact_within_hours == outcome.contact_within_hours
            assert (read.supports, read.rules_out) == (outcome.supports, outcome.rules_out)
            assert read.approach == outcome.approach


@st.composite
def rulesets_with_claims(draw: Any, count: int = 20) -> Any:
    document = draw(documents())
    coded = [each for each in document["questions"] if each["type"] in ("yes_no", "single")]
    scales = {each["id"]: _scale(each) for each in coded if each["id"] != "alarm_withdrawn"}
    monotone = [
        {"id": f"M_{name}", "claim": "c", "kind": "monotone", "scales": {name: scale}} for name, scale in scales.items()
    ]
    document["properties"] = [*draw(properties(document)), *monotone]
    return document, draw(st.lists(cases(document).map(_as_decided), min_size=count, max_size=count))


def _as_decided(answers: dict[str, Any]) -> dict[str, Any]:
    """Without what the step before deciding takes out, and numbers too large to be read as they are written."""
    return {name: answer for name, answer in without_denial(answers).items() if answer != 1e300}


def _scale(question: dict[str, Any]) -> list[str]:
    codes = ["no", "yes"] if question["type"] == "yes_no" else [choice["value"] for choice in question["choices"]]
    return codes if "dont_know" not in question else [*codes, "dont_know"]


@examples(60)
@given(rulesets_with_claims())
def test_no_case_breaks_what_is_said_to_hold(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    report = prove(ruleset, analyses=False, timeout_s=2)
    assert [result.to_text() for result in report.results if result.status == "bug"] == []
    for prop in ruleset.properties:
        result = report.result(prop.id)
        if result.holds:
            assert not any(
                breaks(ruleset, prop, *pair) for answers in some for pair in _pairs(ruleset, prop, answers, some)
            )
        elif result.status == "fails":
            assert breaks(ruleset, prop, result.counterexample.answers, result.counterexample.second)


def _pairs(ruleset, prop, answers, some):
    """The cases of a claim that can be made from these."""
    if prop.kind == "monotone":
        ((name, scale),) = prop.scales.items()
        return [({**answers, name: lower}, {**answers, name: higher}) for lower, higher in pairwise(scale)]
    if prop.kind != "irrelevant":
        return [] if prop.kind == "order_free" else [(answers, None)]
    other = [{**answers, **{name: each.get(name) for name in prop.questions}} for each in some]
    return [(answers, each) for each in other if _valid(ruleset, prop, answers) and _valid(ruleset, prop, each)]


def _valid(ruleset, prop, answers):
    given = [(ruleset.question(name), answers.get(name)) for name in prop.questions]
    return all(not is_answered(question, said) or is_valid(question, said) for question, said in given)


@examples(30)
@given(rulesets_and_cases(count=20))
def test_no_case_does_what_is_said_to_be_impossible(drawn):
    document, some = drawn
    ruleset = read_ruleset(document)
    report = prove(ruleset, properties=(), timeout_s=2)
    assert [result.to_text() for result in report.results if result.status == "bug"] == []
    impossible = {result.id for result in report.results if result.status == "fails"}
    for answers in some:
        outcome = decide(ruleset, answers)
        shown = read_case(ruleset, answers).shown
        done = {f"rule/{rule}/fires" for rule in outcome.fired} | {f"disposition/{outcome.disposition}"}
        done |= {f"question/{question}" for question in shown}
        deciding = [rule for rule in outcome.fired if ruleset.rule(rule).disposition == outcome.disposition]
        done |= {f"rule/{rule}/decides" for rule in deciding}
        assert not done & impossible
