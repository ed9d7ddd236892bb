"""Dates as people type them, in one box or in three: "17/5/80", "17 May 1980", "5.17.1980", "1980-05-17".

What can be read in two ways is asked about, never guessed: "5/6/1980" in one box, or a year of two digits that may be
of either century. In boxes that are named day and month it is what they say, unless there is no such month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from screening.forms.numbers import NotUnderstood, simplified

LONGEST = 60
_TOKEN = re.compile(r"(\d+)(?:(?:st|nd|rd|th)(?![a-z])|[°])?|([^\W\d_]+)\.?|[\s,./\u2010-\u2014-]+")
# With the o of 17º, which is one once it is simplified.
_SMALL_WORDS = {"of", "the", "de", "del", "el", "o"}


def read_date(parts: Sequence[str], *, today: date | None = None) -> date:
    """What stood in the boxes, day first. Raises NotUnderstood."""
    today = today or timezone.now().date()
    typed = [part.strip() for part in parts if part.strip()]
    tokens = _tokens(" ".join(typed))
    numbers = [token for token in tokens if token.isdecimal()]
    names = [token for token in tokens if not token.isdecimal()]
    if len(names) == 1 and len(numbers) == 2:
        day, month, year = _with_month_name(numbers, names[0])
    elif len(numbers) == 3 and not names:
        day, month, year = _in_order(numbers, asks_order=len(typed) < 3)
    else:
        raise NotUnderstood(how_to_enter_date())
    return _existing(day, month, _whole_year(year, day, month, today))


def how_to_enter_date() -> str:
    return _("Enter the day, the month and the year, like 17 5 1980.")


def is_plain(parts: Sequence[str], read: date) -> bool:
    """Whether the boxes say just that, so nothing need be told."""
    return [part.strip().lstrip("0") for part in parts] == [str(read.day), str(read.month), str(read.year)]


def _tokens(text: str) -> list[str]:
    """Numbers, and words; none where anything else stands among them. 17051980 is taken apart."""
    plain, found, end = simplified(text), [], 0
    for match in _TOKEN.finditer(plain):
        if match.start() != end:
            return []
        end = match.end()
        found += [match[1] or match[2]] if match[1] or match[2] else []
    if end != len(plain) or len(text) > LONGEST:
        return []
    if len(found) == 1 and re.fullmatch(r"\d{8}", found[0]):
        return [found[0][:2], found[0][2:4], found[0][4:]]
    return [token for token in found if token not in _SMALL_WORDS]


def _with_month_name(numbers: Sequence[str], name: str) -> tuple[int, int, str]:
    """17 May 1980, May 17 1980, 1980 May 17."""
    months = {month for month, known in _month_names() if len(name) >= 3 and known.startswith(name)}
    if len(months) != 1:
        raise NotUnderstood(how_to_enter_date())
    day, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
    return _small(day), months.pop(), year


def _month_names() -> Iterator[tuple[int, str]]:
    """In the language that is read, and in English."""
    for number, name in MONTHS.items():
        yield number, simplified(str(name))
        with override("en"):
            yield number, simplified(str(name))


def _in_order(numbers: Sequence[str], *, asks_order: bool) -> tuple[int, int, str]:
    if len(numbers[0]) == 4:
        return _small(numbers[2]), _small(numbers[1]), numbers[0]
    day, month, year = _small(numbers[0]), _small(numbers[1]), numbers[2]
    if month > 12 >= day:
        return month, day, year
    if asks_order and day != month and day <= 12:
        words = {"one": _day_and_month(day, month), "other": _day_and_month(month, day)}
        raise NotUnderstood(_("Is that %(one)s or %(other)s? Write the month as a word.") % words)
    return day, month, year


def _small(text: str) -> int:
    if len(text) > 2:
        raise NotUnderstood(how_to_enter_date())
    return int(text)


def _day_and_month(day: int, month: int) -> str:
    return date_format(_existing(day, month, 2000), "MONTH_DAY_FORMAT")


def _whole_year(text: str, day: int, month: int, today: date) -> int:
    """80 is 1980, since 2080 is still to come; 15 may be either, and is asked about."""
    if len(text) == 4 and int(text) >= 1000:
        return int(text)
    years = [century + int(text) for century in (1900, 2000)] if len(text) == 2 else []
    past = [year for year in years if (year, month, day) <= (today.year, today.month, today.day)]
    if len(past) != 1:
        raise NotUnderstood(_("Enter the year with four digits, like 1980."))
    return past[0]


def _existing(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotUnderstood(_("There is no such day. Check the day and the month.")) from None
