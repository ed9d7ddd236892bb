"""What a patient does: start, save a page, be stopped, go on, send. And what the program does when they fall silent."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import policies
from screening.actions import assess, call_backs, erasing, moving, steps
from screening.actions.audit import record
from screening.actions.identity import Identity, check_identity, looks_like_phone
from screening.exceptions import AlreadySubmitted, FieldErrors, NotAllowed, QuestionsChanged, UnknownQuestion
from screening.models import (
    CallBack,
    Pathway,
    Patient,
    Referral,
    Revision,
    RuleSetVersion,
    Site,
    Submission,
    WayBack,
)
from screening.policies import Actor
from screening.rules.outcome import Outcome

IDLE_BEFORE_REFERRAL = timedelta(hours=1)
Status = Submission.Status
log = logging.getLogger(__name__)
_PAGE = re.compile(r"[\w-]{0,64}", re.ASCII)


@dataclass(frozen=True)
class Step:
    """What a saved page led to. `submission` is as saved; the one passed in is stale."""

    submission: Submission
    outcome: Outcome
    # The emergency page must be shown, now.
    stop: bool
    # Urgent rules newly true: their words are shown at once, and the intake goes on.
    new_alarms: tuple[str, ...]
    referral: Referral | None


@transaction.atomic
def start_submission(
    *, actor: Actor, site: Site, pathway: Pathway, filled_by: str = "", language: str = "en"
) -> Submission:
    """Begin a run of the questionnaire on the live version. Raises NotOffered.

    `filled_by`: who answers for whom. `language`: what they read. By a member of staff: for somebody on the telephone.
    """
    pathway = Pathway.objects.get(pk=pathway.pk)
    policies.check_start(actor, site, pathway)
    submission = Submission.objects.create(
        site=site, pathway=pathway, version=pathway.live_version, filled_by=filled_by, language=language
    )
    WayBack.objects.create(submission=submission)
    after = {"version": submission.version_id, "filled_by": filled_by, "language": language}
    record(actor=actor, action="submission.start", obj=submission, after=after)
    return submission


@transaction.atomic
def leave_phone(*, actor: Actor, submission: Submission, phone: str) -> Submission:
    """Keep a telephone number, in case the line breaks. Raises FieldErrors; an empty one takes it away."""
    submission = unsent(actor, submission)
    submission.call_back_phone = _checked_phone(phone)
    submission.save(update_fields=["call_back_phone"])
    call_backs.told(actor=actor, submission=submission)
    record(actor=actor, action="submission.leave_phone", obj=submission, after={"given": bool(phone.strip())})
    return submission


@transaction.atomic
def save_step(
    *,
    actor: Actor,
    submission: Submission,
    page: str,
    answers: dict[str, Any],
    texts: dict[str, str],
    entered: dict[str, Any],
) -> Step:
    """Keep one page, as a revision with what changed, and see what it means while the rest is still pending.

    `answers`: coded values by question id; None takes an answer away, a question left out keeps its answer. `texts`:
    free text by question id. `entered`: whatever was typed, by question id, also what no answer could be made of: none
    of it is lost. The page counts as its own version asked it, also while that is retired or suspended: an emergency
    stops at once. Raises AlreadySubmitted, UnknownQuestion, QuestionsChanged.
    """
    if not _PAGE.fullmatch(page):
        raise UnknownQuestion("There is no such page. Please load the page again.")
    asked_by, submission = submission.version_id, unsent(actor, submission)
    _check_asked_by(asked_by, submission)
    before = steps.pending_outcome(submission)
    change = steps.change_of(submission, answers=answers, texts=texts, entered=entered, audiences={"patient"})
    steps.apply(submission, change)
    steps.forget_unsaved(submission, {*answers, *texts, *entered})
    step = _take_step(actor, submission, change, page=page, before=before)
    after = {"page": page, "status": step.submission.status, "changed": change.question_ids}
    record(actor=actor, action="submission.step", obj=submission, after=after | {"alarms": step.outcome.alarms})
    return step


@transaction.atomic
def bring_up_to_date(*, actor: Actor, submission: Submission) -> Step | None:
    """Move answers under way to the live version where that adds or changes a safety question; None where it does not.

    Just those questions are asked (again), and all answers are assessed by the new version; moving.move says what
    becomes of the rest. The old answers stay in the revisions. Alarms seen stay seen: one that the new answers do not
    raise counts as taken back. The new version may find an emergency in the answers that remain: it stops at once.
    Raises AlreadySubmitted.
    """
    submission = unsent(actor, submission)
    live = moving.newer_version(submission)
    if live is None:
        return None
    # The patient asked for a page; the program decided what becomes of their answers.
    program = Actor.system()
    old, before = submission.version_id, steps.pending_outcome(submission)
    going, change = moving.move(submission, live)
    step = _take_step(program, submission, change, page=Revision.MOVED, before=before)
    after = {"version": live.pk, "status": step.submission.status, "asked": going.ask}
    after |= {"taken_away": change.question_ids, "alarms": step.outcome.alarms}
    record(actor=program, action="submission.move", obj=submission, before={"version": old}, after=after)
    return step


@transaction.atomic
def tell_emergency(*, actor: Actor, submission: Submission, said: str, phone: str = "") -> Submission:
    """On the emergency page: "I have called" or "I can't call", and a number to call back. Raises FieldErrors."""
    submission = _locked(actor, submission)
    if submission.status != Status.STOPPED:
        raise NotAllowed("This form belongs to the emergency page.")
    if said not in Submission.Said.values:
        raise FieldErrors({"said": _("Choose one.")})
    submission.said_on_emergency = said or submission.said_on_emergency
    submission.call_back_phone = _checked_phone(phone) or submission.call_back_phone
    submission.save(update_fields=["said_on_emergency", "call_back_phone"])
    call_backs.told(actor=actor, submission=submission, said=said)
    after = {"said": submission.said_on_emergency, "phone_given": bool(phone.strip())}
    record(actor=actor, action="submission.tell_emergency", obj=submission, after=after)
    return submission


@transaction.atomic
def resume_after_mistake(*, actor: Actor, submission: Submission) -> Submission:
    """Go on after "I chose this by mistake". Referral and alarm stay; the same answer does not stop it again."""
    submission = unsent(actor, submission)
    if submission.status == Status.STOPPED:
        steps.set_stops_aside(submission)
        submission.status, submission.last_step_at = Status.IN_PROGRESS, timezone.now()
        submission.save()
        call_backs.chosen_by_mistake(actor=actor, submission=submission)
        after = {"status": submission.status, "set_aside": submission.stops_set_aside}
        record(actor=actor, action="submission.resume_after_mistake", obj=submission, after=after)
    return submission


@transaction.atomic
def submit(*, actor: Actor, submission: Submission, identity: Identity, consent_text: str) -> Referral:
    """Send the answers: patient, assessment, referral and audit at once, or nothing. Again gives the same referral.

    A referral that an emergency or a silence already made is brought up to date. Raises FieldErrors, NotAllowed,
    NotOffered while the pathway is suspended, and QuestionsChanged where the patient must be asked something first.
    """
    asked_by, submission = submission.version_id, _locked(actor, submission)
    if submission.status == Status.SUBMITTED:
        return submission.referral
    if submission.status == Status.STOPPED:
        raise NotAllowed("Some of your answers need help now. Please read the emergency page first.")
    policies.check_go_on(actor, submission)
    _check_asked_by(asked_by, submission)
    if moving.newer_version(submission):
        raise QuestionsChanged
    if not consent_text.strip():
        raise FieldErrors({"consent": _("Tick the box if you agree.")})
    now = timezone.now()
    check_identity(identity, submission, submission.site.local(now).date())
    submission.status, submission.submitted_at, submission.last_step_at = Status.SUBMITTED, now, now
    steps.forget_unsaved(submission, submission.unsaved)
    submission.save()
    patient = _new_patient(submission, identity, consent_text, now)
    # It was left for the one reminder, and not as a way to reach them.
    WayBack.objects.filter(pk=submission.pk).update(email="")
    referral = _refer(actor, submission, origin=Referral.Origin.SUBMITTED, now=now, patient=patient)
    record(actor=actor, action="submission.submit", obj=submission, after={"referral": referral.pk})
    return referral


def refer_unfinished(*, now: datetime) -> list[Referral]:
    """Refer every unfinished submission with an urgent alarm and no sign of life for an hour, on the answers so far.

    Who was referred so, came back, raised another one and fell silent again is referred on that one as well.
    """
    is_news = Q(referral__isnull=True) | Q(referral__assessment__made_at__lt=F("last_step_at"))
    idle = Submission.objects.filter(
        is_news, status=Status.IN_PROGRESS, last_step_at__lt=now - IDLE_BEFORE_REFERRAL
    ).exclude(alarms_shown=[])
    made = []
    for key in list(idle.order_by("last_step_at").values_list("pk", flat=True)):
        try:
            made += _refer_one_unfinished(key, now)
        except Exception:
            # One case that cannot be read must not keep the others waiting.
            log.exception("An unfinished submission could not be referred")
    return made


@transaction.atomic
def _refer_one_unfinished(key: Any, now: datetime) -> list[Referral]:
    submission = Submission.objects.select_for_update(of=("self",)).select_related("site").get(pk=key)
    idle = submission.status == Status.IN_PROGRESS and submission.last_step_at < now - IDLE_BEFORE_REFERRAL
    # The patient may have come back since we looked.
    if not idle or not submission.alarms_shown or _knows_alarms(_existing(submission), submission):
        return []
    return [_refer(Actor.system(), submission, origin=Referral.Origin.UNFINISHED, now=now)]


def _knows_alarms(referral: Referral | None, submission: Submission) -> bool:
    """Whether this referral was made on all the urgent alarms that stand."""
    if referral is None:
        return False
    return set(submission.alarms_shown) <= set(referral.assessment.read_outcome().fired)


@transaction.atomic
def refer_unsent(*, submission: Submission) -> Referral:
    """The referral of answers that were not sent: the one they have, or a new one on the answers so far."""
    submission = Submission.objects.select_for_update(of=("self",)).select_related("site").get(pk=submission.pk)
    return _existing(submission) or _refer(
        Actor.system(), submission, origin=Referral.Origin.UNFINISHED, now=timezone.now()
    )


def _take_step(actor: Actor, submission: Submission, change: steps.Change, *, page: str, before: Outcome) -> Step:
    """What a change of the answers, already applied, leads to; kept as a revision. `before`: the outcome till then."""
    now, outcome = timezone.now(), steps.pending_outcome(submission)
    steps.remember_alarms(submission, outcome)
    was_stopped = submission.status == Status.STOPPED
    new_stop = not was_stopped and steps.stops_now(submission, outcome)
    steps.keep_revision(submission, change, page=page, alarms=outcome.alarms, now=now)
    new_alarms = () if was_stopped or new_stop else steps.show_alarms(submission, outcome, before)
    if new_stop:
        # What they said at an earlier stop was about that one.
        submission.status, submission.said_on_emergency = Status.STOPPED, Submission.Said.NOTHING
    submission.last_step_at = now
    submission.save()
    referral = (
        _refer(actor, submission, origin=Referral.Origin.EMERGENCY, now=now) if new_stop else _existing(submission)
    )
    return Step(submission, outcome, was_stopped or new_stop, new_alarms, referral)


def _refer(
    actor: Actor, submission: Submission, *, origin: str, now: datetime, patient: Patient | None = None
) -> Referral:
    """Make the submission's referral, or bring the one it has up to date."""
    found = Referral.objects.select_for_update(of=("self",)).filter(submission=submission).first()
    before = assess.summary(found) if found else None
    made = assess.assess(submission, cause=origin, now=now)
    referral = found or Referral(submission=submission, site=submission.site, pathway=submission.pathway, origin=origin)
    assess.place(referral, made)
    referral.patient = patient or referral.patient
    if found:
        _take_up_again(referral)
        referral.revision += 1
    else:
        referral.made_at = now
    referral.save()
    erasing.answer_anew(referral=referral)
    _keep_call_list(actor, submission, referral, origin)
    action = "referral.update" if found else "referral.make"
    record(actor=actor, action=action, obj=referral, before=before, after=assess.summary(referral) | {"origin": origin})
    return referral


def _keep_call_list(actor: Actor, submission: Submission, referral: Referral, origin: str) -> None:
    """Whoever is shown the emergency page now is on the call-back list from now on, also if their last page says so."""
    is_open = CallBack.objects.open().filter(submission=submission).exists()
    shows_page = submission.version.ruleset.disposition(referral.disposition).stop_intake
    is_new = origin == Referral.Origin.SUBMITTED and shows_page and not is_open
    if origin == Referral.Origin.EMERGENCY or is_new:
        call_backs.reached(actor=actor, submission=submission)
    elif is_open:
        call_backs.told(actor=actor, submission=submission)


def _take_up_again(referral: Referral) -> None:
    """New answers to a case that was already decided or closed: somebody must look again."""
    if referral.status in (Referral.Status.DECIDED, Referral.Status.CLOSED, Referral.Status.WITHDRAWN):
        referral.status, referral.surgeon, referral.claimed_at = Referral.Status.WAITING, None, None
        referral.closed_at = referral.told_at = None


def _new_patient(submission: Submission, identity: Identity, consent_text: str, now: datetime) -> Patient:
    return Patient.objects.create(
        site=submission.site,
        name=identity.name.strip(),
        date_of_birth=identity.date_of_birth,
        email=identity.email.strip(),
        phone=identity.phone.strip(),
        contact_way=identity.contact_way,
        consented_at=now,
        consent_text=consent_text,
    )


def _locked(actor: Actor, submission: Submission) -> Submission:
    """The submission as it is now, locked until the transaction ends."""
    locked = Submission.objects.select_for_update(of=("self",)).select_related("site", "pathway").get(pk=submission.pk)
    # Not joined: where the version changed while we waited for the lock, PostgreSQL would find no row at all.
    locked.version = RuleSetVersion.objects.defer("document", "vignettes").get(pk=locked.version_id)
    policies.check_fill(actor, locked)
    return locked


def unsent(actor: Actor, submission: Submission) -> Submission:
    """The submission as it is now, locked until the transaction ends. Raises AlreadySubmitted."""
    locked = _locked(actor, submission)
    if locked.status == Status.SUBMITTED:
        raise AlreadySubmitted("You have already sent your answers.")
    return locked


def _check_asked_by(version_id: int, submission: Submission) -> None:
    """Raises QuestionsChanged where the answers were given to the questions of another version than it is on now."""
    if version_id != submission.version_id:
        raise QuestionsChanged


def _existing(submission: Submission) -> Referral | None:
    return Referral.objects.filter(submission=submission).first()


def _checked_phone(phone: str) -> str:
    if phone.strip() and not looks_like_phone(phone):
        raise FieldErrors({"phone": _("Enter a telephone number with its digits, like 020 7946 0000.")})
    return phone.strip()
