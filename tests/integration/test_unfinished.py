"""Patients with an urgent alarm who fall silent are referred after an hour; others are left in peace."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from screening.actions import intake
from screening.models import AuditEvent, Referral, Submission
from screening.policies import Actor
from tests.factories import CALM, save_page, started, submitted

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
LATER = START + timedelta(hours=1, seconds=1)


@pytest.fixture(autouse=True)
def at_ten(time_machine):
    time_machine.move_to(START, tick=False)


def silent_with(answers) -> Submission:
    return save_page(started(), answers).submission


def test_an_urgent_alarm_and_an_hour_of_silence_make_a_referral():
    submission = silent_with({**CALM, "fever": "yes"})
    (referral,) = intake.refer_unfinished(now=LATER)
    assert referral.submission == submission
    assert (referral.origin, referral.disposition, referral.patient) == ("unfinished", "soon", None)
    assert referral.contact_due_at == LATER + timedelta(hours=48)
    assert referral.assessment.cause == "unfinished"
    event = AuditEvent.objects.get(action="referral.make")
    assert (event.actor_kind, event.site) == ("system", submission.site.slug)


def test_it_is_assessed_on_the_answers_so_far_with_nothing_pending():
    silent_with({"fever": "yes"})
    (referral,) = intake.refer_unfinished(now=LATER)
    outcome = referral.assessment.read_outcome()
    assert set(outcome.unresolved) == {"E1", "E2"}
    # An unanswered emergency question is clarified within a day.
    assert outcome.contact_within_hours == 24


def test_who_was_referred_comes_back_and_raises_another_alarm_is_referred_on_that_one_too(time_machine):
    submission = silent_with({**CALM, "numb": "yes"})
    referral = submission.referral
    intake.resume_after_mistake(actor=Actor.patient(submission.site), submission=submission)
    assert intake.refer_unfinished(now=LATER) == [], "nothing new was told"
    time_machine.move_to(START + timedelta(minutes=5), tick=False)
    save_page(submission, {"numb": "no", "fever": "yes"})
    assert "U1" not in referral.assessment.read_outcome().fired
    assert intake.refer_unfinished(now=LATER + timedelta(minutes=5)) == [referral]
    referral.refresh_from_db()
    assert {"U1", "W1"} <= set(referral.assessment.read_outcome().fired)
    assert intake.refer_unfinished(now=LATER + timedelta(hours=4)) == []


@pytest.mark.parametrize("minutes", [0, 59, 60])
def test_not_before_an_hour_is_over(minutes):
    silent_with({"fever": "yes"})
    assert intake.refer_unfinished(now=START + timedelta(minutes=minutes)) == []


def test_a_sign_of_life_starts_the_hour_again(time_machine):
    submission = silent_with({"fever": "yes"})
    time_machine.move_to(START + timedelta(minutes=50), tick=False)
    save_page(submission, {})
    assert intake.refer_unfinished(now=LATER) == []
    assert len(intake.refer_unfinished(now=LATER + timedelta(minutes=50))) == 1


@pytest.mark.parametrize("answers", [{}, CALM, {"numb": "dont_know"}, {"wish": "surgery"}])
def test_without_an_urgent_alarm_nobody_is_referred(answers):
    silent_with(answers)
    assert intake.refer_unfinished(now=LATER) == []


def test_an_alarm_that_was_taken_back_is_no_longer_true():
    submission = silent_with({"fever": "yes"})
    save_page(submission, {"fever": "no"})
    assert intake.refer_unfinished(now=LATER) == []


def test_only_once_and_never_beside_another_referral():
    silent_with({"fever": "yes"})
    silent_with({"numb": "yes"})
    done = silent_with({**CALM, "fever": "yes", "wish": "other"})
    submitted(done)
    assert len(intake.refer_unfinished(now=LATER)) == 1
    assert intake.refer_unfinished(now=LATER) == []
    assert Referral.objects.count() == 3


def test_an_emergency_resumed_and_left_has_its_referral_already():
    submission = silent_with({"numb": "yes", "fever": "yes"})
    intake.resume_after_mistake(actor=Actor.patient(submission.site), submission=submission)
    save_page(submission, {})
    assert intake.refer_unfinished(now=LATER) == []


def test_the_patient_may_come_back_and_finish_on_the_same_referral():
    submission = silent_with({**CALM, "fever": "yes"})
    (referral,) = intake.refer_unfinished(now=LATER)
    save_page(submission, {"wish": "surgery"})
    final = submitted(submission)
    assert final == referral
    assert (final.origin, final.patient.name) == ("unfinished", "Maria Quintana")
    assert [made.cause for made in final.submission.assessments.all()] == ["unfinished", "submitted"]


def test_one_case_that_cannot_be_read_does_not_keep_the_others_waiting(caplog):
    broken, good = silent_with({"fever": "yes"}), silent_with({"fever": "yes"})
    Submission.objects.filter(pk=broken.pk).update(answers=[])
    assert [referral.submission for referral in intake.refer_unfinished(now=LATER)] == [good]
    assert "could not be referred" in caplog.text


def test_the_command(time_machine):
    silent_with({"fever": "yes"})
    time_machine.move_to(LATER, tick=False)
    out = StringIO()
    call_command("refer_unfinished", stdout=out)
    assert out.getvalue() == "1 unfinished referred, 0 overdue handed back\n"
    call_command("refer_unfinished", stdout=out)
    assert out.getvalue().count("\n") == 1
