"""The tables of what a draft teaches patients."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from screening.models.columns import any_case, ids, once
from screening.models.row import DraftRow
from screening.rules import ruleset as rules


def _words(title: str, **options: Any) -> Any:
    return models.TextField(title, max_length=5_000, **options)


def _week(title: str, **options: Any) -> Any:
    limits = [MinValueValidator(-520), MaxValueValidator(520)]
    return models.IntegerField(title, null=True, blank=True, validators=limits, **options)


def _share(title: str, **options: Any) -> Any:
    return models.PositiveSmallIntegerField(
        title, null=True, blank=True, validators=[MaxValueValidator(100)], **options
    )


class DraftFact(DraftRow):
    shape, place, columns = rules.Fact, "education/facts", {"id": "part_id"}

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    text = models.TextField(max_length=5_000)
    citations = ids()
    reflects = ids()

    class Meta(DraftRow.Meta):
        verbose_name = "fact for patients"
        verbose_name_plural = "facts for patients"
        constraints = once("fact")


class DraftTimelineEntry(DraftRow):
    shape, place = rules.TimelineEntry, "education/timeline"

    when = models.CharField(max_length=500)
    text = models.TextField(max_length=5_000)
    reflects = ids()
    from_week = _week("from week", help_text="In the picture, counted from the operation. Empty: from before it.")
    to_week = _week("to week", help_text="Empty: it goes on. Both empty: it is not in the picture.")

    class Meta(DraftRow.Meta):
        verbose_name = "time line entry"
        verbose_name_plural = "time line entries"

    @property
    def name(self) -> str:
        return self.when


class DraftOption(DraftRow):
    shape, place, columns = rules.Option, "education/options", {"id": "part_id"}

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    label = models.CharField(max_length=500)
    what = _words("what it is")
    not_known = _words("what nobody can say for sure")
    citations = ids()

    class Meta(DraftRow.Meta):
        verbose_name = "option for patients"
        verbose_name_plural = "options for patients"
        constraints = once("option")


class DraftPoint(DraftRow):
    shape, place, columns = rules.Point, "education/points", {"id": "part_id"}

    class Kind(models.TextChoices):
        BENEFIT = "benefit", "what can go well"
        HARM = "harm", "what can go badly"

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    option = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(
        max_length=5_000, help_text="With a number only where a source has it: about 3 in 100 people."
    )
    low = _share("of 100 people, low", help_text="Draws it as dots. Only where a source has it.")
    high = _share("of 100 people, high", help_text="Where studies differ. Empty: the same number.")
    citations = ids()

    class Meta(DraftRow.Meta):
        verbose_name = "benefit or harm of an option"
        verbose_name_plural = "benefits and harms of options"
        constraints = once("point")


class DraftMatter(DraftRow):
    shape, place, columns = rules.Matter, "education/what_matters", {"id": "part_id"}

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    text = models.CharField(max_length=500)

    class Meta(DraftRow.Meta):
        verbose_name = "thing that may matter to patients"
        verbose_name_plural = "things that may matter to patients"
        constraints = once("matter")


class DraftQuestionToAsk(DraftRow):
    shape, place, columns = rules.QuestionToAsk, "education/questions_to_ask", {"id": "part_id"}

    part_id = models.CharField("id", max_length=60, validators=[any_case])
    text = models.CharField("question", max_length=500)
    dispositions = ids(help_text="Shown where the result is one of these. None: to everyone.")

    class Meta(DraftRow.Meta):
        verbose_name = "question patients may ask"
        verbose_name_plural = "questions patients may ask"
        constraints = once("question_to_ask")
