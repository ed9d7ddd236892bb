"""Taking the answers back, changing one's mind about it, and asking that everything is erased."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.actions import erasing, review, waiting
from screening.intake.known import for_person
from screening.intake.private_forms import ErasureForm, KeepForm, WaitAgainForm, WithdrawForm
from screening.intake.views.private.acting import Act, go
from screening.models import Referral, Submission
from screening.policies import Actor, can_referral_action


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
@for_person(act=True)
def erasure(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """Asking once more after a refusal is possible; asking twice is asking once."""
    actor = Actor.patient(referral.site)

    def perform(data: dict[str, Any], seen: int | None) -> str:
        erasing.ask_erasure(actor=actor, referral=referral, expected_revision=None, words=data["words"])
        return _("The clinic has your request. You will find their answer here.")

    asked = erasing.request_of(referral)
    if asked is not None and asked.status in erasing.OPEN:
        return _asked(request, referral, actor)
    return Act(request, referral, form=ErasureForm, template="erasure", perform=perform).answer(asked=asked)


def _asked(request: HttpRequest, referral: Referral, actor: Actor) -> HttpResponse:
    """As long as nothing is erased, they may change their mind."""

    def perform(data: dict[str, Any], seen: int | None) -> str:
        if "keep" in request.POST:
            erasing.keep_after_all(actor=actor, referral=referral)
            return _("You took your request back. We keep your data.")
        return _("The clinic has your request. You will find their answer here.")

    return Act(request, referral, form=KeepForm, template="erasure_asked", perform=perform).answer()
