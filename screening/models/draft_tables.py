"""The tables of a draft, one for each kind of part of a document. How a row becomes its part is in row.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from screening.models.columns import (
    any_case,
    expression,
    hours,
    ids,
    maybe,
    once,
    optional_hours,
    owner,
    review_by,
    snake_case,
)
from screening.models.draft_education import (
    DraftFact,
    DraftMatter,
    DraftOption,
    DraftPoint,
    DraftQuestionToAsk,
    DraftTimelineEntry,
)
from screening.models.draft_translation import DraftTranslation
from screening.models.row import DraftRow, Row, RowQuerySet
from screening.rules import ruleset as rules
from screening.rules import vignettes as tests


class DraftDisposition(DraftRow):
    shape, place, columns = rules.Disposition, "dispositions", {"id": "part_id"}

    part_id = models.CharField("id", max_length=60, validators=[snake_case])
    label = models.CharField(max_length=500, help_text="What staff read.")
    contact_within_hours = hours(help_text="Until the first contact by a clinician. Never less than the one above.")
    patient_label = models.CharField(max_length=500, help_text="The heading that the patient reads.")
    patient = models.TextField(max_length=5_000, help_text="What the patient is told.")
    target = models.TextField(max_length=5_000, blank=True, help_text="For staff: what should happen.")
    stop_intake = models.BooleanField(default=False, help_text="Show its page at once and stop asking.")

    class Meta(DraftRow.Meta):
        verbose_name = "disposition"
        constraints = once("disposition")


class QuestionQuerySet(RowQuerySet):
    def with_parts(self) -> Self:
        return super().with_parts().prefetch_related("choices")


class DraftQuestion(DraftRow):
    shape, place, columns = rules.Question, "questions", {"id": "part_id"}
    composed = frozenset({"choices"})
    shares_names_with = ("DraftDefinition",)

    class Audience(models.TextChoices):
        PATIENT = "patient", "the patient"
        CLINICIAN = "clinician", "the clinician"
        SYSTEM = "system", "nobody: set by the program"

    class Type(models.TextChoices):
        YES_NO = "yes_no", "yes or no"
        SINGLE = "single", "one of several choices"
        MULTIPLE = "multiple", "any of several choices"
        NUMBER = "number", "a number"
        DATE = "date", "a date"
        TEXT = "text", "free text"

    part_id = models.CharField("id", max_length=60, validators=[snake_case])
    section = models.CharField(max_length=60)
    audience = models.CharField("asked of", max_length=10, choices=Audience, default=Audience.PATIENT)
    type = models.CharField("kind of answer", max_length=10, choices=Type)
    text = models.CharField("question", max_length=500)
    help = models.TextField(max_length=5_000, blank=True)
    dont_know = maybe(verbose_name="words for “I don't know”", help_text="Empty: it is not offered.")
    optional = models.BooleanField(default=False, help_text="May stay empty.")
    safety = models.BooleanField(default=False, help_text="An alarm question, asked first.")
    modifiable = models.BooleanField(
        default=False, help_text="The answer can change in life, or a clinician can still find it out."
    )
    show_if = expression(help_text="When it is asked. Empty: it is always asked.")
    unit = maybe()
    min = models.FloatField("smallest answer", null=True, blank=True)
    max = models.FloatField("largest answer", null=True, blank=True)
    integer = models.BooleanField("whole numbers only", default=False)
    decimals = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(6)])
    entry_units = models.JSONField("units it may be entered in", default=list, blank=True)
    max_length = models.PositiveIntegerField(
        "longest text", default=2_000, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )
    instrument = maybe(help_text="The published instrument that fixes the wording.")

    objects = QuestionQuerySet.as_manager()

    class Meta(DraftRow.Meta):
        verbose_name = "question"
        constraints = once("question")

    # Choices not saved yet (of an import), which stand for those stored.
    new_choices: list[DraftChoice] | None = None

    @classmethod
    def from_part(cls, part: Mapping[str, Any]) -> Self:
        row = super().from_part(part)
        row.new_choices = [DraftChoice.from_part(choice) for choice in part.get("choices", [])]
        for order, choice in enumerate(row.new_choices, 1):
            choice.order, choice.question = order, row
        return row

    def part(self) -> dict[str, Any]:
        stored = self.choices.all() if self.pk else []
        choices = stored if self.new_choices is None else self.new_choices
        inside = {"choices": [choice.part() for choice in choices]} if choices else {}
        return {**super().part(), **inside}


class DraftChoice(Row):
    shape = rules.Choice

    question = models.ForeignKey(DraftQuestion, models.CASCADE, related_name="choices")
    value = models.CharField("code", max_length=100)
    label = models.CharField("words", max_length=500)
    score = models.FloatField(null=True, blank=True)
    lasting = models.BooleanField(default=False, help_text="Once so, it stays so, like a scan that was done.")

    class Meta:
        verbose_name = "choice"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.value}: {self.label}"


class DraftDefinition(DraftRow):
    shape, place, columns = rules.Definition, "definitions", {"id": "part_id", "is_": "meaning"}
    shares_names_with = ("DraftQuestion",)

    part_id = models.CharField("id", max_length=60, validators=[snake_case])
    title = models.CharField(max_length=500)
    meaning = models.TextField("is", max_length=10_000)

    class Meta(DraftRow.Meta):
        verbose_name = "definition"
        constraints = once("definition")


class DraftRule(DraftRow):
    shape, place, columns = rules.Rule, "rules", {"id": "part_id"}

    class Approach(models.TextChoices):
        TRADITIONAL = "traditional", "traditional (open) surgery"
        MINIMALLY_INVASIVE = "minimally_invasive", "small-cut surgery"

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    title = models.CharField(max_length=500)
    when = models.TextField(max_length=10_000)
    disposition = maybe(help_text="Empty: the rule only informs.")
    contact_within_hours = optional_hours(help_text="Sooner than its disposition says.")
    clarify_within_hours = optional_hours(
        help_text="Makes this an alarm rule: when it cannot be told, a person must clarify within this time."
    )
    approach = maybe(choices=Approach)
    supports = ids()
    rules_out = ids()
    patient = models.TextField("words for the patient", max_length=5_000, blank=True)
    surgeon = models.TextField("words for the surgeon", max_length=5_000, blank=True)
    why = models.TextField(max_length=5_000, blank=True)
    cites = ids()
    reflects = ids()
    owner = owner(help_text="Empty: whoever answers for the rule set.")
    review_by = review_by(help_text="Like 2027-11-20. Empty: as the rule set says.")

    class Meta(DraftRow.Meta):
        verbose_name = "rule"
        constraints = once("rule")


class DraftProperty(DraftRow):
    shape, place, columns = rules.Property, "properties", {"id": "part_id"}

    class Kind(models.TextChoices):
        WHENEVER = "whenever", "whenever: when this is so, the outcome is so"
        ONLY_IF = "only_if", "only if: this disposition needs that"
        IRRELEVANT = "irrelevant", "irrelevant: these answers never matter"
        MONOTONE = "monotone", "monotone: worse answers never make it less urgent"
        TOTAL = "total", "total: every case gets an outcome"
        ORDER_FREE = "order_free", "order free: the order of rules never matters"

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    claim = models.CharField(max_length=500)
    kind = models.CharField(max_length=10, choices=Kind)
    given = expression()
    given_disposition_in = ids()
    disposition_in = ids()
    disposition_not_in = ids()
    at_least_as_urgent_as = maybe()
    contact_within_hours = optional_hours()
    never_supports = ids()
    disposition = maybe()
    requires = expression()
    requires_all_clarifying_rules_false = models.BooleanField("all alarm rules must be false", default=False)
    questions = ids()
    scales = models.JSONField(default=dict, blank=True)

    class Meta(DraftRow.Meta):
        verbose_name = "safety property"
        verbose_name_plural = "safety properties"
        constraints = once("property")


class DraftCitation(DraftRow):
    shape, place, keyed = rules.Citation, "citations", True

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "confirmed"
        TO_CONFIRM = "to_confirm", "to be confirmed"
        DESIGN = "design", "our own design"

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    text = models.CharField(max_length=500)
    url = maybe(validators=[RegexValidator(r"\Ahttps?://", "Begin it with https://")], help_text="Begins with https://")
    status = models.CharField(max_length=10, choices=Status)

    class Meta(DraftRow.Meta):
        verbose_name = "citation"
        constraints = once("citation")


class DraftProfile(DraftRow):
    shape, place, keyed, of_vignettes = tests.Profile, "profiles", True, True

    # Any text names a profile in a document.
    part_id = models.TextField("id")
    about = models.TextField(max_length=5_000, blank=True)
    answers = models.JSONField(default=dict, blank=True)

    class Meta(DraftRow.Meta):
        verbose_name = "patient profile"
        constraints = once("profile")


class DraftVignette(DraftRow):
    shape, place, of_vignettes = tests.Vignette, "vignettes", True
    columns = {"id": "part_id", "expect": "expect_more"}
    composed = frozenset({"expect"})

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    title = models.CharField(max_length=500)
    profile = maybe(help_text="The answers to begin with.")
    answers = models.JSONField(default=dict, blank=True)
    expect_disposition = maybe(verbose_name="expected disposition")
    expect_contact_within_hours = optional_hours(verbose_name="expected contact within hours")
    # The rest of `expect`, as in the document; a list left out is not an empty one.
    expect_more = models.JSONField("also expected", default=dict, blank=True)
    why = models.TextField(max_length=5_000, blank=True)

    class Meta(DraftRow.Meta):
        verbose_name = "test patient"
        constraints = once("vignette")

    @classmethod
    def from_part(cls, part: Mapping[str, Any]) -> Self:
        row = super().from_part(part)
        expect = dict(part.get("expect", {}))
        row.expect_disposition = expect.pop("disposition", None)
        row.expect_contact_within_hours = expect.pop("contact_within_hours", None)
        row.expect_more = expect
        return row

    def part(self) -> dict[str, Any]:
        expect = {
            "disposition": self.expect_disposition,
            "contact_within_hours": self.expect_contact_within_hours,
            **self.expect_more,
        }
        return {**super().part(), "expect": {name: value for name, value in expect.items() if value is not None}}


ROWS: tuple[type[DraftRow], ...] = (
    DraftDisposition,
    DraftQuestion,
    DraftDefinition,
    DraftRule,
    DraftProperty,
    DraftCitation,
    DraftFact,
    DraftTimelineEntry,
    DraftOption,
    DraftPoint,
    DraftMatter,
    DraftQuestionToAsk,
    DraftTranslation,
    DraftProfile,
    DraftVignette,
)
