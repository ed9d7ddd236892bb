"""The search for the smallest changes: what the rules need turned, put together, decided and put into words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from screening.interpreters.whatif.needs import MOST, NOTHING, Needs, Set, order
from screening.interpreters.whatif.options import Option
from screening.interpreters.whatif.records import Asked, Change, Way, WhatIf
from screening.interpreters.whatif.space import GivenUp, Space
from screening.interpreters.whatif.words import in_words
from screening.rules.parse import parse
from screening.rules.ruleset import RuleSet
from screening.rules.truth import FALSE, TRUE, Truth
from screening.rules.wording import wording

LIMIT = 1_000
"""cases decided in one search before it is given up"""
FOR_WORDS = 500
"""and so many more for telling which other answers do the same"""


def what_if(ruleset: RuleSet, answers: Mapping[str, Any]) -> WhatIf:
    """The smallest changes of a whole response's answers that lead to another disposition."""
    space = Space(ruleset, answers, LIMIT)
    found: list[Set] = []
    search = _Search(space)
    try:
        for changes in search.smallest():
            found.append(changes)
        whole = not search.needs.cut
    except GivenUp:
        whole = False
    space.limit += FOR_WORDS
    ways = sorted((_way(space, changes) for changes in found), key=lambda way: _place(ruleset, way))
    return WhatIf(space.base.disposition, tuple(ways), space.tried, whole)


def _place(ruleset: RuleSet, way: Way) -> tuple[int, int]:
    return ruleset.urgency[way.disposition], len(way.changes)


class _Search:
    def __init__(self, space: Space) -> None:
        self.space, self.ruleset, self.base = space, space.ruleset, space.base
        self.turned: dict[tuple[str, Truth], list[Set]] = {}
        self.needs = Needs(space.tested.meaning, self.base.trace, self.turned)

    def smallest(self) -> Iterator[Set]:
        """For each other disposition, with findings and without, the smallest changes that lead there."""
        found: dict[str, list[Set]] = defaultdict(list)
        candidates = self._candidates()
        for size in range(1, MOST + 1):
            for candidate in sorted((one for one in candidates if len(one) == size), key=order):
                aims = candidates[candidate]
                if aims and all(_adds_nothing(found[aim], candidate) for aim in aims):
                    continue
                for more in self.space.with_room(candidate):
                    candidates.setdefault(more, set()).update(aims)
                disposition = self.space.leads_to(candidate)
                changes = self._least(candidate, disposition) if disposition else None
                if disposition and changes and not _adds_nothing(found[disposition], changes):
                    found[disposition].append(changes)
                    yield changes

    def _least(self, changes: Set, disposition: str) -> Set | None:
        """The changes without those that they can do without; None where fewer lead to something clearer."""
        for size in range(1, len(changes)):
            for some in sorted(map(frozenset, combinations(changes, size)), key=order):
                instead = self.space.leads_to(some)
                if instead == disposition:
                    return some
                if instead and disposition == self.ruleset.clarify_disposition:
                    return None
        return changes

    def _candidates(self) -> dict[Set, set[str]]:
        """Every move, and what several together could do to the rules, with the dispositions that these aim at."""
        moves = self.space.moves()
        base = self.base.trace.items()
        for move in moves:
            for test, truth in self.space.trial(move).trace.items() - base:
                self.turned.setdefault((test, truth), []).append(move)
        found: dict[Set, set[str]] = {}
        for aim, sets in self._aims():
            for changes in sets:
                found.setdefault(changes, set()).add(aim)
        found.pop(NOTHING, None)
        return found | {move: set() for move in moves}

    def _aims(self) -> Iterator[tuple[str, list[Set]]]:
        """What could make a rule of another disposition decide; or no rule, so that the default does."""
        for rule in self.ruleset.rules:
            if rule.disposition and rule.disposition != self.base.disposition:
                silenced = self._silenced(rule.disposition)
                if all(silenced):
                    needed = self.needs.sets(parse(rule.when), TRUE)
                    yield rule.disposition, self.needs.together([*silenced, needed])
        yield self.ruleset.default_disposition, self.needs.together(self._silenced(None))

    def _silenced(self, disposition: str | None) -> list[list[Set]]:
        """For each rule that keeps a disposition from coming out, what could make it false."""
        return [self.needs.sets(parse(when), FALSE) for when in self._in_the_way(disposition)]

    def _in_the_way(self, disposition: str | None) -> Iterator[str]:
        """The conditions that keep a disposition from coming out: of more urgent rules, and of unresolved ones."""
        urgency, outcome = self.ruleset.urgency, self.base.outcome
        place = urgency[disposition] if disposition else len(urgency)
        for rule in map(self.ruleset.rule, outcome.fired):
            if rule.disposition and urgency[rule.disposition] < place:
                yield rule.when
        if urgency[self.ruleset.clarify_disposition] < place:
            yield from (self.ruleset.rule(rule_id).when for rule_id in outcome.unresolved)


def _asked(changes: Set) -> set[str]:
    return {option.question for option in changes}


def _by_findings(changes: Set) -> bool:
    return any(option.by_finding for option in changes)


def _adds_nothing(found: list[Set], changes: Set) -> bool:
    """Whether something smaller of the same kind was found, or something that changes some of the same questions."""
    kind, asked = _by_findings(changes), _asked(changes)
    return any((len(one) < len(changes) and _by_findings(one) is kind) or _asked(one) <= asked for one in found)


# Words ----------------------------------------------------------------------------------------------------------------


def _way(space: Space, changes: Set) -> Way:
    outcome = space.trial(changes).outcome
    return Way(
        changes=tuple(_change(space, changes, option) for option in sorted(changes, key=lambda one: one.place)),
        disposition=outcome.disposition,
        contact_within_hours=outcome.contact_within_hours,
        then_asked=tuple(Asked(name, space.ruleset.question(name).text) for name in space.then_asked(changes)),
        by_findings=_by_findings(changes),
    )


def _change(space: Space, changes: Set, option: Option) -> Change:
    question = space.ruleset.question(option.question)
    name = wording(space.ruleset).phrases.name(question.id)
    now = space.now(question) if question.id in space.base.case.shown else None
    return Change(question.id, option.answer, in_words(question, name, now, _same(space, changes, option)))


def _same(space: Space, changes: Set, option: Option) -> list[Option]:
    """The answers to the same question that do the same beside the other changes, or that these leave no room for."""
    disposition = space.trial(changes).disposition
    others = {other: changes - {option} | {other} for other in space.options(option.question) if other.is_like(option)}
    try:
        return [
            other
            for other, all_ in others.items()
            if space.leads_to(all_) == disposition or not space.is_in_order(all_)
        ]
    except GivenUp:
        return [option]
