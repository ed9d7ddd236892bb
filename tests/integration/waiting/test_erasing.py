"""Erasing: asked by the patient, answered by an administrator; afterwards nothing of the person is anywhere."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.utils import timezone

from screening import feedback
from screening.actions import audit, call_backs, columnar, erasing, intake, messages, review, waiting
from screening.exceptions import FieldErrors, NotAllowed
from screening.management import posting
from screening.models import AuditEvent, ColumnarCase, ErasureRequest, Message, Referral, Submission
from screening.models.fields import EncryptedTextField
from screening.policies import ADMINISTRATORS, SURGEONS, Actor
from tests.factories import CALM, UserFactory, in_review, save_page, staff_actor, started, submitted
from tests.factories import waiting as a_case

pytestmark = pytest.mark.django_db

SECRETS = {
    "name": "Xanthippe Quarles",
    "email": "xanthippe@example.org",
    "phone": "+44 20 7946 0987",
    "call_back": "+44 20 7946 0765",
    "notes": "Fell off the pony Bramble",
    "typed": "forty-five, ask Rosamund",
    "worse": "The foot of Aurelius drags",
    "correction": "I am called Xanthippa",
    "contact": "other.xanthippe@example.org",
    "advice": "Swim with Ottoline",
    "reason": "Spoke to Dr Peverell",
    "note": "His sister Hepzibah answered",
    "question": "When did Bramble throw you",
    "answer": "On Ludmila’s birthday",
    "withdrawal": "Moved to Umberleigh",
    "erasure": "I do not want Umberleigh to know",
    "born": "1947-03-09",
}


def seen(referral, actor):
    referral.refresh_from_db()
    return {"actor": actor, "referral": referral, "expected_revision": referral.revision}


def a_case_with_every_secret() -> Referral:
    submission = started()
    patient = Actor.patient(submission.site)
    intake.leave_phone(actor=patient, submission=submission, phone=SECRETS["call_back"])
    typed = {"age_years": {"parts": [SECRETS["typed"]], "unit": "years"}}
    save_page(submission, {**CALM, "wish": "surgery"}, texts={"notes": SECRETS["notes"]}, entered=typed)
    referral = submitted(
        submission,
        name=SECRETS["name"],
        email=SECRETS["email"],
        phone=SECRETS["phone"],
        date_of_birth=date.fromisoformat(SECRETS["born"]),
    )
    referral = in_review(referral)
    surgeon = Actor.staff(referral.surgeon)
    review.record_contact(**seen(referral, surgeon), how="phone", reached=True, note=SECRETS["note"])
    review.ask_patient(**seen(referral, surgeon), question=SECRETS["question"])
    review.answer_request(**seen(referral, patient), answer=SECRETS["answer"], via="link")
    review.reassess(**seen(referral, surgeon), answers={"grade": 5}, texts={"scan_notes": SECRETS["notes"]}, via="web")
    choice = {"decision": "accept_traditional", "advice": SECRETS["advice"], "reason": SECRETS["reason"]}
    review.decide(**seen(referral, surgeon), **choice)
    waiting.correct_contact(**seen(referral, patient), email=SECRETS["contact"], phone="", contact_way="email")
    waiting.ask_correction(**seen(referral, patient), words=SECRETS["correction"])
    waiting.tell_worse(actor=patient, referral=referral, answers={"numb": "yes"}, remark=SECRETS["worse"])
    waiting.tell_emergency(actor=patient, referral=referral, said="called", phone=SECRETS["call_back"])
    review.withdraw(**seen(referral, patient), note=SECRETS["withdrawal"])
    referral.refresh_from_db()
    return referral


def ask(referral, words="") -> ErasureRequest:
    patient = Actor.patient(referral.site)
    return erasing.ask_erasure(actor=patient, referral=referral, expected_revision=None, words=words)


def sent(**_):
    """As if the mail server had taken everything."""
    Message.objects.under_way().update(sent_at=timezone.now(), to="")


def approve(request, actor=None) -> ErasureRequest:
    actor = actor or staff_actor(request.site, ADMINISTRATORS)
    return erasing.approve_erasure(actor=actor, request=request)


def everything_readable() -> str:
    """Every value of every row of ours: as stored, and what the keys can read of it."""
    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("screening_", "django_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                stored += [str(row) for row in cursor.fetchall()]
    for model in apps.get_app_config("screening").get_models():
        encrypted = [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
        stored += [str(row) for row in model._base_manager.values(*encrypted)] if encrypted else []
    return "\n".join(stored).replace("datetime.date(1947, 3, 9)", SECRETS["born"])


def test_every_secret_is_there_before():
    ask(a_case_with_every_secret(), SECRETS["erasure"])
    stored = everything_readable()
    assert [name for name, secret in SECRETS.items() if secret not in stored] == []


def test_after_erasure_nothing_of_the_person_is_anywhere():
    referral = a_case_with_every_secret()
    submission, patient = referral.submission, referral.patient
    request = ask(referral, SECRETS["erasure"])
    approve(request)
    sent()
    assert erasing.erase_approved(now=timezone.now()) == [request]
    stored = everything_readable()
    assert [name for name, secret in SECRETS.items() if secret in stored] == []
    # nor the coded answers, nor what came of them
    for model, key in ((Submission, submission.pk), (Referral, referral.pk), (type(patient), patient.pk)):
        assert not model._base_manager.filter(pk=key).exists()
    connection.check_constraints()
    assert audit.verify_chain() == ()


def test_what_stays_says_that_it_was_erased_and_by_whom():
    referral = a_case_with_every_secret()
    key, administrator = referral.pk, staff_actor(referral.site, ADMINISTRATORS)
    request = ask(referral)
    approve(request, administrator)
    sent()
    erasing.erase_approved(now=timezone.now())
    request.refresh_from_db()
    assert (request.status, request.referral, request.answered_by) == ("erased", key, administrator.user)
    event = AuditEvent.objects.get(action="erasure.erase")
    assert event.after["referral"] == key
    assert event.after["rows"]["assessment"] == 3
    assert AuditEvent.objects.filter(object_type="referral", object_id=str(key)).exists(), "the audit keeps ids"


def test_every_model_that_hangs_on_a_person_is_found():
    """Whoever adds a table about a case need not think of erasing: it is found by its foreign keys."""
    found = {model.__name__ for model in erasing.held_about(a_case_with_every_secret())}
    about_a_person = {"Submission", "Referral", "Patient"}
    for model in apps.get_app_config("screening").get_models():
        if {field.related_model.__name__ for field in model._meta.fields if field.is_relation} & about_a_person:
            assert model.__name__ in found
    assert found > {"Revision", "Assessment", "Review", "InformationRequest", "CallBack", "WayBack", "FormerDetails"}


def test_another_persons_record_is_untouched():
    other, referral = a_case(), a_case()
    before = str(list(Submission.objects.filter(pk=other.submission_id).values()))
    approve(ask(referral))
    sent()
    erasing.erase_approved(now=timezone.now())
    assert str(list(Submission.objects.filter(pk=other.submission_id).values())) == before
    assert Referral.objects.get() == other


def test_the_patient_is_told_before_the_address_goes():
    referral = a_case()
    request = approve(ask(referral))
    assert request.status == "approved"
    assert Message.objects.under_way().get(kind="news").to == "maria@example.com"
    assert erasing.erase_approved(now=timezone.now()) == []
    assert Referral.objects.filter(pk=referral.pk).exists()
    sent()
    assert erasing.erase_approved(now=timezone.now()) == [request]


def test_without_an_address_it_is_erased_at_once():
    submission = started()
    save_page(submission, {**CALM, "wish": "surgery"})
    referral = submitted(submission, email="", contact_way="phone")
    assert approve(ask(referral)).status == "erased"


def test_asking_twice_is_asking_once():
    referral = a_case()
    assert ask(referral) == ask(referral)


def test_a_refusal_says_why_and_leaves_everything():
    referral = a_case()
    request, administrator = ask(referral, "Please"), staff_actor(referral.site, ADMINISTRATORS)
    with pytest.raises(FieldErrors):
        erasing.refuse_erasure(actor=administrator, request=request, reason="  ")
    refused = erasing.refuse_erasure(actor=administrator, request=request, reason="The law: eight years.")
    assert (refused.status, refused.reason) == ("refused", "The law: eight years.")
    assert Message.objects.filter(kind="news").exists()
    assert Referral.objects.filter(pk=referral.pk).exists()
    with pytest.raises(NotAllowed):
        approve(request)
    assert ask(referral) != request, "they may ask again"


def test_only_an_administrator_of_the_clinic_answers():
    referral = a_case()
    request = ask(referral)
    superuser = UserFactory(is_superuser=True, is_staff=True)
    strangers = (
        staff_actor(referral.site, SURGEONS),
        staff_actor(a_case().site, ADMINISTRATORS),
        Actor.staff(superuser),
        Actor.patient(referral.site),
        Actor.system(),
    )
    for actor in strangers:
        with pytest.raises(NotAllowed):
            erasing.approve_erasure(actor=actor, request=request)
        with pytest.raises(NotAllowed):
            erasing.refuse_erasure(actor=actor, request=request, reason="No")


def test_what_is_counted_goes_on_without_it():
    referral, other = in_review(), in_review()
    for one in (referral, other):
        review.decide(
            **seen(one, Actor.staff(one.surgeon)), decision="accept_miss", procedures=["discectomy"], reason="x"
        )
    approve(ask(referral))
    sent()
    erasing.erase_approved(now=timezone.now())
    versions = feedback.Versions(other.pathway)
    found = feedback.count(other.site, feedback.cases(other.site, versions))
    assert found.total.decided == 1


def test_one_that_fails_does_not_keep_the_others(monkeypatch):
    first, second = approve(ask(a_case())), approve(ask(a_case()))
    sent()
    whole = erasing.held_about

    def fails_once(referral):
        if referral.pk == first.referral:
            raise RuntimeError("a key is missing")
        return whole(referral)

    monkeypatch.setattr(erasing, "held_about", fails_once)
    assert erasing.erase_approved(now=timezone.now()) == [second]
    first.refresh_from_db()
    assert first.status == "approved"


def test_a_call_back_and_messages_go_as_well():
    referral = a_case_with_every_secret()
    assert call_backs.is_reachable(referral.submission)
    request = ask(referral)
    approve(request)
    sent()
    erasing.erase_approved(now=timezone.now() + timedelta(days=1))
    assert not Message.objects.filter(submission__isnull=False).exists()
    assert messages.send_due(now=timezone.now()) == []


@pytest.mark.django_db(transaction=True)
def test_not_even_the_file_of_the_database_has_it_any_more():
    """SQLite leaves what is deleted in the file, unless it is told not to."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL gives the room of what was deleted away by itself.")
    referral = a_case()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM screening_patient")
        sealed = cursor.fetchone()[0].encode()

    def in_the_files() -> bool:
        name = connection.settings_dict["NAME"]
        return any(sealed in file.read_bytes() for file in Path(name).parent.glob(f"{Path(name).name}*"))

    assert in_the_files()
    approve(ask(referral))
    sent()
    erasing.erase_approved(now=timezone.now())
    assert not in_the_files()


@pytest.mark.django_db(transaction=True)
def test_the_copy_in_columns_forgets_as_well(settings, tmp_path):
    settings.VAR_DIR, settings.COLUMNAR_CASES = tmp_path, True
    referral, other = a_case(), a_case()
    for one in (referral, other):
        columnar.brought_up_to_date(one.site, one.pathway)
    key = referral.pk
    approve(ask(referral))
    sent()
    erasing.erase_approved(now=timezone.now())
    assert list(ColumnarCase.objects.values_list("referral", flat=True)) == [other.pk]
    assert not ColumnarCase.objects.filter(referral=key).exists()


def test_who_gets_worse_before_it_is_done_is_not_erased():
    referral = a_case()
    request = approve(ask(referral))
    waiting.tell_worse(actor=Actor.patient(referral.site), referral=referral, answers={"numb": "yes"})
    sent()
    assert erasing.erase_approved(now=timezone.now()) == []
    request.refresh_from_db()
    assert (request.status, request.answered_at, request.answered_by) == ("asked", None, None)
    assert Referral.objects.filter(pk=referral.pk).exists()


@pytest.mark.parametrize("answered", [False, True])
def test_changing_ones_mind_keeps_everything(answered):
    referral = a_case()
    request = ask(referral)
    if answered:
        approve(request)
    erasing.keep_after_all(actor=Actor.patient(referral.site), referral=referral)
    sent()
    assert erasing.erase_approved(now=timezone.now()) == []
    with pytest.raises(NotAllowed):
        erasing.keep_after_all(actor=Actor.patient(referral.site), referral=referral)
    with pytest.raises(NotAllowed):
        approve(request)
    assert ask(referral) != request


def test_the_worker_erases_once_the_message_has_left():
    referral = a_case()
    approve(ask(referral))
    posting.post()
    assert not Referral.objects.filter(pk=referral.pk).exists()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["maria@example.com"]
