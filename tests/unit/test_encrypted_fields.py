"""Encrypted columns: what was written comes back, and nothing else ever does."""

import base64
from datetime import date

import pytest
from django.core.exceptions import FieldError

from screening.exceptions import DecryptionError
from screening.models import Patient, Submission
from screening.models.fields import EncryptedDateField, EncryptedJSONField, EncryptedTextField, decrypt, encrypt

OLD = {"old": base64.b64encode(b"o" * 32).decode()}
NEW = {"new": base64.b64encode(b"n" * 32).decode()}


@pytest.mark.parametrize("text", ["Maria", "", "Zoë 李 🦴", "a:b:c", "x" * 100_000, "\x00", "half \ud83e"])
def test_a_text_comes_back_as_it_was(text):
    stored = encrypt(text, place="patient.name")
    assert decrypt(stored, place="patient.name") == text
    assert not text or text not in stored


def test_the_same_text_is_stored_differently_each_time():
    assert encrypt("Maria", place="patient.name") != encrypt("Maria", place="patient.name")


def test_text_moved_into_another_column_is_refused():
    stored = encrypt("Maria", place="patient.name")
    with pytest.raises(DecryptionError):
        decrypt(stored, place="patient.email")


def test_old_keys_still_read_and_the_first_key_writes(settings):
    settings.FIELD_ENCRYPTION_KEYS = OLD
    before = encrypt("Maria", place="patient.name")
    settings.FIELD_ENCRYPTION_KEYS = NEW | OLD
    after = encrypt("Maria", place="patient.name")
    assert (before.split(":")[0], after.split(":")[0]) == ("old", "new")
    assert decrypt(before, place="patient.name") == decrypt(after, place="patient.name") == "Maria"


def test_without_its_key_a_text_is_an_error_never_a_value(settings):
    settings.FIELD_ENCRYPTION_KEYS = OLD
    stored = encrypt("Maria", place="patient.name")
    settings.FIELD_ENCRYPTION_KEYS = NEW
    with pytest.raises(DecryptionError, match="no key"):
        decrypt(stored, place="patient.name")
    # The same id, but another key behind it.
    settings.FIELD_ENCRYPTION_KEYS = {"old": NEW["new"]}
    with pytest.raises(DecryptionError):
        decrypt(stored, place="patient.name")


def _flip_a_bit(stored: str) -> str:
    key_id, _, sealed = stored.partition(":")
    data = bytearray(base64.b64decode(sealed))
    data[len(data) // 2] ^= 1
    return f"{key_id}:{base64.b64encode(bytes(data)).decode()}"


@pytest.mark.parametrize(
    "tamper",
    [
        _flip_a_bit,
        lambda stored: stored[:-4],
        lambda stored: stored + "AAAA",
        lambda stored: stored.replace(":", ""),
        lambda stored: "Maria",
        lambda stored: "",
        lambda stored: "test:",
        lambda stored: "test:not base64 at all",
    ],
)
def test_tampered_text_is_refused(tamper):
    with pytest.raises(DecryptionError):
        decrypt(tamper(encrypt("Maria Quintana", place="patient.name")), place="patient.name")


def test_dates_and_plain_data_come_back_as_what_they_were():
    born = Patient._meta.get_field("date_of_birth")
    texts = Submission._meta.get_field("texts")
    assert isinstance(born, EncryptedDateField)
    assert isinstance(texts, EncryptedJSONField)
    assert born.from_db_value(born.get_prep_value(date(1980, 5, 17)), None, None) == date(1980, 5, 17)
    said = {"notes": "Zoë said “no”", "list": [1, 2.5, None, True]}
    assert texts.from_db_value(texts.get_prep_value(said), None, None) == said


def test_nothing_stays_nothing():
    field = Patient._meta.get_field("email")
    assert isinstance(field, EncryptedTextField)
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, None) is None


@pytest.mark.parametrize("lookup", ["name", "name__icontains", "name__in"])
def test_encrypted_columns_refuse_to_be_searched(lookup):
    with pytest.raises(FieldError, match="cannot be searched"):
        Patient.objects.filter(**{lookup: "Maria"})
