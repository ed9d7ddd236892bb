"""The order of the worklist, a page at a time.

Cases nobody has contacted come first, by deadline; then the contacted ones, also by deadline. A page is found by its
key, not by OFFSET: each half is walked as two index ranges (the same deadline with a later id; then later deadlines),
since one filter joined by OR is not flat on a long table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import QuerySet

from screening.models import Referral

PAGE = 50


@dataclass(frozen=True)
class Key:
    """A place in the list. As text, in an address: "0.1763625600000000.12"."""

    contacted: bool
    due_at: datetime
    pk: int

    @classmethod
    def of(cls, referral: Referral) -> Key:
        return cls(referral.contacted_at is not None, referral.contact_due_at, referral.pk)

    @classmethod
    def read(cls, text: str) -> Key | None:
        """None for anything that is no key."""
        match = re.fullmatch(r"([01])~([0-9T:.+-]{10,40})~(\d{1,18})", text)
        if not match:
            return None
        try:
            due_at = datetime.fromisoformat(match[2])
            # Near the ends of the calendar there is no such time in UTC.
            return cls(match[1] == "1", due_at.astimezone(UTC), int(match[3])) if due_at.tzinfo else None
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{int(self.contacted)}~{self.due_at.isoformat()}~{self.pk}"


@dataclass(frozen=True)
class Page:
    referrals: list[Referral] = field(default_factory=list)
    previous: Key | None = None
    next: Key | None = None


def page_of(referrals: QuerySet[Referral], *, after: Key | None = None, before: Key | None = None) -> Page:
    """One page: after a key, before a key, or the first. One row more is read, to know whether there is more."""
    found = _take(_ranges(referrals, before or after, forwards=before is None), PAGE + 1)
    has_more, shown = len(found) > PAGE, found[:PAGE]
    if before is not None:
        shown = shown[::-1]
        return Page(shown, previous=_key(shown, 0) if has_more else None, next=_key(shown, -1))
    return Page(shown, previous=_key(shown, 0) if after else None, next=_key(shown, -1) if has_more else None)


def _key(referrals: list[Referral], place: int) -> Key | None:
    return Key.of(referrals[place]) if referrals else None


def _take(ranges: Iterator[QuerySet[Referral]], wanted: int) -> list[Referral]:
    found: list[Referral] = []
    for one in ranges:
        found += one[: wanted - len(found)]
        if len(found) == wanted:
            break
    return found


def _ranges(referrals: QuerySet[Referral], key: Key | None, *, forwards: bool) -> Iterator[QuerySet[Referral]]:
    """What follows the key, as ranges of an index, in order."""
    order = ("contact_due_at", "pk") if forwards else ("-contact_due_at", "-pk")
    halves = [referrals.filter(contacted_at__isnull=not contacted).order_by(*order) for contacted in (False, True)]
    beyond = "gt" if forwards else "lt"
    if key is not None:
        here = halves[key.contacted]
        yield here.filter(contact_due_at=key.due_at, **{f"pk__{beyond}": key.pk})
        yield here.filter(**{f"contact_due_at__{beyond}": key.due_at})
        halves = halves[key.contacted + 1 :] if forwards else halves[: key.contacted]
    yield from halves if forwards else halves[::-1]
