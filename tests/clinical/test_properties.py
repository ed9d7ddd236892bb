"""The safety claims of each shipped rule set, tried on sampled cases: a smoke check, not a proof."""

import random
from functools import lru_cache
from itertools import pairwise

import pytest

from screening.interpreters.evaluate import evaluate
from screening.rules.case import read_case
from screening.rules.check import read_ruleset
from tests.clinical import shipped
from tests.clinical.sampling import MISSING, Sampler

CASES = 3_000
SOME = 300


@lru_cache
def sampled(ruleset_id):
    return tuple(sampler(ruleset_id).cases(CASES))


def sampler(ruleset_id, seed=1):
    return Sampler(shipped.ruleset(ruleset_id), shipped.vignettes(ruleset_id), seed)


@lru_cache
def with_claims(ruleset_id):
    """The rule set with each property's conditions as rules that only inform, which changes nothing else."""
    document = shipped.ruleset(ruleset_id).document()
    conditions = {
        f"{prop['id']}_{name}": prop[name]
        for prop in document["properties"]
        for name in ("given", "requires")
        if name in prop
    }
    rules = [{"id": rule_id, "title": "claim", "when": text} for rule_id, text in conditions.items()]
    return read_ruleset({**document, "rules": document["rules"] + rules})


@lru_cache
def outcomes(ruleset_id):
    return tuple(decided(with_claims(ruleset_id), answers) for answers in sampled(ruleset_id))


def decided(ruleset, answers):
    """As an answer set of its own: the step that finds withdrawn alarms would compare it with others."""
    return evaluate(ruleset, read_case(ruleset, answers))


def claims(*kinds):
    return [
        pytest.param(ruleset_id, prop, id=f"{ruleset_id}-{prop.id}")
        for ruleset_id in shipped.IDS
        for prop in shipped.ruleset(ruleset_id).properties
        if prop.kind in kinds
    ]


def urgency(ruleset_id, outcome):
    """Smaller is more urgent, then sooner."""
    return shipped.ruleset(ruleset_id).urgency[outcome.disposition]


def given(ruleset, prop, outcome):
    if prop.given is not None and outcome.verdicts[f"{prop.id}_given"].value != "true":
        return False
    return not prop.given_disposition_in or outcome.disposition in prop.given_disposition_in


def broken(ruleset, prop, outcome):
    """What of a `whenever` claim the outcome does not keep."""
    places = ruleset.urgency
    if prop.disposition_in and outcome.disposition not in prop.disposition_in:
        yield outcome.disposition
    if outcome.disposition in prop.disposition_not_in:
        yield outcome.disposition
    if prop.at_least_as_urgent_as and places[outcome.disposition] > places[prop.at_least_as_urgent_as]:
        yield outcome.disposition
    if prop.contact_within_hours is not None and outcome.contact_within_hours > prop.contact_within_hours:
        yield outcome.contact_within_hours
    yield from set(outcome.supports) & set(prop.never_supports)


@pytest.mark.parametrize(("ruleset_id", "prop"), claims("whenever"))
def test_whenever(ruleset_id, prop):
    ruleset = shipped.ruleset(ruleset_id)
    concerned = [outcome for outcome in outcomes(ruleset_id) if given(ruleset, prop, outcome)]
    assert concerned, "no sampled case is concerned"
    assert [list(broken(ruleset, prop, outcome)) for outcome in concerned if list(broken(ruleset, prop, outcome))] == []


@pytest.mark.parametrize(("ruleset_id", "prop"), claims("only_if"))
def test_only_if(ruleset_id, prop):
    concerned = [outcome for outcome in outcomes(ruleset_id) if outcome.disposition == prop.disposition]
    assert concerned, "no sampled case is concerned"
    for outcome in concerned:
        if prop.requires is not None:
            assert outcome.verdicts[f"{prop.id}_requires"].value == "true"
        if prop.requires_all_clarifying_rules_false:
            alarms = [rule.id for rule in shipped.ruleset(ruleset_id).rules if rule.is_alarm]
            assert [rule for rule in alarms if outcome.verdicts[rule].value != "false"] == []


@pytest.mark.parametrize(("ruleset_id", "prop"), claims("irrelevant"))
def test_irrelevant(ruleset_id, prop):
    ruleset, draw = shipped.ruleset(ruleset_id), sampler(ruleset_id, seed=2)
    for answers in sampled(ruleset_id)[: SOME * 3]:
        base = {key: value for key, value in answers.items() if key not in prop.questions}
        changed = {name: draw.valid(ruleset.question(name)) for name in prop.questions}
        other = {**base, **{name: value for name, value in changed.items() if value is not MISSING}}
        assert decided(ruleset, base).disposition == decided(ruleset, other).disposition


@pytest.mark.parametrize(("ruleset_id", "prop"), claims("monotone"))
def test_monotone(ruleset_id, prop):
    ruleset = shipped.ruleset(ruleset_id)
    for answers in sampled(ruleset_id)[:SOME]:
        for question, scale in prop.scales.items():
            steps = [decided(ruleset, {**answers, question: value}) for value in scale]
            for lower, higher in pairwise(steps):
                assert urgency(ruleset_id, higher) <= urgency(ruleset_id, lower), (question, answers)
                assert higher.contact_within_hours <= lower.contact_within_hours, (question, answers)


@pytest.mark.parametrize(("ruleset_id", "prop"), claims("total"))
def test_total(ruleset_id, prop):
    ruleset = shipped.ruleset(ruleset_id)
    for outcome in outcomes(ruleset_id):
        reasons = {
            ruleset.rule(rule_id).disposition
            for rule_id in outcome.fired
            if not rule_id.endswith(("_given", "_requires"))
        }
        if outcome.unresolved or outcome.invalid:
            reasons.add(ruleset.clarify_disposition)
        assert outcome.disposition in (reasons - {None} or {ruleset.default_disposition})
        assert outcome.contact_within_hours <= ruleset.disposition(outcome.disposition).contact_within_hours


@pytest.mark.parametrize(("ruleset_id", "prop"), claims("order_free"))
def test_order_free(ruleset_id, prop):
    ruleset, draw = shipped.ruleset(ruleset_id), random.Random(3)
    document = ruleset.document()
    shuffled = read_ruleset({**document, "rules": draw.sample(document["rules"], len(document["rules"]))})
    for answers in sampled(ruleset_id)[:SOME]:
        reordered = dict(draw.sample(list(answers.items()), len(answers)))
        one, other = decided(ruleset, answers), decided(shuffled, reordered)
        assert (one.disposition, one.contact_within_hours) == (other.disposition, other.contact_within_hours)
        assert (one.verdicts, one.supports, one.approach) == (other.verdicts, other.supports, other.approach)


@pytest.mark.parametrize("ruleset_id", shipped.IDS)
def test_the_sample_reaches_every_disposition_and_nearly_every_rule(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    assert {outcome.disposition for outcome in outcomes(ruleset_id)} == set(ruleset.urgency)
    fired = {rule_id for outcome in outcomes(ruleset_id) for rule_id in outcome.fired}
    assert len({rule.id for rule in ruleset.rules} & fired) >= 0.95 * len(ruleset.rules)


@pytest.mark.parametrize("ruleset_id", shipped.IDS)
def test_the_blank_case_is_not_less_urgent_than_the_clarify_disposition(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    assert urgency(ruleset_id, decided(ruleset, {})) <= ruleset.urgency[ruleset.clarify_disposition]


@pytest.mark.parametrize("ruleset_id", shipped.IDS)
def test_the_blank_intake_stops_nobody(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    outcome = evaluate(ruleset, read_case(ruleset, {}, pending=True))
    assert outcome.unresolved == ()
    assert [rule_id for rule_id in outcome.fired if ruleset.rule(rule_id).disposition] == []
