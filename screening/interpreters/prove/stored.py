"""Every answer that can be stored for a question, as leaves; and from leaves back to an answer.

The states are those of language.md section 2 with nothing pending: answered with a code, with a set of codes (beside
them don't know, or something invalid), with a number; don't know; invalid; nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from screening.interpreters.evaluate import WITHDRAWN
from screening.interpreters.prove.formula import FALSE, Formulas, Leaf, Said
from screening.interpreters.prove.linear import Linear, Sums, Variable, exactly
from screening.rules.answers import DONT_KNOW, NONE, Invalid, is_answered, reader, rounded
from screening.rules.operations import Ticked
from screening.rules.ruleset import Question
from screening.rules.truth import Missing

INVALID, GIVEN = "(invalid)", "(a number)"
NOT_AN_ANSWER = "(not an answer)"
"""stands in a counterexample for anything that cannot be an answer"""
_LARGEST = 10**15


@dataclass(frozen=True)
class Stored:
    """The leaves of one question; `name` is its id, or another name for a second answer to it."""

    question: Question
    name: str
    formulas: Formulas
    sums: Sums

    def __post_init__(self) -> None:
        if self.question.type == "number":
            low, high = self.limits
            self.sums.variables[self.name] = Variable(Fraction(low), Fraction(high), whole=True)

    @cached_property
    def limits(self) -> tuple[int, int]:
        """The least and greatest answer, counted in steps of the question's decimals."""
        question, steps = self.question, 10**self.question.places
        low = -_LARGEST if question.min is None else question.min
        high = _LARGEST if question.max is None else question.max
        if question.integer:
            return ceil(low), floor(high)
        ends = (exactly(rounded(float(end), question.places)) for end in (low, high))
        first, last = (round(end * steps) for end in ends)
        return first, last

    @cached_property
    def values(self) -> tuple[str, ...]:
        """What can be said that is known. Nobody can declare that no alarm was taken back (section 2)."""
        if self.question.type == "number":
            low, high = self.limits
            return (GIVEN,) if low <= high else ()
        return tuple(code for code in self.question.codes if (self.question.id, code) != (WITHDRAWN, "no"))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Everything that can be said."""
        dont_know = () if self.question.dont_know is None else (DONT_KNOW,)
        return (*self.values, *dont_know, INVALID)

    def said(self, word: str) -> int:
        """The stored answer says this: it is this code or has it ticked, is don't know, is invalid, is a number."""
        return self.formulas.leaf(Said(self.name, word)) if word in self.words else FALSE

    @cached_property
    def known(self) -> int:
        """The answer has a value."""
        return self.formulas.any(self.said(value) for value in self.values)

    @cached_property
    def unknown(self) -> int:
        """The answer, where the question is shown, makes it unknown rather than absent."""
        doubt = self.formulas.any([self.said(DONT_KNOW), self.said(INVALID)])
        return self.formulas.both(-self.known, doubt if self.question.may_stay_empty else -self.known)

    @property
    def incomplete(self) -> int:
        """Of a known answer to a `multiple`: there may be more than what is ticked."""
        return self.formulas.any([self.said(DONT_KNOW), self.said(INVALID)])

    @property
    def number(self) -> Linear:
        """The number, where one is given."""
        return Linear(((self.name, Fraction(1, 10**self.question.places)),))

    @cached_property
    def possible(self) -> int:
        """What is said fits together."""
        f, words = self.formulas, self.words
        if self.question.type != "multiple":
            return f.all(-f.both(self.said(a), self.said(b)) for n, a in enumerate(words) for b in words[:n])
        others = f.any(self.said(word) for word in words if word != NONE)
        return f.both(-f.both(self.said(NONE), others), -f.both(self.said(DONT_KNOW), self.said(INVALID)))

    def read(self, answer: Any) -> tuple[frozenset[str], int]:
        """What an answer says, and its number in steps."""
        if not is_answered(self.question, answer):
            return frozenset(), 0
        try:
            value = reader(self.question)(answer)
        except Invalid as error:
            codes = error.rest.codes if isinstance(error.rest, Ticked) else frozenset()
            return codes | {INVALID}, 0
        if value is Missing.UNKNOWN:
            return frozenset({DONT_KNOW}), 0
        if isinstance(value, Ticked):
            return value.codes | (frozenset() if value.complete else {DONT_KNOW}), 0
        if isinstance(value, float):
            return frozenset({GIVEN}), round(exactly(value) * 10**self.question.places)
        return frozenset({str(value)} & set(self.values)), 0

    def same(self, answer: Any) -> int:
        """The stored answer means the same as this one."""
        words, steps = self.read(answer)
        said = [self.said(word) if word in words else -self.said(word) for word in self.words]
        if GIVEN not in words:
            return self.formulas.all(said)
        number = Linear(((self.name, Fraction(1)),))
        at_least, more = self.sums.at_least(number, Fraction(steps)), self.sums.at_least(number, Fraction(steps + 1))
        return self.formulas.all([*said, at_least, -more])

    def answer(self, is_true: Callable[[Leaf], bool], steps: int) -> Any:
        """The answer that says what the leaves say; None for no answer."""
        said = [word for word in self.words if is_true(Said(self.name, word))]
        if GIVEN in said:
            return self._number(steps)
        if self.question.type == "multiple" and said not in ([], [DONT_KNOW]):
            return [NOT_AN_ANSWER if word == INVALID else word for word in said]
        if said == [INVALID]:
            return 0 if self.question.type == "text" else NOT_AN_ANSWER
        return said[0] if said else None

    def _number(self, steps: int) -> float:
        number = float(Fraction(steps, 10**self.question.places))
        low, high = self.question.min, self.question.max
        number = number if low is None else max(low, number)
        number = number if high is None else min(high, number)
        return int(number) if number.is_integer() else number
