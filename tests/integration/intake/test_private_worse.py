"""“It got worse” on the private page: the safety questions again, and what they mean, without JavaScript."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from screening.actions import waiting
from screening.models import Assessment, AuditEvent, CallBack, Referral
from tests.intake_walk import page_data
from tests.private_walk import PrivateWalk

from .conftest import READY


@pytest.fixture
def sent(site, pathway):
    return PrivateWalk(site, pathway, READY)


def test_all_well_is_thanked_and_told_by_when(sent):
    sent.worse().to_the_end()
    assert sent.at == "worse/end/"
    sent.tell("It hurts more at night.")
    assert sent.at == "worse/told/"
    assert "Thank you. The clinic knows that it got worse." in sent.html
    referral = sent.referral
    assert referral.contact_due_at <= timezone.now() + timedelta(hours=72)
    local = referral.site.local(referral.contact_due_at)
    assert f"contact you by {local:%H:%M}" in sent.html
    assert referral.submission.revisions.last().remark == "It hurts more at night."


def test_who_waits_too_long_already_is_told_to_call(sent):
    Referral.objects.update(contact_due_at=timezone.now() - timedelta(days=1))
    sent.worse().to_the_end().tell()
    assert "Please call the clinic now." in sent.html
    assert "020 7946 0000" in sent.html


def test_an_emergency_is_told_at_once_before_the_rest_is_asked(sent):
    sent.worse(saddle_numbness="yes").save_page()
    assert sent.at == "emergency/"
    assert "Call 112 now" in sent.html
    assert sent.referral.disposition == "emergency_now"
    assert CallBack.objects.get().cause == "got_worse"


def test_the_emergency_page_takes_a_number_and_what_they_did(sent):
    sent.worse(saddle_numbness="yes").save_page()
    sent.post(sent.path, {"phone": "0", "do": "keep"})
    assert "Enter a telephone number with its digits" in sent.html
    sent.post(sent.path, {"phone": "020 7946 0555", "do": "called"})
    assert "You told us that you have called" in sent.html
    assert sent.referral.submission.call_back_phone == "020 7946 0555"
    assert CallBack.objects.get().said == "called"


def test_an_emergency_is_one_although_nothing_can_be_saved(sent, monkeypatch):
    def locked(**_):
        raise DatabaseError

    sent.worse(saddle_numbness="yes")
    with monkeypatch.context() as broken:
        broken.setattr(waiting, "tell_worse", locked)
        sent.save_page()
    assert sent.page.status_code == 503
    assert "Call 112 now" in sent.html
    assert 'name="saddle_numbness" value="yes"' in sent.html, "to be sent once more"
    sent.save_page()
    assert sent.at == "emergency/"


def test_chosen_by_mistake_asks_again_and_the_alarm_is_remembered(sent):
    sent.worse(saddle_numbness="yes").save_page()
    sent.post(sent.path, {"do": "mistake"})
    assert sent.at == "worse/1/"
    sent.answers["saddle_numbness"] = "no"
    sent.to_the_end().tell()
    assert sent.at == "worse/told/"
    outcome = sent.referral.assessment.read_outcome()
    assert sent.referral.disposition == "more_info"
    assert "alarm_withdrawn" in sent.referral.assessment.answers
    assert outcome.contact_within_hours <= 24
    assert CallBack.objects.get().mistake_at is not None


def test_an_urgent_answer_is_stored_at_once_and_the_rest_can_follow(sent):
    sent.worse(fever="yes")
    sent.to_the_end()
    assert sent.at == "worse/told/"
    assert "Please read this first" in sent.html
    assert Assessment.objects.filter(cause="worse").count() == 1
    made = sent.referral.assessment
    going_on = f"{sent.root}worse/3/"
    assert going_on in sent.html
    sent.get(going_on)
    sent.to_the_end().tell("Shivering")
    assert sent.at == "worse/told/"
    assert "Please read this first" in sent.html
    last = sent.referral.assessment
    assert (last.disposition, last.number) == (made.disposition, made.number + 1)


def test_earlier_answers_are_shown_as_words_and_none_is_chosen(sent):
    sent.worse()
    assert "You answered before: No." in sent.html
    assert " checked" not in sent.html


def test_nobody_gets_past_a_question(sent):
    sent.worse().save_page(saddle_numbness="")
    assert sent.at == "worse/1/"
    assert "There is a problem" in sent.html
    sent.get(f"{sent.root}worse/3/")
    assert sent.at == "worse/1/"
    sent.get(f"{sent.root}worse/end/")
    assert sent.at == "worse/1/"
    sent.get(f"{sent.root}worse/99/")
    assert sent.at == "worse/1/"


def test_a_question_that_appears_is_asked_on_the_same_page(sent):
    sent.worse(leg_weakness="same", foot_drop="no", weak_both_legs="no")
    sent.until("leg_weakness")
    here = sent.at
    sent.save_page()
    assert sent.at == here
    assert {"foot_drop", "weak_both_legs"} <= {question.id for question in sent.asked}


def test_pressing_twice_tells_once(sent):
    sent.worse().to_the_end()
    end = sent.path
    sent.tell("Worse")
    sent.post(end, {"remark": "Worse"})
    assert sent.at == "worse/told/"
    assert Assessment.objects.filter(cause="worse").count() == 1


def test_too_long_a_text_is_refused_and_kept(sent):
    sent.worse().to_the_end().tell("x" * 4001)
    assert sent.at == "worse/end/"
    assert sent.html.count("Make it 4,000 characters or shorter") == 2
    assert "x" * 4001 in sent.html


def test_what_was_not_sent_is_gone_when_it_is_begun_anew(sent):
    sent.worse().save_page()
    sent.get(f"{sent.root}worse/")
    assert " checked" not in sent.html


def test_without_telling_there_is_nothing_to_see(sent):
    private = sent.path
    for page in ("worse/told/", "emergency/"):
        sent.get(f"{private}{page}")
        assert sent.path == private


def test_after_a_quarter_of_an_hour_the_date_of_birth_is_asked_and_what_was_sent_arrives(sent):
    sent.worse().save_page()
    page = sent.path
    data = page_data(sent.asked, sent.answers)
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=True):
        sent.post(page, data)
        assert "date of birth" in sent.html
        where = sent.path + "?waits=1"
        sent.post(where, {"-birth": "", **dict(zip(BIRTH, born(sent.referral), strict=True))})
        assert sent.path != page


def test_a_stranger_with_the_link_alone_tells_nothing(sent):
    stranger = Client()
    answer = stranger.get(f"{sent.path}worse/", follow=True)
    assert "You answered before" not in answer.content.decode()
    assert "date of birth" in answer.content.decode()


def test_every_page_opened_is_recorded_without_what_was_told(sent):
    sent.worse(saddle_numbness="yes").save_page()
    events = str(list(AuditEvent.objects.values()))
    assert "'what': 'worse'" in events
    assert "yes" not in str(AuditEvent.objects.get(action="referral.worse").after)


BIRTH = ("date_of_birth", "birth_month", "birth_year")


def born(referral: Referral) -> tuple[str, str, str]:
    day = referral.patient.date_of_birth
    return str(day.day), str(day.month), str(day.year)
