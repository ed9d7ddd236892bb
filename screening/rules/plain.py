"""Numbers, times and answers in plain English."""

from collections.abc import Iterable
from typing import Any

from screening.rules import expression as e
from screening.rules.operations import Ticked
from screening.rules.ruleset import Question
from screening.rules.truth import Missing

_COUNTED = {"days", "weeks", "months", "years", "hours", "minutes", "degrees", "points", "levels", "decimals"}
_MISSING = {Missing.UNKNOWN: "not known", Missing.ABSENT: "not given", Missing.PENDING: "not answered yet"}


def number_in_words(value: float, unit: str | None = None) -> str:
    """A number with its unit: 14 weeks, 1 week, 7.5%, 7 out of 10."""
    digits = e.number_text(round(value, 2))
    if unit == "%":
        return f"{digits}%"
    if value == 1 and unit in _COUNTED:
        unit = unit.removesuffix("s")
    return f"{digits} {unit}" if unit else digits


def hours_in_words(hours: int) -> str:
    """A time limit as people say it: at once, 24 hours, 4 days, 2 weeks. Up to 72 hours stay hours."""
    if hours == 0:
        return "at once"
    if hours > 72 and hours % 168 == 0:
        return number_in_words(hours // 168, "weeks")
    if hours > 72 and hours % 24 == 0:
        return number_in_words(hours // 24, "days")
    return number_in_words(hours, "hours")


def answer_in_words(question: Question, answer: Any) -> str:
    """An answer as a person reads it: as it is stored, or as a case holds it. Never raises for an answer."""
    if answer is None:
        return _MISSING[Missing.ABSENT]
    if isinstance(answer, Missing):
        return _MISSING[answer]
    if isinstance(answer, Ticked):
        codes = [code for code in question.codes if code in answer.codes]
        answer = codes if answer.complete else [*codes, "dont_know"]
    if isinstance(answer, list | tuple):
        return "; ".join(question.label_of(str(code)) for code in answer)
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return number_in_words(answer, question.unit)
    return str(answer) if question.type in ("text", "date") else question.label_of(str(answer))


def quoted(words: str) -> str:
    """“words”"""
    return f"“{words}”"


def listed(words: Iterable[str], last: str = "or") -> str:
    """a, b or c"""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final
