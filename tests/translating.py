"""Rule sets with translations, for tests: made-up words that say which text they stand for."""

from typing import Any

from screening.rules.check import read_ruleset
from screening.rules.parts import mark_of
from screening.rules.ruleset import RuleSet
from screening.rules.translations import alarm_places, patient_texts

APPROVED = {"status": "approved", "by": "Dr A. García"}


def translations(ruleset: RuleSet, mark: str = "ES", only: frozenset[str] | None = None, **more: Any) -> dict[str, Any]:
    """One language's part of a document: of every text, or only those at some places."""
    return {
        place: {field: {"words": f"{mark} {text}", "of": mark_of(text), **more} for field, text in fields.items()}
        for place, fields in patient_texts(ruleset).items()
        if only is None or place in only
    }


def with_translations(ruleset: RuleSet, **languages: dict[str, Any]) -> RuleSet:
    """The checked rule set with these."""
    return read_ruleset({**ruleset.document(), "translations": languages})


def in_spanish(ruleset: RuleSet, **more: Any) -> RuleSet:
    """With every text translated into something that begins with ES: drafts, or as `more` says."""
    return with_translations(ruleset, es=translations(ruleset, **more))


def alarms_in_spanish(ruleset: RuleSet) -> RuleSet:
    """With just what must be translated, approved."""
    return in_spanish(ruleset, only=alarm_places(ruleset) | {"ruleset"}, **APPROVED)
