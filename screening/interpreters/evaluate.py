"""The reference: Case → Outcome, exactly as language.md section 5 decides it. Plain rather than fast."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from screening.rules.case import Case, read_case
from screening.rules.outcome import Outcome
from screening.rules.program import program
from screening.rules.ruleset import Disposition, Rule, RuleSet
from screening.rules.truth import PENDING, TRUE, UNKNOWN, Missing, Truth

WITHDRAWN = "alarm_withdrawn"
"""The system question a rule set declares to learn that an alarm was taken back."""


def decide(ruleset: RuleSet, answers: Mapping[str, Any], *, alarms_seen: Collection[str] = ()) -> Outcome:
    """Decide a whole response: nothing is pending, and withdrawn alarms are found.

    `alarms_seen`: the ids of the alarm rules that were true at some saved step of the intake.
    """
    answers = without_denial(answers)
    outcome = evaluate(ruleset, read_case(ruleset, answers))
    if WITHDRAWN in program(ruleset).places and withdrawn_alarms(ruleset, answers, outcome, alarms_seen):
        return evaluate(ruleset, read_case(ruleset, {**answers, WITHDRAWN: "yes"}))
    return outcome


def without_denial(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers without an `alarm_withdrawn` of 'no': nobody can declare that nothing was taken back."""
    if answers.get(WITHDRAWN) != "no":
        return answers
    return {key: value for key, value in answers.items() if key != WITHDRAWN}


def withdrawn_alarms(
    ruleset: RuleSet, answers: Mapping[str, Any], outcome: Outcome, alarms_seen: Collection[str] = ()
) -> tuple[str, ...]:
    """The alarm rules that were true at a saved step, or are with hidden answers taken as shown, and are not now."""
    before = set(alarms_seen)
    if outcome.pruned:
        before.update(evaluate(ruleset, read_case(ruleset, answers, as_shown=True)).alarms)
    return tuple(
        rule.id for rule in ruleset.rules if rule.is_alarm and rule.id in before and rule.id not in outcome.alarms
    )


def evaluate(ruleset: RuleSet, case: Case) -> Outcome:
    """The outcome of one case as it was read."""
    run = program(ruleset)
    values: dict[str, Any] = dict(case.values)
    for key, read in run.steps:
        values[key] = read(values)
    verdicts: dict[str, Truth] = {rule.id: values[key] for rule, key in run.rules}
    fired = [rule for rule, key in run.rules if values[key] is TRUE]
    unresolved = [rule for rule, key in run.rules if values[key] is UNKNOWN and rule.is_alarm]
    final = _disposition(ruleset, fired, unresolved, case)
    deciding = [rule for rule in fired if rule.disposition == final.id]
    informing = [rule for rule in fired if rule.disposition is None]
    ruled_out = {procedure for rule in deciding + informing for procedure in rule.rules_out}
    supported = {procedure for rule in deciding for procedure in rule.supports} - ruled_out
    return Outcome(
        disposition=final.id,
        contact_within_hours=_contact_within_hours(ruleset, final, fired, unresolved, case),
        fired=_ids(fired),
        unresolved=_ids(unresolved),
        ask_next=_ask_next(ruleset, case, verdicts, fired, unresolved),
        supports=tuple(procedure.id for procedure in ruleset.procedures if procedure.id in supported),
        rules_out=tuple(procedure.id for procedure in ruleset.procedures if procedure.id in ruled_out),
        approach=_approach(deciding),
        patient_texts=_patient_texts(final, deciding + informing),
        invalid=case.invalid,
        ignored=case.ignored,
        pruned=case.pruned,
        verdicts=_outside(verdicts),
        trace=_outside({key: values[key] for key in run.trace}),
        values={key: _quantity(values[key]) for key in run.quantities},
        alarms=_ids(rule for rule in fired if rule.is_alarm),
        ruleset_sha256=ruleset.sha256,
    )


def _ids(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)


def _disposition(ruleset: RuleSet, fired: list[Rule], unresolved: list[Rule], case: Case) -> Disposition:
    in_play = {rule.disposition for rule in fired if rule.disposition}
    if unresolved or case.invalid:
        in_play.add(ruleset.clarify_disposition)
    if not in_play:
        in_play.add(ruleset.default_disposition)
    return next(disposition for disposition in ruleset.dispositions if disposition.id in in_play)


def _contact_within_hours(
    ruleset: RuleSet, final: Disposition, fired: list[Rule], unresolved: list[Rule], case: Case
) -> int:
    hours = [final.contact_within_hours]
    for rule in fired:
        if rule.contact_within_hours is not None:
            hours.append(rule.contact_within_hours)
        elif rule.disposition:
            hours.append(ruleset.disposition(rule.disposition).contact_within_hours)
    hours += [rule.clarify_within_hours for rule in unresolved if rule.clarify_within_hours is not None]
    if case.invalid:
        hours.append(ruleset.invalid_answer_within_hours)
    return min(hours)


def _approach(deciding: list[Rule]) -> str | None:
    approaches = {rule.approach for rule in deciding}
    return next((name for name in ("traditional", "minimally_invasive") if name in approaches), None)


def _ask_next(
    ruleset: RuleSet, case: Case, verdicts: Mapping[str, Truth], fired: list[Rule], unresolved: list[Rule]
) -> tuple[str, ...]:
    doubtful = unresolved
    if not unresolved and not any(rule.disposition for rule in fired):
        doubtful = [rule for rule in ruleset.rules if rule.disposition and verdicts[rule.id] is UNKNOWN]
    run = program(ruleset)
    mentioned = {question_id for rule in doubtful for question_id in run.mentions(rule.when)}
    return tuple(question_id for question_id in case.shown if question_id in mentioned and case.is_open(question_id))


def _patient_texts(final: Disposition, rules: list[Rule]) -> tuple[str, ...]:
    texts = [final.patient, *(rule.patient for rule in rules)]
    return tuple(text for text in dict.fromkeys(texts) if text)


def _outside(seen: dict[str, Truth]) -> dict[str, Truth]:
    """Pending is a matter of reading a case; in an outcome it is unknown."""
    if PENDING not in seen.values():
        return seen
    return {key: UNKNOWN if truth is PENDING else truth for key, truth in seen.items()}


def _quantity(seen: float | Missing) -> float | str:
    return seen.value if isinstance(seen, Missing) else seen + 0.0  # never -0.0
