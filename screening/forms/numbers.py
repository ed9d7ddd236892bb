"""What somebody typed into a number field → an answer in the question's own unit.

Takes "45", "45 years", "1,5", "4,000", "about 3", "1½", "1,80 m", "5'11", "3 months" where weeks are chosen beside it,
and "1 year 6 months". A unit that was written wins over the one that was chosen. Dates are in dates.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from screening.forms.units import ALSO, count_words, names_of, number_words, pair_words, parts_of, unit_words
from screening.rules.answers import rounded
from screening.rules.ruleset import Question
from screening.rules.units import PARTS, can_convert, to_unit

LONGEST = 40
_FRACTIONS = str.maketrans({"½": ".5", "¼": ".25", "¾": ".75", "\u2212": "-"})
_TOKEN = re.compile(r"(?P<number>[+-]?(?:\d+(?:[.,]\d+)*[.,]?|[.,]\d+))|(?P<word>[^\W\d_]+(?:/[^\W\d_]+)?|[%°])|\s+|\.")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
# Words that say no more than that it is not exact; and numbers that people write out. English and Spanish.
_ABOUT = re.compile(
    r"^(~|≈|(about|around|approx(imately)?|roughly|nearly|almost|circa|ca?|maybe|aprox(imadamente)?|unos|unas|casi"
    r"|cerca de|mas o menos|alrededor de)\b\.?)\s*"
)
_WRITTEN_OUT = [
    "a an one un una uno",
    "two dos",
    "three tres",
    "four cuatro",
    "five cinco",
    "six seis",
    "seven siete",
    "eight ocho",
    "nine nueve",
    "ten diez",
    "eleven once",
    "twelve doce",
]
_SMALL = {word: str(number) for number, words in enumerate(_WRITTEN_OUT, start=1) for word in words.split()}
_AFTER_AN_AGE = ("old",)
_AND = ("and", "y", "e")


class NotUnderstood(Exception):
    """What was typed is no answer; `words` tells the person what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Typed:
    """A number as it was typed, and the unit it is in. Two parts for feet and inches."""

    parts: tuple[str, ...]
    unit: str

    @property
    def words(self) -> str:
        if not self.parts or not all(map(is_just_a_number, self.parts)):
            return " ".join(self.parts)
        if self.unit in PARTS:
            return pair_words(self.unit, self.parts)
        text = self.parts[0]
        return count_words(1, self.unit) if text == "1" else f"{text} {unit_words(self.unit)}".strip()


@dataclass(frozen=True)
class Number:
    """`value`: in the question's own unit. `typed`: what it was read from. `is_plain`: nothing was read into it."""

    value: int | float
    typed: Typed
    is_plain: bool

    def words(self, question: Question) -> str:
        return count_words(self.value, question.unit)


def read_number(question: Question, parts: Sequence[str], unit: str) -> Number:
    """What was typed into one or two boxes, with the unit chosen beside them. Raises NotUnderstood."""
    unit = unit if unit in units_of(question) else question.unit or ""
    used = tuple(part.strip() for part in parts[: len(PARTS.get(unit, ("",)))] if part.strip())
    is_whole = bool(used) and (unit not in PARTS or bool(parts[0].strip()))
    tokens = _tokens(" ".join(used)) if is_whole else []
    read_in = _written_unit(question, tokens) or unit
    try:
        value = _pair(question, tokens, read_in) if read_in in PARTS else _value(question, tokens, read_in)
    except ValueError:
        raise NotUnderstood(how_to_enter(question, unit)) from None
    value = _checked(question, value, read_in)
    typed = Typed(used, read_in if read_in in units_of(question) else question.unit or "")
    return Number(value, typed, is_plain=read_in == question.unit == unit and _is_just(used[0], value))


def units_of(question: Question) -> tuple[str, ...]:
    """The units it may be entered in, its own first where it is one of them."""
    return question.entry_units or ((question.unit,) if question.unit else ("",))


# Reading ------------------------------------------------------------------------------------------------------------


def simplified(text: str) -> str:
    """Small letters without accents, one kind of digits and signs."""
    letters = unicodedata.normalize("NFKD", text.translate(_FRACTIONS)).casefold().strip()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _tokens(text: str) -> list[str]:
    """Numbers and words; none where anything else stands among them."""
    plain = _ABOUT.sub("", _without_marks(simplified(text)))
    found, end = [], 0
    for match in _TOKEN.finditer(plain):
        if match.start() != end:
            break
        end = match.end()
        found += [match[0]] if match["number"] or match["word"] else []
    if end != len(plain) or len(text) > LONGEST:
        return []
    ends = [_SMALL.get(token, token) for token in found]
    return [token for place, token in enumerate(ends) if not _is_and(ends, place)]


def _is_and(tokens: Sequence[str], place: int) -> bool:
    """Between a unit and a number: "1 year and 6 months". The y of "2y" are years."""
    inside = 0 < place < len(tokens) - 1 and not _is_number(tokens[place - 1]) and _is_number(tokens[place + 1])
    return tokens[place] in _AND and inside


def _without_marks(plain: str) -> str:
    """1'500 is a number; 5'11" is feet and inches; 1m80 is 1.80 m."""
    plain = re.sub(r"(?<=\d)['\u2019](?=\d{3}(?!\d))", "", plain)
    plain = re.sub(r"['\u2019\u2032](?!['\u2019\u2032])", " ft ", plain)
    plain = re.sub(r"[\"\u201d\u2033]|['\u2019\u2032]{2}", " in ", plain)
    return re.sub(r"(?<=\d)\s?m\s?(?=\d\d$)(\d\d)", r".\1 m", plain)


def _is_number(token: str) -> bool:
    return any(letter.isdigit() for letter in token)


def _written_unit(question: Question, tokens: Sequence[str]) -> str:
    """The unit that was written, if one was; a pair's even where only one of its words stands there."""
    words = [token for token in tokens if not _is_number(token)]
    candidates = [*units_of(question), *_converted(question), *ALSO.get(question.unit or "", {})]
    fitting = [unit for unit in candidates if words and all(word in names_of(unit) for word in words)]
    # "170 lb" are pounds, though a pair has pounds too.
    return next((unit for unit in fitting if unit not in PARTS), fitting[0] if fitting else "")


def _converted(question: Question) -> list[str]:
    own = question.unit
    known = ("days", "weeks", "months", "years", "cm", "kg", "lb") if question.entry_units else ()
    return [unit for unit in known if can_convert(unit, own)]


def _pair(question: Question, tokens: Sequence[str], unit: str) -> float:
    """Feet and inches, stones and pounds: the second number may be left out."""
    numbers = [_float(token) for token in tokens if _is_number(token)]
    words = [token for token in tokens if not _is_number(token)]
    is_known = all(word in names_of(unit) for word in words)
    if not is_known or len(numbers) not in (1, 2) or numbers[0] != int(numbers[0]):
        raise ValueError
    return rounded(to_unit(numbers, unit, question.unit or ""), question.places)


def _value(question: Question, tokens: Sequence[str], unit: str) -> float:
    """One number, or several with a unit each ("1 year 6 months"), in the question's own unit."""
    quantities = _quantities(question, tokens)
    if not quantities or (len(quantities) > 1 and not all(written for _number, written in quantities)):
        raise ValueError
    value = sum(_in_own(question, number, written or unit) for number, written in quantities)
    if quantities[0][1] == "":
        value = _likely(question, value, unit)
    # 1½ weeks are 10½ days: what people enter in another unit need not come out even.
    is_own = all((written or unit) == (question.unit or "") for _number, written in quantities)
    return value if is_own else rounded(value, question.places)


def _quantities(question: Question, tokens: Sequence[str]) -> list[tuple[float, str]]:
    """Each number with the unit after it, if there is one. Empty where a word is no unit."""
    found: list[tuple[str, str]] = []
    for token in tokens:
        if _is_number(token):
            # 1 500: people group digits with spaces. And 1 ½ is 1.5.
            joins = bool(found) and not found[-1][1] and found[-1][0].isdecimal() and token.lstrip(".").isdecimal()
            found[-1:] = [(found[-1][0] + token, "")] if joins else [*found[-1:], (token, "")]
        elif found and not found[-1][1] and (unit := _written_unit(question, [token])):
            found[-1] = (found[-1][0], unit)
        elif not (found and token in _AFTER_AN_AGE):
            return []
    return [(_float(number), unit) for number, unit in found]


def _in_own(question: Question, number: float, unit: str) -> float:
    factor = ALSO.get(question.unit or "", {}).get(unit)
    return number * factor if factor else to_unit([number], unit, question.unit or "")


def _likely(question: Question, value: float, unit: str) -> float:
    """1,80 where centimetres are asked for can only be metres."""
    for factor in ALSO.get(question.unit or "", {}).values() if unit == question.unit else ():
        if question.min is not None and value < question.min and question.min <= value * factor <= (question.max or 0):
            return rounded(value * factor, question.places)
    return value


def _float(text: str) -> float:
    """1,500 is a thousand and more in English and one and a half in Spanish; 1,5 and 1.5 are the same everywhere."""
    decimal = "," if get_format("DECIMAL_SEPARATOR") == "," else "."
    group = "." if decimal == "," else ","
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{group}\d{{3}})+(\{decimal}\d+)?", text):
        text = text.replace(group, "")
    if not _PLAIN.fullmatch(text) or len(text) > 25:
        raise ValueError
    return float(text.replace(",", "."))


def is_just_a_number(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def _is_just(text: str, value: float) -> bool:
    return is_just_a_number(text) and float(text.replace(",", ".")) == value


def _checked(question: Question, value: float, unit: str) -> int | float:
    too_small = question.min is not None and value < question.min
    if too_small or (question.max is not None and value > question.max):
        raise NotUnderstood(out_of_range(question, unit))
    if question.integer and value != int(value):
        raise NotUnderstood(whole_number(question))
    value = rounded(value, question.places)
    return int(value) if value == int(value) else value


# What to do about it ------------------------------------------------------------------------------------------------


def how_to_enter(question: Question, unit: str | None = None) -> str:
    """In the unit the person chose."""
    if unit in PARTS:
        return both_parts(unit)
    other = bool(unit) and unit != question.unit
    asked, example = (unit, "6") if other else (question.unit, example_of(question))
    if not asked:
        return _("Enter a number, like %(example)s.") % {"example": example}
    return _("Enter a number of %(unit)s, like %(example)s.") % {"unit": unit_words(asked), "example": example}


def whole_number(question: Question) -> str:
    words = {"unit": unit_words(question.unit), "example": example_of(question)}
    if not question.unit:
        return _("Enter a whole number, like %(example)s.") % words
    return _("Enter a whole number of %(unit)s, like %(example)s.") % words


def both_parts(unit: str) -> str:
    larger, smaller = parts_of(unit)
    words = {"larger": larger, "smaller": smaller}
    return _("Enter the %(larger)s in the first box and the %(smaller)s in the second.") % words


def out_of_range(question: Question, unit: str) -> str:
    """The range in words, in the question's own unit."""
    low, high = question.min, question.max
    words = {"low": number_words(low or 0), "high": count_words(high or 0, question.unit)}
    if high is None:
        told = _("Enter a number of %(low)s or more.") % {"low": count_words(low or 0, question.unit)}
    elif low is None:
        told = _("Enter a number up to %(high)s.") % words
    else:
        told = _("Enter a number from %(low)s to %(high)s.") % words
    return told if unit == (question.unit or "") else f"{told} {_('Check the number and the unit.')}"


def example_of(question: Question) -> str:
    low = question.min if question.min is not None else 0
    high = question.max if question.max is not None else 100
    likely = next((number for number in (45, 12) if low <= number <= high), (low + high) // 2)
    return number_words(likely)
