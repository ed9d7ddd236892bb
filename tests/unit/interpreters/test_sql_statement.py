"""The text of the statement: one, as long as its rule set, without words of anybody, in each dialect."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from screening.interpreters.sql import Layout, decide_all, effect, statement
from screening.rules.check import read_ruleset
from screening.rulesets import load, load_vignettes, shipped
from tests.spec.document import document, ruleset
from tests.sql_results import expected, found

ROOT = Path(__file__).parents[3]
LUMBAR = load(shipped("lumbar-miss"))


def test_every_vignette_comes_out_as_evaluate_decides_it():
    vignettes = load_vignettes(shipped("lumbar-miss.vignettes"))
    cases = [vignettes.answers(vignette) for vignette in vignettes.vignettes]
    made, rows = decide_all(LUMBAR, cases)
    for case, row in zip(cases, rows, strict=True):
        assert found(made, row) == expected(LUMBAR, case)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_each_dialect_is_one_select_that_can_be_read_back(dialect):
    texts = [statement(LUMBAR, dialect).sql, effect(LUMBAR, LUMBAR, Layout.of(LUMBAR), dialect=dialect).sql]
    for text in texts:
        (read,) = sqlglot.parse(text, read=dialect)
        assert isinstance(read, sqlglot.exp.Select)
        assert not list(read.find_all(sqlglot.exp.Command))


def test_spark_is_read_back_as_the_same_statement():
    text = statement(LUMBAR).sql
    written = sqlglot.parse_one(statement(LUMBAR, "spark").sql, read="spark").sql("duckdb", normalize=True)
    # what Spark writes otherwise: integers have no literal of their own kind, and doubles no exponent
    assert written.count(" AND ") == sqlglot.parse_one(text, read="duckdb").sql("duckdb").count(" AND ")
    assert written.count("CASE") == text.count("CASE")


def doubling(depth: int) -> Any:
    """Each definition mentions the one before twice."""
    definitions = [{"id": "d0", "title": "t", "is": "smoker = 'yes'"}]
    definitions += [
        {
            "id": f"d{place}",
            "title": "t",
            "is": f"(d{place - 1} and pain > {place % 10}) or (not d{place - 1} and age > {place})",
        }
        for place in range(1, depth)
    ]
    rules = [{"id": "R", "title": "t", "when": f"d{depth - 1}", "disposition": "now"}]
    return read_ruleset({**document(), "definitions": definitions, "rules": rules})


def test_the_statement_grows_with_the_rule_set_and_no_faster():
    short, long = (len(statement(doubling(depth), in_full=False).sql) for depth in (12, 48))
    assert long < 6 * short


def test_a_long_chain_of_definitions_runs():
    chain = doubling(49)
    cases = [{"smoker": smoker, "pain": 5, "age": age} for smoker in ("yes", "no") for age in (1, 30, 90)]
    made, rows = decide_all(chain, cases)
    for case, row in zip(cases, rows, strict=True):
        assert found(made, row) == expected(chain, case)


def test_no_answer_and_no_words_stand_in_the_statement():
    text = statement(LUMBAR).sql
    quoted = set(text.split("'")[1::2])
    assert quoted <= {each.id for each in LUMBAR.dispositions} | {"traditional", "minimally_invasive"}


def test_ids_that_a_database_would_take_for_words_of_its_own_or_for_each_other():
    odd = ruleset("""
questions:
- {id: select, section: all, audience: patient, type: yes_no, text: t}
- {id: case_key, section: all, audience: patient, type: yes_no, text: t}
- {id: from, section: all, audience: patient, type: number, min: 0, max: 9, text: t, show_if: select = 'yes'}
definitions:
- {id: layer_1, title: t, is: from > 3}
rules:
- {id: Same, title: t, when: layer_1, disposition: now}
- {id: same, title: t, when: case_key = 'yes', disposition: soon}
- {id: SAME, title: t, when: select = 'no', supports: [p1]}
""")
    cases = [{"select": "yes", "from": 4}, {"case_key": "yes", "select": "no"}, {}]
    made, rows = decide_all(odd, cases)
    assert [found(made, row) for row in rows] == [expected(odd, case) for case in cases]


def test_many_choices_and_many_alarms():
    codes = [f"c{place}" for place in range(130)]
    data = document()
    listed = [{"value": code, "label": code} for code in codes]
    data["questions"] += [
        {"id": kind, "section": "all", "audience": "patient", "type": kind, "text": "t", "choices": listed}
        for kind in ("single", "multiple")
    ] + [{"id": "alarm_withdrawn", "section": "all", "audience": "system", "type": "yes_no", "text": "t"}]
    data["rules"] = [
        {
            "id": f"R{code}",
            "title": "t",
            "when": f"single = '{code}' or multiple contains '{code}'",
            "clarify_within_hours": 9,
        }
        for code in codes
    ] + [{"id": "W", "title": "t", "when": "alarm_withdrawn = 'yes'", "disposition": "soon"}]
    large = read_ruleset(data)
    cases = [
        ({"single": "c3", "multiple": ["c60", "c129"]}, ["Rc3"]),
        ({"single": "c129", "multiple": ["c2", "mauve"]}, ["Rc100"]),
        ({"single": "c61"}, []),
    ]
    made, rows = decide_all(large, [case for case, _ in cases], alarms_seen=[seen for _, seen in cases])
    for (case, seen), row in zip(cases, rows, strict=True):
        assert found(made, row) == expected(large, case, seen)


def test_the_shortest_statement():
    bare = {**document(), "questions": [], "rules": []}
    made, rows = decide_all(read_ruleset(bare), [{}, {"anything": 1}])
    assert [(row["disposition"], row["contact_within_hours"]) for row in rows] == [("rest", 900)] * 2
    assert made.verdicts == {}


MAKE = "from tests.spec.document import ruleset; from screening.interpreters.sql import statement, decide_all; "


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("import screening.interpreters.sql.store", set()),
        (MAKE + "statement(ruleset())", set()),
        (MAKE + "statement(ruleset(), 'postgres')", {"sqlglot"}),
        (MAKE + "decide_all(ruleset(), [{}])", {"duckdb"}),
    ],
)
def test_heavy_libraries_are_loaded_when_they_are_needed(code, loaded):
    run = f"import sys; sys.path.insert(0, '.'); {code}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", run], cwd=ROOT, capture_output=True, text=True, check=True)
    names = {name.partition(".")[0] for name in done.stdout.split()}
    assert names & {"duckdb", "sqlglot", "django"} == loaded
