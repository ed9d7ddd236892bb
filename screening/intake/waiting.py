"""Where a case is, for its patient: the few steps it takes, and by when they hear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.intake import words
from screening.models import Referral, Review

Status = Referral.Status
NOT_YET = gettext_lazy("Not yet")
BY_THE_CLOCK_WITHIN_H = 72


# Where it is -----------------------------------------------------------------------------------------------------


def steps(referral: Referral) -> list[dict[str, object]]:
    """Sent, got worse, looked at, decided, told: as _components/time_line.html shows them, what is done first.

    None for a case taken back.
    """
    if referral.status == Status.WITHDRAWN:
        return []
    found = list(_steps(referral))
    done = sorted((step for step in found if step[1]), key=lambda step: step[1])
    return [_step(referral, *step) for step in _with_now([*done, *(step for step in found if not step[1])])]


def _steps(referral: Referral) -> Iterator[tuple[str, datetime | None]]:
    looked, decided = _reviews(referral)
    yield _("You sent us your answers."), referral.submission.submitted_at
    if referral.worse_at:
        yield _("You told us that it got worse."), referral.worse_at
    yield _("A surgeon looks at your answers."), looked
    yield _("A surgeon decides what fits you."), decided
    yield _("We tell you."), referral.told_at


def _reviews(referral: Referral) -> tuple[datetime | None, datetime | None]:
    """When a surgeon first looked since the case last waited, and when the decision that stands was made."""
    if referral.status == Status.WAITING:
        return None, None
    last = referral.reviews.order_by("pk").last()
    if last is None:
        return None, None
    stands = referral.status in (Status.DECIDED, Status.CLOSED) and last.ended_how == Review.EndedHow.DECIDED
    return last.started_at, last.ended_at if stands else None


def _with_now(found: list[tuple[str, datetime | None]]) -> list[tuple[str, datetime | None, bool]]:
    """The last step done is where we are."""
    done = [place for place, (_words, at) in enumerate(found) if at is not None]
    return [(text, at, place == max(done, default=0)) for place, (text, at) in enumerate(found)]


def _step(referral: Referral, text: str, at: datetime | None, is_now: bool) -> dict[str, object]:
    when = words.moment_words(referral.site, at) if at else NOT_YET
    return {"words": text, "when": when, "machine_when": at.isoformat() if at else "", "now": is_now}


def by(referral: Referral, now: datetime) -> str:
    """The deadline of the contact as a day, or as an hour where it is near."""
    left = (referral.contact_due_at - now).total_seconds() / 3600
    near = left <= BY_THE_CLOCK_WITHIN_H
    return (words.clock_words if near else words.moment_words)(referral.site, referral.contact_due_at)
