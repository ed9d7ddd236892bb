"""Findings and telephone answers: assessed beside the earlier result, which the patient goes on seeing."""

from datetime import UTC, datetime, timedelta

import pytest

from screening.actions import review
from screening.exceptions import NotAllowed, ScreeningError, UnknownQuestion
from screening.models import AuditEvent, Referral
from screening.policies import COORDINATORS, Actor
from tests.factories import ADULT, CALM, in_review, save_page, staff_actor, started, submitted, waiting

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_ten(time_machine):
    time_machine.move_to(START, tick=False)


def fresh(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def reassess(referral, answers, via, actor=None, **texts):
    referral = fresh(referral)
    return review.reassess(
        actor=actor or Actor.staff(referral.surgeon),
        referral=referral,
        expected_revision=referral.revision,
        answers=answers,
        texts=texts,
        via=via,
    )


def test_findings_make_a_new_assessment_beside_the_first():
    referral = in_review()
    first = referral.assessment
    made = reassess(referral, {"grade": 4}, "web", scan_notes="Slip of 7 mm")
    now = fresh(referral)
    assert (made.number, made.cause, made.made_by) == (2, "clinician", referral.surgeon)
    assert (now.assessment, now.disposition, now.status) == (made, "big_cut", "in_review")
    assert now.urgency == 3
    first.refresh_from_db()
    assert (first.disposition, first.answers) == ("small_cut", {**CALM, "wish": "surgery"})
    assert made.answers == {**CALM, "wish": "surgery", "grade": 4}
    step = referral.submission.revisions.last()
    assert (step.changes, step.texts, step.via, step.made_by) == (
        {"grade": 4},
        {"scan_notes": "Slip of 7 mm"},
        "web",
        referral.surgeon,
    )


def test_the_patient_sees_the_first_until_a_clinician_sends_the_new():
    referral = in_review()
    made = reassess(referral, {"grade": 4}, "web")
    assert fresh(referral).released_assessment.number == 1
    revision = fresh(referral).revision
    surgeon = Actor.staff(referral.surgeon)
    review.release_assessment(actor=surgeon, referral=referral, expected_revision=revision)
    assert fresh(referral).released_assessment == made
    made.refresh_from_db()
    assert (made.released_at, made.released_by) == (START, referral.surgeon)
    with pytest.raises(ScreeningError, match="already"):
        review.release_assessment(actor=surgeon, referral=referral, expected_revision=revision + 1)


def test_answers_by_telephone_are_marked_so():
    referral = waiting(answers={**CALM, "numb": "dont_know", "wish": "surgery"})
    nurse = staff_actor(referral.site, COORDINATORS)
    made = reassess(referral, {"numb": "no"}, "phone", nurse)
    assert (made.cause, made.made_by, made.disposition) == ("phone", nurse.user, "small_cut")
    step = referral.submission.revisions.last()
    assert (step.via, step.made_by) == ("phone", nurse.user)
    assert fresh(referral).released_assessment.disposition == "more_info"


def test_findings_may_come_along_by_telephone_from_the_cases_surgeon_only():
    referral = in_review()
    with pytest.raises(NotAllowed):
        reassess(referral, {"fever": "yes", "grade": 4}, "phone", staff_actor(referral.site, COORDINATORS))
    with pytest.raises(NotAllowed):
        reassess(referral, {"fever": "yes", "grade": 4}, "phone", staff_actor(referral.site))
    assert reassess(referral, {"fever": "yes", "grade": 4}, "phone").disposition == "soon"


@pytest.mark.parametrize(
    ("answers", "via"),
    [({"fever": "yes"}, "web"), ({"grade": 4}, "link"), ({"fever": "yes"}, "link"), ({"grade": 4}, "fax")],
)
def test_answers_are_marked_as_what_they_are(answers, via):
    with pytest.raises(NotAllowed):
        reassess(in_review(), answers, via)


def test_a_patient_adds_answers_by_link_but_no_findings():
    referral = waiting()
    patient = Actor.patient(referral.site)
    with pytest.raises(NotAllowed):
        reassess(referral, {"grade": 5}, "link", patient)
    with pytest.raises(NotAllowed):
        reassess(referral, {"fever": "yes"}, "phone", patient)
    made = reassess(referral, {"fever": "yes"}, "link", patient)
    assert (made.cause, made.made_by, made.released_at) == ("link", None, None)
    assert fresh(referral).contact_due_at == START + timedelta(hours=48)


@pytest.mark.parametrize("answers", [{"alarm_withdrawn": "no"}, {"nonsense": 1}])
def test_nobody_answers_what_is_not_asked(answers):
    with pytest.raises(UnknownQuestion):
        reassess(in_review(), answers, "web")


def test_nothing_new_is_nothing_to_assess():
    referral = in_review()
    reassess(referral, {"grade": 4}, "web")
    with pytest.raises(ScreeningError, match="Nothing is different"):
        reassess(referral, {"grade": 4}, "web")
    assert referral.submission.assessments.count() == 2


def test_findings_need_the_case():
    referral = waiting()
    with pytest.raises(NotAllowed):
        reassess(referral, {"grade": 4}, "web", staff_actor(referral.site))


def test_an_alarm_corrected_by_telephone_stays_remembered():
    submission = save_page(started(), {**CALM, "fever": "yes", "wish": "surgery"}).submission
    referral = in_review(submitted(submission))
    made = reassess(referral, {"fever": "no"}, "phone")
    assert "W1" in made.read_outcome().fired
    assert fresh(referral).submission.alarms_seen == ["U1"]


def test_a_telephone_answer_outdates_what_the_patient_had_typed():
    submission = save_page(started(), ADULT, entered={"age_years": {"parts": ["45"], "unit": "years"}}).submission
    referral = in_review(submitted(submission))
    reassess(referral, {"age_years": 46}, "phone")
    assert fresh(referral).submission.entered == {}


# Deadlines ---------------------------------------------------------------------------------------------------------


def test_more_urgent_is_due_earlier(time_machine):
    referral = in_review()
    time_machine.move_to(START + timedelta(hours=5), tick=False)
    reassess(referral, {"grade": 0}, "web")
    assert fresh(referral).contact_due_at == START + timedelta(hours=5 + 24)


def test_less_urgent_is_never_due_later(time_machine):
    referral = in_review(waiting(answers={**CALM, "fever": "yes", "wish": "surgery"}))
    assert referral.contact_due_at == START + timedelta(hours=48)
    time_machine.move_to(START + timedelta(hours=5), tick=False)
    reassess(referral, {"fever": "no"}, "phone")
    now = fresh(referral)
    assert (now.disposition, now.contact_due_at) == ("more_info", START + timedelta(hours=5 + 24))
    reassess(referral, {"grade": 4}, "web")
    assert fresh(referral).contact_due_at == now.contact_due_at


def test_a_contact_stops_the_clock_for_what_is_no_more_urgent(time_machine):
    referral = in_review()
    review.record_contact(
        actor=Actor.staff(referral.surgeon),
        referral=referral,
        expected_revision=referral.revision,
        how="phone",
        reached=True,
    )
    due = fresh(referral).contact_due_at
    time_machine.move_to(START + timedelta(hours=5), tick=False)
    reassess(referral, {"wish": "none_of_it"}, "phone")
    assert (fresh(referral).contacted_at, fresh(referral).contact_due_at) == (START, due)


def test_what_turns_more_urgent_after_a_contact_needs_a_new_one(time_machine):
    referral = in_review()
    review.record_contact(
        actor=Actor.staff(referral.surgeon),
        referral=referral,
        expected_revision=referral.revision,
        how="phone",
        reached=True,
    )
    time_machine.move_to(START + timedelta(hours=5), tick=False)
    reassess(referral, {"grade": 0}, "web")
    now = fresh(referral)
    assert (now.contacted_at, now.contact_due_at) == (None, START + timedelta(hours=5 + 24))


def test_the_audit_names_what_was_changed_never_to_what():
    referral = in_review()
    reassess(referral, {"grade": 4}, "web", scan_notes="Slip of 7 mm")
    event = AuditEvent.objects.get(action="referral.reassess")
    assert event.after["changed"] == ["grade", "scan_notes"]
    assert event.before["disposition"] == "small_cut"
    assert event.after["disposition"] == "big_cut"
    assert "Slip" not in str(event.after)
