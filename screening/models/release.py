"""What people said of one exact draft before it went live: who signed it, which claims were withdrawn and why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.frozen import Frozen
from screening.models.pathway import Pathway


class SignOff(Frozen):
    """A person answers for exactly this document and these test patients. It is about nothing else."""

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="sign_offs")
    sha256 = models.CharField(max_length=64)
    vignettes_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["pathway", "sha256"], name="sign_off_by_content")]

    def __str__(self) -> str:
        return f"{self.by_id} signed {self.sha256[:12]} of {self.pathway_id}"


class WithdrawnClaim(Frozen):
    """A claim that was not proved of exactly this document, and that need not hold, for a reason; until taken back."""

    may_change: ClassVar[frozenset[str]] = frozenset({"taken_back_at", "taken_back_by"})

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="withdrawn_claims")
    sha256 = models.CharField(max_length=64)
    claim_id = models.CharField(max_length=200)
    claim = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "sha256", "claim_id"],
                condition=models.Q(taken_back_at__isnull=True),
                name="claim_withdrawn_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} of {self.sha256[:12]} withdrawn"
