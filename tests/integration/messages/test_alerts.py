"""Staff on call are alerted at once, again and again until somebody takes the call, and also where mail fails."""

import json
import re
import threading

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from screening.actions import call_backs, calling, clinic, intake, messages
from screening.models import AuditEvent, CallBack, Message
from screening.policies import Actor
from tests.factories import (
    ADULT,
    CALM,
    NUMB,
    SiteFactory,
    referred_emergency,
    save_page,
    staff_actor,
    started,
    submitted,
)

from .conftest import free_port

pytestmark = pytest.mark.django_db
PHONE = "020 7946 0456"


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to("2026-11-20T14:05:00Z", tick=False)
    return time_machine


@pytest.fixture
def site(db):
    return SiteFactory(
        slug="north", name="North Clinic", email="desk@north.example", on_call_email="oncall@north.example"
    )


def reached(site, phone=PHONE, network="") -> CallBack:
    submission, actor = started(site), Actor.patient(site, network)
    if phone:
        intake.leave_phone(actor=actor, submission=submission, phone=phone)
    intake.save_step(actor=actor, submission=submission, page="p1", answers=NUMB, texts={}, entered={})
    return CallBack.objects.get(submission=submission)


def work() -> list[Message]:
    """What every worker does all the time."""
    call_backs.alert_due(now=timezone.now())
    return messages.send_due(now=timezone.now())


def alerts_within(noon, minutes: int) -> int:
    """How many e-mails go out while a worker works for so long."""
    before = len(mail.outbox)
    for _ in range(minutes * 6):
        work()
        noon.shift(10)
    return len(mail.outbox) - before


# When --------------------------------------------------------------------------------------------------------------


def test_an_alert_goes_out_at_once_and_every_five_minutes_until_somebody_takes_the_call(site, noon):
    call_back = reached(site)
    assert len(work()) == 1
    assert work() == []
    assert alerts_within(noon, 16) == 3
    call_back.refresh_from_db()
    assert call_back.alerts == 4
    calling.take(actor=staff_actor(site), call_back=call_back, expected_revision=call_back.revision)
    assert alerts_within(noon, 20) == 0


def test_the_clinic_says_how_often(site, noon):
    site.alert_every_minutes = 2
    site.save()
    reached(site)
    assert alerts_within(noon, 8) == 4


def test_a_call_that_is_noted_or_closed_ends_them_as_well(site, noon):
    actor = staff_actor(site)
    noted, closed = reached(site), reached(site)
    work()
    calling.note_call(actor=actor, call_back=noted, expected_revision=noted.revision, reached=False)
    closed.refresh_from_db()
    calling.close(actor=actor, call_back=closed, expected_revision=closed.revision, ended="in_care")
    assert alerts_within(noon, 12) == 0


def test_who_cannot_be_reached_is_listed_and_alerts_nobody(site, noon):
    call_back = reached(site, phone="")
    assert alerts_within(noon, 12) == 0
    assert CallBack.objects.open().get() == call_back


def test_a_number_that_is_left_later_alerts_then(site, noon):
    call_back = reached(site, phone="")
    noon.shift(3600)
    actor = Actor.patient(site)
    intake.tell_emergency(actor=actor, submission=call_back.submission, said="", phone=PHONE)
    assert len(work()) == 1
    assert "at 14:05" in mail.outbox[0].body + mail.outbox[0].subject


def test_who_they_are_alerts_as_well_when_it_is_told_later(site):
    call_back = reached(site, phone="")
    submission = intake.resume_after_mistake(actor=Actor.patient(site), submission=call_back.submission)
    submitted(save_page(submission, {**CALM, "wish": "surgery"}).submission)
    assert len(work()) == 1


def test_a_number_taken_away_again_ends_the_alerts(site, noon):
    call_back = reached(site)
    work()
    submission = intake.resume_after_mistake(actor=Actor.patient(site), submission=call_back.submission)
    intake.leave_phone(actor=Actor.patient(site), submission=submission, phone="")
    assert alerts_within(noon, 12) == 0
    assert CallBack.objects.open().exists()


def test_whoever_reaches_the_page_again_is_nobodys_call_again(site):
    call_back = reached(site)
    work()
    calling.take(actor=staff_actor(site), call_back=call_back, expected_revision=call_back.revision)
    submission = intake.resume_after_mistake(actor=Actor.patient(site), submission=call_back.submission)
    assert save_page(submission, {"chest": "yes"}).stop
    again = CallBack.objects.get()
    assert (again.times, again.taken_by, again.said) == (2, None, "")
    assert again.reached_at == call_back.reached_at
    assert len(work()) == 1


def test_after_it_was_closed_the_next_time_is_another_entry(site):
    call_back = reached(site)
    calling.close(actor=staff_actor(site), call_back=call_back, expected_revision=call_back.revision, ended="advised")
    submission = intake.resume_after_mistake(actor=Actor.patient(site), submission=call_back.submission)
    assert save_page(submission, {"chest": "yes"}).stop
    assert CallBack.objects.count() == 2
    assert CallBack.objects.open().get().times == 1


def test_answers_that_are_an_emergency_only_when_they_are_sent_are_on_the_list_too(site):
    submission = save_page(started(site), ADULT).submission
    submission.answers = {**submission.answers, "numb": "yes"}
    submission.save()
    submitted(submission)
    assert CallBack.objects.get().is_reachable
    assert len(work()) == 1


def test_getting_worse_is_on_the_list_with_its_reason(site):
    referral = submitted(save_page(started(site), ADULT).submission)
    call_backs.reached(submission=referral.submission)
    assert CallBack.objects.get().cause == "got_worse"
    assert len(work()) == 1


# What it says ------------------------------------------------------------------------------------------------------

HEALTH = re.compile(
    r"health|spine|back pain|leg|pain|surg|operat|clinical|patient|symptom|numb|result|answer|question|screen|refer"
    r"|doctor|diagnos|MS-|Maria|Quintana|7946|45|tiny|stop|alarm",
    re.IGNORECASE,
)


def test_it_says_when_and_where_and_nothing_about_the_person(site):
    call_back = reached(site)
    work()
    (alert,) = mail.outbox
    assert alert.to == ["oncall@north.example"]
    assert alert.reply_to == []
    assert alert.subject == "Someone reached the emergency page at 14:05 at North Clinic"
    assert "Open the call-back list.\nhttp://127.0.0.1:8000/review/call-backs/" in alert.body
    whole = alert.message().as_string().replace("screening@localhost", "")
    whole = re.sub(r"^(Date|Message-ID|Content-[\w-]+|MIME-Version): .*(\n .*)*", "", whole, flags=re.MULTILINE)
    assert HEALTH.findall(whole) == []
    assert str(call_back.submission_id) not in whole


def test_the_next_day_it_says_which_day_it_was(site, noon):
    reached(site)
    noon.shift(24 * 3600)
    work()
    assert mail.outbox[0].subject == "Someone reached the emergency page at 14:05 on 20 November at North Clinic"


def test_several_who_wait_are_one_alert(site, noon):
    reached(site)
    noon.shift(30)
    reached(site)
    noon.shift(30)
    assert len(work()) == 1
    assert mail.outbox[0].subject == "2 people reached the emergency page at North Clinic, the first at 14:05"


def test_another_clinics_staff_are_not_alerted(site):
    other = SiteFactory(on_call_email="oncall@south.example")
    reached(site)
    work()
    assert [alert.to for alert in mail.outbox] == [["oncall@north.example"]]
    reached(other)
    work()
    assert mail.outbox[1].to == ["oncall@south.example"]
    assert "North Clinic" not in mail.outbox[1].subject


def test_the_audit_knows_of_every_alert(site):
    reached(site)
    work()
    alert = AuditEvent.objects.get(action="site.alert")
    assert (alert.site, alert.after) == ("north", {"waiting": 1, "times": 1})
    assert AuditEvent.objects.filter(action="message.send").exists()


# The other way -----------------------------------------------------------------------------------------------------


def test_where_mail_fails_the_web_address_gets_it_in_the_same_minute(site, use_smtp, posted):
    use_smtp(free_port())
    site.on_call_webhook = posted.address
    site.save()
    reached(site)
    (sent,) = work()
    assert sent.channel == "webhook"
    (body,) = posted.bodies
    text = json.loads(body)["text"]
    assert text.startswith("Someone reached the emergency page at 14:05 at North Clinic\n")
    assert "/review/call-backs/" in text
    assert list(json.loads(body)) == ["text"]
    assert HEALTH.findall(text) == []


def test_it_goes_on_both_ways_until_mail_works_or_somebody_takes_the_call(site, use_smtp, posted, noon, settings):
    use_smtp(free_port())
    site.on_call_webhook = posted.address
    site.save()
    call_back = reached(site)
    for _ in range(66):
        work()
        noon.shift(10)
    # At once, after five minutes and after ten; the e-mail that waits is one, tried every half minute.
    assert len(posted.bodies) == 3
    waiting = Message.objects.under_way().get()
    assert waiting.channel == "email"
    assert waiting.tries >= 20
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    noon.shift(30)
    work()
    assert len(mail.outbox) == 1
    call_back.refresh_from_db()
    calling.take(actor=staff_actor(site), call_back=call_back, expected_revision=call_back.revision)
    noon.shift(600)
    assert work() == []


def test_an_alert_that_waited_is_not_sent_after_somebody_took_the_call(site, use_smtp, noon, settings):
    use_smtp(free_port())
    call_back = reached(site)
    work()
    calling.take(actor=staff_actor(site), call_back=call_back, expected_revision=call_back.revision)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    noon.shift(60)
    work()
    assert mail.outbox == []
    assert not Message.objects.under_way().exists()


def test_from_the_third_time_on_that_nobody_answers_both_ways_are_tried(site, posted, noon):
    site.on_call_webhook = posted.address
    site.save()
    reached(site)
    alerts_within(noon, 6)
    assert (len(mail.outbox), len(posted.bodies)) == (2, 0)
    alerts_within(noon, 5)
    assert (len(mail.outbox), len(posted.bodies)) == (3, 1)


def test_a_clinic_without_e_mail_has_the_web_address_alone(site, posted, settings):
    settings.SENDS_EMAIL = False
    site.on_call_webhook = posted.address
    site.save()
    reached(site)
    work()
    assert (len(mail.outbox), len(posted.bodies)) == (0, 1)


def test_a_web_address_that_fails_is_tried_again(site, posted, noon):
    site.on_call_email, site.on_call_webhook = "", posted.address
    site.save()
    posted.answer = 500
    reached(site)
    assert work() == []
    posted.answer = 200
    noon.shift(31)
    assert len(work()) == 1


def test_a_web_address_that_leads_elsewhere_is_not_followed(site, posted):
    site.on_call_email, site.on_call_webhook = "", posted.address
    site.save()
    posted.answer, posted.headers = 302, {"Location": "/elsewhere"}
    reached(site)
    assert work() == []
    assert posted.paths == ["/hook/3f9c"]
    assert Message.objects.get().failure == "HTTPError"


def test_a_clinic_without_either_loses_nobody(site, noon):
    site.on_call_email = ""
    site.save()
    reached(site)
    assert alerts_within(noon, 6) == 0
    assert CallBack.objects.unanswered().count() == 1


@pytest.mark.parametrize("address", ["ftp://example.org/x", "javascript:alert(1)", "file:///etc/passwd", "oncall"])
def test_only_a_web_address_can_be_one(site, address):
    site.on_call_webhook = address
    with pytest.raises(ValidationError):
        clinic.save_site(actor=Actor.system(), site=site)


# Floods ------------------------------------------------------------------------------------------------------------


def test_a_flood_from_one_address_is_one_alert_and_a_real_call_still_goes_out_at_once(site, noon):
    for number in range(40):
        reached(site, phone=f"020 7946 0{number:03}", network="192.0.2.7")
        work()
        noon.shift(2)
    # Five people of one waiting room at once, then one for all the others with the first of them.
    assert len(mail.outbox) <= 6
    work()
    before = len(mail.outbox)
    noon.shift(60)
    reached(site, network="198.51.100.9")
    assert len(work()) == 1
    assert len(mail.outbox) == before + 1


def test_many_addresses_at_once_do_not_empty_the_mailbox_of_staff(site, noon):
    for number in range(30):
        reached(site, network=f"192.0.2.{number}")
        work()
        noon.shift(1)
    assert len(mail.outbox) == call_backs.BURST
    noon.shift(60)
    assert len(work()) == 1
    assert mail.outbox[-1].subject.startswith("30 people reached")


def test_the_same_address_is_known_by_a_keyed_hash_of_the_day_and_forgotten(site, noon):
    one, two = reached(site, network="192.0.2.7"), reached(site, network="192.0.2.7")
    other = reached(site, network="192.0.2.8")
    assert one.network == two.network != other.network
    assert "192.0.2.7" not in str(CallBack.objects.values()) + str(AuditEvent.objects.values())
    noon.shift(24 * 3600 + 60)
    tomorrow = reached(site, network="192.0.2.7")
    assert tomorrow.network != one.network
    assert call_backs.forget_networks(now=timezone.now()) == 3
    assert set(CallBack.objects.values_list("network", flat=True)) == {"", tomorrow.network}
    assert call_backs.forget_networks(now=timezone.now()) == 0


def test_a_flood_ends_with_its_hour(site, noon):
    for _ in range(5):
        reached(site, network="192.0.2.7")
    noon.shift(3601)
    assert reached(site, network="192.0.2.7").flood == ""


# Never lost --------------------------------------------------------------------------------------------------------


def test_it_is_on_the_list_or_the_answer_is_not_saved(site, monkeypatch):
    submission = started(site)
    monkeypatch.setattr(call_backs, "_bundle", lambda *_: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        save_page(submission, NUMB)
    submission.refresh_from_db()
    assert (submission.answers, submission.status) == ({}, "in_progress")


def test_a_case_of_another_kind_is_not_on_the_list(site):
    save_page(started(site), {"fever": "yes"})
    submitted(save_page(started(site), ADULT).submission)
    assert not CallBack.objects.exists()
    assert referred_emergency(site).submission.call_backs.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_alert(site):
    reached(site)
    start = threading.Barrier(3)

    def look() -> None:
        start.wait()
        call_backs.alert_due(now=timezone.now())
        connection.close()

    workers = [threading.Thread(target=look) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Message.objects.filter(kind="alert").count() == 1
    assert CallBack.objects.get().alerts == 1
