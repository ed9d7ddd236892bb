"""Erasing everything held about a patient who asks for it, once an administrator of the clinic agreed.

What was never sent has a module of its own, erasing_unsent. What stays is the request itself, with ids, and the audit.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import policies
from screening.actions import columnar, messages
from screening.actions.audit import record
from screening.actions.belongings import held_about, sweep, take_away
from screening.actions.changes import Change
from screening.exceptions import FieldErrors, NotAllowed
from screening.models import ErasureRequest, Message, Referral, Submission
from screening.models.access import link_hash
from screening.policies import Actor

Status = ErasureRequest.Status
OPEN = (Status.ASKED, Status.APPROVED)
LONGEST = 4_000
log = logging.getLogger(__name__)


@transaction.atomic
def ask_erasure(*, actor: Actor, referral: Referral, expected_revision: int | None, words: str = "") -> ErasureRequest:
    """The patient asks. Asking twice is asking once. Raises FieldErrors."""
    change = Change(actor, referral, expected_revision, "ask_erasure")
    if len(words) > LONGEST:
        raise FieldErrors({"words": _("Your text is too long. Make it 4,000 characters or shorter.")})
    if (asked := request_of(referral)) and asked.status in OPEN:
        return asked
    asked = ErasureRequest.objects.create(
        site=change.referral.site, referral=referral.pk, reference=referral.reference, words=words.strip()
    )
    change.finish("ask_erasure", request=asked.pk)
    return asked


@transaction.atomic
def keep_after_all(*, actor: Actor, referral: Referral) -> ErasureRequest:
    """The patient changed their mind, and nothing was erased yet. Raises NotAllowed where nothing waits."""
    change = Change(actor, referral, None, "keep_after_all")
    request = ErasureRequest.objects.select_for_update().filter(referral=referral.pk, status__in=OPEN).first()
    if request is None:
        raise NotAllowed(_("There is nothing to take back."))
    request.status, request.answered_at = Status.TAKEN_BACK, request.answered_at or timezone.now()
    request.save()
    change.finish("keep_after_all", request=request.pk)
    return request


@transaction.atomic
def answer_anew(*, referral: Referral) -> None:
    """For the caller that has locked the referral. Who gets worse, or comes back, needs their record: what was agreed
    to and not done yet is asked of the clinic once more.
    """
    for request in ErasureRequest.objects.filter(referral=referral.pk, status=Status.APPROVED):
        request.status, request.answered_at, request.answered_by = Status.ASKED, None, None
        request.save()
        record(actor=Actor.system(), action="erasure.answer_anew", obj=request, after={"referral": referral.pk})


def request_of(referral: Referral) -> ErasureRequest | None:
    """The last one about this referral."""
    return ErasureRequest.objects.filter(referral=referral.pk).order_by("pk").last()


@transaction.atomic
def refuse_erasure(*, actor: Actor, request: ErasureRequest, reason: str) -> ErasureRequest:
    """An administrator says no, and why: the patient reads it. Raises FieldErrors, NotAllowed."""
    request = _asked(actor, request)
    if not reason.strip() or len(reason) > LONGEST:
        raise FieldErrors({"reason": "Say why, in words that the patient understands."})
    request.status, request.reason = Status.REFUSED, reason.strip()
    _answer(actor, request)
    record(actor=actor, action="erasure.refuse", obj=request, after={"referral": request.referral})
    return request


@transaction.atomic
def approve_erasure(*, actor: Actor, request: ErasureRequest) -> ErasureRequest:
    """An administrator says yes. Erased at once; where the patient is told by e-mail, as soon as that has left."""
    request = _asked(actor, request)
    request.status = Status.APPROVED
    _answer(actor, request)
    record(actor=actor, action="erasure.approve", obj=request, after={"referral": request.referral})
    return _erase(request) if _is_told(request) else request


def erase_approved(*, now: datetime) -> list[ErasureRequest]:
    """Erase what was agreed to, where the patient was told or cannot be. Run by every worker, all the time.

    `messages` gives up after some days: then it is erased as well.
    """
    erased = []
    for request in list(ErasureRequest.objects.filter(status=Status.APPROVED)):
        if not _is_told(request):
            continue
        try:
            erased += _erase_one(request)
        except Exception:
            # One that cannot be erased must not keep the others.
            log.exception("A record could not be erased")
    return erased


@transaction.atomic
def _erase_one(request: ErasureRequest) -> list[ErasureRequest]:
    request = ErasureRequest.objects.select_for_update(of=("self",)).select_related("site").get(pk=request.pk)
    return [_erase(request)] if request.status == Status.APPROVED and _is_told(request) else []


def _asked(actor: Actor, request: ErasureRequest) -> ErasureRequest:
    request = ErasureRequest.objects.select_for_update(of=("self",)).select_related("site").get(pk=request.pk)
    policies.check_answer_erasure(actor, request.site)
    if request.status != Status.ASKED:
        raise NotAllowed("Somebody has answered this request already.")
    return request


def _answer(actor: Actor, request: ErasureRequest) -> None:
    request.answered_at, request.answered_by = timezone.now(), actor.account
    request.save()
    submission = Submission.objects.filter(referral=request.referral).first()
    if submission is not None:
        messages.queue(kind="news", submission=submission)


def _is_told(request: ErasureRequest) -> bool:
    """Nothing is on its way to the patient any more."""
    return not Message.objects.under_way().filter(submission__referral=request.referral).exists()


# Erasing ---------------------------------------------------------------------------------------------------------


def _erase(request: ErasureRequest) -> ErasureRequest:
    """Everything but the request, which keeps ids and the hash of the link, so that it can say what happened."""
    referral = Referral.objects.select_for_update().filter(pk=request.referral).first()
    counts: dict[str, int] = {}
    if referral is not None:
        request.link_hash = link_hash(referral.private_token)
        key, counts = referral.pk, take_away(held_about(referral))
        # Its files have a lock of their own, which must not be waited for here. What it misses now, it drops when it is
        # brought up to date.
        transaction.on_commit(lambda: columnar.forget([key]), robust=True)
        transaction.on_commit(sweep, robust=True)
    request.status, request.erased_at, request.words = Status.ERASED, timezone.now(), ""
    request.save()
    # Earlier requests of theirs had words as well.
    ErasureRequest.objects.filter(referral=request.referral).update(words="", link_hash=request.link_hash)
    record(
        actor=Actor.system(), action="erasure.erase", obj=request, after={"referral": request.referral, "rows": counts}
    )
    return request
