"""Section 3: the tables of and, or and not, read from the page's own text; and how pending combines."""

import itertools

from tests.spec.runner import every_interpreter, expression, run

TABLE = """
| a | b | a and b | a or b | not a |
|---|---|---|---|---|
| T | T | T | T | F |
| T | F | F | T | F |
| T | U | U | T | F |
| F | T | F | T | T |
| F | F | F | F | T |
| F | U | F | U | T |
| U | T | U | T | U |
| U | F | F | U | U |
| U | U | U | U | U |
"""

WITH_PENDING = """
| a | b | a and b | a or b | not a |
|---|---|---|---|---|
| P | P | P | P | P |
| P | T | P | T | P |
| P | F | F | P | P |
| P | U | P | P | P |
| T | P | P | T | F |
| F | P | F | P | T |
| U | P | P | P | U |
"""

WORDS = {"T": "true", "F": "false", "U": "unknown", "P": "pending"}
ANSWERS = {"T": "yes", "F": "no", "U": "dont_know", "P": None}
OPERATIONS = {"a and b": "a and b", "a or b": "a or b", "not a": "not (a)"}


def _rows(table):
    heads, _, *lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    return [dict(zip(heads, line, strict=True)) for line in lines]


def _specs(table, *, pending):
    for row, (operation, written) in itertools.product(_rows(table), OPERATIONS.items()):
        text = (
            written.replace("a ", "smoker = 'yes' ").replace("(a)", "(smoker = 'yes')").replace(" b", " fever = 'yes'")
        )
        answers = {"smoker": ANSWERS[row["a"]], "fever": ANSWERS[row["b"]]}
        says = f"a is {row['a']}, b is {row['b']}: {operation} is {row[operation]}"
        yield expression(says, text, answers, WORDS[row[operation]], pending=pending)


def _of_three(operator, table):
    """Three parts are two after each other, in any order."""
    results = {(row["a"], row["b"]): row[f"a {operator} b"] for row in _rows(table)}
    for a, b, c in itertools.product("TFU", repeat=3):
        text = f"smoker = 'yes' {operator} fever = 'yes' {operator} gate = 'yes'"
        answers = {"smoker": ANSWERS[a], "fever": ANSWERS[b], "gate": ANSWERS[c]}
        result = results[results[a, b], c]
        yield expression(f"{a} {operator} {b} {operator} {c} is {result}", text, answers, WORDS[result])


@every_interpreter(_specs(TABLE, pending=False))
def test_every_row(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(_specs(TABLE, pending=True))
def test_every_row_while_an_intake_runs(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(_specs(WITH_PENDING, pending=True))
def test_pending_is_an_unknown_that_may_still_change(interpreter, spec):
    run(interpreter, spec)


@every_interpreter([*_of_three("and", TABLE), *_of_three("or", TABLE)])
def test_three_parts(interpreter, spec):
    run(interpreter, spec)


def test_the_tables_are_whole():
    assert {(row["a"], row["b"]) for row in _rows(TABLE)} == set(itertools.product("TFU", repeat=2))
    pairs = {(row["a"], row["b"]) for row in _rows(WITH_PENDING)}
    assert pairs == {pair for pair in itertools.product("TFUP", repeat=2) if "P" in pair}
