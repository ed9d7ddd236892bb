"""A patient's way back to their submission, and how often somebody tried one and was wrong.

Nothing stored here opens anything: links and codes are kept as hashes, addresses of the network under a keyed one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.models.fields import EncryptedTextField
from screening.models.submission import Submission

# Crockford's base32: what looks alike is one letter, however it is read and written down.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_LOOK_ALIKES = str.maketrans("OILU", "011V")


def private_token(submission_id: Any, link_number: int) -> str:
    """22 characters, 132 bits. Not stored: made again from LINK_KEY, and found by its sha256."""
    return base64.urlsafe_b64encode(_sealed(f"{submission_id}:{link_number}"))[:22].decode()


def link_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """50 bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """As it is shown, to be written down: 7K3M-9QX-T2A."""
    return f"{code[:4]}-{code[4:7]}-{code[7:]}"


def read_code(typed: str) -> str:
    """The code somebody typed, whatever they put between its letters; it may be none at all."""
    letters = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKES)
    return "".join(letter for letter in letters if letter in CODE_LETTERS)


def code_hash(code: str) -> str:
    """Keyed: 50 bits could be tried out by whoever has a copy of the database."""
    return keyed_hash(f"code:{code}")


def keyed_hash(text: str) -> str:
    return _sealed(text).hex()


def _sealed(text: str) -> bytes:
    return hmac.new(settings.LINK_KEY, text.encode(), hashlib.sha256).digest()


class WayBack(models.Model):
    """The private link and the short code of one submission, from its first day to its last."""

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="way_back")
    # Raised to end the link there was: its hash is gone then, and with it every browser that came by it.
    link_number = models.PositiveIntegerField(default=1)
    link_hash = models.CharField(max_length=64, unique=True)
    # None until somebody asked for a code.
    code_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    # Where the link was sent while the answers were unfinished; the reminder goes there too.
    email = EncryptedTextField(default="", blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"way back to {self.submission_id}"

    def save(self, *args: Any, **options: Any) -> None:
        self.link_hash = link_hash(self.token)
        super().save(*args, **options)

    @property
    def token(self) -> str:
        return private_token(self.submission_id, self.link_number)

    @property
    def closes_at(self) -> datetime | None:
        """From when on it opens unfinished answers no more. Sent ones stay open."""
        if self.submission.status == Submission.Status.SUBMITTED:
            return None
        return self.submission.last_step_at + settings.UNFINISHED_OPEN_FOR

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= now


class Tries(models.Model):
    """Wrong tries at one thing, counted until it is locked for a time. `subject` is a keyed hash."""

    subject = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)
    # How often it was locked: each lock lasts longer.
    locks = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.count} wrong tries"
