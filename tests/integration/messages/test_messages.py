"""Letters: queued with what they are about, sent until it worked, and saying nothing but that there is news."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from screening.actions import delivery, messages
from screening.actions.audit import verify_chain
from screening.models import AuditEvent, Message
from tests.factories import SiteFactory, save_page, started, submitted, waiting
from tests.factories.cases import ADULT

pytestmark = pytest.mark.django_db
TO = "maria@example.com"
TECHNICAL = {"Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}


@pytest.fixture
def submission():
    return waiting(SiteFactory(slug="north", name="North Clinic", email="desk@north.example")).submission


@pytest.fixture
def unfinished():
    return started(SiteFactory(slug="north", name="North Clinic"))


def send(later=timedelta(0)):
    return messages.send_due(now=timezone.now() + later)


def everything_in(letter) -> str:
    """Every header and the text, as a mail program shows them."""
    message = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    shown = [f"{name}: {value}" for name, value in message.items() if name not in TECHNICAL]
    return "\n".join([*shown, message.get_content()])


# What is sent ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["link", "news"])
def test_a_letter_to_a_patient_carries_the_link_and_the_clinics_name(submission, kind):
    messages.queue(kind=kind, submission=submission)
    assert len(send()) == 1
    (letter,) = mail.outbox
    assert letter.to == [TO]
    assert letter.reply_to == ["desk@north.example"]
    assert "North Clinic" in letter.subject
    assert f"http://127.0.0.1:8000/north/r/{submission.way_back.token}/" in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_link_is_the_one_that_opens_when_it_is_sent(submission):
    messages.queue(kind="news", submission=submission)
    old = submission.way_back.token
    submission.way_back.link_number += 1
    submission.way_back.save()
    send()
    assert old not in mail.outbox[0].body
    assert submission.way_back.token in mail.outbox[0].body


# Words that tell of somebody's health, and everything that is told about this person.
HEALTH = re.compile(
    r"health|spine|spinal|back pain|leg|pain|surg|operat|clinical|patient|symptom|emergency|urgent|result|answer"
    r"|question|screen|refer|doctor|decision|diagnos|MS-|Maria|Quintana|7946 0123|45|tiny|miss"
    r"|salud|espalda|columna|pierna|dolor|cirug|operaci|síntoma|urgen|médic|resultado|respuesta|pregunta|paciente",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", ["link", "reminder", "news"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_letter_says_a_word_about_health_or_the_person(unfinished, kind, language):
    save_page(unfinished, ADULT)
    messages.queue(kind=kind, submission=unfinished, to=TO, language=language)
    send()
    # From and to whom, our own name of the sender, the link and the clinic's telephone are what it must have.
    text = everything_in(mail.outbox[0])
    for known in (TO, unfinished.way_back.token, "screening@localhost", "020 7946 0000"):
        text = text.replace(known, "")
    assert "North Clinic" in text
    assert HEALTH.findall(text) == []


def test_a_letter_is_in_the_patients_language(submission):
    submission.language = "es"
    submission.save()
    messages.queue(kind="news", submission=submission)
    messages.queue(kind="link", submission=submission, language="en")
    send()
    assert "There is news" not in mail.outbox[0].body
    assert mail.outbox[1].subject.startswith("Your private link")


def test_news_goes_only_to_who_may_be_reached_by_e_mail():
    by_phone = save_page(started(), ADULT).submission
    submitted(by_phone, contact_way="phone")
    assert messages.queue(kind="news", submission=by_phone) is None
    no_address = save_page(started(), ADULT).submission
    submitted(no_address, contact_way="phone", email="")
    assert messages.queue(kind="news", submission=no_address) is None
    assert messages.queue(kind="news", submission=started()) is None
    assert not Message.objects.exists()


def test_nothing_is_queued_where_the_clinic_sends_no_e_mail(submission, settings):
    settings.SENDS_EMAIL = False
    assert messages.queue(kind="news", submission=submission) is None


def test_news_that_still_waits_is_not_queued_twice(submission):
    first = messages.queue(kind="news", submission=submission)
    assert messages.queue(kind="news", submission=submission) == first
    send()
    assert messages.queue(kind="news", submission=submission) != first


def test_a_reminder_waits_for_its_day_and_does_not_go_to_who_has_finished(unfinished):
    tomorrow = timezone.now() + timedelta(days=1)
    messages.queue(kind="reminder", submission=unfinished, to=TO, after=tomorrow)
    assert send() == []
    assert len(send(timedelta(days=1, minutes=1))) == 1
    messages.queue(kind="reminder", submission=unfinished, to=TO)
    submitted(save_page(unfinished, ADULT).submission)
    assert send() == []
    assert Message.objects.last().given_up_at


def test_a_letter_is_taken_back(unfinished):
    messages.queue(kind="reminder", submission=unfinished, to=TO)
    messages.queue(kind="link", submission=unfinished, to=TO)
    assert messages.drop(submission=unfinished, kinds=["reminder"]) == 1
    assert [one.kind for one in send()] == ["link"]
    assert messages.drop(submission=unfinished) == 0


def test_a_name_with_a_line_break_adds_no_header(unfinished):
    unfinished.site.name = "North\nBcc: everybody@example.com"
    unfinished.site.save()
    messages.queue(kind="link", submission=unfinished, to=TO)
    send()
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == [TO]


# The outbox --------------------------------------------------------------------------------------------------------


def test_a_letter_belongs_to_the_transaction_of_what_it_is_about(submission):
    with pytest.raises(RuntimeError), transaction.atomic():
        messages.queue(kind="news", submission=submission)
        raise RuntimeError
    assert not Message.objects.exists()


def test_an_address_is_encrypted_and_forgotten_when_it_was_used(unfinished):
    messages.queue(kind="link", submission=unfinished, to=TO)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM screening_message")
        assert TO not in str(cursor.fetchall())
    send()
    assert (Message.objects.get().to, len(mail.outbox)) == ("", 1)
    assert send(timedelta(days=1)) == []


def test_the_audit_knows_of_it_and_knows_no_address(submission):
    messages.queue(kind="news", submission=submission)
    send()
    events = AuditEvent.objects.filter(object_type="message")
    assert [event.action for event in events] == ["message.queue", "message.send"]
    assert all(event.site == "north" and TO not in str(event.after) for event in events)
    assert verify_chain() == ()


def test_what_fails_waits_ever_longer_and_is_not_lost(submission, monkeypatch):
    message, now = messages.queue(kind="news", submission=submission), timezone.now()

    def fail(_):
        raise ConnectionRefusedError(TO)

    monkeypatch.setattr(delivery, "deliver", fail)
    waits = []
    for _ in range(6):
        messages.send_due(now=now)
        message.refresh_from_db()
        waits.append((message.send_after - now) / timedelta(minutes=1))
        now = message.send_after
    assert waits == [1, 2, 5, 20, 60, 60]
    assert (message.tries, message.failure) == (6, "ConnectionRefusedError")
    monkeypatch.undo()
    assert len(messages.send_due(now=now)) == 1


def test_after_days_it_is_given_up_and_its_address_forgotten(submission, monkeypatch):
    message, now = messages.queue(kind="news", submission=submission), timezone.now()
    monkeypatch.setattr(delivery, "deliver", lambda _: (_ for _ in ()).throw(OSError))
    while message.given_up_at is None:
        messages.send_due(now=now)
        message.refresh_from_db()
        now = max(now, message.send_after)
    assert timedelta(days=3) < message.given_up_at - message.made_at < timedelta(days=5)
    assert (message.to, message.failure) == ("", "OSError")
    assert AuditEvent.objects.last().action == "message.give_up"


def test_a_letter_that_was_to_wait_longer_than_that_is_tried_all_the_same(unfinished, monkeypatch):
    later = timezone.now() + timedelta(days=27)
    message = messages.queue(kind="reminder", submission=unfinished, to=TO, after=later)
    monkeypatch.setattr(delivery, "deliver", lambda _: (_ for _ in ()).throw(OSError))
    messages.send_due(now=later)
    message.refresh_from_db()
    assert message.given_up_at is None


def test_one_letter_that_cannot_be_written_keeps_no_other_waiting(submission, monkeypatch, caplog):
    messages.queue(kind="link", submission=submission, to="first@example.com")
    messages.queue(kind="link", submission=submission, to="second@example.com")
    words = delivery.words
    monkeypatch.setattr(
        delivery,
        "words",
        lambda one: words(one) if one.to.startswith("second") else words("nonsense first@example.com"),
    )
    send()
    assert [letter.to for letter in mail.outbox] == [["second@example.com"]]
    assert "first@example.com" not in caplog.text
