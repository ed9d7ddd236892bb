"""What staff do about people who reached the emergency page: take the call, note each call, close.

`expected_revision` is the one that the person saw: whoever comes second is told who was first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from screening import policies
from screening.actions import review
from screening.actions.audit import record
from screening.actions.call_backs import summary
from screening.actions.changes import conflict_over
from screening.exceptions import FieldErrors, NotAllowed
from screening.models import AuditEvent, CallBack, Contact, Referral, Submission
from screening.policies import Actor

LONGEST_NOTE = 4_000
Ended = CallBack.Ended


@transaction.atomic
def take(*, actor: Actor, call_back: CallBack, expected_revision: int) -> CallBack:
    """This person calls: nobody is alerted any more. Also from somebody else, whose shift has ended."""
    found = _locked(actor, call_back, expected_revision, only_staff=True)
    return _finish(actor, found, "take", **_taken(found, actor, again=True))


@transaction.atomic
def note_call(
    *,
    actor: Actor,
    call_back: CallBack,
    expected_revision: int,
    reached: bool,
    note: str = "",
    at: datetime | None = None,
) -> Contact:
    """A call, whether it was answered or not: a contact of the case. Whoever calls has taken it. Raises FieldErrors."""
    found = _locked(actor, call_back, expected_revision, only_staff=True)
    contact = _contact(actor, found, reached=reached, note=_checked(note), at=at)
    # A contact of the case takes the call by itself.
    found.refresh_from_db()
    _finish(actor, found, "call", {"contact": contact.pk, "reached": reached}, **_taken(found, actor))
    return contact


@transaction.atomic
def close(*, actor: Actor, call_back: CallBack, expected_revision: int, ended: str, note: str = "") -> CallBack:
    """How it ended. Raises FieldErrors."""
    if ended not in Ended.values or ended == Ended.NOT_YET:
        raise FieldErrors({"ended": "Choose how it ended."})
    if ended == Ended.OTHER and not note.strip():
        raise FieldErrors({"note": "Write how it ended."})
    found = _locked(actor, call_back, expected_revision)
    return _close(actor, found, ended, _checked(note))


@transaction.atomic
def close_flood(*, actor: Actor, flood: str) -> int:
    """Close those of one flood that left no way to reach them; the others are closed one by one. How many."""
    policies.check_read_referrals(actor)
    wanted = CallBack.objects.open().filter(site=actor.site, flood=flood, is_reachable=False) if flood else []
    keys = [(one.pk, one.submission_id) for one in wanted]
    # In one order, as every action locks: the submissions, then the rest.
    list(Submission.objects.select_for_update().filter(pk__in=[key for _, key in keys]).order_by("pk"))
    found = CallBack.objects.select_for_update().open().filter(pk__in=[key for key, _ in keys], is_reachable=False)
    return len([_close(actor, one, Ended.NO_WAY, "") for one in found.select_related("site")])


def _locked(actor: Actor, call_back: CallBack, expected_revision: int, *, only_staff: bool = False) -> CallBack:
    """As it is now, still as it was seen, and open. Raises NotAllowed, Conflict.

    `only_staff`: what the patient did meanwhile is no reason not to call them.
    """
    policies.check_call_back(actor, call_back)
    # First what the patient's own steps lock first.
    Submission.objects.select_for_update().get(pk=call_back.submission_id)
    CallBack.objects.select_for_update().get(pk=call_back.pk)
    found = CallBack.objects.select_related("site", "taken_by").get(pk=call_back.pk)
    if found.revision != expected_revision and (not only_staff or _changed_by_staff(found, expected_revision)):
        raise conflict_over(found, actor)
    if found.closed_at is not None:
        raise NotAllowed("This call-back is closed.")
    return found


def _changed_by_staff(call_back: CallBack, since_revision: int) -> bool:
    events = AuditEvent.objects.filter(
        object_type="callback", object_id=str(call_back.pk), actor_kind=AuditEvent.ActorKind.STAFF
    )
    return any((event.after or {}).get("revision", 0) > since_revision for event in events)


def _taken(call_back: CallBack, actor: Actor, *, again: bool = False) -> dict[str, Any]:
    if call_back.taken_at is not None and not again:
        return {}
    return {"taken_at": timezone.now(), "taken_by": actor.account, "alert_at": None}


def _contact(actor: Actor, call_back: CallBack, **what: Any) -> Contact:
    referral = Referral.objects.select_related("site").get(submission_id=call_back.submission_id)
    how = Contact.How.PHONE
    if policies.can_referral_action(actor, referral, "record_contact"):
        seen = Referral.objects.select_for_update().get(pk=referral.pk).revision
        return review.record_contact(actor=actor, referral=referral, expected_revision=seen, how=how, **what)
    # The case has ended meanwhile; the call is noted all the same.
    what["at"] = what["at"] or timezone.now()
    return Contact.objects.create(referral=referral, by=actor.account, how=how, **what)


def _close(actor: Actor, call_back: CallBack, ended: str, note: str) -> CallBack:
    what = {"closed_at": timezone.now(), "closed_by": actor.account, "ended": ended, "closing_note": note}
    return _finish(actor, call_back, "close", alert_at=None, **what)


def _finish(
    actor: Actor, call_back: CallBack, action: str, details: dict[str, Any] | None = None, **what: Any
) -> CallBack:
    before = summary(call_back)
    for name, value in what.items():
        setattr(call_back, name, value)
    call_back.revision += 1
    call_back.save()
    after = summary(call_back) | (details or {})
    record(actor=actor, action=f"call_back.{action}", obj=call_back, before=before, after=after)
    return call_back


def _checked(note: str) -> str:
    if len(note.strip()) > LONGEST_NOTE:
        raise FieldErrors({"note": "Your note is too long. Make it 4,000 characters or shorter."})
    return note.strip()
