"""A chart of months, as templates/admin/feedback/_trend.html draws it: where each mark goes, and what it says in words.

Heights are pixels and widths are percents, so that the words keep their size on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.formats import date_format

from screening.feedback import Share, Tally

SHOWN = 12
TOP, PLOT = 30, 130
LEVELS = (1.0, 0.5, 0.0)


def percent(rate: float) -> str:
    return f"{rate * 100:.0f}%"


def in_words(share: Share | None) -> str:
    """25% (12% to 44%)"""
    return f"{percent(share.rate)} ({percent(share.low)} to {percent(share.high)})" if share else "too few to say"


def height(rate: float) -> str:
    """How far down a share stands."""
    return f"{TOP + (1 - rate) * PLOT:.1f}"


@dataclass(frozen=True)
class Month:
    """One month: its words, and its place across, in percent."""

    first: date
    tally: Tally
    x: str
    year: str
    """where the chart says it, else empty"""

    @property
    def name(self) -> str:
        return date_format(self.first, "M")

    @property
    def full_name(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def share(self) -> Share | None:
        return self.tally.share

    @property
    def words(self) -> str:
        return in_words(self.share)

    @property
    def label(self) -> str:
        """Its share in percent, without the sign."""
        return percent(self.share.rate).removesuffix("%") if self.share else ""

    @property
    def y(self) -> str:
        return height(self.share.rate) if self.share else ""

    @property
    def low_y(self) -> str:
        return height(self.share.low) if self.share else ""

    @property
    def high_y(self) -> str:
        return height(self.share.high) if self.share else ""

    @property
    def label_y(self) -> str:
        """Above the interval."""
        return f"{float(self.high_y) - 6:.1f}" if self.share else ""


@dataclass(frozen=True)
class Trend:
    """All months, without gaps. The chart has the latest of them, the table all."""

    months: tuple[Month, ...]

    @classmethod
    def of(cls, tallies: Mapping[date, Tally], *, until: date) -> Trend:
        """From the first month with a case to `until`."""
        firsts = _months(min(tallies, default=until), until.replace(day=1))
        shown = firsts[-SHOWN:]
        width, before = 100 / len(shown), len(firsts) - len(shown)
        years = _years(shown)
        return cls(
            tuple(
                Month(
                    first, tallies.get(first) or Tally(), f"{(place - before + 0.5) * width:.2f}%", years.get(first, "")
                )
                for place, first in enumerate(firsts)
            )
        )

    @property
    def shown(self) -> tuple[Month, ...]:
        return self.months[-SHOWN:]

    @property
    def marked(self) -> list[Month]:
        """Those with enough decisions for a mark."""
        return [month for month in self.shown if month.share]

    @property
    def steps(self) -> list[tuple[Month, Month]]:
        """Neighbours that a line joins."""
        return [(one, other) for one, other in pairwise(self.shown) if one.share and other.share]

    @property
    def levels(self) -> list[tuple[str, str]]:
        return [(percent(rate), height(rate)) for rate in LEVELS]

    @property
    def words(self) -> str:
        """What the chart shows, for those who do not see it."""
        marked = self.marked
        low, high = min(marked, key=_rate), max(marked, key=_rate)
        return (
            f"{len(marked)} of {len(self.shown)} months have enough decisions. Surgeons decided otherwise least often "
            f"in {low.full_name}, {low.words}, and most often in {high.full_name}, {high.words}. "
            f"The latest is {marked[-1].full_name}, {marked[-1].words}."
        )


def _rate(month: Month) -> float:
    return month.share.rate if month.share else 0.0


def _years(shown: list[date]) -> dict[date, str]:
    """Under each January, and under the first month unless a January follows too closely."""
    januaries = [first for first in shown if first.month == 1]
    begins = [] if any(first in shown[:3] for first in januaries) else shown[:1]
    return {first: str(first.year) for first in [*begins, *januaries]}


def _months(first: date, last: date) -> list[date]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers] or [last]
