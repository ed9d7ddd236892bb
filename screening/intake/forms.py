"""The intake's forms that are not questions of a rule set: a telephone number, who you are, an answer to a surgeon."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from screening.actions.identity import Identity, looks_like_phone
from screening.exceptions import FieldErrors
from screening.intake.numbers import Unreadable, read_date
from screening.models import Patient, Submission

LONGEST_ANSWER = 4_000
TELEPHONE = {"class": "form-control", "autocomplete": "tel", "inputmode": "tel", "type": "tel"}


class Drawn(LayoutObject):
    """A field drawn by the same components as the questions."""

    def __init__(self, name: str, **context: Any) -> None:
        self.name, self.context = name, context
        self.fields: list[str] = []

    def render(self, form: forms.Form, context: Any = None, template_pack: Any = None, **_: Any) -> SafeString:
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
        label="Your telephone number",
        required=False,
        widget=forms.TextInput(attrs=TELEPHONE),
        help_text="You can leave this out. We only use it if an answer needs help soon and we lose touch with you.",
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not looks_like_phone(phone):
            raise forms.ValidationError("Enter a telephone number with its digits, like 020 7946 0000.")
        return phone


class CallBackForm(PhoneForm):
    """On the emergency page. `do` is the button: keep the number, have called, can't call."""

    do = forms.CharField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].help_text = "The clinic may use it. Do not wait for a call."

    def arranged(self) -> list[Drawn]:
        return [Drawn("phone")]

    def clean(self) -> dict[str, Any]:
        """As `tell_emergency` takes it."""
        data = super().clean() or {}
        said = data.get("do", "")
        return {"said": said if said in Submission.Said.values else "", "phone": data.get("phone", "")}


class IdentityForm(PlainForm):
    """Who you are, how to reach you, and that you agree."""

    name = forms.CharField(
        label="Your full name",
        required=False,
        max_length=200,
        error_messages={"max_length": "Write your name with 200 letters or fewer."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )
    date_of_birth = forms.CharField(label="Your date of birth", required=False, help_text="For example, 17 5 1980")
    birth_month = forms.CharField(label="Month", required=False)
    birth_year = forms.CharField(label="Year", required=False)
    contact_way = forms.ChoiceField(
        label="How may we contact you?",
        required=False,
        choices=[("phone", "By telephone"), ("email", "By e-mail"), ("either", "By telephone or e-mail")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose how we may contact you."},
    )
    phone = forms.CharField(
        label="Your telephone number", required=False, widget=forms.TextInput(attrs=TELEPHONE), help_text=""
    )
    email = forms.CharField(
        label="Your e-mail address",
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "email", "inputmode": "email"}),
    )
    consent = forms.MultipleChoiceField(
        label="Do you agree?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Tick the box if you agree."},
    )

    def __init__(self, *args: Any, consent_text: str, **options: Any) -> None:
        super().__init__(*args, **options)
        consent = self.fields["consent"]
        assert isinstance(consent, forms.MultipleChoiceField)
        consent.choices = [("yes", consent_text)]
        for name, token in (("date_of_birth", "day"), ("birth_month", "month"), ("birth_year", "year")):
            attrs = {"class": "form-control", "inputmode": "numeric", "autocomplete": f"bday-{token}"}
            self.fields[name].widget = forms.TextInput(attrs=attrs)

    def arranged(self) -> list[Drawn]:
        return [
            Drawn("name"),
            Drawn("date_of_birth", boxes={"month": "birth_month", "year": "birth_year"}),
            Drawn("contact_way", kind="choices"),
            Drawn("phone"),
            Drawn("email"),
            Drawn("consent", kind="choices"),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.birth = self._birth(data)
        if not data.get("consent"):
            self._errors.setdefault("consent", self.error_class(["Tick the box if you agree."]))
        return data

    def _birth(self, data: dict[str, Any]) -> date | None:
        parts = [data.get(name, "") for name in ("date_of_birth", "birth_month", "birth_year")]
        try:
            return read_date(parts)
        except Unreadable as error:
            words = "Enter your date of birth, like 17 5 1980." if not any(parts) else error.words
            self.add_error("date_of_birth", words)
            return None

    def identity(self, *, otherwise: date) -> Identity:
        """As the actions take it; `otherwise` stands in for a date of birth that cannot be read."""
        data = {name: self.data.get(name, "").strip() for name in ("name", "email", "phone", "contact_way")}
        return Identity(date_of_birth=self.birth or otherwise, **data)

    def add_errors(self, error: FieldErrors) -> None:
        """One thing to do for each field: what was found here first stays."""
        super().add_errors(FieldErrors({key: words for key, words in error.fields.items() if key not in self.errors}))


class AnswerForm(PlainForm):
    """The answer to a surgeon's question."""

    answer = forms.CharField(
        label="Your answer",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6}),
        error_messages={"required": "Write your answer, then send it."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # The browser would cut a longer text off without a word; we say so instead.
        del self.fields["answer"].widget.attrs["maxlength"]
        words = f"Your answer is too long. Make it {LONGEST_ANSWER:,} characters or shorter."
        self.fields["answer"].error_messages["max_length"] = words
        self.fields["answer"].validators[0].message = words


def contact_words(patient: Patient | None) -> str:
    """How we get in touch, without the address itself."""
    if patient is None:
        return ""
    return {"phone": "by telephone", "email": "by e-mail"}.get(patient.contact_way, "by telephone or e-mail")
