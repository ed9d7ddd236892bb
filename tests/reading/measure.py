"""Reading grades: Flesch–Kincaid for English (US school grade), INFLESZ for Spanish (ease, higher is easier).

A short text is measured as if it stood among plain words, so that one long word in a choice of two is not a scandal.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyphen

from tests.reading.known import KNOWN

AMONG = 20
"""words; a text shorter than this is filled up with plain ones"""
KNOWN_SYLLABLES = 2
"""a word people must know reads like a short one, since they meet it again and again"""

_TAG, _PLACEHOLDER = re.compile(r"<[^>]+>"), re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_NOT_WORDS = re.compile(r"https?://\S+|\S+@\S+|&\w+;")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")


@dataclass(frozen=True)
class Language:
    """How a language is measured. `grade` takes syllables a word and words a sentence; more is harder."""

    name: str
    scale: str
    syllables: Callable[[str], int]
    plain_syllables: float
    grade: Callable[[float, float], float]
    limit: float
    longest_sentence: int


@dataclass(frozen=True)
class Measured:
    grade: float
    longest_sentence: int


def measure(text: str, language: str = "en") -> Measured:
    """The grade of a text and its longest sentence in words."""
    how = LANGUAGES[language]
    sentences = [words for words in map(words_of, _SENTENCE_ENDS.split(plain(text))) if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Measured(0.0, 0)
    filling = max(0, AMONG - len(words))
    syllables = sum(map(how.syllables, words)) + filling * how.plain_syllables
    grade = how.grade(syllables / (len(words) + filling), len(words) / len(sentences))
    return Measured(round(grade, 1), max(map(len, sentences)))


def plain(text: str) -> str:
    """A text without tags and addresses; what is filled in later counts as one short word."""
    return _NOT_WORDS.sub(" ", _PLACEHOLDER.sub(" it ", _TAG.sub(" ", text)))


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


# English ----------------------------------------------------------------------------------------------------------

_SILENT_INSIDE = re.compile(r"(?<=[aeiouy][^aeiouy])e(?=(?:ly|ful|ment|less|ness|ty|thing|times?|where|one|body)s?$)")
_SILENT_END = re.compile(r"(?:(?<=[^laeiouy])es|ed|(?<=[^laeiouy])e)$")
_VOWELS = re.compile(r"[aeiouy]{1,2}")
# One letter may stand alone at no end of a word, as in print; the vowels find those.
_HYPHENS = pyphen.Pyphen(lang="en_US", left=2, right=2)


@cache
def english_syllables(word: str) -> int:
    """Vowels and hyphenation each miss some: the larger number is taken, so that the grade is rather too high."""
    bare = word.lower().replace("’", "'")
    if bare in KNOWN["en"]:
        return KNOWN_SYLLABLES
    if any(sign.isdigit() for sign in bare):
        return 1
    spoken = re.sub(r"'.*$", "", bare)
    heard = _VOWELS.findall(_SILENT_END.sub("", _SILENT_INSIDE.sub("", spoken.removeprefix("y"))))
    return max(1, len(heard), len(_HYPHENS.positions(spoken)) + 1)


def flesch_kincaid(syllables: float, words: float) -> float:
    """The US school grade; add five for an age."""
    return 0.39 * words + 11.8 * syllables - 15.59


# Spanish ----------------------------------------------------------------------------------------------------------

# Two vowels are one syllable unless both are strong or the weak one is stressed; u is silent in gue, gui, que, qui.
_SILENT_U = re.compile(r"(?<=[gq])u(?=[eiéí])")
_SPANISH_NUCLEUS = re.compile(r"[iuüy]?[aeoáéó][iuy]?(?![aeiouáéíóú])|[iuü]?[aeoáéó]|[íú]|[iuü]{1,2}|y$")


@cache
def spanish_syllables(word: str) -> int:
    bare = word.lower()
    if bare in KNOWN["es"]:
        return KNOWN_SYLLABLES
    if any(sign.isdigit() for sign in bare):
        return 1
    return max(1, len(_SPANISH_NUCLEUS.findall(_SILENT_U.sub("", bare))))


def inflesz(syllables: float, words: float) -> float:
    """Szigriszt-Pazos' ease, turned round so that more is harder, as for the grades: 100 less it."""
    return 100 - (206.835 - 62.3 * syllables - words)


# English: age 11 and below. Spanish: what INFLESZ calls normal or easier (55 and above).
LANGUAGES: dict[str, Language] = {
    "en": Language("English", "school grade; add 5 for an age", english_syllables, 1.3, flesch_kincaid, 6.0, 20),
    "es": Language("Spanish", "100 less INFLESZ", spanish_syllables, 1.9, inflesz, 45.0, 25),
}


def too_hard(text: str, language: str = "en") -> list[str]:
    """What is too hard about a text, in words; nothing when it reads well."""
    how, measured = LANGUAGES[language], measure(text, language)
    found: list[Any] = []
    if measured.grade > how.limit:
        found.append(f"grade {measured.grade} (at most {how.limit})")
    if measured.longest_sentence > how.longest_sentence:
        found.append(f"a sentence of {measured.longest_sentence} words (at most {how.longest_sentence})")
    return found
