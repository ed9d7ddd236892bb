"""Any cases under any rule set: the SQL statement, run by DuckDB, decides them as `evaluate` does."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from screening.interpreters.sql import Encoder, Layout, Row, decide_all, result_rows, statement
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from tests.generative.profile import examples
from tests.generative.rulesets import cases, documents
from tests.sql_results import expected, found

Case = tuple[dict[str, Any], list[str]]


@st.composite
def cases_of(draw: Any, document: dict[str, Any]) -> list[Case]:
    """Thirty cases: eight drawn and more that mix their answers; for each also the alarms that were seen."""
    drawn = draw(st.lists(cases(document), min_size=8, max_size=8))
    random = draw(st.randoms(use_true_random=False))
    alarms = [rule["id"] for rule in document["rules"]] + ["gone"]
    return [(case, random.choices(alarms, k=random.choice((0, 0, 1)))) for case in [*drawn, *mixed(drawn, random)]]


def mixed(drawn: list[dict[str, Any]], random: Random) -> list[dict[str, Any]]:
    keys = sorted({key for case in drawn for key in case})
    whole = [{key: random.choice(drawn).get(key) for key in keys} for _ in range(22)]
    return [{key: answer for key, answer in case.items() if answer is not None} for case in whole]


@st.composite
def rulesets_and_cases(draw: Any) -> tuple[RuleSet, list[Case]]:
    document = draw(documents())
    return read_ruleset(document), draw(cases_of(document))


@st.composite
def versions_and_cases(draw: Any) -> tuple[dict[str, Any], dict[str, Any], list[Case]]:
    """Two rule sets that share names and little else, and cases of the first."""
    first, second = draw(documents()), draw(documents())
    return first, second, draw(cases_of(first))


@examples(70)
@given(rulesets_and_cases())
def test_the_statement_decides_as_evaluate_does(drawn):
    ruleset, some = drawn
    made, rows = decide_all(ruleset, [case for case, _ in some], alarms_seen=[seen for _, seen in some])
    for case, row in zip(some, rows, strict=True):
        assert found(made, row) == expected(ruleset, *case), case


@examples(25)
@given(versions_and_cases())
def test_stored_cases_are_read_as_another_version_reads_them(drawn):
    first, second, some = drawn
    layout = Layout.of(read_ruleset(first), read_ruleset(second))
    encoder = Encoder(layout, read_ruleset(first))
    made = statement(read_ruleset(second), layout=layout)
    rows = result_rows(made, layout, [Row(key, encoder.cells(*case)) for key, case in enumerate(some)])
    asked = {question["id"] for question in first["questions"]}
    for (answers, seen), row in zip(some, rows, strict=True):
        answers = {key: answer for key, answer in answers.items() if key in asked}
        assert found(made, row) == expected(absent_unless(second, asked), answers, seen), (answers, seen)


def absent_unless(document: dict[str, Any], asked: set[str]) -> RuleSet:
    """The rule set, but a question that was not asked is absent rather than unknown."""
    questions = [each if each["id"] in asked else {**each, "optional": True} for each in document["questions"]]
    return read_ruleset({**document, "questions": questions})
