"""Numbers and dates as people type them. What cannot be read raises Unreadable with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from screening.intake import words
from screening.rules.answers import rounded
from screening.rules.ruleset import Question
from screening.rules.units import PARTS, to_unit

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_LONGEST = 25


class Unreadable(Exception):
    """`words` tells the person what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read_number(question: Question, parts: Sequence[str], entry_unit: str) -> int | float:
    """What was typed, in the question's own unit and as exact as it is kept. Raises Unreadable."""
    numbers = [_number(question, part, entry_unit) for part in _needed_parts(question, parts, entry_unit)]
    own_unit = question.unit or ""
    value = to_unit(numbers, entry_unit, own_unit)
    if entry_unit != own_unit:
        # 1½ weeks are 10½ days: what people enter in another unit need not come out even.
        value = rounded(value, question.places)
    _check_range(question, value, entry_unit)
    if question.integer and value != int(value):
        raise Unreadable(words.whole_number(question))
    return int(value) if value == int(value) else value


def _needed_parts(question: Question, parts: Sequence[str], entry_unit: str) -> list[str]:
    if entry_unit not in PARTS:
        return [parts[0]]
    first, second = (*parts, "")[:2]
    if not first.strip():
        raise Unreadable(words.both_parts(entry_unit))
    return [first, second if second.strip() else "0"]


def _number(question: Question, text: str, entry_unit: str) -> float:
    compact = _SPACES.sub("", text).replace("\u2212", "-")
    if len(compact) <= _LONGEST and _THOUSANDS.fullmatch(compact):
        return float(compact.replace(",", ""))
    if len(compact) > _LONGEST or not _PLAIN.fullmatch(compact):
        raise Unreadable(words.how_to_enter(question, entry_unit))
    return float(compact.replace(",", "."))


def _check_range(question: Question, value: float, entry_unit: str) -> None:
    too_small = question.min is not None and value < question.min
    too_large = question.max is not None and value > question.max
    if too_small or too_large:
        raise Unreadable(words.out_of_range(question, entry_unit))


def read_date(parts: Sequence[str]) -> date:
    """Day, month and year as typed. Raises Unreadable."""
    compact = [_SPACES.sub("", part) for part in parts]
    if not all(part.isdecimal() and len(part) <= 4 for part in compact):
        raise Unreadable("Enter the day, the month and the year with numbers, like 17 5 1980.")
    day, month, year = map(int, compact)
    if year < 1000:
        raise Unreadable("Enter the year with four digits, like 1980.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("There is no such day. Check the day and the month.") from None
