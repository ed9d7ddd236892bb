"""Erasing answers that were never sent, when their owner asks for it (docs/adr/0011).

At once where nobody else would ever come to see them: then it takes nothing that walking away would not take as well.
Where the clinic has them, or will by itself, it is asked, as for answers that were sent.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.actions import erasing, intake
from screening.actions.audit import record
from screening.actions.belongings import hanging_on, sweep, take_away
from screening.exceptions import NotAllowed
from screening.models import ErasureRequest, Referral, Submission
from screening.models.access import link_hash
from screening.policies import Actor

Status = ErasureRequest.Status


def needs_the_clinic(submission: Submission) -> bool:
    """Whether the clinic has these answers, or gets them without anybody sending them: an urgent alarm stands."""
    is_alarming = bool(submission.alarms_shown) or submission.unsaved_alarm
    return is_alarming or Referral.objects.filter(submission=submission).exists()


@transaction.atomic
def erase_unsent(*, actor: Actor, submission: Submission) -> ErasureRequest:
    """Everything is gone, but that it was asked for, and the hash of the link. Raises NotAllowed, AlreadySubmitted."""
    submission = intake.unsent(actor, submission)
    if needs_the_clinic(submission):
        raise NotAllowed(_("The clinic must look at your answers first. Please ask the clinic to erase them."))
    now, link = timezone.now(), link_hash(submission.private_token)
    counts = take_away(hanging_on({Submission: {submission.pk}}))
    transaction.on_commit(sweep, robust=True)
    request = ErasureRequest.objects.create(
        site=submission.site, link_hash=link, status=Status.ERASED, asked_at=now, answered_at=now, erased_at=now
    )
    after = {"submission": str(submission.pk), "rows": counts}
    record(actor=actor, action="erasure.erase_unsent", obj=request, after=after)
    return request


@transaction.atomic
def ask_for_unsent(*, actor: Actor, submission: Submission, words: str = "") -> ErasureRequest:
    """The clinic answers. It gets the answers with the request, where it had them not yet. Raises FieldErrors,
    AlreadySubmitted, and NotAllowed where nobody needs to be asked.
    """
    submission = intake.unsent(actor, submission)
    if not needs_the_clinic(submission):
        raise NotAllowed(_("Nobody needs to look at your answers. You can erase them at once."))
    # A sign of life: the link must still open when the clinic has answered.
    submission.last_step_at = timezone.now()
    submission.save(update_fields=["last_step_at"])
    referral = intake.refer_unsent(submission=submission)
    return erasing.ask_erasure(actor=actor, referral=referral, expected_revision=None, words=words)


def request_of(submission: Submission) -> ErasureRequest | None:
    """The last one about these answers."""
    referral = Referral.objects.filter(submission=submission).first()
    return erasing.request_of(referral) if referral else None
