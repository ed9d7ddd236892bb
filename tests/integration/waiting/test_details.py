"""How to reach somebody, who they are, taking answers back and coming back: what changes, what is kept, who may."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from screening.actions import review, waiting
from screening.exceptions import Conflict, FieldErrors, NotAllowed
from screening.models import AuditEvent, FormerDetails, Referral
from screening.policies import COORDINATORS, RULE_EDITORS, Actor
from tests.factories import identity, in_review, staff_actor
from tests.factories import waiting as a_case

pytestmark = pytest.mark.django_db


def correct(referral, **changes):
    said = {"email": "new@example.org", "phone": "020 7946 0999", "contact_way": "either", **changes}
    actor = Actor.patient(referral.site)
    return waiting.correct_contact(actor=actor, referral=referral, expected_revision=referral.revision, **said)


def test_a_corrected_address_is_used_and_the_old_one_kept():
    referral = a_case()
    correct(referral)
    referral.patient.refresh_from_db()
    assert (referral.patient.email, referral.patient.phone) == ("new@example.org", "020 7946 0999")
    assert referral.patient.former_details.get().email == "maria@example.com"
    event = AuditEvent.objects.get(action="referral.correct_contact")
    assert event.after["changed"] == ["email", "phone"]
    assert "example" not in str(event.before) + str(event.after)


def test_the_same_details_again_change_nothing():
    referral = a_case()
    correct(referral)
    referral.refresh_from_db()
    correct(referral)
    assert FormerDetails.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "", "phone": "", "contact_way": "either"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "nothing"}, "email"),
        ({"contact_way": ""}, "contact_way"),
        ({"email": "", "contact_way": "email"}, "email"),
    ],
)
def test_details_by_which_nobody_can_be_reached_are_refused(changes, field):
    referral = a_case()
    with pytest.raises(FieldErrors) as refused:
        correct(referral, **changes)
    assert field in refused.value.fields
    assert not FormerDetails.objects.exists()


def test_whoever_saw_an_older_case_is_told():
    referral = a_case()
    correct(referral)
    with pytest.raises(Conflict):
        correct(referral, email="other@example.org")


def test_a_wrong_name_is_told_to_staff_who_correct_it():
    referral = a_case()
    asked = waiting.ask_correction(
        actor=Actor.patient(referral.site), referral=referral, expected_revision=None, words="I am Mary"
    )
    again = waiting.ask_correction(
        actor=Actor.patient(referral.site), referral=referral, expected_revision=None, words="I am Mary"
    )
    assert asked == again
    referral.refresh_from_db()
    coordinator = staff_actor(referral.site, COORDINATORS)
    born = identity().date_of_birth + timedelta(days=1)
    waiting.correct_identity(
        actor=coordinator,
        referral=referral,
        expected_revision=referral.revision,
        name="Mary Quintana",
        date_of_birth=born,
    )
    asked.refresh_from_db()
    referral.patient.refresh_from_db()
    assert (referral.patient.name, referral.patient.date_of_birth) == ("Mary Quintana", born)
    assert (asked.settled_by, FormerDetails.objects.get().by) == (coordinator.user, coordinator.user)


def test_an_impossible_date_of_birth_is_refused():
    referral = a_case()
    with pytest.raises(FieldErrors):
        waiting.correct_identity(
            actor=staff_actor(referral.site),
            referral=referral,
            expected_revision=referral.revision,
            name="Mary",
            date_of_birth=date(1780, 1, 1),
        )


def test_patients_do_not_change_by_what_they_are_known_and_strangers_nothing():
    referral = a_case()
    who = {"name": "Mary", "date_of_birth": date(1980, 1, 1)}
    strangers = (Actor.patient(referral.site), staff_actor(referral.site, RULE_EDITORS), staff_actor(a_case().site))
    for actor in strangers:
        with pytest.raises(NotAllowed):
            waiting.correct_identity(actor=actor, referral=referral, expected_revision=referral.revision, **who)
    with pytest.raises(NotAllowed):
        waiting.ask_correction(actor=staff_actor(referral.site), referral=referral, expected_revision=1, words="x")


class TestTakenBack:
    @pytest.fixture
    def withdrawn(self):
        referral = in_review()
        patient = Actor.patient(referral.site)
        return review.withdraw(actor=patient, referral=referral, expected_revision=None, note="I feel well")

    def test_why_is_kept_and_the_review_is_over(self, withdrawn):
        assert (withdrawn.status, withdrawn.closing_note) == ("withdrawn", "I feel well")
        assert withdrawn.reviews.get().ended_how == "withdrawn"

    def test_coming_back_waits_again_with_a_clock_that_starts_anew(self, withdrawn):
        Referral.objects.filter(pk=withdrawn.pk).update(contact_due_at=timezone.now() - timedelta(days=3))
        back = waiting.come_back(actor=Actor.patient(withdrawn.site), referral=withdrawn, expected_revision=None)
        assert (back.status, back.surgeon, back.closed_at) == ("waiting", None, None)
        assert not back.is_late(timezone.now())

    def test_a_deadline_still_ahead_stays(self, withdrawn):
        back = waiting.come_back(actor=Actor.patient(withdrawn.site), referral=withdrawn, expected_revision=None)
        assert back.contact_due_at == withdrawn.contact_due_at

    def test_staff_bring_it_back_when_they_are_asked(self, withdrawn):
        coordinator = staff_actor(withdrawn.site, COORDINATORS)
        back = waiting.come_back(actor=coordinator, referral=withdrawn, expected_revision=withdrawn.revision)
        assert back.status == "waiting"

    def test_what_was_not_taken_back_does_not_come_back(self):
        referral = a_case()
        with pytest.raises(NotAllowed):
            waiting.come_back(actor=Actor.patient(referral.site), referral=referral, expected_revision=None)

    def test_too_many_words_are_refused(self):
        referral = a_case()
        with pytest.raises(FieldErrors):
            review.withdraw(
                actor=Actor.patient(referral.site), referral=referral, expected_revision=None, note="x" * 4001
            )
