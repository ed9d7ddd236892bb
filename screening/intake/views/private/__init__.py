"""The patient's private page, behind their link, and everything they can do there while their case waits."""

from screening.intake.views.private.details import contact, correction
from screening.intake.views.private.leaving import erasure, wait_again, withdraw
from screening.intake.views.private.page import answer, page
from screening.intake.views.private.record import download, held, opened
from screening.intake.views.private.worse import emergency, start_worse, told, worse, worse_end

__all__ = [
    "answer",
    "contact",
    "correction",
    "download",
    "emergency",
    "erasure",
    "held",
    "opened",
    "page",
    "start_worse",
    "told",
    "wait_again",
    "withdraw",
    "worse",
    "worse_end",
]
