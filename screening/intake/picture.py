"""Pictures for patients: the time line of getting well as bars along the weeks, and 100 people as dots.

Words beside them say the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from screening.rules.education import TimelineEntry

WIDTH, EDGE, TOP = 320, 8, 4
LINE, BAR, GAP = 18, 12, 14
"""heights: a line of words, a bar, the room under it"""
LETTERS = 40
"""that fit on a line"""
DOT = 6
CLOSEST_TICKS = 20


@dataclass(frozen=True)
class Line:
    y: int
    words: str


@dataclass(frozen=True)
class Bar:
    """One step. `arrow`: the points of the triangle at the side where it is open, or empty."""

    lines: tuple[Line, ...]
    x: float
    y: int
    width: float
    arrow: str
    words: str


@dataclass(frozen=True)
class Tick:
    x: float
    week: int


@dataclass(frozen=True)
class Picture:
    """As _components/time_line_picture.html draws it."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    axis: int
    height: int
    start: int
    """where a line of words begins: the right edge where one reads from there"""
    width: int = WIDTH
    middle: int = WIDTH // 2

    @property
    def description(self) -> str:
        return " ".join(bar.words for bar in self.bars)


def picture(entries: Sequence[TimelineEntry]) -> Picture | None:
    """Of the steps that lie in time; none where there are fewer than two."""
    drawn = [entry for entry in entries if (entry.from_week, entry.to_week) != (None, None)]
    if len(drawn) < 2:
        return None
    scale = _Scale(drawn)
    bars, y = [], TOP
    for entry in drawn:
        bars.append(_bar(entry, scale, y))
        y = bars[-1].y + BAR + GAP
    start = WIDTH if scale.is_mirrored else 0
    return Picture(tuple(bars), scale.ticks(), axis=y, height=y + 2 * LINE + TOP, start=start)


class _Scale:
    """Weeks to places, from the left or, where one reads so, from the right."""

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self.weeks = sorted({w for entry in entries for w in (entry.from_week, entry.to_week) if w is not None})
        room = max(1, round((self.weeks[-1] - self.weeks[0]) * 0.15))
        self.first = self.weeks[0] - (room if any(entry.from_week is None for entry in entries) else 0)
        self.last = self.weeks[-1] + room
        self.is_mirrored = get_language_bidi()

    def x(self, week: float) -> float:
        x = EDGE + (week - self.first) / (self.last - self.first) * (WIDTH - 2 * EDGE)
        return round(WIDTH - x if self.is_mirrored else x, 1)

    def ticks(self) -> tuple[Tick, ...]:
        kept: list[Tick] = []
        for week in self.weeks:
            if not kept or abs(self.x(week) - kept[-1].x) >= CLOSEST_TICKS:
                kept.append(Tick(self.x(week), week))
        return tuple(kept)


def _bar(entry: TimelineEntry, scale: _Scale, top: int) -> Bar:
    title = capfirst(entry.when)
    lines = [Line(top + LINE * number - 4, text) for number, text in enumerate(textwrap.wrap(title, LETTERS)[:3], 1)]
    y = top + LINE * len(lines)
    begin = scale.x(scale.first if entry.from_week is None else entry.from_week)
    end = scale.x(scale.last if entry.to_week is None else entry.to_week)
    left, width = min(begin, end), abs(end - begin)
    if width < DOT:
        left, width = (begin + end) / 2 - DOT, 2.0 * DOT
    return Bar(tuple(lines), round(left, 1), y, round(width, 1), _arrow(entry, scale, y), _words(entry, title))


def _arrow(entry: TimelineEntry, scale: _Scale, y: int) -> str:
    """A tip that points out of the picture where the step is open."""
    if entry.from_week is not None and entry.to_week is not None:
        return ""
    tip = scale.x(scale.first if entry.from_week is None else scale.last)
    away = EDGE - 1 if (entry.to_week is None) != scale.is_mirrored else 1 - EDGE
    return f"{tip},{y - 3} {tip + away},{y + BAR / 2} {tip},{y + BAR + 3}"


def _words(entry: TimelineEntry, title: str) -> str:
    """The step as a sentence, for who cannot see the bar."""
    weeks = {"step": title, "first": entry.from_week, "last": entry.to_week}
    if entry.from_week is None:
        return _("%(step)s: until week %(last)s.") % weeks
    if entry.to_week is None:
        return _("%(step)s: from week %(first)s on.") % weeks
    if entry.from_week == entry.to_week:
        return _("%(step)s: week %(first)s.") % weeks
    return _("%(step)s: week %(first)s to week %(last)s.") % weeks


# Of 100 people --------------------------------------------------------------------------------------------------------

ROW, STEP = 20, 10


@dataclass(frozen=True)
class Dots:
    """A run of dots in one row: drawn as a dotted line. `look`: sure, perhaps or none."""

    look: str
    x1: int
    x2: int
    y: int


@dataclass(frozen=True)
class Hundred:
    """100 people as dots: as _components/hundred.html draws them."""

    words: str
    rows: tuple[Dots, ...]
    width: int = ROW * STEP
    height: int = 100 // ROW * STEP


def hundred(low: int | None, high: int | None) -> Hundred | None:
    """For so many of 100 people it was so; where studies differ, from `low` to `high`. None without a number."""
    if low is None:
        return None
    high = low if high is None else high
    looks = ["sure"] * low + ["perhaps"] * (high - low) + ["none"] * (100 - high)
    says = _("%(low)s of 100 people") if low == high else _("%(low)s to %(high)s of 100 people")
    rows = tuple(dots for row in range(100 // ROW) for dots in _row(row, looks[row * ROW : (row + 1) * ROW]))
    return Hundred(says % {"low": low, "high": high}, rows)


def _row(row: int, looks: Sequence[str]) -> Iterator[Dots]:
    y, half = row * STEP + STEP // 2, STEP // 2
    for look in dict.fromkeys(looks):
        first, count = looks.index(look), looks.count(look)
        yield Dots(look, first * STEP + half, (first + count - 1) * STEP + half, y)
