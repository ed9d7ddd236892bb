"""What surgeons' decisions say about the rules: counted by the rules that gave the outcome they decided on.

Reading and counting only; who may see it, policies say. Each referral counts once: with the decision that stands, on
the assessment it was made on; or, while there is none, with its latest assessment.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from screening.agreement import agreeing_decision
from screening.models import Pathway, Referral, Review, RuleSetVersion, Site
from screening.rules.ruleset import Rule, RuleSet

ENOUGH = 5
"""decisions; of fewer no share is given"""
NO_RULE = "-"
"""in the place of a rule where none gave the outcome; no rule can be called so"""
CHUNK = 2000
_Z = 1.959964  # two-sided 95 %

# What is read of each assessment. The database takes it out of the outcome: the whole would be a hundred times as much.
_ASSESSED = ("version_id", "disposition", "outcome__approach", "outcome__fired", "outcome__unresolved")
_OF_REVIEW = ("referral__made_at", *(f"assessment__{name}" for name in _ASSESSED), "pk", "decision", "differs")
_OF_REFERRAL = ("made_at", *(f"assessment__{name}" for name in _ASSESSED))


# Shares ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A part of a whole with its 95 % interval (Wilson's, which also holds for few and for none); all from 0 to 1."""

    rate: float
    low: float
    high: float


def share(part: int, whole: int) -> Share | None:
    """None where there are too few to say."""
    if whole < ENOUGH:
        return None
    rate, square = part / whole, _Z * _Z / whole
    middle = (rate + square / 2) / (1 + square)
    reach = _Z * math.sqrt(rate * (1 - rate) / whole + square / (4 * whole)) / (1 + square)
    # At the ends the formula gives 0 and 1 but for rounding.
    return Share(rate, max(middle - reach, 0.0) if part else 0.0, min(middle + reach, 1.0) if part < whole else 1.0)


# Versions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Way:
    disposition: str
    approach: str | None


class _Reading:
    """What counting needs of one version."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.disposition_of = {rule.id: rule.disposition for rule in ruleset.rules}
        self._expected: dict[tuple[str, str | None], str | None] = {}

    def expected(self, disposition: str, approach: str | None) -> str | None:
        key = disposition, approach
        if key not in self._expected:
            self._expected[key] = agreeing_decision(self.ruleset, _Way(*key))
        return self._expected[key]


class Versions:
    """The published versions of a pathway, the newest first; each is parsed when it is first needed."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self._readings: dict[int, _Reading] = {}

    @cached_property
    def all(self) -> list[RuleSetVersion]:
        listed = self.pathway.versions.order_by("-number")
        return list(listed.only("pathway", "number", "status", "published_at", "sha256"))

    @cached_property
    def _by_pk(self) -> dict[int, RuleSetVersion]:
        return {version.pk: version for version in self.all}

    @property
    def live(self) -> RuleSetVersion | None:
        return self._by_pk.get(self.pathway.live_version_id or 0)

    def reading(self, version: int) -> _Reading:
        if version not in self._readings:
            self._readings[version] = _Reading(self._by_pk[version].ruleset)
        return self._readings[version]

    def has(self, version: RuleSetVersion | None, rule_id: str) -> bool:
        return version is not None and rule_id in self.reading(version.pk).disposition_of

    def newest_with(self, rule_id: str) -> RuleSetVersion | None:
        """The newest version that has this rule."""
        return next((version for version in self.all if self.has(version, rule_id)), None)

    def differ_in(self, rule_id: str, versions: Collection[int]) -> bool:
        """Whether the rule fires, or what it leads to, is not the same in these versions."""
        rulesets = (self.reading(version).ruleset for version in versions)
        return len({_meaning(ruleset.rule(rule_id)) for ruleset in rulesets}) > 1


def _meaning(rule: Rule) -> tuple[Any, ...]:
    return rule.when, rule.disposition, rule.approach, rule.supports, rule.rules_out


# Cases -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """One referral as it counts here."""

    made_at: datetime
    version: int
    """primary key of the version that gave the outcome"""
    reasons: tuple[str, ...]
    """the rules that gave the outcome: those that fired for its disposition, and those it had to clarify; or NO_RULE"""
    unclear: tuple[str, ...]
    """of these, the ones that could not be told"""
    expected: str | None
    """the decision that agrees with the outcome; None where the rules asked for clarity, and none can"""
    review: int | None = None
    decision: str = ""
    differs: bool = False

    @property
    def is_rated(self) -> bool:
        """Whether somebody decided, and could have agreed."""
        return self.review is not None and self.expected is not None

    @property
    def instead(self) -> tuple[str, bool]:
        """What was decided, and whether it differs in the procedures only."""
        return self.decision, self.decision == self.expected


def cases(
    site: Site, versions: Versions, *, since: datetime | None = None, version: RuleSetVersion | None = None
) -> Iterator[Counted]:
    """The referrals of a pathway that came to this clinic since then. Two queries, however many there are."""
    referrals = Referral.objects.filter(site=site, pathway=versions.pathway)
    if since is not None:
        referrals = referrals.filter(made_at__gte=since)
    assessed_by = {"assessment__version": version} if version else {}
    decided = _standing().filter(referral__in=referrals, **assessed_by)
    undecided = referrals.filter(~Exists(_standing().filter(referral=OuterRef("pk"))), **assessed_by)
    for rows in (decided.values_list(*_OF_REVIEW), undecided.values_list(*_OF_REFERRAL)):
        for row in rows.order_by().iterator(chunk_size=CHUNK):
            yield _counted(versions, *row)


def _standing() -> QuerySet[Review]:
    """The last decision of each referral, unless the case was taken up again since."""
    later = Review.objects.filter(referral=OuterRef("referral"), pk__gt=OuterRef("pk"))
    return Review.objects.filter(~Exists(later), ended_how=Review.EndedHow.DECIDED)


def _counted(
    versions: Versions,
    made_at: datetime,
    version: int,
    disposition: str,
    approach: str | None,
    fired: list[str],
    unresolved: list[str],
    *decided: Any,
) -> Counted:
    reading = versions.reading(version)
    deciding = [rule_id for rule_id in fired if reading.disposition_of.get(rule_id) == disposition]
    unclear = tuple(unresolved) if disposition == reading.ruleset.clarify_disposition else ()
    reasons = (*deciding, *unclear) or (NO_RULE,)
    return Counted(made_at, version, reasons, unclear, reading.expected(disposition, approach), *decided)


# Counting --------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """How some cases were decided."""

    cases: int = 0
    decided: int = 0
    rated: int = 0
    """decided, and a decision could agree"""
    differed: int = 0
    """of the rated"""
    alone: int = 0
    """cases in which one rule gave the outcome by itself"""
    unclear: int = 0
    """cases in which the rule counted here could not be told"""
    instead: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """what was decided where it differed (see Counted.instead)"""
    versions: set[int] = field(default_factory=set)

    def add(self, case: Counted) -> None:
        self.cases += 1
        self.versions.add(case.version)
        self.alone += len(case.reasons) == 1
        self.decided += case.review is not None
        if case.is_rated:
            self.rated += 1
            self.differed += case.differs
            if case.differs:
                self.instead[case.instead] += 1

    @property
    def agreed(self) -> int:
        return self.rated - self.differed

    @property
    def unrated(self) -> int:
        """Decided where the rules asked for clarity."""
        return self.decided - self.rated

    @property
    def share(self) -> Share | None:
        """How often surgeons decided otherwise."""
        return share(self.differed, self.rated)


@dataclass
class Feedback:
    """Everything counted in one pass."""

    total: Tally = field(default_factory=Tally)
    rules: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    months: defaultdict[date, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """by the first day of the month in which a case came in, on the clinic's clock"""


def count(site: Site, found: Iterable[Counted]) -> Feedback:
    feedback = Feedback()
    for case in found:
        feedback.total.add(case)
        feedback.months[site.local(case.made_at).date().replace(day=1)].add(case)
        for rule_id in case.reasons:
            feedback.rules[rule_id].add(case)
        for rule_id in case.unclear:
            feedback.rules[rule_id].unclear += 1
    return feedback


def remarks(reviews: Collection[int]) -> list[Review]:
    """What surgeons wrote to the rules' owners, in these reviews, the latest first. Decrypts each."""
    found = Review.objects.filter(pk__in=reviews).select_related("referral").order_by("-ended_at", "-pk")
    needed = ("decision", "reason", "differs", "ended_at", "referral__reference", "referral__site")
    return [review for review in found.only(*needed) if review.reason.strip()]
