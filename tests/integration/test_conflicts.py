"""Two people on one case: the second is told who, what and when, and nothing is overwritten."""

import threading

import pytest
from django.db import connection

from screening.actions import review
from screening.exceptions import Conflict, NotAllowed
from screening.models import AuditEvent, Referral, Review
from screening.policies import COORDINATORS, Actor
from tests.factories import CALM, in_review, save_page, staff_actor, started, submitted, waiting

pytestmark = pytest.mark.django_db


def test_the_second_claim_is_told_who_was_first_and_when(time_machine):
    time_machine.move_to("2026-07-20T13:03:00Z", tick=False)
    seen_by_both = waiting()
    first = staff_actor(seen_by_both.site, first_name="Ana", last_name="Lopez")
    review.claim(actor=first, referral=seen_by_both, expected_revision=1)
    with pytest.raises(Conflict) as refused:
        review.claim(actor=staff_actor(seen_by_both.site), referral=seen_by_both, expected_revision=1)
    error = refused.value
    assert (error.who, error.what) == ("Ana Lopez", "took this case")
    assert error.when.hour == 13
    # On the clinic's clock: London in July.
    assert error.message.startswith("Ana Lopez took this case at 14:03 on 20 July.")
    assert Referral.objects.get().surgeon == first.user


def test_the_same_person_in_two_windows_is_told_so():
    referral = waiting()
    actor = staff_actor(referral.site)
    review.claim(actor=actor, referral=referral, expected_revision=1)
    with pytest.raises(Conflict, match="You took this case"):
        review.claim(actor=actor, referral=referral, expected_revision=1)
    assert Review.objects.count() == 1


def test_a_decision_on_a_case_that_changed_meanwhile_is_not_stored():
    referral = in_review()
    nurse = staff_actor(referral.site, COORDINATORS, first_name="Noor", last_name="Haddad")
    review.record_contact(actor=nurse, referral=referral, expected_revision=2, how="phone", reached=True)
    with pytest.raises(Conflict, match="Noor Haddad recorded a contact"):
        review.decide(
            actor=Actor.staff(referral.surgeon),
            referral=referral,
            expected_revision=2,
            decision="accept_miss",
            procedures=["discectomy"],
        )
    assert Review.objects.get().decision == ""


def test_new_answers_of_the_patient_are_a_change_too():
    submission = save_page(started(), {"fever": "yes"}).submission
    from datetime import timedelta

    from django.utils import timezone

    from screening.actions.intake import refer_unfinished

    (referral,) = refer_unfinished(now=timezone.now() + timedelta(hours=2))
    submitted(save_page(submission, CALM).submission)
    with pytest.raises(Conflict, match="The patient sent new answers"):
        review.claim(actor=staff_actor(referral.site), referral=referral, expected_revision=referral.revision)


def test_reading_a_case_is_no_change():
    from screening.actions.audit import record_read

    referral = waiting()
    first, reader = staff_actor(referral.site), staff_actor(referral.site)
    review.claim(actor=first, referral=referral, expected_revision=1)
    record_read(actor=reader, obj=referral, what="case")
    with pytest.raises(Conflict) as refused:
        review.claim(actor=reader, referral=referral, expected_revision=1)
    assert refused.value.what == "took this case"


def test_a_stranger_is_not_told_what_goes_on_in_another_clinic():
    from tests.factories import SiteFactory

    referral = in_review()
    with pytest.raises(NotAllowed, match="another clinic"):
        review.claim(actor=staff_actor(SiteFactory()), referral=referral, expected_revision=1)


def test_staff_cannot_leave_out_what_they_saw():
    referral = waiting()
    with pytest.raises(NotAllowed):
        review.claim(actor=staff_actor(referral.site), referral=referral, expected_revision=None)


def test_a_refused_action_leaves_no_event():
    referral = in_review()
    before = AuditEvent.objects.count()
    with pytest.raises(Conflict):
        review.hand_back(actor=Actor.staff(referral.surgeon), referral=referral, expected_revision=1)
    assert AuditEvent.objects.count() == before


def test_every_change_raises_the_revision_by_one():
    referral = in_review()
    surgeon = Actor.staff(referral.surgeon)
    steps = [
        (review.record_contact, {"how": "phone", "reached": True}),
        (review.reassess, {"answers": {"grade": 4}, "texts": {}, "via": "web"}),
        (review.release_assessment, {}),
        (review.ask_patient, {"question": "Which leg?"}),
        (review.answer_request, {"answer": "The left", "via": "phone"}),
        (review.decide, {"decision": "accept_traditional"}),
        (review.reopen, {"reason": "A new scan"}),
        (review.decide, {"decision": "accept_traditional"}),
        (review.tell_patient, {"how": "phone"}),
    ]
    for number, (action, details) in enumerate(steps):
        action(actor=surgeon, referral=referral, expected_revision=2 + number, **details)
    assert Referral.objects.get().revision == 2 + len(steps)


@pytest.mark.django_db(transaction=True)
def test_five_surgeons_claim_at_once_and_one_has_it():
    referral = waiting()
    surgeons = [staff_actor(referral.site) for _ in range(5)]
    won, lost, start = [], [], threading.Barrier(5)

    def claim(actor: Actor) -> None:
        start.wait()
        try:
            review.claim(actor=actor, referral=referral, expected_revision=1)
            won.append(actor)
        except Conflict as error:
            lost.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=[actor]) for actor in surgeons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 4)
    assert Referral.objects.get().surgeon == won[0].user
    assert {error.who for error in lost} == {won[0].user.get_full_name()}
