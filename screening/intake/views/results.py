"""What a patient can take along: the options compared, on a page, and letters as PDF in two sizes of print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from screening.actions.audit import record_read
from screening.intake import letter
from screening.intake.known import for_person
from screening.intake.result import Result
from screening.models import Referral, Submission
from screening.policies import Actor


@for_person
@require_safe
def decision(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """The options side by side, what matters to the patient, what to ask. Nothing of it is stored."""
    result = _result(referral, "decision_aid")
    if not result.comparison:
        return redirect("intake:private", referral.site.slug, submission.private_token)
    context = {
        "site": referral.site,
        "token": submission.private_token,
        "result": result,
        "comparison": result.comparison,
    }
    return render(request, "intake/decision.html", context)


@for_person
@require_safe
def decision_pdf(
    request: HttpRequest, referral: Referral, submission: Submission, *, size: int = letter.NORMAL
) -> HttpResponse:
    """The same to print."""
    result = _result(referral, "decision_aid")
    if not result.comparison:
        return redirect("intake:private", referral.site.slug, submission.private_token)
    return _pdf(letter.decision_letter(referral.site, result.comparison, size=size), "options.pdf")


@for_person(act=True)
@require_safe
def result_pdf(
    request: HttpRequest, referral: Referral, submission: Submission, *, size: int = letter.NORMAL
) -> HttpResponse:
    """The result as a letter, with the answers in it: handed out like everything that leaves the page."""
    return _pdf(letter.result_letter(_result(referral, "letter"), size=size), "letter.pdf")


def _result(referral: Referral, what: str) -> Result:
    """What was released to the patient. Every look at it is recorded."""
    record_read(actor=Actor.patient(referral.site), obj=referral, what=what)
    return Result(referral, referral.released_assessment or referral.assessment)


def _pdf(made: bytes, name: str) -> HttpResponse:
    # The name tells nothing: it stays in a list of downloads.
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
