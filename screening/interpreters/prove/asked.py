"""The questions of a rule set in any possible answer set, as formulas: which are shown, known, unknown, invalid.

Also which questions and numbers a formula is about.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

from screening.interpreters.prove.formula import TRUE, Formulas, Free, Said, Sum
from screening.interpreters.prove.linear import Sums
from screening.interpreters.prove.quantity import Arithmetic
from screening.interpreters.prove.stored import INVALID, Stored
from screening.rules.ruleset import RuleSet


class Pair(NamedTuple):
    """When an expression is true, and when it is false."""

    true: int
    false: int


class Asked(ABC):
    """The questions of one rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.formulas = Formulas()
        self.sums = Sums(self.formulas)
        self.arithmetic = Arithmetic(self.formulas, self.sums)
        self.stored = {
            question.id: Stored(question, question.id, self.formulas, self.sums) for question in ruleset.questions
        }
        self._shown: dict[str, int] = {}
        self._questions: dict[int, set[str]] = {}

    @abstractmethod
    def truth(self, text: str) -> Pair:
        """When a condition is true and false."""

    def shown(self, question_id: str) -> int:
        """The question is not hidden: its show_if is true or unknown."""
        if question_id not in self._shown:
            show_if = self.ruleset.question(question_id).show_if
            self._shown[question_id] = -self.truth(show_if).false if show_if else TRUE
        return self._shown[question_id]

    def known(self, question_id: str) -> int:
        """The question is shown and answered."""
        return self.formulas.both(self.shown(question_id), self.stored[question_id].known)

    def unknown(self, question_id: str) -> int:
        """The question is shown, and its answer unknown."""
        return self.formulas.both(self.shown(question_id), self.stored[question_id].unknown)

    def invalid(self, question_id: str) -> int:
        """The question is shown, and its answer cannot be one."""
        stored = self.stored[question_id]
        return self.formulas.both(self.shown(question_id), stored.said(INVALID))

    # -- what a formula stands on

    def questions_of(self, formula: int, again: Iterable[Stored] = ()) -> list[Stored]:
        """The questions whose answers a formula depends on, in the order of the document; then those of `again`."""
        if formula not in self._questions:
            said = {leaf.question for leaf in self.formulas.leaves(formula) if isinstance(leaf, Said)}
            self._questions[formula] = said | set(self.variables_of(formula))
        return [stored for stored in (*self.stored.values(), *again) if stored.name in self._questions[formula]]

    def variables_of(self, formula: int) -> list[str]:
        """The variables that a formula is directly about."""
        sums = (leaf for leaf in self.formulas.leaves(formula) if isinstance(leaf, Sum))
        return list(dict.fromkeys(name for leaf in sums for name, _ in leaf.terms))

    def is_approximate(self, formula: int) -> bool:
        """Whether a formula has a test that may come out either way, or a number about which nothing is known."""
        for leaf in self.formulas.leaves(formula):
            if isinstance(leaf, Free):
                return True
            if isinstance(leaf, Sum) and not self.arithmetic.unknown.isdisjoint(name for name, _ in leaf.terms):
                return True
        return False
