"""A rule set with every kind of question, each with its own text, for words that can be read at a glance."""

from typing import Any

from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet


def _choices(**labels: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label} for value, label in labels.items()]


KINDS: dict[str, dict[str, Any]] = {
    "colour": {"type": "single", "choices": _choices(red="Red", green="Green", blue="Blue")},
    "smoker": {"type": "yes_no"},
    "places": {"type": "multiple", "choices": _choices(arm="Arm", leg="Leg", back="Back", none="None of these")},
    "pain": {"type": "number", "min": 0, "max": 10},
    "age": {"type": "number", "min": 0, "max": 120, "integer": True},
    "height_cm": {"type": "number", "min": 50, "max": 250, "unit": "cm"},
    "mood": {
        "type": "single",
        "choices": [{"value": "good", "label": "Good", "score": 0}, {"value": "bad", "label": "Bad", "score": 3}],
    },
    "born": {"type": "date"},
    "remark": {"type": "text", "optional": True},
}
WAYS: dict[str, dict[str, Any]] = {
    "": {},
    "hidden_": {"show_if": "smoker = 'yes'"},
    "optional_": {"optional": True},
    "c_": {"audience": "clinician"},
}


def question(question_id: str, **more: Any) -> dict[str, Any]:
    """A patient's question."""
    common = {"section": "all", "audience": "patient", "text": f"{question_id}?", "dont_know": "I don't know"}
    return {"id": question_id, **common, **more}


def document(**parts: Any) -> dict[str, Any]:
    """The document with whole parts replaced, and more questions if there are."""
    return {
        "format": 1,
        "id": "small",
        "title": "Small",
        "language": "en",
        "default_disposition": "rest",
        "clarify_disposition": "ask",
        "invalid_answer_within_hours": 72,
        "dispositions": [_disposition("now", 0), _disposition("ask", 300), _disposition("rest", 900)],
        "procedures": [{"id": "p1", "label": "Procedure one"}, {"id": "p2", "label": "Procedure two"}],
        "sections": [{"id": "all", "title": "All"}, {"id": "more", "title": "More"}],
        **parts,
        "questions": [
            *(
                question(way + name, **{**kind, **changes})
                for name, kind in KINDS.items()
                for way, changes in WAYS.items()
            ),
            *parts.get("questions", ()),
        ],
    }


def _disposition(disposition_id: str, hours: int) -> dict[str, Any]:
    words = {
        "label": disposition_id.capitalize(),
        "patient_label": disposition_id,
        "patient": f"Words of {disposition_id}.",
    }
    return {"id": disposition_id, "contact_within_hours": hours, **words}


def ruleset(**parts: Any) -> RuleSet:
    """The checked rule set."""
    return read_ruleset(document(**parts))


def alarm(when: str, rule_id: str = "R", **more: Any) -> dict[str, Any]:
    """An alarm rule."""
    return {
        "id": rule_id,
        "title": f"Rule {rule_id}",
        "when": when,
        "disposition": "now",
        "clarify_within_hours": 24,
        **more,
    }


def one_rule(when: str, **parts: Any) -> RuleSet:
    """A rule set with one alarm rule, R."""
    return ruleset(rules=[alarm(when)], **parts)


def definition(definition_id: str, title: str, meaning: str) -> dict[str, Any]:
    """A definition."""
    return {"id": definition_id, "title": title, "is": meaning}
