"""The options side by side, as the decision page and its PDF show them, with the sources of all that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.intake.picture import Hundred, hundred
from screening.intake.words import day_words
from screening.rules.education import Option
from screening.rules.ruleset import RuleSet

SOURCE_WORDS: dict[str, str | Promise] = {
    "confirmed": _("We read this source."),
    "to_confirm": _("We have not read this source in full yet."),
    "design": _("This is our own choice, not from a study."),
}


@dataclass(frozen=True)
class Source:
    number: int
    text: str
    url: str | None
    honest: str | Promise
    language: str
    """sources are not translated"""


@dataclass(frozen=True)
class Said:
    """Words, and the numbers of the sources they rest on."""

    words: str
    sources: tuple[int, ...]
    hundred: Hundred | None = None


@dataclass(frozen=True)
class ShownOption:
    id: str
    label: str
    what: Said
    benefits: tuple[Said, ...]
    harms: tuple[Said, ...]
    not_known: str


class Comparison:
    """What a rule set teaches, for somebody with this result. Without options there is nothing to compare."""

    def __init__(self, ruleset: RuleSet, disposition: str, written_in: str = "en") -> None:
        self.ruleset, self.disposition, self.written_in = ruleset, disposition, written_in
        self.education = ruleset.education

    def __bool__(self) -> bool:
        return bool(self.education.options)

    how_to_read = _(
        "“About 3 in 100 people” means: of 100 people, 3 have it and 97 do not. "
        "Nobody can say who will be one of them. The small numbers lead to the sources below."
    )
    how_to_see = _(
        "The dots are 100 people. It was so for the large dots. "
        "Middle dots mean that studies differ: it may be so for them too."
    )

    @property
    def general(self) -> tuple[int, ...]:
        return self._numbers(self.education.citations)

    @cached_property
    def options(self) -> tuple[ShownOption, ...]:
        return tuple(map(self._option, self.education.options))

    def _option(self, option: Option) -> ShownOption:
        return ShownOption(
            id=option.id,
            label=option.label,
            what=Said(option.what, self._numbers(option.citations)),
            benefits=self._points(option.id, "benefit"),
            harms=self._points(option.id, "harm"),
            not_known=option.not_known,
        )

    def _points(self, option_id: str, kind: str) -> tuple[Said, ...]:
        points = [point for point in self.education.points if (point.option, point.kind) == (option_id, kind)]
        return tuple(
            Said(point.text, self._numbers(point.citations), hundred(point.low, point.high)) for point in points
        )

    @property
    def matters(self) -> tuple[tuple[str, str], ...]:
        """What may matter to the patient: id and words."""
        return tuple((matter.id, matter.text) for matter in self.education.what_matters)

    @property
    def questions(self) -> tuple[str, ...]:
        """To ask the surgeon: those for everyone, then those that go with this result."""
        asked = self.education.questions_to_ask
        own = [each.text for each in asked if self.disposition in each.dispositions]
        return (*(each.text for each in asked if not each.dispositions), *own)

    @property
    def updated(self) -> str:
        return _day(self.education.updated)

    @property
    def next_review(self) -> str:
        return _day(self.education.next_review)

    # Sources ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _order(self) -> dict[str, int]:
        """Each source by its number, in the order in which the page first needs it; those of the facts come last."""
        education = self.education
        cited = [education.citations]
        for option in education.options:
            cited.append(option.citations)
            cited += [point.citations for point in education.points if point.option == option.id]
        cited += [fact.citations for fact in education.facts]
        known = dict.fromkeys(key for keys in cited for key in keys if key in self.ruleset.citations)
        return {key: number for number, key in enumerate(known, 1)}

    def _numbers(self, keys: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(self._order[key] for key in keys if key in self._order))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Of everything taught, each once."""
        found = [(number, self.ruleset.citations[key]) for key, number in self._order.items()]
        return tuple(
            Source(number, each.text, each.url, SOURCE_WORDS[each.status], self.written_in) for number, each in found
        )


def _day(written: str) -> str:
    return day_words(date.fromisoformat(written)) if written else ""
