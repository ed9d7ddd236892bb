"""What the passing of time brings about: silent alarms become referrals, overdue claims go back to the worklist."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from screening.actions.access import remind_unfinished
from screening.actions.intake import refer_unfinished
from screening.actions.review import hand_back_overdue
from screening.actions.unsaved import take_urgent


class Command(BaseCommand):
    help = (
        "Refers unfinished submissions that have an urgent alarm and no step for an hour, and hands back reviews whose "
        "contact deadline passed. Saves pages that look urgent and were left for ten minutes. Reminds once by e-mail "
        "before unfinished answers can be opened no more. Run it every few minutes, or once with --every 60."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever, this often")

    def handle(self, *args: Any, every: float | None = None, **options: Any) -> None:
        if every is None:
            self.look()
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            self.look_again()
            stop.wait(every)

    def look(self) -> None:
        now = timezone.now()
        take_urgent(now=now)
        referred, back = refer_unfinished(now=now), hand_back_overdue(now=now)
        if referred or back:
            self.stdout.write(f"{len(referred)} unfinished referred, {len(back)} overdue handed back")
        if reminded := remind_unfinished(now=now):
            self.stdout.write(f"{len(reminded)} reminded")

    def look_again(self) -> None:
        """Once more, whatever went wrong: a database that is away for a minute must not end the watch."""
        close_old_connections()
        try:
            self.look()
        except Exception as error:
            self.stderr.write(f"could not look: {type(error).__name__}")
        close_old_connections()
