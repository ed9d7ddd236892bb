"""How questions and definitions depend on each other: circles, and chains too long to follow."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.ruleset import RuleSet
from screening.rules.tokens import ParseError

MAX_CHAIN = 50


def dependencies(ruleset: RuleSet) -> dict[str, set[str]]:
    """What each question's show_if and each definition mentions; what cannot be read mentions nothing."""
    needs = {question.id: mentioned(question.show_if) for question in ruleset.questions}
    needs |= {definition.id: mentioned(definition.is_) for definition in ruleset.definitions}
    return {name: {other for other in others if other in needs} for name, others in needs.items()}


def mentioned(text: str | None) -> set[str]:
    """The names in an expression; none where it cannot be read."""
    try:
        return set(e.names(parse(text))) if text else set()
    except ParseError:
        return set()


def circles(needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Every circle found, as names from the first back to it, until none is left."""
    left = {name: set(others) for name, others in needs.items()}
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(left).prepare()
            return found
        except CycleError as error:
            circle = error.args[1][::-1]
            found.append(circle)
            for name in circle:
                left.pop(name, None)
            for others in left.values():
                others.difference_update(circle)


def order(needs: Mapping[str, set[str]], circular: set[str]) -> list[str]:
    """The names that are in no circle, each after what it mentions."""
    left = {name: others - circular for name, others in needs.items() if name not in circular}
    return list(TopologicalSorter(left).static_order())


def longest_chain(needs: Mapping[str, set[str]]) -> int:
    """How many steps the longest chain of mentions has; the needs must be free of circles."""
    depth: dict[str, int] = {}
    for name in TopologicalSorter(needs).static_order():
        depth[name] = 1 + max((depth[other] for other in needs.get(name, ())), default=0)
    return max(depth.values(), default=0)
