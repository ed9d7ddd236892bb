"""Getting in touch with the patient: to talk, or to tell the decision."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from screening.actions import review
from screening.models import Contact, Referral
from screening.policies import Actor
from screening.review.dossier import Dossier
from screening.review.forms.base import TaskForm, words_field

REACHED, TRIED = "reached", "tried"
# Long before or after anything that can have happened; beyond it, clocks of other time zones cannot be worked out.
YEARS = range(2000, 2200)


class MomentForm(TaskForm):
    """How and when, on the clinic's clock."""

    how = forms.ChoiceField(
        label="How",
        choices=[(value, label.capitalize()) for value, label in Contact.How.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you contacted the patient."},
    )
    at = forms.DateTimeField(
        label="When, if not just now",
        help_text="Leave it empty for now.",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = words_field("Note", "For the clinic. The patient does not see it.", rows=2)

    def __init__(self, dossier: Dossier, data: Any = None) -> None:
        super().__init__(dossier, data)
        self.fields["at"].widget.attrs["class"] = "form-control date-field"

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is None:
            return None
        if at.year not in YEARS:
            raise forms.ValidationError("Enter the day and time of the contact.")
        zone = zoneinfo.ZoneInfo(self.dossier.site.time_zone)
        return timezone.make_naive(at).replace(tzinfo=zone)


class ContactForm(MomentForm):
    reached = forms.ChoiceField(
        label="Did you reach the patient?",
        help_text="Only reaching the patient stops the clock.",
        choices=[(REACHED, "Yes, we spoke, met or the letter was received"), (TRIED, "No, I only tried")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you reached the patient."},
    )
    field_order = ("how", "reached", "at", "note")

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        data = self.cleaned_data
        reached = data["reached"] == REACHED
        review.record_contact(
            actor=actor,
            referral=referral,
            expected_revision=seen,
            how=data["how"],
            reached=reached,
            note=data["note"],
            at=data["at"],
        )
        return "Contact recorded: the clock has stopped." if reached else "Attempt recorded: the clock goes on."


class TellForm(MomentForm):
    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        data = self.cleaned_data
        review.tell_patient(
            actor=actor, referral=referral, expected_revision=seen, how=data["how"], note=data["note"], at=data["at"]
        )
        return "The patient was told, sees the decision on their page, and the case is closed."
