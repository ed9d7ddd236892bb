"""The forms of a draft's rows.

What is wrong with a row itself is refused, each error under its field. What becomes wrong elsewhere
because of it is said on the pathway's page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.forms.models import BaseInlineFormSet
from django.forms.utils import pretty_name

from screening.actions.rules import conflict_over
from screening.admin.expressions import expression_problems, problem_in_place
from screening.admin.fields import Expression, OneOf, PlainData, SomeOf
from screening.models import Draft, DraftQuestion
from screening.models import draft_tables as tables
from screening.models.row import DraftRow
from screening.policies import Actor
from screening.rules.problems import DocumentError, Problem, did_you_mean
from screening.rules.ruleset import Choice
from screening.rules.shape import read_shape

ONE_LINE = AdminTextInputWidget
TWO_LINES = AdminTextareaWidget({"rows": 2})


class DraftForm(forms.ModelForm):
    """A form for a piece of a draft, which the admin sets. A field that nobody touched never changes what it shows."""

    draft: ClassVar[Draft]
    actor: ClassVar[Actor]
    # The fingerprint of what the editor sees; when saving, it must still be that.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_outdated = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [name for name in self.fields if name != "seen"]
        self.stored = {name: getattr(self.instance, name) for name in names}
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.fingerprint
        for name in names:
            self._prepare(name, self.fields[name])

    def _prepare(self, name: str, field: forms.Field) -> None:
        if isinstance(field, OneOf | SomeOf):
            field.offer(self.draft, self.stored[name])
        if isinstance(field, SomeOf):
            field.widget.legend = field.label or pretty_name(name)
        if name == "order":
            field.required = False
            # As the editor saw it: others may have moved the row meanwhile.
            field.show_hidden_initial = True
            if not self.instance.pk:
                field.initial = self.draft.rows(self._meta.model).count() + 1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.stored:
            if name in cleaned:
                cleaned[name] = self._kept(name, cleaned[name])
        if self.instance.pk and cleaned.get("seen") != self.fields["seen"].initial:
            self.is_outdated = True
            self.add_error(None, conflict_over(self.actor, self.instance).message)
        return cleaned

    def _kept(self, name: str, value: Any) -> Any:
        """What was typed, in the form a document has it; what was stored, where nothing was typed."""
        stored, field = self.stored[name], self.fields[name]
        if name not in self.changed_data or (name == "order" and value is None):
            return stored
        if isinstance(field, SomeOf):
            return [*(part for part in stored if part in value), *(part for part in value if part not in stored)]
        if not isinstance(value, str):
            return value
        text = value.replace("\r\n", "\n")
        if isinstance(stored, str) and stored.strip() == text.strip():
            return stored
        return None if not text.strip() and self._meta.model._meta.get_field(name).null else text

    def _problem(self, column: str, problem: Problem, text: str = "") -> None:
        """Show a problem under its field, with where it is inside that."""
        _, *inside = problem.place.split("/")
        where = ", ".join(f"entry {int(step) + 1}" if step.isdecimal() else step for step in inside)
        told = replace(problem, message=f"{where}: {problem.message}") if where else problem
        self.add_error(column if column in self.fields else None, problem_in_place(told, text))


class RowForm(DraftForm):
    """A row: its shape and its own expressions must be right."""

    instance: DraftRow

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.pk:
            self.instance.draft = self.draft

    def _post_clean(self) -> None:
        super()._post_clean()
        for name, field in self.fields.items():
            if isinstance(field, Expression) and name not in self.errors:
                self._check_expression(name, field)
        if not self.errors:
            self._check_shape()
            self._check_name()

    def _check_expression(self, name: str, field: Expression) -> None:
        for problem in expression_problems(self.draft, self.instance, name, wanted=field.wanted):
            self._problem(name, problem, getattr(self.instance, name))

    def _check_shape(self) -> None:
        row = self.instance
        try:
            read_shape(row.shape, row.part())
        except DocumentError as error:
            for problem in error.problems:
                self._problem(row.column_of(problem.place.split("/")[0]), problem)

    def _check_name(self) -> None:
        if "part_id" not in self.fields:
            return
        for kind in (type(self.instance), *self._neighbours()):
            same = kind.objects.filter(draft=self.draft, part_id=self.instance.part_id)
            others = same.exclude(pk=self.instance.pk) if kind is type(self.instance) else same
            if others.exists():
                self.add_error("part_id", f"There is a {kind._meta.verbose_name} with this id already.")

    def _neighbours(self) -> Iterator[type[DraftRow]]:
        return (getattr(tables, name) for name in self.instance.shares_names_with)


# One form a kind of row -----------------------------------------------------------------------------------------------


class DispositionForm(RowForm):
    class Meta:
        widgets = {"label": ONE_LINE, "patient_label": ONE_LINE, "patient": AdminTextareaWidget({"rows": 4})}


class QuestionForm(RowForm):
    section = OneOf("sections")
    show_if = Expression(required=False)
    entry_units = PlainData([], label="units it may be entered in", help_text="One a line, like “- months”.")
    instrument = OneOf("instruments", required=False)

    class Meta:
        widgets = {"text": TWO_LINES, "help": TWO_LINES, "dont_know": ONE_LINE, "unit": ONE_LINE}


class ChoiceForm(forms.ModelForm):
    """One choice of a question."""

    class Meta:
        labels = {"lasting": "lasting: once so, it stays so"}
        help_texts = {"order": "", "lasting": ""}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["order"].required = False
        if not self.instance.pk:
            self.initial["order"] = None

    def clean_order(self) -> int:
        """0, where nothing is said: the end."""
        return self.cleaned_data["order"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        part = {name: cleaned[name] for name in ("value", "label", "score") if cleaned.get(name) is not None}
        try:
            if not self.errors:
                read_shape(Choice, part)
        except DocumentError as error:
            for problem in error.problems:
                words = "Write it without quotes and backslashes." if problem.place == "value" else problem.message
                self.add_error(problem.place, words)
        return cleaned


class ChoiceFormSet(BaseInlineFormSet):
    """The choices of a question: no code twice."""

    def changed_forms(self) -> list[forms.ModelForm]:
        """Those with something to save."""
        return [form for form in self.forms if form.has_changed() and not self._should_delete_form(form)]

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            code = form.cleaned_data.get("value") if not self._should_delete_form(form) else None
            if code in seen:
                form.add_error("value", f"The choice “{code}” is there twice.")
            if code:
                seen.add(code)


class DefinitionForm(RowForm):
    meaning = Expression(label="is", wanted=None)

    class Meta:
        widgets = {"title": ONE_LINE}


class RuleForm(RowForm):
    when = Expression()
    disposition = OneOf("dispositions", required=False, help_text="None: the rule only informs.")
    supports = SomeOf("procedures")
    rules_out = SomeOf("procedures")
    cites = SomeOf("citations")
    reflects = SomeOf("source_statements", label="reflects", help_text="The statements of the source leaflets.")

    class Meta:
        words = ("patient", "surgeon", "why")
        widgets = {"title": ONE_LINE, **{name: AdminTextareaWidget({"rows": 3}) for name in words}}


class PropertyForm(RowForm):
    given = Expression(required=False)
    given_disposition_in = SomeOf("dispositions", label="given one of these dispositions")
    disposition_in = SomeOf("dispositions", label="the disposition is one of these")
    disposition_not_in = SomeOf("dispositions", label="the disposition is none of these")
    at_least_as_urgent_as = OneOf("dispositions", required=False)
    never_supports = SomeOf("procedures", label="never supports these procedures")
    disposition = OneOf("dispositions", required=False, help_text="The one this is about (only if).")
    requires = Expression(required=False)
    questions = SomeOf("questions", label="questions that never matter")
    scales = PlainData({}, help_text="A question a line, its answers least alarming first: “leg: [no, some, much]”.")

    class Meta:
        widgets = {"claim": TWO_LINES}


class CitationForm(RowForm):
    class Meta:
        widgets = {"text": TWO_LINES, "url": AdminTextInputWidget({"inputmode": "url"})}


class FactForm(RowForm):
    citations = SomeOf("citations")
    reflects = SomeOf("source_statements")


class TimelineEntryForm(RowForm):
    reflects = SomeOf("source_statements")

    class Meta:
        widgets = {"when": ONE_LINE}


class OptionForm(RowForm):
    citations = SomeOf("citations")

    class Meta:
        words = ("what", "not_known")
        widgets = {"label": ONE_LINE, **{name: AdminTextareaWidget({"rows": 3}) for name in words}}


class PointForm(RowForm):
    option = OneOf("options")
    citations = SomeOf("citations")

    class Meta:
        widgets = {"text": AdminTextareaWidget({"rows": 3})}


class MatterForm(RowForm):
    class Meta:
        widgets = {"text": ONE_LINE}


class QuestionToAskForm(RowForm):
    dispositions = SomeOf("dispositions", help_text="Shown where the result is one of these. None: to everyone.")

    class Meta:
        widgets = {"text": TWO_LINES}


class TranslationForm(RowForm):
    """New words are a draft again, unless somebody is named who has checked them."""

    of = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        widgets = {"words": AdminTextareaWidget({"rows": 4}), "by": ONE_LINE}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "words" in self.changed_data and "by" not in self.changed_data:
            cleaned |= {"status": "draft", "by": ""}
        return cleaned


ANSWERS_HELP = "One a line: the question's id, a colon, the answer. Several answers: [one, two]. Don't know: dont_know."


class AnswersForm(RowForm):
    """A row with answers: each must be to a question of the draft."""

    answers = PlainData({}, help_text=ANSWERS_HELP)

    def _check_shape(self) -> None:
        super()._check_shape()
        known = set(self.draft.rows(DraftQuestion).values_list("part_id", flat=True))
        for written in self.instance.answers:
            if written not in known:
                hint = did_you_mean(str(written), known)
                self._problem("answers", Problem("answers", f"There is no question `{written}`.", suggestion=hint))


class ProfileForm(AnswersForm):
    class Meta:
        widgets = {"part_id": ONE_LINE, "about": TWO_LINES}


class VignetteForm(AnswersForm):
    profile = OneOf("profiles", required=False, help_text="The answers to begin with; those below stand on top.")
    expect_disposition = OneOf("dispositions", required=False, label="expected disposition")
    expect_more = PlainData(
        {},
        label="also expected",
        help_text="As lists of ids: supports, fired, not_fired, ask_next, rules_out; and approach.",
    )

    class Meta:
        widgets = {"title": ONE_LINE, "why": TWO_LINES}


ABOUT_OPTIONS = (
    "What the comparison of options says of itself: about, known, not_known, made_by, funding, and the days updated "
    "and next_review, like '2027-11-20' in quotes."
)


class DetailsForm(DraftForm):
    """The seldom-edited fields of a draft."""

    notice = PlainData([], help_text="Shown on every result page: each one after a -.")
    default_disposition = OneOf("dispositions", help_text="Where no rule says anything.")
    clarify_disposition = OneOf("dispositions", help_text="Where an alarm rule cannot be told.")
    procedures = PlainData([], help_text="Each with id and label.")
    sections = PlainData([], help_text="Each with id and title, in the order they are asked.")
    source_statements = PlainData({}, help_text="What the source leaflets say: “A1: …” a line.")
    instruments = PlainData([], help_text="Each with id, used (true or false), name and terms.")
    education = PlainData({}, label="about the options", help_text=ABOUT_OPTIONS)

    class Meta:
        widgets = {"title": ONE_LINE, "language": ONE_LINE}

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        for problem in self.instance.problems_of_details():
            self._problem(problem.place.split("/")[0], problem)
