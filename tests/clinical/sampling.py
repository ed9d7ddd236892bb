"""Cases near those that matter: profiles and vignettes with some answers changed, numbers next to the rules' limits.

Random but always the same. A property that holds here may still be false: that is for the proof to say.
"""

import random
from collections.abc import Iterator
from typing import Any

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.ruleset import Question, RuleSet
from screening.rules.vignettes import Vignettes

MISSING = object()
WRONG = (True, "bogus", 1e9, ["bogus"], {})


class Sampler:
    """Draws answers and cases for one rule set."""

    def __init__(self, ruleset: RuleSet, vignettes: Vignettes, seed: int = 1):
        self.random = random.Random(seed)
        self.questions = list(ruleset.questions)
        self.limits = _limits(ruleset)
        self.starts = [profile.answers for profile in vignettes.profiles.values()]
        self.starts += [vignettes.answers(vignette) for vignette in vignettes.vignettes]

    def cases(self, count: int) -> Iterator[dict[str, Any]]:
        """Most with a few answers changed, some with many, some with all made up."""
        for number in range(count):
            case = dict(self.random.choice(self.starts))
            changes = self.random.choice((0, 1, 2, 3, 5, 8, 20)) if number % 5 else len(self.questions)
            for question in self.random.sample(self.questions, changes):
                self.change(case, question)
            yield case

    def change(self, case: dict[str, Any], question: Question) -> None:
        answer = self.answer(question)
        case.pop(question.id, None)
        if answer is not MISSING:
            case[question.id] = answer

    def answer(self, question: Question) -> Any:
        """A valid answer, don't know, no answer, or now and then a wrong one."""
        kind = self.random.random()
        if kind < 0.1:
            return MISSING
        if kind < 0.2 and question.dont_know is not None:
            return "dont_know"
        if kind < 0.21:
            return self.random.choice(WRONG)
        return self.known(question)

    def valid(self, question: Question) -> Any:
        """A valid answer, don't know or no answer."""
        kinds = [lambda: self.known(question), lambda: MISSING]
        if question.dont_know is not None:
            kinds.append(lambda: "dont_know")
        return self.random.choice(kinds)()

    def known(self, question: Question) -> Any:
        if question.type == "number":
            return self.random.choice(self.limits[question.id])
        if question.type == "multiple":
            return self._ticked(question)
        if question.codes:
            return self.random.choice(question.codes)
        return {"date": "2020-02-29", "text": "words"}[question.type]

    def _ticked(self, question: Question) -> list[str]:
        codes = [code for code in question.codes if code != "none"]
        if "none" in question.codes and self.random.random() < 0.4:
            return ["none"]
        ticked = self.random.sample(codes, self.random.randint(1, min(3, len(codes))))
        unsure = question.dont_know is not None and self.random.random() < 0.2
        return [*ticked, "dont_know"] if unsure else ticked


def _limits(ruleset: RuleSet) -> dict[str, list[float]]:
    """For each number question: the smallest and largest answer, and those at and beside each number a rule names."""
    texts = [rule.when for rule in ruleset.rules] + [definition.is_ for definition in ruleset.definitions]
    texts += [question.show_if for question in ruleset.questions if question.show_if]
    literals = {node.value for text in texts for node in e.walk(parse(text)) if isinstance(node, e.Number)}
    return {question.id: _near(question, literals) for question in ruleset.questions if question.type == "number"}


def _near(question: Question, literals: set[float]) -> list[float]:
    low = question.min if question.min is not None else 0.0
    high = question.max if question.max is not None else 1000.0
    step = 10.0**-question.places
    near = {round(value + away, question.places) for value in literals for away in (-step, 0.0, step)}
    return sorted(
        {low, high, round((low + high) / 2, question.places), *(value for value in near if low <= value <= high)}
    )
