"""Forms of the ways in and back: who fills it in, where to send the link, a code, a date of birth."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.intake.forms import BIRTH_PARTS, BirthForm, Drawn, PhoneForm, PlainForm
from screening.models import Submission
from screening.models.access import CODE_LENGTH, read_code

FilledBy = Submission.FilledBy


class StartForm(PhoneForm):
    """Nothing here is needed: whoever needs help soon gets to the questions at once."""

    filled_by = forms.ChoiceField(
        label=_("Who is filling this in?"),
        required=False,
        choices=[
            (FilledBy.SELF, _("I am, for myself")),
            (FilledBy.RELATIVE, _("A relative or friend")),
            (FilledBy.STAFF, _("A nurse, doctor or carer")),
            (FilledBy.OPERATOR, _("A telephone operator")),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose who is filling this in.")},
    )
    field_order = ("filled_by", "phone")

    def arranged(self) -> list[Drawn]:
        return [Drawn("filled_by", kind="choices"), Drawn("phone")]


class EmailForm(PlainForm):
    """Where to send the private link."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        required=False,
        max_length=300,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "email", "inputmode": "email", "type": "email"}
        ),
    )


class CodeForm(BirthForm):
    """A code, and the date of birth of those who sent their answers. `code` is read as kindly as can be."""

    typed_code = forms.CharField(
        label=_("Your code"),
        required=False,
        max_length=100,
        help_text=_("It has 10 letters and numbers, like 7K3M-9QX-T2A. Small letters and spaces do not matter."),
        widget=forms.TextInput(
            attrs={
                "class": "form-control code-box",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"max_length": _("Enter the 10 letters and numbers of your code.")},
    )
    field_order = ("typed_code", *BIRTH_PARTS)
    is_birth_needed = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[BIRTH_PARTS[0]].help_text = _("Only if you have already sent your answers. For example, 17 5 1980")

    def arranged(self) -> list[Drawn]:
        return [Drawn("typed_code"), *super().arranged()]

    def clean_typed_code(self) -> str:
        self.code = read_code(self.cleaned_data["typed_code"])
        if len(self.code) != CODE_LENGTH:
            raise forms.ValidationError(_("Enter the 10 letters and numbers of your code."))
        return self.code
