"""It got worse: what a patient tells later is assessed at once, and makes a case more urgent, never quietly less."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions import review, waiting
from screening.exceptions import NotAllowed, UnknownQuestion
from screening.models import AuditEvent, CallBack, Referral
from screening.policies import Actor
from tests.factories import CALM, decided, in_review, referred_emergency
from tests.factories import waiting as a_case

pytestmark = pytest.mark.django_db
SAFE = {"numb": "no", "chest": "no", "fever": "no"}


def tell(referral, answers=SAFE, **more):
    return waiting.tell_worse(actor=Actor.patient(referral.site), referral=referral, answers=answers, **more)


def test_an_emergency_stops_and_is_on_the_call_back_list():
    referral = a_case()
    found = tell(referral, {**SAFE, "numb": "yes"})
    assert found.stop
    assert found.assessment.cause == "worse"
    assert found.assessment.released_at is not None, "the patient sees it at once"
    referral.refresh_from_db()
    assert referral.disposition == "go_now"
    assert referral.contact_due_at <= timezone.now()
    assert CallBack.objects.get(submission=referral.submission).cause == "got_worse"


def test_an_urgent_answer_moves_the_case_up_and_says_when_it_was_told():
    referral = a_case()
    found = tell(referral, {**SAFE, "fever": "yes"})
    assert not found.stop
    referral.refresh_from_db()
    assert referral.contact_due_at == found.assessment.made_at + timedelta(hours=48)
    assert referral.worse_at is not None
    assert not CallBack.objects.exists()


def test_words_that_no_rule_can_read_are_read_by_a_person_soon():
    """Nothing ticked is alarming, but somebody wrote that it got worse: not after four weeks."""
    referral = a_case()
    tell(referral, remark="It is worse since Monday")
    referral.refresh_from_db()
    assert referral.disposition == "small_cut"
    assert referral.contact_due_at <= timezone.now() + timedelta(hours=72)


def test_a_deadline_never_moves_later():
    referral = a_case()
    Referral.objects.filter(pk=referral.pk).update(contact_due_at=(soon := timezone.now() + timedelta(hours=1)))
    tell(referral, {**SAFE, "fever": "yes"})
    referral.refresh_from_db()
    assert referral.contact_due_at == soon


def test_an_earlier_contact_was_not_about_this():
    referral = a_case()
    Referral.objects.filter(pk=referral.pk).update(contacted_at=timezone.now())
    tell(referral)
    referral.refresh_from_db()
    assert referral.contacted_at is None
    assert timezone.now() < referral.contact_due_at <= timezone.now() + timedelta(hours=72)


def test_an_alarm_that_is_taken_back_is_checked_by_a_person():
    referral = a_case(answers={**CALM, "fever": "yes", "wish": "surgery"})
    tell(referral)
    referral.refresh_from_db()
    assert referral.disposition == "more_info"
    assert "W1" in referral.assessment.read_outcome().fired
    assert referral.contact_due_at <= referral.made_at + timedelta(hours=48)


def test_an_alarm_raised_by_telephone_is_not_forgotten_either():
    referral = in_review()
    surgeon = Actor.staff(referral.surgeon)
    seen = {"actor": surgeon, "referral": referral, "expected_revision": referral.revision}
    review.reassess(**seen, answers={"fever": "yes"}, texts={}, via="phone")
    tell(referral)
    referral.refresh_from_db()
    assert "W1" in referral.assessment.read_outcome().fired


def test_what_is_not_told_again_stays_as_it_was():
    referral = a_case(answers={**CALM, "fever": "yes", "wish": "surgery"})
    tell(referral, {"numb": "no"})
    referral.submission.refresh_from_db()
    assert referral.submission.answers["fever"] == "yes"
    referral.refresh_from_db()
    assert referral.disposition == "soon"


def test_dont_know_is_not_no():
    referral = a_case()
    tell(referral, {**SAFE, "numb": "dont_know"})
    referral.refresh_from_db()
    assert referral.disposition == "more_info"
    assert referral.contact_due_at <= timezone.now() + timedelta(hours=24)


def test_only_safety_questions_are_answered_here():
    referral = a_case()
    for answers in ({"wish": "none_of_it"}, {"grade": 5}, {"nothing": "yes"}, {"alarm_withdrawn": "no"}):
        with pytest.raises(UnknownQuestion):
            tell(referral, answers)
    assert referral.submission.assessments.count() == 1


def test_the_same_report_twice_is_one():
    referral = a_case()
    first = tell(referral, {**SAFE, "fever": "yes"}, remark="Shivering")
    second = tell(referral, {**SAFE, "fever": "yes"}, remark="Shivering")
    assert first.assessment == second.assessment
    assert referral.submission.assessments.count() == 2
    third = tell(referral, {**SAFE, "fever": "yes"}, remark="Shivering more")
    assert third.assessment != first.assessment


def test_what_they_wrote_is_kept_and_read_by_nobody_without_the_key():
    referral = a_case()
    tell(referral, remark="My left foot drags")
    step = referral.submission.revisions.last()
    assert (step.page, step.via, step.remark) == ("got_worse", "link", "My left foot drags")
    assert "drags" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("ended", ["decided", "closed", "withdrawn"])
def test_a_case_that_had_ended_waits_again(ended):
    referral = decided()
    surgeon, patient = Actor.staff(referral.surgeon), Actor.patient(referral.site)
    if ended == "closed":
        review.tell_patient(actor=surgeon, referral=referral, expected_revision=referral.revision, how="phone")
    if ended == "withdrawn":
        review.withdraw(actor=patient, referral=referral, expected_revision=None)
    tell(referral, {**SAFE, "fever": "yes"})
    referral.refresh_from_db()
    assert (referral.status, referral.surgeon, referral.closed_at, referral.told_at) == ("waiting", None, None, None)
    assert referral.is_open
    event = AuditEvent.objects.get(action="referral.worse")
    assert (event.before["status"], event.after["status"]) == (ended, "waiting")


def test_a_case_in_review_stays_with_its_surgeon_who_sees_a_conflict():
    referral = in_review()
    tell(referral, {**SAFE, "fever": "yes"})
    changed = Referral.objects.get(pk=referral.pk)
    assert (changed.status, changed.surgeon) == ("in_review", referral.surgeon)
    assert changed.revision > referral.revision


def test_urgent_words_reach_the_patient_although_findings_wait_to_be_sent():
    referral = in_review()
    surgeon = Actor.staff(referral.surgeon)
    review.reassess(
        actor=surgeon, referral=referral, expected_revision=referral.revision, answers={"grade": 5}, texts={}, via="web"
    )
    calm = tell(referral)
    assert calm.assessment.released_at is None, "a clinician tells of findings"
    urgent = tell(referral, {**SAFE, "numb": "yes"})
    assert urgent.assessment.released_at is not None


def test_before_anything_was_sent_the_questions_themselves_are_the_way():
    referral = referred_emergency()
    with pytest.raises(NotAllowed):
        tell(referral)


def test_nobody_else_tells_it():
    referral = in_review()
    for actor in (Actor.staff(referral.surgeon), Actor.system(), Actor.patient(a_case().site)):
        with pytest.raises(NotAllowed):
            waiting.tell_worse(actor=actor, referral=referral, answers=SAFE)
