"""The cases near one case: what may be answered otherwise, and what comes of it.

Bounded by counting the cases decided, never by a clock, so that a case gives the same ways on any machine.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from screening.interpreters.evaluate import decide
from screening.interpreters.whatif.needs import MOST, NOTHING, Set, fits
from screening.interpreters.whatif.options import Option, options, value_of
from screening.interpreters.whatif.tested import starts, tested
from screening.rules.case import Case, read_case
from screening.rules.operations import Value
from screening.rules.program import program
from screening.rules.ruleset import Question, RuleSet
from screening.rules.truth import UNKNOWN, Missing, Truth


class GivenUp(Exception):
    """The limit of cases is reached."""


class Trial:
    """The case with some answers changed."""

    def __init__(self, ruleset: RuleSet, answers: Mapping[str, Any]) -> None:
        self._ruleset, self._answers = ruleset, answers
        self.outcome = decide(ruleset, answers)
        self.disposition, self.trace = self.outcome.disposition, self.outcome.trace

    @cached_property
    def case(self) -> Case:
        return read_case(self._ruleset, self._answers)


class Space:
    """All cases within a few changes of one; `limit` is how many may be decided."""

    def __init__(self, ruleset: RuleSet, answers: Mapping[str, Any], limit: int) -> None:
        self.ruleset, self.answers, self.limit = ruleset, dict(answers), limit
        self.tested = tested(ruleset)
        self.tried = 0
        self._trials: dict[Set, Trial] = {}
        self._options: dict[str, list[Option]] = {}
        self.base = self.trial(NOTHING)

    # -- one case

    def trial(self, changes: Set) -> Trial:
        """The case with these changes. Raises GivenUp."""
        if changes not in self._trials:
            self._trials[changes] = self._try({option.question: option.answer for option in changes})
        return self._trials[changes]

    def _try(self, changed: Mapping[str, Any]) -> Trial:
        if self.tried >= self.limit:
            raise GivenUp
        self.tried += 1
        return Trial(self.ruleset, {**self.answers, **changed})

    def leads_to(self, changes: Set) -> str | None:
        """The disposition that these changes lead to; None where it is the same, or is not possible or told yet."""
        trial = self.trial(changes)
        is_asked = all(option.question in trial.case.shown for option in changes)
        if trial.disposition == self.base.disposition or not is_asked or not self.is_in_order(changes):
            return None
        fired = any(self.ruleset.rule(rule_id).disposition == trial.disposition for rule_id in trial.outcome.fired)
        return trial.disposition if fired or not self._waits(trial, self.then_asked(changes)) else None

    def _waits(self, trial: Trial, then_asked: Collection[str]) -> bool:
        """Whether a rule that could decide cannot be told for what is not yet asked."""
        mentions = program(self.ruleset).mentions
        return any(
            trial.outcome.verdicts[rule.id] is UNKNOWN and not mentions(rule.when).isdisjoint(then_asked)
            for rule in self.ruleset.rules
            if rule.disposition or rule.is_alarm
        )

    def is_in_order(self, changes: Set) -> bool:
        """Of two durations that are compared the longer stays the longer: time passes for both."""
        trace = self.trial(changes).trace
        return all(self.base.trace[test] in (UNKNOWN, trace[test]) for test in self.tested.orders)

    def with_room(self, changes: Set) -> Iterator[Set]:
        """Where a duration outgrew another: the changes with that other grown as little as gives it room."""
        grown = {option.question: option.answer for option in changes}
        for pair in () if self.is_in_order(changes) else self.tested.orders.values():
            for name in set(pair) - grown.keys() if grown.keys() & pair else ():
                needed = max(grown[one] for one in pair if one in grown)
                enough = (changes | {option} for option in self.options(name) if option.answer >= needed)
                yield from islice(filter(fits, enough), 1)

    def then_asked(self, changes: Set) -> tuple[str, ...]:
        """The questions that the changes open and that stay not known."""
        case = self.trial(changes).case
        return tuple(name for name in case.shown if name not in self.base.case.shown and case.is_open(name))

    # -- what may be changed

    def moves(self) -> list[Set]:
        """Each option alone; and where it opens questions, with an answer to them."""
        found: list[Set] = []
        left = [NOTHING]
        while left:
            new = [changes for before in left for changes in self._moves_after(before)]
            found += new
            left = [changes for changes in new if len(changes) < MOST]
        return list(dict.fromkeys(found))

    def _moves_after(self, before: Set) -> Iterator[Set]:
        settled = {*self.base.case.shown, *(option.question for option in before)} if before else set()
        for name in self.trial(before).case.shown:
            if name not in settled:
                yield from (before | {option} for option in self.options(name))

    def options(self, question_id: str) -> list[Option]:
        """What a question may be answered instead; nothing where it is not modifiable, or no rule that decides asks."""
        question = self.ruleset.question(question_id)
        if not question.modifiable or question_id not in self.tested.questions:
            return []
        if question_id not in self._options:
            place = program(self.ruleset).places[question_id]
            self._options[question_id] = options(self.tested, question, place, self.now(question), self._turns)
        return self._options[question_id]

    def now(self, question: Question) -> Value:
        """What it is answered."""
        return value_of(question, self.answers.get(question.id))

    def _turns(self, question: Question, now: Value) -> Iterator[float]:
        """Where tests turn whose limits hang on other answers."""
        pairs = [pair for pair in self.tested.orders.values() if question.id in pair and isinstance(now, Missing)]
        for name in {name for pair in pairs for name in pair}:
            other = self.now(self.ruleset.question(name))
            if isinstance(other, float):
                yield from starts(question, "=", other)
        yield from self._worked_out(question, now)

    def _worked_out(self, question: Question, now: Value) -> Iterator[float]:
        """Where the tests of a number worked out from this one turn: one place on each side of the answer now."""
        if question.min is None or question.max is None:
            return
        scale = 10**question.places
        ends = [question.min, now, question.max] if isinstance(now, float) else [question.min, question.max]
        for test in sorted(self.tested.worked_out[question.id]):
            for low, high in pairwise(round(end * scale) for end in ends):
                turn = self._turn(question.id, test, low, high, scale)
                if turn is not None:
                    yield turn / scale

    def _turn(self, question_id: str, test: str, low: int, high: int, scale: int) -> int | None:
        """By halving; None where both ends are alike."""

        def truth(place: int) -> Truth:
            return self._try({question_id: place / scale}).trace[test]

        first = truth(low)
        if first is truth(high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if truth(middle) is first else (low, middle)
        return high
