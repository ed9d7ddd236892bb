"""Times in the few words a worklist has room for. "Now" is always given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from screening.models import Referral, Site

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """As _components/deadline.html shows it."""

    words: str
    machine_when: str
    exact: str
    late: bool = False


def span(length: timedelta) -> str:
    """A length of time: "25 min", "3 h", "5 days". Rounded down: nobody is told they have more time than there is."""
    if length < HOUR:
        return f"{max(length // MINUTE, 0)} min"
    if length < 2 * DAY:
        return f"{length // HOUR} h"
    return f"{length // DAY} days"


def moment(when: datetime, site: Site, now: datetime) -> str:
    """A time on the clinic's clock: "today, 14:05", else "Fri 20 Nov, 14:05", with the year where it is another."""
    local, today = site.local(when), site.local(now)
    if local.date() == today.date():
        return f"today, {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def deadline(referral: Referral, now: datetime) -> Deadline:
    """By when a clinician must first have reached the patient, or that it happened."""
    if referral.contacted_at is not None:
        return _deadline("contacted", referral, referral.contacted_at, now)
    if not referral.is_open:
        return _deadline("not contacted", referral, referral.contact_due_at, now)
    left = referral.contact_due_at - now
    if left < timedelta(0):
        return _deadline(f"{span(-left)} late", referral, referral.contact_due_at, now, late=True)
    return _deadline(f"in {span(left)}", referral, referral.contact_due_at, now)


def _deadline(words: str, referral: Referral, when: datetime, now: datetime, *, late: bool = False) -> Deadline:
    return Deadline(words, when.isoformat(), moment(when, referral.site, now), late)
