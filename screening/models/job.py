"""Work that takes longer than a page may: asked for on a page, done by the worker, looked at on the page that polls."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.frozen import Frozen
from screening.models.pathway import Pathway
from screening.models.site import Site

SILENT = timedelta(seconds=60)
"""so long without a sign of life: the worker that had the job is gone"""
UNATTENDED = timedelta(seconds=15)
"""so long a job waits before pages say that no worker may be running"""


class JobQuerySet(models.QuerySet["Job"]):
    def under_way(self) -> JobQuerySet:
        """Waiting for the worker, or with it."""
        return self.filter(status__in=Job.UNDER_WAY)

    def abandoned(self) -> JobQuerySet:
        """Begun by a worker that is gone."""
        return self.filter(status=Job.Status.RUNNING, heartbeat_at__lt=timezone.now() - SILENT)


class Job(models.Model):
    """One piece of work on one content. What it is asked about is kept with it: a draft changes meanwhile."""

    class Status(models.TextChoices):
        QUEUED = "queued", "waiting for the worker"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    UNDER_WAY = ("queued", "running")

    # What is to be done: a key of screening.actions.jobs.KINDS.
    kind = models.CharField(max_length=20)
    pathway = models.ForeignKey(Pathway, models.CASCADE, related_name="jobs")
    # Whose cases it looks at. None: no cases, or everybody's, which only a command may ask for.
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="jobs")
    content = models.JSONField()
    # Of the content. A result is about exactly this and nothing else.
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    # In words, why there is no result.
    failure = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Raised by each worker that takes it: one that was given up for dead cannot write over the next.
    attempt = models.PositiveSmallIntegerField(default=0)
    # The row of the queue that stands for it.
    task_id = models.CharField(max_length=40, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["pathway", "kind", "sha256", "-asked_at"], name="job_by_content"),
            models.Index(fields=["status", "heartbeat_at"], name="job_under_way"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["queued", "running", "done", "failed"]), name="job_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.pathway_id}, {self.get_status_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY

    @property
    def is_unattended(self) -> bool:
        """No worker has taken it for so long that there may be none."""
        return self.status == self.Status.QUEUED and timezone.now() - self.asked_at > UNATTENDED

    @property
    def percent(self) -> int | None:
        """How far it is; None while nobody can say."""
        return min(100, 100 * self.done // self.of) if self.of else None

    @property
    def seen(self) -> bool:
        """Whether somebody has said that they read the result."""
        return self.readings.exists()


class JobReading(Frozen):
    """Somebody said that they read a job's result."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["job", "by"], name="job_read_once")]

    def __str__(self) -> str:
        return f"{self.by_id} read {self.job_id}"
