"""One version applied to one case, with its whole outcome. Never changed, but for being sent to the patient."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.frozen import Frozen
from screening.models.pathway import RuleSetVersion
from screening.models.submission import Submission
from screening.rules.outcome import Outcome


class Assessment(Frozen):
    class Cause(models.TextChoices):
        EMERGENCY = "emergency", "an emergency answer stopped the intake"
        UNFINISHED = "unfinished", "left unfinished with a warning sign"
        SUBMITTED = "submitted", "the patient sent the answers"
        CLINICIAN = "clinician", "a clinician added findings"
        PHONE = "phone", "answers by telephone"
        LINK = "link", "answers by private link"
        WORSE = "worse", "the patient says that it got worse"

    may_change: ClassVar[frozenset[str]] = frozenset({"released_at", "released_by"})

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="assessments")
    version = models.ForeignKey(RuleSetVersion, models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    # Coded answers as they were assessed; no free text.
    answers = models.JSONField(default=dict)
    outcome = models.JSONField()
    disposition = models.CharField(max_length=64)
    contact_within_hours = models.PositiveIntegerField()
    cause = models.CharField(max_length=12, choices=Cause)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="assessment_number_once"),
            models.CheckConstraint(
                condition=models.Q(
                    cause__in=["emergency", "unfinished", "submitted", "clinician", "phone", "link", "worse"]
                ),
                name="assessment_cause_known",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.number} of {self.submission_id}"

    def read_outcome(self) -> Outcome:
        """The stored outcome as a value."""
        return Outcome.from_data(self.outcome)
