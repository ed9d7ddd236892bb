"""Plain words for patients: units, numbers, answers, times, and what to do about an answer that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from screening.models import Site
from screening.rules.answers import DONT_KNOW, NONE
from screening.rules.ruleset import Question
from screening.rules.units import PARTS

UNITS = {
    "cm": "centimetres",
    "ft_in": "feet and inches",
    "kg": "kilograms",
    "lb": "pounds",
    "st_lb": "stones and pounds",
    "%": "percent",
}
NO_LONGER_NEEDED = "no longer needed"
LEFT_OUT = "Left out"
NOT_YET = "Not answered yet"


def unit_words(unit: str | None) -> str:
    return UNITS.get(unit or "", unit or "")


def number_words(number: float) -> str:
    """1,500 or 2.5."""
    return f"{number:,.6f}".rstrip("0").rstrip(".")


def count_words(number: float, unit: str | None) -> str:
    """45 years, 1 week, 7 out of 10."""
    name = unit_words(unit)
    if number == 1 and name in ("days", "weeks", "months", "years", "minutes", "hours"):
        name = name[:-1]
    return f"{number_words(number)} {name}".strip()


# What to do about an answer that cannot be used --------------------------------------------------------------------


def how_to_enter(question: Question, entry_unit: str | None = None) -> str:
    """In the unit the person chose."""
    if entry_unit in PARTS:
        return both_parts(entry_unit)
    if entry_unit and entry_unit != question.unit:
        return f"Enter a number of {unit_words(entry_unit)}, like 6."
    return f"Enter a number{_of_unit(question)}, like {_example(question)}."


def whole_number(question: Question) -> str:
    return f"Enter a whole number{_of_unit(question)}, like {_example(question)}."


def both_parts(entry_unit: str) -> str:
    larger, smaller = PARTS[entry_unit]
    return f"Enter the {larger} in the first box and the {smaller} in the second."


def out_of_range(question: Question, entry_unit: str) -> str:
    """The range in words, in the question's own unit."""
    low, high = question.min, question.max
    own = unit_words(question.unit)
    if low is not None and high is not None:
        allowed = f"from {number_words(low)} to {number_words(high)} {own}"
    else:
        allowed = (
            f"of {number_words(low)} {own} or more" if low is not None else f"up to {number_words(high or 0)} {own}"
        )
    check = "" if entry_unit == question.unit else " Check the number and the unit."
    return f"Enter a number {allowed.strip()}.{check}"


def number_and_dont_know(question: Question, typed: str) -> str:
    return f"You wrote “{shortened(typed)}” and ticked “{question.dont_know}”. Keep one of them."


def ticked_with_none(question: Question, ticked: list[str]) -> str:
    others = " and ".join(f"“{question.label_of(code)}”" for code in ticked if code != NONE)
    return f"You ticked {others} and “{question.label_of(NONE)}”. Untick what does not fit."


def too_long(question: Question, length: int) -> str:
    return f"Your text has {length:,} characters. Make it {question.max_length:,} or shorter."


def missing(question: Question) -> str:
    """For a question that needs an answer and has none."""
    what = {
        "multiple": "Tick all that fit you",
        "number": how_to_enter(question).rstrip("."),
        "date": "Enter a day, a month and a year, like 17 5 1980",
        "text": "Write an answer",
    }.get(question.type, "Choose an answer")
    if is_scale(question):
        what = "Choose a number from 0 to 10"
    return f"{what}, or “{question.dont_know}”." if question.dont_know else f"{what}."


def is_scale(question: Question) -> bool:
    """A number from 0 to 10: eleven buttons."""
    return question.type == "number" and question.integer and (question.min, question.max) == (0, 10)


def shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _of_unit(question: Question) -> str:
    return f" of {unit_words(question.unit)}" if question.unit else ""


def _example(question: Question) -> str:
    low = question.min if question.min is not None else 0
    high = question.max if question.max is not None else 100
    likely = next((number for number in (45, 12) if low <= number <= high), (low + high) // 2)
    return number_words(likely)


# Answers as the person gave them -----------------------------------------------------------------------------------


def answer_words(question: Question, answer: Any, entered: Any = None) -> str:
    """An answer in the question's own words; a number as it was typed."""
    if answer == DONT_KNOW:
        return question.label_of(DONT_KNOW)
    if isinstance(answer, list | tuple):
        return "\n".join(question.label_of(code) for code in answer)
    if question.type == "date":
        return day_words(date.fromisoformat(answer))
    if question.type == "number":
        return _number_answer(question, answer, entered)
    return str(answer) if question.type == "text" else question.label_of(answer)


def _number_answer(question: Question, answer: float, entered: Any) -> str:
    typed = entered if isinstance(entered, Mapping) else {}
    unit, parts = typed.get("unit"), [str(part).strip() for part in typed.get("parts", ())]
    if unit in (None, question.unit) or not parts or not parts[0]:
        return count_words(answer, question.unit)
    if unit in PARTS:
        pairs = zip([part or "0" for part in (*parts, "0")], PARTS[unit], strict=False)
        return " ".join(f"{number} {name}" for number, name in pairs)
    return f"{parts[0]} {unit_words(unit)}" if parts[0] != "1" else count_words(1, unit)


# Days and times ----------------------------------------------------------------------------------------------------


def day_words(day: date) -> str:
    """4 December 2026."""
    return f"{day.day} {day:%B} {day.year}"


def moment_words(site: Site, moment: datetime) -> str:
    """Friday 4 December, on the clinic's calendar."""
    local = site.local(moment)
    return f"{local:%A} {local.day} {local:%B}"


def clock_words(site: Site, moment: datetime) -> str:
    """14:30 on Friday 4 December, on the clinic's clock."""
    return f"{site.local(moment):%H:%M} on {moment_words(site, moment)}"


def hours_words(hours: int) -> str:
    """336 → 2 weeks; 48 → 2 days; 5 → 5 hours."""
    for size, name in ((168, "week"), (24, "day"), (1, "hour")):
        if hours % size == 0 and hours >= size and not (size == 168 and hours < 336):
            count = hours // size
            return f"{count} {name}" + ("s" if count != 1 else "")
    return "a short time"
