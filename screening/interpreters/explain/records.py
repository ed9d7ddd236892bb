"""What an explanation holds. Plain frozen data, for templates, JSON and the command line."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from screening.rules.truth import Truth


@dataclass(frozen=True)
class Answer:
    """What a patient or clinician answered. `given` is false where there is no answer, and `words` say why not."""

    question: str
    text: str
    words: str
    given: bool


@dataclass(frozen=True)
class Reason:
    """One thing that decides: a test, a definition with the reasons inside it, or a group of which some are needed."""

    words: str
    truth: Truth
    """what the test or definition came to in this case"""
    expression: str = ""
    """the test as it is written in the rule set"""
    definition: str | None = None
    answers: tuple[Answer, ...] = ()
    values: tuple[str, ...] = ()
    """what the numbers worked out for the test came to, in words"""
    reasons: "tuple[Reason, ...]" = ()

    def tests(self) -> "Iterator[Reason]":
        """This reason if it is a test, and all tests inside it."""
        if not self.reasons:
            yield self
        for reason in self.reasons:
            yield from reason.tests()


@dataclass(frozen=True)
class Source:
    """A citation with what it says of itself."""

    id: str
    text: str
    url: str | None
    status: str


@dataclass(frozen=True)
class RuleExplanation:
    """Why a rule fired (its reasons are what made it so), cannot be decided (what is not known), or did not fire."""

    rule: str
    title: str
    verdict: Truth
    disposition: str | None
    disposition_label: str
    within_hours: int | None
    """to the first contact, or to clarify where the rule cannot be decided"""
    surgeon: str
    why: str
    sources: tuple[Source, ...]
    alarm: bool
    overtaken: bool
    """fired, but another rule that fired is more urgent"""
    reasons: tuple[Reason, ...]
    settled_by: tuple[Answer, ...] = ()
    """the questions not known that keep the rule undecided; answering them decides it"""

    def tests(self) -> Iterator[Reason]:
        """Every test among the reasons, through definitions."""
        for reason in self.reasons:
            yield from reason.tests()


@dataclass(frozen=True)
class Explanation:
    """Why one case came out as it did."""

    disposition: str
    disposition_label: str
    contact_within_hours: int
    summary: tuple[str, ...]
    """how the disposition and the time limit came about, in sentences"""
    fired: tuple[RuleExplanation, ...]
    """first those that decided, then the overtaken by urgency, then those that only inform"""
    unresolved: tuple[RuleExplanation, ...]
    invalid: tuple[Answer, ...]
    ruleset_sha256: str

    @property
    def deciding(self) -> tuple[RuleExplanation, ...]:
        """The rules that fired and gave the disposition."""
        return tuple(rule for rule in self.fired if rule.disposition == self.disposition)

    @property
    def overtaken(self) -> tuple[RuleExplanation, ...]:
        """The rules that fired and ask for something less urgent."""
        return tuple(rule for rule in self.fired if rule.overtaken)

    @property
    def informing(self) -> tuple[RuleExplanation, ...]:
        """The rules that fired and have no disposition."""
        return tuple(rule for rule in self.fired if rule.disposition is None)

    @property
    def settled_by(self) -> tuple[Answer, ...]:
        """The questions whose answers would decide every unresolved rule, each once."""
        return tuple(dict.fromkeys(answer for rule in self.unresolved for answer in rule.settled_by))

    def to_data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        data: dict[str, Any] = _plain(self)
        return data


def _plain(value: Any) -> Any:
    if isinstance(value, Truth):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    return value
