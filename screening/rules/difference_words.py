"""Words for the fields of a rule set and what stands in them, for those who read a difference."""

from collections.abc import Mapping
from typing import Any

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.parts import Part
from screening.rules.plain import hours_in_words, quoted
from screening.rules.ruleset import RuleSet, Translation
from screening.rules.tokens import ParseError

NOT_SET = "not set"

KINDS = {
    "dispositions": "disposition",
    "procedures": "procedure",
    "sections": "section",
    "questions": "question",
    "choices": "choice",
    "definitions": "definition",
    "rules": "rule",
    "properties": "property",
    "citations": "citation",
    "education": "education",
    "facts": "education fact",
    "timeline": "time line entry",
    "options": "option",
    "points": "point",
    "what_matters": "thing that may matter",
    "questions_to_ask": "question to ask",
    "source_statements": "source statement",
    "instruments": "instrument",
    "translations": "translation",
}
"""The field that holds parts → what one of them is called."""

FIELDS = {
    "when": "condition",
    "is_": "meaning",
    "show_if": "shown when",
    "given": "given",
    "requires": "requires",
    "contact_within_hours": "contact within",
    "clarify_within_hours": "when not known, clarify within",
    "invalid_answer_within_hours": "contact because of an answer that cannot be used, within",
    "patient": "words for the patient",
    "patient_label": "heading for the patient",
    "surgeon": "words for the surgeon",
    "cites": "citations",
    "rules_out": "rules out",
    "stop_intake": "stops the intake",
    "dont_know": "words for “don't know”",
    "safety": "safety question",
    "modifiable": "can change in life",
    "lasting": "once so, stays so",
    "review_by": "to be looked at again by",
    "integer": "whole numbers only",
    "min": "smallest answer",
    "max": "largest answer",
    "default_disposition": "disposition where no rule decides",
    "clarify_disposition": "disposition where something must be clarified",
    "at_least_as_urgent_as": "at least as urgent as",
    "about": "the choice in general",
    "what": "what it is",
    "known": "what is known",
    "not_known": "what is not known",
    "funding": "who paid and who gains",
    "updated": "last update",
    "low": "low number of 100 people",
    "high": "high number of 100 people",
    "from_week": "from week",
    "to_week": "to week",
}
"""The fields whose words are not just their name."""

EXPRESSIONS = {"when", "is_", "show_if", "given", "requires"}
_HOURS = {"contact_within_hours", "clarify_within_hours", "invalid_answer_within_hours"}
_CODES = {"status", "type", "audience", "approach", "kind"}
_IDS = {"id", "value", "cites", "citations", "reflects", "questions", "entry_units", "unit", "language", "option"}
_NAMES_OF = {
    "disposition": "dispositions",
    "default_disposition": "dispositions",
    "clarify_disposition": "dispositions",
    "at_least_as_urgent_as": "dispositions",
    "disposition_in": "dispositions",
    "disposition_not_in": "dispositions",
    "given_disposition_in": "dispositions",
    "dispositions": "dispositions",
    "supports": "procedures",
    "rules_out": "procedures",
    "never_supports": "procedures",
    "section": "sections",
}
_TITLES = ("title", "label", "claim", "name", "text")


def title_of(part: Any) -> str:
    """What a part is called: its title, label, claim, name or text; a plain text is its own."""
    if isinstance(part, str):
        return part
    return next((str(getattr(part, name)) for name in _TITLES if hasattr(part, name)), "")


def field_in_words(field: str) -> str:
    """A field's name as people say it."""
    return FIELDS.get(field, field.rstrip("_").replace("_", " "))


def canonical(expression: str) -> str:
    """An expression in its one layout; as it is written where it cannot be read."""
    try:
        return e.to_text(parse(expression))
    except ParseError:
        return expression


class Values:
    """Words for the values of one rule set's fields."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.titles: Mapping[str, Mapping[str, str]] = {
            kind: {part.id: title_of(part) for part in getattr(ruleset, kind)} for kind in set(_NAMES_OF.values())
        }

    def value(self, field: str, value: Any) -> str:
        """What stands in a field, in words."""
        if value is None or value in ("", (), {}):
            return NOT_SET
        if isinstance(value, tuple):
            return ", ".join(self.item(field, item) for item in value)
        if isinstance(value, dict):
            return "; ".join(f"{key}: {' < '.join(map(str, scale))}" for key, scale in value.items())
        return self.item(field, value)

    def item(self, field: str, value: Any) -> str:
        """One value."""
        if field in _HOURS:
            return hours_in_words(value)
        if isinstance(value, Translation):
            stands = f"approved by {value.by}" if value.status == "approved" else "draft"
            return f"{quoted(value.words)} ({stands}, of {value.of})"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return e.number_text(value)
        if field in EXPRESSIONS:
            return f"`{canonical(value)}`"
        if field in _NAMES_OF:
            return quoted(self.titles[_NAMES_OF[field]].get(value, value))
        return str(value).replace("_", " ") if field in _CODES else value if field in _IDS else quoted(str(value))

    def whole(self, part: Any) -> str:
        """Everything set in a part, one field a line."""
        if not isinstance(part, Part):
            return str(part)
        lines = (self._line(name, getattr(part, name), info.default) for name, info in type(part).model_fields.items())
        return "\n".join(line for line in lines if line)

    def _line(self, field: str, value: Any, default: Any) -> str:
        if value == default or value in ((), {}):
            return ""
        inside = _parts(value)
        words = "; ".join(map(title_of, inside)) if inside else self.value(field, value)
        return f"{field_in_words(field)}: {words}"


def _parts(value: Any) -> list[Part]:
    return [part for part in value if isinstance(part, Part)] if isinstance(value, tuple) else []
