"""The surgeon's decision. What agrees with the outcome, agreement.py says; what must be given, the action."""

from __future__ import annotations

from typing import Any

from django import forms

from screening.actions import review
from screening.agreement import agreeing_decision, differs
from screening.models import Referral, Review
from screening.policies import Actor
from screening.review.dossier import Dossier
from screening.review.forms.base import TaskForm, words_field

Decision = Review.Decision
# Only these are about an operation.
WITH_PROCEDURES = (Decision.ACCEPT_MISS, Decision.ACCEPT_TRADITIONAL)


class DecideForm(TaskForm):
    decision = forms.ChoiceField(label="Decision", widget=forms.RadioSelect, required=False)
    procedures = forms.MultipleChoiceField(label="Procedures", widget=forms.CheckboxSelectMultiple, required=False)
    advice = words_field("Advice to the patient", "The patient reads it as you write it, once they are told.")
    reason = words_field(
        "Reason",
        "Needed where your decision differs from the rules. Their owners will read it: "
        "leave out whatever could tell who the patient is.",
    )

    def __init__(self, dossier: Dossier, data: Any = None) -> None:
        super().__init__(dossier, data)
        self.fields["decision"].choices = _decisions(dossier)
        self.fields["procedures"].choices = _procedures(dossier)

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        data = self.cleaned_data
        made = review.decide(
            actor=actor,
            referral=referral,
            expected_revision=seen,
            decision=data["decision"],
            procedures=self.chosen_procedures(),
            advice=data["advice"],
            reason=data["reason"],
        )
        return f"Decided: {made.get_decision_display()}. The patient is not told yet."

    def chosen_procedures(self) -> list[str]:
        """None where the decision is not about an operation: the boxes are then not shown."""
        data = self.cleaned_data
        return data.get("procedures", []) if data.get("decision") in WITH_PROCEDURES else []

    def differs_now(self) -> bool | None:
        """Whether what is chosen so far goes against the outcome; None while nothing is chosen."""
        if not self.is_bound:
            return None
        self.errors  # noqa: B018  (reads what was sent)
        decision, dossier = self.cleaned_data.get("decision"), self.dossier
        if not decision:
            return None
        return differs(dossier.ruleset, dossier.outcome, decision=decision, procedures=self.chosen_procedures())


def _decisions(dossier: Dossier) -> list[tuple[str, str]]:
    agreeing = agreeing_decision(dossier.ruleset, dossier.outcome)
    return [
        (value, f"{label[0].upper()}{label[1:]}" + (" – as the rules say" if value == agreeing else ""))
        for value, label in Decision.choices
        if value
    ]


def _procedures(dossier: Dossier) -> list[tuple[str, str]]:
    outcome = dossier.outcome
    remarks = dict.fromkeys(outcome.supports, " – supported") | dict.fromkeys(outcome.rules_out, " – ruled out")
    return [(one.id, one.label + remarks.get(one.id, "")) for one in dossier.ruleset.procedures]
