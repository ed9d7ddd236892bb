"""That a member of staff answers for somebody on the telephone in this browser, beside their own work.

It stands with what belongs to the answers under way: leaving, signing out and the next call forget all of it.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from screening.models import Site, Submission

SESSION_KEY = "intake_telephone"


def mark(request: HttpRequest, submission: Submission) -> None:
    request.session[SESSION_KEY] = str(submission.pk)


def is_under_way(request: HttpRequest) -> bool:
    return SESSION_KEY in request.session


def new_key(request: HttpRequest) -> None:
    """The session gets another key, as whenever other answers are opened or closed in it.

    Not that of a member of staff, who got one at sign-in: a second press, with the old key, would sign them out.
    """
    if not request.user.is_authenticated:
        request.session.cycle_key()


def call_of(request: HttpRequest, site: Site) -> Submission | None:
    """The answers of the call under way, in whatever status; none where there is no call, or they were erased."""
    if not is_under_way(request):
        return None
    found = Submission.objects.filter(pk=UUID(request.session[SESSION_KEY]), site=site).select_related("referral")
    return found.first()
