"""The columnar store: added to, erased from, widened; and what is not in it."""

import os
from random import Random

import pytest

from screening.interpreters.sql import Encoder, Layout, Row, statement, store
from screening.rules.check import read_ruleset
from tests.generative.bulk import answers
from tests.spec.document import document, ruleset
from tests.sql_results import expected, found

FIRST = ruleset("""
rules:
- {id: FEVER, title: t, when: fever = 'yes', disposition: soon, clarify_within_hours: 24}
- {id: PAIN, title: t, when: pain > 3 and not (places contains 'arm'), disposition: later}
""")
LAYOUT = Layout.of(FIRST)
CASES = answers(FIRST, Random(2), 50)


def rows(cases=CASES, first=0):
    encoder = Encoder(LAYOUT, FIRST)
    return [Row(key, encoder.cells(case), (7,)) for key, case in enumerate(cases, first)]


@pytest.fixture
def filled(tmp_path):
    return store.append(store.create(tmp_path / "site", LAYOUT, ["version"]), rows())


def keys(kept):
    return {row["case_key"] for row in store.query(kept, f'SELECT "case_key" FROM {kept.cases}')}


def test_cases_come_out_as_they_went_in(filled):
    made = statement(FIRST, layout=filled.layout, cases=filled.cases)
    decided = store.query(filled, made.sql)
    assert len(decided) == len(filled) == len(CASES)
    for row in decided:
        assert found(made, row) == expected(FIRST, CASES[row["case_key"]])


def test_labels_are_kept(filled):
    assert {row["version"] for row in store.query(filled, f"SELECT version FROM {filled.cases}")} == {7}


def test_a_store_is_what_its_folder_says(filled):
    assert store.opened(filled.path) == filled
    with pytest.raises(FileExistsError):
        store.create(filled.path, LAYOUT)
    with pytest.raises(FileNotFoundError):
        store.opened(filled.path / "nowhere")


def test_an_empty_store_can_be_asked(tmp_path):
    empty = store.create(tmp_path, LAYOUT)
    assert store.query(empty, statement(FIRST, layout=LAYOUT, cases=empty.cases).sql) == []
    assert len(store.append(empty, [])) == 0


def test_more_can_be_added(filled):
    more = store.append(filled, rows(first=50))
    assert keys(more) == set(range(100))
    assert len(more) == 100


def test_what_is_erased_is_in_no_file(filled):
    before = set(os.listdir(filled.path))
    fewer = store.delete(filled, {3, 4, 999})
    assert keys(fewer) == set(range(50)) - {3, 4}
    assert len(fewer) == 48
    kept = set(os.listdir(filled.path)) - {"about.json"}
    assert kept == set(fewer.parts)
    assert kept.isdisjoint(before)
    assert store.delete(fewer, []) == fewer
    assert keys(store.delete(fewer, range(50))) == set()


def test_small_files_become_one(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MANY", 3)
    kept = store.create(tmp_path, LAYOUT, ["version"])
    for place in range(5):
        kept = store.append(kept, rows(CASES[:2], first=place * 2))
    assert len(kept.parts) <= 3
    assert keys(kept) == set(range(10))
    assert len(os.listdir(tmp_path)) == len(kept.parts) + 1


def test_many_cases_are_written_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "CHUNK", 20)
    kept = store.append(store.create(tmp_path, LAYOUT, ["version"]), iter(rows()))
    assert sorted(kept.parts.values()) == [10, 20, 20]
    assert keys(kept) == set(range(50))


def test_a_new_version_makes_room(filled):
    data = document()
    data["questions"][:0] = [
        {"id": "newer", "section": "all", "audience": "patient", "type": "yes_no", "text": "t", "optional": True}
    ]
    when = "fever = 'yes' and not (newer = 'yes')"
    data["rules"] = [{"id": "NEWER", "title": "t", "when": when, "disposition": "now"}]
    second = read_ruleset(data)
    wider = store.extended(filled, filled.layout.extended(second))
    assert store.opened(filled.path) == wider
    made = statement(second, layout=wider.layout, cases=wider.cases)
    for row in store.query(wider, made.sql):
        assert found(made, row) == expected(second, CASES[row["case_key"]])


def test_what_a_crash_left_behind_is_swept_up(filled):
    (filled.path / "cases-0000.parquet").write_bytes(b"half")
    assert keys(filled) == set(range(50))
    store.append(filled, rows(first=50))
    assert not (filled.path / "cases-0000.parquet").exists()


def test_nothing_that_was_written_or_dated_is_in_the_files(tmp_path):
    told = {"remark": "a secret", "born": "1961-03-04", "pain": 3, "name": "Maria Quintana"}
    kept = store.append(store.create(tmp_path, LAYOUT), [Row(store.new_key(), Encoder(LAYOUT, FIRST).cells(told))])
    assert {kind for _, kind in LAYOUT.sql()} <= {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE"}
    (row,) = store.query(kept, f"SELECT * FROM {kept.cases}")
    assert all(isinstance(value, int | float) for value in row.values())
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in ("secret", "1961", "Maria", "Quintana"):
        assert word.encode() not in written


def test_only_this_account_can_read_it(filled):
    assert filled.path.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in filled.path.iterdir())


def test_keys_tell_nothing():
    made = {store.new_key() for _ in range(1000)}
    assert len(made) == 1000
    assert all(0 <= key < 2**63 for key in made)
