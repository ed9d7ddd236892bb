"""Works off the queue (replays of past cases, proofs) and sends e-mails and alerts. Without it they all wait."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from screening.actions.jobs import reap
from screening.management.posting import Posting, post

# Loaded before anybody waits for them.
WARM = ("duckdb", "z3", "screening.actions.replaying", "screening.interpreters.prove")
REAP_EVERY_S = 30.0


class Command(BaseCommand):
    help = (
        "Sends e-mails and alerts, does what pages ask for in the background, and takes back what another worker left "
        "when it ended. Leave it running beside the web server; a first signal lets it finish what it is at."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5, metavar="SECONDS", help="how often it looks")
        parser.add_argument("--once", action="store_true", help="end when nothing is left to do")

    def handle(self, *, interval: float, once: bool, **options: Any) -> None:
        # It says at every look that there is nothing to do.
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
        logging.getLogger("django_tasks").setLevel(logging.ERROR)
        worker = Worker(
            queue_names=["default"], interval=interval, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=get_random_string(32), excluded_queue_names=[],
        )  # fmt: skip
        if once:
            reap()
            post()
            worker.run()
            return
        worker.configure_signals()
        # Before the heavy libraries: an alert does not wait for them.
        posting = Posting()
        posting.start()
        for name in WARM:
            import_module(name)
        self._go_on(worker, interval)
        posting.end()

    def _go_on(self, worker: Worker, interval: float) -> None:
        reaped_at = float("-inf")
        while worker.running:
            # A database that is away for a minute must not end the worker.
            with suppress(DatabaseError):
                if time.monotonic() - reaped_at > REAP_EVERY_S:
                    reaped_at = time.monotonic()
                    reap()
                worker.run()
            close_old_connections()
            if worker.running:
                time.sleep(interval)
