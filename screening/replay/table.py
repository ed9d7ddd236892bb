"""Cases read from the database into columns, in memory, for as long as a replay takes."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from screening.interpreters.sql import Layout, Row
from screening.interpreters.sql.running import connect, create_table, quoted, read_csv
from screening.interpreters.sql.store import Store
from screening.replay.cases import LABELS, Stored, Versions, Wanted, stored_cases, without_collecting

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[int, int], None]


@dataclass
class Table:
    """Cases in columns, and which referral each key stands for."""

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    cases: str
    """the SQL of the table"""
    referrals_of: Callable[[Sequence[int]], list[int]]


def read_in(versions: Versions, wanted: Wanted, progress: Progress) -> Table:
    """Read the cases from the database. A key is a place in this list, which is gone when the replay is."""
    connection = connect()
    connection.execute(create_table(versions.layout, LABELS))
    referrals = array("q")
    of = wanted.referrals().count()
    # Nobody else can look into the folder; what does not fit into memory goes there as well.
    with tempfile.TemporaryDirectory() as folder, without_collecting():
        connection.execute(f"SET temp_directory = {quoted(Path(folder))}")
        lines = Path(folder) / "cases.csv"
        for chunk in stored_cases(versions, wanted.referrals()):
            _write(lines, chunk, first=len(referrals))
            connection.execute(f'INSERT INTO "cases" FROM {read_csv(lines, versions.layout, LABELS)}')
            referrals.extend(case.referral for case in chunk)
            progress(len(referrals), of)
    return Table(connection, versions.layout, '"cases"', lambda keys: [referrals[key] for key in keys])


def in_store(store: Store, referrals_of: Callable[[Sequence[int]], list[int]]) -> Table:
    """Cases that are kept in columns already."""
    return Table(connect(), store.layout, store.cases, referrals_of)


def _write(lines: Path, chunk: Iterable[Stored], *, first: int) -> None:
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(Row(key, case.cells, case.labels).line() for key, case in enumerate(chunk, first))
