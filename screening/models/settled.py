"""What proofs have settled, so that it need not be settled again: by its content, about nobody and no draft."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Settled(models.Model):
    """One thing that a prover settled. It may be thrown away at any time: it is then settled anew."""

    # screening.interpreters.prove.prover: what another prover settled is not read.
    prover = models.CharField(max_length=100)
    # Of all that it depends on.
    key = models.CharField(max_length=200)
    data = models.JSONField()
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prover", "key"], name="settled_once")]

    def __str__(self) -> str:
        return f"{self.key[:12]} by {self.prover}"
