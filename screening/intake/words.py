"""Plain words for patients: answers, times, and what to do about an answer that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.forms import body
from screening.forms.numbers import Typed, how_to_enter, is_just_a_number
from screening.forms.units import count_words, number_words
from screening.models import Site
from screening.rules.answers import DONT_KNOW, NONE
from screening.rules.ruleset import Question

NO_LONGER_NEEDED = gettext_lazy("no longer needed")
LEFT_OUT = gettext_lazy("Left out")
NOT_YET = gettext_lazy("Not answered yet")
YES_NO: dict[str, str | Promise] = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}


def label_of(question: Question, code: str) -> str:
    """The words for an answer's code. Those that no rule set holds are the interface's own."""
    if question.type == "yes_no" and code in YES_NO:
        return str(YES_NO[code])
    if code == DONT_KNOW and question.dont_know is None:
        return _("I don't know")
    return question.label_of(code)


# What to do about an answer that cannot be used --------------------------------------------------------------------


def number_and_dont_know(question: Question, typed: str) -> str:
    words = {"typed": shortened(typed), "dont_know": question.dont_know}
    return _("You wrote “%(typed)s” and ticked “%(dont_know)s”. Keep one of them.") % words


def area_and_dont_know(question: Question, areas: Sequence[str]) -> str:
    words = {"ticked": listed(areas), "other": f"“{question.dont_know}”"}
    return _("You ticked %(ticked)s and %(other)s. Untick what does not fit.") % words


def ticked_with_none(question: Question, ticked: list[str]) -> str:
    others = [question.label_of(code) for code in ticked if code != NONE]
    words = {"ticked": listed(others), "other": f"“{question.label_of(NONE)}”"}
    return _("You ticked %(ticked)s and %(other)s. Untick what does not fit.") % words


def listed(names: Sequence[str]) -> str:
    """“One”, “two” and “three”."""
    quoted = [f"“{name}”" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return _("%(first)s and %(last)s") % {"first": ", ".join(quoted[:-1]), "last": quoted[-1]}


def too_long(question: Question, length: int) -> str:
    words = {"length": number_words(length), "most": number_words(question.max_length)}
    return _("Your text has %(length)s characters. Make it %(most)s or shorter.") % words


def missing(question: Question) -> str:
    """For a question that needs an answer and has none."""
    what = _missing(question)
    if not question.dont_know:
        return what
    return _("%(what_to_do)s, or “%(dont_know)s”.") % {"what_to_do": what.rstrip("."), "dont_know": question.dont_know}


def _missing(question: Question) -> str:
    if is_scale(question):
        return _("Choose a number from 0 to 10.")
    if question.type == "number":
        return how_to_enter(question)
    if question.type == "date":
        return _("Enter a day, a month and a year, like 17 5 1980.")
    if question.type == "multiple" or body.has_picture(question):
        return _("Tick all that fit you.")
    return _("Write an answer.") if question.type == "text" else _("Choose an answer.")


def is_scale(question: Question) -> bool:
    """A number from 0 to 10: eleven buttons."""
    return question.type == "number" and question.integer and (question.min, question.max) == (0, 10)


def shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


# Answers as the person gave them -----------------------------------------------------------------------------------


def answer_words(question: Question, answer: Any, entered: Any = None) -> str:
    """An answer in the question's own words; a number as it was typed."""
    if answer == DONT_KNOW:
        return label_of(question, DONT_KNOW)
    if isinstance(answer, list | tuple):
        return "\n".join(label_of(question, code) for code in answer)
    if question.type == "date":
        return day_words(date.fromisoformat(answer))
    if question.type == "number":
        return _number_answer(question, answer, entered)
    if body.has_picture(question) and isinstance(entered, Mapping):
        return "\n".join(body.names(question, body.areas_of(answer, entered)))
    return str(answer) if question.type == "text" else label_of(question, answer)


def _number_answer(question: Question, answer: float, entered: Any) -> str:
    typed = entered if isinstance(entered, Mapping) else {}
    unit, parts = typed.get("unit"), [str(part).strip() for part in typed.get("parts", ())]
    as_typed = Typed(tuple(part for part in parts if part), unit or question.unit or "")
    is_own = unit in (None, "", question.unit) and all(map(is_just_a_number, as_typed.parts))
    return count_words(answer, question.unit) if is_own else as_typed.words


# Days and times ----------------------------------------------------------------------------------------------------


def day_words(day: date) -> str:
    """4 December 2026."""
    return date_format(day, "DATE_FORMAT")


def moment_words(site: Site, moment: datetime) -> str:
    """Friday 4 December, on the clinic's calendar."""
    local = site.local(moment)
    day = date_format(local, "MONTH_DAY_FORMAT")
    return _("%(weekday)s %(day)s") % {"weekday": date_format(local, "l"), "day": day}


def clock_words(site: Site, moment: datetime) -> str:
    """14:30 on Friday 4 December, on the clinic's clock."""
    words = {"time": time_format(site.local(moment), "H:i"), "day": moment_words(site, moment)}
    return _("%(time)s on %(day)s") % words


def hours_words(hours: int) -> str:
    """336 → 2 weeks; 48 → 2 days; 5 → 5 hours."""
    if hours < 1:
        return _("a short time")
    if hours % 168 == 0 and hours >= 336:
        return ngettext("%(count)d week", "%(count)d weeks", hours // 168) % {"count": hours // 168}
    if hours % 24 == 0:
        return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
