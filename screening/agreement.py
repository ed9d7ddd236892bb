"""Which decision of a surgeon agrees with which outcome. Read from what a disposition *is*, not from its id.

| the outcome's disposition                                   | the decision that agrees              |
|-------------------------------------------------------------|---------------------------------------|
| stops the intake, or is more urgent than the clarify one    | urgent now                            |
| is the clarify disposition: the rules could not tell        | none: every decision says why         |
| less urgent, approach traditional                           | accept for traditional surgery        |
| less urgent, approach minimally invasive                    | accept for MISS                       |
| less urgent, no approach, the last of the list              | care without surgery                  |
| less urgent, no approach, not the last                      | another service                       |

"Not suitable" agrees with no outcome.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from screening.models import Review
from screening.rules.outcome import Outcome
from screening.rules.ruleset import RuleSet

_APPROACHES = {
    "traditional": Review.Decision.ACCEPT_TRADITIONAL,
    "minimally_invasive": Review.Decision.ACCEPT_MISS,
}


class Result(Protocol):
    """As much of an outcome as says which way to go."""

    @property
    def disposition(self) -> str: ...
    @property
    def approach(self) -> str | None: ...


def is_urgent(ruleset: RuleSet, disposition: str) -> bool:
    """More urgent than asking for clarity, or one that stops the intake."""
    before_clarify = ruleset.urgency[disposition] < ruleset.urgency[ruleset.clarify_disposition]
    return before_clarify or ruleset.disposition(disposition).stop_intake


def agreeing_decision(ruleset: RuleSet, outcome: Result) -> str | None:
    """The decision that needs no reason, or None where each needs one."""
    if is_urgent(ruleset, outcome.disposition):
        return Review.Decision.URGENT_NOW
    if outcome.disposition == ruleset.clarify_disposition:
        return None
    if outcome.approach:
        return _APPROACHES[outcome.approach]
    is_last = outcome.disposition == ruleset.dispositions[-1].id
    return Review.Decision.CONSERVATIVE if is_last else Review.Decision.OTHER_SERVICE


def differs(ruleset: RuleSet, outcome: Outcome, *, decision: str, procedures: Collection[str]) -> bool:
    """Whether a decision goes against the outcome: another way, or a procedure it rules out or does not support."""
    if decision != agreeing_decision(ruleset, outcome):
        return True
    unsupported = bool(outcome.supports) and not set(procedures) <= set(outcome.supports)
    return unsupported or not set(procedures).isdisjoint(outcome.rules_out)
