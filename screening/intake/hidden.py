"""What a page of questions says of itself in hidden boxes: its version, the step before, when it was loaded, whose."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from screening.models import Pathway, Submission

VERSION, STEP, LOADED, WHOSE = "-version", "-step", "-loaded", "-whose"
SALT = "intake.page"
GOOD_FOR = 24 * 60 * 60
"""Seconds for which a page left open can still be kept."""


def marks(submission: Submission) -> dict[str, str | int]:
    """Name and value of each hidden box."""
    whose = [str(submission.pk), submission.way_back.link_number]
    return {
        VERSION: submission.version.number,
        STEP: submission.revisions.count(),
        # In microseconds: it also tells one window from another.
        LOADED: round(timezone.now().timestamp() * 1e6),
        WHOSE: signing.dumps(whose, salt=SALT),
    }


def number(data: QueryDict, name: str, *, digits: int = 9) -> int | None:
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def loaded(data: QueryDict) -> int | None:
    """When the page was loaded, as `marks` says it."""
    return number(data, LOADED, digits=16)


def left_behind(request: HttpRequest, pathway: Pathway, here: Submission | None) -> Submission | None:
    """Whose page was sent, where this browser does not work on that submission, or not any more.

    The mark lets a page be kept, and nothing be read: so it may outlive the session. A new link ends it.
    """
    try:
        key, link_number = signing.loads(request.POST.get(WHOSE, ""), salt=SALT, max_age=GOOD_FOR)
        mine = Submission.objects.filter(pk=UUID(key), way_back__link_number=link_number, pathway=pathway)
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return None
    joined = mine.select_related("site", "pathway", "version")
    found = joined.defer("version__document", "version__vignettes").first()
    return found if found != here else None
