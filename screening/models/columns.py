"""The kinds of columns that the tables of a draft are made of."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

snake_case = RegexValidator(
    r"\A[a-z][a-z0-9_]*\Z", "Write it in small letters, digits and _, beginning with a letter, like leg_pain."
)
any_case = RegexValidator(
    r"\A[A-Za-z][A-Za-z0-9_]*\Z", "Write it in letters, digits and _, beginning with a letter, like E01."
)


def hours(**options: Any) -> Any:
    return models.PositiveIntegerField(validators=[MaxValueValidator(100_000)], **options)


def owner(**options: Any) -> Any:
    return models.CharField("answers for it", max_length=200, blank=True, **options)


def review_by(**options: Any) -> Any:
    """A day as the document writes it: a text."""
    return models.CharField("to be looked at again by", max_length=10, blank=True, **options)


def optional_hours(**options: Any) -> Any:
    return hours(null=True, blank=True, **options)


def ids(**options: Any) -> Any:
    """Ids of other parts. Not foreign keys: a draft may name what is not there (any more)."""
    return models.JSONField(default=list, blank=True, **options)


def maybe(**options: Any) -> Any:
    """A text that may be missing, which in a document is not the same as empty: null is meant."""
    return models.TextField(null=True, blank=True, **options)


def expression(**options: Any) -> Any:
    """An optional expression."""
    return maybe(max_length=10_000, **options)


def once(name: str) -> list[models.BaseConstraint]:
    return [models.UniqueConstraint(fields=["draft", "part_id"], name=f"draft_{name}_id_once")]
