"""Which case an address means, for whom."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from screening import policies
from screening.models import Referral
from screening.policies import Actor


def referral_of(actor: Actor, reference: str) -> Referral:
    """The case of that reference at this person's clinic; another clinic's is as if there were none (Http404)."""
    visible = policies.referrals_visible_to(actor)
    referral = with_case(visible).filter(reference=reference.upper()).first()
    if referral is None:
        raise Http404
    return referral


def with_case(referrals: Any) -> Any:
    """Joined with everything a case page reads once; a rule set's document is kept parsed by its sha256."""
    joined = ("site", "patient", "surgeon", "submission", "submission__version", "assessment", "assessment__version")
    large = [f"{path}__{field}" for path in joined if path.endswith("version") for field in ("document", "vignettes")]
    return referrals.select_related(*joined).defer(*large)
