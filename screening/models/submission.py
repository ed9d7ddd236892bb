"""One run of the questionnaire, and every saved step of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedJSONField, EncryptedTextField
from screening.models.frozen import Frozen
from screening.models.pathway import Pathway, RuleSetVersion
from screening.models.site import Site
from screening.rules.ruleset import RuleSet


def said(answer: Any, entered: Any) -> tuple[Any, Any]:
    """What is stored of one question, so that it can be compared: an empty box says nothing."""
    typed = entered if isinstance(entered, Mapping) else {}
    is_empty = not (typed.get("dont_know") or typed.get("areas") or any(typed.get("parts", ())))
    return None if answer in ("", []) else answer, None if is_empty else typed


def is_from_elsewhere(unsaved: Mapping[str, Any], loaded: int | None) -> bool:
    """Whether it was filled in in another window than the one loaded then, and after that."""
    return loaded is not None and unsaved.get("window") != loaded and unsaved.get("at", 0) > loaded


class Submission(models.Model):
    """Pins the version it started with, until one that asks something else about safety takes its place.

    Free text and whatever was typed are encrypted; coded answers are not.
    """

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", "in progress"
        STOPPED = "stopped", "stopped at the emergency page"
        SUBMITTED = "submitted", "submitted"

    class Said(models.TextChoices):
        NOTHING = "", "said nothing"
        CALLED = "called", "has called"
        CANNOT_CALL = "cannot_call", "cannot call"

    class FilledBy(models.TextChoices):
        NOT_SAID = "", "not said"
        SELF = "self", "the patient"
        RELATIVE = "relative", "a relative or friend"
        STAFF = "staff", "a nurse, doctor or carer"
        OPERATOR = "operator", "a telephone operator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="submissions")
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="submissions")
    version = models.ForeignKey(RuleSetVersion, models.PROTECT, related_name="submissions")
    status = models.CharField(max_length=12, choices=Status, default=Status.IN_PROGRESS)
    # Coded values in the questions' own units, by question id. Only values the rule set accepts.
    answers = models.JSONField(default=dict, blank=True)
    texts = EncryptedJSONField(default=dict, blank=True)
    # As typed, by question id, also what could not be accepted: {"age_years": {"parts": ["45"], "unit": "years"}}.
    entered = EncryptedJSONField(default=dict, blank=True)
    # What stands on a page and was not saved by its button yet: {question id: {"answer",
    # "entered", "page", "at": when it was kept in microseconds, "window": when its page was loaded}}.
    unsaved = EncryptedJSONField(default=dict, blank=True)
    unsaved_at = models.DateTimeField(null=True, blank=True)
    # Whether an urgent alarm or an emergency would follow if it were saved.
    unsaved_alarm = models.BooleanField(default=False)
    # Alarm rules that were true at some saved step, in the order they first were.
    alarms_seen = models.JSONField(default=list, blank=True)
    # Urgent alarms whose words were shown and that no answer took back since. Not empty: an unfinished submission is
    # referred.
    alarms_shown = models.JSONField(default=list, blank=True)
    # Rules that stop the intake, are true now, and were "chosen by mistake": they do not stop it again.
    stops_set_aside = models.JSONField(default=list, blank=True)
    # Of its version: safety questions that changed since it began and are asked again, and what it is not asked.
    asked_again = models.JSONField(default=list, blank=True)
    not_asked = models.JSONField(default=list, blank=True)
    # What the patient reads now: a language tag. Each revision keeps the one it was answered in.
    language = models.CharField(max_length=35, default="en")
    filled_by = models.CharField(max_length=10, choices=FilledBy, default=FilledBy.NOT_SAID, blank=True)
    call_back_phone = EncryptedTextField(default="", blank=True)
    said_on_emergency = models.CharField(max_length=12, choices=Said, default=Said.NOTHING, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_step_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "last_step_at"], name="submission_idle")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["in_progress", "stopped", "submitted"]), name="submission_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="submitted", submitted_at__isnull=False)
                | (~models.Q(status="submitted") & models.Q(submitted_at__isnull=True)),
                name="submission_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown_ruleset(self) -> RuleSet:
        """Its version's rule set in the language that the patient reads. It decides the same."""
        return self.version.ruleset_in(self.language)

    @property
    def is_helped(self) -> bool:
        """Whether somebody fills it in for the patient."""
        return self.filled_by not in (self.FilledBy.NOT_SAID, self.FilledBy.SELF)

    @property
    def private_token(self) -> str:
        """Of the private link: to the questions while they are unfinished, to the private page once they are sent."""
        return self.way_back.token

    def all_answers(self) -> dict[str, Any]:
        """Coded answers and free texts together, as the rules read them."""
        return {**self.answers, **self.texts}

    def answers_at(self, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """All answers, and what was typed, as they were after a step."""
        answers: dict[str, Any] = {}
        entered: dict[str, Any] = {}
        for revision in self.revisions.filter(number__lte=step).order_by("number"):
            answers |= revision.changes | revision.texts
            entered |= revision.entered
        return answers, entered


class Revision(Frozen):
    """One saved step: a page of the intake, or answers a clinician or a telephone call added. Only what changed."""

    class Via(models.TextChoices):
        WEB = "web", "on the web"
        PHONE = "phone", "by telephone"
        LINK = "link", "by private link"

    # Stands as the page of the step at which the program moved the answers to a newer version.
    MOVED: ClassVar[str] = "new_version"
    # And of the step at which the patient told, by their link, that it got worse.
    WORSE: ClassVar[str] = "got_worse"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    page = models.CharField(max_length=64, blank=True)
    # {question id: new value}; null takes the answer away.
    changes = models.JSONField(default=dict, blank=True)
    texts = EncryptedJSONField(default=dict, blank=True)
    entered = EncryptedJSONField(default=dict, blank=True)
    # What they wrote with it that answers no question.
    remark = EncryptedTextField(default="", blank=True)
    # Alarm rules true under the pending reading after this step.
    alarms = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    via = models.CharField(max_length=8, choices=Via, default=Via.WEB)
    # What the patient read when they answered.
    language = models.CharField(max_length=35, default="en")

    class Meta:
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=models.Q(via__in=["web", "phone", "link"]), name="revision_via_known"),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.submission_id}"
