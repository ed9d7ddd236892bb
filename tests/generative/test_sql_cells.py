"""Answers known by their JSON stand in the same cells as answers that are read."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.interpreters.sql import Encoder, Layout, encode
from screening.rules.check import read_ruleset
from tests.clinical import shipped
from tests.generative.bulk import answers
from tests.generative.many_cases import versions_and_cases
from tests.generative.profile import examples
from tests.generative.rulesets import WITHDRAWN

Case = dict[str, Any]

TEXTS = st.text(st.sampled_from('a", \\:{}[]é\u2028😀\x00\n') | st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = (
    st.sampled_from([None, True, False, 1, 1.0, "1", "true", "none", "dont_know", "a", "yes", "no", 10**400, 1e300])
    | st.integers()
    | st.floats()
    | TEXTS
)
VALUES = st.recursive(
    LEAVES, lambda value: st.lists(value, max_size=4) | st.dictionaries(TEXTS, value, max_size=3), max_leaves=8
)


def written(case: Case) -> Iterator[str]:
    """A case in JSON as both databases keep it, and as they do not."""
    yield json.dumps(case)
    yield json.dumps(case, ensure_ascii=False)
    yield json.dumps(case, separators=(",", ":"))
    yield json.dumps(case, indent=1)


def alike(encoder: Encoder, read: Encoder, case: Case) -> None:
    for text in written(case):
        assert encoder.cells_of(text) == read.cells(json.loads(text)), text


@examples(60)
@given(versions_and_cases(), st.data())
def test_what_is_known_is_what_is_read(drawn: Any, data: st.DataObject):
    first, second = (read_ruleset(document) for document in drawn[:2])
    layout = Layout.of(first, second)
    ids = [question.id for question in (*first.questions, *second.questions)]
    strange = st.dictionaries(st.sampled_from([*ids, WITHDRAWN["id"]]) | TEXTS, VALUES, max_size=5)
    some = [case for case, _ in drawn[2]] + data.draw(st.lists(strange, min_size=8, max_size=8))
    for version in (first, second):
        encoder = Encoder(layout, version)
        for case in some:
            alike(encoder, Encoder(layout, version), case)


@examples(20)
@given(versions_and_cases())
def test_a_key_that_comes_twice_counts_as_it_came_last(drawn: Any):
    ruleset = read_ruleset(drawn[0])
    encoder = Encoder(Layout.of(ruleset), ruleset)
    for (one, _), (other, _) in zip(drawn[2], drawn[2][1:], strict=False):
        text = f"{json.dumps(one)[:-1]}, {json.dumps(other)[1:]}" if one and other else "{}"
        assert encoder.cells_of(text) == encoder.cells(json.loads(text))


@pytest.mark.parametrize(("kept", "longest"), [(0, 1_000), (2, 1_000), (50_000, 20), (50_000, 0)])
def test_what_is_not_kept_is_read_again(kept: int, longest: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(encode, "_KEPT", kept)
    monkeypatch.setattr(encode, "_LONGEST", longest)
    ruleset = shipped.ruleset("lumbar-miss")
    encoder = Encoder(Layout.of(ruleset), ruleset)
    for case in answers(ruleset, Random(3), 40):
        assert encoder.cells_of(json.dumps(case)) == encoder.cells(case)
