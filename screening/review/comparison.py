"""The assessments of a case side by side: each with what is different from the one before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from screening.models import Assessment
from screening.policies import name_of
from screening.review.alarms import Swapped
from screening.review.dossier import Dossier
from screening.review.words import moment
from screening.rules.outcome import Outcome
from screening.rules.plain import answer_in_words, hours_in_words
from screening.rules.ruleset import Disposition, Rule, RuleSet


@dataclass(frozen=True)
class Compared:
    """One assessment. `gained` and `lost` are rules that fire, or no longer do, against the one before."""

    number: int
    when: str
    because: str
    disposition: Disposition
    within: str
    seen_by_patient: bool
    is_latest: bool
    gained: list[Rule] = field(default_factory=list)
    lost: list[Rule] = field(default_factory=list)
    swapped: list[Swapped] = field(default_factory=list)


def compared(dossier: Dossier) -> list[Compared]:
    """The first first; empty where there is only one, since there is nothing to compare."""
    if len(dossier.assessments) < 2:
        return []
    return [
        _compared(dossier, one, before)
        for before, one in zip([None, *dossier.assessments], dossier.assessments, strict=False)
    ]


def _compared(dossier: Dossier, one: Assessment, before: Assessment | None) -> Compared:
    ruleset, outcome = one.version.ruleset, one.read_outcome()
    last = before.read_outcome() if before else None
    return Compared(
        number=one.number,
        when=moment(one.made_at, dossier.site, dossier.now),
        because=because(one),
        disposition=ruleset.disposition(one.disposition),
        within="at once" if one.contact_within_hours == 0 else f"within {hours_in_words(one.contact_within_hours)}",
        seen_by_patient=one == dossier.released,
        is_latest=one.pk == dossier.assessment.pk,
        gained=_beyond(ruleset, outcome, last),
        lost=_beyond(before.version.ruleset, last, outcome) if before and last else [],
        swapped=swapped(ruleset, before.answers, one.answers) if before else [],
    )


def because(one: Assessment) -> str:
    """What brought it about, and who."""
    words = one.get_cause_display()
    return f"{words} ({name_of(one.made_by)})" if one.made_by else words


def _beyond(ruleset: RuleSet, outcome: Outcome | None, other: Outcome | None) -> list[Rule]:
    if outcome is None or other is None:
        return []
    return [ruleset.rule(rule_id) for rule_id in outcome.fired if rule_id not in other.fired]


def swapped(ruleset: RuleSet, before: dict[str, Any], after: dict[str, Any]) -> list[Swapped]:
    """The coded answers that differ, in words."""
    return [
        Swapped(question.text, *(answer_in_words(question, answers.get(question.id)) for answers in (before, after)))
        for question in ruleset.questions
        if question.audience != "system" and before.get(question.id) != after.get(question.id)
    ]
