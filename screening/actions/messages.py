"""Messages to patients and to staff on call: queued with what they are about, sent by the worker until it worked.

At least once: a worker that is killed after the server took a message, and before that was written down, sends it again
under the same Message-ID. `delivery` makes the words and hands them over.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from screening.actions import delivery
from screening.actions.audit import record
from screening.models import Message, Patient, Referral, Site, Submission
from screening.policies import Actor

Kind, Channel = Message.Kind, Message.Channel

# How long after each failed try the next one comes; from the last on, always as long.
WAITS = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))
# About four days.
MOST_TRIES = 100
# An alert that could not be sent within the hour is followed by another one.
ALERT_WAIT, MOST_TRIES_OF_ALERT = timedelta(seconds=30), 120
# A server that refuses an address for good is asked this often.
REFUSED_FOR_GOOD = 3
# Longer than one try can take (delivery.LIMIT_S): until then the message is this worker's.
LEASE = timedelta(minutes=2)
MOST_AT_ONCE = 20

log = logging.getLogger(__name__)


@transaction.atomic
def queue(
    *,
    kind: str,
    submission: Submission,
    to: str = "",
    language: str | None = None,
    after: datetime | None = None,
) -> Message | None:
    """Have a message sent about this submission, in the transaction of what it is about.

    `to`: an address, or the patient's own where they may be reached by e-mail; without one nothing is sent (None).
    `language`: what the patient reads, unless told otherwise. `after`: not before then. News that still waits to be
    sent is not queued twice. A reminder is only sent while the questions are unfinished.
    """
    to = to.strip() or _address_of(submission)
    if not to or not settings.SENDS_EMAIL:
        return None
    waiting = Message.objects.under_way().filter(submission=submission, kind=kind, claimed_until=None)
    if kind == Kind.NEWS and (known := next((one for one in waiting if one.to == to), None)):
        return known
    return put(
        site=submission.site,
        submission=submission,
        kind=kind,
        to=to,
        language=language or submission.language,
        send_after=after or timezone.now(),
    )


@transaction.atomic
def put(*, site: Site, kind: str, **what: Any) -> Message:
    """Queue a message as it is; `what`: other columns of Message."""
    message = Message.objects.create(site=site, kind=kind, **what)
    record(actor=Actor.system(), action="message.queue", obj=message, after=_summary(message))
    return message


@transaction.atomic
def drop(*, submission: Submission, kinds: Collection[str] = Kind.values) -> int:
    """Take back what was not sent yet, and forget the addresses; how many."""
    waiting = list(Message.objects.select_for_update().under_way().filter(submission=submission, kind__in=kinds))
    for message in waiting:
        _end(message, "message.drop", given_up_at=timezone.now())
    return len(waiting)


def send_due(*, now: datetime) -> list[Message]:
    """Try every message whose time has come; those that were sent. Run by every worker, all the time.

    Where a server cannot be reached, the others for that channel wait for the next run.
    """
    sent, down = [], set[str]()
    for _ in range(MOST_AT_ONCE):
        message = _claim_next(now, down)
        if message is None:
            break
        if _try(message, now, down):
            sent.append(message)
    return sent


def _claim_next(now: datetime, down: Collection[str]) -> Message | None:
    """A message that is now this worker's alone, until its lease ends."""
    for key in Message.objects.due(now).exclude(channel__in=down).values_list("pk", flat=True)[:MOST_AT_ONCE]:
        # Asked again with the same words: of two workers only one changes the row.
        mine = Message.objects.due(now).filter(pk=key).order_by()
        if mine.update(claimed_until=now + LEASE, tries=F("tries") + 1):
            return Message.objects.select_related("site", "submission").get(pk=key)
    return None


def _try(message: Message, now: datetime, down: set[str]) -> bool:
    try:
        if not delivery.is_wanted(message):
            _end(message, "message.drop", given_up_at=now)
            return False
        delivery.deliver(message)
    except Exception as error:
        log.warning("message %s was not sent at try %s", message.pk, message.tries)
        if delivery.is_down(error):
            down.add(message.channel)
        _failed(message, error, now)
        return False
    _end(message, "message.send", sent_at=now, failure="")
    return True


@transaction.atomic
def _end(message: Message, action: str, **what: Any) -> None:
    """Sent, taken back or given up. Whom it went to need not be known any more."""
    Message.objects.filter(pk=message.pk).update(to="", claimed_until=None, **what)
    record(actor=Actor.system(), action=action, obj=message, after=_summary(message))


@transaction.atomic
def _failed(message: Message, error: Exception, now: datetime) -> None:
    """Kept for another try, or given up. An alert goes the other way as well, at once."""
    failure = type(error).__name__[:80]
    if message.kind == Kind.ALERT and message.channel == Channel.EMAIL and message.tries == 1:
        _go_the_other_way(message, now)
    is_alert = message.kind == Kind.ALERT
    most = MOST_TRIES_OF_ALERT if is_alert else MOST_TRIES
    if message.tries >= (REFUSED_FOR_GOOD if delivery.is_refused_for_good(error) else most):
        _end(message, "message.give_up", given_up_at=now, failure=failure)
        return
    wait = ALERT_WAIT if is_alert else WAITS[min(message.tries, len(WAITS)) - 1]
    # Only as long as it is ours: another worker may have taken it when our lease ended.
    mine = Message.objects.filter(pk=message.pk, tries=message.tries)
    mine.update(send_after=now + wait, claimed_until=None, failure=failure)


def _go_the_other_way(message: Message, now: datetime) -> None:
    if message.site.on_call_webhook:
        put(site=message.site, kind=Kind.ALERT, channel=Channel.WEBHOOK, made_at=now, send_after=now)


def _address_of(submission: Submission) -> str:
    """Of a patient who said that they may be reached by e-mail."""
    by_email = Q(patient__contact_way__in=(Patient.ContactWay.EMAIL, Patient.ContactWay.EITHER))
    referral = Referral.objects.select_related("patient").filter(by_email, submission=submission).first()
    return referral.patient.email.strip() if referral and referral.patient else ""


def _summary(message: Message) -> dict[str, Any]:
    about = {"submission": message.submission_id} if message.submission_id else {}
    return {"kind": message.kind, "channel": message.channel, "tries": message.tries, **about}
