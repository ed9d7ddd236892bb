"""When the rules of the live version are to be looked at again, and by whom: what is overdue, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from screening.rules.ruleset import Rule, RuleSet

SOON = timedelta(days=60)


@dataclass(frozen=True)
class DueRule:
    rule: Rule
    address: str
    """its page in the draft; empty where the draft no longer has it"""


@dataclass(frozen=True)
class Due:
    """Rules that the same person looks at again by the same day."""

    by: date | None
    """None: no day was ever said"""
    owner: str
    rules: tuple[DueRule, ...]
    today: date

    def __contains__(self, rule_id: str) -> bool:
        return any(one.rule.id == rule_id for one in self.rules)

    @property
    def is_late(self) -> bool:
        return self.by is None or self.by < self.today

    @property
    def is_soon(self) -> bool:
        return not self.is_late and self.by is not None and self.by < self.today + SOON

    @property
    def days_late(self) -> int:
        return (self.today - self.by).days if self.by else 0


def due(ruleset: RuleSet, today: date, address: Callable[[str], str]) -> list[Due]:
    """What is to be looked at, the longest overdue first. `address`: where a rule is mended, by its id."""

    def key(rule: Rule) -> tuple[str, str]:
        return ruleset.review_of(rule), ruleset.owner_of(rule)

    return [
        Due(
            date.fromisoformat(by) if by else None,
            owner,
            tuple(DueRule(rule, address(rule.id)) for rule in rules),
            today,
        )
        for (by, owner), rules in groupby(sorted(ruleset.rules, key=key), key)
    ]


def overdue(found: Iterable[Due]) -> list[Due]:
    return [each for each in found if each.is_late]


def coming(found: Iterable[Due]) -> list[Due]:
    """What is due soon; or, where that is nothing, what is next."""
    ahead = [each for each in found if not each.is_late]
    return [each for each in ahead if each.is_soon] or ahead[:1]
