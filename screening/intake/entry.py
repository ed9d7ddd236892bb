"""From what was sent by a form, or was stored as typed, to an answer. Nothing typed is ever lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from screening.forms import body
from screening.forms.dates import is_plain, read_date
from screening.forms.numbers import NotUnderstood, how_to_enter, read_number
from screening.intake import words
from screening.rules.answers import DONT_KNOW, NONE, is_answered, is_valid
from screening.rules.ruleset import Question
from screening.rules.units import PARTS

# Names of a question's boxes beside the one that has its id. An id never has a hyphen in it.
SECOND, THIRD, UNIT, UNSURE = "-2", "-3", "-unit", "-dont_know"
ASKED = "-asked"
"""The ids of the questions that the page showed; only a hint about what was left empty."""


@dataclass(frozen=True)
class Entry:
    """`answer`: None where there is none that can be kept. `typed`: to be stored as `entered`.

    `understood`: what was read from it, in words, where that is more than just stands there.
    """

    answer: Any = None
    typed: dict[str, Any] | None = None
    problem: str = ""
    understood: str = ""


@dataclass(frozen=True)
class Typed:
    """What stood in the boxes of one question."""

    parts: tuple[str, ...]
    unit: str = ""
    unsure: bool = False

    @classmethod
    def sent(cls, question: Question, data: QueryDict) -> Typed:
        names = ("", SECOND, THIRD) if question.type == "date" else ("", SECOND) if _has_pair(question) else ("",)
        parts = tuple(_clean(data.get(question.id + name, "")) for name in names)
        return cls(parts, data.get(question.id + UNIT, ""), question.id + UNSURE in data)

    @classmethod
    def stored(cls, entered: Mapping[str, Any]) -> Typed:
        parts = tuple(str(part) for part in entered.get("parts", ()))
        return cls(parts or ("",), str(entered.get("unit", "")), bool(entered.get("dont_know")))

    @property
    def empty(self) -> bool:
        return not any(part.strip() for part in self.parts)

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"parts": list(self.parts)}
        if self.unit:
            data["unit"] = self.unit
        return {**data, "dont_know": True} if self.unsure else data


NOTHING = Typed(("",)).as_data()
"""Stored for a question that was asked and left empty."""


def read_sent(question: Question, data: QueryDict) -> Entry:
    """One question's part of a form."""
    if question.type == "multiple":
        return _ticked(question, data.getlist(question.id))
    if body.has_picture(question):
        return _areas(question, data.getlist(question.id))
    if question.type in ("single", "yes_no") or words.is_scale(question):
        return _chosen(question, data.get(question.id, ""))
    return _read_typed(question, Typed.sent(question, data))


def read_stored(question: Question, answer: Any, entered: Any) -> Entry:
    """The same from what is stored: tells what is wrong with what was typed before."""
    if question.type == "multiple":
        return _ticked(question, list(answer) if isinstance(answer, list | tuple) else [])
    if is_answered(question, answer) or not isinstance(entered, Mapping):
        return Entry(answer)
    if body.has_picture(question):
        return _areas(question, [*body.areas_of(None, entered), *([DONT_KNOW] if entered.get("dont_know") else [])])
    if question.type in ("single", "yes_no") or words.is_scale(question):
        return Entry()
    return _read_typed(question, Typed.stored(entered))


def _clean(text: str) -> str:
    # Browsers send line ends as two characters, and count them as one.
    return text.replace("\r\n", "\n").replace("\x00", "")


def _has_pair(question: Question) -> bool:
    return any(unit in PARTS for unit in question.entry_units)


def _chosen(question: Question, code: str) -> Entry:
    if not code:
        return Entry(typed=NOTHING)
    answer: Any = int(code) if words.is_scale(question) and code.isdecimal() and len(code) < 4 else code
    if is_valid(question, answer):
        return Entry(answer)
    return Entry(typed={"parts": [code[:200]]}, problem=words.missing(question))


def _ticked(question: Question, sent: list[str]) -> Entry:
    """A list of codes is kept even where it contradicts itself: what it says of alarms counts at once."""
    offered = [*question.codes, *([DONT_KNOW] if question.dont_know is not None else [])]
    codes = [code for code in offered if code in sent]
    if not codes:
        return Entry(typed=NOTHING, problem=words.missing(question) if any(sent) else "")
    if NONE in codes and len(codes) > 1:
        return Entry(codes, problem=words.ticked_with_none(question, codes))
    return Entry(codes)


def _areas(question: Question, sent: list[str]) -> Entry:
    """Ticked on the body picture. A code of the question itself is taken too: a page that has no picture sends it."""
    ticked = [code for code in body.codes(question) if code in sent]
    unsure = DONT_KNOW in sent and question.dont_know is not None
    if not ticked:
        return Entry(DONT_KNOW) if unsure else _chosen(question, "".join(sent[:1]))
    typed: dict[str, Any] = {"areas": ticked}
    if unsure:
        problem = words.area_and_dont_know(question, body.names(question, ticked))
        return Entry(typed={**typed, "dont_know": True}, problem=problem)
    return Entry(body.choice_of(ticked), typed)


def understood(question: Question, answer: Any, entered: Any) -> str:
    """What was read from what was typed, where that is more than just stands there."""
    if question.type not in ("number", "date") or words.is_scale(question) or not isinstance(entered, Mapping):
        return ""
    read = _read_typed(question, Typed.stored(entered))
    return read.understood if read.answer == answer else ""


def _read_typed(question: Question, typed: Typed) -> Entry:
    if typed.unsure and question.dont_know is not None:
        return _unsure(question, typed)
    if typed.empty:
        return Entry(typed=typed.as_data())
    try:
        return _accepted(question, typed)
    except NotUnderstood as error:
        return Entry(typed=typed.as_data(), problem=error.words)


def _unsure(question: Question, typed: Typed) -> Entry:
    if typed.empty:
        return Entry(DONT_KNOW, typed.as_data())
    problem = words.number_and_dont_know(question, " ".join(typed.parts).strip())
    return Entry(typed=typed.as_data(), problem=problem)


def _accepted(question: Question, typed: Typed) -> Entry:
    if question.type == "text":
        return _text(question, typed)
    if question.type == "date":
        return _date(typed)
    number = read_number(question, typed.parts, typed.unit)
    if not is_valid(question, number.value):
        raise NotUnderstood(how_to_enter(question))
    # The unit that was understood, so that it stands chosen beside what was typed.
    unit = number.typed.unit if typed.unit else ""
    told = "" if number.is_plain else number.words(question)
    return Entry(number.value, replace(typed, unit=unit).as_data(), understood=told)


def _date(typed: Typed) -> Entry:
    day = read_date(typed.parts)
    told = "" if is_plain(typed.parts, day) else words.day_words(day)
    return Entry(day.isoformat(), typed.as_data(), understood=told)


def _text(question: Question, typed: Typed) -> Entry:
    text = typed.parts[0].strip()
    if len(text) > question.max_length:
        raise NotUnderstood(words.too_long(question, len(text)))
    if not is_valid(question, text):
        raise NotUnderstood(_("Write this in other words, please."))
    # The text itself is stored as the answer; twice would only be more to keep secret.
    return Entry(text)
