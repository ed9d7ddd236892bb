"""The small rule set the specs are written about, and how a spec puts its own parts on top."""

import copy
from functools import cache
from typing import Any

import yaml

from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet

DISPOSITIONS = """
- {id: now, label: Now, contact_within_hours: 0, patient_label: Now, patient: Go now., stop_intake: true}
- {id: soon, label: Soon, contact_within_hours: 48, patient_label: Soon, patient: Come soon.}
- {id: ask, label: Ask, contact_within_hours: 300, patient_label: Ask, patient: We must ask.}
- {id: later, label: Later, contact_within_hours: 500, patient_label: Later, patient: Come later.}
- {id: rest, label: Rest, contact_within_hours: 900, patient_label: Rest, patient: Rest.}
"""

KINDS = """
colour: {type: single, choices: [{value: red, label: Red}, {value: green, label: Green}, {value: blue, label: Blue}]}
smoker: {type: yes_no}
places: {type: multiple, choices: [{value: arm, label: Arm}, {value: leg, label: Leg}, {value: back, label: Back},
         {value: none, label: None of these}]}
pain: {type: number, min: 0, max: 10}
age: {type: number, min: 0, max: 120, integer: true}
mood: {type: single, choices: [{value: good, label: Good, score: 0}, {value: fair, label: Fair, score: 1.5},
       {value: bad, label: Bad, score: 3}]}
"""

OTHERS = """
- {id: gate, section: all, audience: patient, type: yes_no, text: Gate, dont_know: I don't know}
- {id: fever, section: all, audience: patient, type: yes_no, text: Fever, dont_know: I don't know}
- {id: sure, section: all, audience: patient, type: single, text: Sure,
   choices: [{value: a, label: A}, {value: b, label: B}]}
- {id: sure_places, section: all, audience: patient, type: multiple, text: Where,
   choices: [{value: arm, label: Arm}, {value: leg, label: Leg}]}
- {id: height_cm, section: all, audience: patient, type: number, text: How tall, unit: cm, min: 50, max: 250,
   decimals: 2}
- {id: weight_kg, section: all, audience: patient, type: number, text: How heavy, min: 2, max: 400, unit: kg}
- {id: free, section: all, audience: patient, type: number, text: Any number, decimals: 6}
- {id: balance, section: all, audience: patient, type: number, text: Balance, min: -10, max: 10, decimals: 2}
- {id: born, section: all, audience: patient, type: date, text: When, dont_know: I don't know}
- {id: remark, section: all, audience: patient, type: text, text: More, optional: true, max_length: 10}
"""

PROCEDURES = """
- {id: p1, label: One}
- {id: p2, label: Two}
- {id: p3, label: Three}
"""


class PlainLoader(yaml.SafeLoader):
    """YAML in which yes and no are words, true and false are not, and dates are texts."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag.rpartition(":")[2] not in ("bool", "timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", yaml.resolver.re.compile("^(?:true|false)$"), list("tf"))


def plain(text: str) -> Any:
    """The data in a cell or fragment."""
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a safe loader with fewer types


def mapping(cell: str) -> dict[str, Any]:
    """The data of a cell written without its braces: `smoker: yes, places: [arm]`."""
    return plain("{" + cell + "}") or {}


def _four_times(name: str, kind: dict[str, Any]) -> list[dict[str, Any]]:
    base = {"section": "all", "audience": "patient", "text": f"{name}?", "dont_know": "I don't know", **kind}
    return [
        {"id": name, **base},
        {"id": f"hidden_{name}", **base, "show_if": "gate = 'yes'"},
        {"id": f"optional_{name}", **base, "optional": True},
        {"id": f"c_{name}", **base, "audience": "clinician"},
    ]


def _base() -> dict[str, Any]:
    questions = [question for name, kind in plain(KINDS).items() for question in _four_times(name, kind)]
    return {
        "format": 1,
        "id": "spec",
        "title": "Spec",
        "language": "en",
        "default_disposition": "rest",
        "clarify_disposition": "ask",
        "invalid_answer_within_hours": 72,
        "dispositions": plain(DISPOSITIONS),
        "procedures": plain(PROCEDURES),
        "sections": [{"id": "all", "title": "All"}],
        "questions": plain(OTHERS) + questions,
    }


BASE = _base()


def document(fragment: str = "") -> dict[str, Any]:
    """The base with the fragment's parts: `questions` are added to the base's, everything else takes its place."""
    parts = plain(fragment) or {}
    merged = {**copy.deepcopy(BASE), **parts}
    if "questions" in parts:
        merged["questions"] = copy.deepcopy(BASE["questions"]) + parts["questions"]
    return merged


def ruleset(fragment: str = "") -> RuleSet:
    return read_ruleset(document(fragment))


@cache
def one_rule(expression: str) -> RuleSet:
    """The base with one alarm rule `R`."""
    rule = {"id": "R", "title": "R", "when": expression, "disposition": "now", "clarify_within_hours": 24}
    return read_ruleset({**BASE, "rules": [rule]})
