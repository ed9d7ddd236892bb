"""Two made-up languages, to see what a layout does with them before anybody translates.

`ar-xb` is English in Arabic letters, written from right to left; `en-xa` is English in odd letters, 40 % longer.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib

from screening.rules.parts import mark_of
from screening.rules.ruleset import RuleSet
from screening.rules.translations import patient_texts
from tests.translating import APPROVED, with_translations

RIGHT_TO_LEFT, LONG = "ar-xb", "en-xa"
CATALOGUE = Path(__file__).parents[1] / "locale/es/LC_MESSAGES/django.po"
# Left as they are: what is filled in, entities, numbers.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|&\w+;|<[^>]*>|\d+")
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابجدهوزحطيكلمنسعفصقرشتثخذض")
_ODD = str.maketrans("aceinorsuyACEINORSUY", "åçéîñöŕšûýÅÇÉÎÑÖŔŠÛÝ")


def _arabic(text: str) -> str:
    return text.lower().translate(_ARABIC)


def _odd(text: str) -> str:
    return text.translate(_ODD)


def right_to_left(text: str) -> str:
    return _between_kept(text, _arabic)


def longer(text: str) -> str:
    """As much longer as German or Finnish may be: in the middle of words, so that lines still break."""
    grown = _between_kept(text, _odd)
    return f"{grown} {' '.join(['låñg'] * max(1, round(len(text) * 0.4 / 5)))}"


def _between_kept(text: str, change: Callable[[str], str]) -> str:
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [change(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, change(text[at:])])


WAYS = {RIGHT_TO_LEFT: right_to_left, LONG: longer}


def write_catalogues(folder: Path) -> Path:
    """The interface in both, for LOCALE_PATHS."""
    for tag, change in WAYS.items():
        made = polib.POFile()
        made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
        for entry in polib.pofile(str(CATALOGUE)):
            if not entry.obsolete:
                made.append(_changed(entry, change))
        language, _, variant = tag.partition("-")
        place = folder / f"{language}_{variant.upper()}" / "LC_MESSAGES"
        place.mkdir(parents=True)
        made.save_as_mofile(str(place / "django.mo"))
    return folder


def install(settings: Any, folder: Path) -> None:
    """For one test: the interface speaks both."""
    names = [(tag, change("Made up")) for tag, change in WAYS.items()]
    settings.LANGUAGES = [*settings.LANGUAGES, *names]
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, write_catalogues(folder)]


def _changed(entry: polib.POEntry, change: Callable[[str], str]) -> polib.POEntry:
    new = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural)
    if entry.msgid_plural:
        new.msgstr_plural = {0: change(entry.msgid), 1: change(entry.msgid_plural)}
    else:
        new.msgstr = change(entry.msgid)
    return new


def in_made_up_languages(ruleset: RuleSet) -> RuleSet:
    """Every patients' text in both, approved."""
    languages = {
        tag: {
            place: {
                field: {"words": change(text)[:490], "of": mark_of(text), **APPROVED} for field, text in fields.items()
            }
            for place, fields in patient_texts(ruleset).items()
        }
        for tag, change in WAYS.items()
    }
    return with_translations(ruleset, **languages)
