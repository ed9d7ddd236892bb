"""Trying a case on a draft: typed answers or those of a test patient, what comes out, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from screening.actions import rules
from screening.admin import links
from screening.admin.drafts import draft_context
from screening.admin.errors import faults
from screening.admin.fields import PlainData, as_yaml
from screening.admin.site import actor_of, site
from screening.interpreters.evaluate import decide
from screening.interpreters.explain import Explanation, explain
from screening.interpreters.whatif import Towards, towards, what_if
from screening.models import Draft, DraftVignette
from screening.rules.outcome import Outcome
from screening.rules.plain import hours_in_words
from screening.rules.ruleset import Question, RuleSet
from screening.rules.vignettes import Vignettes

DONT_KNOW = "dont_know"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# Typed answers ------------------------------------------------------------------------------------------------------


class QuestionsForm(forms.Form):
    """Every question that a person answers."""

    prefix = "q"

    def __init__(self, ruleset: RuleSet, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = [question for question in ruleset.questions if question.audience != "system"]
        for question in self.questions:
            self.fields[question.id] = _field(question)

    def sections(self, ruleset: RuleSet) -> list[dict[str, Any]]:
        """The fields by section, with how many have an answer."""
        found = []
        for section in ruleset.sections:
            fields = [self[question.id] for question in self.questions if question.section == section.id]
            answered = sum(bool(field.value()) for field in fields)
            found.append({"title": section.title, "fields": fields, "answered": answered})
        return [section for section in found if section["fields"]]

    def answers(self) -> dict[str, Any]:
        """What was answered; a number that is none stays as it was typed."""
        said = {question.id: _said(question, self.cleaned_data[question.id]) for question in self.questions}
        return {key: value for key, value in said.items() if value not in ("", [])}


def _field(question: Question) -> forms.Field:
    options: dict[str, Any] = {"label": question.text, "required": False, "help_text": question.id}
    choices = [(code, question.label_of(code)) for code in question.codes]
    choices += [(DONT_KNOW, question.dont_know)] if question.dont_know is not None else []
    if question.type == "multiple":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)
    if choices and question.type in ("yes_no", "single"):
        return forms.ChoiceField(choices=[("", "–"), *choices], **options)
    if question.type == "number":
        hint = f"{question.id}{f', in {question.unit}' if question.unit else ''}"
        options["help_text"] = f"{hint}, or dont_know" if question.dont_know is not None else hint
    return forms.CharField(max_length=question.max_length, **options)


def _said(question: Question, value: Any) -> Any:
    if question.type == "number" and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value


class TypedForm(forms.Form):
    typed = PlainData({}, label="Answers as YAML or JSON")


class SaveForm(forms.Form):
    title = forms.CharField(max_length=500, label="Title", help_text="What this patient tests, like “PVR exactly 200”.")


# The result -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """What came out of a case, and why."""

    answers: Mapping[str, Any]
    outcome: Outcome
    explanation: Explanation
    hours: str
    approach: str
    supports: tuple[str, ...]
    rules_out: tuple[str, ...]
    asks: tuple[str, ...]
    pruned: tuple[str, ...]
    in_life: list[Towards]
    """the fewest answers that would have to be others for another disposition, where life can make them so"""
    by_findings: list[Towards]
    """and where a clinician would have to find something out"""
    is_whole: bool
    """whether every way as short was tried"""

    @property
    def also(self) -> int:
        """How many rules fired without deciding."""
        return len(self.explanation.fired) - len(self.explanation.deciding)


def tried(ruleset: RuleSet, answers: Mapping[str, Any]) -> Tried:
    outcome, ways = decide(ruleset, answers), what_if(ruleset, answers)
    return Tried(
        answers=answers,
        outcome=outcome,
        explanation=explain(ruleset, answers, outcome),
        hours=hours_in_words(outcome.contact_within_hours),
        approach=(outcome.approach or "").replace("_", " "),
        supports=tuple(ruleset.procedure(procedure).label for procedure in outcome.supports),
        rules_out=tuple(ruleset.procedure(procedure).label for procedure in outcome.rules_out),
        asks=tuple(ruleset.question(question).text for question in outcome.ask_next),
        pruned=tuple(ruleset.question(question).text for question in outcome.pruned),
        in_life=towards(ruleset, ways.in_life),
        by_findings=towards(ruleset, ways.by_findings),
        is_whole=ways.whole,
    )


# The page -------------------------------------------------------------------------------------------------------------


class TryPage:
    """One request for the page."""

    def __init__(self, request: HttpRequest, draft: Draft) -> None:
        self.request, self.draft = request, draft
        self.context: dict[str, Any] = {
            **site.each_context(request),
            **draft_context(draft),
            "title": "Try a case on the draft",
            "pathway": draft.pathway,
            "opts": draft.pathway._meta,
        }

    def answer(self) -> HttpResponse:
        ruleset, vignettes, problems = self.draft.read()
        if problems or ruleset is None or vignettes is None:
            self.context["problems"] = links.linked(self.draft, problems)
            return self._page()
        self.ruleset, self.vignettes = ruleset, vignettes
        self.context["vignettes"] = self.vignettes.vignettes
        run = self.request.POST.get("run", "")
        if self.request.method == "POST" and run == "typed":
            return self._typed()
        if self.request.method == "POST":
            return self._filled_in(save=run == "save")
        return self._vignette(self.request.GET.get("vignette", ""))

    def _vignette(self, vignette_id: str) -> HttpResponse:
        """A test patient as it stands; or an empty form."""
        vignette = next((one for one in self.vignettes.vignettes if one.id == vignette_id), None)
        if vignette is None:
            return self._page(QuestionsForm(self.ruleset))
        answers = self.vignettes.answers(vignette)
        found = tried(self.ruleset, answers)
        self.context |= {"vignette": vignette, "tried": found, "unmet": vignette.expect.unmet(found.outcome)}
        return self._page(QuestionsForm(self.ruleset, initial=answers), answers)

    def _typed(self) -> HttpResponse:
        form = TypedForm(self.request.POST)
        if not form.is_valid():
            self.context["typed_open"] = True
            return self._page(QuestionsForm(self.ruleset), typed=form)
        answers = form.cleaned_data["typed"]
        self.context |= {"tried": tried(self.ruleset, answers), "typed_open": True}
        return self._page(QuestionsForm(self.ruleset, initial=answers), answers)

    def _filled_in(self, *, save: bool) -> HttpResponse:
        form = QuestionsForm(self.ruleset, self.request.POST)
        if not form.is_valid():
            return self._page(form)
        found = tried(self.ruleset, form.answers())
        self.context["tried"] = found
        if not save:
            return self._page(form, found.answers)
        named = SaveForm(self.request.POST)
        if not named.is_valid():
            self.context["save_form"] = named
            return self._page(form, found.answers)
        return self._save(found, named.cleaned_data["title"])

    def _save(self, found: Tried, title: str) -> HttpResponse:
        """Keep the case as a test patient that expects what came out just now."""
        row = DraftVignette(
            draft=self.draft,
            part_id=next_id(self.vignettes),
            title=title,
            answers=dict(found.answers),
            expect_disposition=found.outcome.disposition,
            expect_contact_within_hours=found.outcome.contact_within_hours,
            expect_more={"fired": [rule.rule for rule in found.explanation.deciding]},
        )
        rules.save_row(actor=actor_of(self.request), row=row)
        messages.success(self.request, f"Saved as test patient {row.part_id}. Check what it expects.")
        return HttpResponseRedirect(links.row_address(row))

    def _page(
        self,
        form: QuestionsForm | None = None,
        answers: Mapping[str, Any] | None = None,
        typed: TypedForm | None = None,
    ) -> HttpResponse:
        if form is not None:
            self.context |= {
                "form": form,
                "sections": form.sections(self.ruleset),
                "typed": typed or TypedForm(initial={"typed": as_yaml(dict(answers or {}))}),
            }
            self.context.setdefault("save_form", SaveForm())
            self.context["faults"] = faults(form, self.context["save_form"], self.context["typed"])
        return TemplateResponse(self.request, "admin/pathway/try_case.html", self.context)


def next_id(vignettes: Vignettes) -> str:
    numbers = [int(one.id[1:]) for one in vignettes.vignettes if re.fullmatch(r"V\d{1,6}", one.id)]
    return f"V{max(numbers, default=0) + 1:03}"
