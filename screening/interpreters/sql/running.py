"""DuckDB: a connection that keeps within its memory, and cases written into tables and decided there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from screening.interpreters.sql.columns import KEY, Layout
from screening.interpreters.sql.encode import Encoder
from screening.interpreters.sql.statements import Statement, statement
from screening.rules.ruleset import RuleSet

if TYPE_CHECKING:
    import duckdb


class Row(NamedTuple):
    """A case as it is stored."""

    key: int
    """random, so that nobody can tell whose it is"""
    cells: str
    """joined with commas"""
    labels: tuple[int, ...] = ()
    """what else is to be counted by: the number of its version, a decision's number"""

    def line(self) -> str:
        """As a line of CSV."""
        return ",".join([*map(str, (self.key, *self.labels)), self.cells]) + "\n"


def connect(*, memory: str = "512MB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory."""
    import duckdb  # slow to load, and never in the web process

    settings: dict[str, Any] = {
        "memory_limit": memory,
        "threads": threads,
        "autoinstall_known_extensions": False,
        # writes layers into one another until the plan of a statement over a join or a union takes minutes to make
        "disabled_optimizers": "partial_aggregate_pushdown",
    }
    return duckdb.connect(config=settings)


@lru_cache(maxsize=1)
def _memory() -> duckdb.DuckDBPyConnection:
    """One database for small runs: each has a cursor with tables of its own."""
    return connect()


def table_columns(layout: Layout, labels: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The columns of a table of cases, with their types."""
    return [(KEY, "BIGINT"), *((label, "INTEGER") for label in labels), *layout.sql()]


def create_table(layout: Layout, labels: Sequence[str] = (), *, name: str = "cases") -> str:
    """The SQL of an empty table of cases, for DuckDB and PostgreSQL."""
    types = {"TINYINT": "SMALLINT", "DOUBLE": "DOUBLE PRECISION"}
    columns = ", ".join(
        f'"{column}" {types.get(kind, kind)} NOT NULL' for column, kind in table_columns(layout, labels)
    )
    return f'CREATE TEMPORARY TABLE "{name}" ({columns})'


def read_csv(path: Path, layout: Layout, labels: Sequence[str] = ()) -> str:
    """The SQL that reads rows written as lines of CSV."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in table_columns(layout, labels))
    return f"read_csv({quoted(path)}, header = false, auto_detect = false, columns = {{{columns}}})"


def quoted(path: Path) -> str:
    """A path as text in SQL."""
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def decide_all(
    ruleset: RuleSet, cases: Iterable[Mapping[str, Any]], *, alarms_seen: Sequence[Iterable[str]] = ()
) -> tuple[Statement, list[dict[str, Any]]]:
    """Each case's outcome, in the order of the cases, as a row of the statement that is given beside them.

    `alarms_seen`: for each case, the alarm rules that were true while the intake ran; none where it is empty.
    """
    layout = Layout.of(ruleset)
    encoder, seen = Encoder(layout, ruleset), [tuple(each) for each in alarms_seen]
    rows = [Row(key, encoder.cells(case, seen[key] if seen else ())) for key, case in enumerate(cases)]
    made = statement(ruleset, layout=layout)
    return made, result_rows(made, layout, rows)


def result_rows(made: Statement, layout: Layout, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The statement's result for these rows, in the order of their keys."""
    with _memory().cursor() as connection, tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.writelines(row.line() for row in rows)
        file.flush()
        connection.execute(f'CREATE TEMPORARY TABLE "cases" AS FROM {read_csv(Path(file.name), layout)}')
        results = fetched(connection.execute(made.sql))
    return sorted(results, key=lambda row: int(row[KEY]))


def fetched(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What a statement found, by the names of its columns."""
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
