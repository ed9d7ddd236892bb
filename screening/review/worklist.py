"""Which cases the worklist shows: filters, search, counts, and what a row reads. Their order is in pages.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Replace

from screening import policies
from screening.actions.identity import AGE_QUESTION
from screening.models import Referral
from screening.policies import Actor

OPEN, ANY = "open", "any"
NAMELESS = "nameless"


@dataclass(frozen=True)
class Filters:
    """What somebody wants to see. Values that are none of the choices count as not given."""

    status: str = OPEN
    disposition: str = ""
    holder: str = ""
    late: bool = False
    origin: str = ""

    @property
    def is_plain(self) -> bool:
        return self == Filters()

    def among(self, referrals: QuerySet[Referral], actor: Actor, now: datetime) -> QuerySet[Referral]:
        """The referrals they want."""
        if self.status == OPEN or self.late:
            # Found first: they are few, and an index in the order of the deadlines would pass every closed one.
            referrals = referrals.filter(pk__in=policies.referrals_visible_to(actor).open().values("pk"))
        if self.status not in (OPEN, ANY):
            referrals = referrals.filter(status=self.status)
        if self.disposition:
            referrals = referrals.filter(disposition=self.disposition)
        if self.origin == NAMELESS:
            referrals = referrals.filter(patient=None)
        elif self.origin:
            referrals = referrals.filter(origin=self.origin)
        if self.holder:
            referrals = referrals.filter(surgeon=actor.user if self.holder == "mine" else None)
        return referrals.filter(late(now)) if self.late else referrals


def late(now: datetime) -> Q:
    """Open, past its deadline, and nobody has reached the patient."""
    return Q(status__in=Referral.OPEN, contacted_at=None, contact_due_at__lt=now)


def with_row(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Joined with what a row shows. Of the outcome only the reasons are read: the whole of it is large."""
    return (
        referrals.select_related("surgeon", "assessment__version", "submission", "site")
        .only(
            "reference", "site", "origin", "status", "disposition", "urgency", "made_at", "contact_due_at",
            "contacted_at", "worse_at", "patient_id", "surgeon__username", "surgeon__first_name", "surgeon__last_name",
            "assessment__version__sha256", "submission__status", "submission__said_on_emergency",
            "submission__call_back_phone", "site__slug", "site__name", "site__time_zone",
        )
        .annotate(
            fired=KeyTransform("fired", "assessment__outcome"),
            unresolved=KeyTransform("unresolved", "assessment__outcome"),
            age=KeyTransform(AGE_QUESTION, "assessment__answers"),
        )
    )  # fmt: skip


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many open cases there are, in one query: `open`, `late`, `nobody`, `mine`, `nameless`."""
    return (
        policies.referrals_visible_to(actor)
        .open()
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=late(now)),
            nobody=Count("pk", filter=Q(surgeon=None)),
            mine=Count("pk", filter=Q(surgeon=actor.user)),
            nameless=Count("pk", filter=Q(patient=None)),
        )
    )


def letters_of(text: str) -> str:
    """What counts of a reference as somebody types it: letters and digits, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def search(referrals: QuerySet[Referral], text: str) -> QuerySet[Referral]:
    """Those whose reference has this in it, in any case, with or without dashes; none for nothing."""
    letters = letters_of(text)
    if not letters:
        return referrals.none()
    return referrals.alias(letters=Replace(F("reference"), Value("-"), Value(""))).filter(letters__contains=letters)


def dispositions_at(actor: Actor) -> dict[str, str]:
    """Every disposition a case of this clinic can have, id → label, the most urgent first."""
    found: dict[str, Any] = {}
    for pathway in actor.site.pathways.select_related("live_version") if actor.site else ():
        if pathway.live_version is not None:
            found |= {one.id: one.label for one in pathway.live_version.ruleset.dispositions if one.id not in found}
    return found
