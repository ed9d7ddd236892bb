"""Properties about two cases that differ in something: `irrelevant` and `monotone`.

Everything else is equal, stored answers that are hidden in one of the cases included, and so is whether an alarm counts
as withdrawn: these claims are about answers, not about taking them back.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.formula import FALSE, TRUE, Free, Leaf, Said, Sum
from screening.interpreters.prove.linear import Linear
from screening.interpreters.prove.reference import Answers, Reference
from screening.interpreters.prove.search import Cases, Search, differing_in
from screening.interpreters.prove.stored import INVALID, Stored
from screening.rules.answers import DONT_KNOW
from screening.rules.ruleset import Property


def _own_answers(shared: Answers, own: Answers) -> Cases:
    return shared, {**shared, **own}


class Pairs:
    """Makes the searches of one rule set."""

    def __init__(self, deciding: Deciding, reference: Reference) -> None:
        self.deciding = deciding
        self.encoding = deciding.encoding
        self.formulas = deciding.formulas
        self.ruleset = deciding.ruleset
        self.reference = reference

    # -- monotone

    def monotone(self, prop: Property) -> Iterator[Search]:
        """One search a step of a scale."""
        for question_id, scale in prop.scales.items():
            for lower, higher in pairwise(scale):
                yield self._step(question_id, lower, higher)

    def _step(self, question_id: str, lower: str, higher: str) -> Search:
        one, other = self._answer(question_id, lower), self._answer(question_id, higher)
        measures = [*self._urgencies(), *(self.deciding.within(hours) for hours in self.deciding.all_hours)]
        first, second = self._with(question_id, one), self._with(question_id, other)
        before, after = map(first, measures), self._again(list(map(second, measures)), {})
        worse = self.formulas.any(self.formulas.both(*each) for each in zip(before, (-m for m in after), strict=True))
        return Search(worse, self._breaks_monotone, differing_in(question_id, one, other))

    def _urgencies(self) -> list[int]:
        return [self.deciding.as_urgent_as(place) for place in range(len(self.ruleset.dispositions))]

    def _answer(self, question_id: str, code: str) -> Any:
        several = self.ruleset.question(question_id).type == "multiple" and code != DONT_KNOW
        return [code] if several else code

    def _breaks_monotone(self, cases: Cases) -> bool:
        before, after = map(self.reference.as_answered, cases)
        later = after.contact_within_hours > before.contact_within_hours
        return later or self.reference.urgency(after) > self.reference.urgency(before)

    # -- irrelevant

    def irrelevant(self, prop: Property) -> Iterator[Search]:
        """One search: both cases answer the questions validly, each in its own way."""
        stored = {question_id: self.encoding.stored[question_id] for question_id in prop.questions}
        again = {name: replace(each, name=f"{name}, again") for name, each in stored.items()}
        valid = [-each.said(INVALID) for each in (*stored.values(), *again.values())]
        measures = self._urgencies()
        changes = zip(measures, self._again(measures, again), strict=True)
        differ = self.formulas.any(-self.formulas.same(*each) for each in changes)
        yield Search(self.formulas.all([differ, *valid]), self._breaks_irrelevant, _own_answers, again)

    def _breaks_irrelevant(self, cases: Cases) -> bool:
        return len({self.reference.as_answered(case).disposition for case in cases}) > 1

    # -- the same formula for another case

    def _with(self, question_id: str, answer: Any) -> Callable[[int], int]:
        """A formula where the question has this answer."""
        stored = self.encoding.stored[question_id]
        said, _ = stored.read(answer)
        values = {Said(stored.name, word): TRUE if word in said else FALSE for word in stored.words}
        return self.formulas.substitution(values)

    def _again(self, formulas: Sequence[int], again: Mapping[str, Stored]) -> list[int]:
        """The formulas for the second case, which has its own answers to the questions in `again`."""
        values: dict[Leaf, int] = {}
        for leaf in dict.fromkeys(leaf for formula in formulas for leaf in self.formulas.leaves(formula)):
            if isinstance(leaf, Said) and leaf.question in again:
                values[leaf] = again[leaf.question].said(leaf.said)
            elif isinstance(leaf, Sum):
                terms = tuple((self._variable(name, again), times) for name, times in leaf.terms)
                values[leaf] = self.formulas.leaf(Sum(terms, leaf.bound))
            elif isinstance(leaf, Free):
                # the two cases may be near a limit in different ways
                values[leaf] = self.formulas.leaf(Free(f"{leaf.name}, again"))
        changed = {leaf: value for leaf, value in values.items() if value != self.formulas.leaf(leaf)}
        return list(map(self.formulas.substitution(changed), formulas))

    def _variable(self, name: str, again: Mapping[str, Stored]) -> str:
        """The variable that stands for the same thing in the second case."""
        if name in self.encoding.stored:
            return again[name].name if name in again else name
        nonlinear = self.encoding.arithmetic.nonlinear.get(name)
        if nonlinear is None:
            return self.encoding.arithmetic.anything(f"{name}, again").terms[0][0]
        left, right = (
            Linear(tuple((self._variable(operand, again), times) for operand, times in side.terms), side.constant)
            for side in (nonlinear.left, nonlinear.right)
        )
        return self.encoding.arithmetic.nonlinear_of(left, nonlinear.sign, right).terms[0][0]
