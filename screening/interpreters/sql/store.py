"""A columnar store of cases: a folder with one DuckDB file, one folder a site and pathway.

It holds codes, numbers and don't-knows under a random key, and small numbers to count by; never a text, a date, a name
or a way to reach anybody. The file is never changed but written anew beside itself, which takes a second or two for a
million cases: readers are never disturbed, and what is erased is nowhere any more. One writer at a time.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.interpreters.sql.columns import KEY, NOT_ASKED, Layout
from screening.interpreters.sql.running import Row, connect, fetched, quoted, read_csv, table_columns

if TYPE_CHECKING:
    import duckdb

CHUNK = 100_000
"""so many cases are written at a time"""


@dataclass(frozen=True)
class Store:
    """A folder, and how its cases stand in columns."""

    path: Path
    layout: Layout
    labels: tuple[str, ...] = ()
    """the names of the numbers kept beside each case"""

    cases = '"stored"."cases"'
    """the SQL of the cases in a statement given to `query`"""

    @property
    def file(self) -> Path:
        return self.path / "cases.duckdb"


def create(path: Path, layout: Layout, labels: Sequence[str] = ()) -> Store:
    """An empty store. Raises FileExistsError where there is one."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(path, layout, tuple(labels))
    if store.file.exists():
        raise FileExistsError(store.file)
    with _anew(store):
        return store


def opened(path: Path) -> Store:
    """The store in a folder. Raises FileNotFoundError."""
    store = Store(path, Layout.of())
    if not store.file.exists():
        raise FileNotFoundError(store.file)
    about = json.loads(query(store, 'FROM "stored"."about"')[0]["text"])
    return Store(path, Layout.from_document(about["layout"]), tuple(about["labels"]))


def new_key() -> int:
    """A key that tells nothing of the case."""
    return secrets.randbits(63)


def append(store: Store, rows: Iterable[Row]) -> None:
    """Add cases; they count once all of them are written."""
    rows = iter(rows)
    with _anew(store) as connection:
        _take_over(connection, store)
        while chunk := list(islice(rows, CHUNK)):
            _add(connection, store, chunk)


def delete(store: Store, keys: Collection[int]) -> None:
    """Erase cases."""
    with _anew(store) as connection:
        connection.execute('CREATE TABLE "erased" AS SELECT UNNEST(?::BIGINT[]) AS "key"', [list(keys)])
        _take_over(connection, store, f'WHERE "{KEY}" NOT IN (FROM "erased")')


def extended(store: Store, layout: Layout) -> Store:
    """Make room for another version: the store under a layout that its own was extended to.

    What is new counts as not asked. Cases that answered a question which `layout.lacks` names for a version have to be
    deleted and added again before that version can be tried on them.
    """
    wider = replace(store, layout=layout)
    with _anew(wider) as connection:
        _take_over(connection, store)
    return wider


def query(store: Store, sql: str, *, memory: str = "512MB", threads: int = 2) -> list[dict[str, Any]]:
    """The rows of a statement, which may read `store.cases`."""
    with connect(memory=memory, threads=threads) as connection:
        _attach(connection, store)
        return fetched(connection.execute(sql))


# -- files


@contextmanager
def _anew(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to write the store's next file, `new`, which takes the place of the last at the end."""
    with tempfile.TemporaryDirectory(dir=store.path) as folder, connect() as connection:
        draft = Path(folder) / "cases.duckdb"
        connection.execute(f'ATTACH {quoted(draft)} AS "new"')
        columns = ", ".join(f'"{name}" {kind} NOT NULL' for name, kind in table_columns(store.layout, store.labels))
        connection.execute(f'CREATE TABLE "new"."cases" ({columns})')
        about = json.dumps({"layout": store.layout.document(), "labels": store.labels})
        connection.execute('CREATE TABLE "new"."about" AS SELECT ? AS "text"', [about])
        yield connection
        connection.execute('CHECKPOINT "new"')
        connection.execute('DETACH "new"')
        draft.chmod(0o600)
        os.replace(draft, store.file)


def _attach(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    connection.execute(f'ATTACH {quoted(store.file)} AS "stored" (READ_ONLY)')


def _take_over(connection: duckdb.DuckDBPyConnection, store: Store, where: str = "") -> None:
    """Copy what the store holds; columns that it does not have yet say that nothing was asked."""
    _attach(connection, store)
    there = {name for name, _ in table_columns(store.layout, store.labels)}
    wanted = [row[0] for row in connection.execute('DESCRIBE "new"."cases"').fetchall()]
    columns = ", ".join(f'"{name}"' if name in there else f"{NOT_ASKED}" for name in wanted)
    connection.execute(f'INSERT INTO "new"."cases" SELECT {columns} FROM "stored"."cases" {where}')


def _add(connection: duckdb.DuckDBPyConnection, store: Store, rows: Iterable[Row]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", dir=store.path, encoding="utf-8") as file:
        file.writelines(row.line() for row in rows)
        file.flush()
        connection.execute(f'INSERT INTO "new"."cases" FROM {read_csv(Path(file.name), store.layout, store.labels)}')
