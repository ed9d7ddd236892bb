"""Correcting how to reach them; and saying that a name or a date of birth is wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.actions import waiting
from screening.actions.audit import record_read
from screening.intake.known import for_person
from screening.intake.private_forms import ContactForm, CorrectionForm
from screening.intake.views.private.acting import Act
from screening.models import Referral, Submission
from screening.policies import Actor


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def contact(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """Telephone, e-mail, and which of them."""
    actor, patient = Actor.patient(referral.site), referral.patient
    assert patient is not None

    def perform(data: dict[str, Any], seen: int | None) -> str:
        waiting.correct_contact(actor=actor, referral=referral, expected_revision=seen, **data)
        return _("We will use these details from now on.")

    if request.method != "POST":
        record_read(actor=actor, obj=referral, what="contact")
    stored = {"contact_way": patient.contact_way, "phone": patient.phone, "email": patient.email}
    act = Act(request, referral, form=ContactForm, template="contact", perform=perform, initial=stored)
    return act.answer(patient=patient)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(act=True)
def correction(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """A message to the clinic's staff: they are known by these, so nobody changes them alone."""
    actor = Actor.patient(referral.site)

    def perform(data: dict[str, Any], seen: int | None) -> str:
        waiting.ask_correction(actor=actor, referral=referral, expected_revision=None, words=data["words"])
        return _("The clinic has your message. Until they change it, use the date of birth you gave first.")

    if request.method != "POST":
        record_read(actor=actor, obj=referral, what="contact")
    act = Act(request, referral, form=CorrectionForm, template="correction", perform=perform)
    return act.answer(patient=referral.patient, asked=referral.corrections.filter(settled_at=None))
