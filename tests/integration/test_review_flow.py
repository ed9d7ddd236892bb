"""A referral from the claim to the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from screening.actions import review
from screening.actions.waiting import come_back
from screening.exceptions import FieldErrors, NotAllowed, ScreeningError
from screening.models import AuditEvent, Referral, Review
from screening.policies import COORDINATORS, LEAD_SURGEONS, Actor
from tests.factories import (
    CALM,
    SiteFactory,
    decided,
    in_review,
    referred_emergency,
    staff_actor,
    waiting,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_ten(time_machine):
    time_machine.move_to(START, tick=False)


def fresh(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def act(action, referral, actor=None, **more):
    """Do it as its surgeon (or as `actor`), having just looked at it."""
    referral = fresh(referral)
    actor = actor or Actor.staff(referral.surgeon)
    return action(actor=actor, referral=referral, expected_revision=referral.revision, **more)


# Claiming and handing back -----------------------------------------------------------------------------------------


def test_a_surgeon_takes_a_waiting_case():
    referral = in_review()
    assert (referral.status, referral.claimed_at, referral.revision) == ("in_review", START, 2)
    assert referral.reviews.get().surgeon == referral.surgeon


def test_a_coordinator_or_a_stranger_does_not_claim():
    referral = waiting()
    for actor in (staff_actor(referral.site, COORDINATORS), staff_actor(SiteFactory()), Actor.patient(referral.site)):
        with pytest.raises(NotAllowed):
            act(review.claim, referral, actor)
    assert fresh(referral).status == "waiting"


@pytest.mark.parametrize("by", ["own", "lead"])
def test_handing_back(by):
    referral = in_review()
    actor = Actor.staff(referral.surgeon) if by == "own" else staff_actor(referral.site, LEAD_SURGEONS)
    act(review.hand_back, referral, actor)
    now = fresh(referral)
    assert (now.status, now.surgeon, now.claimed_at) == ("waiting", None, None)
    assert referral.reviews.get().ended_how == "handed_back"
    in_review(now)
    assert referral.reviews.count() == 2


def test_a_colleague_does_not_hand_back():
    referral = in_review()
    with pytest.raises(NotAllowed):
        act(review.hand_back, referral, staff_actor(referral.site))


def test_the_deadline_hands_back_what_nobody_contacted(time_machine):
    referral = in_review()
    after = referral.contact_due_at + timedelta(seconds=1)
    assert review.hand_back_overdue(now=referral.contact_due_at) == []
    time_machine.move_to(after, tick=False)
    assert review.hand_back_overdue(now=after) == [referral]
    assert fresh(referral).status == "waiting"
    assert referral.reviews.get().ended_how == "overdue"
    assert review.hand_back_overdue(now=after) == []


def test_the_deadline_leaves_a_contacted_case_with_its_surgeon():
    referral = in_review()
    act(review.record_contact, referral, how="phone", reached=True)
    assert review.hand_back_overdue(now=START + timedelta(days=365)) == []


def test_the_deadline_leaves_an_emergency_with_the_surgeon_who_took_it(time_machine):
    referral = referred_emergency()
    time_machine.move_to(START + timedelta(minutes=5), tick=False)
    in_review(referral)
    assert review.hand_back_overdue(now=START + timedelta(days=1)) == []


def test_nobody_is_interrupted_within_an_hour_of_assessing_again(time_machine):
    referral = in_review()
    time_machine.move_to(START + timedelta(hours=5), tick=False)
    # Due a day from now; then look at the case a minute after that deadline, having assessed it shortly before.
    act(review.reassess, referral, answers={"grade": 0}, texts={}, via="web")
    due = fresh(referral).contact_due_at
    time_machine.move_to(due - timedelta(minutes=10), tick=False)
    act(review.reassess, referral, answers={"grade": 1}, texts={}, via="web")
    assert review.hand_back_overdue(now=due + timedelta(minutes=1)) == []
    assert review.hand_back_overdue(now=due + timedelta(minutes=51)) == [referral]


# Contacts ----------------------------------------------------------------------------------------------------------


def test_only_reaching_the_patient_stops_the_clock():
    referral = waiting()
    nurse = staff_actor(referral.site, COORDINATORS)
    act(review.record_contact, referral, nurse, how="phone", reached=False, note="No answer")
    assert fresh(referral).contacted_at is None
    act(review.record_contact, referral, nurse, how="letter", reached=True)
    assert fresh(referral).contacted_at == START
    tried, reached = referral.contacts.all()
    assert (tried.note, tried.reached, reached.by, reached.how) == ("No answer", False, nurse.user, "letter")
    assert fresh(referral).status == "waiting"


def test_a_contact_earlier_today_counts_from_then(time_machine):
    referral = waiting()
    time_machine.move_to(START + timedelta(hours=3), tick=False)
    at = START + timedelta(hours=1)
    act(review.record_contact, referral, staff_actor(referral.site), how="visit", reached=True, at=at)
    assert fresh(referral).contacted_at == at


def test_a_contact_in_the_minute_of_the_arrival_came_after_it(time_machine):
    """Times are typed without seconds."""
    time_machine.move_to(START + timedelta(seconds=40), tick=False)
    referral = waiting()
    time_machine.move_to(START + timedelta(seconds=55), tick=False)
    act(review.record_contact, referral, staff_actor(referral.site), how="phone", reached=True, at=START)
    assert fresh(referral).contacted_at == referral.made_at


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"how": "pigeon"}, "how"),
        ({"at": START + timedelta(minutes=1)}, "at"),
        ({"at": START - timedelta(minutes=1)}, "at"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(wrong, field):
    referral = waiting()
    with pytest.raises(FieldErrors) as refused:
        act(review.record_contact, referral, staff_actor(referral.site), **{"how": "phone", "reached": True, **wrong})
    assert field in refused.value.fields
    assert not referral.contacts.exists()


# Deciding ----------------------------------------------------------------------------------------------------------


def test_a_decision_that_agrees_needs_no_reason():
    referral = decided()
    done = referral.reviews.get()
    assert (referral.status, done.decision, done.differs) == ("decided", "accept_miss", False)
    assert (done.procedures, done.assessment, done.ended_how) == (["discectomy"], referral.assessment, "decided")


def test_a_decision_that_differs_needs_a_reason_that_goes_with_it():
    referral = in_review()
    chosen = {"decision": "conservative", "advice": "Walk every day"}
    with pytest.raises(FieldErrors) as refused:
        act(review.decide, referral, **chosen)
    assert set(refused.value.fields) == {"reason"}
    done = act(review.decide, referral, **chosen, reason="Not yet six weeks of physiotherapy")
    assert done.differs
    assert AuditEvent.objects.get(action="referral.decide").after["differs"] is True


def test_when_the_rules_could_not_tell_every_decision_says_why():
    referral = in_review(waiting(answers={**CALM, "numb": "dont_know"}))
    for decision in Review.Decision.values[1:]:
        with pytest.raises(FieldErrors) as refused:
            act(review.decide, referral, decision=decision, procedures=["fusion"], advice="Rest")
        assert "reason" in refused.value.fields


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"decision": ""}, "decision"),
        ({"decision": "shrug"}, "decision"),
        ({"decision": "accept_miss"}, "procedures"),
        ({"decision": "accept_miss", "procedures": ["haircut"]}, "procedures"),
        ({"decision": "conservative", "reason": "x"}, "advice"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(chosen, field):
    referral = in_review()
    with pytest.raises(FieldErrors) as refused:
        act(review.decide, referral, **chosen)
    assert field in refused.value.fields
    assert fresh(referral).status == "in_review"


def test_urgent_now_is_due_now():
    referral = in_review()
    act(review.decide, referral, decision="urgent_now", reason="Foot drop since this morning")
    assert fresh(referral).contact_due_at == START


def test_a_lead_who_decides_a_colleagues_case_takes_it_over():
    referral = in_review()
    lead = staff_actor(referral.site, LEAD_SURGEONS)
    act(review.decide, referral, lead, decision="accept_miss", procedures=["discectomy"])
    first, second = referral.reviews.all()
    assert (first.surgeon, first.ended_how) == (referral.surgeon, "handed_back")
    assert (second.surgeon, second.ended_how) == (lead.user, "decided")
    assert fresh(referral).surgeon == lead.user


def test_a_decided_case_is_not_decided_again():
    referral = decided()
    with pytest.raises(NotAllowed, match="decided"):
        act(review.decide, referral, decision="accept_miss", procedures=["discectomy"])


# Asking the patient ------------------------------------------------------------------------------------------------


def test_asking_and_an_answer_by_link():
    referral = in_review()
    due = referral.contact_due_at
    act(review.ask_patient, referral, question="Which leg?")
    assert (fresh(referral).status, fresh(referral).contact_due_at) == ("awaiting_patient", due)
    patient = Actor.patient(referral.site)
    request = review.answer_request(
        actor=patient, referral=referral, expected_revision=None, answer="The left", via="link"
    )
    assert (request.question, request.answer, request.answered_via, request.answered_by) == (
        "Which leg?",
        "The left",
        "link",
        None,
    )
    assert (fresh(referral).status, fresh(referral).surgeon) == ("in_review", referral.surgeon)


def test_an_answer_by_telephone_is_marked_so():
    referral = in_review()
    act(review.ask_patient, referral, question="Which leg?")
    nurse = staff_actor(referral.site, COORDINATORS)
    request = act(review.answer_request, referral, nurse, answer="The left", via="phone")
    assert (request.answered_via, request.answered_by) == ("phone", nurse.user)


@pytest.mark.parametrize("via", ["phone", "", "fax"])
def test_a_patient_answers_by_link_whatever_the_form_says(via):
    referral = in_review()
    act(review.ask_patient, referral, question="Which leg?")
    with pytest.raises(NotAllowed):
        review.answer_request(
            actor=Actor.patient(referral.site), referral=referral, expected_revision=None, answer="x", via=via
        )


def test_a_question_is_answered_once():
    referral = in_review()
    act(review.ask_patient, referral, question="Which leg?")
    patient = {"actor": Actor.patient(referral.site), "referral": referral, "expected_revision": None, "via": "link"}
    review.answer_request(**patient, answer="The left")
    with pytest.raises(NotAllowed):
        review.answer_request(**patient, answer="The right")
    act(review.ask_patient, referral, question="Sure?")
    review.answer_request(**patient, answer="Yes")
    assert [request.answer for request in referral.information_requests.all()] == ["The left", "Yes"]


def test_empty_questions_and_answers_are_refused():
    referral = in_review()
    with pytest.raises(FieldErrors):
        act(review.ask_patient, referral, question=" ")
    act(review.ask_patient, referral, question="Which leg?")
    with pytest.raises(FieldErrors):
        act(review.answer_request, referral, answer=" ", via="phone")
    assert fresh(referral).status == "awaiting_patient"


# The end -----------------------------------------------------------------------------------------------------------


def test_telling_the_patient_is_a_contact_and_closes():
    referral = decided()
    act(review.tell_patient, referral, how="phone", note="Spoke to her")
    now = fresh(referral)
    assert (now.status, now.told_at, now.closed_at, now.contacted_at) == ("closed", START, START, START)
    assert now.contacts.get().reached


def test_closing_without_telling_needs_a_note():
    referral = decided()
    with pytest.raises(FieldErrors):
        act(review.close, referral, note="")
    act(review.close, referral, note="Moved away, no address")
    now = fresh(referral)
    assert (now.status, now.told_at, now.closing_note) == ("closed", None, "Moved away, no address")


def test_reopening_keeps_the_earlier_decision():
    referral = decided()
    another = staff_actor(referral.site)
    with pytest.raises(FieldErrors):
        act(review.reopen, referral, another, reason=" ")
    act(review.reopen, referral, another, reason="New scan arrived")
    first, second = referral.reviews.all()
    assert (first.decision, second.reopened_because, second.surgeon) == (
        "accept_miss",
        "New scan arrived",
        another.user,
    )
    assert (fresh(referral).status, fresh(referral).surgeon) == ("in_review", another.user)


@pytest.mark.parametrize("stage", ["waiting", "in_review", "awaiting_patient", "decided"])
def test_a_patient_withdraws_from_any_open_status(stage):
    referral = {"waiting": waiting, "in_review": in_review, "awaiting_patient": in_review, "decided": decided}[stage]()
    if stage == "awaiting_patient":
        act(review.ask_patient, referral, question="Which leg?")
    assert fresh(referral).status == stage
    review.withdraw(actor=Actor.patient(referral.site), referral=referral, expected_revision=None)
    now = fresh(referral)
    assert (now.status, now.is_open, now.closed_at) == ("withdrawn", False, timezone.now())
    assert not now.reviews.filter(ended_at=None).exists()


def test_who_withdrew_unanswered_and_came_back_can_be_asked_again():
    referral = in_review()
    act(review.ask_patient, referral, question="Which leg?")
    patient = Actor.patient(referral.site)
    review.withdraw(actor=patient, referral=referral, expected_revision=None)
    back = in_review(come_back(actor=patient, referral=referral, expected_revision=None))
    assert back == referral
    act(review.ask_patient, back, question="Which leg now?")
    request = act(review.answer_request, back, answer="The left", via="phone")
    assert request.question == "Which leg now?"


def test_who_has_no_page_yet_is_not_asked_on_it():
    """They stopped at the emergency page: a question would wait there unseen, and the case with it."""
    referral = in_review(referred_emergency())
    with pytest.raises(ScreeningError):
        act(review.ask_patient, referral, question="Which leg?")
    assert fresh(referral).status == "in_review"


def test_nothing_happens_to_a_withdrawn_case():
    referral = waiting()
    act(review.withdraw, referral, staff_actor(referral.site), note="By telephone")
    with pytest.raises(NotAllowed):
        act(review.claim, referral, staff_actor(referral.site))
    assert fresh(referral).closing_note == "By telephone"


def test_a_patient_of_another_site_does_not_withdraw():
    referral = waiting()
    with pytest.raises(NotAllowed):
        review.withdraw(actor=Actor.patient(SiteFactory()), referral=referral, expected_revision=None)
