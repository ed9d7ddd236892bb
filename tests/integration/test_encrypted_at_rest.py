"""What lies in the database file: no name, no contact detail, no free text, nothing typed that might be one."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from screening.actions import intake, review
from screening.exceptions import DecryptionError
from screening.models import Patient
from screening.models.fields import EncryptedTextField
from screening.policies import Actor
from tests.factories import decided, in_review, save_page, started, submitted

pytestmark = pytest.mark.django_db

SECRETS = {
    "name": "Xanthippe Quarles",
    "email": "xanthippe@example.org",
    "phone": "+44 20 7946 0987",
    "call_back": "+44 20 7946 0765",
    "notes": "Fell off the pony Bramble",
    "typed": "forty-five, ask Rosamund",
    "hostile": "my neighbour Theodora",
    "advice": "Swim with Ottoline",
    "reason": "Spoke to Dr Peverell",
    "note": "His sister Hepzibah answered",
    "question": "When did Bramble throw you",
    "answer": "On Ludmila’s birthday",
    "closing": "Moved to Umberleigh",
    "born": "1947-03-09",
}


def whole_database() -> str:
    """Every value of every row of our tables, as stored."""
    stored = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("screening").get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            stored += [str(row) for row in cursor.fetchall()]
    return "\n".join(stored)


def a_case_with_every_secret() -> None:
    submission = started()
    patient = Actor.patient(submission.site)
    intake.leave_phone(actor=patient, submission=submission, phone=SECRETS["call_back"])
    save_page(
        submission,
        {"numb": "no", "chest": "no", "fever": "no", "wish": SECRETS["hostile"]},
        texts={"notes": SECRETS["notes"]},
        entered={"age_years": {"parts": [SECRETS["typed"]], "unit": "years"}},
    )
    save_page(submission, {"wish": "surgery"})
    referral = submitted(
        submission,
        name=SECRETS["name"],
        email=SECRETS["email"],
        phone=SECRETS["phone"],
        date_of_birth=date.fromisoformat(SECRETS["born"]),
    )
    referral = in_review(referral)
    surgeon = Actor.staff(referral.surgeon)

    def seen(at):
        at.refresh_from_db()
        return {"actor": surgeon, "referral": at, "expected_revision": at.revision}

    review.record_contact(**seen(referral), how="phone", reached=True, note=SECRETS["note"])
    review.ask_patient(**seen(referral), question=SECRETS["question"])
    review.answer_request(**seen(referral), answer=SECRETS["answer"], via="phone")
    review.reassess(**seen(referral), answers={"grade": 2}, texts={"scan_notes": SECRETS["notes"]}, via="web")
    chosen = {"decision": "conservative", "advice": SECRETS["advice"], "reason": SECRETS["reason"]}
    review.decide(**seen(referral), **chosen)
    review.reopen(**seen(referral), reason=SECRETS["reason"])
    review.decide(**seen(referral), **chosen)
    review.close(**seen(referral), note=SECRETS["closing"])


def test_no_secret_is_readable_in_the_database():
    a_case_with_every_secret()
    stored = whole_database()
    assert "surgery" in stored, "coded answers are meant to be readable: the rules run on them"
    assert [name for name, secret in SECRETS.items() if secret in stored] == []


def test_yet_every_secret_was_kept():
    a_case_with_every_secret()
    kept = []
    for model in apps.get_app_config("screening").get_models():
        encrypted = [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
        kept += [str(row) for row in model.objects.values(*encrypted)] if encrypted else []
    everything = "\n".join(kept).replace("datetime.date(1947, 3, 9)", SECRETS["born"])
    assert [name for name, secret in SECRETS.items() if secret not in everything] == []


def test_a_stored_text_copied_into_another_column_is_refused():
    decided()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE screening_patient SET phone = name")
    with pytest.raises(DecryptionError, match="patient"):
        Patient.objects.get()


def test_a_colleague_without_the_key_reads_nothing(settings):
    decided()
    settings.FIELD_ENCRYPTION_KEYS = {"test": "b3RoZXIga2V5LCAzMiBieXRlcyBsb25nLi4uLi4uLi4="}
    with pytest.raises(DecryptionError):
        Patient.objects.get()
