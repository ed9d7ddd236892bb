"""What is to be sent to a patient or to a clinic's staff on call: kept until it was sent, whatever happens meanwhile.

Only to whom, about what and when. The words are made when it is sent, from templates/letters.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedTextField
from screening.models.site import Site
from screening.models.submission import Submission


class MessageQuerySet(models.QuerySet["Message"]):
    def under_way(self) -> MessageQuerySet:
        """Neither sent nor given up."""
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def due(self, now: datetime) -> MessageQuerySet:
        """Those to try now, alerts first. What another worker is at is not among them, unless that worker is gone."""
        free = models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=now)
        first = models.Case(models.When(kind=Message.Kind.ALERT, then=0), default=1)
        return self.under_way().filter(free, send_after__lte=now).order_by(first, "send_after", "pk")


class Message(models.Model):
    class Kind(models.TextChoices):
        LINK = "link", "their private link"
        REMINDER = "reminder", "a reminder"
        NEWS = "news", "there is news"
        ALERT = "alert", "an alert to staff on call"

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"
        WEBHOOK = "webhook", "web address"

    site = models.ForeignKey(Site, models.PROTECT, related_name="messages")
    # None: to the clinic's staff on call.
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    # Forgotten when it was sent or given up.
    to = EncryptedTextField(default="", blank=True)
    language = models.CharField(max_length=35, default="en")
    made_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(default=timezone.now)
    # A worker has it until then: a second one leaves it alone, and takes it when the first is gone.
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    # The class of the last exception; its words may quote an address.
    failure = models.CharField(max_length=80, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["send_after"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="message_under_way",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["link", "reminder", "news", "alert"]), name="message_kind_known"
            ),
            models.CheckConstraint(condition=models.Q(channel__in=["email", "webhook"]), name="message_channel_known"),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(given_up_at__isnull=True), name="message_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
