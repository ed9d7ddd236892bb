"""A case sent to the surgeons, and what was done about it: contacts, reviews, questions to the patient."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.access import link_hash
from screening.models.assessment import Assessment
from screening.models.fields import EncryptedTextField
from screening.models.frozen import Frozen
from screening.models.pathway import Pathway
from screening.models.patient import Patient
from screening.models.site import Site
from screening.models.submission import Submission

# No 0 O 1 I L: a reference is read out on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_reference() -> str:
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(7))
    return f"MS-{letters[:4]}-{letters[4:]}"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def open(self) -> ReferralQuerySet:
        """Those that somebody still has to do something about."""
        return self.filter(status__in=Referral.OPEN)

    def with_token(self, token: str) -> ReferralQuerySet:
        """The one that the private link opens, or none."""
        return self.filter(submission__way_back__link_hash=link_hash(token))


class Referral(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", "waiting"
        IN_REVIEW = "in_review", "in review"
        AWAITING_PATIENT = "awaiting_patient", "waiting for the patient"
        DECIDED = "decided", "decided"
        CLOSED = "closed", "closed"
        WITHDRAWN = "withdrawn", "withdrawn"

    class Origin(models.TextChoices):
        SUBMITTED = "submitted", "sent by the patient"
        EMERGENCY = "emergency", "stopped at the emergency page"
        UNFINISHED = "unfinished", "left unfinished with a warning sign"

    OPEN = ("waiting", "in_review", "awaiting_patient", "decided")

    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    site = models.ForeignKey(Site, models.PROTECT, related_name="referrals")
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="referrals")
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="referral")
    # None until the patient has said who they are: an emergency is referred before that.
    patient = models.OneToOneField(Patient, models.PROTECT, null=True, blank=True, related_name="referral")
    origin = models.CharField(max_length=12, choices=Origin)
    status = models.CharField(max_length=20, choices=Status, default=Status.WAITING)
    # The latest. What the patient sees is `released_assessment`.
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    disposition = models.CharField(max_length=64)
    # The place of the disposition in the rule set's list: 0 is the most urgent.
    urgency = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    # By when a clinician must first have reached the patient; `contacted_at` stops that clock.
    contact_due_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True, blank=True)
    # When the patient last told that it got worse; that started the clock anew.
    worse_at = models.DateTimeField(null=True, blank=True)
    surgeon = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="referrals_in_review"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Raised by every change: whoever saw an older one is told, and nothing is overwritten.
    revision = models.PositiveIntegerField(default=1)
    # When the patient was told the decision; from then on their private page shows it.
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_note = EncryptedTextField(default="", blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["site", "status", "contact_due_at"], name="referral_worklist"),
            models.Index(fields=["site", "contact_due_at"], name="referral_by_deadline"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["waiting", "in_review", "awaiting_patient", "decided", "closed", "withdrawn"]
                ),
                name="referral_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=["submitted", "emergency", "unfinished"]), name="referral_origin_known"
            ),
            # A waiting case is nobody's; a case in review is somebody's.
            models.CheckConstraint(
                condition=models.Q(status="waiting", surgeon__isnull=True)
                | models.Q(status__in=["in_review", "awaiting_patient", "decided"], surgeon__isnull=False)
                | models.Q(status__in=["closed", "withdrawn"]),
                name="referral_surgeon_fits_status",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def private_token(self) -> str:
        return self.submission.private_token

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def released_assessment(self) -> Assessment | None:
        """What the patient sees: the last one sent to them."""
        return self.submission.assessments.filter(released_at__isnull=False).order_by("-number").first()

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.contacted_at is None and self.contact_due_at < now


class Contact(Frozen):
    """A clinician got in touch, or tried to. Only one who reached the patient stops the clock."""

    class How(models.TextChoices):
        PHONE = "phone", "telephone"
        VISIT = "visit", "visit"
        LETTER = "letter", "letter"
        VIDEO = "video", "video call"

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="contacts")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How)
    reached = models.BooleanField()
    note = EncryptedTextField(default="", blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=["phone", "visit", "letter", "video"]), name="contact_how_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.how} {'reached' if self.reached else 'tried'} {self.referral_id}"


class Review(models.Model):
    """A surgeon's look at a referral, from the claim to the decision or the handing back."""

    class EndedHow(models.TextChoices):
        UNDER_WAY = "", "under way"
        DECIDED = "decided", "decided"
        HANDED_BACK = "handed_back", "handed back"
        OVERDUE = "overdue", "handed back by the deadline"
        WITHDRAWN = "withdrawn", "the patient withdrew"

    class Decision(models.TextChoices):
        NONE = "", "none yet"
        ACCEPT_MISS = "accept_miss", "accept for small-cut surgery (MISS)"
        ACCEPT_TRADITIONAL = "accept_traditional", "accept for traditional surgery"
        CONSERVATIVE = "conservative", "care without surgery"
        OTHER_SERVICE = "other_service", "another service"
        URGENT_NOW = "urgent_now", "urgent now"
        NOT_SUITABLE = "not_suitable", "not suitable"

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="reviews")
    surgeon = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=12, choices=EndedHow, default=EndedHow.UNDER_WAY, blank=True)
    # The one decided on.
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="reviews")
    decision = models.CharField(max_length=20, choices=Decision, default=Decision.NONE, blank=True)
    procedures = models.JSONField(default=list, blank=True)
    # Advice goes to the patient; the reason stays with staff and goes to the rules' owners.
    advice = EncryptedTextField(default="", blank=True)
    reason = EncryptedTextField(default="", blank=True)
    differs = models.BooleanField(default=False)
    # Why a decided case was taken up again; empty for a first review.
    reopened_because = EncryptedTextField(default="", blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=models.Q(ended_at__isnull=True), name="review_one_under_way"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_how="", ended_at__isnull=True)
                | (~models.Q(ended_how="") & models.Q(ended_at__isnull=False)),
                name="review_end_has_time",
            ),
            models.CheckConstraint(
                condition=(~models.Q(ended_how="decided") & models.Q(decision=""))
                | models.Q(
                    ended_how="decided",
                    assessment__isnull=False,
                    decision__in=[
                        "accept_miss",
                        "accept_traditional",
                        "conservative",
                        "other_service",
                        "urgent_now",
                        "not_suitable",
                    ],
                ),
                name="review_decision_fits_end",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk} of {self.referral_id}"


class InformationRequest(models.Model):
    """A question to the patient, in words, and the answer."""

    class Via(models.TextChoices):
        NOT_YET = "", "not answered"
        LINK = "link", "by private link"
        PHONE = "phone", "by telephone"

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="information_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    question = EncryptedTextField()
    answer = EncryptedTextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_via = models.CharField(max_length=8, choices=Via, default=Via.NOT_YET, blank=True)
    # The member of staff who took the answer down by telephone.
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"question {self.pk} about {self.referral_id}"
