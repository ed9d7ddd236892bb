"""The emergency page, and the words of a warning that does not stop the intake."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from screening.actions import intake
from screening.actions.hurrying import hurried
from screening.actions.intake import Step
from screening.intake import answers, drafts
from screening.intake import urgent as alarms
from screening.intake.asking import Asking
from screening.intake.forms import CallBackForm
from screening.intake.pages import Page
from screening.intake.sent import SentPage
from screening.intake.visit import WARNED_KEY, Status, Visit, answering, visiting
from screening.models import Submission

UNAVAILABLE = 503
log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def emergency(request: HttpRequest, visit: Visit) -> HttpResponse:
    """While the submission is stopped, every address of the intake leads here.

    Showing it writes nothing: the number stands there also while nothing can be saved.
    """
    submission = visit.submission
    if submission is None or submission.status != Status.STOPPED:
        return visit.go(visit.elsewhere() or visit.next_address)
    if request.method != "POST":
        return _show(visit, submission)
    try:
        with hurried():
            response = _go_on(visit, submission) if request.POST.get("do") == "mistake" else _tell(visit, submission)
            if request.session.modified:
                request.session.save()
            return response
    except (DatabaseError, UpdateError) as error:
        log.warning("the emergency page could not save: %s", type(error).__name__)
        # Or that would fail as well, after the page was made.
        request.session.modified = False
        return _show(visit, submission, form=CallBackForm(request.POST), not_kept=True, status=UNAVAILABLE)


def _go_on(visit: Visit, submission: Submission) -> HttpResponse:
    """Back to the page with the answer that was a mistake."""
    visit.submission = intake.resume_after_mistake(actor=visit.actor, submission=submission)
    last = submission.revisions.order_by("-number").values_list("page", flat=True).first() or ""
    number = int(last) if last.isdecimal() else 0
    page = visit.asking.plan.page(number)
    return visit.go(visit.address("questions", number) if page else visit.next_address)


def _tell(visit: Visit, submission: Submission) -> HttpResponse:
    form = CallBackForm(visit.request.POST)
    if not form.is_valid():
        drafts.keep(visit.request, "call_back", ["phone"])
        return visit.go(visit.address("emergency") + "?look=1")
    intake.tell_emergency(actor=visit.actor, submission=submission, **form.cleaned_data)
    drafts.drop(visit.request, "call_back")
    return visit.go(visit.address("emergency") + "?told=1")


def _show(
    visit: Visit,
    submission: Submission,
    *,
    form: CallBackForm | None = None,
    not_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    typed = drafts.kept(visit.request, "call_back")
    phone = typed.get("phone", submission.call_back_phone)
    usual = CallBackForm(typed) if typed and "look" in visit.request.GET else CallBackForm(initial={"phone": phone})
    response = visit.show(
        "emergency",
        submission=submission,
        alarm=alarms.emergency(submission),
        sections=answers.given(visit.asking),
        form=form or usual,
        not_kept=not_kept,
        may_erase=_is_over(submission),
        keeps="call-back-form",
        enter="keep",
        draft="call_back",
    )
    response.status_code = status
    return response


def _is_over(submission: Submission) -> bool:
    """Only then is there anything on the page but help."""
    return timezone.now() - submission.last_step_at > intake.IDLE_BEFORE_REFERRAL


# Where nothing can be saved ----------------------------------------------------------------------------------------


def saved_or_help(visit: Visit, sent: SentPage, page: Page | None, save: Callable[[], Step]) -> HttpResponse:
    """Save a page of questions. Where that fails and its answers need help now, the emergency page all the same."""
    assert visit.submission is not None
    as_sent = alarms.if_saved(visit.submission, sent)
    if not alarms.would_stop(as_sent):
        return visit.after(save(), page)
    try:
        with hurried():
            step = save()
    except DatabaseError as error:
        log.warning("an emergency could not be saved: %s", type(error).__name__)
        return _show_unsaved(visit, as_sent)
    return visit.after(step, page)


def _show_unsaved(visit: Visit, as_sent: Submission) -> HttpResponse:
    """With everything that was sent in hidden boxes, to be sent once more."""
    visit.asking = Asking.of(as_sent)
    response = visit.show(
        "emergency",
        submission=as_sent,
        alarm=alarms.emergency(as_sent),
        sections=answers.given(visit.asking),
        form=None,
        not_kept=True,
        unkept=[(name, values) for name, values in visit.request.POST.lists() if name != "csrfmiddlewaretoken"],
    )
    if visit.request.htmx:  # type: ignore[attr-defined]
        # To htmx a failure is no page to show.
        return reswap(retarget(response, "body"), "innerHTML show:window:top")
    response.status_code = UNAVAILABLE
    return response


@require_safe
@answering
def warning(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The words of urgent rules, at once. Loading it again shows them again."""
    assert visit.submission is not None
    new = request.session.get(WARNED_KEY, [])
    shown = [rule_id for rule_id in visit.submission.alarms_shown if rule_id in new]
    found = alarms.warnings(visit.submission, shown)
    if not found:
        return visit.go(visit.next_address)
    return visit.show("warning", alarms=found, next=visit.next_address)
