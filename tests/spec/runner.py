"""Runs every spec on every interpreter that can run it.

A new interpreter is a small adapter and one line in INTERPRETERS. An adapter takes a rule set and a list of cases (each
a dict of answers, a whole response unless `pending`) and gives a Result for each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from screening.interpreters import evaluate
from screening.interpreters.prove.fixed import Fixed
from screening.interpreters.sql import decide_all
from screening.rules.case import read_case
from screening.rules.ruleset import RuleSet
from tests.spec.document import mapping, one_rule
from tests.sql_results import found

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What an interpreter says of one case."""

    disposition: str
    contact_within_hours: int
    verdicts: Mapping[str, str]
    """each rule's: true, false or unknown"""
    more: Mapping[str, Any] = field(default_factory=dict)
    """other parts of the outcome by their names, lists as lists; of parts that are not here nothing is asked"""


@dataclass(frozen=True)
class Interpreter:
    name: str
    decide: Callable[..., Sequence[Result]]
    """(rule set, list of cases, pending=False)"""
    reads_pending: bool = True
    gives: frozenset[str] | None = None
    """the other parts of the outcome it gives; None for all. Specs about none of its parts are left out for it"""

    def can_run(self, spec: "Spec") -> bool:
        parts = ALWAYS_GIVEN | (self.gives if self.gives is not None else set(spec.expect))
        return bool(parts & set(spec.expect)) and (self.reads_pending or not spec.pending)


ALWAYS_GIVEN = frozenset({"disposition", "contact_within_hours", "verdicts"})


def reference(ruleset: RuleSet, cases: Sequence[Answers], pending: bool = False) -> list[Result]:
    return [_reference_result(ruleset, answers, pending) for answers in cases]


def _reference_result(ruleset: RuleSet, answers: Answers, pending: bool) -> Result:
    if pending:
        outcome = evaluate.evaluate(ruleset, read_case(ruleset, answers, pending=True))
    else:
        outcome = evaluate.decide(ruleset, answers)
    data = outcome.to_data()
    return Result(data.pop("disposition"), data.pop("contact_within_hours"), data.pop("verdicts"), data)


def proof(ruleset: RuleSet, cases: Sequence[Answers], pending: bool = False) -> list[Result]:
    """What the proofs are made of, read at one case each. Which alarms count as withdrawn is an answer like others."""
    fixed = Fixed(ruleset)
    return [_proof_result(fixed, _withdrawn_found(ruleset, answers)) for answers in cases]


def _withdrawn_found(ruleset: RuleSet, answers: Answers) -> Answers:
    answers = evaluate.without_denial(answers)
    outcome = evaluate.evaluate(ruleset, read_case(ruleset, answers))
    asks = any(question.id == evaluate.WITHDRAWN for question in ruleset.questions)
    found = asks and evaluate.withdrawn_alarms(ruleset, answers, outcome)
    return {**answers, evaluate.WITHDRAWN: "yes"} if found else answers


def _proof_result(fixed: Fixed, answers: Answers) -> Result:
    read = fixed.read(answers)
    if None in (read.disposition, read.contact_within_hours, *read.verdicts.values()):
        pytest.skip("exact arithmetic cannot tell what doubles give")
    more = {"supports": list(read.supports), "rules_out": list(read.rules_out), "approach": read.approach}
    return Result(read.disposition, read.contact_within_hours, read.verdicts, more)


def statement(ruleset: RuleSet, cases: Sequence[Answers], pending: bool = False) -> list[Result]:
    """The SQL statement, run by DuckDB."""
    made, found_rows = decide_all(ruleset, cases)
    return [_statement_result(found(made, row)) for row in found_rows]


def _statement_result(data: dict[str, Any]) -> Result:
    return Result(data.pop("disposition"), data.pop("contact_within_hours"), data.pop("verdicts"), data)


INTERPRETERS = [
    Interpreter("evaluate", reference),
    Interpreter("prove at a fixed case", proof, False, frozenset({"supports", "rules_out", "approach"})),
    Interpreter("sql on duckdb", statement, False, frozenset({"supports", "rules_out", "approach"})),
]


@dataclass(frozen=True)
class Spec:
    """One row: what language.md says, and a case that shows it."""

    says: str
    ruleset: RuleSet
    answers: Answers
    expect: Mapping[str, Any]
    """parts of the outcome by name; `verdicts` may name only some rules"""
    pending: bool = False
    shows: str = ""
    """the row's own words, to tell rows of one sentence apart"""

    def __str__(self) -> str:
        return f"{self.says} ({self.shows})" if self.shows else self.says

    def unmet(self, result: Result) -> dict[str, Any]:
        """What came out otherwise: name → (expected, got)."""
        got = {"disposition": result.disposition, "contact_within_hours": result.contact_within_hours, **result.more}
        expected = {name: value for name, value in self.expect.items() if name != "verdicts"}
        for rule, verdict in self.expect.get("verdicts", {}).items():
            expected[rule], got[rule] = verdict, result.verdicts[rule]
        return {name: (value, got[name]) for name, value in expected.items() if name in got and got[name] != value}


def every_interpreter(specs: Iterable[Spec]) -> Callable[[Any], Any]:
    """Parametrizes a test with `interpreter` and `spec`: each spec on each interpreter that can run it."""
    pairs = [
        pytest.param(interpreter, spec, id=f"{interpreter.name}: {spec}")
        for spec in specs
        for interpreter in INTERPRETERS
        if interpreter.can_run(spec)
    ]
    return pytest.mark.parametrize(("interpreter", "spec"), pairs)


def run(interpreter: Interpreter, spec: Spec) -> None:
    """Assert that the interpreter agrees with the spec."""
    (result,) = interpreter.decide(spec.ruleset, [spec.answers], pending=spec.pending)
    assert not spec.unmet(result), f"{spec.says}: {spec.unmet(result)}"


# -- tables


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of a table in text, by their column heads. An empty first cell repeats the one above."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip(" -|")]
    heads, above = lines[0], ""
    for cells in lines[1:]:
        assert len(cells) == len(heads), f"{len(heads)} cells wanted: {cells}"
        above = cells[0] = cells[0] or above
        yield dict(zip(heads, cells, strict=True))


def expressions(table: str, *, pending: bool = False) -> list[Spec]:
    """Specs from a table with the columns says, expression, answers, verdict."""
    return [
        expression(row["says"], row["expression"], mapping(row["answers"]), row["verdict"], pending=pending)
        for row in rows(table)
    ]


def expression(says: str, text: str, answers: Answers, verdict: str, *, pending: bool = False) -> Spec:
    """A spec about the verdict of one alarm rule.

    Unknown has a person clarify; pending, which an intake alone has, is unknown to everybody and has nobody clarify.
    """
    assert verdict in ("true", "false", "unknown", "pending"), verdict
    expect: dict[str, Any] = {"verdicts": {"R": "unknown" if verdict == "pending" else verdict}}
    if pending:
        dispositions = {"true": "now", "false": "rest", "unknown": "ask", "pending": "rest"}
        expect["disposition"] = dispositions[verdict]
    shows = f"{text} with {answers or 'no answers'} is {verdict}"
    return Spec(says, one_rule(text), answers, expect, pending, shows)


def outcomes(ruleset: RuleSet, table: str, *, pending: bool = False) -> list[Spec]:
    """Specs from a table with the columns says, answers, expect."""
    return [
        Spec(row["says"], ruleset, mapping(row["answers"]), _expected(row["expect"]), pending, row["answers"])
        for row in rows(table)
    ]


def _expected(cell: str) -> dict[str, Any]:
    """`verdicts` may be given as the names of single rules in capitals: `R1: true`."""
    named = {key: _word(value) if key == key.upper() else value for key, value in mapping(cell).items()}
    verdicts = {key: value for key, value in named.items() if key == key.upper()}
    others = {key: value for key, value in named.items() if key not in verdicts}
    return {**others, "verdicts": verdicts} if verdicts else others


def _word(value: Any) -> Any:
    return {True: "true", False: "false"}.get(value, value)
