"""Before the first question: what this is, and beginning again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from screening import policies
from screening.actions import intake
from screening.exceptions import NotOffered
from screening.intake import drafts, telephone
from screening.intake.access import StartForm
from screening.intake.visit import Status, Visit, visiting
from screening.rules.ruleset import RuleSet

SECONDS_A_QUESTION = 12


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The start page. Whoever has begun goes on; whoever is at the emergency page stays there."""
    if visit.has(Status.STOPPED):
        return visit.go(visit.address("emergency"))
    if request.method == "POST":
        if visit.has(Status.SUBMITTED):
            return visit.go(visit.address("again"))
        return visit.go(visit.next_address) if visit.submission else _begin(visit)
    if visit.is_suspended or (not visit.submission and not _is_open(visit)):
        return _closed(visit)
    return _show(visit)


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Asks before answers under way are left behind; they are kept, as all are."""
    if visit.has(Status.STOPPED):
        return visit.go(visit.address("emergency"))
    if request.method == "POST":
        return _begin(visit)
    if not visit.submission:
        return visit.go(visit.address("start"))
    if not _is_open(visit):
        return _closed(visit)
    return visit.show("start_again", sent=visit.has(Status.SUBMITTED))


def _begin(visit: Visit) -> HttpResponse:
    if telephone.is_under_way(visit.request):
        # Whoever of the staff begins for a caller is recorded.
        return visit.go(reverse("telephone:begin"))
    form = StartForm(visit.request.POST)
    if not form.is_valid():
        drafts.keep(visit.request, "start", [*form.fields])
        return visit.go(visit.address("start") + "?look=1")
    # Whoever begins again has said it before.
    filled_by = form.cleaned_data["filled_by"] or (visit.submission.filled_by if visit.submission else "")
    try:
        submission = intake.start_submission(
            actor=visit.actor,
            site=visit.site,
            pathway=visit.pathway,
            filled_by=filled_by,
            language=get_language() or "en",
        )
    except NotOffered:
        return _closed(visit)
    visit.take(submission)
    drafts.drop(visit.request, "start")
    if form.cleaned_data["phone"]:
        intake.leave_phone(actor=visit.actor, submission=submission, phone=form.cleaned_data["phone"])
    return visit.go(visit.next_address)


def _is_open(visit: Visit) -> bool:
    return policies.can_start(visit.actor, visit.site, visit.pathway)


def _closed(visit: Visit) -> HttpResponse:
    return visit.show("closed", begun=visit.has(Status.IN_PROGRESS))


def _show(visit: Visit) -> HttpResponse:
    asked, typed = visit.request.GET, drafts.kept(visit.request, "start")
    version = visit.submission.version if visit.submission else visit.pathway.live_version
    assert version is not None
    return visit.show(
        "start",
        form=StartForm(typed) if typed and "look" in asked else StartForm(initial=typed.dict()),
        lost="lost" in asked and not visit.submission,
        kept="kept" in asked,
        begun=visit.has(Status.IN_PROGRESS),
        sent=visit.has(Status.SUBMITTED),
        minutes=minutes(version.ruleset),
        title=version.ruleset_in(get_language() or "").title,
    )


def minutes(ruleset: RuleSet) -> int:
    """How long it takes, in steps of five: what everybody is asked, and half of what only some are."""
    asked = [question for question in ruleset.questions if question.audience == "patient"]
    always = sum(question.show_if is None for question in asked)
    seconds = SECONDS_A_QUESTION * (always + (len(asked) - always) / 2)
    return max(5, 5 * round(seconds / 60 / 5))
