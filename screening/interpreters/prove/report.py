"""What comes of proving: for each claim whether it holds, and if not, the case that breaks it. Values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from screening.interpreters.prove.reference import Reference
from screening.interpreters.prove.search import Cases
from screening.rules.plain import answer_in_words, hours_in_words
from screening.rules.ruleset import RuleSet

Status = Literal["holds", "fails", "not_proved", "bug"]
"""bug: the proof found a case, and the reference does not confirm it"""

_STATUS = {"holds": "holds", "fails": "FAILS", "not_proved": "not proved", "bug": "A BUG IN THE PROOF"}


@dataclass(frozen=True)
class Counterexample:
    """A complete answer set for which a claim fails; for a claim about two cases, the second one too."""

    answers: Mapping[str, Any]
    second: Mapping[str, Any] | None
    base: str
    """the case it was made from: "no answers", "nothing alarming", or the name of one that the caller knows"""
    changed: tuple[str, ...]
    """the questions answered otherwise than there"""
    words: tuple[str, ...]
    """those answers, and where the cases differ, one a line"""
    outcomes: tuple[str, ...]
    """what comes out of each case"""


@dataclass(frozen=True)
class Entry:
    """What came of a claim, as it is cached: without words, which may change."""

    status: Status
    reason: str = ""
    cases: Cases = ()
    base: str = ""
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Entry":
        """What `to_data` wrote."""
        return cls(**{**data, "changed": tuple(data["changed"]), "notes": tuple(data["notes"])})


@dataclass(frozen=True)
class Result:
    """One claim."""

    id: str
    kind: str
    claim: str
    status: Status
    reason: str
    """how it was settled, or why it was not"""
    notes: tuple[str, ...]
    """what is not wrong, and an editor should know"""
    counterexample: Counterexample | None
    seconds: float
    cached: bool

    @property
    def holds(self) -> bool:
        """Whether it was proved."""
        return self.status == "holds"

    def to_text(self) -> str:
        """The claim, what came of it, and where it fails the case, one thing a line."""
        reason = f" ({self.reason})" if self.reason else ""
        lines = [f"{self.id}: {_STATUS[self.status]}{reason}: {self.claim}", *self.notes]
        if self.counterexample:
            lines += [f"As in “{self.counterexample.base}”, but:", *self.counterexample.words]
            lines += [f"→ {outcome}" for outcome in self.counterexample.outcomes]
        return "\n    ".join(lines)


@dataclass(frozen=True)
class Report:
    """Every claim of one rule set."""

    ruleset_sha256: str
    results: tuple[Result, ...]
    z3_version: str
    seconds: float
    prover: str
    """what proved it: see `version`"""

    @property
    def holds(self) -> bool:
        """Whether every claim was proved."""
        return all(result.holds for result in self.results)

    def result(self, claim_id: str) -> Result:
        """The result of one claim. Raises KeyError."""
        return {result.id: result for result in self.results}[claim_id]

    def to_data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return asdict(self)


def counterexample(reference: Reference, entry: Entry) -> Counterexample:
    """The cases of an entry in words."""
    ruleset, (first, *rest) = reference.ruleset, entry.cases
    outcomes = [reference.as_answered(case) for case in entry.cases] if rest else [reference.decide(first)]
    return Counterexample(
        answers=first,
        second=rest[0] if rest else None,
        base=entry.base,
        changed=entry.changed,
        words=tuple(_words(ruleset, entry)),
        outcomes=tuple(
            f"{ruleset.disposition(outcome.disposition).label}, contact {_within(outcome.contact_within_hours)}"
            for outcome in outcomes
        ),
    )


def _within(hours: int) -> str:
    words = hours_in_words(hours)
    return words if hours == 0 else f"within {words}"


def _words(ruleset: RuleSet, entry: Entry) -> Sequence[str]:
    lines = []
    for question in ruleset.questions:
        said = [case.get(question.id) for case in entry.cases]
        if question.id in entry.changed or said[0] != said[-1]:
            answers = list(dict.fromkeys(answer_in_words(question, answer) for answer in said))
            lines.append(f"{question.text} {' → '.join(answers)}")
    return lines
