"""A clinic, and who works there. Every pathway offered, submission and referral belongs to one."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedTextField

# A site's slug is the first part of its address, so it cannot be one of ours.
RESERVED_SLUGS = ("review", "admin", "account", "static", "media", "health", "language")


def not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” is used by the program itself. Choose another short name.")


def known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"There is no time zone “{name}”. Write it like Europe/London.")


def web_address(address: str) -> None:
    """Encrypted on the way, except on this machine."""
    schemes = ["http", "https"] if settings.DEMO_MODE or settings.TESTING else ["https"]
    try:
        URLValidator(schemes=schemes)(address)
    except ValidationError:
        raise ValidationError(f"Write the whole address, beginning with {schemes[-1]}://") from None


class Site(models.Model):
    """A clinic."""

    slug = models.SlugField(unique=True, max_length=40, validators=[not_reserved])
    name = models.CharField(max_length=120)
    emergency_number = models.CharField(max_length=20, default="112")
    telephone = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    opening_hours = models.TextField(blank=True)
    # Who is alerted when somebody is at the emergency page, and how often until somebody takes the call.
    on_call_email = models.EmailField(blank=True)
    # The other way, where mail fails: a web address that a message is posted to. It is a password in itself.
    on_call_webhook = EncryptedTextField(null=True, blank=True, default=None, validators=[web_address])
    alert_every_minutes = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[known_time_zone])
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(slug__in=RESERVED_SLUGS), name="site_slug_not_reserved"),
        ]

    def __str__(self) -> str:
        return self.name

    def local(self, moment: datetime) -> datetime:
        """The moment on this clinic's clock."""
        return timezone.localtime(moment, zoneinfo.ZoneInfo(self.time_zone))


class StaffMember(models.Model):
    """Ties an account to its one clinic. What they may do there is said by their groups (policies.ROLES)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_member")
    site = models.ForeignKey(Site, models.PROTECT, related_name="staff")

    def __str__(self) -> str:
        return str(self.user)
