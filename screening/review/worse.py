"""A patient told by their link that it got worse: what they wrote, which answers differ, what it made of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from screening.models import Assessment, Referral, Revision, Submission
from screening.review.alarms import Swapped
from screening.review.comparison import swapped
from screening.review.dossier import Dossier
from screening.review.words import moment
from screening.rules.ruleset import Disposition

ONE_TELLING = timedelta(days=1)


@dataclass(frozen=True)
class Worse:
    """As review/_worse.html shows it."""

    when: str
    remark: str
    before: Disposition
    now: Disposition
    swapped: list[Swapped]
    # By the answers the case would be less urgent than it was: somebody must ask why.
    is_less_urgent: bool
    said_on_emergency: str


def is_news(referral: Referral) -> bool:
    """Until a clinician has reached the patient about it."""
    return referral.worse_at is not None and referral.contacted_at is None and referral.is_open


def worse(dossier: Dossier) -> Worse | None:
    """The last time, while nobody has reached the patient about it."""
    if not is_news(dossier.referral):
        return None
    made, before = _made_and_before(dossier.assessments)
    if made is None or before is None:
        return None
    told = [one for one in dossier.revisions if one.page == Revision.WORSE and one.made_at > before.made_at]
    ruleset, ranks = made.version.ruleset, made.version.ruleset.urgency
    last = ranks.get(before.disposition, len(ranks))
    return Worse(
        when=moment(made.made_at, dossier.site, dossier.now),
        remark="\n".join(one.remark for one in told if one.remark),
        before=before.version.ruleset.disposition(before.disposition),
        now=ruleset.disposition(made.disposition),
        swapped=swapped(ruleset, before.answers, made.answers),
        is_less_urgent=ranks[made.disposition] > last,
        said_on_emergency=_said(dossier.submission),
    )


def _made_and_before(assessments: list[Assessment]) -> tuple[Assessment | None, Assessment | None]:
    """The last for this cause, and how the case stood before they began to tell: an alarm is kept at once, the rest
    after it.
    """
    made = next((one for one in reversed(assessments) if one.cause == Assessment.Cause.WORSE), None)
    if made is None:
        return None, None
    earlier = [one for one in assessments if one.number < made.number]
    return made, next((one for one in reversed(earlier) if not _is_same_telling(one, made)), None)


def _is_same_telling(one: Assessment, made: Assessment) -> bool:
    return one.cause == Assessment.Cause.WORSE and made.made_at - one.made_at < ONE_TELLING


def _said(submission: Submission) -> str:
    return submission.get_said_on_emergency_display() if submission.said_on_emergency else ""
