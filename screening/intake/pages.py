"""The pages of a rule set's questions: which question stands on which page. Always the same for the same rule set.

A page belongs to one step (a section); what a question opens stands on the page of that question.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from screening.rules.program import program
from screening.rules.ruleset import Question, RuleSet

MOST_ON_A_PAGE = 6
"""Not counting the questions that another one on the page opens."""


@dataclass(frozen=True)
class Page:
    number: int
    step: int
    """counts from 1; a step may have several pages"""
    title: str
    questions: tuple[Question, ...]
    branches: bool
    """whether an answer on this page may show or hide a question of it"""


@dataclass(frozen=True)
class Plan:
    pages: tuple[Page, ...]
    steps: int

    def page(self, number: int) -> Page | None:
        return self.pages[number - 1] if 1 <= number <= len(self.pages) else None

    def page_of(self, question_id: str) -> Page | None:
        """None for a question that patients are not asked."""
        return next((page for page in self.pages if any(q.id == question_id for q in page.questions)), None)


@lru_cache(maxsize=32)
def plan(ruleset: RuleSet) -> Plan:
    """The pages of a rule set."""
    needs = _needs(ruleset)
    order = _reading_order(ruleset, needs)
    steps = _steps(ruleset, order)
    sections = list(dict.fromkeys(steps.values()))
    pages: list[Page] = []
    for step, section in enumerate(sections, start=1):
        members = [question_id for question_id in order if steps[question_id] == section]
        for group in _pages_of(_units(members, needs)):
            questions = tuple(map(ruleset.question, group))
            branches = any(needs[question_id].intersection(group) for question_id in group)
            pages.append(Page(len(pages) + 1, step, ruleset.sections[section].title, questions, branches))
    return Plan(tuple(pages), len(sections))


def _needs(ruleset: RuleSet) -> dict[str, frozenset[str]]:
    """Each patient's question with those of the patient's questions that its show_if looks at."""
    run = program(ruleset)
    asked = {question.id: question.show_if for question in ruleset.questions if question.audience == "patient"}
    return {key: (run.mentions(text) & asked.keys() if text else frozenset()) for key, text in asked.items()}


def _reading_order(ruleset: RuleSet, needs: dict[str, frozenset[str]]) -> list[str]:
    """The order of the document, section by section, but no question before those that decide about it."""
    places = {question_id: (_section(ruleset, question_id), place) for place, question_id in enumerate(needs)}
    waiting = {question_id: len(others) for question_id, others in needs.items()}
    ready = [(places[question_id], question_id) for question_id, count in waiting.items() if not count]
    heapq.heapify(ready)
    order = []
    while ready:
        _, done = heapq.heappop(ready)
        order.append(done)
        for question_id in (key for key, others in needs.items() if done in others):
            waiting[question_id] -= 1
            if not waiting[question_id]:
                heapq.heappush(ready, (places[question_id], question_id))
    return order


def _section(ruleset: RuleSet, question_id: str) -> int:
    wanted = ruleset.question(question_id).section
    return next(place for place, section in enumerate(ruleset.sections) if section.id == wanted)


def _steps(ruleset: RuleSet, order: Sequence[str]) -> dict[str, int]:
    """The section under which each question is asked: its own, or an earlier one that needs its answer.

    So that steps are only ever counted upwards.
    """
    steps: dict[str, int] = {}
    earliest = len(ruleset.sections)
    for question_id in reversed(order):
        earliest = min(earliest, _section(ruleset, question_id))
        steps[question_id] = earliest
    return {question_id: steps[question_id] for question_id in order}


def _units(members: Sequence[str], needs: dict[str, frozenset[str]]) -> list[list[str]]:
    """What must stay together: a question with all that it opens, unless that would fill a page by itself."""
    opened: dict[str, list[str]] = {question_id: [] for question_id in members}
    heads = []
    for question_id in members:
        openers = [other for other in members if other in needs[question_id]]
        (opened[openers[-1]] if openers else heads).append(question_id)
    units = [unit for head in heads for unit in _whole_or_parts(head, opened)]
    return _untangled(units, members, needs)


def _whole_or_parts(head: str, opened: dict[str, list[str]]) -> Iterator[list[str]]:
    whole = list(_tree(head, opened))
    if len(whole) <= MOST_ON_A_PAGE:
        yield whole
        return
    yield [head]
    for child in opened[head]:
        yield from _whole_or_parts(child, opened)


def _tree(head: str, opened: dict[str, list[str]]) -> Iterator[str]:
    yield head
    for child in opened[head]:
        yield from _tree(child, opened)


def _untangled(units: Iterable[list[str]], members: Sequence[str], needs: dict[str, frozenset[str]]) -> list[list[str]]:
    """Units in reading order; whatever also waits for a later unit stands on its own."""
    place = {question_id: number for number, question_id in enumerate(members)}
    ordered = sorted((sorted(unit, key=place.__getitem__) for unit in units), key=lambda unit: place[unit[0]])
    unit_of = {question_id: number for number, unit in enumerate(ordered) for question_id in unit}
    for number, unit in enumerate(ordered):
        for question_id in unit[1:]:
            if any(unit_of.get(other, -1) > number for other in needs[question_id]):
                rest = [member for member in unit if member != question_id]
                return _untangled([*ordered[:number], rest, [question_id], *ordered[number + 1 :]], members, needs)
    return ordered


def _pages_of(units: Sequence[list[str]]) -> Iterator[list[str]]:
    """As few pages as can be, evenly filled."""
    count = ceil(len(units) / MOST_ON_A_PAGE)
    start = 0
    for number in range(count):
        end = start + ceil((len(units) - start) / (count - number))
        yield [question_id for unit in units[start:end] for question_id in unit]
        start = end
