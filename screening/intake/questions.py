"""The questions of a page as a form: which boxes, what stands in them, how each is drawn. Reading is in entry.py."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from screening.forms import body
from screening.forms.units import number_words, parts_of, unit_words
from screening.intake import words
from screening.intake.asking import Asking
from screening.intake.entry import SECOND, THIRD, UNIT, UNSURE, understood
from screening.rules.answers import DONT_KNOW
from screening.rules.ruleset import Question
from screening.rules.units import PARTS

LONG_TEXT = 300
"""A text that may be longer gets a box of several lines."""


class QuestionsForm(forms.Form):
    """Shows what is stored, also what could not be accepted, each with its problem.

    It is never filled from a request: what was sent is stored first, then shown from there.
    """

    def __init__(self, asking: Asking, shown: Collection[Question], *, with_problems: bool = True) -> None:
        super().__init__(auto_id="q-%s")
        self.asking = asking
        self.shown = {question.id: question for question in shown}
        for question in shown:
            self.fields.update(_fields(question, asking.answers.get(question.id), asking.entered.get(question.id)))
        problems = asking.problems(shown) if with_problems else {}
        self._errors = ErrorDict({key: self.error_class([text]) for key, text in problems.items()})

    def arranged(self, questions: Collection[Question]) -> QuestionsForm:
        """With a place for each of these questions; empty where it is not asked now."""
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Slot(question) for question in questions))
        return self

    @property
    def summary(self) -> list[tuple[str, str]]:
        """For the error summary: where to go and what to do, each naming its question."""
        return [
            (_first_box(self.shown[key], self), f"{self.shown[key].text} {' '.join(errors)}")
            for key, errors in self.errors.items()
        ]


class Slot(LayoutObject):
    """The place of one question on its page. It is there even while the question is not, so that one can appear."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.fields: list[str] = []

    def render(self, form: QuestionsForm, context: Any = None, template_pack: Any = None, **more: Any) -> SafeString:
        return render_slot(form, self.question)


def render_slot(form: QuestionsForm, question: Question, *, swap: bool = False) -> SafeString:
    """`swap`: as an answer to htmx, in place of the one on the page."""
    drawn = {**_drawing(form, question), **_told(form, question)} if question.id in form.shown else {}
    return render_to_string("intake/_slot.html", {"question": question, "swap": swap, **drawn})


def _told(form: QuestionsForm, question: Question) -> dict[str, Any]:
    """What was understood; with a place for it where something is typed."""
    if question.type not in ("number", "date") or words.is_scale(question):
        return {}
    asking = form.asking
    told = understood(question, asking.answers.get(question.id), asking.entered.get(question.id))
    return {"tells_understood": True, "understood": told}


def _first_box(question: Question, form: forms.Form) -> str:
    auto_id = form[question.id].auto_id
    if question.type == "date":
        return auto_id
    return form[question.id].id_for_label or f"{auto_id}_0"


def _drawing(form: forms.Form, question: Question) -> dict[str, Any]:
    """The context of _components/question.html, or of date.html."""
    box = form[question.id]
    if question.type == "date":
        return {"field": box, "date": True, "month": form[question.id + SECOND], "year": form[question.id + THIRD]}
    if words.is_scale(question):
        return {"field": box, "kind": "scale"}
    if body.has_picture(question):
        return {"field": box, "kind": "body"}
    if question.type in ("single", "yes_no", "multiple"):
        return {"field": box, "kind": "choices"}
    beside = {"second": SECOND, "entry_unit": UNIT, "dont_know": UNSURE}
    boxes = {name: form[question.id + end] for name, end in beside.items() if question.id + end in form.fields}
    return {"field": box, "unit": unit_words(question.unit), **boxes}


# The boxes of one question ------------------------------------------------------------------------------------------


def _fields(question: Question, answer: Any, entered: Any) -> dict[str, forms.Field]:
    make = _MAKERS[_kind(question)]
    made = make(question, answer, entered if isinstance(entered, Mapping) else {})
    made[question.id].label = _label(question)
    made[question.id].help_text = question.help
    return made


def _kind(question: Question) -> str:
    if words.is_scale(question):
        return "scale"
    return "body" if body.has_picture(question) else question.type


def _label(question: Question) -> str:
    if not question.optional:
        return question.text
    can_be_left_out = _("(you can leave this out)")
    return format_html('{} <span class="question-optional">{}</span>', question.text, can_be_left_out)


def _field(widget: forms.Widget, initial: Any, label: str = "") -> forms.Field:
    return forms.Field(required=False, widget=widget, initial=initial, label=label)


def _choices(question: Question) -> list[tuple[str, str]]:
    offered = [(code, words.label_of(question, code)) for code in question.codes]
    if question.dont_know is not None:
        offered.append((DONT_KNOW, question.dont_know))
    return offered


def _one(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    return {question.id: _field(forms.RadioSelect(choices=_choices(question)), answer)}


def _many(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    ticked = [answer] if isinstance(answer, str) else answer
    return {question.id: _field(forms.CheckboxSelectMultiple(choices=_choices(question)), ticked)}


def _body(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    codes = body.codes(question)
    offered = list(zip(codes, body.names(question, codes), strict=True))
    unsure = [(DONT_KNOW, question.dont_know)] if question.dont_know is not None else []
    ticked = [DONT_KNOW] if answer == DONT_KNOW else body.areas_of(answer, entered)
    ticked += [DONT_KNOW] if entered.get("dont_know") else []
    return {question.id: _field(forms.CheckboxSelectMultiple(choices=[*offered, *unsure]), ticked)}


def _scale(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    numbers = [(str(number), str(number)) for number in range(11)]
    unsure = [(DONT_KNOW, question.dont_know)] if question.dont_know is not None else []
    chosen = f"{answer:g}" if isinstance(answer, int | float) else answer
    return {question.id: _field(forms.RadioSelect(choices=[*numbers, *unsure]), chosen)}


def _number(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    parts = _parts(answer, entered, 2)
    mode = "numeric" if question.integer and len(question.entry_units) < 2 else "decimal"
    made = {question.id: _field(_box(mode), parts[0]), **_unsure(question, answer, entered)}
    if len(question.entry_units) < 2:
        return made
    pair = next((unit for unit in question.entry_units if unit in PARTS), None)
    if pair:
        made[question.id + SECOND] = _field(_box(mode, second=pair), parts[1], parts_of(pair)[1])
    units = [(unit, unit_words(unit)) for unit in question.entry_units]
    chosen = entered.get("unit") or question.unit
    made[question.id + UNIT] = _field(forms.Select(choices=units, attrs={"class": "form-select"}), chosen, _("Unit"))
    return made


def _date(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    stored = {"parts": reversed(str(answer).split("-"))} if answer and not entered else entered
    parts = _parts(None, stored, 3)
    return {
        question.id: _field(_box("numeric"), parts[0]),
        question.id + SECOND: _field(_box("numeric"), parts[1], _("Month")),
        question.id + THIRD: _field(_box("numeric"), parts[2], _("Year")),
        **_unsure(question, answer, entered),
    }


def _text(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    text = _parts(answer, entered, 1)[0]
    attrs = {"class": "form-control", "autocomplete": "off"}
    box: forms.Widget = forms.TextInput(attrs=attrs)
    if question.max_length > LONG_TEXT:
        box = forms.Textarea(attrs={**attrs, "rows": 4})
    return {question.id: _field(box, text), **_unsure(question, answer, entered)}


def _unsure(question: Question, answer: Any, entered: Mapping[str, Any]) -> dict[str, forms.Field]:
    if question.dont_know is None:
        return {}
    ticked = answer == DONT_KNOW or bool(entered.get("dont_know"))
    return {question.id + UNSURE: _field(forms.CheckboxInput(), ticked, question.dont_know)}


def _parts(answer: Any, entered: Mapping[str, Any], count: int) -> list[str]:
    """What to put into the boxes: what was typed, or an answer that came another way."""
    typed = [str(part) for part in entered.get("parts", ())]
    if not typed and answer not in (None, DONT_KNOW):
        typed = [number_words(answer) if isinstance(answer, int | float) else str(answer)]
    return [*typed, "", "", ""][:count]


def _box(mode: str, second: str = "") -> forms.TextInput:
    attrs = {"class": "form-control", "inputmode": mode, "autocomplete": "off"}
    return forms.TextInput(attrs={**attrs, "data-part-of": second} if second else attrs)


_MAKERS: dict[str, Callable[[Question, Any, Mapping[str, Any]], dict[str, forms.Field]]] = {
    "body": _body,
    "yes_no": _one,
    "single": _one,
    "multiple": _many,
    "scale": _scale,
    "number": _number,
    "date": _date,
    "text": _text,
}
