"""A rule set made ready to run: every expression compiled, questions in the order in which they can be read.

Made once a rule set and kept by its sha256.
"""

from collections.abc import Iterator
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from screening.rules import expression as e
from screening.rules.answers import ReadAnswer, no_answers, reader
from screening.rules.meaning import Meaning
from screening.rules.operations import Read
from screening.rules.parse import parse
from screening.rules.ruleset import Question, RuleSet

Step = tuple[str, Read]


class QuestionStep(NamedTuple):
    """A question in its turn: the steps its show_if needs that no earlier one did, and the key of its show_if."""

    question: Question
    read_answer: ReadAnswer
    no_answers: tuple[Any, ...]
    steps: tuple[Step, ...]
    show_if: str | None


class Program:
    """What `case` and the interpreters run. The rule set must have passed `check`."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.meaning = Meaning(ruleset.questions, ruleset.definitions)
        self._mentioned: dict[str, frozenset[str]] = {}
        self._mentioned_in: dict[str, frozenset[str]] = {}
        self.questions = tuple(map(self._question, self._in_reading_order()))
        before = len(self.meaning.steps)
        definitions = [self.meaning.name(definition.id) for definition in ruleset.definitions]
        self.quantities = tuple(name for name in definitions if not self.meaning.is_truth(name))
        self.rules = tuple((rule, self.meaning.key(parse(rule.when))) for rule in ruleset.rules)
        self.steps = tuple(self.meaning.steps.items())[before:]
        """what is worked out after the questions are read"""
        self.constants = self.meaning.constants
        self.trace = tuple(sorted({*definitions, *self.meaning.tests} - set(self.quantities)))
        self.places = {question.id: place for place, question in enumerate(ruleset.questions)}

    def _question(self, question: Question) -> QuestionStep:
        before = len(self.meaning.steps)
        show_if = self.meaning.key(parse(question.show_if)) if question.show_if else None
        steps = tuple(self.meaning.steps.items())[before:]
        return QuestionStep(question, reader(question), no_answers(question), steps, show_if)

    def _in_reading_order(self) -> Iterator[Question]:
        needs = {
            question.id: self.mentions(question.show_if) if question.show_if else frozenset()
            for question in self.ruleset.questions
        }
        return map(self.ruleset.question, TopologicalSorter(needs).static_order())

    def in_order(self, question_ids: list[str]) -> tuple[str, ...]:
        """Question ids in the order of the document."""
        return tuple(sorted(question_ids, key=self.places.__getitem__))

    def mentions(self, text: str) -> frozenset[str]:
        """The questions an expression mentions, through definitions too."""
        if text not in self._mentioned_in:
            self._mentioned_in[text] = frozenset().union(*map(self._questions_behind, e.names(parse(text))))
        return self._mentioned_in[text]

    def _questions_behind(self, name: str) -> frozenset[str]:
        if name in self.meaning.questions:
            return frozenset({name})
        if name not in self._mentioned:
            self._mentioned[name] = self.mentions(str(self.meaning.definitions[name]))
        return self._mentioned[name]


@lru_cache(maxsize=64)
def program(ruleset: RuleSet) -> Program:
    """The program of a rule set."""
    return Program(ruleset)
