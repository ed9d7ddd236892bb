"""Every text a patient reads: the shipped rule sets' and the interface's, in each language, each with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from screening.rules.ruleset import RuleSet
from screening.rules.translations import texts_in
from screening.rulesets import load, shipped
from tests.reading.measure import LANGUAGES

ROOT = Path(__file__).parents[2]
SHIPPED = ("lumbar-miss",)
CATALOGUES = ROOT / "locale"


@dataclass(frozen=True)
class Text:
    place: str
    words: str
    language: str = "en"
    fixed_by: str = ""
    """the published instrument whose wording this is"""


def everything() -> Iterator[Text]:
    """What is read in the languages that can be measured."""
    for ruleset_id in SHIPPED:
        ruleset = load(shipped(ruleset_id))
        for language in measured((ruleset.language, *ruleset.translations)):
            yield from of_ruleset(ruleset, language)
    catalogues = {path.parent.parent.name: path for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po"))}
    # Every catalogue has the English words beside its own.
    for path in list(catalogues.values())[:1]:
        yield from of_catalogue(path, "en")
    for language in measured(catalogues):
        yield from of_catalogue(catalogues[language], language)


def measured(languages: Iterable[str]) -> list[str]:
    """Those there is a measure for."""
    return [language for language in languages if language in LANGUAGES]


def of_ruleset(ruleset: RuleSet, language: str) -> Iterator[Text]:
    """The words of a rule set that patients read, as far as they are there in that language."""
    instruments = {f"questions/{each.id}": each.instrument for each in ruleset.questions if each.instrument}
    for text in texts_in(ruleset, language):
        (place, field), translation = text.address, text.translation
        words = text.source if language == ruleset.language else translation.words if translation else ""
        # Help and "I don't know" are ours.
        fixed_by = "" if field in ("help", "dont_know") else instruments.get(place, "")
        if words:
            yield Text(f"{place} {field}", words, language, fixed_by or "")


def of_catalogue(path: Path, language: str) -> Iterator[Text]:
    """The interface's own words: all that is in the catalogue, since the screens for staff are not translated."""
    for entry in polib.pofile(str(path)):
        if entry.obsolete or (language != "en" and entry.fuzzy):
            continue
        place = ", ".join(dict.fromkeys(file for file, _ in entry.occurrences)) or entry.msgid[:30]
        said = [entry.msgstr, *entry.msgstr_plural.values()] if language != "en" else [entry.msgid, entry.msgid_plural]
        yield from (Text(place, words, language) for words in said if words)
