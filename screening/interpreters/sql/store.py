"""A columnar store of cases: a folder of Parquet files, one folder a site and pathway.

It holds codes, numbers and don't-knows under a random key, and small numbers to count by; never a text, a date, a name
or a way to reach anybody. `about.json` says which files count: writing makes new files and then changes that at once.
One writer at a time; who reads while somebody writes may find a file gone, and opens the store again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.interpreters.sql.columns import KEY, Layout
from screening.interpreters.sql.running import Row, connect, fetched, quoted, read_csv, table_columns

if TYPE_CHECKING:
    import duckdb

CHUNK = 100_000
"""so many cases are written at a time"""
MANY = 32
"""so many files are made one"""
_ABOUT = "about.json"


@dataclass(frozen=True)
class Store:
    """What a folder holds at one time; writing gives the next."""

    path: Path
    layout: Layout
    labels: tuple[str, ...]
    """the names of the numbers kept beside each case"""
    parts: Mapping[str, int]
    """file → how many cases it holds"""

    @property
    def cases(self) -> str:
        """The SQL that reads the cases, for a statement."""
        return self.reading(self.parts) if self.parts else f"({self._nothing()})"

    def reading(self, parts: Iterable[str]) -> str:
        return f"read_parquet([{', '.join(quoted(self.path / part) for part in parts)}])"

    def _nothing(self) -> str:
        columns = ", ".join(f'CAST(0 AS {kind}) AS "{name}"' for name, kind in table_columns(self.layout, self.labels))
        return f"SELECT {columns} WHERE FALSE"

    def __len__(self) -> int:
        return sum(self.parts.values())


def create(path: Path, layout: Layout, labels: Sequence[str] = ()) -> Store:
    """An empty store. Raises FileExistsError where there is one."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (path / _ABOUT).exists():
        raise FileExistsError(path)
    return _written(Store(path, layout, tuple(labels), {}))


def opened(path: Path) -> Store:
    """The store in a folder. Raises FileNotFoundError."""
    about = json.loads((path / _ABOUT).read_text("utf-8"))
    return Store(path, Layout.from_document(about["layout"]), tuple(about["labels"]), about["parts"])


def new_key() -> int:
    """A key that tells nothing of the case."""
    return secrets.randbits(63)


def append(store: Store, rows: Iterable[Row]) -> Store:
    """Add cases; they count once all of them are written."""
    rows, parts = iter(rows), dict(store.parts)
    while chunk := list(islice(rows, CHUNK)):
        parts |= _chunk(store, chunk)
    store = _written(replace(store, parts=parts))
    return compacted(store) if len(parts) > MANY else store


def delete(store: Store, keys: Collection[int]) -> Store:
    """Erase cases: the files that held them are gone afterwards."""
    parts: dict[str, int] = {}
    with connect() as connection:
        connection.execute('CREATE TABLE "erased" AS SELECT UNNEST(?::BIGINT[]) AS "key"', [list(keys)])
        for part, count in store.parts.items():
            found = f'FROM {store.reading([part])} WHERE "{KEY}" IN (FROM "erased")'
            if connection.execute(f"SELECT 1 {found} LIMIT 1").fetchall():
                rest = found.replace(" IN ", " NOT IN ")
                parts |= _part(connection, store, f"SELECT * {rest}")
            else:
                parts[part] = count
    return _written(replace(store, parts=parts))


def compacted(store: Store) -> Store:
    """Make one file of the small ones, which come about where few cases are added at a time."""
    small = [part for part, count in store.parts.items() if count < CHUNK]
    parts = {part: count for part, count in store.parts.items() if part not in small}
    if len(small) > 1:
        with connect() as connection:
            parts |= _part(connection, store, f"SELECT * FROM {store.reading(small)}")
        store = _written(replace(store, parts=parts))
    return store


def extended(store: Store, layout: Layout) -> Store:
    """Make room for another version: the store under a layout that its own was extended to.

    What is new counts as not asked. Cases that answered a question which `store.layout.lacks` for the version have to
    be deleted and added again.
    """
    there = {name for name, _ in store.layout.sql()} | {KEY, *store.labels}
    columns = ", ".join(
        f'CAST({_named(name) if name in there else 0} AS {kind}) AS "{name}"'
        for name, kind in table_columns(layout, store.labels)
    )
    parts: dict[str, int] = {}
    with connect() as connection:
        for part in store.parts:
            parts |= _part(connection, store, f"SELECT {columns} FROM {store.reading([part])}")
    return _written(replace(store, layout=layout, parts=parts))


def query(store: Store, sql: str, *, memory: str = "512MB", threads: int = 2) -> list[dict[str, Any]]:
    """The rows of a statement, which may read `store.cases`."""
    with connect(memory=memory, threads=threads) as connection:
        return fetched(connection.execute(sql))


# -- files


def _chunk(store: Store, rows: Iterable[Row]) -> dict[str, int]:
    lines = store.path / f"{secrets.token_hex(8)}.csv"
    try:
        with _private(lines) as file:
            file.writelines(row.line() for row in rows)
        with connect() as connection:
            return _part(connection, store, f"SELECT * FROM {read_csv(lines, store.layout, store.labels)}")
    finally:
        lines.unlink(missing_ok=True)


def _part(connection: duckdb.DuckDBPyConnection, store: Store, select: str) -> dict[str, int]:
    """Write what is selected to a new file: its name and how many cases it holds, if any."""
    name = f"cases-{secrets.token_hex(8)}.parquet"
    # written with dictionaries, DuckDB reads columns that it then works out value by value
    form = "FORMAT parquet, COMPRESSION lz4, DICTIONARY_SIZE_LIMIT 1"
    written = connection.execute(f"COPY ({select}) TO {quoted(store.path / name)} ({form})").fetchone()
    (store.path / name).chmod(0o600)
    return {name: written[0]} if written and written[0] else {}


def _written(store: Store) -> Store:
    """Make the store what its folder holds; files that do not count are removed."""
    draft = store.path / f"{secrets.token_hex(8)}.json"
    with _private(draft) as file:
        json.dump({"layout": store.layout.document(), "labels": store.labels, "parts": store.parts}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, store.path / _ABOUT)
    for path in store.path.glob("cases-*.parquet"):
        if path.name not in store.parts:
            path.unlink()
    return store


@contextmanager
def _private(path: Path) -> Iterator[Any]:
    """A new file that only this account can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        yield file


def _named(name: str) -> str:
    return f'"{name}"'
