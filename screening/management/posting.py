"""What goes out by itself: alerts whose time has come, and every message that waits. In a thread of its own.

Work that takes minutes, and a mail server that hangs, keep nobody waiting but themselves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from screening.actions.call_backs import alert_due, forget_networks
from screening.actions.erasing import erase_approved
from screening.actions.messages import send_due
from screening.models import Message

EVERY_S = 1.0
log = logging.getLogger(__name__)


def post() -> list[Message]:
    """Once; the messages sent. What fails keeps nothing else from going out."""
    # Erasing comes after what tells the patient of it.
    found = {step: _done(step) for step in (alert_due, send_due, erase_approved, forget_networks)}
    return found[send_due] or []


def _done(step: Callable[..., Any]) -> Any:
    try:
        return step(now=timezone.now())
    except DatabaseError as error:
        # It may be away for a minute.
        log.warning("could not post: %s", type(error).__name__)
    except Exception:
        log.exception("could not post")
    return None


class Posting(threading.Thread):
    """Goes on until `end`, whatever goes wrong."""

    def __init__(self, every: float = EVERY_S) -> None:
        super().__init__(name="posting", daemon=True)
        self._every, self._over = every, threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            close_old_connections()
            post()
            close_old_connections()
            self._over.wait(self._every)

    def end(self) -> None:
        """Let it finish what it is at; what it leaves, the next worker takes up."""
        self._over.set()
        self.join(timeout=5)
