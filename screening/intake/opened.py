"""Who opened a patient's record, for the patient: in which role and when, from the audit; no names of staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from screening.intake import words
from screening.models import AuditEvent, Referral
from screening.policies import ADMINISTRATORS, COORDINATORS, LEAD_SURGEONS, PATIENT, STAFF, SURGEONS

# The first of these that somebody has says in which role they looked.
ROLES = (
    ((LEAD_SURGEONS, SURGEONS), _("A surgeon")),
    ((COORDINATORS,), _("A coordinator of the clinic")),
    ((ADMINISTRATORS,), _("An administrator of the clinic")),
)
YOU = _("You, or somebody with your link and your date of birth")
OTHER_STAFF = _("A member of staff")
PROGRAM = _("The program")


@dataclass(frozen=True)
class Opening:
    """Somebody in a role opened the record on one day, so many times; `at` is the last of them."""

    who: str
    when: str
    at: datetime
    times: int


def openings(referral: Referral) -> list[Opening]:
    """The latest first, one for each day and role. The role is the one they have now: the event keeps none."""
    events = list(reads(referral).order_by("-number"))
    roles = _roles_of({event.actor_id for event in events if event.actor_kind == STAFF})
    found: dict[tuple[object, str], list[datetime]] = {}
    for event in events:
        day = referral.site.local(event.at).date()
        found.setdefault((day, _who(event, roles)), []).append(event.at)
    return [
        Opening(who, words.clock_words(referral.site, max(times)), max(times), len(times))
        for (_day, who), times in found.items()
    ]


def by_staff(referral: Referral) -> Iterator[Opening]:
    return (one for one in openings(referral) if one.who not in (str(YOU), str(PROGRAM)))


def reads(referral: Referral) -> QuerySet[AuditEvent]:
    """The case, and its assessments in the records of the administrators."""
    assessments = [str(key) for key in referral.submission.assessments.values_list("pk", flat=True)]
    case = Q(object_type="referral", object_id=str(referral.pk))
    return AuditEvent.objects.filter(
        case | Q(object_type="assessment", object_id__in=assessments), action__endswith=".read"
    )


def _roles_of(user_ids: set[str]) -> dict[str, set[str]]:
    users = User.objects.filter(pk__in=user_ids).prefetch_related("groups")
    return {str(user.pk): {group.name for group in user.groups.all()} for user in users}


def _who(event: AuditEvent, roles: dict[str, set[str]]) -> str:
    if event.actor_kind == PATIENT:
        return str(YOU)
    if event.actor_kind != STAFF:
        return str(PROGRAM)
    has = roles.get(event.actor_id, set())
    return str(next((said for names, said in ROLES if has.intersection(names)), OTHER_STAFF))
