"""Records that are kept as they were written. A guard against our own mistakes, not against the database's owner."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from screening.exceptions import FrozenRecord


class FrozenQuerySet(models.QuerySet[Any]):
    def update(self, **changes: Any) -> int:
        _refuse_unless(self.model, changes)
        return super().update(**changes)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        _refuse_unless(self.model, fields)
        return super().bulk_update(objs, fields, batch_size)

    def delete(self) -> NoReturn:
        raise FrozenRecord(f"{self.model.__name__} is never deleted")


class Frozen(models.Model):
    """Written once. Only the fields named in `may_change` can be saved again, by name (update_fields)."""

    may_change: ClassVar[frozenset[str]] = frozenset()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            _refuse_unless(type(self), options.get("update_fields") or [field.name for field in self._meta.fields])
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise FrozenRecord(f"{type(self).__name__} is never deleted")


def _refuse_unless(model: type[models.Model], fields: Any) -> None:
    refused = set(fields) - model.may_change  # type: ignore[attr-defined]
    if refused:
        raise FrozenRecord(f"{model.__name__} is never changed ({', '.join(sorted(refused))})")
