"""What staff do with a referral, and what a patient does to one by their private link.

`expected_revision` is the revision the person was looking at; when it is not the referral's any more, nothing happens
and Conflict tells who was first. Staff must give it; a patient may pass None. All raise NotAllowed as policies say.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import agreement
from screening.actions import assess, call_backs, messages, steps
from screening.actions.changes import Change
from screening.exceptions import FieldErrors, NotAllowed, ScreeningError
from screening.models import Assessment, Contact, InformationRequest, Referral, Review, Revision, Submission
from screening.policies import Actor

Status = Referral.Status
Decision = Review.Decision
QUIET_HOUR = timedelta(hours=1)
LONGEST_NOTE = 4_000


@transaction.atomic
def claim(*, actor: Actor, referral: Referral, expected_revision: int) -> Referral:
    """A surgeon takes a waiting case."""
    change = Change(actor, referral, expected_revision, "claim")
    _begin_review(change.referral, actor.account, timezone.now())
    return change.finish("claim")


@transaction.atomic
def hand_back(*, actor: Actor, referral: Referral, expected_revision: int | None) -> Referral:
    """Its surgeon, or a lead, puts the case back in the worklist."""
    change = Change(actor, referral, expected_revision, "hand_back")
    _back_to_waiting(change.referral, Review.EndedHow.HANDED_BACK, timezone.now())
    return change.finish("hand_back")


def hand_back_overdue(*, now: datetime) -> list[Referral]:
    """Put back what a surgeon claimed in time, but nobody contacted before the deadline: somebody else may be free.

    What was claimed after its deadline (an emergency is due at once) stays with its surgeon; and nobody is interrupted
    within an hour of taking a case or of assessing it again.
    """
    overdue = Referral.objects.filter(
        status=Status.IN_REVIEW,
        contacted_at=None,
        contact_due_at__lt=now,
        claimed_at__lte=F("contact_due_at"),
        claimed_at__lt=now - QUIET_HOUR,
        assessment__made_at__lt=now - QUIET_HOUR,
    )
    return [back for referral in list(overdue) if (back := _hand_back_one(referral, now))]


@transaction.atomic
def _hand_back_one(referral: Referral, now: datetime) -> Referral | None:
    change = Change(Actor.system(), referral, None)
    found = change.referral
    # It may have been decided, or the patient reached, since we looked.
    if found.status != Status.IN_REVIEW or not found.is_late(now):
        return None
    _back_to_waiting(found, Review.EndedHow.OVERDUE, now)
    return change.finish("hand_back", overdue=True)


@transaction.atomic
def record_contact(
    *,
    actor: Actor,
    referral: Referral,
    expected_revision: int,
    how: str,
    reached: bool,
    note: str = "",
    at: datetime | None = None,
) -> Contact:
    """A clinician got in touch (`reached`: stops the contact clock) or tried to. `at`: when, if not now."""
    change = Change(actor, referral, expected_revision, "record_contact")
    contact = _add_contact(change.referral, actor, how=how, reached=reached, note=note, at=at)
    change.finish("record_contact", contact=contact.pk, how=how, reached=reached)
    return contact


@transaction.atomic
def reassess(
    *,
    actor: Actor,
    referral: Referral,
    expected_revision: int | None,
    answers: dict[str, Any],
    texts: dict[str, str],
    via: str,
) -> Assessment:
    """Add a clinician's findings (via "web"), or the patient's answers by telephone ("phone") or link ("link").

    Makes a new assessment beside the earlier ones. The patient goes on seeing the released one until
    `release_assessment`. By telephone, findings may come along; on the web, patients' answers may not.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=referral.submission_id)
    audiences = _audiences(submission, {*answers, *texts})
    change = Change(actor, referral, expected_revision, *_reassess_actions(audiences, via))
    new = steps.change_of(submission, answers=answers, texts=texts, entered={}, audiences={"patient", "clinician"})
    if not new.question_ids:
        raise ScreeningError("Nothing is different from before, so there is nothing to assess again.")
    now = timezone.now()
    steps.apply(submission, new)
    submission.save()
    alarms = steps.pending_outcome(submission).alarms
    steps.keep_revision(submission, new, alarms=alarms, now=now, made_by=actor.user, via=via)
    cause = via if "patient" in audiences else Assessment.Cause.CLINICIAN
    made = assess.assess(submission, cause=cause, now=now, made_by=actor.user)
    assess.place(change.referral, made)
    change.finish("reassess", via=via, changed=new.question_ids)
    return made


@transaction.atomic
def release_assessment(*, actor: Actor, referral: Referral, expected_revision: int) -> Assessment:
    """A clinician sends the patient the latest result: from now on that is what the patient sees."""
    change = Change(actor, referral, expected_revision, "release_assessment")
    latest = change.referral.assessment
    if latest.released_at is not None:
        raise ScreeningError("The patient already sees this result.")
    latest.released_at, latest.released_by = timezone.now(), actor.account
    latest.save(update_fields=["released_at", "released_by"])
    _tell_news(change.referral)
    change.finish("release_assessment", released=latest.pk)
    return latest


@transaction.atomic
def decide(
    *,
    actor: Actor,
    referral: Referral,
    expected_revision: int,
    decision: str,
    procedures: Collection[str] = (),
    advice: str = "",
    reason: str = "",
) -> Review:
    """What the surgeon chose. Raises FieldErrors, also where it differs from the outcome and no reason is given.

    `procedures`: ids of the rule set, needed to accept for MISS. `advice` is for the patient, needed for care without
    surgery. A lead who decides somebody else's case takes it over.
    """
    change = Change(actor, referral, expected_revision, "decide")
    found, now = change.referral, timezone.now()
    differs = _check_decision(found, decision, procedures, advice, reason)
    review = _review_of(found, actor.account, now)
    review.decision, review.procedures, review.differs = decision, list(procedures), differs
    review.advice, review.reason, review.assessment = advice.strip(), reason.strip(), found.assessment
    _end(review, Review.EndedHow.DECIDED, now)
    found.status = Status.DECIDED
    if decision == Decision.URGENT_NOW and found.contacted_at is None:
        found.contact_due_at = min(found.contact_due_at, now)
    change.finish("decide", review=review.pk, decision=decision, procedures=review.procedures, differs=differs)
    return review


@transaction.atomic
def ask_patient(*, actor: Actor, referral: Referral, expected_revision: int, question: str) -> InformationRequest:
    """Ask the patient something in words. The contact deadline goes on."""
    change = Change(actor, referral, expected_revision, "ask_patient")
    if change.referral.patient_id is None:
        raise ScreeningError("They have not sent their answers, so they have no page to read a question on. Call them.")
    request = InformationRequest.objects.create(
        referral=change.referral, asked_by=actor.account, question=_needed("question", question, "Write your question.")
    )
    change.referral.status = Status.AWAITING_PATIENT
    _tell_news(change.referral)
    change.finish("ask_patient", request=request.pk)
    return request


@transaction.atomic
def answer_request(
    *, actor: Actor, referral: Referral, expected_revision: int | None, answer: str, via: str
) -> InformationRequest:
    """The patient's answer to the open question: by their link, or taken down by staff on the telephone."""
    change = Change(actor, referral, expected_revision, "answer_request")
    # Whatever a form says: only staff take answers down, only patients use their link.
    if via != (InformationRequest.Via.PHONE if actor.user else InformationRequest.Via.LINK):
        raise NotAllowed("Staff answer by telephone, patients by their link.")
    # The last one: an earlier one stays unanswered where the patient withdrew and came back.
    request = change.referral.information_requests.select_for_update().filter(answered_at=None).last()
    if request is None:
        raise NotAllowed("There is no question waiting for an answer.")
    request.answer = _needed("answer", answer, "Write the answer.")
    request.answered_at, request.answered_via, request.answered_by = timezone.now(), via, actor.user
    request.save()
    change.referral.status = Status.IN_REVIEW
    change.finish("answer_request", request=request.pk, via=via)
    return request


@transaction.atomic
def tell_patient(
    *, actor: Actor, referral: Referral, expected_revision: int, how: str, note: str = "", at: datetime | None = None
) -> Referral:
    """A clinician told the patient the decision: that is a contact, their page shows it, and the case is closed."""
    change = Change(actor, referral, expected_revision, "tell_patient")
    found, now = change.referral, timezone.now()
    contact = _add_contact(found, actor, how=how, reached=True, note=note, at=at)
    found.status, found.told_at, found.closed_at = Status.CLOSED, contact.at, now
    _tell_news(found)
    return change.finish("tell_patient", contact=contact.pk, how=how)


@transaction.atomic
def close(*, actor: Actor, referral: Referral, expected_revision: int, note: str) -> Referral:
    """Close a decided case without having told the patient; the note says why."""
    change = Change(actor, referral, expected_revision, "close")
    found = change.referral
    found.closing_note = _needed("note", note, "Say why the case is closed without telling the patient.")
    found.status, found.closed_at = Status.CLOSED, timezone.now()
    return change.finish("close")


@transaction.atomic
def reopen(*, actor: Actor, referral: Referral, expected_revision: int, reason: str) -> Review:
    """A surgeon takes a decided case up again; the earlier review stays as it was."""
    change = Change(actor, referral, expected_revision, "reopen")
    reason = _needed("reason", reason, "Say why you take this case up again.")
    review = _begin_review(change.referral, actor.account, timezone.now(), reopened_because=reason)
    change.finish("reopen", review=review.pk)
    return review


@transaction.atomic
def withdraw(*, actor: Actor, referral: Referral, expected_revision: int | None, note: str = "") -> Referral:
    """The patient takes the case back, by their link or through staff."""
    change = Change(actor, referral, expected_revision, "withdraw")
    found, now = change.referral, timezone.now()
    for review in found.reviews.filter(ended_at=None):
        _end(review, Review.EndedHow.WITHDRAWN, now)
    if len(note) > LONGEST_NOTE:
        raise FieldErrors({"note": _("Your text is too long. Make it 4,000 characters or shorter.")})
    found.status, found.closed_at, found.closing_note = Status.WITHDRAWN, now, note.strip()
    return change.finish("withdraw")


# Reviews ---------------------------------------------------------------------------------------------------------


def _begin_review(referral: Referral, surgeon: User, now: datetime, *, reopened_because: str = "") -> Review:
    referral.status, referral.surgeon, referral.claimed_at = Status.IN_REVIEW, surgeon, now
    return Review.objects.create(referral=referral, surgeon=surgeon, started_at=now, reopened_because=reopened_because)


def _review_of(referral: Referral, surgeon: User, now: datetime) -> Review:
    """The review under way; a lead's own where it was somebody else's."""
    review = referral.reviews.select_for_update().get(ended_at=None)
    if review.surgeon_id == surgeon.pk:
        return review
    _end(review, Review.EndedHow.HANDED_BACK, now)
    return _begin_review(referral, surgeon, now)


def _end(review: Review, how: str, now: datetime) -> None:
    review.ended_at, review.ended_how = now, how
    review.save()


def _back_to_waiting(referral: Referral, how: str, now: datetime) -> None:
    for review in referral.reviews.filter(ended_at=None):
        _end(review, how, now)
    referral.status, referral.surgeon, referral.claimed_at = Status.WAITING, None, None


def _check_decision(referral: Referral, decision: str, procedures: Collection[str], advice: str, reason: str) -> bool:
    """Whether it differs from the outcome; raises FieldErrors."""
    errors = {}
    ruleset = referral.assessment.version.ruleset
    if decision not in Decision.values or decision == Decision.NONE:
        raise FieldErrors({"decision": "Choose a decision."})
    if not set(procedures) <= {procedure.id for procedure in ruleset.procedures}:
        errors["procedures"] = "Choose from the list of procedures."
    if decision == Decision.ACCEPT_MISS and not procedures:
        errors["procedures"] = "Choose at least one procedure."
    if decision == Decision.CONSERVATIVE and not advice.strip():
        errors["advice"] = "Write what the patient is advised to do."
    differs = agreement.differs(ruleset, referral.assessment.read_outcome(), decision=decision, procedures=procedures)
    if differs and not reason.strip():
        errors["reason"] = "This differs from the outcome of the rules. Say why: the rules' owners will read it."
    if errors:
        raise FieldErrors(errors)
    return differs


# Small parts -----------------------------------------------------------------------------------------------------


def _tell_news(referral: Referral) -> None:
    """An e-mail, where the patient may be reached by one, that there is something new on their private page."""
    messages.queue(kind="news", submission=referral.submission)


def _add_contact(
    referral: Referral, actor: Actor, *, how: str, reached: bool, note: str, at: datetime | None
) -> Contact:
    now = timezone.now()
    moment = at or now
    if how not in Contact.How.values:
        raise FieldErrors({"how": "Choose how you contacted the patient."})
    # Times are typed without seconds: a call in the minute of the arrival came after it.
    if moment < referral.made_at < moment + timedelta(minutes=1):
        moment = referral.made_at
    if not referral.made_at <= moment <= now:
        raise FieldErrors({"at": "Enter a time between the arrival of this case and now."})
    if reached and referral.contacted_at is None:
        referral.contacted_at = moment
    call_backs.contacted(actor=actor, submission=referral.submission)
    return Contact.objects.create(
        referral=referral, at=moment, by=actor.account, how=how, reached=reached, note=note.strip()
    )


def _audiences(submission: Submission, question_ids: Collection[str]) -> set[str]:
    questions = {question.id: question for question in submission.version.ruleset.questions}
    return {questions[key].audience for key in question_ids if key in questions}


def _reassess_actions(audiences: set[str], via: str) -> list[str]:
    """What must be allowed (keys of policies.TRANSITIONS) for these answers to come this way."""
    if via not in Revision.Via.values:
        raise NotAllowed("Answers come by web, telephone or link.")
    if via == Revision.Via.LINK:
        if "clinician" in audiences:
            raise NotAllowed("Findings are a clinician's.")
        return ["answer_by_link"]
    if via == Revision.Via.WEB and "patient" in audiences:
        raise NotAllowed("Answers of the patient are marked as taken by telephone.")
    needed = {"patient": "answer_for_patient", "clinician": "add_findings"}
    return [needed[audience] for audience in sorted(audiences & needed.keys())] or ["add_findings"]


def _needed(field: str, text: str, message: str) -> str:
    if not text.strip():
        raise FieldErrors({field: message})
    return text.strip()
