"""What a question may be answered instead, one option for all answers that no test tells apart."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from screening.interpreters.whatif.tested import PASSING, Tested
from screening.rules.answers import NONE, Invalid, reader, rounded
from screening.rules.operations import Ticked, Value
from screening.rules.ruleset import Question
from screening.rules.truth import Missing

Turns = Callable[[Question, Value], Iterable[float]]
"""Where a number makes a difference that hangs on other answers: question, answer now → starts of ranges."""


@dataclass(frozen=True)
class Option:
    """An answer that stands for all like it. Told apart by its place."""

    question: str
    place: tuple[int, int]
    """of its question in the document, and among the options of its question: numbers ascending, codes in order"""
    answer: Any
    by_finding: bool
    low: float | None = None
    """of a number: the least that is like it; None where there is no least"""
    high: float | None = None
    codes: tuple[str, ...] = ()
    """of a choice: any of these"""
    without: tuple[str, ...] = ()
    """of several choices: these are taken away"""
    kept: bool = False
    """of several choices: what was ticked before stays"""

    def is_like(self, other: "Option") -> bool:
        """Whether both give, both add to, or both take away from what was answered."""
        return (self.kept, bool(self.without)) == (other.kept, bool(other.without))

    def __hash__(self) -> int:
        return hash(self.place)


def value_of(question: Question, answer: Any) -> Value:
    """What was answered, hidden or not; unknown where there is no answer or none that can be used."""
    if answer is None:
        return Missing.UNKNOWN
    try:
        return reader(question)(answer)
    except Invalid as error:
        return error.rest


def options(tested: Tested, question: Question, place: int, now: Value, turns: Turns) -> list[Option]:
    """The answers possible in life that may make a difference.

    What has been found out by a clinician stays as it is; a duration only grows; a lasting choice stays.
    """
    by_finding = question.audience == "clinician"
    if by_finding and not isinstance(now, Missing):
        return []
    return [
        Option(question.id, (place, number), by_finding=by_finding, **found)
        for number, found in enumerate(_found(tested, question, now, turns))
        if found
    ]


def _found(tested: Tested, question: Question, now: Value, turns: Turns) -> Iterator[dict[str, Any]]:
    """What is special to each option; nothing where there is none in that place."""
    if question.type == "number":
        starts = tested.starts[question.id].union(turns(question, now))
        return _numbers(question, now, starts)
    if question.type == "multiple":
        classes = _classes(tested, question)
        return _ticks(question, now, classes) if isinstance(now, Ticked) else _first_ticks(classes)
    return _codes(question, now, _classes(tested, question))


# Numbers --------------------------------------------------------------------------------------------------------------


def _numbers(question: Question, now: Value, starts: set[float]) -> Iterator[dict[str, Any]]:
    """A range each, but for the one it is in, and for a duration those below."""
    for low, high in _ranges(question, starts):
        last = None if question.unit in PASSING else high
        if isinstance(now, float) and (low is None or now >= low) and (last is None or now <= last):
            yield {}
        else:
            answer = low if low is not None else high if high is not None else 0.0
            yield {"answer": answer, "low": low, "high": high}


def _ranges(question: Question, starts: set[float]) -> Iterator[tuple[float | None, float | None]]:
    """All possible answers, cut at the starts."""
    low, high = question.min, question.max
    inside = sorted(start for start in starts if (low is None or start > low) and (high is None or start <= high))
    step = 10.0**-question.places
    for first, following in pairwise([low, *inside, None]):
        yield first, high if following is None else rounded(following - step, question.places)


# Choices --------------------------------------------------------------------------------------------------------------

Classes = dict[tuple[bool, ...], list[str]]


def _classes(tested: Tested, question: Question) -> Classes:
    """The codes that every test treats alike, by how it does."""
    found: Classes = {}
    for code in question.codes:
        found.setdefault(tuple(code in wanted for wanted in tested.codes[question.id]), []).append(code)
    return found


def _lasting(question: Question) -> set[str]:
    return {choice.value for choice in question.choices if choice.lasting}


def _codes(question: Question, now: Value, classes: Classes) -> Iterator[dict[str, Any]]:
    lasting = _lasting(question)
    for alike in classes.values():
        if now not in alike:
            codes = [code for code in alike if now not in lasting or code in lasting]
            if codes:
                yield {"answer": codes[0], "codes": tuple(codes)}


def _first_ticks(classes: Classes) -> Iterator[dict[str, Any]]:
    """One tick where nothing is known; "none of these" stands for everything that nothing asks for."""
    for alike in classes.values():
        codes = [NONE] if NONE in alike else alike
        yield {"answer": (codes[0],), "codes": tuple(codes)}


def _ticks(question: Question, now: Ticked, classes: Classes) -> Iterator[dict[str, Any]]:
    """One class of choices more, or less."""
    lasting = _lasting(question)
    for treated, alike in classes.items():
        ticked = [code for code in alike if code in now.codes]
        more = [code for code in alike if code != NONE]
        if not ticked and any(treated) and more:
            kept = now.codes - {NONE}
            yield {"answer": _in_order(question, kept | {more[0]}), "codes": tuple(more), "kept": bool(kept)}
        elif ticked and any(treated) and NONE not in ticked and lasting.isdisjoint(ticked):
            left = now.codes - set(ticked) or ({NONE} if NONE in question.codes else set())
            if left:
                yield {"answer": _in_order(question, left), "without": tuple(ticked)}
    if not now.complete:
        yield {"answer": _in_order(question, now.codes), "codes": tuple(_in_order(question, now.codes))}


def _in_order(question: Question, codes: Iterable[str]) -> tuple[str, ...]:
    wanted = set(codes)
    return tuple(code for code in question.codes if code in wanted)
