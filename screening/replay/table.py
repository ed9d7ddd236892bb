"""Cases read from the database into columns, in memory, for as long as a replay takes."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from screening.interpreters.sql import Layout
from screening.interpreters.sql.running import connect, create_table, quoted, read_csv
from screening.interpreters.sql.store import Store
from screening.replay.cases import LABELS, Versions, Wanted
from screening.replay.spans import APART, Read, Source, read, read_at_once, spans

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[int, int], None]
ALONE = 50_000
"""up to so many cases are read in this process: another takes a second to begin"""


@dataclass
class Table:
    """Cases in columns, and which referral each key stands for."""

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    cases: str
    """the SQL of the table"""
    referrals_of: Callable[[Sequence[int]], list[int]]


def read_in(versions: Versions, wanted: Wanted, progress: Progress) -> Table:
    """Read the cases from the database. A key is a place in a list, which is gone when the replay is."""
    connection, of, done = connect(), wanted.referrals().count(), 0
    connection.execute(create_table(versions.layout, LABELS))
    referrals: list[array[int]] = []
    # Nobody else can look into the folder; what does not fit into memory goes there as well.
    with tempfile.TemporaryDirectory() as folder:
        connection.execute(f"SET temp_directory = {quoted(Path(folder))}")
        for found in _reading(versions, wanted, Path(folder), of):
            connection.execute(f'INSERT INTO "cases" FROM {read_csv(found.lines, versions.layout, LABELS)}')
            found.lines.unlink()
            referrals.append(found.referrals)
            done += len(found.referrals)
            progress(done, of)
    return Table(connection, versions.layout, '"cases"', lambda keys: [_at(referrals, key) for key in keys])


def _reading(versions: Versions, wanted: Wanted, folder: Path, of: int) -> Iterator[Read]:
    parts = list(spans(wanted, of))
    if of < ALONE:
        return (read(wanted, versions, folder, span) for span in parts)
    return read_at_once(Source.of(wanted, versions, folder), parts)


def _at(referrals: list[array[int]], key: int) -> int:
    return referrals[key // APART][key % APART]


def in_store(store: Store, referrals_of: Callable[[Sequence[int]], list[int]]) -> Table:
    """Cases that are kept in columns already."""
    return Table(connect(), store.layout, store.cases, referrals_of)
