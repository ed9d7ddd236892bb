"""The table of a draft's translations: one row a text and language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models

from screening.models.row import DraftRow
from screening.rules import ruleset as rules


class DraftTranslation(DraftRow):
    """Where its text stands, and the words in another language."""

    shape, place = rules.Translation, "translations"

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        APPROVED = "approved", "approved"

    language = models.CharField(max_length=35)
    text_place = models.CharField("place of the text", max_length=600)
    text_field = models.CharField("field of the text", max_length=200)
    words = models.TextField("translation", max_length=5_000)
    of = models.CharField("text that was translated", max_length=8)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    by = models.CharField("approved by", max_length=200, blank=True)

    class Meta(DraftRow.Meta):
        verbose_name = "translation"
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "language", "text_place", "text_field"], name="draft_translation_once"
            )
        ]

    @property
    def name(self) -> str:
        return f"{self.language}/{self.text_place}/{self.text_field}"

    @classmethod
    def gathered(cls, rows: Iterable[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in rows:
            found.setdefault(row.language, {}).setdefault(row.text_place, {})[row.text_field] = row.part()
        return found

    @classmethod
    def spread(cls, found: Any) -> list[Self]:
        rows = []
        for language, places in (found or {}).items():
            for place, fields in places.items():
                for field, part in fields.items():
                    row = cls.from_part(part)
                    row.language, row.text_place, row.text_field = language, place, field
                    rows.append(row)
        return rows
