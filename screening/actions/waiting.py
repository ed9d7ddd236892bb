"""What a patient does while their case waits: tells that it got worse, corrects how to reach them, comes back.

`expected_revision` as in actions.review. Withdrawing is there as well, since staff do it for patients too; erasing has
a module of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import policies
from screening.actions import assess, call_backs, erasing, messages, steps
from screening.actions.audit import record
from screening.actions.changes import Change
from screening.actions.identity import Identity, check_contact, check_identity, looks_like_phone
from screening.exceptions import FieldErrors, NotAllowed, UnknownQuestion
from screening.models import Assessment, Correction, FormerDetails, Patient, Referral, Revision, Submission
from screening.policies import Actor

Status = Referral.Status
SAME_REPORT = timedelta(hours=1)
"""Within this, the same words and answers once more are the same report: a second press, a page loaded again."""
LONGEST_REMARK = 4_000


@dataclass(frozen=True)
class Worse:
    """What it led to that somebody got worse."""

    referral: Referral
    assessment: Assessment
    # The emergency page must be shown, now.
    stop: bool


# It got worse ----------------------------------------------------------------------------------------------------


@transaction.atomic
def tell_worse(
    *,
    actor: Actor,
    referral: Referral,
    answers: dict[str, Any],
    entered: dict[str, Any] | None = None,
    remark: str = "",
) -> Worse:
    """The safety questions answered anew, and what changed in the patient's own words. Assessed at once.

    `answers`: coded values by question id, only of safety questions; one left out keeps its earlier answer, so that
    what was told before is never lost by not telling it again. An alarm that the new answers take back is withdrawn.
    The deadline of the contact moves earlier, never later; an earlier contact was not about this and does not count.
    A case that was decided, closed or withdrawn waits again. Nobody is asked which revision they saw: that somebody got
    worse must arrive whatever else happened. Raises UnknownQuestion, FieldErrors, NotAllowed before anything was sent.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=referral.submission_id)
    change = Change(actor, referral, None)
    _check_may_tell(actor, change.referral, submission, answers)
    now, remark = timezone.now(), _checked_remark(remark)
    new = steps.change_of(submission, answers=answers, texts={}, entered=entered or {}, audiences={"patient"})
    if not new.question_ids and (told := _told_just_now(submission, remark, now)):
        return _worse(change.referral, told)
    made = _assess_worse(submission, new, remark, now)
    _take_up(change.referral)
    assess.place(change.referral, made)
    change.referral.worse_at = now
    erasing.answer_anew(referral=change.referral)
    found = _worse(change.referral, made)
    if found.stop:
        # What they said at an earlier emergency was about that one.
        submission.said_on_emergency = Submission.Said.NOTHING
        submission.save(update_fields=["said_on_emergency"])
        call_backs.reached(submission=submission, actor=actor)
    change.finish("worse", assessment=made.pk, changed=new.question_ids)
    return found


@transaction.atomic
def tell_emergency(*, actor: Actor, referral: Referral, said: str, phone: str = "") -> Submission:
    """On the emergency page behind the private link: "I have called" or "I can't call", and a number to call back."""
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=referral.submission_id)
    policies.check_fill(actor, submission)
    if said not in Submission.Said.values:
        raise FieldErrors({"said": _("Choose one.")})
    if phone.strip() and not looks_like_phone(phone):
        raise FieldErrors({"phone": _("Enter a telephone number with its digits, like 020 7946 0000.")})
    submission.said_on_emergency = said or submission.said_on_emergency
    submission.call_back_phone = phone.strip() or submission.call_back_phone
    submission.save(update_fields=["said_on_emergency", "call_back_phone"])
    call_backs.told(actor=actor, submission=submission, said=said)
    after = {"said": submission.said_on_emergency, "phone_given": bool(phone.strip())}
    record(actor=actor, action="submission.tell_emergency", obj=submission, after=after)
    return submission


def _check_may_tell(actor: Actor, referral: Referral, submission: Submission, answers: Collection[str]) -> None:
    ended = referral.status in policies.TRANSITIONS["tell_worse_later"].from_statuses
    policies.check_referral_action(actor, referral, "tell_worse_later" if ended else "tell_worse")
    if submission.status != Submission.Status.SUBMITTED:
        raise NotAllowed(_("Please go on with the questions: your answers there count at once."))
    asked = {question.id for question in safety_questions(submission)}
    if not asked.issuperset(answers):
        raise UnknownQuestion(_("Only the safety questions are asked here. Please load the page again."))


def safety_questions(submission: Submission) -> list[Any]:
    """Those of its version that patients are asked, in the order of the document."""
    questions = submission.version.ruleset.questions
    return [question for question in questions if question.safety and question.audience == "patient"]


def _checked_remark(remark: str) -> str:
    if len(remark.strip()) > LONGEST_REMARK:
        raise FieldErrors({"remark": _("Your text is too long. Make it 4,000 characters or shorter.")})
    return remark.strip()


def _told_just_now(submission: Submission, remark: str, now: datetime) -> Assessment | None:
    """The assessment of this very report, where it came a moment ago."""
    last = submission.revisions.order_by("-number").first()
    if last is None or (last.page, last.remark) != (Revision.WORSE, remark) or now - last.made_at > SAME_REPORT:
        return None
    return submission.assessments.filter(cause=Assessment.Cause.WORSE).order_by("-number").first()


def _assess_worse(submission: Submission, new: steps.Change, remark: str, now: datetime) -> Assessment:
    _remember_own_alarms(submission)
    steps.apply(submission, new)
    alarms = _remember_own_alarms(submission)
    submission.save()
    steps.keep_revision(
        submission, new, page=Revision.WORSE, alarms=alarms, now=now, via=Revision.Via.LINK, remark=remark
    )
    return assess.assess(submission, cause=Assessment.Cause.WORSE, now=now)


def _remember_own_alarms(submission: Submission) -> tuple[str, ...]:
    """Also what was raised by telephone: no alarm of the patient's own may go without somebody asking why."""
    alarms = assess.own_alarms(submission)
    submission.alarms_seen = list(dict.fromkeys([*submission.alarms_seen, *alarms]))
    return alarms


def _take_up(referral: Referral) -> None:
    """A case that had ended waits again: whatever was decided was about something else."""
    if referral.status in policies.TRANSITIONS["tell_worse_later"].from_statuses:
        referral.status, referral.surgeon, referral.claimed_at = Status.WAITING, None, None
        referral.closed_at = referral.told_at = None


def _worse(referral: Referral, made: Assessment) -> Worse:
    return Worse(referral, made, made.version.ruleset.disposition(made.disposition).stop_intake)


@transaction.atomic
def mistake_on_emergency(*, actor: Actor, referral: Referral) -> None:
    """ "I chose this by mistake": the alarm stays until they have answered anew, and staff ask even then."""
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=referral.submission_id)
    policies.check_fill(actor, submission)
    call_backs.chosen_by_mistake(actor=actor, submission=submission)
    record(actor=actor, action="submission.mistake", obj=submission)


# Details ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def correct_contact(
    *, actor: Actor, referral: Referral, expected_revision: int | None, email: str, phone: str, contact_way: str
) -> Referral:
    """The patient says how to reach them from now on, by link or to staff; what it said before is kept.

    Raises FieldErrors.
    """
    change = Change(actor, referral, expected_revision, "correct_contact")
    patient = _patient_of(change.referral)
    wanted = replace(_identity(patient), email=email.strip(), phone=phone.strip(), contact_way=contact_way)
    check_contact(wanted)
    if wanted == _identity(patient):
        return change.referral
    changed = _correct(patient, wanted, actor)
    if {"email", "contact_way"}.intersection(changed):
        _readdress(change.referral.submission)
    return change.finish("correct_contact", changed=changed)


@transaction.atomic
def correct_identity(
    *, actor: Actor, referral: Referral, expected_revision: int, name: str, date_of_birth: date
) -> Referral:
    """Staff correct by what a patient is known, after having made sure; open wishes for it are settled."""
    change = Change(actor, referral, expected_revision, "correct_identity")
    patient, site = _patient_of(change.referral), change.referral.site
    wanted = replace(_identity(patient), name=name.strip(), date_of_birth=date_of_birth)
    check_identity(wanted, change.referral.submission, site.local(timezone.now()).date())
    changed = _correct(patient, wanted, actor) if wanted != _identity(patient) else []
    open_wishes = change.referral.corrections.filter(settled_at=None)
    open_wishes.update(settled_at=timezone.now(), settled_by=actor.account)
    return change.finish("correct_identity", changed=changed)


@transaction.atomic
def ask_correction(*, actor: Actor, referral: Referral, expected_revision: int | None, words: str) -> Correction:
    """The patient says that their name or date of birth is wrong. The same words again change nothing."""
    change = Change(actor, referral, expected_revision, "ask_correction")
    _patient_of(change.referral)
    words = words.strip()
    if not words or len(words) > LONGEST_REMARK:
        raise FieldErrors({"words": _("Write what is wrong, and how it should be, in 4,000 characters or fewer.")})
    for asked in change.referral.corrections.filter(settled_at=None):
        if asked.words == words:
            return asked
    asked = Correction.objects.create(referral=change.referral, words=words)
    change.finish("ask_correction", correction=asked.pk)
    return asked


def _readdress(submission: Submission) -> None:
    """What still waits to be sent to an address that is wrong, and may be a stranger's, goes to the new one."""
    if messages.drop(submission=submission, kinds=["news"]):
        messages.queue(kind="news", submission=submission)


def _patient_of(referral: Referral) -> Patient:
    if referral.patient_id is None:
        raise NotAllowed(_("You have not told us who you are yet."))
    return Patient.objects.select_for_update().get(pk=referral.patient_id)


def _identity(patient: Patient) -> Identity:
    return Identity(patient.name, patient.date_of_birth, patient.email, patient.phone, patient.contact_way)


def _correct(patient: Patient, wanted: Identity, actor: Actor) -> list[str]:
    """The names of what changed; the old is kept first."""
    before = _identity(patient)
    FormerDetails.objects.create(patient=patient, by=actor.user, **vars(before))
    changed = [field for field, value in vars(wanted).items() if value != getattr(before, field)]
    for field in changed:
        setattr(patient, field, getattr(wanted, field))
    patient.save(update_fields=changed)
    return changed


# Coming back -----------------------------------------------------------------------------------------------------


@transaction.atomic
def come_back(*, actor: Actor, referral: Referral, expected_revision: int | None) -> Referral:
    """The patient wants an answer after all: the case waits again. The clock that stood still starts anew."""
    change = Change(actor, referral, expected_revision, "come_back")
    found = change.referral
    found.status, found.surgeon, found.claimed_at, found.closed_at = Status.WAITING, None, None, None
    due_at = timezone.now() + timedelta(hours=found.assessment.contact_within_hours)
    # What is still ahead of it stays: a deadline is never put off by going away.
    found.contact_due_at = found.contact_due_at if found.contact_due_at > timezone.now() else due_at
    erasing.answer_anew(referral=found)
    return change.finish("come_back")
