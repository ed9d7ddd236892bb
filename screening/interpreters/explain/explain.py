"""From a case and its Outcome to an Explanation."""

from collections.abc import Iterator, Mapping
from typing import Any

from screening.interpreters.explain.logic import logic
from screening.interpreters.explain.records import Answer, Explanation, Reason, RuleExplanation, Source
from screening.interpreters.explain.walk import Walk, distinct
from screening.rules.case import Case, read_case
from screening.rules.outcome import Outcome
from screening.rules.plain import hours_in_words, listed
from screening.rules.ruleset import Rule, RuleSet
from screening.rules.truth import TRUE, UNKNOWN


def explain(ruleset: RuleSet, answers: Case | Mapping[str, Any], outcome: Outcome) -> Explanation:
    """Why this outcome: every rule that fired or is unresolved, with its reasons.

    `answers`: the case the outcome was made from, or its answers. Raises ValueError for another rule set's outcome.
    """
    account = _Account(ruleset, answers, outcome)
    final = ruleset.disposition(outcome.disposition)
    fired = sorted(map(ruleset.rule, outcome.fired), key=account.place)
    return Explanation(
        disposition=final.id,
        disposition_label=final.label,
        contact_within_hours=outcome.contact_within_hours,
        summary=tuple(_summary(ruleset, outcome)),
        fired=tuple(map(account.fired, fired)),
        unresolved=tuple(account.unresolved(ruleset.rule(rule_id)) for rule_id in outcome.unresolved),
        invalid=tuple(map(account.walk.answer, outcome.invalid)),
        ruleset_sha256=ruleset.sha256,
    )


def why_not(ruleset: RuleSet, answers: Case | Mapping[str, Any], outcome: Outcome, rule_id: str) -> RuleExplanation:
    """What a rule would need, and does not have, to fire; no reasons where it fired. Raises KeyError and ValueError."""
    return _Account(ruleset, answers, outcome).not_fired(ruleset.rule(rule_id))


class _Account:
    """Explains the rules of one case."""

    def __init__(self, ruleset: RuleSet, answers: Case | Mapping[str, Any], outcome: Outcome) -> None:
        if outcome.ruleset_sha256 != ruleset.sha256:
            raise ValueError("This outcome was made with another rule set.")
        self.ruleset, self.outcome = ruleset, outcome
        self.logic = logic(ruleset)
        case = answers if isinstance(answers, Case) else read_case(ruleset, answers)
        self.walk = Walk(self.logic, case, outcome)

    def place(self, rule: Rule) -> int:
        """What decides first, what is overtaken after it by urgency, what only informs last."""
        return self.ruleset.urgency[rule.disposition] if rule.disposition else len(self.ruleset.dispositions)

    def fired(self, rule: Rule) -> RuleExplanation:
        return self.rule(rule, self.walk.deciding(self.logic.rules[rule.id], TRUE), _hours(self.ruleset, rule))

    def unresolved(self, rule: Rule) -> RuleExplanation:
        return self.rule(rule, self.walk.deciding(self.logic.rules[rule.id], UNKNOWN), rule.clarify_within_hours)

    def not_fired(self, rule: Rule) -> RuleExplanation:
        return self.rule(rule, self.walk.lacking(self.logic.rules[rule.id]), _hours(self.ruleset, rule))

    def rule(self, rule: Rule, reasons: list[Reason], hours: int | None) -> RuleExplanation:
        disposition = self.ruleset.disposition(rule.disposition) if rule.disposition else None
        verdict = self.outcome.verdicts.get(rule.id, UNKNOWN)
        return RuleExplanation(
            rule=rule.id,
            title=rule.title,
            verdict=verdict,
            disposition=rule.disposition,
            disposition_label=disposition.label if disposition else "",
            within_hours=hours,
            surgeon=rule.surgeon,
            why=rule.why,
            sources=tuple(map(self.source, rule.cites)),
            alarm=rule.is_alarm,
            overtaken=verdict is TRUE and rule.disposition not in (None, self.outcome.disposition),
            reasons=tuple(distinct(reasons)),
            settled_by=self.settled_by(rule) if verdict is UNKNOWN else (),
        )

    def settled_by(self, rule: Rule) -> tuple[Answer, ...]:
        """The questions whose answers would decide an unknown rule."""
        return self.walk.open_questions(self.walk.deciding(self.logic.rules[rule.id], UNKNOWN))

    def source(self, citation_id: str) -> Source:
        citation = self.ruleset.citations[citation_id]
        return Source(citation_id, citation.text, citation.url, citation.status)


def _hours(ruleset: RuleSet, rule: Rule) -> int | None:
    if rule.contact_within_hours is not None or not rule.disposition:
        return rule.contact_within_hours
    return ruleset.disposition(rule.disposition).contact_within_hours


def _summary(ruleset: RuleSet, outcome: Outcome) -> Iterator[str]:
    final = ruleset.disposition(outcome.disposition)
    fired = [ruleset.rule(rule_id) for rule_id in outcome.fired]
    deciding = [rule.id for rule in fired if rule.disposition == final.id]
    if deciding:
        yield f"“{final.label}” because of {_rules(deciding)}."
    if final.id == ruleset.clarify_disposition and outcome.unresolved:
        yield f"“{final.label}” because it cannot be told whether {_apply(outcome.unresolved)}."
    if final.id == ruleset.clarify_disposition and outcome.invalid:
        yield f"“{final.label}” because an answer cannot be used."
    if not (any(rule.disposition for rule in fired) or outcome.unresolved or outcome.invalid):
        yield f"“{final.label}” because no rule decided otherwise."
    limits = _limits(ruleset, outcome, fired)
    yield f"Contact {_within(outcome.contact_within_hours)}{': ' + listed(limits, 'and') if limits else ''}."


def _limits(ruleset: RuleSet, outcome: Outcome, fired: list[Rule]) -> list[str]:
    """What asks for the outcome's time limit."""
    hours, final = outcome.contact_within_hours, ruleset.disposition(outcome.disposition)
    limits = ["the limit of this disposition"] if final.contact_within_hours == hours else []
    own = [rule.id for rule in fired if _hours(ruleset, rule) == hours and final.contact_within_hours != hours]
    if own:
        limits.append(f"asked for by {_rules(own)}")
    doubtful = [name for name in outcome.unresolved if ruleset.rule(name).clarify_within_hours == hours]
    if doubtful:
        limits.append(f"to clarify {_rules(doubtful)}")
    if outcome.invalid and ruleset.invalid_answer_within_hours == hours:
        limits.append("to clarify an answer that cannot be used")
    return limits


def _apply(rule_ids: tuple[str, ...]) -> str:
    return f"{_rules(rule_ids)} {'apply' if len(rule_ids) > 1 else 'applies'}"


def _rules(rule_ids: list[str] | tuple[str, ...]) -> str:
    return f"rule{'s' if len(rule_ids) > 1 else ''} {listed(rule_ids, 'and')}"


def _within(hours: int) -> str:
    return "at once" if hours == 0 else f"within {hours_in_words(hours)}"
