"""Sends what waits to be sent, and ends. The worker does the same all the time; this is for trying a mail server."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from screening.management.posting import post
from screening.models import Message


class Command(BaseCommand):
    help = "Sends alerts and e-mails that are due. `manage.py worker` does this all the time; this does it once."

    def handle(self, **options: Any) -> None:
        sent = post()
        waiting = Message.objects.under_way()
        failures = sorted({message.failure for message in waiting if message.failure})
        self.stdout.write(
            f"{len(sent)} sent, {len(waiting)} waiting" + (f": {', '.join(failures)}" if failures else "")
        )
