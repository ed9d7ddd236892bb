"""Many cases read by several processes at once: Python reads in one process on one processor only.

A process that reads begins anew (nothing of the worker's connections may be shared), so this module imports nothing of
Django before it is set up there.
"""

from __future__ import annotations

import multiprocessing
import os
from array import array
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from screening.replay.cases import Versions, Wanted

PROCESSES = min(4, os.cpu_count() or 1)
"""each of them takes an eighth of a GiB"""
CASES = 20_000
"""about so many are read at a time"""
APART = 1 << 32
"""the keys of one span and of the next lie so far apart"""


class Span(NamedTuple):
    """The cases whose keys in the database lie between two, both included."""

    number: int
    first: int
    last: int


class Read(NamedTuple):
    """A span as lines of CSV, and the referral of each line. The key of a line is its place, which tells nothing."""

    number: int
    lines: Path
    referrals: array[int]


@dataclass(frozen=True)
class Source:
    """What a process that begins anew has to know."""

    database: str
    pathway: str
    site: int | None
    since: Any
    statuses: tuple[str, ...]
    layout: dict[str, Any]
    folder: Path

    @classmethod
    def of(cls, wanted: Wanted, versions: Versions, folder: Path) -> Source:
        from django.db import connection

        assert versions.layout is not None
        site = wanted.site.pk if wanted.site else None
        name, layout = str(connection.settings_dict["NAME"]), versions.layout.document()
        return cls(name, wanted.pathway.pk, site, wanted.since, wanted.statuses, layout, folder)


def spans(wanted: Wanted, of: int) -> Iterator[Span]:
    """All wanted cases, in about equal parts."""
    from django.db.models import Max, Min

    ends = wanted.referrals().aggregate(first=Min("pk"), last=Max("pk"))
    if not of:
        return
    first, last = ends["first"], ends["last"]
    step = max(1, (last - first + 1) * CASES // of)
    for number, start in enumerate(range(first, last + 1, step)):
        yield Span(number, start, min(start + step - 1, last))


def read(wanted: Wanted, versions: Versions, folder: Path, span: Span) -> Read:
    """Write a span's lines into a file of the folder."""
    from screening.interpreters.sql import Row
    from screening.replay.cases import stored_cases

    lines, referrals = folder / f"{span.number}.csv", array("q")
    key = span.number * APART
    with lines.open("w", encoding="utf-8") as file:
        for chunk in stored_cases(versions, wanted.referrals().filter(pk__gte=span.first, pk__lte=span.last)):
            file.writelines(Row(key + place, case.cells, case.labels).line() for place, case in enumerate(chunk))
            key += len(chunk)
            referrals.extend(case.referral for case in chunk)
    return Read(span.number, lines, referrals)


def read_at_once(source: Source, wanted: list[Span]) -> Iterator[Read]:
    """The spans in their order, read by processes of their own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context, initializer=_begin, initargs=(source,)) as pool:
        yield from pool.map(_read, wanted)


_ready: list[tuple[Any, Any, Path]] = []


def _begin(source: Source) -> None:
    import gc

    import django

    django.setup()
    from django.db import connection

    from screening.interpreters.sql import Layout
    from screening.models import Pathway, Site
    from screening.replay.cases import Versions, Wanted

    # In tests it is another one than the settings name.
    connection.settings_dict["NAME"] = source.database
    # What is there by now stays: it need not be looked through again and again.
    gc.freeze()
    pathway = Pathway.objects.get(pk=source.pathway)
    site = Site.objects.get(pk=source.site) if source.site is not None else None
    wanted = Wanted(pathway, site, source.since, source.statuses)
    _ready.append((wanted, Versions(pathway, layout=Layout.from_document(source.layout)), source.folder))


def _read(span: Span) -> Read:
    return read(*_ready[0], span)
