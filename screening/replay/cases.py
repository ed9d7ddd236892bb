"""Stored cases → rows of columns: choices, numbers and don't-knows. No texts, no dates, no names are even read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from pydantic_core import from_json

from screening.interpreters.evaluate import WITHDRAWN, evaluate
from screening.interpreters.sql import Encoder, Layout
from screening.models import Pathway, Referral, Review, RuleSetVersion, Site
from screening.rules.case import read_case
from screening.rules.ruleset import RuleSet

LABELS = ("version", "stored_place", "stored_hours", "decision")
"""kept beside each case: the number of its version, its disposition's place in it, its hours, the decision's place"""
DECISIONS: tuple[str, ...] = tuple(Review.Decision.values)
"""the first is none"""
CHUNK = 5_000


@dataclass(frozen=True)
class Wanted:
    """Which cases of a pathway: those of one clinic, or of all; that came since, and are in one of these statuses."""

    pathway: Pathway
    site: Site | None = None
    since: datetime | None = None
    statuses: tuple[str, ...] = ()

    @property
    def is_all_of_a_site(self) -> bool:
        return self.site is not None and self.since is None and not self.statuses

    def referrals(self) -> QuerySet[Referral]:
        found = Referral.objects.filter(pathway=self.pathway)
        if self.site is not None:
            found = found.filter(site=self.site)
        if self.since is not None:
            found = found.filter(made_at__gte=self.since)
        if self.statuses:
            found = found.filter(status__in=self.statuses)
        return found


class Version:
    """A version that cases were decided by."""

    def __init__(self, stored: RuleSetVersion, layout: Layout) -> None:
        self.number, self.ruleset = stored.number, stored.ruleset
        self.encoder = Encoder(layout, self.ruleset)

    @cached_property
    def tells(self) -> bool:
        """Whether its assessments say that an alarm was taken back."""
        return any(each.id == WITHDRAWN for each in self.ruleset.questions)

    def may_have_taken_back(self, answers: str) -> bool:
        """Whether an alarm may have been taken back: only then it is worth looking which."""
        return not self.tells or WITHDRAWN in answers

    @cached_property
    def findings(self) -> frozenset[str]:
        return frozenset(each.id for each in self.ruleset.questions if each.audience == "clinician")

    def cells(self, answers: str, gone: list[str]) -> str:
        """What is written of answers in JSON. `gone`: the alarms once seen that were not true of them as assessed."""
        if WITHDRAWN not in answers and not gone:
            return self.encoder.cells_of(answers)
        read = from_json(answers)
        # What the program added says how the case's own version read it; another version finds out for itself.
        took_back = read.pop(WITHDRAWN, None) == "yes" or not self.tells
        return self.encoder.cells(read, self.taken_back(read, gone) if took_back else ())

    def taken_back(self, answers: Mapping[str, Any], gone: list[str]) -> list[str]:
        """Which alarms the patient's own answers raise no more; a finding that settles one takes none.

        What was taken back is read by the version the patient answered: an alarm that another version does not raise
        was not taken back by anybody.
        """
        if not gone or self.findings.isdisjoint(answers):
            return gone
        own = {key: answer for key, answer in answers.items() if key not in self.findings}
        still = evaluate(self.ruleset, read_case(self.ruleset, own)).alarms
        return [rule_id for rule_id in gone if rule_id not in still]


class Stored(NamedTuple):
    """A case, ready to be written."""

    referral: int
    assessment: int
    review: int
    """the decision that stands, or 0"""
    labels: tuple[int, ...]
    cells: str


@dataclass
class Versions:
    """The versions that a pathway's cases were decided by, and the one layout for all of their cases."""

    pathway: Pathway
    others: tuple[RuleSet, ...] = ()
    """rule sets that are to be replayed: there is room for their answers as well"""
    layout: Layout | None = None
    """where there already is one with room for all of them"""
    by_pk: dict[int, Version] = field(init=False)

    def __post_init__(self) -> None:
        stored = list(self.pathway.versions.order_by("number"))
        self.layout = self.layout or Layout.of(*(version.ruleset for version in stored), *self.others)
        self.by_pk = {version.pk: Version(version, self.layout) for version in stored}


def stored_cases(versions: Versions, referrals: QuerySet[Referral], *, chunk: int = CHUNK) -> Iterator[list[Stored]]:
    """Each referral with its latest assessment, by chunks in the order of their keys."""
    last, by_pk = 0, versions.by_pk
    rows = referrals.order_by("pk").annotate(answered=Cast("assessment__answers", TextField()))
    while found := list(rows.filter(pk__gt=last).values_list(*_READ)[:chunk]):
        first, last = found[0][0], found[-1][0]
        decisions = _decisions(first, last)
        gone = _gone([row[0] for row in found if by_pk[row[2]].may_have_taken_back(row[5])])
        yield [_stored(row, by_pk[row[2]], decisions.get(row[0]), gone.get(row[0], [])) for row in found]


_READ = (
    "pk", "assessment_id", "assessment__version_id", "assessment__disposition", "assessment__contact_within_hours",
    "answered",
)  # fmt: skip


def _decisions(first: int, last: int) -> dict[int, tuple[int, str]]:
    """The last decision of each referral, unless the case was taken up again since."""
    later = Review.objects.filter(referral=OuterRef("referral"), pk__gt=OuterRef("pk"))
    found = Review.objects.filter(
        ~Exists(later), ended_how=Review.EndedHow.DECIDED, referral__gte=first, referral__lte=last
    )
    return {referral: (pk, decision) for referral, pk, decision in found.values_list("referral_id", "pk", "decision")}


def _gone(referrals: Collection[int]) -> dict[int, list[str]]:
    """The alarms once seen that were not true as assessed; those stand in whole outcomes, which are long."""
    found = Referral.objects.filter(pk__in=referrals).exclude(submission__alarms_seen=[]).order_by()
    read = found.values_list("pk", "submission__alarms_seen", "assessment__outcome__alarms") if referrals else ()
    return {referral: [each for each in seen if each not in assessed] for referral, seen, assessed in read}


def _stored(row: Sequence[Any], version: Version, decided: tuple[int, str] | None, gone: list[str]) -> Stored:
    referral, assessment, _, disposition, hours, answers = row
    review, decision = decided or (0, "")
    labels = version.number, version.ruleset.urgency[disposition], hours, DECISIONS.index(decision)
    return Stored(referral, assessment, review, labels, version.cells(answers, gone))
