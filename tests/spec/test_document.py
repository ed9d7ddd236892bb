"""Section 1: a rule set is one document, and its identity is the sha256 of its canonical JSON."""

import hashlib
import json

import pytest

from screening.rules.check import read_ruleset
from screening.rulesets import read_document, to_yaml
from tests.spec.document import document

PARTS = """
questions:
- {id: taken_back, section: all, audience: system, type: yes_no, text: Taken back, safety: true}
- {id: weeks, section: all, audience: patient, type: number, text: Weeks, unit: weeks, entry_units: [days, months], min: 0, max: 5200.5}
definitions:
- {id: hot, title: hot, is: fever = 'yes'}
rules:
- {id: E01, title: Étage, when: hot, disposition: now, clarify_within_hours: 24, supports: [p2, p1], cites: [book], reflects: [A1]}
properties:
- {id: P1, claim: c, kind: whenever, given: hot, disposition_in: [now]}
- {id: P2, claim: c, kind: monotone, scales: {colour: [red, green, dont_know]}}
citations: {book: {text: A book, status: confirmed, url: 'https://example.org'}}
source_statements: {A1: It helps.}
education:
  facts: [{id: F1, text: t, reflects: [A1], citations: [book]}]
  timeline: [{when: Day 1, text: t}]
  options: [{id: rest, label: Rest, what: w, not_known: n, citations: [book]}]
  points:
  - {id: b1, option: rest, kind: benefit, text: t, citations: [book]}
  - {id: h1, option: rest, kind: harm, text: t, citations: [book]}
  what_matters: [{id: m1, text: t}]
  questions_to_ask: [{id: a1, text: t, dispositions: [now]}]
  about: a
  citations: [book]
  known: k
  not_known: n
  made_by: m
  funding: f
  updated: '2026-11-20'
  next_review: '2027-11-20'
instruments: [{id: peg, used: true, name: PEG, terms: free}]
notice: [Only for help.]
"""  # noqa: E501


@pytest.fixture
def data():
    return document(PARTS)


def test_the_identity_is_the_sha256_of_the_canonical_json(data):
    ruleset = read_ruleset(data)
    text = ruleset.canonical_json()
    assert ruleset.sha256 == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text
    assert "Étage" in text
    assert ": " not in text.replace("Only for help.", "")


def test_loading_the_document_again_gives_an_equal_rule_set(data):
    ruleset = read_ruleset(data)
    again = read_ruleset(ruleset.document())
    assert again == ruleset
    assert again.sha256 == ruleset.sha256
    assert again.document() == ruleset.document()


def test_as_yaml_and_as_json_it_is_the_same(data):
    ruleset = read_ruleset(data)
    for text in (to_yaml(ruleset.document()), json.dumps(ruleset.document()), ruleset.canonical_json()):
        assert read_ruleset(read_document(text)).sha256 == ruleset.sha256


def _first(data, part, **fields):
    data[part][0] = {**data[part][0], **fields}
    return data


SAME = {
    "defaults are left out: an empty help": lambda data: _first(data, "questions", help=""),
    "defaults are left out: false": lambda data: _first(data, "questions", optional=False),
    "defaults are left out: an empty list": lambda data: _first(data, "rules", rules_out=[]),
    "defaults are left out: null": lambda data: _first(data, "rules", approach=None),
    "defaults are left out: an empty mapping": lambda data: {
        **data,
        "education": {**data["education"], "timeline": [{"when": "Day 1", "text": "t", "reflects": []}]},
        "scope": "",
    },
    "the order of fields does not count": lambda data: dict(reversed(list(data.items()))),
    "the order of a part's fields does not count": lambda data: {
        **data,
        "rules": [dict(reversed(list(rule.items()))) for rule in data["rules"]],
    },
    "the order of citations does not count": lambda data: {
        **data,
        "citations": dict(reversed(list(data["citations"].items()))),
    },
}

OTHER = {
    "a title": lambda data: {**data, "title": "Other"},
    "an expression's layout": lambda data: _first(data, "rules", when="(hot)"),
    "the order of rules": lambda data: {**data, "questions": list(reversed(data["questions"]))},
    "the order of what is supported": lambda data: _first(data, "rules", supports=["p1", "p2"]),
    "a field that is not its default": lambda data: _first(data, "questions", optional=True),
    "a claim": lambda data: {**data, "properties": data["properties"][:1]},
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_the_same_document(data, change):
    before = read_ruleset(document(PARTS)).sha256
    assert read_ruleset(change(data)).sha256 == before


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_another_document(data, change):
    before = read_ruleset(document(PARTS)).sha256
    assert read_ruleset(change(data)).sha256 != before


@pytest.mark.parametrize(
    ("question", "same"),
    [
        pytest.param({"type": "number", "decimals": 1}, {"type": "number"}, id="decimals are 1 by default"),
        pytest.param(
            {"type": "number", "integer": True, "decimals": 0},
            {"type": "number", "integer": True},
            id="decimals are 0 by default for an integer",
        ),
        pytest.param({"type": "text", "max_length": 2000}, {"type": "text"}, id="texts are up to 2,000 long"),
        pytest.param(
            {"type": "number", "min": 0, "max": 10}, {"type": "number", "min": 0.0, "max": 10.0}, id="45.0 is 45"
        ),
    ],
)
def test_defaults_of_questions(question, same):
    def sha256(fields):
        base = {"id": "q", "section": "all", "audience": "patient", "text": "q"}
        return read_ruleset({**document(), "questions": [{**base, **fields}]}).sha256

    assert sha256(question) == sha256(same)


def test_comments_and_layout_do_not_count(data):
    text = to_yaml(read_ruleset(data).document())
    commented = "# a comment\n" + text.replace("\nrules:", "\n\n# rules\nrules:   # here")
    assert read_ruleset(read_document(commented)).sha256 == read_ruleset(data).sha256


def test_parts_can_be_found_by_their_id(data):
    ruleset = read_ruleset(data)
    assert ruleset.question("taken_back").audience == "system"
    assert ruleset.definition("hot").is_ == "fever = 'yes'"
    assert ruleset.rule("E01").is_alarm
    assert ruleset.disposition("now").stop_intake
    assert ruleset.procedure("p1").label == "One"
    for find in (ruleset.question, ruleset.definition, ruleset.rule, ruleset.disposition, ruleset.procedure):
        with pytest.raises(KeyError):
            find("nobody")
