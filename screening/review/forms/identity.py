"""Correcting by what a patient is known."""

from __future__ import annotations

from typing import Any

from django import forms

from screening.actions import waiting
from screening.models import Referral
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
