"""Taking the answers back, changing one's mind about it, and having everything erased, also what was never sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from screening.actions import erasing, erasing_unsent, review, waiting
from screening.intake import drafts
from screening.intake.known import for_person
from screening.intake.private_forms import ErasureForm, KeepForm, SureForm, WaitAgainForm, WithdrawForm
from screening.intake.views.private.acting import Act, address, go
from screening.models import Referral, Submission
from screening.policies import Actor, can_referral_action

ASKED = gettext_lazy("The clinic has your request. You will find their answer here.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def withdraw(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """Are you sure, what happens then, and why if they want to say it."""
    actor = Actor.patient(referral.site)

    def perform(data: dict[str, Any], seen: int | None) -> str:
        review.withdraw(actor=actor, referral=referral, expected_revision=seen, note=data["note"])
        return _("You took your answers back. Nobody will contact you about them.")

    if request.method != "POST" and not can_referral_action(actor, referral, "withdraw"):
        return go(referral, "private")
    return Act(request, referral, form=WithdrawForm, template="withdraw", perform=perform).answer()


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def wait_again(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """They want an answer after all."""
    actor = Actor.patient(referral.site)

    def perform(data: dict[str, Any], seen: int | None) -> str:
        waiting.come_back(actor=actor, referral=referral, expected_revision=seen)
        return _("Your answers wait for a clinician again.")

    if request.method != "POST" and not can_referral_action(actor, referral, "come_back"):
        return go(referral, "private")
    return Act(request, referral, form=WaitAgainForm, template="wait_again", perform=perform).answer()


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True, unfinished=True)
def erasure(request: HttpRequest, referral: Referral | None, submission: Submission) -> HttpResponse:
    """Asking once more after a refusal is possible; asking twice is asking once."""
    if referral is None or submission.status != Submission.Status.SUBMITTED:
        return _unsent(request, submission)
    actor = Actor.patient(referral.site)

    def perform(data: dict[str, Any], seen: int | None) -> str:
        erasing.ask_erasure(actor=actor, referral=referral, expected_revision=None, words=data["words"])
        return str(ASKED)

    asked = erasing.request_of(referral)
    if asked is not None and asked.status in erasing.OPEN:
        return _asked(request, referral, actor)
    return Act(request, referral, form=ErasureForm, template="erasure", perform=perform).answer(asked=asked)


def _asked(request: HttpRequest, referral: Referral, actor: Actor, *, unsent: bool = False) -> HttpResponse:
    """As long as nothing is erased, they may change their mind."""

    def perform(data: dict[str, Any], seen: int | None) -> str:
        if "keep" in request.POST:
            erasing.keep_after_all(actor=actor, referral=referral)
            return _("You took your request back. We keep your data.")
        return str(ASKED)

    then = "erasure" if unsent else "private"
    act = Act(request, referral, form=KeepForm, template="erasure_asked", perform=perform, then=then)
    return act.answer(unsent=unsent, link=request.build_absolute_uri(address(referral, "private")))


# What was never sent ------------------------------------------------------------------------------------------------


def _unsent(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Gone at once where nobody else would ever see it; else the clinic is asked, and answers on this very page."""
    asked = erasing_unsent.request_of(submission)
    if asked is not None and asked.status in erasing.OPEN:
        return _asked(request, submission.referral, Actor.patient(submission.site), unsent=True)
    asks = erasing_unsent.needs_the_clinic(submission)
    form, perform = (ErasureForm, _ask_clinic) if asks else (SureForm, _erase)
    act = Act(
        request,
        submission,
        form=form,
        template="erasure_unsent",
        perform=lambda data, seen: perform(request, submission, data),
        then="erasure",
    )
    return act.answer(asks=asks, asked=asked)


def _ask_clinic(request: HttpRequest, submission: Submission, data: dict[str, Any]) -> str:
    actor = Actor.patient(submission.site)
    erasing_unsent.ask_for_unsent(actor=actor, submission=submission, words=data["words"])
    return str(ASKED)


def _erase(request: HttpRequest, submission: Submission, data: dict[str, Any]) -> str:
    erasing_unsent.erase_unsent(actor=Actor.patient(submission.site), submission=submission)
    # What was typed and not saved is in this browser's session.
    drafts.drop_all(request)
    return _("Your answers are erased.")
