"""What the patient read, where that was not the rule set's own language: beside each answer, with what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from screening.review.dossier import Dossier
from screening.rules.ruleset import Question, RuleSet
from screening.rules.translations import Address, State, texts_in

_WORTH: dict[State, str] = {
    "approved": "approved translation",
    "draft": "translation not approved",
    "stale": "not translated anew since the text changed: read in the original",
    "missing": "not translated: read in the original",
}
_WORST_FIRST: tuple[State, ...] = ("missing", "stale", "draft", "approved")


@dataclass(frozen=True)
class Read:
    """A question and the chosen answers, as they stood on the patient's screen."""

    tag: str
    question: str
    answer: str
    worth: str

    @property
    def name(self) -> str:
        return language_name(self.tag)


def language_name(tag: str) -> str:
    """In English, as staff read: Spanish."""
    try:
        return str(translation.get_language_info(tag)["name"])
    except KeyError:
        return tag


class Reading:
    """Of one case."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier, self.version = dossier, dossier.submission.version
        self.own = self.version.ruleset.language
        self._known: dict[str, dict[Address, State]] = {}

    @cached_property
    def languages(self) -> dict[str, str]:
        """The language in which the patient last answered each question."""
        found: dict[str, str] = {}
        for revision in self.dossier.revisions:
            if revision.made_by_id is None:
                found.update(dict.fromkeys((*revision.changes, *revision.texts), revision.language))
        return found

    def written_in(self, question: Question) -> str:
        """The language that free text stands in, if it is not the rule set's own."""
        tag = self.languages.get(question.id, self.own)
        return "" if tag == self.own else tag

    def of(self, question: Question, answer: Any) -> Read | None:
        """None where the patient read the original anyway, as everybody does."""
        tag, asked = self.written_in(question), self._asked(question)
        if not tag or asked is None or asked.audience != "patient":
            return None
        shown = self.version.ruleset_in(tag)
        codes = answer if isinstance(answer, list | tuple) else [answer]
        return Read(
            tag, shown.question(asked.id).text, _labels(shown, asked, codes, tag), self._worth(asked, codes, tag)
        )

    def _asked(self, question: Question) -> Question | None:
        """As the version asked it that the answers were given to."""
        return next((each for each in self.version.ruleset.questions if each.id == question.id), None)

    def _states(self, tag: str) -> dict[Address, State]:
        if tag not in self._known:
            self._known[tag] = {text.address: text.state for text in texts_in(self.version.ruleset, tag)}
        return self._known[tag]

    def _worth(self, question: Question, codes: Sequence[Any], tag: str) -> str:
        place = f"questions/{question.id}"
        needed = [Address(place, "text"), *(Address(place, f"choices/{code}/label") for code in codes)]
        found = {self._states(tag)[at] for at in needed if at in self._states(tag)}
        return next((_WORTH[state] for state in _WORST_FIRST if state in found), "")


def _labels(shown: RuleSet, question: Question, codes: Sequence[Any], tag: str) -> str:
    """The labels of what was chosen; empty for numbers, days and texts, which are not translated."""
    known = {choice.value for choice in question.choices}
    with translation.override(tag):
        yes_no = {"yes": gettext("Yes"), "no": gettext("No")} if question.type == "yes_no" else {}
    labels = [yes_no.get(code) or shown.question(question.id).label_of(code) for code in codes if isinstance(code, str)]
    return ", ".join(labels) if known or yes_no else ""


def languages_of(dossier: Dossier) -> list[str]:
    """Names of the languages that the patient read, where it was not only the rule set's own."""
    own = dossier.submission.version.ruleset.language
    used = {*Reading(dossier).languages.values(), dossier.submission.language} - {own}
    return [language_name(tag) for tag, _ in settings.LANGUAGES if tag in used]
