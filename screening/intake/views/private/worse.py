"""“It got worse”: the safety questions again, page by page; what they mean is said and done at once.

What was told so far is kept with the session, encrypted. As soon as it raises an alarm it is stored and assessed,
before the rest is asked: nobody who falls silent then is lost.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions import waiting
from screening.actions.audit import record_read
from screening.actions.hurrying import hurried
from screening.agreement import is_urgent
from screening.intake import answers, drafts, urgent
from screening.intake.asking import Asking
from screening.intake.forms import CallBackForm
from screening.intake.known import for_person
from screening.intake.private_forms import RemarkForm
from screening.intake.sent import ASKED
from screening.intake.views.private.acting import actor_of, go, show
from screening.intake.waiting import by
from screening.intake.worse import Worse
from screening.models import Assessment, Referral, Submission

log = logging.getLogger(__name__)
ALARMS = "-told"
"""Beside what was told: the alarms it was stored for already."""


class Telling:
    """One patient's telling, as far as it has come."""

    def __init__(self, request: HttpRequest, referral: Referral, submission: Submission) -> None:
        self.request, self.referral, self.submission = request, referral, submission
        self.draft = f"worse_{referral.pk}"
        self.told = drafts.kept(request, self.draft).copy()

    @property
    def worse(self) -> Worse:
        return Worse(self.submission, self.told)

    @property
    def goes_on(self) -> bool:
        return bool(self.told.getlist(ASKED))

    def add(self, sent: QueryDict, question_ids: list[str]) -> None:
        """What stood on one page, in place of what was told there before."""
        names = [name for name in {*self.told, *sent} if name.partition("-")[0] in question_ids]
        for name in names:
            self.told.setlist(name, [text[: drafts.LONGEST] for text in sent.getlist(name)])
            if name not in sent:
                del self.told[name]
        self.told.setlist(ASKED, list(dict.fromkeys([*self.told.getlist(ASKED), *question_ids])))
        self._keep()

    def know(self, alarms: list[str]) -> None:
        self.told.setlist(ALARMS, [*self.told.getlist(ALARMS), *alarms])
        self._keep()

    def forget(self) -> None:
        drafts.drop(self.request, self.draft)

    def _keep(self) -> None:
        drafts.store(self.request, self.draft, self.told)

    def send(self, worse: Worse, remark: str = "") -> waiting.Worse:
        actor = actor_of(self.request, self.referral)
        return waiting.tell_worse(
            actor=actor, referral=self.referral, answers=worse.given, entered=worse.entered, remark=remark
        )


@for_person(act=True)
@require_safe
def start_worse(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """To the first page, with nothing told yet."""
    Telling(request, referral, submission).forget()
    return go(referral, "worse_page", 1)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def worse(request: HttpRequest, referral: Referral, submission: Submission, number: int) -> HttpResponse:
    """One page of safety questions. Nobody gets past a page that still has something to ask."""
    telling = Telling(request, referral, submission)
    now = telling.worse
    here = now.page(number)
    if here is None or (request.method != "POST" and now.first_open < number):
        return _next(telling, now)
    if request.method == "POST":
        telling.add(request.POST, [question.id for question in here.questions if question.id in now.safety])
        if request.page_language.asked:  # type: ignore[attr-defined]
            return go(referral, "worse_page", number)
        return _saved(telling, number)
    record_read(actor=actor_of(request, referral), obj=referral, what="worse")
    form = now.form(here)
    steps = len(now.pages) + 1
    return show(request, referral, "worse", page=here, form=form, number=number, steps=steps)


def _saved(telling: Telling, number: int) -> HttpResponse:
    worse = telling.worse
    if alarms := worse.new_alarms(telling.told.getlist(ALARMS)):
        return _alarmed(telling, worse, alarms)
    here = worse.page(number)
    if here and worse.open_on(here):
        return go(telling.referral, "worse_page", number)
    return go(telling.referral, "worse_page", number + 1) if worse.page(number + 1) else _next(telling, worse)


def _alarmed(telling: Telling, worse: Worse, alarms: list[str]) -> HttpResponse:
    """Stored and assessed before anything else. Where nothing can be stored, an emergency is one all the same."""
    try:
        with hurried():
            found = telling.send(worse)
    except DatabaseError as error:
        log.warning("that it got worse could not be saved: %s", type(error).__name__)
        as_told = worse.as_told
        if not urgent.would_stop(as_told):
            raise
        return _emergency_unsaved(telling, as_told)
    telling.know(alarms)
    return go(telling.referral, "worse_emergency" if found.stop else "worse_told")


def _emergency_unsaved(telling: Telling, as_told: Submission) -> HttpResponse:
    """With everything that was sent in hidden boxes, to be sent once more."""
    request = telling.request
    # Sessions are stored there as well.
    request.session.modified = False
    unkept = [(name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
    return _emergency_page(request, telling.referral, as_told, form=None, not_kept=True, unkept=unkept, status=503)


def _next(telling: Telling, worse: Worse) -> HttpResponse:
    if worse.first_open <= len(worse.pages):
        return go(telling.referral, "worse_page", worse.first_open)
    return go(telling.referral, "worse_end")


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def worse_end(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """What changed, in their own words, and sending it all."""
    telling = Telling(request, referral, submission)
    worse, draft = telling.worse, f"{telling.draft}_remark"
    if not telling.goes_on and request.method == "POST":
        # Sent a moment ago: a second press, or another window.
        return go(referral, "worse_told")
    if worse.first_open <= len(worse.pages):
        return _next(telling, worse)
    typed = drafts.kept(request, draft)
    if request.method != "POST":
        form = RemarkForm(typed) if typed and "look" in request.GET else RemarkForm(initial=typed.dict())
        steps = len(worse.pages) + 1
        return show(request, referral, "worse_end", form=form, steps=steps, back=len(worse.pages))
    form = RemarkForm(request.POST)
    if not form.is_valid():
        drafts.keep(request, draft, ["remark"])
        return redirect(f"{request.path}?look=1")
    found = telling.send(worse, form.cleaned_data["remark"])
    telling.forget()
    drafts.drop(request, draft)
    return go(referral, "worse_emergency" if found.stop else "worse_told")


@for_person
@require_safe
def told(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """What it means that they told, at once: what to do now, or thanks and by when somebody looks at it."""
    made = submission.assessments.filter(cause=Assessment.Cause.WORSE).order_by("-number").first()
    if made is None:
        return go(referral, "private")
    if made.pk == referral.assessment_id and _stops(made):
        return go(referral, "worse_emergency")
    ruleset, telling = made.version.ruleset, Telling(request, referral, submission)
    fired = [ruleset.rule(rule_id) for rule_id in made.read_outcome().fired]
    pressing = [rule.id for rule in fired if rule.disposition and is_urgent(ruleset, rule.disposition)]
    worse = telling.worse
    return show(
        request,
        referral,
        "worse_told",
        alarms=urgent.warnings(submission, pressing),
        by=by(referral, timezone.now()),
        late=referral.is_late(timezone.now()),
        contacted=referral.contacted_at is not None,
        goes_on=telling.goes_on and worse.first_open <= len(worse.pages),
        ends=telling.goes_on,
        number=worse.first_open,
    )


def _stops(made: Assessment) -> bool:
    return made.version.ruleset.disposition(made.disposition).stop_intake


@require_http_methods(["GET", "HEAD", "POST"])
@for_person
def emergency(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """The emergency page, with the form for a call back. Not asked again for the date of birth: minutes count.

    Showing it writes nothing: the number stands there also while nothing can be saved.
    """
    if not _stops(referral.assessment):
        return go(referral, "private")
    if request.method != "POST":
        typed, looks = drafts.kept(request, _call_back(referral)), "look" in request.GET
        phone = typed.get("phone", submission.call_back_phone)
        form = CallBackForm(typed) if typed and looks else CallBackForm(initial={"phone": phone})
        switch = {"keeps": "call-back-form", "draft": _call_back(referral), "enter": "keep"}
        return _emergency_page(request, referral, submission, form=form, **switch)
    try:
        with hurried():
            return _tell_emergency(request, referral)
    except DatabaseError as error:
        log.warning("the emergency page could not save: %s", type(error).__name__)
        request.session.modified = False
        form = CallBackForm(request.POST)
        return _emergency_page(request, referral, submission, form=form, not_kept=True, status=503)


def _tell_emergency(request: HttpRequest, referral: Referral) -> HttpResponse:
    actor = actor_of(request, referral)
    if request.POST.get("do") == "mistake":
        waiting.mistake_on_emergency(actor=actor, referral=referral)
        return go(referral, "worse")
    form = CallBackForm(request.POST)
    if not form.is_valid():
        drafts.keep(request, _call_back(referral), ["phone"])
        return redirect(f"{request.path}?look=1")
    waiting.tell_emergency(actor=actor, referral=referral, **form.cleaned_data)
    drafts.drop(request, _call_back(referral))
    return redirect(f"{request.path}?told=1")


def _emergency_page(
    request: HttpRequest, referral: Referral, submission: Submission, *, status: int = 200, **context: Any
) -> HttpResponse:
    about = {
        "submission": submission,
        "alarm": urgent.emergency(submission),
        "sections": answers.given(Asking.of(submission)),
    }
    response = show(request, referral, "emergency", **about, **context)
    response.status_code = status
    return response


def _call_back(referral: Referral) -> str:
    return f"call_back_{referral.pk}"
