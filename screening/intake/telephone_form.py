"""What staff say before they read out the first question. In English, as all their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings

from screening.actions.identity import looks_like_phone
from screening.intake.forms import TELEPHONE
from screening.models import Pathway

# Each in itself, as patients choose it too.
NAMES = dict(settings.LANGUAGES)


class CallForm(forms.Form):
    """A choice is asked only where there is one: between sets of questions, and between languages."""

    pathway_id = forms.ChoiceField(label="Which questions", widget=forms.RadioSelect)
    language_tag = forms.ChoiceField(
        label="The caller's language", help_text="You read the questions in it.", widget=forms.RadioSelect
    )
    phone = forms.CharField(
        label="The caller's telephone number",
        help_text="In case the line breaks. Staff on call see it if an answer needs help soon.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={**TELEPHONE, "autocomplete": "off"}),
    )

    def __init__(self, pathways: Sequence[Pathway], data: Any = None) -> None:
        super().__init__(data, auto_id="call_%s")
        self.pathways = {each.pk: each for each in pathways}
        tags = dict.fromkeys(tag for each in pathways for tag in _languages(each))
        self._choose("pathway_id", [(each.pk, each.title) for each in pathways])
        self._choose("language_tag", [(tag, str(NAMES.get(tag, tag))) for tag in tags])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        field.choices = choices
        field.initial = choices[0][0]
        if len(choices) == 1:
            field.required = False
            field.widget = forms.HiddenInput()

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not looks_like_phone(phone):
            raise forms.ValidationError("Enter a telephone number with its digits, like 020 7946 0000.")
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "language_tag" not in self.errors and self.language not in _languages(self.pathway):
            self.add_error("language_tag", "These questions are not in that language yet. Choose another one.")
        return data

    @property
    def pathway(self) -> Pathway:
        return self.pathways[self.cleaned_data.get("pathway_id") or self.fields["pathway_id"].initial]

    @property
    def language(self) -> str:
        return self.cleaned_data.get("language_tag") or self.fields["language_tag"].initial


def _languages(pathway: Pathway) -> list[str]:
    """Those in which its questions are offered and the pages around them are there; its own first."""
    version = pathway.live_version
    assert version is not None
    return [tag for tag in version.languages if tag in NAMES or tag == version.ruleset.language]
