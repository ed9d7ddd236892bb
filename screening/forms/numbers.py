"""What somebody typed into a number field → an answer in the question's own unit. No Django here.

Takes "45", "45 years", "1,5", "4,000", "5 ft 11", "5'11\"" and "3 months" where weeks were chosen beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.rules.answers import rounded
from screening.rules.expression import number_text
from screening.rules.ruleset import Question
from screening.rules.units import PARTS, to_unit

LONGEST = 40
UNIT_WORDS = {
    "ft_in": "feet and inches",
    "st_lb": "stones and pounds",
    "lb": "pounds",
}
# What people write for a unit, beside its own name and that without the s.
_SHORT = {
    "ft_in": ("ft", "feet", "foot", "in", "inch", "inches"),
    "st_lb": ("st", "stone", "stones", "lb", "lbs", "pounds"),
    "lb": ("lbs", "pound", "pounds"),
    "kg": ("kgs", "kilos"),
    "days": ("d",),
    "weeks": ("wk", "wks"),
    "months": ("mo", "mths"),
    "years": ("y", "yr", "yrs"),
    "degrees": ("°", "deg"),
}
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?|[%°]")


class NotUnderstood(Exception):
    """What was typed is no answer; the message says what to do."""


@dataclass(frozen=True)
class Typed:
    """A number as typed: its parts (two for feet and inches) and the unit they are in."""

    parts: tuple[str, ...]
    unit: str

    @property
    def words(self) -> str:
        names = {"ft_in": ("ft", "in"), "st_lb": ("st", "lb")}.get(self.unit)
        if names is None:
            return f"{self.parts[0]} {unit_words(self.unit)}".strip()
        return " ".join(f"{part} {name}" for part, name in zip(self.parts, names, strict=False))


def unit_words(unit: str | None) -> str:
    """A unit as people read it."""
    return UNIT_WORDS.get(unit or "", unit or "")


def units_of(question: Question) -> tuple[str, ...]:
    """The units it may be entered in, its own first where it is one of them."""
    return question.entry_units or ((question.unit,) if question.unit else ("",))


def understand(question: Question, text: str, unit: str) -> Typed:
    """Read the parts and the unit. A unit written in the text wins over the chosen one. Raises NotUnderstood."""
    plain = _THOUSANDS.sub("", text.strip().lower().replace("−", "-")).replace(",", ".")
    numbers = _NUMBER.findall(plain)
    words = _WORD.findall(_NUMBER.sub(" ", plain))
    unit = _unit_said(question, words) or unit
    if not numbers or len(numbers) > len(PARTS.get(unit, ("",))) or len(text) > LONGEST:
        raise NotUnderstood(what_to_enter(question))
    if any(word not in _names_of(unit) for word in words):
        raise NotUnderstood(what_to_enter(question))
    return Typed(tuple(numbers), unit)


def value_of(question: Question, typed: Typed) -> float | int:
    """The answer in the question's own unit. Raises NotUnderstood where it cannot be one."""
    number = to_unit([float(part) for part in typed.parts], typed.unit, question.unit or "")
    is_own_unit = typed.unit == (question.unit or "")
    if question.integer and is_own_unit and number != int(number):
        raise NotUnderstood(f"Enter a whole number, like {int(number)}.")
    number = rounded(number, question.places)
    low, high = question.min, question.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise NotUnderstood(what_to_enter(question))
    return int(number) if number == int(number) else number


def what_to_enter(question: Question) -> str:
    """One sentence that helps: "Enter a number from 0 to 120 (years)."."""
    low, high = question.min, question.max
    span = ""
    if low is not None and high is not None:
        span = f" from {number_text(low)} to {number_text(high)}"
    unit = f" ({unit_words(question.unit)})" if question.unit else ""
    return f"Enter a number{span}{unit}."


def _unit_said(question: Question, words: list[str]) -> str | None:
    return next((unit for unit in units_of(question) for word in words if word in _names_of(unit)), None)


def _names_of(unit: str) -> set[str]:
    return {unit.lower(), unit.lower().removesuffix("s"), *unit.lower().split(), *_SHORT.get(unit, ())}
