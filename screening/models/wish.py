"""What a patient wants done with their own record: a correction, or that it is erased; and what was corrected."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedDateField, EncryptedTextField
from screening.models.frozen import Frozen
from screening.models.patient import Patient
from screening.models.referral import Referral
from screening.models.site import Site


class FormerDetails(Frozen):
    """Who a patient was said to be, and how to reach them, until it was corrected."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="former_details")
    name = EncryptedTextField()
    date_of_birth = EncryptedDateField()
    email = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    contact_way = models.CharField(max_length=8, choices=Patient.ContactWay)
    until = models.DateTimeField(default=timezone.now)
    # The member of staff who corrected it; none where the patient did.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return f"former details of patient {self.patient_id}"


class Correction(models.Model):
    """A patient says that their name or date of birth is wrong. Staff settle it: it is by these that they are known."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="corrections")
    words = EncryptedTextField()
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"correction {self.pk} of {self.referral_id}"


class ErasureRequest(models.Model):
    """A patient asks that everything held about them is erased, and what the clinic said.

    No foreign key to what is erased: this stays, so that it can be answered who erased what, and so that the private
    link can say that nothing is held any more. The link itself is not in it, only its hash.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "asked"
        REFUSED = "refused", "refused"
        # Erased as soon as the patient was told: the message needs the address.
        APPROVED = "approved", "approved"
        ERASED = "erased", "erased"
        TAKEN_BACK = "taken_back", "taken back by the patient"

    site = models.ForeignKey(Site, models.PROTECT, related_name="erasure_requests")
    # None and empty where the answers were never sent and no case had come of them: then nobody was asked.
    referral = models.PositiveBigIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=12, blank=True)
    link_hash = models.CharField(max_length=64, blank=True, db_index=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    # What the patient wrote with it; gone with the rest.
    words = EncryptedTextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it was refused: for the patient to read.
    reason = EncryptedTextField(default="", blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(status__in=["asked", "approved"]),
                name="erasure_one_request_open",
            ),
            models.CheckConstraint(
                condition=models.Q(status="asked", answered_at__isnull=True, erased_at__isnull=True)
                | models.Q(
                    status__in=["refused", "approved", "taken_back"], answered_at__isnull=False, erased_at__isnull=True
                )
                | models.Q(status="erased", answered_at__isnull=False, erased_at__isnull=False),
                name="erasure_times_fit_status",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk} of {self.reference or 'answers never sent'}"
