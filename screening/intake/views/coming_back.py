"""Coming back: by the code that was written down, or by the private link of answers that were not sent yet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.actions import access, moving
from screening.exceptions import TooManyTries
from screening.intake import drafts, known
from screening.intake.access import BIRTH_PARTS, CodeForm
from screening.intake.known import for_person, send_from_here
from screening.intake.network import network_of
from screening.intake.views.doors import live, speak
from screening.intake.visit import Visit
from screening.models import Pathway, Referral, Site, Submission
from screening.policies import Actor

Status = Submission.Status
TYPED = "come_back"


@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest, site: str) -> HttpResponse:
    """A code, and for answers that were sent the date of birth. One that is wrong says nothing about either."""
    clinic = get_object_or_404(Site, slug=site)
    if request.method != "POST":
        return _ask_code(request, clinic)
    drafts.keep(request, TYPED, ["typed_code", *BIRTH_PARTS])
    form = CodeForm(request.POST)
    found = _opened(request, clinic, form) if form.is_valid() else None
    if found is None:
        return redirect(f"{request.path}?look=1")
    drafts.drop(request, TYPED)
    if found.status == Status.SUBMITTED:
        known.remember(request, found)
    return _go_on(request, found)


def _opened(request: HttpRequest, clinic: Site, form: CodeForm) -> Submission | None:
    who = {"actor": Actor.patient(clinic), "site": clinic, "network": network_of(request)}
    try:
        return access.try_code(**who, code=form.code, born=form.born)
    except TooManyTries:
        return None


def _ask_code(request: HttpRequest, clinic: Site) -> HttpResponse:
    typed = drafts.kept(request, TYPED)
    speak(request, live(Pathway.objects.filter(offerings__site=clinic)))
    form = CodeForm(typed) if typed and "look" in request.GET else CodeForm(initial=typed.dict())
    code = form.code if form.is_valid() else ""
    until = access.locked_until(about=code, network=network_of(request))
    if code and not until:
        form.add_error("typed_code", _("This code and date of birth open nothing. Check both, then try again."))
    context = {"site": clinic, "form": form, "until": until and known.words_until(clinic, until)}
    return render(request, "intake/come_back.html", context | {"left": "left" in request.GET})


@for_person(unfinished=True)
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, referral: Referral | None, submission: Submission) -> HttpResponse:
    """Before this browser works on what the link opens: a link that somebody sent should not take it over unasked."""
    if submission.status == Status.IN_PROGRESS and request.method != "POST":
        return _ask_to_go_on(request, submission)
    if submission.status == Status.IN_PROGRESS:
        access.come_back(actor=Actor.patient(submission.site), submission=submission)
    return _go_on(request, submission)


def _ask_to_go_on(request: HttpRequest, submission: Submission) -> HttpResponse:
    visit = Visit(request, submission.site, submission.pathway)
    if visit.submission == submission:
        return visit.go(visit.next_address)
    context = {
        "site": submission.site,
        "begun_at": submission.site.local(submission.started_at),
        "changed": moving.newer_version(submission) is not None,
        "other": visit.has(Status.IN_PROGRESS),
        "token": submission.private_token,
        "erasure": known.wanted_gone(submission),
    }
    return send_from_here(render(request, "intake/go_on.html", context))


def _go_on(request: HttpRequest, submission: Submission) -> HttpResponse:
    visit = Visit(request, submission.site, submission.pathway)
    visit.take(submission)
    return visit.go(visit.elsewhere() or visit.next_address)
