"""What every form that does something to a case has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from django import forms

from screening.exceptions import FieldErrors
from screening.models import Referral
from screening.policies import Actor
from screening.review.dossier import Dossier


class Performs:
    """A form on a case page."""

    fields: dict[str, forms.Field]
    add_error: Any
    perform: Callable[[Actor, Referral, int], str]
    """Calls one action and gives the words that say it is done. The number: the revision the person was looking at."""
    typed: Callable[[], Iterator[tuple[str, str]]]
    """What was typed, label and words: shown where the form itself cannot be sent any more."""

    @classmethod
    def again(cls, dossier: Dossier, data: Any) -> Self:
        """The form on a case that changed meanwhile, with what was typed."""
        return cls(dossier, data)  # type: ignore[call-arg]

    def blame(self, errors: FieldErrors) -> None:
        """The errors an action found, each at its field."""
        for name, words in errors.fields.items():
            self.add_error(name if name in self.fields else None, words)


class TaskForm(Performs, forms.Form):
    def __init__(self, dossier: Dossier, data: Any = None) -> None:
        super().__init__(data, auto_id="task_%s")
        self.dossier = dossier

    def typed(self) -> Iterator[tuple[str, str]]:
        for name, field in self.fields.items():
            text = str(self[name].value() or "").strip()
            if text and isinstance(field.widget, forms.Textarea):
                yield str(field.label), text


def words_field(label: str, help_text: str = "", *, rows: int = 3) -> forms.CharField:
    """A box for words. The actions say when it may not be empty."""
    widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
    return forms.CharField(label=label, help_text=help_text, max_length=4000, required=False, widget=widget)
