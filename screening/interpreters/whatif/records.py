"""What a search for changes gives. Plain frozen data, for templates and JSON."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from screening.rules.ruleset import Disposition, RuleSet


@dataclass(frozen=True)
class Change:
    """One question answered otherwise."""

    question: str
    answer: Any
    """a valid answer with which the way was decided; lists as tuples"""
    words: str
    """“How long has this problem lasted?” 6 weeks or more instead of 4 weeks"""


@dataclass(frozen=True)
class Asked:
    """A question by its id and its words."""

    question: str
    text: str


@dataclass(frozen=True)
class Way:
    """Changes that lead, together and not without any of them, to another disposition."""

    changes: tuple[Change, ...]
    disposition: str
    contact_within_hours: int
    then_asked: tuple[Asked, ...]
    """the questions that the changes open and leave not known: the disposition is the one until they are answered"""
    by_findings: bool
    """whether a clinician has to find something out, or everything is the patient's and time's"""

    @property
    def answers(self) -> dict[str, Any]:
        """The changed answers, to be put on top of the case's own."""
        return {
            change.question: list(change.answer) if isinstance(change.answer, tuple) else change.answer
            for change in self.changes
        }


@dataclass(frozen=True)
class Towards:
    """The ways to one disposition."""

    disposition: Disposition
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class WhatIf:
    """The smallest ways out of one case."""

    disposition: str
    """as the case stands"""
    ways: tuple[Way, ...]
    """by disposition, the most urgent first; then the fewest changes; then as the questions stand in the document"""
    tried: int
    """how many cases were decided to find them"""
    whole: bool
    """false where the search was given up at a limit: there may be other ways as small"""

    @property
    def in_life(self) -> tuple[Way, ...]:
        """The ways that need only time, or something of the patient's to be otherwise."""
        return tuple(way for way in self.ways if not way.by_findings)

    @property
    def by_findings(self) -> tuple[Way, ...]:
        """The ways in which a clinician finds something out."""
        return tuple(way for way in self.ways if way.by_findings)

    def to_data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return asdict(self)


def towards(ruleset: RuleSet, ways: Iterable[Way]) -> list[Towards]:
    """Ways as they stand in a WhatIf, by the disposition they lead to."""
    return [
        Towards(ruleset.disposition(disposition), tuple(same))
        for disposition, same in groupby(ways, key=lambda way: way.disposition)
    ]
