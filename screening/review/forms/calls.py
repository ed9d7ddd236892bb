"""What staff write about a call-back."""

from __future__ import annotations

from django import forms

from screening.exceptions import FieldErrors
from screening.models import CallBack
from screening.review.forms.base import words_field

REACHED, NO_ANSWER = "reached", "no_answer"


class CallForm(forms.Form):
    """`blame` puts what an action refuses at its field."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="call_%s")  # type: ignore[arg-type]

    def blame(self, errors: FieldErrors) -> None:
        for name, words in errors.fields.items():
            self.add_error(name if name in self.fields else None, words)


class NoteForm(CallForm):
    reached = forms.ChoiceField(
        label="Did you speak to them?",
        choices=[(REACHED, "Yes"), (NO_ANSWER, "No answer")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you spoke to them."},
    )
    note = words_field("Note", "For the clinic. The patient does not see it.", rows=3)


class CloseForm(CallForm):
    ended = forms.ChoiceField(
        label="How did it end?",
        choices=[(value, label.capitalize()) for value, label in CallBack.Ended.choices if value],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ended."},
    )
    note = words_field("Note", "For the clinic. The patient does not see it.", rows=3)
