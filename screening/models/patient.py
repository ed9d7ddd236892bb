"""Who a patient is and how to reach them. Everything that names them is encrypted."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedDateField, EncryptedTextField
from screening.models.site import Site


class Patient(models.Model):
    """One person who sent one submission."""

    class ContactWay(models.TextChoices):
        PHONE = "phone", "telephone"
        EMAIL = "email", "e-mail"
        EITHER = "either", "telephone or e-mail"

    site = models.ForeignKey(Site, models.PROTECT, related_name="patients")
    name = EncryptedTextField()
    date_of_birth = EncryptedDateField()
    email = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    contact_way = models.CharField(max_length=8, choices=ContactWay)
    consented_at = models.DateTimeField(default=timezone.now)
    consent_text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact_way__in=["phone", "email", "either"]), name="patient_contact_way_known"
            ),
        ]

    def __str__(self) -> str:
        # Never the name: this is printed in logs.
        return f"patient {self.pk}"
