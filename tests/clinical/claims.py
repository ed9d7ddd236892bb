"""Whether a case breaks a claim, as the second reading of the page has it: neither the proofs nor the reference."""

from collections.abc import Iterator, Mapping
from typing import Any

from screening.rules.parse import parse
from screening.rules.ruleset import Property, RuleSet
from tests.generative import naive

Answers = Mapping[str, Any]


def breaks(ruleset: RuleSet, prop: Property, answers: Answers, second: Answers | None = None) -> bool:
    """Whether the case breaks the claim, or the two cases do; whether an alarm counts as withdrawn is as answered."""
    result = naive.decide(ruleset, answers)
    match prop.kind:
        case "whenever":
            given = prop.given is not None and is_true(ruleset, answers, prop.given)
            return (given or result.disposition in prop.given_disposition_in) and any(_otherwise(ruleset, prop, result))
        case "only_if":
            return result.disposition == prop.disposition and not _required(ruleset, prop, answers, result)
        case "total":
            return not _has_reason_in_time(ruleset, result)
    assert second is not None
    other = naive.decide(ruleset, second)
    if prop.kind == "irrelevant":
        return other.disposition != result.disposition
    less_urgent = ruleset.urgency[other.disposition] > ruleset.urgency[result.disposition]
    return less_urgent or other.contact_within_hours > result.contact_within_hours


def is_true(ruleset: RuleSet, answers: Answers, condition: str) -> bool:
    return naive.Naive(ruleset, answers).truth(parse(condition)) == naive.T


def _otherwise(ruleset: RuleSet, prop: Property, result: naive.Result) -> Iterator[bool]:
    least, hours, place = prop.at_least_as_urgent_as, prop.contact_within_hours, ruleset.urgency
    yield bool(prop.disposition_in) and result.disposition not in prop.disposition_in
    yield result.disposition in prop.disposition_not_in
    yield least is not None and place[result.disposition] > place[least]
    yield hours is not None and result.contact_within_hours > hours
    yield bool(set(prop.never_supports) & result.supports)


def _required(ruleset: RuleSet, prop: Property, answers: Answers, result: naive.Result) -> bool:
    clear = all(result.verdicts[rule.id] == naive.F for rule in ruleset.rules if rule.is_alarm)
    required = prop.requires is None or is_true(ruleset, answers, prop.requires)
    return required and (clear or not prop.requires_all_clarifying_rules_false)


def _has_reason_in_time(ruleset: RuleSet, result: naive.Result) -> bool:
    reasons = {rule.disposition for rule in ruleset.rules if result.verdicts[rule.id] == naive.T} - {None}
    if result.invalid or any(rule.is_alarm and result.verdicts[rule.id] == naive.U for rule in ruleset.rules):
        reasons.add(ruleset.clarify_disposition)
    in_time = result.contact_within_hours <= ruleset.disposition(result.disposition).contact_within_hours
    return in_time and result.disposition in (reasons or {ruleset.default_disposition})
