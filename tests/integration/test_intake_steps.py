"""Saving pages: nothing is lost, nothing is trusted, and what is pending stops nobody."""

import pytest

from screening.actions import intake
from screening.exceptions import AlreadySubmitted, FieldErrors, NotAllowed, NotOffered, UnknownQuestion
from screening.models import AuditEvent, Submission
from screening.policies import Actor
from tests.factories import (
    CALM,
    OfferingFactory,
    PathwayFactory,
    RuleSetVersionFactory,
    SiteFactory,
    lumbar_pathway,
    save_page,
    staff_actor,
    started,
    submitted,
    tiny_document,
)

pytestmark = pytest.mark.django_db


def stored(submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def test_a_submission_pins_the_version_that_is_live():
    submission = started()
    assert submission.version == submission.pathway.live_version
    assert submission.status == "in_progress"


def test_a_pathway_that_is_not_offered_does_not_start():
    pathway = PathwayFactory()
    with pytest.raises(NotOffered):
        intake.start_submission(actor=Actor.patient(site := SiteFactory()), site=site, pathway=pathway)


def test_a_suspension_counts_even_for_a_page_opened_before_it():
    offering = OfferingFactory()
    opened = offering.pathway
    type(opened).objects.filter(pk=opened.pk).update(suspended_at="2026-11-20T00:00:00Z")
    with pytest.raises(NotOffered):
        intake.start_submission(actor=Actor.patient(offering.site), site=offering.site, pathway=opened)


def test_each_page_is_a_revision_with_only_what_changed():
    submission = started()
    save_page(submission, {"numb": "no", "chest": "no"}, page="safety")
    save_page(submission, {"numb": "no", "chest": "dont_know"}, texts={"notes": "Hello"}, page="safety")
    save_page(submission, {"chest": None}, texts={"notes": ""}, page="safety")
    first, second, third = stored(submission).revisions.all()
    assert first.changes == {"numb": "no", "chest": "no"}
    assert (second.changes, second.texts) == ({"chest": "dont_know"}, {"notes": "Hello"})
    assert (third.changes, third.texts) == ({"chest": None}, {"notes": None})
    assert stored(submission).all_answers() == {"numb": "no"}


def test_replaying_the_revisions_gives_the_answers():
    submission = started()
    pages = [{"numb": "no"}, {"numb": "dont_know", "tried": ["pills"]}, {"tried": None, "weeks": 2.5}, {"weeks": 3}]
    for answers in pages:
        save_page(submission, answers)
    replayed = {}
    for revision in stored(submission).revisions.all():
        replayed |= revision.changes
    assert {key: value for key, value in replayed.items() if value is not None} == stored(submission).answers


def test_a_question_left_out_keeps_its_answer():
    submission = started()
    save_page(submission, {"numb": "no"}, texts={"notes": "Keep me"})
    save_page(submission, {"chest": "no"})
    assert stored(submission).all_answers() == {"numb": "no", "chest": "no", "notes": "Keep me"}


def test_what_could_not_be_an_answer_is_kept_as_it_was_typed():
    submission = started()
    save_page(submission, {}, entered={"age_years": {"parts": ["fourty"], "unit": "years"}})
    assert stored(submission).entered == {"age_years": {"parts": ["fourty"], "unit": "years"}}
    assert stored(submission).revisions.get().entered["age_years"]["parts"] == ["fourty"]
    assert "age_years" not in stored(submission).answers


@pytest.mark.parametrize(
    ("question", "hostile"),
    [
        ("numb", "<script>"),
        ("numb", True),
        ("numb", {"yes": 1}),
        ("wish", ["surgery", "my name is Bob"]),
        ("age_years", "45; drop table"),
        ("age_years", float("nan")),
        ("age_years", float("inf")),
        ("age_years", 10**400),
        ("tried", "pills, and Bob"),
        ("tried", [["pills"]]),
    ],
)
def test_what_is_no_code_never_gets_into_the_answers_and_is_not_lost(question, hostile):
    submission = started()
    save_page(submission, {question: hostile})
    now = stored(submission)
    assert now.answers == {}
    assert now.entered == {question: {"parts": [str(hostile)]}}


def test_what_is_no_code_takes_an_earlier_answer_away():
    submission = started()
    save_page(submission, {"wish": "surgery"})
    step = save_page(submission, {"wish": "surgery!!"})
    assert step.submission.answers == {}


@pytest.mark.parametrize("value", [200, -3, ["pills", "none"], 45.5])
def test_a_coded_answer_that_is_invalid_is_stored_and_reported(value):
    question = "tried" if isinstance(value, list) else "age_years"
    step = save_page(started(), {question: value})
    assert step.submission.answers == {question: value}
    assert step.outcome.invalid == (question,)


def test_a_right_answer_clears_what_was_typed_wrongly():
    submission = started()
    save_page(submission, {"wish": "Bob"})
    step = save_page(submission, {"wish": "surgery"})
    assert step.submission.entered == {}


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_answer_is_no_answer(empty):
    submission = started()
    save_page(submission, {"tried": ["pills"]})
    step = save_page(submission, {"tried": empty})
    assert step.submission.answers == {}
    assert step.submission.entered == {}


@pytest.mark.parametrize(
    "page",
    [
        {"answers": {"grade": 5}},
        {"answers": {"alarm_withdrawn": "no"}},
        {"answers": {"nonsense": "yes"}},
        {"texts": {"scan_notes": "hello"}},
        {"texts": {"numb": "a text where a code belongs"}},
        {"answers": {"notes": "a text among the codes"}},
        {"entered": {"nonsense": {}}},
        {"page": "../safety"},
        {"page": "x" * 65},
        {"page": "safety\x00"},
    ],
)
def test_a_browser_cannot_answer_what_a_patient_is_not_asked(page):
    submission = started()
    with pytest.raises(UnknownQuestion):
        save_page(submission, page.pop("answers", {}), **page)
    assert not stored(submission).revisions.exists()
    assert stored(submission).all_answers() == {}


def test_a_step_that_changes_nothing_is_still_a_sign_of_life(time_machine):
    time_machine.move_to("2026-11-20T10:00:00Z", tick=False)
    submission = started()
    time_machine.move_to("2026-11-20T10:30:00Z", tick=False)
    save_page(submission, {})
    assert stored(submission).last_step_at.minute == 30
    assert stored(submission).revisions.get().changes == {}


def test_nobody_is_stopped_by_a_question_not_yet_asked():
    step = save_page(started(), {"numb": "no"})
    assert not step.stop
    assert step.outcome.alarms == ()


def test_the_first_page_of_the_shipped_rule_set_stops_nobody():
    site = SiteFactory()
    pathway = lumbar_pathway(site)
    submission = intake.start_submission(actor=Actor.patient(site), site=site, pathway=pathway)
    assert not save_page(submission, {}).stop
    # A big injury whose day was not asked yet: the rule's `is null` must not see that as unknown.
    step = save_page(submission, {"injury_recent": "major"})
    assert not step.stop
    assert save_page(submission, {"injury_days": "dont_know"}).stop


def test_after_sending_nothing_can_be_saved():
    submission = started()
    save_page(submission, {**CALM, "wish": "surgery"})
    submitted(submission)
    before = stored(submission).all_answers()
    with pytest.raises(AlreadySubmitted):
        save_page(submission, {"numb": "yes"})
    with pytest.raises(AlreadySubmitted):
        intake.leave_phone(actor=Actor.patient(submission.site), submission=submission, phone="020 7946 0000")
    assert stored(submission).all_answers() == before


def test_a_page_opened_long_ago_loses_nothing_of_what_another_tab_saved():
    opened_before = started()
    save_page(opened_before, {"numb": "no"})
    # The same stale object: what it holds in memory must not count.
    save_page(opened_before, {"chest": "no"})
    assert stored(opened_before).answers == {"numb": "no", "chest": "no"}
    assert [step.number for step in opened_before.revisions.all()] == [1, 2]


def test_strangers_and_staff_do_not_answer_for_a_patient():
    submission = started()
    for actor in (Actor.patient(SiteFactory()), staff_actor(submission.site), Actor.system()):
        with pytest.raises(NotAllowed):
            intake.save_step(actor=actor, submission=submission, page="p", answers={}, texts={}, entered={})


def test_a_telephone_number_in_case_the_line_breaks():
    submission = started()
    patient = Actor.patient(submission.site)
    intake.leave_phone(actor=patient, submission=submission, phone=" 020 7946 0000 ")
    assert stored(submission).call_back_phone == "020 7946 0000"
    with pytest.raises(FieldErrors):
        intake.leave_phone(actor=patient, submission=submission, phone="none of yours")
    intake.leave_phone(actor=patient, submission=submission, phone="")
    assert stored(submission).call_back_phone == ""


def test_a_running_submission_finishes_on_its_own_version():
    submission = started()
    pathway = submission.pathway
    old = submission.version
    old.status = "retired"
    old.save(update_fields=["status"])
    rules = [rule for rule in tiny_document()["rules"] if rule["id"] != "E1"]
    pathway.live_version = RuleSetVersionFactory(pathway=pathway, number=2, document=tiny_document(rules=rules))
    pathway.save()
    assert save_page(submission, {"numb": "yes"}).stop


def test_the_audit_of_a_step_names_questions_never_answers():
    submission = started()
    save_page(submission, {"numb": "dont_know", "age_years": 45}, texts={"notes": "Hello"}, page="safety")
    event = AuditEvent.objects.get(action="submission.step")
    assert event.after == {
        "page": "safety",
        "status": "in_progress",
        "changed": ["age_years", "notes", "numb"],
        "alarms": [],
    }
    assert (event.actor_kind, event.actor_id) == ("patient", "")
