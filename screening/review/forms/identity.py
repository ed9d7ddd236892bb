"""Correcting by what a patient is known, and how to reach them."""

from __future__ import annotations

from typing import Any

from django import forms

from screening.actions import waiting
from screening.models import Patient, Referral
from screening.policies import Actor
from screening.review.dossier import Dossier
from screening.review.forms.base import TaskForm


class IdentityForm(TaskForm):
    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    date_of_birth = forms.DateField(
        label="Date of birth",
        help_text="The patient opens their page with it.",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control date-field"}, format="%Y-%m-%d"),
    )

    def __init__(self, dossier: Dossier, data: Any = None) -> None:
        super().__init__(dossier, data)
        patient = dossier.referral.patient
        if patient is not None:
            self.initial = {"name": patient.name, "date_of_birth": patient.date_of_birth}

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        said = self.cleaned_data
        waiting.correct_identity(
            actor=actor,
            referral=referral,
            expected_revision=seen,
            name=said["name"],
            date_of_birth=said["date_of_birth"],
        )
        return "The correction is saved; what it said before stays in the history."


class ReachForm(TaskForm):
    """What somebody says on the telephone; on their private page patients do it themselves."""

    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label="E-mail",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    contact_way = forms.ChoiceField(
        label="They prefer",
        choices=[(value, label.capitalize()) for value, label in Patient.ContactWay.choices],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, dossier: Dossier, data: Any = None) -> None:
        super().__init__(dossier, data)
        patient = dossier.referral.patient
        if patient is not None:
            self.initial = {name: getattr(patient, name) for name in self.fields}

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        said = {name: self.cleaned_data[name] for name in self.fields}
        now = waiting.correct_contact(actor=actor, referral=referral, expected_revision=seen, **said)
        return "The correction is saved." if now.revision > seen else "Nothing is different from before."
