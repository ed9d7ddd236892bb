"""What stands on top of a form that was sent back: "There is a problem", and a way to each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.forms.models import BaseInlineFormSet
from django.forms.utils import ErrorList
from django.utils.html import strip_tags
from django.utils.text import capfirst


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the id to go to, empty where it is about the whole form; whose it is; the words."""

    target: str
    label: str
    words: str

    @property
    def lead(self) -> str:
        """The label before the words: a question needs no colon."""
        return f"{self.label} " if self.label.endswith(("?", ":")) else f"{self.label}: "


def faults(*forms: BaseForm, inlines: Iterable[BaseInlineFormSet] = ()) -> list[Fault]:
    """Everything that is wrong, in the order of the page."""
    found = [fault for form in forms if form.is_bound for fault in _of_form(form)]
    return found + [fault for inline in inlines if inline.is_bound for fault in _of_inline(inline)]


def _of_form(form: BaseForm, whose: str = "", place: str = "") -> Iterator[Fault]:
    yield from _said(form.non_field_errors(), place, whose)
    for field in form:
        label = capfirst(str(field.label))
        yield from _said(field.errors, _target(field), f"{whose}, {label}" if whose else label)


def _of_inline(inline: BaseInlineFormSet) -> Iterator[Fault]:
    name = str(inline.model._meta.verbose_name)
    yield from _said(inline.non_form_errors(), f"{inline.prefix}-group", capfirst(f"{name}s"))
    for number, form in enumerate(inline.forms, 1):
        yield from _of_form(form, f"{capfirst(name)} {number}", form.prefix)


def _said(errors: ErrorList, target: str, label: str) -> Iterator[Fault]:
    # A word of an expression may be marked in it; in a link it is only a word.
    yield from (Fault(target, label, unescape(strip_tags(str(words)))) for words in errors)


def _target(field: BoundField) -> str:
    """The field, or the first of its boxes."""
    return field.id_for_label or f"{field.auto_id}_0"


def summary(context: dict[str, Any]) -> dict[str, Any]:
    """For a page that Django's admin makes: in the place of its own line, which leads nowhere."""
    inlines = [inline.formset for inline in context.get("inline_admin_formsets", ())]
    return {"faults": faults(context["adminform"].form, inlines=inlines), "errors": None}
