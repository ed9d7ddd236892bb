"""Whatever somebody sends as a document: it is read or refused, and nothing else happens."""

import json
from functools import lru_cache

from hypothesis import given
from hypothesis import strategies as st

from screening.interpreters.evaluate import decide
from screening.rules.check import read_ruleset
from screening.rules.problems import DocumentError
from screening.rulesets import read_document, to_yaml
from tests.generative.profile import examples
from tests.spec.document import document

SIGNS = st.text(st.sampled_from(list("{}[]:,-?|>&*!%#'\"\\\n\t a1~<=.eé\0")), max_size=60)


@lru_cache
def texts():
    rule = {"id": "R", "title": "t", "when": "smoker = 'yes' or pain > 3"}
    plain = read_ruleset({**document(), "rules": [rule]}).document()
    return to_yaml(plain), json.dumps(plain)


def problems_of(data):
    """What is wrong with a document's data; nothing where it can be read, and then it can be decided by."""
    try:
        ruleset = read_ruleset(data)
    except DocumentError as error:
        return error.problems
    decide(ruleset, {})
    return ()


def read_or_refused(source):
    try:
        problems = problems_of(read_document(source))
    except DocumentError as error:
        problems = error.problems
        assert problems
    assert all(problem.message for problem in problems)


@examples(600)
@given(st.binary(max_size=200) | SIGNS | st.text(max_size=60) | SIGNS.map(lambda text: "{" + text))
def test_any_bytes_are_read_or_refused(source):
    read_or_refused(source)


@examples(200)
@given(st.sampled_from([0, 1]), st.floats(0, 1), st.integers(0, 30), SIGNS)
def test_a_document_with_a_piece_replaced_is_read_or_refused(which, place, length, piece):
    text = texts()[which]
    start = int(place * len(text))
    read_or_refused(text[:start] + piece + text[start + length :])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@examples(300)
@given(st.data())
def test_a_document_with_a_value_replaced_is_read_or_refused(data):
    document = json.loads(texts()[1])
    part = document
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.integers(0, 3)) == 0:
            break
        part = part[key]
    part[key] = data.draw(JSON)
    assert all(problem.message for problem in problems_of(document))
