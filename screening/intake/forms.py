"""The intake's forms that are no questions: a telephone number, who you are. For the private page: private_forms.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.actions.identity import Identity, looks_like_phone
from screening.exceptions import FieldErrors
from screening.forms.dates import read_date
from screening.forms.numbers import NotUnderstood
from screening.models import Submission

BIRTH_PARTS = ("date_of_birth", "birth_month", "birth_year")
HELPED_LABELS = {
    "name": gettext_lazy("The full name of the person you help"),
    "date_of_birth": gettext_lazy("The date of birth of the person you help"),
    "contact_way": gettext_lazy("How may we contact the person you help?"),
    "phone": gettext_lazy("Their telephone number, or yours if you take calls for them"),
    "email": gettext_lazy("Their e-mail address, or yours if you read e-mails for them"),
    "consent": gettext_lazy("Does the person you help agree?"),
}
TELEPHONE = {"class": "form-control", "autocomplete": "tel", "inputmode": "tel", "type": "tel"}


class Drawn(LayoutObject):
    """A field drawn by the same components as the questions."""

    def __init__(self, name: str, **context: Any) -> None:
        self.name, self.context = name, context
        self.fields: list[str] = []

    def render(self, form: forms.Form, context: Any = None, template_pack: Any = None, **more: Any) -> SafeString:
        boxes = {key: form[value] for key, value in self.context.get("boxes", {}).items()}
        drawn = {"field": form[self.name], "kind": self.context.get("kind"), **boxes}
        template = "_components/date_question.html" if "month" in boxes else "_components/question.html"
        return render_to_string(template, drawn)


class PlainForm(forms.Form):
    """Errors come from here and from the actions, in the same words at the field and in the summary."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.arranged())

    def arranged(self) -> list[Drawn]:
        return [Drawn(name) for name in self.fields]

    def add_errors(self, error: FieldErrors) -> None:
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)


class PhoneForm(PlainForm):
    """A number in case the line breaks."""

    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        required=False,
        widget=forms.TextInput(attrs=TELEPHONE),
        help_text=gettext_lazy(
            "You can leave this out. We only use it if an answer needs help soon and we lose touch with you."
        ),
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not looks_like_phone(phone):
            raise forms.ValidationError(_("Enter a telephone number with its digits, like 020 7946 0000."))
        return phone


class CallBackForm(PhoneForm):
    """On the emergency page. `do` is the button: keep the number, have called, can't call."""

    do = forms.CharField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].help_text = _("The clinic may use it. Do not wait for a call.")

    def arranged(self) -> list[Drawn]:
        return [Drawn("phone")]

    def clean(self) -> dict[str, Any]:
        """As `tell_emergency` takes it."""
        data = super().clean() or {}
        said = data.get("do", "")
        return {"said": said if said in Submission.Said.values else "", "phone": data.get("phone", "")}


class BirthForm(PlainForm):
    """A day in three boxes. `born` is what was typed; None where it cannot be one, or nothing was typed nor needed."""

    date_of_birth = forms.CharField(
        label=gettext_lazy("Your date of birth"), required=False, help_text=gettext_lazy("For example, 17 5 1980")
    )
    birth_month = forms.CharField(label=gettext_lazy("Month"), required=False)
    birth_year = forms.CharField(label=gettext_lazy("Year"), required=False)
    is_birth_needed = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.born: date | None = None
        for name in BIRTH_PARTS:
            self.fields[name].widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"})

    def arranged(self) -> list[Drawn]:
        day, month, year = BIRTH_PARTS
        return [Drawn(day, boxes={"month": month, "year": year})]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = [data.get(name, "") for name in BIRTH_PARTS]
        if any(parts) or self.is_birth_needed:
            self._read_birth(parts)
        return data

    def _read_birth(self, parts: list[str]) -> None:
        try:
            self.born = read_date(parts)
        except NotUnderstood as error:
            words = error.words if any(parts) else _("Enter your date of birth, like 17 5 1980.")
            self.add_error(BIRTH_PARTS[0], words)


class IdentityForm(BirthForm):
    """Who you are, how to reach you, and that you agree. `helps`: somebody fills it in for the patient."""

    name = forms.CharField(
        label=gettext_lazy("Your full name"),
        required=False,
        max_length=200,
        error_messages={"max_length": gettext_lazy("Write your name with 200 letters or fewer.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )
    contact_way = forms.ChoiceField(
        label=gettext_lazy("How may we contact you?"),
        required=False,
        choices=[
            ("phone", gettext_lazy("By telephone")),
            ("email", gettext_lazy("By e-mail")),
            ("either", gettext_lazy("By telephone or e-mail")),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose how we may contact you.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        required=False,
        widget=forms.TextInput(attrs=TELEPHONE),
    )
    email = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "email", "inputmode": "email"}),
    )
    consent = forms.MultipleChoiceField(
        label=gettext_lazy("Do you agree?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Tick the box if you agree.")},
    )

    field_order = ("name", *BIRTH_PARTS)

    def __init__(self, *args: Any, consent_text: str, helps: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        consent = self.fields["consent"]
        assert isinstance(consent, forms.MultipleChoiceField)
        consent.choices = [("yes", consent_text)]
        for name, token in zip(BIRTH_PARTS, ("day", "month", "year"), strict=True):
            self.fields[name].widget.attrs["autocomplete"] = f"bday-{token}"
        if helps:
            self._ask_about_another()

    def _ask_about_another(self) -> None:
        """Nor may the browser fill in what it knows of the person who helps."""
        for name, label in HELPED_LABELS.items():
            self.fields[name].label = label
        for name in ("name", "phone", "email", *BIRTH_PARTS):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def arranged(self) -> list[Drawn]:
        return [
            Drawn("name"),
            *super().arranged(),
            Drawn("contact_way", kind="choices"),
            Drawn("phone"),
            Drawn("email"),
            Drawn("consent", kind="choices"),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("consent"):
            self._errors.setdefault("consent", self.error_class([_("Tick the box if you agree.")]))
        return data

    def identity(self, *, otherwise: date) -> Identity:
        """As the actions take it; `otherwise` stands in for a date of birth that cannot be read."""
        data = {name: self.data.get(name, "").strip() for name in ("name", "email", "phone", "contact_way")}
        return Identity(date_of_birth=self.born or otherwise, **data)

    def add_errors(self, error: FieldErrors) -> None:
        """One thing to do for each field: what was found here first stays."""
        super().add_errors(FieldErrors({key: words for key, words in error.fields.items() if key not in self.errors}))
