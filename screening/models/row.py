"""How a row of a draft is a part of a document: one column for each field of its shape, with the same default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

from django.db import models
from pydantic.fields import FieldInfo

from screening.rules.parts import Part, sha256_of


class RowQuerySet(models.QuerySet[Any]):
    def with_parts(self) -> Self:
        """Rows in the order of the document, with what lies inside them."""
        return self.order_by("order", "pk")


class Row(models.Model):
    """A part of a document as columns."""

    shape: ClassVar[type[Part]]
    # Fields whose column has another name.
    columns: ClassVar[Mapping[str, str]] = {}
    # Fields made of other things than one column.
    composed: ClassVar[frozenset[str]] = frozenset()

    order = models.PositiveIntegerField("place", default=0, help_text="1 is the first.")

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def _fields(cls) -> Iterator[tuple[str, str, FieldInfo]]:
        """Each plain field: its name in the document, its column, its shape."""
        for name, field in cls.shape.model_fields.items():
            if name not in cls.composed:
                yield field.alias or name, cls.columns.get(name, name), field

    @classmethod
    def column_of(cls, field: str) -> str:
        """The column a field of the document is in."""
        return next((column for name, column, _ in cls._fields() if name == field), cls.columns.get(field, field))

    @classmethod
    def from_part(cls, part: Mapping[str, Any]) -> Self:
        """An unsaved row from its part of a document."""
        return cls(**{column: part[name] for name, column, _ in cls._fields() if name in part})

    def part(self) -> dict[str, Any]:
        """This row as its part of the document, defaults left out."""
        values = ((name, getattr(self, column), field) for name, column, field in self._fields())
        return {name: value for name, value, field in values if not _is_default(value, field)}


def _is_default(value: Any, field: FieldInfo) -> bool:
    default = field.get_default(call_default_factory=True)
    return value == (list(default) if isinstance(default, tuple) else default)


class DraftRow(Row):
    """A row that stands by itself in the document."""

    place: ClassVar[str]
    """where these parts stand in the document"""
    keyed: ClassVar[bool] = False
    """a mapping by id in the document, rather than a list"""
    of_vignettes: ClassVar[bool] = False
    # Those whose ids must differ from this kind's.
    shares_names_with: ClassVar[tuple[str, ...]] = ()

    draft = models.ForeignKey("Draft", models.CASCADE, related_name="+")

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the row is called in the place of a problem."""
        return str(self.part_id)

    @classmethod
    def gathered(cls, rows: Iterable[Any]) -> Any:
        """Rows as they stand together in the document."""
        return {row.part_id: row.part() for row in rows} if cls.keyed else [row.part() for row in rows]

    @classmethod
    def spread(cls, found: Any) -> list[Self]:
        """What stands together in a document, as unsaved rows."""
        if not cls.keyed:
            return [cls.from_part(part) for part in found or ()]
        rows = []
        for part_id, part in (found or {}).items():
            row = cls.from_part(part)
            row.part_id = part_id  # type: ignore[attr-defined]
            rows.append(row)
        return rows

    @property
    def fingerprint(self) -> str:
        """Says whether somebody else changed the row meanwhile."""
        return sha256_of([self.name, self.part()])
