"""The private page itself, and the answer to a surgeon's question."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions import review
from screening.actions.audit import record_read
from screening.actions.erasing import request_of
from screening.intake.known import for_person
from screening.intake.private_forms import AnswerForm
from screening.intake.result import Result
from screening.intake.views.private.acting import Act, go, show
from screening.intake.waiting import steps
from screening.models import InformationRequest, Referral, Submission
from screening.policies import Actor, actions_open_to


@for_person
@require_safe
def page(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """The result, where the case is, what is asked and what can be done. Every look at it is recorded."""
    assessment = referral.released_assessment or referral.assessment
    actor, result = Actor.patient(referral.site), Result(referral, assessment)
    record_read(actor=actor, obj=referral, what="private_page")
    return show(
        request,
        referral,
        "private",
        result=result,
        steps=steps(referral),
        can=actions_open_to(actor, referral),
        erasure=request_of(referral),
        link=request.build_absolute_uri(request.path),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def answer(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """The open question with a box for the answer; without one, back to the private page."""
    asked = referral.information_requests.filter(answered_at=None).last()
    if asked is None or "answer_request" not in actions_open_to(Actor.patient(referral.site), referral):
        return go(referral, "private")
    if request.method != "POST":
        record_read(actor=Actor.patient(referral.site), obj=referral, what="question")

    def perform(data: dict[str, Any], seen: int | None) -> str:
        review.answer_request(
            actor=Actor.patient(referral.site),
            referral=referral,
            expected_revision=None,
            answer=data["answer"],
            via=InformationRequest.Via.LINK,
        )
        return _("Thank you. The surgeon has your answer now.")

    act = Act(request, referral, form=AnswerForm, template="answer", perform=perform, about=asked.pk)
    return act.answer(question=asked.question)
