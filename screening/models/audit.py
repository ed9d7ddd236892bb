"""Who did what to which record: append-only, chained, without foreign keys, so that it outlives what it tells about.

Holds ids, codes, counts and times only: never a name, a contact detail, free text or an answer.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import models
from django.utils import timezone

from screening.models.frozen import Frozen

FIRST_HASH = "0" * 64


class AuditEvent(Frozen):
    class ActorKind(models.TextChoices):
        PATIENT = "patient", "patient"
        STAFF = "staff", "staff"
        SYSTEM = "system", "the program"

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    actor_id = models.CharField(max_length=40, blank=True)
    site = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "number"], name="audit_by_object"),
            models.Index(fields=["actor_kind", "actor_id", "number"], name="audit_by_actor"),
            models.Index(fields=["site", "number"], name="audit_by_site"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.object_type} {self.object_id}"

    def computed_hash(self) -> str:
        """sha256 over everything the event says, the hash before it included."""
        return hashlib.sha256(json.dumps(self._said(), sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def _said(self) -> list[Any]:
        return [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_kind,
            self.actor_id,
            self.site,
            self.action,
            self.object_type,
            self.object_id,
            self.before,
            self.after,
            self.previous_hash,
        ]


class AuditHead(models.Model):
    """The end of the chain: one row, locked by each writer in turn, so that numbers have no gaps and no twins."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=FIRST_HASH)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
