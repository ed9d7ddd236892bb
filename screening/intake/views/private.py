"""The patient's private page, behind their link, and their answer to a surgeon's question."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions import review
from screening.actions.audit import record_read
from screening.exceptions import ScreeningError
from screening.intake import drafts
from screening.intake.forms import AnswerForm
from screening.intake.result import Result
from screening.models import InformationRequest, Referral, Site
from screening.policies import Actor


def _referral(site: str, token: str) -> Referral | None:
    """The one this link opens at this clinic; a clinic that closed still shows people theirs."""
    clinic = get_object_or_404(Site, slug=site)
    found = Referral.objects.with_token(token).filter(site=clinic)
    return found.select_related("site", "patient", "submission__version").first()


def _unknown(request: HttpRequest, site: str) -> HttpResponse:
    """Someone else's link, an old one, a mistyped one: all the same, and nothing is shown."""
    clinic = Site.objects.filter(slug=site).first()
    return render(request, "intake/unknown_link.html", {"site": clinic}, status=404)


@require_safe
def page(request: HttpRequest, site: str, token: str) -> HttpResponse:
    """The result, where the case is, and what is asked. Every look at it is recorded."""
    referral = _referral(site, token)
    assessment = referral.released_assessment if referral else None
    if referral is None or assessment is None:
        return _unknown(request, site)
    record_read(actor=Actor.patient(referral.site), obj=referral, what="private_page")
    context = {"site": referral.site, "result": Result(referral, assessment), "token": token}
    return render(request, "intake/private.html", {**context, "link": request.build_absolute_uri()})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, site: str, token: str) -> HttpResponse:
    """The open question with a box for the answer; without one, back to the private page."""
    referral = _referral(site, token)
    if referral is None:
        return _unknown(request, site)
    open_question = referral.information_requests.filter(answered_at=None).first()
    if open_question is None:
        return redirect("intake:private", site=site, token=token)
    name = f"answer_{open_question.pk}"
    if request.method == "POST":
        if _send(referral, request):
            drafts.drop(request, name)
            return redirect("intake:private", site=site, token=token)
        drafts.keep(request, name, ["answer"])
        return redirect(f"{request.path}?look=1")
    record_read(actor=Actor.patient(referral.site), obj=referral, what="question")
    typed = drafts.kept(request, name)
    form = AnswerForm(typed) if typed and "look" in request.GET else AnswerForm(initial=typed.dict())
    context = {"site": referral.site, "token": token, "form": form, "question": open_question.question}
    response = render(request, "intake/answer.html", context)
    # Under no-referrer the form's Origin would be "null", which the CSRF check refuses. Other sites learn nothing.
    response["Referrer-Policy"] = "same-origin"
    return response


def _send(referral: Referral, request: HttpRequest) -> bool:
    """Whether the answer can be used. One that comes too late (withdrawn meanwhile) changes nothing and is let go."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return False
    with suppress(ScreeningError):
        review.answer_request(
            actor=Actor.patient(referral.site),
            referral=referral,
            expected_revision=None,
            answer=form.cleaned_data["answer"],
            via=InformationRequest.Via.LINK,
        )
    return True
