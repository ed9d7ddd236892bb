"""Leaving answers and coming back to them: private link, short code, date of birth, and wrong tries at them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import policies
from screening.actions import messages
from screening.actions.audit import record
from screening.actions.identity import looks_like_email
from screening.exceptions import FieldErrors, TooManyTries
from screening.models import Site, Submission, Tries, WayBack
from screening.models.access import code_hash, keyed_hash, new_code
from screening.policies import Actor

Status = Submission.Status
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many wrong tries within an hour lock for an hour, and each time again twice as long, up to `longest`."""

    count: int
    longest: timedelta = timedelta(hours=1)


HOUR = timedelta(hours=1)
# A day of birth is soon guessed by who knows the age: whoever goes on trying waits ever longer.
PERSON = Limit(5, longest=timedelta(days=1))
# A whole hospital may share one address.
NETWORK = Limit(20)
LETTERS = Limit(5)
FORGOTTEN_AFTER = timedelta(days=30)


@transaction.atomic
def make_code(*, actor: Actor, submission: Submission) -> str:
    """A new short code, told only now; the one before opens nothing any more."""
    way_back, code = _locked(actor, submission), new_code()
    way_back.code_hash = code_hash(code)
    way_back.save()
    record(actor=actor, action="submission.make_code", obj=submission)
    return code


@transaction.atomic
def replace_link(*, actor: Actor, submission: Submission) -> str:
    """A new private link, its token; the one before opens nothing any more, also where it is open now."""
    way_back = _locked(actor, submission)
    way_back.link_number += 1
    way_back.save()
    if submission.status == Status.SUBMITTED:
        # It is shown at once; where they may be reached by e-mail, they have it there too.
        messages.queue(kind="link", submission=submission)
    record(actor=actor, action="submission.replace_link", obj=submission, after={"link": way_back.link_number})
    return way_back.token


@transaction.atomic
def mail_link(*, actor: Actor, submission: Submission, email: str, network: str) -> None:
    """Send the private link, never the code. Raises FieldErrors, TooManyTries: nobody floods a stranger with e-mails.

    The address is kept while the answers are unfinished, for the one reminder. `network` as in `try_code`.
    """
    email = email.strip()
    if not looks_like_email(email):
        raise FieldErrors({"email": _("Enter an e-mail address, like name@example.com.")})
    way_back = _locked(actor, submission)
    doors = {f"mail:{submission.pk}": LETTERS, **_network_door("mail-network", network)}
    _check_open(doors)
    _count(doors)
    if submission.status != Status.SUBMITTED:
        way_back.email = email
        way_back.save()
    messages.queue(kind="link", submission=submission, to=email)
    record(actor=actor, action="submission.mail_link", obj=submission)


@transaction.atomic
def try_code(*, actor: Actor, site: Site, code: str, born: date | None, network: str) -> Submission | None:
    """What this code opens at this site; answers that were sent only with the date of birth as well.

    None opens nothing, and counts as a wrong try of that code, whether there is one like it or not, and of that
    address of the network (any text that is the same for the same address; empty: not known). Raises TooManyTries.
    """
    found = _by_code(site, code)
    doors = _doors(found or code, network)
    _check_open(doors)
    if found is None or not _fits(found, born):
        _wrong(actor, found or site, doors)
        return None
    _right(actor, found, doors, way="code")
    return found


@transaction.atomic
def try_birth(*, actor: Actor, submission: Submission, born: date, network: str) -> bool:
    """Whether this is the patient's date of birth. A wrong one counts, as in `try_code`. Raises TooManyTries."""
    doors = _doors(submission, network)
    _check_open(doors)
    if not _fits(submission, born):
        _wrong(actor, submission, doors)
        return False
    _right(actor, submission, doors, way="date_of_birth")
    return True


@transaction.atomic
def come_back(*, actor: Actor, submission: Submission) -> None:
    """Somebody opened unfinished answers by their link."""
    policies.check_fill(actor, submission)
    record(actor=actor, action="submission.come_back", obj=submission, after={"by": "link"})


def locked_until(*, about: Submission | str, network: str) -> datetime | None:
    """Until when not even the right one is taken, for a submission or a code as typed; None where tries are free."""
    return _latest_lock(Tries.objects.all(), _doors(about, network))


def remind_unfinished(*, now: datetime) -> list[Submission]:
    """One e-mail to everybody who left their address and whose unfinished answers can soon be opened no more."""
    closing = now - settings.UNFINISHED_OPEN_FOR
    due = Submission.objects.filter(
        status=Status.IN_PROGRESS,
        last_step_at__gt=closing,
        last_step_at__lte=closing + settings.UNFINISHED_REMIND_BEFORE,
        way_back__reminded_at__isnull=True,
    )
    reminded = []
    for key in list(due.order_by("last_step_at").values_list("pk", flat=True)):
        try:
            reminded += _remind(key, now)
        except Exception:
            # One that cannot be read must not keep the others waiting.
            log.exception("A reminder could not be written")
    return reminded


@transaction.atomic
def _remind(key: Any, now: datetime) -> list[Submission]:
    way_back = WayBack.objects.select_for_update(of=("self",)).select_related("submission__site").get(pk=key)
    submission = way_back.submission
    if way_back.reminded_at or not way_back.email or submission.status != Status.IN_PROGRESS:
        return []
    way_back.reminded_at = now
    way_back.save()
    messages.queue(kind="reminder", submission=submission, to=way_back.email)
    record(actor=Actor.system(), action="submission.remind", obj=submission)
    return [submission]


def _locked(actor: Actor, submission: Submission) -> WayBack:
    policies.check_fill(actor, submission)
    return WayBack.objects.select_for_update().get(pk=submission.pk)


# Who may come in ----------------------------------------------------------------------------------------------------


def _by_code(site: Site, code: str) -> Submission | None:
    way_back = (
        WayBack.objects.filter(code_hash=code_hash(code), submission__site=site)
        .select_related("submission__site", "submission__pathway", "submission__referral__patient")
        .first()
    )
    return None if way_back is None or way_back.is_closed(timezone.now()) else way_back.submission


def _fits(submission: Submission, born: date | None) -> bool:
    """Nothing is asked of who never gave a date of birth; nothing fits where the patient was erased."""
    if submission.status != Status.SUBMITTED:
        return True
    patient = submission.referral.patient
    return patient is not None and patient.date_of_birth == born


# Wrong tries --------------------------------------------------------------------------------------------------------


def _doors(about: Submission | str, network: str) -> dict[str, Limit]:
    who = f"person:{about.pk}" if isinstance(about, Submission) else f"code:{about}"
    return {who: PERSON, **_network_door("network", network)}


def _network_door(name: str, network: str) -> dict[str, Limit]:
    """None where the address is not known: all the world would be behind one door."""
    return {f"{name}:{network}": NETWORK} if network else {}


def _latest_lock(tries: QuerySet[Tries], doors: dict[str, Limit]) -> datetime | None:
    now, found = timezone.now(), tries.filter(subject__in=[keyed_hash(door) for door in doors])
    return max((one.locked_until for one in found if one.locked_until and one.locked_until > now), default=None)


def _check_open(doors: dict[str, Limit]) -> None:
    """Tries at the same moment wait for each other: none of them slips through uncounted."""
    if until := _latest_lock(Tries.objects.select_for_update().order_by("subject"), doors):
        raise TooManyTries(until)


def _wrong(actor: Actor, obj: Submission | Site, doors: dict[str, Limit]) -> None:
    locked = _count(doors)
    record(actor=actor, action=f"{obj._meta.model_name}.wrong_try", obj=obj, after={"locked": locked})


def _right(actor: Actor, submission: Submission, doors: dict[str, Limit], *, way: str) -> None:
    """The network's count goes on: one right try of their own would let somebody guess for ever."""
    Tries.objects.filter(subject=keyed_hash(next(iter(doors)))).delete()
    record(actor=actor, action="submission.come_back", obj=submission, after={"by": way})


def _count(doors: dict[str, Limit]) -> bool:
    """Whether that was one too many."""
    now = timezone.now()
    Tries.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    locked = [_count_one(keyed_hash(door), limit, now) for door, limit in doors.items()]
    return any(locked)


def _count_one(subject: str, limit: Limit, now: datetime) -> bool:
    tries, _ = Tries.objects.select_for_update().get_or_create(subject=subject, defaults={"last_at": now})
    tries.count = tries.count + 1 if tries.last_at > now - HOUR else 1
    tries.last_at = now
    is_locked = tries.count >= limit.count
    if is_locked:
        tries.locked_until = now + min(HOUR * 2**tries.locks, limit.longest)
        tries.count, tries.locks = 0, min(tries.locks + 1, 10)
    tries.save()
    return is_locked
