"""From a solver's model to a case that people can read: as near as can be found to a case they know.

Nearness is the number of questions answered otherwise. The bases are cases that the caller knows, such as the profiles
of the vignettes; else the blank case and the one where all that is asked is denied. A question that the claim does not
depend on is answered as the base answers it.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from screening.interpreters.prove.encode import Encoding
from screening.interpreters.prove.formula import Said
from screening.interpreters.prove.reference import Answers, Reference
from screening.interpreters.prove.search import Cases, Model, Search, Solve, Unconfirmed, Undecided
from screening.interpreters.prove.stored import GIVEN, NOT_AN_ANSWER, Stored
from screening.rules.answers import DONT_KNOW, NONE
from screening.rules.ruleset import RuleSet

_SMALLER_S = 2.0
"""how long a counterexample is made smaller, once there is one"""

_TRIED = 3
"""how many of the bases a model is brought nearer to"""

BLANK, CALM = "no answers", "nothing alarming"


@dataclass(frozen=True)
class Found:
    """The cases, the base they are nearest to, and the questions that the first answers otherwise."""

    cases: Cases
    base: str = ""
    changed: tuple[str, ...] = ()


class Finder:
    """Finds cases, each confirmed by the reference."""

    def __init__(self, encoding: Encoding, reference: Reference, bases: Mapping[str, Answers], solve: Solve) -> None:
        self.encoding = encoding
        self.reference = reference
        known = {name: _plain(answers) for name, answers in bases.items()}
        self.bases: Mapping[str, Answers] = known or {BLANK: {}, CALM: _calm(encoding.ruleset)}
        self.solve = solve

    def some(self, search: Search, deadline: float) -> Found | None:
        """Any cases. Raises Undecided, and Unconfirmed where the reference says otherwise."""
        model = self._model(search, deadline)
        return Found(self._cases(search, *self._answers(search, model, {}))) if model else None

    def smallest(self, search: Search, deadline: float) -> Found | None:
        """The cases nearest to one of the bases, or the nearest found in the time. Raises as `some` does."""
        model = self._model(search, deadline)
        if model is None:
            return None
        nearest = sorted(self.bases, key=lambda base: self._distance(search, model, base))
        best = min((self._shrunk(search, model, base) for base in nearest[:_TRIED]), key=_size)
        deadline = min(deadline, time.monotonic() + _SMALLER_S)
        for base in sorted(self.bases, key=lambda base: base != best.base):
            best = self._smaller(search, base, best, deadline)
        return best

    def _distance(self, search: Search, model: Model, base: str) -> int:
        """How many answers of the model are not the base's."""
        shared, _ = self._answers(search, model, self.bases[base])
        return sum(answer != self.bases[base].get(name) for name, answer in shared.items())

    def _smaller(self, search: Search, base: str, best: Found, deadline: float) -> Found:
        """The best, or better ones near this base."""
        again = search.again.values()
        asked = self.encoding.questions_of(search.formula, again)
        changes = [-stored.same(self.bases[base].get(stored.question.id)) for stored in asked]
        try:
            while best.changed and (model := self._model(search, deadline, changes, len(best.changed) - 1)):
                smaller = self._shrunk(search, model, base)
                if _size(smaller) >= _size(best):
                    break
                best = smaller
        except Undecided:
            pass
        return best

    def _model(self, search: Search, deadline: float, changes: list[int] | None = None, most: int = 0) -> Model | None:
        asked = self.encoding.questions_of(search.formula, search.again.values())
        return self.solve(search.formula, [stored.possible for stored in asked], deadline, changes or [], most)

    # -- from a model to answers

    def _answers(self, search: Search, model: Model, base: Answers) -> tuple[dict[str, Any], dict[str, Any]]:
        """The answers that the cases share, and the second's own."""
        shared: dict[str, Any] = dict(base)
        own: dict[str, Any] = {}
        for stored in self.encoding.questions_of(search.formula, search.again.values()):
            answers = own if stored.name in {each.name for each in search.again.values()} else shared
            answers[stored.question.id] = _answer(stored, model, base.get(stored.question.id))
        return shared, own

    def _cases(self, search: Search, shared: Answers, own: Answers) -> Cases:
        """Confirmed cases without what is hidden in all of them. Raises Unconfirmed."""
        cases = self._pruned(search.cases(shared, own))
        if not search.confirmed(cases):
            raise Unconfirmed(cases)
        return cases

    def _pruned(self, cases: Cases) -> Cases:
        hidden = set.intersection(*(set(self.reference.read(case).pruned) for case in cases))
        return [{name: answer for name, answer in case.items() if name not in hidden} for case in cases]

    # -- smaller

    def _shrunk(self, search: Search, model: Model, base: str) -> Found:
        """Answers of the model put back, one by one, to the base's while the reference still confirms it."""
        shared, own = self._answers(search, model, self.bases[base])
        self._cases(search, shared, own)
        for name, answer in list(own.items()):
            self._try(search, shared, own, own, name, shared.get(name), answer)
        for name, answer in list(shared.items()):
            if answer != self.bases[base].get(name):
                self._try(search, shared, own, shared, name, self.bases[base].get(name), answer)
        for name, answer in list(shared.items()):
            if answer != self.bases[base].get(name):
                self._tidied(search, shared, own, name, answer)
        cases = self._cases(search, shared, own)
        shown = {name for case in cases for name in self.reference.read(case).shown}
        questions = [question.id for question in self.encoding.ruleset.questions if question.id in shown]
        changed = [name for name in questions if cases[0].get(name) != self.bases[base].get(name)]
        return Found(cases, base, tuple(changed))

    def _try(
        self, search: Search, shared: Answers, own: Answers, part: dict[str, Any], name: str, new: Any, old: Any
    ) -> bool:
        """Put a new answer in, if the cases are still what was looked for."""
        part[name] = new
        if search.confirmed(self._pruned(search.cases(shared, own))):
            return True
        part[name] = old
        return False

    def _tidied(self, search: Search, shared: dict[str, Any], own: Answers, name: str, answer: Any) -> None:
        """A rounder number, or a valid answer, in the place of this one where that changes nothing."""
        unsure = None if self.encoding.ruleset.question(name).dont_know is None else DONT_KNOW
        for tidier in _tidier(answer, unsure):
            if tidier == answer or self._try(search, shared, own, shared, name, tidier, answer):
                return


def _tidier(answer: Any, unsure: str | None) -> Iterator[Any]:
    if isinstance(answer, int | float):
        yield from (round(round(answer, -2)), round(round(answer, -1)), round(answer), ceil(answer), floor(answer))
    elif answer == NOT_AN_ANSWER:
        yield from (unsure, None)
    elif isinstance(answer, list) and NOT_AN_ANSWER in answer:
        rest = [each for each in answer if each != NOT_AN_ANSWER]
        yield from ([*rest, unsure] if unsure else rest, rest or None)


def _calm(ruleset: RuleSet) -> dict[str, Any]:
    """The answers that say no: the nearest to a healthy case that can be told from the questions alone."""
    nothing = {"yes_no": "no", "single": "no", "multiple": NONE}
    asked = [question for question in ruleset.questions if question.audience == "patient"]
    said = {question: nothing.get(question.type) for question in asked if nothing.get(question.type) in question.codes}
    return {question.id: [code] if question.type == "multiple" else code for question, code in said.items()}


def _plain(answers: Answers) -> dict[str, Any]:
    """Answers as they are stored: lists, and nothing for no answer."""
    given = {name: answer for name, answer in answers.items() if answer is not None}
    return {name: list(answer) if isinstance(answer, tuple) else answer for name, answer in given.items()}


def _size(found: Found) -> int:
    return len(found.changed)


def _answer(stored: Stored, model: Model, base: Any) -> Any:
    """The model's answer, in the base's own form where they say the same."""
    words, steps = stored.read(base)
    steps = model.steps.get(stored.name, steps)
    said = {word for word in stored.words if model.is_true(Said(stored.name, word))}
    if said == words and (GIVEN not in words or steps == stored.read(base)[1]):
        return base
    return stored.answer(model.is_true, steps)
