"""The forms of the private page. Each finds everything wrong by itself, in the words the actions have for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.actions.identity import Identity, check_contact
from screening.actions.waiting import LONGEST_REMARK
from screening.exceptions import FieldErrors
from screening.intake.forms import TELEPHONE, Drawn, PlainForm
from screening.models import Patient

TOO_LONG = _("Your text is too long. Make it 4,000 characters or shorter.")


class ActForm(PlainForm):
    """A form of which nothing is required by the browser."""


def words_field(label: Any, help_text: Any = "", *, missing: Any = None, rows: int = 5) -> forms.CharField:
    """A box for words; `missing`: what to do where it may not stay empty."""
    widget = forms.Textarea(attrs={"class": "form-control", "rows": rows})
    field = forms.CharField(label=label, help_text=help_text, required=missing is not None, widget=widget)
    field.error_messages["required"] = missing or ""
    # Not by max_length: the browser would cut a longer text off without a word.
    field.validators.append(_not_too_long)
    return field


def _not_too_long(text: str) -> None:
    if len(text) > LONGEST_REMARK:
        raise forms.ValidationError(TOO_LONG)


class RemarkForm(ActForm):
    remark = words_field(
        _("What has changed?"),
        _("In your own words: what is worse, and since when? You can leave this out."),
    )


class ContactForm(ActForm):
    contact_way = forms.ChoiceField(
        label=_("How may we contact you?"),
        required=False,
        choices=[
            (Patient.ContactWay.PHONE, _("By telephone")),
            (Patient.ContactWay.EMAIL, _("By e-mail")),
            (Patient.ContactWay.EITHER, _("By telephone or e-mail")),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose how we may contact you.")},
    )
    phone = forms.CharField(label=_("Your telephone number"), required=False, widget=forms.TextInput(attrs=TELEPHONE))
    email = forms.CharField(
        label=_("Your e-mail address"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "email", "inputmode": "email"}),
    )

    def arranged(self) -> list[Drawn]:
        return [Drawn("contact_way", kind="choices"), Drawn("phone"), Drawn("email")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = {name: data.get(name, "").strip() for name in ("email", "phone", "contact_way")}
        try:
            check_contact(Identity(name="–", date_of_birth=date.min, **said))
        except FieldErrors as error:
            self.add_errors(FieldErrors({key: words for key, words in error.fields.items() if key not in self.errors}))
        return said


class CorrectionForm(ActForm):
    words = words_field(
        _("What is wrong, and how should it be?"),
        _("For example: My date of birth is 17 5 1980."),
        missing=_("Write what is wrong, and how it should be."),
        rows=3,
    )


class AnswerForm(ActForm):
    answer = words_field(_("Your answer"), missing=_("Write your answer, then send it."))


class WithdrawForm(ActForm):
    note = words_field(_("Would you like to tell us why?"), _("You can leave this out."), rows=3)


class WaitAgainForm(ActForm):
    pass


class KeepForm(ActForm):
    pass


class SureForm(ActForm):
    """Erasing what was never sent: nobody reads why."""

    sure = forms.MultipleChoiceField(
        label=_("Are you sure?"),
        choices=[("yes", _("Yes, I want everything erased. I know that this cannot be undone."))],
        required=True,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick the box if you are sure."),
            "invalid_choice": _("Tick the box if you are sure."),
        },
    )

    def arranged(self) -> list[Drawn]:
        return [Drawn("sure", kind="choices")]


class ErasureForm(SureForm):
    words = words_field(_("Would you like to tell us why?"), _("You can leave this out."), rows=3)
    field_order = ("words", "sure")

    def arranged(self) -> list[Drawn]:
        return [Drawn("words"), *super().arranged()]
