"""Sending the answers: once, whole, or not at all."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from screening.actions import intake
from screening.actions.audit import verify_chain
from screening.exceptions import FieldErrors, NotAllowed
from screening.models import Assessment, AuditEvent, Patient, Referral, Submission
from screening.policies import Actor
from tests.factories import CALM, SiteFactory, identity, save_page, started, submitted, tiny_ruleset, waiting

pytestmark = pytest.mark.django_db


def ready() -> Submission:
    return save_page(started(), {**CALM, "wish": "surgery"}).submission


def test_sending_makes_everything_at_once(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    submission = ready()
    referral = submitted(submission)
    submission.refresh_from_db()
    assert (submission.status, submission.submitted_at) == ("submitted", timezone.now())
    assert (referral.origin, referral.status, referral.disposition) == ("submitted", "waiting", "small_cut")
    assert referral.urgency == tiny_ruleset().urgency["small_cut"]
    assert referral.contact_due_at == timezone.now() + timedelta(hours=672)
    assert (referral.patient.name, referral.patient.consent_text) == ("Maria Quintana", "I agree.")
    assert referral.assessment.released_at == timezone.now()
    assert referral.assessment.read_outcome().fired == ("M1",)
    assert referral.assessment.answers == submission.answers
    assert referral.site == submission.site
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"submission.start", "submission.step", "submission.submit", "referral.make"} == actions


def test_the_outcome_is_stored_whole_and_with_its_version():
    referral = waiting()
    outcome = referral.assessment.read_outcome()
    assert outcome.ruleset_sha256 == referral.assessment.version.sha256
    assert set(outcome.verdicts) == {rule.id for rule in tiny_ruleset().rules}


def test_free_text_is_not_in_the_stored_assessment():
    submission = save_page(started(), CALM, texts={"notes": "Bramble the pony"}).submission
    referral = submitted(submission)
    assert "Bramble" not in str(Assessment.objects.values().get(pk=referral.assessment_id))


def test_sending_again_gives_the_same_referral_whatever_is_sent_with_it():
    submission = ready()
    first = submitted(submission)
    events = AuditEvent.objects.count()
    again = submitted(submission, name="Somebody Else")
    assert again == first
    assert again.patient.name == "Maria Quintana"
    assert (Patient.objects.count(), Assessment.objects.count(), AuditEvent.objects.count()) == (1, 1, events)


def test_what_is_wrong_with_the_identity_is_said_and_nothing_is_made():
    submission = ready()
    with pytest.raises(FieldErrors) as refused:
        submitted(submission, name="", email="", phone="")
    assert set(refused.value.fields) == {"name", "phone"}
    assert Submission.objects.get().status == "in_progress"
    assert not Patient.objects.exists()


def test_nothing_is_sent_without_agreement():
    submission = ready()
    with pytest.raises(FieldErrors) as refused:
        intake.submit(
            actor=Actor.patient(submission.site), submission=submission, identity=identity(), consent_text=" "
        )
    assert set(refused.value.fields) == {"consent"}


def test_a_stranger_cannot_send():
    with pytest.raises(NotAllowed):
        intake.submit(
            actor=Actor.patient(SiteFactory()), submission=ready(), identity=identity(), consent_text="I agree."
        )


def test_a_failure_in_the_middle_leaves_nothing_half_made(monkeypatch):
    submission = ready()

    def fail(**_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("screening.actions.intake.record", fail)
    with pytest.raises(RuntimeError):
        submitted(submission)
    assert (Patient.objects.count(), Assessment.objects.count(), Referral.objects.count()) == (0, 0, 0)
    assert Submission.objects.get().status == "in_progress"


@pytest.mark.django_db(transaction=True)
def test_pressing_send_five_times_at_once_makes_one_referral():
    submission = ready()
    sent, failed, start = [], [], threading.Barrier(5)

    def press() -> None:
        try:
            start.wait()
            sent.append(submitted(submission).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(5)]
    for press_once in presses:
        press_once.start()
    for press_once in presses:
        press_once.join()
    assert failed == []
    assert len(sent) == 5
    assert set(sent) == {Referral.objects.get().pk}
    assert (Patient.objects.count(), Assessment.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(action="submission.submit").count() == 1
    assert verify_chain() == ()


@pytest.mark.django_db(transaction=True)
def test_steps_and_a_send_at_once_lose_no_step():
    submission = ready()
    outcomes, start = [], threading.Barrier(4)

    def save(answer) -> None:
        try:
            start.wait()
            save_page(submission, {"weeks": answer})
            outcomes.append("saved")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    def send() -> None:
        start.wait()
        submitted(submission)
        connection.close()

    threads = [threading.Thread(target=save, args=[week]) for week in (1, 2, 3)] + [threading.Thread(target=send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {"saved", "AlreadySubmitted"}
    steps = Submission.objects.get().revisions.all()
    assert [step.number for step in steps] == list(range(1, steps.count() + 1))
    assert steps.count() == 1 + outcomes.count("saved")
    # The assessment saw exactly what was saved before it.
    assert Referral.objects.get().assessment.answers == Submission.objects.get().answers
