"""The emergency page: at once, never lost, never a trap, never forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions import intake, review
from screening.exceptions import FieldErrors, NotAllowed
from screening.models import Referral, Submission
from screening.policies import Actor
from tests.factories import CALM, in_review, referred_emergency, save_page, staff_actor, started, submitted

pytestmark = pytest.mark.django_db


def stored(submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def resume(submission) -> Submission:
    return intake.resume_after_mistake(actor=Actor.patient(submission.site), submission=submission)


def stopped() -> Submission:
    return save_page(started(), {"numb": "yes"}).submission


def test_an_emergency_answer_stops_and_refers_at_once(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    step = save_page(started(), {"numb": "yes"})
    assert step.stop
    assert step.submission.status == stored(step.submission).status == "stopped"
    referral = step.referral
    assert (referral.origin, referral.status, referral.disposition, referral.urgency) == (
        "emergency",
        "waiting",
        "go_now",
        0,
    )
    assert referral.made_at == referral.contact_due_at == timezone.now()
    assert referral.patient is None
    assert referral.released_assessment == referral.assessment
    assert (referral.assessment.cause, referral.assessment.number) == ("emergency", 1)


def test_the_referral_is_assessed_as_if_nothing_more_will_come():
    referral = save_page(started(), {"numb": "yes"}).referral
    outcome = referral.assessment.read_outcome()
    assert outcome.fired == ("E1",)
    assert set(outcome.unresolved) == {"E2", "U1"}


def test_a_page_posted_behind_the_emergency_page_is_kept_and_it_stays():
    submission = stopped()
    step = save_page(submission, {"numb": "no", "wish": "other"})
    assert step.stop
    assert step.submission.status == "stopped"
    assert step.submission.answers == {"numb": "no", "wish": "other"}
    assert step.referral == Referral.objects.get()


def test_what_was_said_on_the_emergency_page_is_kept():
    submission = stopped()
    patient = Actor.patient(submission.site)
    intake.tell_emergency(actor=patient, submission=submission, said="cannot_call", phone="020 7946 0000")
    intake.tell_emergency(actor=patient, submission=submission, said="", phone="")
    now = stored(submission)
    assert (now.said_on_emergency, now.call_back_phone) == ("cannot_call", "020 7946 0000")
    intake.tell_emergency(actor=patient, submission=submission, said="called")
    assert stored(submission).said_on_emergency == "called"
    with pytest.raises(FieldErrors):
        intake.tell_emergency(actor=patient, submission=submission, said="maybe")
    with pytest.raises(FieldErrors):
        intake.tell_emergency(actor=patient, submission=submission, said="called", phone="x")


def test_the_emergency_form_needs_the_emergency_page():
    submission = started()
    with pytest.raises(NotAllowed):
        intake.tell_emergency(actor=Actor.patient(submission.site), submission=submission, said="called")


def test_nothing_is_sent_from_the_emergency_page():
    with pytest.raises(NotAllowed):
        submitted(stopped())


# By mistake --------------------------------------------------------------------------------------------------------


def test_by_mistake_goes_on_with_the_same_referral_and_remembers_the_alarm():
    submission = resume(stopped())
    assert submission.status == "in_progress"
    step = save_page(submission, {"numb": "no"})
    assert not step.stop
    assert step.referral == Referral.objects.get()
    assert step.submission.alarms_seen == ["E1"]
    final = submitted(save_page(submission, {**CALM, "wish": "surgery"}).submission)
    assert Referral.objects.get() == final
    assert final.assessment.read_outcome().fired == ("W1", "M1")
    assert final.disposition == "more_info"
    assert final.assessment.answers["alarm_withdrawn"] == "yes"
    assert "alarm_withdrawn" not in stored(submission).answers


def test_an_unchanged_answer_does_not_trap_the_patient():
    submission = resume(stopped())
    assert not save_page(submission, {"numb": "yes"}).stop
    assert not save_page(submission, {"fever": "no"}).stop
    final = submitted(save_page(submission, {"chest": "no", "wish": "surgery"}).submission)
    assert (final.disposition, final.origin) == ("go_now", "emergency")
    assert Referral.objects.count() == 1


def test_a_new_emergency_stops_again_and_updates_the_referral():
    submission = resume(stopped())
    first = Referral.objects.get()
    step = save_page(submission, {"chest": "yes"})
    assert step.stop
    assert step.referral == first
    assert step.referral.revision == first.revision + 1
    assert step.referral.assessment.read_outcome().fired == ("E1", "E2")
    assert [made.cause for made in step.submission.assessments.all()] == ["emergency", "emergency"]


def test_the_same_emergency_taken_back_and_given_again_stops_again():
    submission = resume(stopped())
    assert not save_page(submission, {"numb": "no"}).stop
    assert save_page(submission, {"numb": "yes"}).stop


def test_resuming_twice_or_without_a_stop_changes_nothing():
    submission = started()
    assert resume(submission).status == "in_progress"
    assert resume(resume(stopped())).status == "in_progress"


def test_a_new_emergency_after_a_contact_needs_its_own_contact(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    submission = stopped()
    referral = Referral.objects.get()
    nurse = staff_actor(referral.site, "Coordinators")
    review.record_contact(actor=nurse, referral=referral, expected_revision=1, how="phone", reached=True)
    resume(submission)
    time_machine.move_to("2026-11-20T11:00:00Z", tick=False)
    referral = save_page(submission, {"chest": "yes"}).referral
    assert referral.contacted_at is None
    assert referral.contact_due_at == timezone.now()


# Sending after an emergency ----------------------------------------------------------------------------------------


def test_the_final_answers_never_make_the_deadline_later(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    submission = resume(stopped())
    made_at = timezone.now()
    time_machine.move_to("2026-11-20T10:20:00Z", tick=False)
    final = submitted(save_page(submission, {**CALM, "wish": "none_of_it"}).submission)
    assert final.contact_due_at == made_at
    assert final.made_at == made_at
    assert final.patient.name == "Maria Quintana"
    assert final.submission.alarms_seen == ["E1"]
    assert [made.disposition for made in final.submission.assessments.all()] == ["go_now", "more_info"]
    assert final.released_assessment == final.assessment


def test_the_surgeon_who_has_the_emergency_keeps_it_when_the_answers_come():
    referral = in_review(referred_emergency())
    submission = resume(referral.submission)
    final = submitted(save_page(submission, {**CALM, "wish": "other"}).submission)
    assert (final.status, final.surgeon) == ("in_review", referral.surgeon)
    assert final.revision > referral.revision


def test_answers_that_come_after_a_decision_put_the_case_back_in_the_worklist():
    referral = in_review(referred_emergency())
    surgeon = Actor.staff(referral.surgeon)
    review.decide(actor=surgeon, referral=referral, expected_revision=referral.revision, decision="urgent_now")
    submission = resume(referral.submission)
    final = submitted(save_page(submission, {**CALM, "wish": "other"}).submission)
    assert (final.status, final.surgeon, final.closed_at) == ("waiting", None, None)
    assert final.reviews.get().decision == "urgent_now"


def test_findings_a_clinician_added_are_not_sent_to_the_patient_by_the_patients_own_sending():
    referral = in_review(referred_emergency())
    surgeon = Actor.staff(referral.surgeon)
    findings = {"answers": {"grade": 5}, "texts": {}, "via": "web"}
    review.reassess(actor=surgeon, referral=referral, expected_revision=referral.revision, **findings)
    submission = resume(referral.submission)
    final = submitted(save_page(submission, {**CALM, "wish": "other"}).submission)
    assert final.assessment.cause == "submitted"
    assert final.assessment.released_at is None
    assert final.released_assessment.cause == "emergency"


# Urgent alarms that do not stop ------------------------------------------------------------------------------------


def test_an_urgent_alarm_shows_its_words_once_and_goes_on():
    submission = started()
    step = save_page(submission, {"fever": "yes"})
    assert (step.stop, step.new_alarms, step.referral) == (False, ("U1",), None)
    assert save_page(submission, {"chest": "no"}).new_alarms == ()


def test_an_urgent_alarm_given_again_shows_its_words_again():
    submission = started()
    save_page(submission, {"fever": "yes"})
    assert save_page(submission, {"fever": "no"}).submission.alarms_shown == []
    assert save_page(submission, {"fever": "yes"}).new_alarms == ("U1",)
    assert stored(submission).alarms_seen == ["U1"]


def test_words_that_the_emergency_page_kept_back_are_shown_after_it():
    submission = started()
    step = save_page(submission, {"fever": "yes", "numb": "yes"})
    assert (step.stop, step.new_alarms) == (True, ())
    resume(submission)
    assert save_page(submission, {"numb": "no"}).new_alarms == ("U1",)


def test_an_alarm_taken_back_is_remembered_at_the_end():
    submission = started()
    save_page(submission, {**CALM, "fever": "yes", "wish": "surgery"})
    save_page(submission, {"fever": "no"})
    final = submitted(submission)
    assert (final.disposition, final.assessment.contact_within_hours) == ("more_info", 24)
    assert [step.alarms for step in final.submission.revisions.all()] == [["U1"], []]


def test_a_due_date_is_the_moment_it_was_made_plus_the_hours(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    submission = started()
    save_page(submission, {**CALM, "fever": "yes", "wish": "surgery"})
    assert submitted(submission).contact_due_at == timezone.now() + timedelta(hours=48)
