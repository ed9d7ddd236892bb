"""The part of the gate that needs no person: the draft is right, and its test patients come out as expected.

Everything else that must be so before it goes live is in readiness.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from screening.interpreters.rehearse import rehearse
from screening.models import Draft, RuleSetVersion
from screening.rules.problems import Problem
from screening.rules.ruleset import RuleSet
from screening.rules.vignettes import Vignette, Vignettes


@dataclass(frozen=True)
class Gate:
    """What stands between a draft and its publishing."""

    problems: tuple[Problem, ...]
    unmet: tuple[tuple[Vignette, list[str]], ...]
    """the test patients that do not come out as expected, with what differs in words"""
    ruleset: RuleSet | None = None
    vignettes: Vignettes | None = None
    """the rule set and its test patients, where they can be read"""
    same_as: RuleSetVersion | None = None
    """the live version, where that is to the letter the same"""

    @property
    def is_unchanged(self) -> bool:
        return self.same_as is not None

    @property
    def is_open(self) -> bool:
        return not (self.problems or self.unmet or self.is_unchanged)

    @property
    def hashes(self) -> str:
        """Exactly what would be published."""
        return f"{self.ruleset.sha256}:{self.vignettes.sha256}" if self.ruleset and self.vignettes else ""

    def refusal(self) -> str:
        """Why not, in words."""
        if self.problems:
            return f"The draft cannot be published: {counted(len(self.problems), 'problem')} to mend first."
        if self.unmet:
            patients = counted(len(self.unmet), "test patient")
            return f"The draft cannot be published: {patients} would not come out as expected."
        if self.same_as:
            published = f"{self.same_as.published_by} on {self.same_as.published_at:%d %B %Y at %H:%M} (UTC)"
            return f"Nothing has changed: this is what is live already, published by {published}."
        return ""


def counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def gate(draft: Draft) -> Gate:
    """Check the draft, run its test patients, compare it with what is live."""
    ruleset, vignettes, problems = draft.read()
    if problems or ruleset is None or vignettes is None:
        return Gate(problems, ())
    live = draft.pathway.live_version
    same = live is not None and (live.sha256, live.vignettes_sha256) == (ruleset.sha256, vignettes.sha256)
    return Gate((), tuple(rehearse(ruleset, vignettes)), ruleset, vignettes, live if same else None)
