"""The emergency page, and the words of a warning that does not stop the intake."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions import intake
from screening.intake import answers, drafts
from screening.intake import urgent as alarms
from screening.intake.forms import CallBackForm
from screening.intake.visit import WARNED_KEY, Status, Visit, answering, visiting
from screening.models import Submission


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def emergency(request: HttpRequest, visit: Visit) -> HttpResponse:
    """While the submission is stopped, every address of the intake leads here."""
    submission = visit.submission
    if submission is None or submission.status != Status.STOPPED:
        return visit.go(visit.elsewhere() or visit.next_address)
    if request.method != "POST":
        return _show(visit, submission)
    if request.POST.get("do") == "mistake":
        return _go_on(visit, submission)
    return _tell(visit, submission)


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


def _show(visit: Visit, submission: Submission) -> HttpResponse:
    typed = drafts.kept(visit.request, "call_back")
    phone = typed.get("phone", submission.call_back_phone)
    return visit.show(
        "emergency",
        submission=submission,
        alarm=alarms.emergency(submission),
        sections=answers.given(visit.asking),
        form=CallBackForm(typed) if typed and "look" in visit.request.GET else CallBackForm(initial={"phone": phone}),
    )


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
