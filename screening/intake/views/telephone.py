"""Staff screen somebody who calls: they begin here, go through the same pages as everybody, and end the call here.

The caller's answers are open in the browser of whoever is signed in, so they are closed there when the call has ended.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from screening import policies
from screening.actions import intake
from screening.clinicians import for_clinicians
from screening.exceptions import NotOffered
from screening.intake import known, telephone
from screening.intake.telephone_form import CallForm
from screening.intake.views.doors import live
from screening.intake.visit import Visit
from screening.models import Pathway, Submission
from screening.policies import Actor


@require_http_methods(["GET", "HEAD", "POST"])
@for_clinicians
def begin(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A number in case the line breaks, and on to the first question."""
    pathways = [each for each in live(_offered(actor)) if policies.can_start(actor, actor.site, each)]
    if not pathways:
        return _show(request, actor)
    form = CallForm(pathways, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _begun(request, actor, form)
        except NotOffered as refusal:
            form.add_error(None, refusal.message)
    return _show(request, actor, form=form)


def _offered(actor: Actor) -> QuerySet[Pathway]:
    return Pathway.objects.filter(offerings__site=actor.site)


def _begun(request: HttpRequest, actor: Actor, form: CallForm) -> HttpResponse:
    assert actor.site is not None
    submission = intake.start_submission(
        actor=actor,
        site=actor.site,
        pathway=form.pathway,
        filled_by=Submission.FilledBy.OPERATOR,
        language=form.language,
    )
    # Nothing of whoever called before, or of a patient who answered at this computer.
    known.forget(request)
    visit = Visit(request, actor.site, form.pathway)
    visit.take(submission)
    telephone.mark(request, submission)
    if form.cleaned_data["phone"]:
        intake.leave_phone(actor=visit.actor, submission=submission, phone=form.cleaned_data["phone"])
    return visit.go(visit.next_address)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clinicians
def end(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The caller's answers are closed in this browser. Where they were not sent, it says first what becomes of them."""
    assert actor.site is not None
    if not telephone.is_under_way(request):
        return redirect("review:worklist")
    if request.method != "POST":
        return _show(request, actor, template="telephone_end")
    call = telephone.call_of(request, actor.site)
    known.forget(request)
    messages.success(request, "The call has ended. Nobody who uses this browser finds the caller's answers open.")
    referral = getattr(call, "referral", None)
    return redirect("review:case", referral.reference) if referral else redirect("review:worklist")


def _show(request: HttpRequest, actor: Actor, *, template: str = "telephone", **context: Any) -> HttpResponse:
    assert actor.site is not None
    context |= {"clinic": actor.site, "call": telephone.call_of(request, actor.site), "here": "telephone"}
    return render(request, f"review/{template}.html", context)
