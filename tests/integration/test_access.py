"""Ways back: what opens what, what is stored of it, how often one may be wrong, and the one reminder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from screening.actions import access, intake
from screening.exceptions import FieldErrors, TooManyTries
from screening.models import AuditEvent, Message, Submission, Tries, WayBack
from screening.policies import Actor
from tests.factories import ADULT, CALM, SiteFactory, identity, save_page, started, submitted

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
HERE = "192.0.2.7"


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(START, tick=False)
    return lambda **later: time_machine.move_to(START + timedelta(**later), tick=False)


def patient_of(submission):
    return Actor.patient(submission.site)


def code_of(submission) -> str:
    return access.make_code(actor=patient_of(submission), submission=submission)


def sent() -> Submission:
    submission = started()
    save_page(submission, ADULT)
    return submitted(submission).submission


def born(submission) -> date:
    return submission.referral.patient.date_of_birth


def try_code(submission, code, day=None, *, site=None, network=HERE):
    site = site or submission.site
    return access.try_code(actor=Actor.patient(site), site=site, code=code, born=day, network=network)


def try_birth(submission, day, network=HERE):
    return access.try_birth(actor=patient_of(submission), submission=submission, born=day, network=network)


def whole_database() -> str:
    """Every value of every table, as the database keeps it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


# What is stored ------------------------------------------------------------------------------------------------------


def test_neither_link_nor_code_nor_address_is_in_the_database(clock):
    submission = sent()
    code = code_of(submission)
    access.mail_link(actor=patient_of(submission), submission=submission, email="me@example.com", network=HERE)
    try_birth(submission, date(1900, 1, 1))
    try_code(submission, "QXYZ7QXYZ7")
    stored = whole_database()
    for secret in (submission.private_token, code, code.lower(), "QXYZ7QXYZ7", HERE, "me@example.com"):
        assert secret not in stored
    assert submission.way_back.link_hash in stored


def test_a_stored_hash_opens_nothing():
    submission = started()
    code_of(submission)
    kept = WayBack.objects.get(pk=submission.pk)
    assert try_code(submission, kept.code_hash[:10].upper()) is None
    assert try_code(submission, kept.code_hash) is None


def test_every_submission_has_a_way_back_from_its_first_moment_to_its_last():
    submission = started()
    token = submission.private_token
    save_page(submission, ADULT)
    referral = submitted(submission)
    assert referral.private_token == token


# A code --------------------------------------------------------------------------------------------------------------


def test_unfinished_answers_are_opened_by_the_code_alone():
    submission = started()
    assert try_code(submission, code_of(submission)) == submission
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.actor_kind, event.after) == ("submission.come_back", "patient", {"by": "code"})


def test_sent_answers_are_opened_by_the_code_only_with_the_date_of_birth():
    submission = sent()
    code = code_of(submission)
    assert try_code(submission, code) is None
    assert try_code(submission, code, born(submission) + timedelta(days=1)) is None
    assert try_code(submission, code, born(submission)) == submission


def test_a_new_code_ends_the_old_one():
    submission = started()
    old, new = code_of(submission), code_of(submission)
    assert try_code(submission, old) is None
    assert try_code(submission, new) == submission


def test_at_another_clinic_it_opens_nothing():
    submission, elsewhere = started(), SiteFactory()
    assert try_code(submission, code_of(submission), site=elsewhere) is None


def test_after_its_time_it_opens_nothing_and_nothing_is_deleted(clock, settings):
    submission = started()
    save_page(submission, CALM)
    code = code_of(submission)
    clock(days=29, hours=23)
    assert try_code(submission, code) == submission
    clock(days=30)
    assert try_code(submission, code) is None
    submission.refresh_from_db()
    assert submission.answers == CALM
    settings.UNFINISHED_OPEN_FOR = timedelta(days=60)
    assert try_code(submission, code) == submission


def test_every_saved_page_gives_more_time(clock):
    submission = started()
    code = code_of(submission)
    clock(days=20)
    save_page(submission, CALM)
    clock(days=45)
    assert try_code(submission, code) == submission


def test_what_was_sent_stays_open(clock):
    submission = sent()
    code = code_of(submission)
    clock(days=400)
    assert try_code(submission, code, born(submission)) == submission
    assert submission.way_back.closes_at is None


# Wrong tries ---------------------------------------------------------------------------------------------------------


def wrong_births(submission, count, network=HERE):
    for number in range(count):
        assert not try_birth(submission, date(1900, 1, 1 + number), network)


def test_after_five_wrong_dates_of_birth_not_even_the_right_one_opens_for_an_hour(clock):
    submission = sent()
    wrong_births(submission, 5)
    with pytest.raises(TooManyTries) as refused:
        try_birth(submission, born(submission), network="198.51.100.1")
    assert refused.value.until == START + timedelta(hours=1)
    clock(minutes=59)
    with pytest.raises(TooManyTries):
        try_birth(submission, born(submission))
    clock(minutes=61)
    assert try_birth(submission, born(submission))


def test_the_lock_is_the_same_by_code_and_by_link(clock):
    submission = sent()
    code = code_of(submission)
    for _ in range(3):
        try_code(submission, code, date(1900, 1, 1))
    wrong_births(submission, 2)
    with pytest.raises(TooManyTries):
        try_code(submission, code, born(submission))


def test_whoever_goes_on_guessing_waits_twice_as_long_each_time_up_to_a_day(clock):
    submission, hours = sent(), 0
    for wait in (1, 2, 4, 8, 16, 24, 24):
        wrong_births(submission, 5, network=f"192.0.2.{hours}")
        assert access.locked_until(about=submission, network="") == START + timedelta(hours=hours + wait)
        hours += wait
        clock(hours=hours)


def test_the_right_one_forgets_the_wrong_ones(clock):
    submission = sent()
    wrong_births(submission, 4)
    assert try_birth(submission, born(submission))
    wrong_births(submission, 4)
    assert try_birth(submission, born(submission))


def test_a_slip_now_and_then_locks_nobody_out(clock):
    submission = sent()
    for day in range(12):
        clock(days=day)
        wrong_births(submission, 1)
    assert try_birth(submission, born(submission))


def test_another_patient_is_not_locked_with_them(clock):
    submission, other = sent(), sent()
    wrong_births(submission, 5)
    assert try_birth(other, born(other))


def test_one_address_of_the_network_guesses_twenty_times_whomever_it_tries(clock):
    submission = started()
    code = code_of(submission)
    for number in range(20):
        assert try_code(submission, f"{number:010}") is None
    with pytest.raises(TooManyTries):
        try_code(submission, code)
    assert try_code(submission, code, network="198.51.100.1") == submission
    clock(minutes=61)
    assert try_code(submission, code) == submission


def test_a_right_one_in_between_does_not_let_an_address_go_on_guessing(clock):
    own = started()
    code = code_of(own)
    for number in range(20):
        try_code(own, f"{number:010}")
        if number < 19:
            try_code(own, code)
    with pytest.raises(TooManyTries):
        try_code(own, code)


def test_where_the_address_is_not_known_nobody_is_locked_for_the_others(clock):
    submission = started()
    code = code_of(submission)
    for number in range(30):
        try_code(submission, f"{number:010}", network="")
    assert try_code(submission, code, network="") == submission


def answer_to(submission, code, day, network):
    """What somebody learns from a try."""
    try:
        return try_code(submission, code, day, network=network) is not None
    except TooManyTries as locked:
        return locked.until


def test_a_code_that_exists_and_one_that_does_not_answer_alike(clock):
    """To whoever does not know the date of birth: the same answers, the same lock, after as many tries."""
    submission, day = sent(), date(1900, 1, 1)
    code = code_of(submission)
    real = [answer_to(submission, code, day, f"192.0.2.{number}") for number in range(8)]
    made_up = [answer_to(submission, "0123456789", day, f"192.0.2.{number}") for number in range(8)]
    assert real == made_up == [False] * 5 + [START + timedelta(hours=1)] * 3


def test_wrong_tries_are_in_the_audit_without_what_was_typed(clock):
    submission = sent()
    wrong_births(submission, 5)
    try_code(submission, "0000000000")
    about = AuditEvent.objects.filter(action__endswith=".wrong_try").order_by("number")
    assert [event.after for event in about] == [{"locked": False}] * 4 + [{"locked": True}, {"locked": False}]
    assert [event.object_type for event in about][-2:] == ["submission", "site"]


def test_old_tries_are_forgotten(clock):
    wrong_births(sent(), 2)
    assert Tries.objects.exists()
    clock(days=31)
    submission = sent()
    wrong_births(submission, 1, network="198.51.100.1")
    assert Tries.objects.count() == 2


def test_an_erased_patient_is_opened_by_nothing():
    submission = sent()
    code, day = code_of(submission), born(submission)
    submission.referral.patient = None
    submission.referral.save()
    assert try_code(submission, code, day) is None


# The link ------------------------------------------------------------------------------------------------------------


def test_a_replaced_link_never_opens(clock):
    submission = started()
    old = submission.private_token
    new = access.replace_link(actor=patient_of(submission), submission=submission)
    submission = Submission.objects.get()
    assert submission.private_token == new != old
    assert not WayBack.objects.filter(link_hash=WayBack(submission=submission, link_number=1).link_hash).exists()


def test_it_is_mailed_never_the_code(clock):
    submission = started()
    code_of(submission)
    access.mail_link(actor=patient_of(submission), submission=submission, email=" me@example.com ", network=HERE)
    message = Message.objects.get()
    assert (message.kind, message.submission, message.to) == ("link", submission, "me@example.com")
    assert WayBack.objects.get().email == "me@example.com"


@pytest.mark.parametrize("email", ["", "me", "me@", "a@b@example.com", "a@b.example\nBcc: all@example.com"])
def test_what_is_no_address_gets_nothing(email):
    submission = started()
    with pytest.raises(FieldErrors):
        access.mail_link(actor=patient_of(submission), submission=submission, email=email, network=HERE)
    assert not Message.objects.exists()


def test_nobody_is_flooded_with_links(clock):
    submission = started()
    mail = {"actor": patient_of(submission), "submission": submission, "network": HERE}
    for number in range(5):
        access.mail_link(**mail, email=f"a{number}@example.com")
    with pytest.raises(TooManyTries):
        access.mail_link(**mail, email="b@example.com")
    assert Message.objects.count() == 5
    assert access.locked_until(about=submission, network=HERE) is None


def test_the_address_for_the_reminder_is_forgotten_when_the_answers_are_sent():
    submission = mailed()
    save_page(submission, ADULT)
    submitted(submission)
    assert WayBack.objects.get().email == ""


def test_of_sent_answers_no_address_is_kept_for_a_reminder():
    submission = sent()
    access.mail_link(actor=patient_of(submission), submission=submission, email="other@example.com", network=HERE)
    assert WayBack.objects.get().email == ""


# The reminder --------------------------------------------------------------------------------------------------------


def mailed(**answers):
    submission = started()
    save_page(submission, answers)
    access.mail_link(actor=patient_of(submission), submission=submission, email="me@example.com", network=HERE)
    return submission


def reminders() -> int:
    return Message.objects.filter(kind="reminder").count()


def test_one_reminder_three_days_before_the_end(clock):
    submission = mailed()
    clock(days=26, hours=23)
    assert access.remind_unfinished(now=timezone.now()) == []
    clock(days=27, hours=1)
    assert access.remind_unfinished(now=timezone.now()) == [submission]
    assert access.remind_unfinished(now=timezone.now()) == []
    clock(days=29)
    assert access.remind_unfinished(now=timezone.now()) == []
    reminder = Message.objects.get(kind="reminder")
    assert reminder.to == "me@example.com"
    event = AuditEvent.objects.get(action="submission.remind")
    assert (event.actor_kind, event.site) == ("system", submission.site.slug)


def test_once_also_where_they_came_back_and_left_again(clock):
    submission = mailed()
    clock(days=28)
    access.remind_unfinished(now=timezone.now())
    save_page(submission, CALM)
    clock(days=28 + 28)
    assert access.remind_unfinished(now=timezone.now()) == []


def test_nobody_is_reminded_who_left_no_address_or_has_sent_or_is_at_the_emergency_page(clock):
    save_page(started(), CALM)
    done = mailed()
    save_page(done, ADULT)
    intake.submit(actor=patient_of(done), submission=done, identity=identity(), consent_text="I agree.")
    mailed(numb="yes")
    clock(days=28)
    assert access.remind_unfinished(now=timezone.now()) == []


def test_after_the_end_nobody_is_reminded_of_a_closed_door(clock):
    mailed()
    clock(days=30, hours=1)
    assert access.remind_unfinished(now=timezone.now()) == []


def test_one_that_cannot_be_read_does_not_keep_the_others_waiting(clock, caplog):
    broken, good = mailed(), mailed()
    # an expression passes the encryption by
    WayBack.objects.filter(pk=broken.pk).update(email=Concat(Value("not "), Value("encrypted")))
    clock(days=28)
    assert access.remind_unfinished(now=timezone.now()) == [good]
    assert "could not be written" in caplog.text


def test_the_command_reminds(clock):
    mailed()
    clock(days=28)
    out = StringIO()
    call_command("refer_unfinished", stdout=out)
    call_command("refer_unfinished", stdout=out)
    assert out.getvalue() == "1 reminded\n"


# Who fills it in -----------------------------------------------------------------------------------------------------


def test_who_fills_it_in_is_kept_and_audited():
    site = SiteFactory()
    tiny = started(site).pathway
    actor = Actor.patient(site)
    made = intake.start_submission(actor=actor, site=site, pathway=tiny, filled_by="relative")
    assert (made.filled_by, made.is_helped) == ("relative", True)
    event = AuditEvent.objects.get(action="submission.start", object_id=str(made.pk))
    assert event.after["filled_by"] == "relative"
    assert not started(site).is_helped
    assert not intake.start_submission(actor=actor, site=site, pathway=tiny, filled_by="self").is_helped
