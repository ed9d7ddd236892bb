"""One referral as _components/worklist.html shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from screening.models import Referral, Submission
from screening.policies import name_of
from screening.review.words import deadline, moment, span
from screening.review.worse import is_news
from screening.rules.plain import number_in_words
from screening.rules.ruleset import RuleSet

_SAID = {
    Submission.Said.CALLED: "says they have called",
    Submission.Said.CANNOT_CALL: "says they can't call",
    Submission.Said.NOTHING: "at the emergency page",
}


def row(referral: Referral, now: datetime, *, no_mail: bool = False) -> dict[str, Any]:
    """`referral` as worklist.with_row reads it. `no_mail`: e-mails to the patient do not get through."""
    ruleset = referral.assessment.version.ruleset
    due = deadline(referral, now)
    return {
        "address": reverse("review:case", args=[referral.reference]),
        "reference": referral.reference,
        "disposition": ruleset.disposition(referral.disposition),
        "status": referral.get_status_display(),
        "age": number_in_words(referral.age) if isinstance(referral.age, int | float) else "–",
        "reason": main_reason(ruleset, referral.disposition, referral.fired, referral.unresolved),
        "note": note(referral, ruleset, now),
        "mail": "E-mails do not get through" if no_mail else "",
        "waiting": span(now - referral.made_at) if referral.is_open else "",
        "surgeon": name_of(referral.surgeon) if referral.surgeon else "",
        "words": due.words,
        "machine_when": due.machine_when,
        "exact": due.exact,
        "late": due.late,
    }


def main_reason(ruleset: RuleSet, disposition: str, fired: list[str], unresolved: list[str]) -> str:
    """The title of the rule that decided, or of the alarm nobody could rule out; and how many more there are."""
    deciding = [rule_id for rule_id in fired if ruleset.rule(rule_id).disposition == disposition]
    if deciding:
        return ruleset.rule(deciding[0]).title + _more(deciding)
    if unresolved:
        return f"Not known: {ruleset.rule(unresolved[0]).title}" + _more(unresolved)
    return "An answer that cannot be right" if disposition == ruleset.clarify_disposition else "No rule decides"


def note(referral: Referral, ruleset: RuleSet, now: datetime) -> str:
    """Why a case is where it is, where its reasons alone do not say it."""
    if referral.patient_id is None:
        return nameless_note(referral)
    return worse_note(referral, ruleset, now) if is_news(referral) else ""


def worse_note(referral: Referral, ruleset: RuleSet, now: datetime) -> str:
    label = ruleset.disposition(referral.disposition).label
    return f"Got worse, told us {moment(referral.worse_at, referral.site, now)}: now {label}"


def nameless_note(referral: Referral) -> str:
    """Why a case has no name yet, and whether there is a number to call."""
    number = "left a number" if referral.submission.call_back_phone else "left no number"
    if referral.origin == Referral.Origin.UNFINISHED:
        return f"No name yet: stopped half-way, {number}"
    return f"No name yet: {_SAID[Submission.Said(referral.submission.said_on_emergency)]}, {number}"


def _more(rule_ids: list[str]) -> str:
    return f" (+{len(rule_ids) - 1})" if len(rule_ids) > 1 else ""
