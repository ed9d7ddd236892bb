"""The statements: a rule set over a table of cases, and two of them side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import KEY, Layout, free_name
from screening.interpreters.sql.deciding import approaches, decided, procedures
from screening.interpreters.sql.layers import Layers
from screening.rules.ruleset import RuleSet

Dialect = Literal["duckdb", "postgres", "spark"]
DISPOSITION, HOURS, APPROACH = "disposition", "contact_within_hours", "approach"
CASES = '"cases"'


@dataclass(frozen=True)
class Statement:
    """A SELECT with one row a case: its key, `disposition`, `contact_within_hours`, and a column for each part."""

    sql: str
    verdicts: Mapping[str, str]
    """rule id → its column: true, false, or NULL for unknown"""
    supports: Mapping[str, str]
    """procedure id → its column: whether it is supported"""
    rules_out: Mapping[str, str]


def statement(
    ruleset: RuleSet,
    dialect: Dialect = "duckdb",
    *,
    layout: Layout | None = None,
    cases: str = CASES,
    in_full: bool = True,
) -> Statement:
    """The statement that decides every case of a table (`cases`: its SQL) whose columns are those of the layout.

    With `in_full` also each rule's verdict, the approach, and what is supported and ruled out.
    """
    circuit = Circuit()
    outcome = decided(circuit, ruleset, layout or Layout.of(ruleset))
    columns = {
        DISPOSITION: first_true(circuit, outcome.dispositions.items()),
        HOURS: first_true(circuit, outcome.hours.items()),
    }
    verdicts, supports, rules_out = {}, {}, {}
    if in_full:
        columns[APPROACH] = first_true(circuit, [*approaches(circuit, outcome).items(), (None, Circuit.TRUE)])
        for rule, verdict in outcome.verdicts.items():
            three = circuit.gate("CASE WHEN {} THEN TRUE WHEN {} THEN NULL ELSE FALSE END", *verdict)
            verdicts[rule] = _add(columns, f"verdict_{rule}", three)
        for procedure, (supported, out) in procedures(circuit, outcome).items():
            supports[procedure] = _add(columns, f"supports_{procedure}", supported)
            rules_out[procedure] = _add(columns, f"rules_out_{procedure}", out)
    layers = Layers(circuit, columns.values(), [KEY])
    select = ",\n".join([f'"{KEY}"', *(f'{layers.written(gate)} AS "{name}"' for name, gate in columns.items())])
    text = layers.sql(cases, f"SELECT {select}\nFROM {{source}}", fence(dialect))
    return Statement(in_dialect(text, dialect), verdicts, supports, rules_out)


def _add(columns: dict[str, Gate], wanted: str, gate: Gate) -> str:
    name = free_name(wanted, {other.lower() for other in columns})
    columns[name] = gate
    return name


def first_true(circuit: Circuit, values: Iterable[tuple[str | int | None, Gate]]) -> Gate:
    """The first value whose gate is true; one is."""
    *first, (last, _) = [(value, gate) for value, gate in values if gate != Circuit.FALSE]
    whens = " ".join(f"WHEN {{}} THEN {_constant(value)}" for value, _ in first)
    sql = f"CASE {whens} ELSE {_constant(last)} END" if first else _constant(last)
    return circuit.gate(sql, *(gate for _, gate in first))


def _constant(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{value}'"


def fence(dialect: Dialect) -> str:
    """What keeps a database from writing one layer into the next, over and over; DuckDB and Spark do not."""
    return "\nOFFSET 0" if dialect == "postgres" else ""


def in_dialect(text: str, dialect: Dialect) -> str:
    """A statement as another database writes it."""
    if dialect == "duckdb":
        return text
    import sqlglot  # slow to load, and only needed for other databases

    return sqlglot.transpile(text, read="duckdb", write=dialect, pretty=True)[0]
