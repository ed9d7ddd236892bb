"""Pairs of rules an editor should know of: that always fire together, or contradict each other about a procedure."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import combinations
from typing import NamedTuple

from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.formula import FALSE
from screening.interpreters.prove.reference import Reference, Seen
from screening.interpreters.prove.search import Cases, Find, Search, Survey
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Rule
from screening.rules.truth import TRUE


class Contradiction(NamedTuple):
    """Two rules of which one supports what the other rules out."""

    supports: Rule
    rules_out: Rule
    procedure: str


class RulePairs:
    """Looks at the rules of one rule set in pairs. `seen` are outcomes known so far; what is found is added."""

    def __init__(self, deciding: Deciding, reference: Reference, seen: list[Seen]) -> None:
        self.deciding = deciding
        self.formulas = deciding.formulas
        self.ruleset = deciding.ruleset
        self.reference = reference
        self.seen = seen

    def surveys(self) -> Iterator[Survey]:
        """Both kinds of pairs."""
        for kind, words, look in (
            ("together", "No two rules always fire together, or they are named", self._together),
            ("contradictions", "No rule supports what another rules out, or they are named", self._contradictions),
        ):
            formulas = [self.deciding.fires(rule) for rule in self.ruleset.rules]
            formulas += [self.deciding.comes_out(disposition.id) for disposition in self.ruleset.dispositions]
            labels = repr([(rule.id, rule.title, rule.supports, rule.rules_out) for rule in self.ruleset.rules])
            yield Survey(f"rules/{kind}", kind, words, look, formulas, labels)

    def _together(self, find: Find) -> Iterator[str]:
        for one, other in self._always_together(find):
            yield f"Rules {one.id} “{one.title}” and {other.id} “{other.title}” always fire together"

    def _contradictions(self, find: Find) -> Iterator[str]:
        for pair in self._opposed():
            label = self.ruleset.procedure(pair.procedure).label
            if self._can_meet(pair, find):
                yield f"{pair.supports.id} can support “{label}” while {pair.rules_out.id} rules it out, which wins"

    def _always_together(self, find: Find) -> Iterator[tuple[Rule, Rule]]:
        """Only rules that did so in every outcome seen are put to the solver."""
        for group in self._alike_so_far():
            for one, other in combinations(group, 2):
                apart = -self.formulas.same(self.deciding.fires(one), self.deciding.fires(other))
                if apart == FALSE or find(Search(apart, partial(self._apart, one, other))) is None:
                    yield one, other

    def _alike_so_far(self) -> list[list[Rule]]:
        """The rules that fired in the same of the outcomes seen; those that never did are left out."""
        groups: dict[tuple[int, ...], list[Rule]] = {}
        for rule in self.ruleset.rules:
            fired = (place for place, seen in enumerate(self.seen) if seen.outcome.verdicts[rule.id] is TRUE)
            groups.setdefault(tuple(fired), []).append(rule)
        return [group for fired, group in groups.items() if fired]

    def _apart(self, one: Rule, other: Rule, cases: Cases) -> bool:
        self.seen.append(self.reference.see(cases[0]))
        verdicts = self.seen[-1].outcome.verdicts
        return (verdicts[one.id] is TRUE) != (verdicts[other.id] is TRUE)

    def _can_meet(self, pair: Contradiction, find: Find) -> bool:
        if any(self._meet(pair, seen.outcome) for seen in self.seen):
            return True
        formula = self.formulas.both(self.deciding.decides(pair.supports), self.deciding.fires(pair.rules_out))
        return formula != FALSE and find(Search(formula, partial(self._both, pair))) is not None

    @staticmethod
    def _meet(pair: Contradiction, outcome: Outcome) -> bool:
        both_fired = {pair.supports.id, pair.rules_out.id} <= set(outcome.fired)
        return both_fired and outcome.disposition == pair.supports.disposition

    def _both(self, pair: Contradiction, cases: Cases) -> bool:
        self.seen.append(self.reference.see(cases[0]))
        return self._meet(pair, self.seen[-1].outcome)

    def _opposed(self) -> Iterable[Contradiction]:
        """Pairs whose words about a procedure can count in one outcome."""
        for one in self.ruleset.rules:
            for other in self.ruleset.rules:
                for procedure in one.supports:
                    if procedure in other.rules_out and other.disposition in (None, one.disposition):
                        yield Contradiction(one, other, procedure)
