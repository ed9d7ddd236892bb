"""How answers stand in columns: what each bit says, and that a layout grows without moving anything."""

import json
from typing import Any

import pytest

from screening.interpreters.sql import Encoder, Layout
from screening.interpreters.sql.columns import free_name
from tests.spec.document import ruleset

MANY = [f"c{number}" for number in range(150)]


def with_question(**fields: Any) -> Any:
    question = {"id": "extra", "section": "all", "audience": "patient", "text": "t", **fields}
    return ruleset(json.dumps({"questions": [question]}))


def choices(*codes: str) -> list[dict[str, str]]:
    return [{"value": code, "label": code} for code in codes]


def stored(layout: Layout, encoder: Encoder, answers: dict[str, Any], alarms: tuple[str, ...] = ()) -> dict[str, Any]:
    """A case's columns by name."""
    cells = encoder.cells(answers, alarms)
    assert alarms or encoder.cells_of(json.dumps(answers)) == cells
    values = cells.split(",")
    names = [name for name, _ in layout.sql()]
    assert len(values) == len(names)
    return dict(zip(names, map(json.loads, values), strict=True))


SMALL = ruleset()
LAYOUT = Layout.of(SMALL)
ENCODER = Encoder(LAYOUT, SMALL)


@pytest.mark.parametrize(
    ("answers", "columns"),
    [
        ({}, {"q_colour": 4, "q_pain": 4, "n_pain": 0, "q_places": 4}),
        ({"colour": "red"}, {"q_colour": 8}),
        ({"colour": "blue"}, {"q_colour": 32}),
        ({"colour": "dont_know"}, {"q_colour": 1}),
        ({"colour": "mauve"}, {"q_colour": 2}),
        ({"colour": ["red"]}, {"q_colour": 2}),
        ({"colour": True}, {"q_colour": 2}),
        ({"colour": None}, {"q_colour": 4}),
        ({"smoker": "no"}, {"q_smoker": 16}),
        ({"places": ["arm", "back"]}, {"q_places": 8 + 32}),
        ({"places": ["arm", "dont_know"]}, {"q_places": 8 + 1}),
        ({"places": "dont_know"}, {"q_places": 1}),
        ({"places": ["arm", "foot"]}, {"q_places": 8 + 2}),
        ({"places": ["arm", "arm"]}, {"q_places": 8 + 2}),
        ({"places": ["none"]}, {"q_places": 64}),
        ({"places": ["none", "arm"]}, {"q_places": 8 + 2}),
        ({"places": [["arm"]]}, {"q_places": 2}),
        ({"places": []}, {"q_places": 4}),
        ({"pain": 2.5}, {"q_pain": 8, "n_pain": 25}),
        ({"pain": 0.25}, {"q_pain": 8, "n_pain": 2}),
        ({"pain": 11}, {"q_pain": 2, "n_pain": 0}),
        ({"pain": True}, {"q_pain": 2, "n_pain": 0}),
        ({"pain": "dont_know"}, {"q_pain": 1, "n_pain": 0}),
        ({"balance": -2.5}, {"q_balance": 8, "n_balance": -250}),
        ({"free": 1e15}, {"q_free": 8, "n_free": 1e15}),
        ({"free": float("nan")}, {"q_free": 2}),
    ],
)
def test_an_answer_in_columns(answers, columns):
    found = stored(LAYOUT, ENCODER, answers)
    assert {name: found[name] for name in columns} == columns


@pytest.mark.parametrize("first", [1, True])
def test_true_is_not_one(first):
    encoder = Encoder(LAYOUT, SMALL)
    encoder.cells_of(json.dumps({"pain": first}))
    assert stored(LAYOUT, encoder, {"pain": 1})["q_pain"] == 8
    assert stored(LAYOUT, encoder, {"pain": True})["q_pain"] == 2


def test_of_texts_and_dates_nothing_is_stored_but_that_they_cannot_be_used():
    said = {"remark": "0123456789", "born": "2001-02-03"}
    assert {stored(LAYOUT, ENCODER, said)[name] for name in ("q_remark", "q_born")} == {0}
    wrong = stored(LAYOUT, ENCODER, {"remark": "far too long for this", "born": "3 May"})
    assert (wrong["q_remark"], wrong["q_born"]) == (2, 2)
    assert [name for name, _ in LAYOUT.sql() if name.endswith(("remark", "born"))] == ["q_born", "q_remark"]


def test_what_was_answered_first_is_not_what_is_looked_up_for_another_question():
    found = stored(LAYOUT, ENCODER, {"colour": "red", "mood": "good", "smoker": "red"})
    assert (found["q_colour"], found["q_mood"], found["q_smoker"]) == (8, 8, 2)


def test_a_question_that_was_not_asked_is_told_from_one_not_answered():
    newer = with_question(type="yes_no")
    layout = Layout.of(SMALL, newer)
    assert stored(layout, Encoder(layout, SMALL), {"extra": "yes"})["q_extra"] == 0
    assert stored(layout, Encoder(layout, newer), {})["q_extra"] == 4


def test_a_no_to_withdrawn_alarms_is_no_answer():
    declared = with_question(type="yes_no")
    data = declared.document()
    data["questions"][-1] |= {"id": "alarm_withdrawn", "audience": "system"}
    declared = ruleset(json.dumps({"questions": [data["questions"][-1]]}))
    layout = Layout.of(declared)
    assert stored(layout, Encoder(layout, declared), {"alarm_withdrawn": "no"})["q_alarm_withdrawn"] == 4
    assert stored(layout, Encoder(layout, declared), {"alarm_withdrawn": "yes"})["q_alarm_withdrawn"] == 8


def test_a_layout_grows_and_nothing_moves():
    older = with_question(type="single", choices=choices("a", "b"))
    newer = with_question(type="single", choices=choices("c", "b"))
    grown = Layout.of(older).extended(newer)
    assert stored(grown, Encoder(grown, older), {"extra": "b"})["q_extra"] == 16
    assert stored(grown, Encoder(grown, newer), {"extra": "c"})["q_extra"] == 32
    assert grown == Layout.of(older, newer)
    assert grown.extended(older) == grown
    assert grown.lacks(newer) == ()


def test_a_question_that_is_read_otherwise_has_a_column_of_its_own():
    older, newer = with_question(type="number", min=0, max=10), with_question(type="number", min=0, max=100)
    asked_otherwise = with_question(type="single", choices=choices("a"))
    assert Layout.of(older).lacks(newer) == ("extra",)
    assert Layout.of(older).lacks(asked_otherwise) == ("extra",)
    assert Layout.of(SMALL).lacks(newer) == ()
    layout = Layout.of(older, newer, asked_otherwise)
    names = [name for name, _ in layout.sql() if "extra" in name]
    assert names == ["q_extra", "n_extra", "q_extra_2", "n_extra_2", "q_extra_3"]
    found = stored(layout, Encoder(layout, older), {"extra": 50})
    assert (found["q_extra"], found["q_extra_2"], found["n_extra_2"], found["q_extra_3"]) == (2, 8, 500, 2)


def test_columns_are_as_narrow_as_can_be():
    types = dict(LAYOUT.sql())
    assert (types["q_smoker"], types["q_places"], types["n_pain"], types["n_age"]) == ("TINYINT",) * 4
    assert (types["n_balance"], types["n_height_cm"], types["n_free"]) == ("SMALLINT", "SMALLINT", "DOUBLE")
    wide = dict(Layout.of(with_question(type="single", choices=choices(*MANY[:20]))).sql())
    assert wide["q_extra"] == "INTEGER"


def test_more_choices_than_a_word_has_bits():
    large = with_question(type="multiple", choices=choices(*MANY))
    layout = Layout.of(large)
    found = stored(layout, Encoder(layout, large), {"extra": ["c0", "c58", "c59", "c149", "mauve"]})
    assert found["q_extra"] == 2 + 8 + 2**61
    assert found["q_extra_2"] == 8
    assert found["q_extra_3"] == 2 ** (3 + 149 - 118)
    assert [kind for name, kind in layout.sql() if "extra" in name] == ["BIGINT", "BIGINT", "BIGINT"]


def test_alarms_that_were_seen():
    rules = [{"id": name, "title": "t", "when": "true", "clarify_within_hours": 1} for name in MANY]
    large = ruleset(json.dumps({"rules": rules}))
    layout = Layout.of(large)
    found = stored(layout, Encoder(layout, large), {}, ("c1", "c1", "c60", "gone"))
    assert (found["alarms_seen"], found["q_alarms_seen"]) == (16, 16)


def test_a_layout_as_json():
    layout = Layout.of(with_question(type="multiple", choices=choices(*MANY)), SMALL)
    assert Layout.from_document(json.loads(json.dumps(layout.document()))) == layout


def test_names_that_no_database_takes_for_another():
    taken = {"e01"}
    assert [free_name(name, taken) for name in ("E01", "e01", "E02")] == ["E01_2", "e01_3", "E02"]
    long = [free_name("x" * 60 + end, taken) for end in "ab"]
    assert len(set(long)) == 2
    assert max(map(len, long)) < 63
