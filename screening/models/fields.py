"""Columns that hold names, contact details and free text: encrypted with AES-256-GCM, readable only with a key.

Stored as "key id:base64(nonce, ciphertext, tag)". The names of model and field are bound in: a stored text cannot be
moved into another column. The first of settings.FIELD_ENCRYPTION_KEYS writes, all of them read.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

from screening.exceptions import DecryptionError

NONCE_BYTES = 12
# Half a character is not valid text, but whatever arrives must be kept rather than fail.
UTF_8 = ("utf-8", "surrogatepass")


@lru_cache(maxsize=32)
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key, validate=True))


def encrypt(text: str, *, place: str) -> str:
    """`place` is "model.field"."""
    key_id, key = next(iter(settings.FIELD_ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, text.encode(*UTF_8), place.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, place: str) -> str:
    """Raises DecryptionError; never answers with anything but the text that was encrypted for `place`."""
    key_id, _, sealed = stored.partition(":")
    key = settings.FIELD_ENCRYPTION_KEYS.get(key_id)
    if key is None:
        raise DecryptionError(f"{place}: there is no key with the id it was written with")
    try:
        data = base64.b64decode(sealed, validate=True)
        return _cipher(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode()).decode(*UTF_8)
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise DecryptionError(f"{place}: wrong key, or not what was written here") from error


class EncryptedTextField(models.TextField):
    """Text. None stays NULL. It cannot be searched: the same text is stored differently each time."""

    @property
    def place(self) -> str:
        return f"{self.model._meta.model_name}.{self.name}"

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else encrypt(self.dump(value), place=self.place)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else self.load(decrypt(value, place=self.place))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.place} is encrypted and cannot be searched")
        return super().get_lookup(lookup_name)

    def dump(self, value: Any) -> str:
        return str(value)

    def load(self, text: str) -> Any:
        return text


class EncryptedDateField(EncryptedTextField):
    """A date."""

    def to_python(self, value: Any) -> Any:
        return date.fromisoformat(value) if isinstance(value, str) and value else value

    def dump(self, value: Any) -> str:
        return self.to_python(value).isoformat()

    def load(self, text: str) -> date:
        return date.fromisoformat(text)


class EncryptedJSONField(EncryptedTextField):
    """Plain data: dicts, lists, texts, numbers."""

    def to_python(self, value: Any) -> Any:
        return value

    def dump(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def load(self, text: str) -> Any:
        return json.loads(text)
