"""Making an assessment of a submission, and what it does to the referral's place in the worklist. Shared by actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from screening.agreement import is_urgent
from screening.interpreters.evaluate import WITHDRAWN, decide, evaluate, withdrawn_alarms
from screening.models import Assessment, Referral, Submission
from screening.rules.case import read_case
from screening.rules.outcome import Outcome

Cause = Assessment.Cause
RELEASED_AT_ONCE = frozenset({Cause.EMERGENCY, Cause.UNFINISHED, Cause.SUBMITTED, Cause.WORSE})


def assess(submission: Submission, *, cause: str, now: datetime, made_by: User | None = None) -> Assessment:
    """Decide the case as it stands, nothing pending, beside any earlier assessment.

    What the patient's own sending gave, the patient sees at once; anything with a clinician's findings waits until a
    clinician sends it, unless the patient got worse and must be told to act now.
    """
    outcome = decide(submission.version.ruleset, _all_answers(submission), alarms_seen=_taken_back(submission))
    has_findings = submission.revisions.filter(made_by__isnull=False).exists()
    urgent_now = cause == Cause.WORSE and is_urgent(submission.version.ruleset, outcome.disposition)
    released = cause in RELEASED_AT_ONCE and (urgent_now or not has_findings)
    return Assessment.objects.create(
        submission=submission,
        version=submission.version,
        number=submission.assessments.count() + 1,
        answers=_assessed_answers(submission, outcome),
        outcome=outcome.to_data(),
        disposition=outcome.disposition,
        contact_within_hours=outcome.contact_within_hours,
        cause=cause,
        made_at=now,
        made_by=made_by,
        released_at=now if released else None,
    )


def _taken_back(submission: Submission) -> list[str]:
    """The alarms once seen that the patient's own answers raise no more. A finding that settles one takes none back."""
    still = own_alarms(submission)
    return [rule_id for rule_id in submission.alarms_seen if rule_id not in still]


def own_alarms(submission: Submission) -> tuple[str, ...]:
    """The alarm rules that the patient's own answers make true, without a clinician's findings."""
    ruleset = submission.version.ruleset
    findings = {question.id for question in ruleset.questions if question.audience == "clinician"}
    own = {key: answer for key, answer in submission.answers.items() if key not in findings}
    return evaluate(ruleset, read_case(ruleset, own)).alarms


def _all_answers(submission: Submission) -> dict[str, Any]:
    """Where an alarm was seen whose rule this version no longer has, nothing can settle it, so that a person must."""
    rules = {rule.id for rule in submission.version.ruleset.rules}
    answers = submission.all_answers()
    if set(submission.alarms_seen) <= rules or not _asks_about_withdrawn(submission):
        return answers
    return {**answers, WITHDRAWN: "yes"}


def _assessed_answers(submission: Submission, outcome: Outcome) -> dict[str, Any]:
    """The coded answers with what the program added, so that assessing them again gives the same."""
    answers = _all_answers(submission)
    seen = _taken_back(submission)
    taken_back = WITHDRAWN in answers or withdrawn_alarms(submission.version.ruleset, answers, outcome, seen)
    if taken_back and _asks_about_withdrawn(submission):
        return {**submission.answers, WITHDRAWN: "yes"}
    return submission.answers


def _asks_about_withdrawn(submission: Submission) -> bool:
    return any(question.id == WITHDRAWN for question in submission.version.ruleset.questions)


def place(referral: Referral, assessment: Assessment) -> None:
    """Put the newest assessment on a referral (not saved). Its deadline may move earlier, never later."""
    ranks = assessment.version.ruleset.urgency
    urgency = ranks[assessment.disposition]
    # The assessment before may be of another version: compared in this one's order, where it is in it at all.
    before = ranks.get(referral.disposition, len(ranks))
    due_at = assessment.made_at + timedelta(hours=_hours(assessment))
    is_new = referral.assessment_id is None
    if is_new:
        referral.contact_due_at = due_at
    elif referral.contacted_at is None:
        referral.contact_due_at = min(referral.contact_due_at, due_at)
    elif urgency < before or assessment.cause in (Cause.EMERGENCY, Cause.WORSE):
        # The contact was about something less urgent, or about what was before: this one needs its own.
        referral.contacted_at, referral.contact_due_at = None, due_at
    referral.assessment, referral.disposition, referral.urgency = assessment, assessment.disposition, urgency


def _hours(assessment: Assessment) -> int:
    """Within how many hours somebody must have reached the patient.

    What somebody who got worse writes about it no rule can read, so that a person does, as soon as they would look at
    an answer that cannot be right.
    """
    hours = assessment.contact_within_hours
    if assessment.cause != Cause.WORSE:
        return hours
    return min(hours, assessment.version.ruleset.invalid_answer_within_hours)


def summary(referral: Referral) -> dict[str, Any]:
    """What the audit keeps of a referral before and after each change."""
    return {
        "status": referral.status,
        "revision": referral.revision,
        "disposition": referral.disposition,
        "assessment": referral.assessment_id,
        "surgeon": referral.surgeon_id,
        "contact_due_at": referral.contact_due_at,
        "contacted_at": referral.contacted_at,
    }
