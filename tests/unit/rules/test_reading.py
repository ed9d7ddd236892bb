"""Documents from bytes and back, and where shipped rule sets are."""

import datetime
import json

import pytest

from screening.rules.problems import DocumentError, did_you_mean
from screening.rulesets import load, load_vignettes, read_document, shipped, to_yaml
from tests.spec.document import document


def test_shipped_rule_sets_are_found_by_their_id():
    ruleset = load(shipped("lumbar-miss"))
    assert ruleset.id == "lumbar-miss"
    assert load_vignettes(shipped("lumbar-miss").with_suffix(".vignettes.yaml")).vignettes


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OSError, match="nobody"):
        load(tmp_path / "nobody.yaml")


def test_a_rule_set_in_a_file_is_checked(tmp_path):
    file = tmp_path / "x.json"
    file.write_text(json.dumps({**document(), "default_disposition": "nowhere"}))
    with pytest.raises(DocumentError, match="nowhere"):
        load(file)


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n",
        "{a: b}\n",
        '{"a": "b"}',
        b"\xef\xbb\xbfa: b",
        "\ufeffa: b",
        "# c\n---\na: b\n...\n",
        "'a': \"b\"",
        "a:\r\n  b\r\n",
    ],
)
def test_yaml_and_json_in_every_usual_form(text):
    assert read_document(text) == {"a": "b"}


@pytest.mark.parametrize("word", ["2020-01-01", "2020-01-01T10:00:00Z", "1:30", "'yes'", '"0"', "~", "1e3", "0o7", "é"])
def test_values_are_plain(word):
    (value,) = read_document(f"a: {word}").values()
    assert isinstance(value, str | int | float | None)
    assert not isinstance(value, datetime.date)


def test_a_date_stays_the_text_it_is_written_as():
    assert read_document("a: 2020-01-01") == {"a": "2020-01-01"}


WORDS = [
    "yes",
    "No",
    "null",
    "~",
    "1",
    "1.0",
    "1:30",
    "0x10",
    "2020-01-01",
    "",
    " x ",
    "a: b",
    "#x",
    "- x",
    "é",
    "x\ny\n",
    "'",
    '"',
    "{",
    "\t",
]


def test_written_as_yaml_every_text_stays_a_text():
    data = {"a": WORDS, "b": {word: word for word in WORDS}, "c": [1, 1.5, True, None, []]}
    assert read_document(to_yaml(data)) == data


def test_shared_parts_are_written_out():
    shared = ["x", "y"]
    assert read_document(to_yaml({"a": shared, "b": shared})) == {"a": shared, "b": shared}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("leg_weaknes", "did you mean `leg_weakness`?"), ("fevr", "did you mean `fever`?"), ("bananas", None), ("", None)],
)
def test_did_you_mean(written, meant):
    assert did_you_mean(written, ["leg_weakness", "fever", "foot_drop"]) == meant
