"""The filters of the worklist, from the address."""

from __future__ import annotations

from typing import Any

from django import forms

from screening.models import Referral
from screening.review.worklist import ANY, NAMELESS, OPEN, Filters

HOLDERS = [("", "Anybody or nobody"), ("mine", "Me"), ("nobody", "Nobody")]
STATUSES = [(OPEN, "Open"), *Referral.Status.choices, (ANY, "All")]


class FilterForm(forms.Form):
    """What is no choice counts as not given."""

    status = forms.ChoiceField(choices=[(value, label.capitalize()) for value, label in STATUSES], required=False)
    disposition = forms.ChoiceField(label="Outcome", required=False)
    holder = forms.ChoiceField(label="With", choices=HOLDERS, required=False)
    origin = forms.ChoiceField(label="How it came", required=False)
    late = forms.BooleanField(label="Late only", required=False)

    def __init__(self, data: Any, *, dispositions: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["disposition"].choices = [("", "All"), *dispositions.items()]
        origins = [(value, label.capitalize()) for value, label in Referral.Origin.choices]
        self.fields["origin"].choices = [("", "All"), *origins, (NAMELESS, "No name yet")]
        for field in self.fields.values():
            look = "form-check-input" if isinstance(field, forms.BooleanField) else "form-select"
            field.widget.attrs["class"] = look

    def filters(self) -> Filters:
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return Filters(**chosen)
