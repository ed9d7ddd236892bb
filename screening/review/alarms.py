"""Alarms that were true at some step of the intake and are not now: what was answered first, and what instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from screening.interpreters.evaluate import withdrawn_alarms
from screening.models import Revision, RuleSetVersion
from screening.review.dossier import Dossier
from screening.rules.plain import answer_in_words
from screening.rules.program import program
from screening.rules.ruleset import Question, Rule


@dataclass(frozen=True)
class Swapped:
    """An answer before and now, in words."""

    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Withdrawn:
    rule: Rule
    # The version that had the rule, where the latest one does not have it any more.
    version: RuleSetVersion | None
    # The last saved step at which it was true; None where only a hidden answer would make it so.
    seen_at: datetime | None
    swapped: list[Swapped]
    # A clinician's findings made the difference, not the patient.
    by_findings: bool


def withdrawn(dossier: Dossier) -> list[Withdrawn]:
    """In the order of the rule set; then those that only an earlier version had."""
    answers, seen = dossier.submission.all_answers(), dossier.submission.alarms_seen
    ids = withdrawn_alarms(dossier.ruleset, answers, dossier.outcome, seen)
    found = [_withdrawn(dossier, dossier.ruleset.rule(rule_id)) for rule_id in ids]
    known = {rule.id for rule in dossier.ruleset.rules}
    return [*found, *_of_earlier_versions(dossier, [rule_id for rule_id in seen if rule_id not in known])]


def _of_earlier_versions(dossier: Dossier, rule_ids: list[str]) -> Iterator[Withdrawn]:
    """Seen before the answers were moved to a version without that rule."""
    before = dossier.assessment.version
    earlier = before.pathway.versions.filter(number__lt=before.number) if rule_ids else ()
    for rule_id in rule_ids:
        rules = ((rule, version) for version in earlier for rule in version.ruleset.rules if rule.id == rule_id)
        if one := next(rules, None):
            yield _withdrawn(dossier, *one)


def _withdrawn(dossier: Dossier, rule: Rule, version: RuleSetVersion | None = None) -> Withdrawn:
    step = next((one for one in reversed(dossier.revisions) if rule.id in one.alarms), None)
    before = answers_at(dossier.revisions, step.number) if step else dossier.submission.all_answers()
    ruleset = version.ruleset if version else dossier.ruleset
    asked = program(ruleset).mentions(rule.when)
    questions = [question for question in ruleset.questions if question.id in asked]
    found = {question: one for question in questions if (one := _swapped(dossier, question, before))}
    by_findings = bool(found) and all(question.audience == "clinician" for question in found)
    return Withdrawn(rule, version, step.made_at if step else None, list(found.values()), by_findings)


def answers_at(revisions: list[Revision], number: int) -> dict[str, Any]:
    """The answers, texts too, as they were after the step of that number."""
    answers: dict[str, Any] = {}
    for revision in revisions:
        if revision.number <= number:
            answers |= {**revision.changes, **revision.texts}
    return {key: value for key, value in answers.items() if value is not None}


def _swapped(dossier: Dossier, question: Question, before: Mapping[str, Any]) -> Swapped | None:
    was, now = before.get(question.id), dossier.submission.all_answers().get(question.id)
    if question.id in dossier.case.pruned and was is not None:
        return Swapped(question.text, answer_in_words(question, was), "no longer asked")
    if was == now:
        return None
    return Swapped(question.text, answer_in_words(question, was), answer_in_words(question, now))
