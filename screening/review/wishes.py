"""What the patient asked for about their own record and nobody has answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from screening.actions.erasing import OPEN
from screening.models import ErasureRequest
from screening.review.dossier import Dossier
from screening.review.words import moment


@dataclass(frozen=True)
class Wish:
    """As review/_wishes.html shows it."""

    title: str
    words: str
    # What to do about it, where this person can do something.
    hint: str = ""


def wishes(dossier: Dossier) -> list[Wish]:
    return [*_corrections(dossier), *_erasures(dossier)]


def _corrections(dossier: Dossier) -> list[Wish]:
    found = dossier.referral.corrections.filter(settled_at=None)
    hint = "Make sure that it is the patient who asks, then use “Correct name or birth”."
    return [Wish(f"Asked for a correction, {_when(dossier, one.made_at)}", one.words, hint) for one in found]


def _erasures(dossier: Dossier) -> list[Wish]:
    found = ErasureRequest.objects.filter(referral=dossier.referral.pk, status__in=OPEN)
    hint = "An administrator of the clinic answers it. Tell them whether the case must still be dealt with."
    return [Wish(f"Asked to have everything erased, {_when(dossier, one.asked_at)}", one.words, hint) for one in found]


def _when(dossier: Dossier, at: datetime) -> str:
    return moment(at, dossier.site, dossier.now)
