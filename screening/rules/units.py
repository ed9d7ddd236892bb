"""The units people may enter a number in, and what each is in a question's own unit (language.md section 2)."""

from collections.abc import Callable, Sequence

_WEEKS = {"days": 1 / 7, "weeks": 1.0, "months": 52 / 12, "years": 52.0}
_DAYS = {"days": 1.0, "weeks": 7.0, "months": 364 / 12, "years": 364.0}

_Convert = Callable[[Sequence[float]], float]


def _times(factor: float) -> _Convert:
    return lambda parts: parts[0] * factor


def _feet_and_inches(parts: Sequence[float]) -> float:
    return (parts[0] * 12 + parts[1]) * 2.54


def _stones_and_pounds(parts: Sequence[float]) -> float:
    return (parts[0] * 14 + parts[1]) * 0.45359237


CONVERSIONS: dict[tuple[str, str], _Convert] = {
    **{(unit, "weeks"): _times(factor) for unit, factor in _WEEKS.items()},
    **{(unit, "days"): _times(factor) for unit, factor in _DAYS.items()},
    ("cm", "cm"): _times(1.0),
    ("ft_in", "cm"): _feet_and_inches,
    ("kg", "kg"): _times(1.0),
    ("lb", "kg"): _times(0.45359237),
    ("st_lb", "kg"): _stones_and_pounds,
    ("%", "%"): _times(1.0),
    ("mmol/mol", "%"): lambda parts: 0.0915 * parts[0] + 2.15,
}
"""(entered unit, the question's unit) → how to convert"""

PARTS: dict[str, tuple[str, ...]] = {"ft_in": ("feet", "inches"), "st_lb": ("stones", "pounds")}
"""The units that are written in two numbers, and what the numbers are."""


def can_convert(entry_unit: str, unit: str | None) -> bool:
    """Whether a number in `entry_unit` may be entered for a question in `unit`."""
    return entry_unit == unit or (entry_unit, unit) in CONVERSIONS


def to_unit(parts: Sequence[float], entry_unit: str, unit: str) -> float:
    """What was entered, in the question's unit, unrounded.

    `parts` has one number, or two for the units of PARTS (a second number left out counts as 0). Raises KeyError for
    units that do not convert.
    """
    if entry_unit == unit:
        return parts[0]
    wanted = len(PARTS.get(entry_unit, ("",)))
    return CONVERSIONS[entry_unit, unit]([*parts, 0.0][:wanted])
