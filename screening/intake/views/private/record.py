"""What is held about the patient, to read and to take along; and who opened it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from screening.actions.audit import record_read
from screening.intake.held import held as all_held
from screening.intake.known import for_person
from screening.intake.opened import openings
from screening.intake.views.private.acting import show
from screening.models import Referral, Submission
from screening.policies import Actor


@for_person(act=True)
@require_safe
def held(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """As a page, to read and to print."""
    record_read(actor=Actor.patient(referral.site), obj=referral, what="held")
    return show(request, referral, "held", held=all_held(referral, timezone.now()))


@for_person(act=True)
@require_safe
def download(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """As a file that programs read."""
    record_read(actor=Actor.patient(referral.site), obj=referral, what="download")
    data = all_held(referral, timezone.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{referral.reference}.json"'
    return response


@for_person(act=True)
@require_safe
def opened(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """Who opened the record, in which role and when. Looking at that is a look as well."""
    record_read(actor=Actor.patient(referral.site), obj=referral, what="readers")
    return show(request, referral, "opened", openings=openings(referral))
