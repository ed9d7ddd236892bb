"""Proofs in the background, and what they settled, kept for the next. z3 is loaded when a proof is done, not before."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from screening.interpreters.prove import prove, prover
from screening.models import Job, Settled
from screening.rules.check import read_ruleset

MOST = 20_000
"""so many things are kept, those last used; the first rule set needs about 300"""
TELLING_S = 0.5
"""so often is said how far a proof is"""


class Memory(dict[str, Any]):
    """What this prover has settled: after an edit only what the edit can affect is proved again.

    It is read once from the database, and what is new in it is written by `keep`.
    """

    def __init__(self) -> None:
        found = Settled.objects.filter(prover=prover()).order_by("-used_at")[:MOST]
        super().__init__(found.values_list("key", "data"))
        self._used: set[str] = set()
        self._new: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self._used.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default

    def __setitem__(self, key: str, data: Any) -> None:
        self._new.add(key)
        super().__setitem__(key, data)

    @transaction.atomic
    def keep(self) -> None:
        """Write what is new, note what was used, forget what was used longest ago."""
        now = timezone.now()
        rows = [Settled(prover=prover(), key=key, data=self[key], used_at=now) for key in self._new]
        Settled.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["prover", "key"], update_fields=["data", "used_at"]
        )
        Settled.objects.filter(prover=prover(), key__in=self._used - self._new).update(used_at=now)
        forgotten = Settled.objects.order_by("-used_at", "-pk").values_list("pk", flat=True)[MOST:]
        Settled.objects.filter(pk__in=list(forgotten)).delete()
        self._new, self._used = set(), set()


_memory: list[Memory] = []
"""of this worker, once it has proved something"""


def _remembered() -> Memory:
    if not _memory or len(_memory[0]) > MOST:
        _memory[:] = [Memory()]
    return _memory[0]


def prove_job(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """What jobs.py asks for: the job's content is the document of a rule set.

    Option `bases`: known cases by name, such as the profiles of the test patients.
    """
    memory = _remembered()
    try:
        bases = job.options.get("bases")
        return prove(read_ruleset(job.content), cache=memory, bases=bases, progress=_now_and_then(progress)).to_data()
    finally:
        memory.keep()


def _now_and_then(progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
    told_at = float("-inf")

    def tell(done: int, of: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELLING_S:
            told_at = time.monotonic()
            progress(done, of)

    return tell
