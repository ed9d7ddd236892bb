"""A database that takes nothing for a while."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes, and does not end."""
    if connection.vendor == "sqlite":
        other: Any = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        params = connection.get_connection_params()
        wanted = ("host", "port", "dbname", "user", "password")
        other = psycopg.connect(**{name: params[name] for name in wanted if name in params})
        other.execute("LOCK TABLE screening_submission IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
