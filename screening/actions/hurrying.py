"""Not waiting long for a database that others hold: somebody reads the emergency page as soon as it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

SECONDS = 3.0


@contextmanager
def hurried(seconds: float | None = None) -> Iterator[None]:
    """Whatever waits for a lock gives up after so long, with a DatabaseError, rather than after the usual time."""
    _wait(SECONDS if seconds is None else seconds)
    try:
        yield
    finally:
        _wait(None)


def _wait(seconds: float | None) -> None:
    """None: as long as usual."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            usual = settings.DATABASES["default"]["OPTIONS"]["timeout"]
            cursor.execute(f"PRAGMA busy_timeout = {round((usual if seconds is None else seconds) * 1000)}")
        else:
            cursor.execute(f"SET lock_timeout = {0 if seconds is None else round(seconds * 1000)}")
