"""What the reference interpreter says of a case: every counterexample and every witness is put to it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from screening.interpreters.evaluate import decide, evaluate, without_denial
from screening.rules.case import Case, read_case
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Definition, RuleSet
from screening.rules.truth import TRUE

Answers = Mapping[str, Any]


class Seen(NamedTuple):
    """A response, what came out of it, and the questions it was asked."""

    answers: Answers
    outcome: Outcome
    shown: frozenset[str]


class Reference:
    """Decides cases of one rule set; it also sees the conditions that claims are about, as further definitions."""

    def __init__(self, ruleset: RuleSet, conditions: Iterable[str] = ()) -> None:
        texts = list(dict.fromkeys(conditions))
        self._names = {text: f"condition_{place}_of_a_claim" for place, text in enumerate(texts)}
        added = [Definition.model_construct(id=name, title=text, is_=text) for text, name in self._names.items()]
        fields = {name: getattr(ruleset, name) for name in type(ruleset).model_fields}
        # a copy would also copy what was worked out from the old fields
        self.ruleset = RuleSet.model_construct(**{**fields, "definitions": (*ruleset.definitions, *added)})

    def decide(self, answers: Answers) -> Outcome:
        """A whole response, withdrawn alarms found."""
        return decide(self.ruleset, answers)

    def as_answered(self, answers: Answers) -> Outcome:
        """A whole response, with the answer it has about withdrawn alarms: for two cases that differ in one thing."""
        return evaluate(self.ruleset, self.read(answers))

    def see(self, answers: Answers) -> Seen:
        """What comes out of a whole response, and what it shows."""
        case = self.read(answers)
        # deciding does more than evaluating only where something is pruned
        outcome = self.decide(answers) if case.pruned else evaluate(self.ruleset, case)
        return Seen(answers, outcome, frozenset(case.shown))

    def read(self, answers: Answers) -> Case:
        """The case in a response."""
        return read_case(self.ruleset, without_denial(answers))

    def is_true(self, outcome: Outcome, condition: str) -> bool:
        """Whether one of the conditions was true."""
        return outcome.trace[self._names[condition]] is TRUE

    def urgency(self, outcome: Outcome) -> int:
        """The place of the disposition; 0 is the most urgent."""
        return self.ruleset.urgency[outcome.disposition]
