"""What an answer to one question is worth, by the question's type (the table of language.md section 2)."""

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from screening.rules.operations import Ticked, Value
from screening.rules.ruleset import Question
from screening.rules.truth import Missing

DONT_KNOW = "dont_know"
NONE = "none"
_LARGEST = 1e15
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

ReadAnswer = Callable[[Any], Value]


class Invalid(Exception):
    """An answer that cannot be one; `rest` is what still counts of it."""

    def __init__(self, rest: Value = Missing.UNKNOWN) -> None:
        super().__init__()
        self.rest = rest


def no_answers(question: Question) -> tuple[Any, ...]:
    """The values that say nothing: a question with one of them is not answered."""
    return {"multiple": (None, [], ()), "text": (None, "")}.get(question.type, (None,))


def is_answered(question: Question, answer: Any) -> bool:
    """Whether anything was said at all."""
    return answer not in no_answers(question)


def is_valid(question: Question, answer: Any) -> bool:
    """Whether a question may be answered so."""
    try:
        reader(question)(answer)
    except Invalid:
        return False
    return True


def reader(question: Question) -> ReadAnswer:
    """The function that gives an answer's value, or Missing.UNKNOWN for don't know. It raises Invalid."""
    return _READERS[question.type](question)


def _codes(question: Question) -> ReadAnswer:
    values: dict[Any, Value] = {code: code for code in question.codes}
    if question.dont_know is not None:
        values[DONT_KNOW] = Missing.UNKNOWN

    def read(answer: Any) -> Value:
        try:
            return values[answer]
        except (KeyError, TypeError):  # an unknown code, or something that is no code at all
            raise Invalid from None

    return read


def _ticked(question: Question) -> ReadAnswer:
    codes, offers_dont_know = frozenset(question.codes), question.dont_know is not None

    def read(answer: Any) -> Value:
        if answer == DONT_KNOW and offers_dont_know:
            return Missing.UNKNOWN
        if not isinstance(answer, list | tuple):
            raise Invalid
        ticked = frozenset(code for code in answer if isinstance(code, str) and code in codes)
        unsure = answer.count(DONT_KNOW)
        strange = len(ticked) + unsure != len(answer) or unsure > 1
        if strange or (unsure and not offers_dont_know) or (NONE in ticked and len(answer) > 1):
            known = ticked - {NONE}
            raise Invalid(Ticked(known, complete=False) if known else Missing.UNKNOWN)
        return Ticked(ticked, complete=not unsure) if ticked else Missing.UNKNOWN

    return read


def _number(question: Question) -> ReadAnswer:
    low = question.min if question.min is not None else -_LARGEST
    high = question.max if question.max is not None else _LARGEST
    offers_dont_know, integer, places = question.dont_know is not None, question.integer, question.places

    def read(answer: Any) -> Value:
        if answer == DONT_KNOW and offers_dont_know:
            return Missing.UNKNOWN
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            raise Invalid
        if not low <= answer <= high or (integer and answer != int(answer)):
            raise Invalid
        return rounded(float(answer), places)

    return read


def rounded(number: float, places: int) -> float:
    """To so many decimals, half to even, as a person reads the number: 0.25 is 0.2, and 2.675 is 2.68."""
    near = round(number, places)
    if near != number:
        near = float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))
    return near + 0.0  # never -0.0, which is equal and yet written otherwise


def _date(question: Question) -> ReadAnswer:
    def read(answer: Any) -> Value:
        if answer == DONT_KNOW and question.dont_know is not None:
            return Missing.UNKNOWN
        if not isinstance(answer, str) or not _ISO_DATE.fullmatch(answer):
            raise Invalid
        try:
            return date.fromisoformat(answer).isoformat()
        except ValueError:
            raise Invalid from None

    return read


def _text(question: Question) -> ReadAnswer:
    def read(answer: Any) -> Value:
        if answer == DONT_KNOW and question.dont_know is not None:
            return Missing.UNKNOWN
        if not isinstance(answer, str) or answer == DONT_KNOW or len(answer) > question.max_length:
            raise Invalid
        return answer

    return read


_READERS: dict[str, Callable[[Question], ReadAnswer]] = {
    "yes_no": _codes,
    "single": _codes,
    "multiple": _ticked,
    "number": _number,
    "date": _date,
    "text": _text,
}
