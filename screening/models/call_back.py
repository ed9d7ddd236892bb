"""Somebody at the emergency page, from that second until staff have closed it. The calls themselves are Contacts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedTextField
from screening.models.site import Site
from screening.models.submission import Submission


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def open(self) -> CallBackQuerySet:
        """Those that nobody has closed."""
        return self.filter(closed_at__isnull=True)

    def untaken(self) -> CallBackQuerySet:
        """Open, and nobody has taken the call."""
        return self.open().filter(taken_at__isnull=True)

    def unanswered(self) -> CallBackQuerySet:
        """Those that staff on call are alerted about: they can be reached, and nobody has taken the call."""
        return self.untaken().filter(is_reachable=True)


class CallBack(models.Model):
    """One visit of a submission to the emergency page. At most one of a submission is open."""

    class Cause(models.TextChoices):
        ANSWERS = "answers", "answers"
        GOT_WORSE = "got_worse", "told that it got worse"

    class Ended(models.TextChoices):
        NOT_YET = "", "open"
        IN_CARE = "in_care", "in emergency care, or on the way"
        ADVISED = "advised", "spoken to; no emergency care needed now"
        NOT_REACHED = "not_reached", "could not be reached"
        NO_WAY = "no_way", "left no way to reach them"
        OTHER = "other", "otherwise"

    site = models.ForeignKey(Site, models.PROTECT, related_name="call_backs")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="call_backs")
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.ANSWERS)
    # The second in which the page was reached first; the timer runs from here. `reached_last_at`: if it was again.
    reached_at = models.DateTimeField(default=timezone.now)
    reached_last_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveSmallIntegerField(default=1)
    said = models.CharField(max_length=12, choices=Submission.Said, default=Submission.Said.NOTHING, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    # When they went on after "I chose this by mistake".
    mistake_at = models.DateTimeField(null=True, blank=True)
    # They left a number, or have said who they are.
    is_reachable = models.BooleanField(default=False)
    # A keyed hash of where it came from, forgotten after a day; and what many from one place are bundled by.
    network = models.CharField(max_length=64, blank=True)
    flood = models.CharField(max_length=12, blank=True)
    # When staff on call are alerted next. None: never yet, or not any more.
    alert_at = models.DateTimeField(null=True, blank=True)
    alerts = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended = models.CharField(max_length=12, choices=Ended, default=Ended.NOT_YET, blank=True)
    closing_note = EncryptedTextField(default="", blank=True)
    # Raised by every change: whoever saw an older one is told.
    revision = models.PositiveIntegerField(default=1)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        ordering = ["reached_at", "pk"]
        indexes = [
            models.Index(fields=["site", "closed_at", "reached_at"], name="call_back_list"),
            models.Index(fields=["alert_at"], condition=models.Q(alert_at__isnull=False), name="call_back_alerts"),
            models.Index(
                fields=["network", "reached_last_at"], condition=~models.Q(network=""), name="call_back_floods"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=models.Q(closed_at__isnull=True), name="call_back_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(cause__in=["answers", "got_worse"]), name="call_back_cause_known"
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True, taken_by__isnull=True)
                | models.Q(taken_at__isnull=False, taken_by__isnull=False),
                name="call_back_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(ended="", closed_at__isnull=True)
                | (~models.Q(ended="") & models.Q(closed_at__isnull=False)),
                name="call_back_end_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"call-back {self.pk}"
