"""Patients whose e-mails do not get through: since when, until one does or the address is another.

Only news counts: it always goes to the patient's own address. A link goes wherever somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from screening.models import Message, Patient, Referral

# A mail server that is away for some minutes says nothing about an address.
TRIED_FOR = timedelta(hours=1)


def not_through(referrals: Collection[Referral], now: datetime) -> dict[int, datetime]:
    """By the key of each such referral: when the first e-mail was made that has not got through."""
    known = [one.submission_id for one in referrals if one.patient_id]
    failed = _failed(known, now)
    if not failed:
        return {}
    through = _last_through(failed)
    found = {}
    for referral in _with_addresses(failed):
        since = max(filter(None, (through.get(referral.submission_id), _address_since(referral.patient))), default=None)
        made = [at for at in failed[referral.submission_id] if since is None or at > since]
        if made and _is_mailed(referral.patient):
            found[referral.pk] = min(made)
    return found


def _failed(submissions: Collection[object], now: datetime) -> dict[object, list[datetime]]:
    """By submission: when each was made that was given up, or is tried in vain for long."""
    long_tried = Q(given_up_at__isnull=False) | Q(made_at__lt=now - TRIED_FOR)
    unsent = _news(submissions).filter(long_tried, sent_at__isnull=True).exclude(failure="")
    found: dict[object, list[datetime]] = {}
    for submission, made_at in unsent.values_list("submission", "made_at"):
        found.setdefault(submission, []).append(made_at)
    return found


def _last_through(submissions: Collection[object]) -> dict[object, datetime]:
    sent = _news(submissions).filter(sent_at__isnull=False)
    return dict(sent.order_by().values_list("submission").annotate(last=Max("sent_at")))


def _news(submissions: Collection[object]) -> QuerySet[Message]:
    return Message.objects.filter(submission__in=list(submissions), kind=Message.Kind.NEWS)


def _with_addresses(submissions: Collection[object]) -> QuerySet[Referral]:
    found = Referral.objects.filter(submission__in=list(submissions), patient__isnull=False)
    return found.select_related("patient").prefetch_related("patient__former_details")


def _address_since(patient: Patient) -> datetime | None:
    """Since when it is this address; None where it always was."""
    others = [former.until for former in patient.former_details.all() if former.email != patient.email]
    return max(others, default=None)


def how_told(referral: Referral, now: datetime) -> str:
    """For staff who put something new on the private page: whether the patient hears of it."""
    if referral.patient is None:
        return ""
    if not settings.SENDS_EMAIL or not _is_mailed(referral.patient):
        return " No e-mail is sent to them: tell them yourself."
    if not_through([referral], now):
        return " E-mails do not get through to them: tell them yourself."
    return " They are told by e-mail."


def _is_mailed(patient: Patient) -> bool:
    return bool(patient.email) and patient.contact_way != Patient.ContactWay.PHONE
