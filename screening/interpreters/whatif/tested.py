"""What the rules that decide ask of each question: the limits and codes that their tests mention.

Rules that only inform are left out: no answer to them leads anywhere else.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from screening.rules import expression as e
from screening.rules.answers import NONE, rounded
from screening.rules.parse import parse
from screening.rules.program import program
from screening.rules.ruleset import Question, RuleSet

PASSING = frozenset({"days", "weeks", "months", "years"})
"""the units of time: a duration in them only grows"""

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class Tested:
    """The tests of one rule set's deciding rules, and of the show_ifs of the questions they ask about."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.meaning = program(ruleset).meaning
        self.starts: dict[str, set[float]] = defaultdict(set)
        """question → the smallest number on the far side of each limit it is compared with"""
        self.worked_out: dict[str, set[str]] = defaultdict(set)
        """question → the tests of a number worked out from it, whose limits hang on other answers"""
        self.codes: dict[str, list[frozenset[str]]] = defaultdict(list)
        """question → the sets of codes that tests ask for"""
        self.orders: dict[str, tuple[str, str]] = {}
        """the tests that compare two durations, and of which questions"""
        self.questions: set[str] = set()
        """those that any of it mentions"""
        for node in self._nodes(ruleset):
            self._read(node)
        for one, other in self.orders.values():
            # where one has to grow, the other needs room
            self.starts[one] = self.starts[other] = self.starts[one] | self.starts[other]

    def _nodes(self, ruleset: RuleSet) -> Iterator[e.Node]:
        """Every node below the deciding rules, through definitions and show_ifs, each expression once."""
        left = [parse(rule.when) for rule in ruleset.rules if rule.disposition or rule.is_alarm]
        seen: set[str] = set()
        while left:
            for node in e.walk(left.pop()):
                yield node
                if isinstance(node, e.Name) and node.id not in seen:
                    seen.add(node.id)
                    left += self._behind(node.id)

    def _behind(self, name: str) -> Iterator[e.Node]:
        if name in self.meaning.definitions:
            yield self.meaning.definitions[name]
            return
        self.questions.add(name)
        if show_if := self.meaning.questions[name].show_if:
            yield parse(show_if)

    def _read(self, node: e.Node) -> None:
        match node:
            case e.Compare():
                self._compared(node)
            case e.In(tested=tested, members=members) if isinstance(members[0], e.Number):
                for limit in (member.value for member in members if isinstance(member, e.Number)):
                    self._limit(node, tested, "=", limit)
            case e.In(tested=e.Name(id=name), members=codes) | e.Intersects(tested=e.Name(id=name), codes=codes):
                self.codes[name].append(frozenset(str(code.value) for code in codes))
            case e.Contains(tested=e.Name(id=name), code=e.Text(value=code)):
                self.codes[name].append(frozenset({code}))
            case e.Score(question=e.Name(id=name)) | e.CountTicked(question=e.Name(id=name)):
                self.codes[name] += (frozenset({code}) for code in self.meaning.questions[name].codes if code != NONE)

    def _compared(self, test: e.Compare) -> None:
        match test.left, test.right:
            case (e.Name(id=name), e.Text(value=code)) | (e.Text(value=code), e.Name(id=name)):
                self.codes[name].append(frozenset({code}))
            case quantity, e.Number(value=limit):
                self._limit(test, quantity, test.operator, limit)
            case e.Number(value=limit), quantity:
                self._limit(test, quantity, _TURNED[test.operator], limit)
            case (e.Name(id=left), e.Name(id=right)) if self._is_duration(left) and self._is_duration(right):
                self.orders[str(test)] = (left, right)
            case _:
                self._depends(test, test)

    def _is_duration(self, name: str) -> bool:
        return name in self.meaning.questions and self.meaning.questions[name].unit in PASSING

    def _limit(self, test: e.Node, quantity: e.Node, operator: str, limit: float) -> None:
        """A quantity compared with a number: a limit of the questions whose answer it is."""
        match quantity:
            case e.Name(id=name) if name in self.meaning.definitions:
                self._limit(test, self.meaning.definitions[name], operator, limit)
            case e.Name(id=name):
                self.starts[name].update(starts(self.meaning.questions[name], operator, limit))
            case e.Coalesce(parts=parts):
                for part in parts:
                    self._limit(test, part, operator, limit)
            case _:
                self._depends(test, quantity)

    def _depends(self, test: e.Node, quantity: e.Node) -> None:
        for name in e.names(quantity):
            if name in self.meaning.definitions:
                self._depends(test, self.meaning.definitions[name])
            elif self.meaning.questions[name].type == "number":
                self.worked_out[name].add(str(test))


def starts(question: Question, operator: str, limit: float) -> Iterator[float]:
    """The smallest answer that is not below the limit, or the smallest above it, or both: where the operator turns."""
    scale = 10.0**question.places
    place = round(limit * scale, 6)
    if operator not in (">", "<="):
        yield rounded(math.ceil(place) / scale, question.places)
    if operator not in ("<", ">="):
        yield rounded((math.floor(place) + 1) / scale, question.places)


@lru_cache(maxsize=16)
def tested(ruleset: RuleSet) -> Tested:
    """Made once a rule set."""
    return Tested(ruleset)
