"""Everything that hangs on one person, found by its foreign keys, and taking it away.

The only place that takes frozen records away. Who may have it done, and what is left to say that it was, the actions
that use it know.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from screening.models import Patient, Referral, Submission

# What is held, by kind of record: the keys of the rows.
Held = dict[type[models.Model], set[Any]]


def held_about(referral: Referral) -> Held:
    """Every row that hangs on the submission or the patient, however far: also of models that are added later."""
    found: Held = {Submission: {referral.submission_id}}
    if referral.patient_id is not None:
        found[Patient] = {referral.patient_id}
    return hanging_on(found)


def hanging_on(found: Held) -> Held:
    """These rows, and those that hang on them."""
    to_look_at = list(found)
    while to_look_at:
        model = to_look_at.pop()
        for relation in model._meta.related_objects:
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": found[model]})
            new = set(rows.values_list("pk", flat=True)) - found.get(relation.related_model, set())
            if new:
                found.setdefault(relation.related_model, set()).update(new)
                to_look_at.append(relation.related_model)
    return found


def take_away(held: Held) -> dict[str, int]:
    """Past the guard of frozen records, which is against mistakes; this is none. How many rows of each kind."""
    for model, keys in held.items():
        # Foreign keys are looked at when the transaction ends: the order does not matter.
        model._base_manager.filter(pk__in=keys)._raw_delete(connection.alias)
    return {str(model._meta.model_name): len(keys) for model, keys in sorted(held.items(), key=lambda one: str(one[0]))}


def sweep() -> None:
    """SQLite's log of changes still has the pages as they were: written back and cut off, as far as nobody reads it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
