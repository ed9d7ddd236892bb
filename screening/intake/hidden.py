"""What a page of questions says of itself in hidden boxes: of which version, after which step, and whose it is."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from screening.models import Pathway, Submission

VERSION, STEP, WHOSE = "-version", "-step", "-whose"
SALT = "intake.page"
GOOD_FOR = 24 * 60 * 60
"""Seconds for which a page left open can still be kept."""


def marks(submission: Submission) -> dict[str, str | int]:
    """Name and value of each hidden box."""
    whose = [str(submission.pk), submission.way_back.link_number]
    return {
        VERSION: submission.version.number,
        STEP: submission.revisions.count(),
        WHOSE: signing.dumps(whose, salt=SALT),
    }


def number(data: QueryDict, name: str) -> int | None:
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def left_behind(request: HttpRequest, pathway: Pathway, here: Submission | None) -> Submission | None:
    """Whose page was sent, where this browser does not work on that submission, or not any more.

    The mark lets a page be kept, and nothing be read: so it may outlive the session. A new link ends it.
    """
    try:
        key, link_number = signing.loads(request.POST.get(WHOSE, ""), salt=SALT, max_age=GOOD_FOR)
        mine = Submission.objects.filter(pk=UUID(key), way_back__link_number=link_number, pathway=pathway)
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return None
    found = mine.select_related("site", "pathway", "version").first()
    return found if found != here else None
