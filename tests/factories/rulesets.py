"""A rule set small enough to hold in the head, with one of each thing the program has to cope with."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from screening.rulesets import read_document, shipped


def shipped_document(name: str = "lumbar-miss") -> dict[str, Any]:
    """A shipped document, to change at will. Reading the YAML takes long, so it is read once."""
    return json.loads(_shipped(name))


@cache
def _shipped(name: str) -> str:
    return json.dumps(read_document(shipped(name).read_bytes()))


@cache
def shipped_sha256(name: str = "lumbar-miss") -> str:
    return read_ruleset(shipped_document(name)).sha256


def tiny_ruleset(**changes: Any) -> RuleSet:
    return read_ruleset(tiny_document(**changes))


def tiny_document(**changes: Any) -> dict[str, Any]:
    """The document, with whole parts replaced by `changes`."""
    return {
        "format": 1,
        "id": "tiny",
        "title": "A tiny pathway",
        "language": "en",
        "default_disposition": "more_info",
        "clarify_disposition": "more_info",
        "invalid_answer_within_hours": 72,
        "dispositions": DISPOSITIONS,
        "procedures": [{"id": "discectomy", "label": "Discectomy"}, {"id": "fusion", "label": "Fusion"}],
        "sections": [{"id": "safety", "title": "Safety"}, {"id": "you", "title": "You"}],
        "questions": QUESTIONS,
        "rules": RULES,
        **changes,
    }


def _disposition(disposition_id: str, hours: int, **more: Any) -> dict[str, Any]:
    return {
        "id": disposition_id,
        "label": disposition_id,
        "contact_within_hours": hours,
        "patient_label": f"{disposition_id} for you",
        "patient": f"Words of {disposition_id}.",
        **more,
    }


def _question(question_id: str, question_type: str, **more: Any) -> dict[str, Any]:
    asked = {"section": "you", "audience": "patient", "text": f"{question_id}?", **more}
    return {"id": question_id, "type": question_type, **asked}


def _alarm_question(question_id: str) -> dict[str, Any]:
    return _question(question_id, "yes_no", section="safety", safety=True, dont_know="I don't know")


def _rule(rule_id: str, when: str, **more: Any) -> dict[str, Any]:
    return {"id": rule_id, "title": f"Rule {rule_id}", "when": when, "patient": f"Patient words of {rule_id}.", **more}


DISPOSITIONS = [
    _disposition("go_now", 0, stop_intake=True),
    _disposition("soon", 48),
    _disposition("more_info", 336),
    _disposition("big_cut", 672),
    _disposition("small_cut", 672),
    _disposition("elsewhere", 672),
    _disposition("wait_and_see", 1008),
]
QUESTIONS = [
    _alarm_question("numb"),
    _alarm_question("chest"),
    _alarm_question("fever"),
    _question("age_years", "number", unit="years", min=0, max=120, integer=True, dont_know="I don't know"),
    _question("weeks", "number", unit="weeks", min=0, max=5000, entry_units=["weeks", "months"], optional=True),
    _question("wish", "single", choices=[{"value": v, "label": v} for v in ("surgery", "other", "none_of_it")]),
    _question("tried", "multiple", choices=[{"value": v, "label": v} for v in ("pills", "gym", "none")], optional=True),
    _question("notes", "text", optional=True),
    _question("grade", "number", audience="clinician", min=0, max=5, integer=True),
    _question("scan_notes", "text", audience="clinician"),
    _question("alarm_withdrawn", "yes_no", audience="system", optional=True),
]
RULES = [
    _rule("E1", "numb = 'yes'", disposition="go_now", clarify_within_hours=24),
    _rule("E2", "chest = 'yes'", disposition="go_now", clarify_within_hours=24),
    _rule("U1", "fever = 'yes'", disposition="soon", clarify_within_hours=72),
    _rule("U2", "grade = 0", disposition="soon", contact_within_hours=24),
    _rule("W1", "alarm_withdrawn = 'yes'", disposition="more_info", contact_within_hours=24),
    _rule("S1", "grade >= 4", disposition="big_cut", approach="traditional", supports=["fusion"]),
    _rule("M1", "wish = 'surgery'", disposition="small_cut", approach="minimally_invasive", supports=["discectomy"]),
    _rule("O1", "wish = 'other'", disposition="elsewhere"),
    _rule("C1", "wish = 'none_of_it'", disposition="wait_and_see", rules_out=["fusion"]),
]
