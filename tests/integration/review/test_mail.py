"""Staff see whom e-mails do not reach, until one gets through or the address is another."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from screening.actions import delivery, messages, waiting
from screening.models import Message
from screening.policies import Actor
from tests.factories import in_review
from tests.factories import waiting as sent

from .conftest import fresh, path, text_of
from .conftest import send as send_form

ON_THE_CASE = "E-mails to this address have not got through since"
IN_THE_LIST = "E-mails do not get through"
GONE = SMTPRecipientsRefused({"maria@example.com": (550, b"no such user")})
LATER = timedelta(days=1)


@pytest.fixture
def mail(monkeypatch):
    """What becomes of every e-mail: mail(GONE) refuses them, mail(None) takes them."""

    def set_to(error):
        def deliver(message):
            if error:
                raise error

        monkeypatch.setattr(delivery, "deliver", deliver)

    return set_to


def news(referral):
    return messages.queue(kind="news", submission=referral.submission)


def send(*, times=3):
    """As the worker does, until a refusal for good is given up."""
    for time in range(times):
        messages.send_due(now=timezone.now() + time * LATER)


def pages(client, referral) -> tuple[str, str]:
    return text_of(client.get(path(referral))), text_of(client.get("/review/?status=any"))


def assert_told(client, referral):
    case, listed = pages(client, referral)
    assert ON_THE_CASE in case
    assert IN_THE_LIST in listed


def assert_not_told(client, referral):
    case, listed = pages(client, referral)
    assert ON_THE_CASE not in case
    assert IN_THE_LIST not in listed


@pytest.fixture
def unreached(site, mail):
    """A patient to whom news was refused for good."""
    referral = sent(site)
    mail(GONE)
    news(referral)
    send()
    assert Message.objects.get().given_up_at
    return referral


def test_an_address_that_is_refused_is_told_with_what_to_do(coordinator, unreached):
    assert_told(coordinator, unreached)
    assert "telephone them" in pages(coordinator, unreached)[0]


def test_who_left_no_telephone_number_cannot_be_telephoned(coordinator, site, mail):
    referral = sent(site, answers=None)
    referral.patient.phone = ""
    referral.patient.save()
    mail(GONE)
    news(referral)
    send()
    assert "and there is no telephone number" in pages(coordinator, referral)[0]


def test_it_says_since_when_the_first_one_waits(coordinator, unreached):
    Message.objects.update(made_at="2026-01-05T09:30:00Z")
    news(unreached)
    send()
    assert f"{ON_THE_CASE} Mon 5 Jan" in pages(coordinator, unreached)[0]


def test_it_is_gone_as_soon_as_one_gets_through(coordinator, unreached, mail):
    mail(None)
    news(unreached)
    send(times=1)
    assert_not_told(coordinator, unreached)


def test_it_is_gone_as_soon_as_the_address_is_another(coordinator, unreached):
    patient = Actor.patient(unreached.site)
    waiting.correct_contact(
        actor=patient,
        referral=unreached,
        expected_revision=None,
        email="maria.q@example.com",
        phone="020 7946 0123",
        contact_way="either",
    )
    assert_not_told(coordinator, unreached)
    # And told again where that one is wrong as well.
    news(fresh(unreached))
    send()
    assert_told(coordinator, unreached)


def test_another_correction_does_not_hide_it(coordinator, unreached):
    waiting.correct_identity(
        actor=coordinator.actor,
        referral=unreached,
        expected_revision=fresh(unreached).revision,
        name="María Quintana",
        date_of_birth=unreached.patient.date_of_birth,
    )
    assert_told(coordinator, unreached)


def test_a_server_that_is_away_for_a_moment_is_nobodys_wrong_address(coordinator, site, mail):
    referral = sent(site)
    mail(ConnectionRefusedError())
    news(referral)
    send(times=1)
    assert_not_told(coordinator, referral)
    Message.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert_told(coordinator, referral)


def test_a_link_sent_to_somebody_else_says_nothing_of_the_patients_address(coordinator, site, mail):
    referral = sent(site)
    mail(GONE)
    messages.queue(kind="link", submission=referral.submission, to="typo@example.com")
    send()
    assert_not_told(coordinator, referral)


def test_who_wants_no_e_mails_any_more_has_none_that_fail(coordinator, unreached):
    patient = Actor.patient(unreached.site)
    waiting.correct_contact(
        actor=patient,
        referral=unreached,
        expected_revision=None,
        email="maria@example.com",
        phone="020 7946 0123",
        contact_way="phone",
    )
    assert_not_told(coordinator, unreached)


def test_the_log_does_not_name_the_address(site, mail, caplog):
    caplog.set_level(logging.DEBUG)
    mail(GONE)
    news(sent(site))
    send()
    assert "was not sent" in caplog.text
    assert "maria" not in caplog.text.lower()


def test_a_long_list_asks_no_more_often(coordinator, site, mail, unreached):
    coordinator.get("/review/")
    with CaptureQueriesContext(connection) as few:
        coordinator.get("/review/")
    for _ in range(3):
        news(sent(site))
    send()
    with CaptureQueriesContext(connection) as many:
        page = coordinator.get("/review/")
    assert text_of(page).count(IN_THE_LIST) == 4
    assert len(many) == len(few)


@pytest.mark.parametrize(("way", "goes_to"), [("either", ["new@example.org"]), ("phone", [])])
def test_what_waits_for_a_wrong_address_does_not_go_there_any_more(site, mail, monkeypatch, way, goes_to):
    referral = sent(site)
    mail(ConnectionRefusedError())
    news(referral)
    send(times=1)
    waiting.correct_contact(
        actor=Actor.patient(site),
        referral=referral,
        expected_revision=None,
        email="new@example.org",
        phone="020 7946 0123",
        contact_way=way,
    )
    went_to = []
    monkeypatch.setattr(delivery, "deliver", lambda message: went_to.append(message.to))
    send(times=2)
    assert went_to == goes_to


def test_whoever_asks_is_told_that_no_e_mail_will_get_through(surgeon, unreached):
    referral = in_review(unreached, actor=surgeon.actor)
    page = text_of(surgeon.get(send_form(surgeon, referral, "ask", question="Which leg?")["Location"]))
    assert "E-mails do not get through to them: tell them yourself." in page
    assert "They are told by e-mail." not in page
