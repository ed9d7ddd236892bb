"""Any cases under any rule set: the SQL statement, run by DuckDB, decides them as `evaluate` does."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given

from screening.interpreters.evaluate import decide
from screening.interpreters.sql import Encoder, Layout, Row, Statement, decide_all, effect, result_rows, statement
from screening.rules.answers import DONT_KNOW, NONE, is_valid
from screening.rules.case import read_case
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from tests.generative.many_cases import rulesets_and_cases, rulesets_with_new_questions, versions_and_cases
from tests.generative.profile import examples
from tests.sql_results import expected, found


@examples(220)
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


@examples(40)
@given(rulesets_with_new_questions())
def test_a_case_that_is_judged_hangs_on_no_question_that_is_new(drawn):
    document, asked, some, others = drawn
    after = read_ruleset(document)
    before = read_ruleset({**document, "rules": [], "definitions": [], "questions": without_show_if(document, asked)})
    layout = Layout.of(before)
    encoder = Encoder(layout, before)
    new = {question["id"] for question in document["questions"]} - asked - {"alarm_withdrawn"}
    made = effect(before, after, layout, open_to=new).sql
    others = [*others, *each_alone(after, new)]
    some = [({key: answer for key, answer in case.items() if key in asked}, seen) for case, seen in some]
    for key in judged(made, layout, [Row(key, encoder.cells(*case)) for key, case in enumerate(some)]):
        answers, seen = some[key]
        as_absent = outcome(absent_unless(document, asked), answers, seen)
        for other in others:
            assert outcome(after, with_new(after, answers, other, new), seen) == as_absent, (answers, other)


def each_alone(ruleset: RuleSet, questions: set[str]) -> Iterator[dict[str, Any]]:
    """Everything that one of the questions may be answered, the others not; of numbers only the ends."""
    for question in map(ruleset.question, sorted(questions)):
        said = [*question.codes, DONT_KNOW, question.min, question.max]
        yield from ({question.id: [one] if question.type == "multiple" else one} for one in said if one is not None)
        if question.type == "multiple":
            yield {question.id: [code for code in question.codes if code != NONE]}


def without_show_if(document: dict[str, Any], asked: set[str]) -> list[dict[str, Any]]:
    """The questions that were asked, under conditions that are of no account here."""
    kept = [question for question in document["questions"] if question["id"] in asked]
    return [{name: value for name, value in question.items() if name != "show_if"} for question in kept]


def judged(sql: str, layout: Layout, rows: list[Row]) -> list[int]:
    made = Statement(sql, {}, {}, {})
    return [row["case_key"] for row in result_rows(made, layout, rows) if not row["not_judged"]]


def with_new(ruleset: RuleSet, answers: dict[str, Any], other: dict[str, Any], new: set[str]) -> dict[str, Any]:
    """The answers and valid ones to the new questions that are shown: nobody answers what is not."""
    valid = {key: other[key] for key in new & other.keys() if is_valid(ruleset.question(key), other[key])}
    while hidden := valid.keys() & set(read_case(ruleset, {**answers, **valid}).pruned):
        valid = {key: answer for key, answer in valid.items() if key not in hidden}
    return {**answers, **valid}


def outcome(ruleset: RuleSet, answers: dict[str, Any], seen: list[str]) -> tuple[str, int, str | None]:
    decided = decide(ruleset, answers, alarms_seen=seen)
    return decided.disposition, decided.contact_within_hours, decided.approach
