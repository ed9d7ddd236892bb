"""People at the emergency page: each is on the call-back list from that second, and who can be reached alerts staff.

What patients bring about and what the passing of time does; what staff do about it is in `calling`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.crypto import get_random_string

from screening.actions import messages
from screening.actions.audit import record
from screening.models import AuditHead, CallBack, Message, Patient, Referral, Site, Submission
from screening.models.access import keyed_hash
from screening.policies import Actor

# More than so many from one address of the network within the hour are bundled: one group on the list, one alert.
FLOOD_ABOVE = 5
FLOOD_WITHIN = timedelta(hours=1)
NETWORK_KEPT = timedelta(days=1)
# So many alerts of one clinic within a minute; what comes then waits for the minute to end, and is in the next alert.
BURST = 5
# From the third alert on that nobody answered, both ways are tried.
BOTH_WAYS_FROM = 3


@transaction.atomic
def reached(*, submission: Submission, actor: Actor | None = None) -> CallBack:
    """This submission, which the caller has locked, leads to the emergency page now. Again: the same entry, untaken.

    Before the caller records anything: the audit is locked last.
    """
    actor, now = actor or Actor.patient(submission.site), timezone.now()
    found = CallBack.objects.select_for_update().open().filter(submission=submission).first()
    call_back = found or CallBack(submission=submission, site=submission.site, reached_at=now, cause=_cause(submission))
    if found:
        call_back.times, call_back.revision = found.times + 1, found.revision + 1
        call_back.said, call_back.said_at, call_back.mistake_at = "", None, None
        call_back.taken_at = call_back.taken_by = None
    call_back.reached_last_at = now
    call_back.network = _network_hash(actor.network, now)
    call_back.is_reachable = is_reachable(submission)
    call_back.save()
    _bundle(call_back, now)
    if call_back.is_reachable:
        _alert_soon(call_back, now)
    record(actor=actor, action="call_back.reach", obj=call_back, after=summary(call_back))
    return call_back


@transaction.atomic
def told(*, actor: Actor, submission: Submission, said: str = "") -> CallBack | None:
    """What they said on the emergency page is kept, and a way to reach them that is new alerts at once.

    For the caller that has locked the submission and saved what it holds, like a number. None: nothing is open.
    """
    call_back = CallBack.objects.select_for_update().open().filter(submission=submission).first()
    if call_back is None:
        return None
    now, was_reachable = timezone.now(), call_back.is_reachable
    call_back.is_reachable = is_reachable(submission)
    if not said and call_back.is_reachable == was_reachable:
        return call_back
    if said:
        call_back.said, call_back.said_at = said, now
    if not call_back.is_reachable:
        call_back.alert_at = None
    call_back.revision += 1
    call_back.save()
    if call_back.is_reachable and not was_reachable and call_back.taken_at is None:
        _alert_soon(call_back, now)
    record(actor=actor, action="call_back.tell", obj=call_back, after=summary(call_back))
    return call_back


@transaction.atomic
def chosen_by_mistake(*, actor: Actor, submission: Submission) -> None:
    """They went on after "I chose this by mistake". The entry stays: staff ask."""
    call_back = CallBack.objects.select_for_update().open().filter(submission=submission).first()
    if call_back is not None:
        call_back.mistake_at, call_back.revision = timezone.now(), call_back.revision + 1
        call_back.save(update_fields=["mistake_at", "revision"])
        record(actor=actor, action="call_back.mistake", obj=call_back, after=summary(call_back))


@transaction.atomic
def contacted(*, actor: Actor, submission: Submission) -> None:
    """Somebody of the staff got in touch, or tried to, on the page of the case: the call is theirs, if nobody's yet."""
    call_back = CallBack.objects.select_for_update().untaken().filter(submission=submission).first()
    if call_back is None:
        return
    before = summary(call_back)
    call_back.taken_at, call_back.taken_by, call_back.alert_at = timezone.now(), actor.account, None
    call_back.revision += 1
    call_back.save()
    record(actor=actor, action="call_back.take", obj=call_back, before=before, after=summary(call_back))


def is_reachable(submission: Submission) -> bool:
    """Whether they left a number, or have said who they are."""
    patient = _patient_of(submission)
    return bool(submission.call_back_phone or (patient and (patient.phone or patient.email)))


def _patient_of(submission: Submission) -> Patient | None:
    return Patient.objects.filter(referral__submission=submission).first()


def _cause(submission: Submission) -> str:
    is_sent = submission.status == Submission.Status.SUBMITTED
    return CallBack.Cause.GOT_WORSE if is_sent else CallBack.Cause.ANSWERS


# Floods ------------------------------------------------------------------------------------------------------------


def _network_hash(network: str, now: datetime) -> str:
    """Under a key of the day: tomorrow the same address is another."""
    return keyed_hash(f"network of {now:%Y-%m-%d}: {network}") if network else ""


def _bundle(call_back: CallBack, now: datetime) -> None:
    """Give all from one address the same name, once they are more than people in one waiting room."""
    if not call_back.network:
        return
    same = CallBack.objects.filter(
        site_id=call_back.site_id, network=call_back.network, reached_last_at__gt=now - FLOOD_WITHIN
    )
    if same.count() <= FLOOD_ABOVE:
        return
    known = same.exclude(flood="").values_list("flood", flat=True).first()
    call_back.flood = known or get_random_string(12)
    # One that somebody else is at gets its name with the next that comes: nobody waits here.
    free = same.open().select_for_update(skip_locked=True).values_list("pk", flat=True)
    CallBack.objects.filter(pk__in=list(free)).update(flood=call_back.flood)


@transaction.atomic
def forget_networks(*, now: datetime) -> int:
    """What says that two came from one address goes after a day; how many."""
    old = CallBack.objects.exclude(network="").filter(reached_last_at__lt=now - NETWORK_KEPT)
    counts: dict[Site, int] = {}
    for call_back in old.select_related("site"):
        counts[call_back.site] = counts.get(call_back.site, 0) + 1
    if counts:
        old.update(network="")
    for site, count in counts.items():
        record(actor=Actor.system(), action="site.forget_networks", obj=site, after={"count": count})
    return sum(counts.values())


# Alerts ------------------------------------------------------------------------------------------------------------


def _alert_soon(call_back: CallBack, now: datetime) -> None:
    """At once; one of a flood that staff were alerted about waits for the next of those alerts."""
    flood = CallBack.objects.unanswered().filter(flood=call_back.flood, alerts__gt=0).exclude(pk=call_back.pk)
    going_on = flood.aggregate(next=Max("alert_at"))["next"] if call_back.flood else None
    call_back.alert_at = going_on or now
    CallBack.objects.filter(pk=call_back.pk).update(alert_at=call_back.alert_at)


def alert_due(*, now: datetime) -> list[Site]:
    """Alert staff on call wherever somebody waits who can be reached, again and again until somebody takes the call."""
    sites = CallBack.objects.unanswered().filter(alert_at__lte=now).values_list("site_id", flat=True).distinct()
    return [site for key in list(sites.order_by()) if (site := _alert(key, now))]


@transaction.atomic
def _alert(site_id: int, now: datetime) -> Site | None:
    # The audit first, and no entry that somebody is at: a patient's step never waits for this, nor this for them.
    AuditHead.objects.select_for_update().get_or_create(pk=1)
    waiting = list(CallBack.objects.select_for_update(skip_locked=True).unanswered().filter(site_id=site_id))
    site = Site.objects.get(pk=site_id)
    if not any(one.alert_at and one.alert_at <= now for one in waiting) or _is_burst(site, now):
        return None
    # Everybody who waits is in it, also who was in one a minute ago.
    again = now + timedelta(minutes=site.alert_every_minutes)
    everybody = CallBack.objects.filter(pk__in=[one.pk for one in waiting])
    everybody.update(alert_at=again, alerts=F("alerts") + 1)
    times = 1 + max(one.alerts for one in waiting)
    for channel in _channels(site, times):
        messages.put(site=site, kind=Message.Kind.ALERT, channel=channel, made_at=now, send_after=now)
    record(actor=Actor.system(), action="site.alert", obj=site, after={"waiting": len(waiting), "times": times})
    return site


def _is_burst(site: Site, now: datetime) -> bool:
    since = now - timedelta(minutes=1)
    return Message.objects.filter(site=site, kind=Message.Kind.ALERT, made_at__gt=since).count() >= BURST


def _channels(site: Site, times: int) -> list[str]:
    """E-mail; where that is not used, stuck or not answered, the other way. What waits to be sent is not doubled."""
    under_way = Message.objects.under_way().filter(site=site, kind=Message.Kind.ALERT)
    stuck = set(under_way.values_list("channel", flat=True))
    mails = bool(site.on_call_email) and settings.SENDS_EMAIL
    other = not mails or times >= BOTH_WAYS_FROM or Message.Channel.EMAIL in stuck
    wanted = {Message.Channel.EMAIL: mails, Message.Channel.WEBHOOK: other and bool(site.on_call_webhook)}
    return [channel for channel, is_wanted in wanted.items() if is_wanted and channel not in stuck]


def summary(call_back: CallBack) -> dict[str, Any]:
    """What the audit says of it."""
    referral = Referral.objects.filter(submission_id=call_back.submission_id).values_list("pk", flat=True).first()
    return {
        "referral": referral,
        "times": call_back.times,
        "said": call_back.said,
        "reachable": call_back.is_reachable,
        "taken_by": call_back.taken_by_id,
        "ended": call_back.ended,
        "revision": call_back.revision,
    }
