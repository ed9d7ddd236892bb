"""Rule sets made at random: they pass the checker, and their documents survive being written and read."""

import copy
import json

import yaml
from hypothesis import given
from hypothesis import strategies as st

from screening.rules import expression as e
from screening.rules.check import check, read_ruleset
from screening.rules.parse import parse
from screening.rules.problems import DocumentError
from screening.rulesets import read_document, to_yaml
from tests.generative.profile import examples
from tests.generative.rulesets import documents, wordy_documents


@examples(40)
@given(documents())
def test_what_is_valid_by_construction_passes_the_check(document):
    assert check(read_ruleset(document)) == []


@examples(40)
@given(wordy_documents())
def test_documents_round_trip(document):
    ruleset = read_ruleset(document)
    plain = ruleset.document()
    read_back = [read_document(text) for text in (to_yaml(plain), json.dumps(plain), ruleset.canonical_json())]
    for again in (plain, *read_back):
        assert read_ruleset(again) == ruleset
        assert read_ruleset(again).sha256 == ruleset.sha256
        assert read_ruleset(again).document() == plain


def shuffled(data, random):
    """The same data with the fields of every mapping in another order."""
    if isinstance(data, dict):
        items = [(key, shuffled(value, random)) for key, value in data.items()]
        random.shuffle(items)
        return dict(items)
    return [shuffled(item, random) for item in data] if isinstance(data, list) else data


def with_defaults(document):
    """The same document with defaults written out."""
    data = copy.deepcopy(document)
    for question in data["questions"]:
        for name, default in (("help", ""), ("optional", False), ("show_if", None), ("dont_know", None)):
            question.setdefault(name, default)
        if question["type"] == "number":
            question.setdefault("decimals", 0 if question.get("integer") else 1)
    for rule in data["rules"]:
        for name, default in (("supports", []), ("approach", None), ("patient", ""), ("cites", [])):
            rule.setdefault(name, default)
    return {"citations": {}, "properties": [], "education": {}, "notice": [], **data}


@examples(40)
@given(wordy_documents(), st.randoms(use_true_random=False))
def test_order_of_fields_and_written_out_defaults_do_not_change_the_identity(document, random):
    sha256 = read_ruleset(document).sha256
    assert read_ruleset(shuffled(document, random)).sha256 == sha256
    assert read_ruleset(with_defaults(document)).sha256 == sha256
    assert read_ruleset(shuffled(with_defaults(document), random)).sha256 == sha256


@examples(40)
@given(wordy_documents(), st.data())
def test_another_layout_of_the_yaml_is_the_same_document(document, data):
    plain = read_ruleset(document).document()
    style, width = data.draw(st.sampled_from([None, '"', "'"])), data.draw(st.sampled_from([20, 80, 10_000]))
    text = yaml.safe_dump(plain, default_style=None if style is None else style, width=width, allow_unicode=True)
    if style is None:
        assert read_ruleset(read_document("# a comment\n" + text)).sha256 == read_ruleset(document).sha256
    else:
        assert yaml.safe_load(text) == plain


@examples(40)
@given(documents(), st.data())
def test_a_name_that_is_not_there_is_found_wherever_it_is_written(document, data):
    """Take away one question or definition: everything that mentioned it is a problem, and nothing else is."""
    parts = [("questions", each["id"]) for each in document["questions"]]
    parts += [("definitions", each["id"]) for each in document["definitions"]]
    kind, gone = data.draw(st.sampled_from(parts))
    less = {**document, kind: [each for each in document[kind] if each["id"] != gone]}
    try:
        read_ruleset(less)
        problems = ()
    except DocumentError as error:
        problems = error.problems
    texts = {f"rules/{rule['id']}/when": rule["when"] for rule in less["rules"]}
    texts |= {f"definitions/{each['id']}/is": each["is"] for each in less["definitions"]}
    texts |= {f"questions/{each['id']}/show_if": each["show_if"] for each in less["questions"] if "show_if" in each}
    mentions = {place for place, text in texts.items() if gone in e.names(parse(text))}
    assert {problem.place for problem in problems if f"`{gone}`" in problem.message} == mentions
