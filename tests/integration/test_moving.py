"""Answers under way when a version is published: moved where it asks something else about safety, left alone else."""

import copy
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from screening.actions import intake, review
from screening.actions.audit import verify_chain
from screening.actions.moving import between, newer_version
from screening.exceptions import AlreadySubmitted, NotAllowed, NotOffered, QuestionsChanged
from screening.models import Assessment, AuditEvent, Pathway, Patient, Referral, Revision, Submission
from screening.policies import Actor
from screening.rules.check import read_ruleset
from tests.factories import (
    CALM,
    SiteFactory,
    publish_next,
    save_page,
    staff_actor,
    started,
    submitted,
    tiny_document,
    tiny_ruleset,
)

pytestmark = pytest.mark.django_db
READY = {**CALM, "wish": "surgery"}
COUGH = {
    "id": "cough",
    "section": "safety",
    "audience": "patient",
    "type": "yes_no",
    "text": "Do you cough blood?",
    "safety": True,
    "dont_know": "I don't know",
}
COUGH_RULE = {
    "id": "E3",
    "title": "Cough",
    "when": "cough = 'yes'",
    "disposition": "go_now",
    "clarify_within_hours": 24,
}


def document(*, questions=(), rules=(), without=(), **fields):
    """The tiny document with more questions and rules, without some, and fields of questions or rules otherwise."""
    made = copy.deepcopy(tiny_document())
    for name, more in (("questions", questions), ("rules", rules)):
        kept = [part | fields.get(part["id"], {}) for part in made[name] if part["id"] not in without]
        made[name] = [*kept, *more]
    return made


def reworded(*question_ids, **more):
    return document(**{key: {"text": f"Another wording of {key}?"} for key in question_ids}, **more)


def fresh(submission):
    return Submission.objects.get(pk=submission.pk)


def publish(submission, new):
    return publish_next(submission.pathway, new)


def catch_up(submission):
    return intake.bring_up_to_date(actor=Actor.patient(submission.site), submission=fresh(submission))


def moved(answers, new, **more):
    """A submission with these answers, after this was published and they were moved to it."""
    submission = save_page(started(), answers, **more).submission
    publish(submission, new)
    step = catch_up(submission)
    assert step is not None
    return step


def resume(submission):
    return intake.resume_after_mistake(actor=Actor.patient(submission.site), submission=submission)


# Both directions of change -----------------------------------------------------------------------------------------


def test_a_safety_question_that_changed_is_asked_again_and_nothing_else_is_lost():
    submission = moved(READY, reworded("numb"), texts={"notes": "Hello"}).submission
    assert submission.version.number == 2
    assert submission.all_answers() == {"chest": "no", "fever": "no", "wish": "surgery", "notes": "Hello"}
    assert (submission.asked_again, submission.not_asked) == (["numb"], [])


def test_the_answer_that_was_taken_away_stays_in_the_history():
    submission = moved(READY, reworded("numb", "fever")).submission
    first, second = submission.revisions.all()
    assert first.changes["numb"] == "no"
    assert (second.page, second.changes) == (Revision.MOVED, {"numb": None, "fever": None})


def test_what_was_typed_for_it_is_taken_away_too_so_that_it_comes_back_empty():
    age = {"age_years": {"safety": True, "max": 110}}
    submission = save_page(started(), {"age_years": 45}, entered={"age_years": {"parts": ["45"]}}).submission
    publish(submission, document(**age))
    submission = catch_up(submission).submission
    assert (submission.answers, submission.entered) == ({}, {})
    assert submission.revisions.last().entered == {"age_years": None}


def test_a_safety_question_that_was_added_is_asked():
    step = moved(READY, document(questions=[COUGH], rules=[COUGH_RULE]))
    assert step.submission.answers == READY
    assert step.submission.asked_again == ["cough"]
    assert step.submission.revisions.last().changes == {}
    assert save_page(step.submission, {"cough": "yes"}).stop


def test_a_changed_choice_or_a_changed_condition_counts_as_changed():
    old = tiny_ruleset()
    assert between(old, read_ruleset(document(fever={"dont_know": "Not sure"}))).ask == ("fever",)
    assert between(old, read_ruleset(document(fever={"show_if": "wish = 'surgery'"}))).ask == ("fever",)
    old, scored = document(wish={"safety": True}), document(wish={"safety": True})
    scored["questions"][5]["choices"] = [one | {"score": 2} for one in scored["questions"][5]["choices"]]
    assert between(read_ruleset(old), read_ruleset(scored)).ask == ()


def test_what_only_clinicians_are_asked_moves_nobody():
    assert between(tiny_ruleset(), read_ruleset(document(grade={"safety": True, "max": 6}))).ask == ()


@pytest.mark.parametrize(
    "new",
    [
        document(without=["numb", "E1"]),
        document(wish={"text": "What would you like?"}),
        document(questions=[COUGH | {"safety": False}]),
        document(U1={"disposition": "go_now"}),
        document(S1={"when": "grade >= 3"}),
        tiny_document(title="Another title"),
    ],
    ids=["safety removed", "other wording", "other added", "rule more urgent", "threshold", "title"],
)
def test_without_a_new_or_changed_safety_question_it_finishes_on_its_own_version(new):
    submission = save_page(started(), READY).submission
    publish(submission, new)
    assert catch_up(submission) is None
    final = submitted(fresh(submission))
    assert (final.assessment.version.number, final.disposition) == (1, "small_cut")
    assert not AuditEvent.objects.filter(action="submission.move").exists()


def test_publishing_an_old_document_again_moves_back_and_asks_again():
    submission = moved(READY, reworded("numb")).submission
    submission = save_page(submission, {"numb": "no"}).submission
    publish(submission, tiny_document())
    submission = catch_up(submission).submission
    assert submission.version.number == 3
    assert "numb" not in submission.answers


def test_the_same_document_published_again_moves_nobody():
    submission = save_page(started(), READY).submission
    publish(submission, tiny_document())
    assert catch_up(submission) is None


# What becomes of the other questions ---------------------------------------------------------------------------------

PLAN = {"id": "plan", "section": "you", "audience": "patient", "type": "yes_no", "text": "Do you have a plan?"}
PLAN_RULE = {"id": "O2", "title": "No plan", "when": "plan = 'no'", "disposition": "soon", "clarify_within_hours": 72}


def test_a_new_question_that_is_not_about_safety_is_not_asked_and_unknown_in_the_assessment():
    submission = moved(READY, reworded("numb", questions=[PLAN], rules=[PLAN_RULE])).submission
    assert submission.not_asked == ["plan"]
    final = submitted(save_page(submission, {"numb": "no"}).submission)
    outcome = final.assessment.read_outcome()
    # Unknown where nobody could know: cautious, a person asks.
    assert (outcome.disposition, outcome.contact_within_hours) == ("more_info", 72)
    assert (outcome.unresolved, outcome.ask_next) == (("O2",), ("plan",))


def test_a_new_question_that_becomes_one_about_safety_is_asked_after_all():
    submission = moved(READY, reworded("numb", questions=[PLAN])).submission
    publish(submission, reworded("numb", questions=[PLAN | {"safety": True}]))
    submission = catch_up(submission).submission
    assert (submission.not_asked, submission.asked_again) == ([], ["numb", "plan"])


def test_an_answer_that_is_no_choice_any_more_stays_and_has_a_person_clarify():
    choices = [{"value": value, "label": value} for value in ("other", "none_of_it")]
    new = reworded("numb", without=["M1"])
    new["questions"] = [one | {"choices": choices} if one["id"] == "wish" else one for one in new["questions"]]
    submission = moved(READY, new).submission
    assert (submission.answers["wish"], submission.not_asked) == ("surgery", ["wish"])
    final = submitted(save_page(submission, {"numb": "no"}).submission)
    assert final.assessment.read_outcome().invalid == ("wish",)
    assert (final.disposition, final.assessment.contact_within_hours) == ("more_info", 72)


def test_what_the_patient_answered_wrongly_is_still_theirs_to_mend():
    submission = moved({**READY, "tried": ["pills", "none"]}, reworded("numb")).submission
    assert submission.not_asked == []


def test_a_number_in_another_unit_is_not_read_as_one_in_the_new():
    submission = moved({**READY, "weeks": 6}, reworded("numb", weeks={"unit": "days", "text": "How many days?"}))
    submission = submission.submission
    assert ("weeks" in submission.answers, submission.not_asked) == (False, ["weeks"])
    assert submission.revisions.last().changes == {"numb": None, "weeks": None}


def test_an_answer_to_a_question_that_is_gone_stays_without_effect():
    submission = moved(READY, reworded("numb", without=["fever", "U1"])).submission
    final = submitted(save_page(submission, {"numb": "no"}).submission)
    assert submission.answers["fever"] == "no"
    assert final.assessment.read_outcome().ignored == ("fever",)


# Assessed by the new version -----------------------------------------------------------------------------------------


def more_urgent_on_top(**more):
    """With one more disposition before all others."""
    new = reworded("numb", **more)
    first = {"id": "at_once", "label": "At once", "contact_within_hours": 0, "patient_label": "Now", "patient": "Now."}
    return new | {"dispositions": [first, *new["dispositions"]]}


def test_the_final_assessment_and_its_urgency_are_the_new_versions():
    new = more_urgent_on_top(M1={"contact_within_hours": 100})
    submission = moved(READY, new).submission
    final = submitted(save_page(submission, {"numb": "no"}).submission)
    assert final.assessment.version == submission.version
    assert final.assessment.read_outcome().ruleset_sha256 == submission.version.sha256
    assert (final.disposition, final.assessment.contact_within_hours) == ("small_cut", 100)
    assert final.urgency == read_ruleset(new).urgency["small_cut"] == tiny_ruleset().urgency["small_cut"] + 1


def test_an_emergency_that_the_new_version_finds_in_the_answers_stops_at_once():
    step = moved({**READY, "chest": "dont_know", "fever": "yes"}, reworded("numb", U1={"disposition": "go_now"}))
    assert (step.stop, step.submission.status) == (True, "stopped")
    assert step.referral.assessment.version == step.submission.version
    assert step.referral.disposition == "go_now"


def test_an_urgent_alarm_that_only_the_new_version_has_shows_its_words():
    rule = {"id": "U3", "title": "Old", "when": "age_years > 40", "disposition": "soon", "clarify_within_hours": 48}
    step = moved({**READY, "age_years": 45}, reworded("numb", rules=[rule]))
    assert (step.stop, step.new_alarms) == (False, ("U3",))


# Alarms of the old version -------------------------------------------------------------------------------------------


def test_an_alarm_seen_is_not_forgotten_when_its_question_is_answered_otherwise():
    submission = moved({**READY, "fever": "yes"}, reworded("fever")).submission
    assert submission.alarms_seen == ["U1"]
    final = submitted(save_page(submission, {"fever": "no"}).submission)
    assert (final.disposition, final.assessment.contact_within_hours) == ("more_info", 24)
    assert final.assessment.answers["alarm_withdrawn"] == "yes"


def test_an_alarm_whose_rule_is_gone_has_a_person_check():
    submission = moved({**READY, "fever": "yes"}, reworded("numb", without=["U1"])).submission
    final = submitted(save_page(submission, {"numb": "no"}).submission)
    assert "W1" in final.assessment.read_outcome().fired
    assert (final.disposition, final.assessment.contact_within_hours) == ("more_info", 24)
    assert final.assessment.answers["alarm_withdrawn"] == "yes"


def test_a_rule_set_without_the_question_about_withdrawn_alarms_still_decides():
    new = reworded("numb", without=["U1", "W1", "alarm_withdrawn"])
    submission = moved({**READY, "fever": "yes"}, new).submission
    final = submitted(save_page(submission, {"numb": "no"}).submission)
    assert (final.disposition, final.assessment.read_outcome().ignored) == ("small_cut", ())


def test_words_already_shown_are_shown_again_when_the_changed_question_raises_them_again():
    step = moved({**READY, "fever": "yes"}, reworded("fever"))
    assert (step.new_alarms, step.outcome.alarms) == ((), ())
    assert save_page(step.submission, {"fever": "yes"}).new_alarms == ("U1",)


@pytest.mark.parametrize("new", [reworded("fever"), reworded("numb", without=["U1"])], ids=["question", "rule"])
def test_whoever_was_warned_and_falls_silent_is_referred_although_the_alarm_went(new):
    submission = moved({**READY, "fever": "yes"}, new).submission
    assert submission.alarms_shown == ["U1"]
    (referral,) = intake.refer_unfinished(now=timezone.now() + timedelta(hours=2))
    assert referral.submission == submission
    assert referral.assessment.version == submission.version
    assert "W1" in referral.assessment.read_outcome().fired


def test_an_alarm_answered_no_to_the_new_words_does_not_keep_the_unfinished():
    submission = moved({**READY, "fever": "yes"}, reworded("fever")).submission
    assert save_page(submission, {"fever": "no"}).submission.alarms_shown == []
    assert intake.refer_unfinished(now=timezone.now() + timedelta(hours=2)) == []


# Stopped, and gone on -----------------------------------------------------------------------------------------------


def stopped_then(new):
    step = save_page(started(), {**READY, "numb": "yes"})
    assert step.stop
    publish(step.submission, new)
    return step.submission


def test_the_emergency_page_stays_on_its_own_version():
    submission = stopped_then(reworded("numb"))
    assert catch_up(submission) is None
    assert fresh(submission).version.number == 1


def test_after_a_mistake_the_changed_question_is_asked_and_the_emergency_is_remembered():
    submission = resume(stopped_then(reworded("numb")))
    step = catch_up(submission)
    assert (step.stop, step.submission.status, step.submission.stops_set_aside) == (False, "in_progress", [])
    final = submitted(save_page(step.submission, {"numb": "no"}).submission)
    first, last = Assessment.objects.order_by("number")
    assert (first.version.number, first.disposition, last.version.number) == (1, "go_now", 2)
    assert (final.assessment, final.disposition) == (last, "more_info")
    assert "W1" in last.read_outcome().fired
    # The deadline of the emergency is never made later.
    assert final.contact_due_at == first.made_at


def test_the_same_answer_to_the_changed_question_stops_again():
    step = catch_up(resume(stopped_then(reworded("numb"))))
    again = save_page(step.submission, {"numb": "yes"})
    assert again.stop
    assert [one.version.number for one in Assessment.objects.order_by("number")] == [1, 2]
    assert Referral.objects.count() == 1


def test_what_was_set_aside_and_still_stands_in_both_versions_does_not_stop_again():
    step = catch_up(resume(stopped_then(reworded("chest"))))
    assert (step.stop, step.submission.stops_set_aside) == (False, ["E1"])


def test_what_was_set_aside_for_another_reason_stops():
    """By the old version it was `numb`; by the new one the same rule is true of an answer nobody set aside."""
    new = reworded("numb", E1={"when": "numb = 'yes' or wish = 'surgery'"})
    step = catch_up(resume(stopped_then(new)))
    assert step.stop


def test_a_contact_about_something_less_urgent_by_the_old_order_does_not_hide_the_new_urgency():
    submission = save_page(started(), {**READY, "numb": "yes"}).submission
    referral = Referral.objects.get()
    nurse = staff_actor(referral.site, "Coordinators")
    review.record_contact(actor=nurse, referral=referral, expected_revision=1, how="phone", reached=True)
    publish(submission, more_urgent_on_top())
    submission = catch_up(resume(submission)).submission
    submission = save_page(submission, {"numb": "yes"}).submission
    assert Referral.objects.get().contacted_at is None
    review.record_contact(actor=nurse, referral=referral, expected_revision=3, how="phone", reached=True)
    # The same disposition has a higher number now, and is no more urgent for it.
    final = submitted(save_page(resume(submission), {"age_years": 45}).submission)
    assert (final.disposition, final.urgency) == ("go_now", 1)
    assert final.contacted_at is not None


# Races ---------------------------------------------------------------------------------------------------------------


def test_a_page_saved_after_a_publish_counts_as_its_own_version_asked_it():
    submission = save_page(started(), CALM).submission
    publish(submission, reworded("numb"))
    step = save_page(submission, {"wish": "surgery", "fever": "yes"})
    assert step.submission.version.number == 1
    assert step.new_alarms == ("U1",)
    assert catch_up(submission).submission.answers == {"chest": "no", "fever": "yes", "wish": "surgery"}


def test_an_emergency_in_old_words_stops_at_once():
    submission = save_page(started(), CALM).submission
    publish(submission, reworded("numb"))
    step = save_page(submission, {"numb": "yes"})
    assert step.stop
    assert step.referral.assessment.version.number == 1


def test_answers_to_old_questions_are_not_stored_after_the_move():
    seen = save_page(started(), CALM).submission
    publish(seen, reworded("numb"))
    before = catch_up(seen).submission.all_answers()
    with pytest.raises(QuestionsChanged):
        save_page(seen, {"numb": "no"})
    assert fresh(seen).all_answers() == before


def test_a_version_published_between_the_check_page_and_sending_is_asked_first():
    submission = save_page(started(), READY).submission
    publish(submission, reworded("numb"))
    for _ in range(5):
        with pytest.raises(QuestionsChanged):
            submitted(submission)
    assert not Patient.objects.exists()
    assert not Referral.objects.exists()
    submission = save_page(catch_up(submission).submission, {"numb": "no"}).submission
    sent = {submitted(submission).pk for _ in range(5)}
    assert sent == {Referral.objects.get().pk}
    assert Referral.objects.get().assessment.version.number == 2
    assert verify_chain() == ()


def test_what_was_checked_on_an_old_page_is_not_sent_as_answers_to_the_new():
    checked = save_page(started(), READY).submission
    publish(checked, reworded("numb"))
    save_page(catch_up(checked).submission, {"numb": "yes", "chest": "no"})
    resume(fresh(checked))
    with pytest.raises(QuestionsChanged):
        submitted(checked)


def test_moving_five_times_is_once():
    submission = save_page(started(), READY).submission
    publish(submission, reworded("numb"))
    assert [catch_up(submission) is not None for _ in range(5)] == [True, False, False, False, False]
    assert fresh(submission).revisions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_five_windows_at_once_move_once_and_lose_no_page():
    submission = save_page(started(), READY).submission
    publish(submission, reworded("numb"))
    outcomes, start = [], threading.Barrier(5)

    def window(act) -> None:
        try:
            start.wait()
            outcomes.append(act())
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    acts = [*[lambda: catch_up(submission) and "moved"] * 4, lambda: save_page(submission, {"weeks": 3}) and "saved"]
    windows = [threading.Thread(target=window, args=[act]) for act in acts]
    for one in windows:
        one.start()
    for one in windows:
        one.join()
    # The page was saved before the move, or is told to look again.
    assert sorted(map(str, outcomes)) in (
        ["None", "None", "None", "moved", "saved"],
        ["None", "None", "None", "QuestionsChanged", "moved"],
    )
    kept = fresh(submission)
    assert ("weeks" in kept.answers) == ("saved" in outcomes)
    assert ("numb" in kept.answers, kept.version.number) == (False, 2)
    assert [step.number for step in kept.revisions.all()] == list(range(1, kept.revisions.count() + 1))
    assert verify_chain() == ()


def test_after_sending_nothing_moves():
    submission = save_page(started(), READY).submission
    sent = submitted(submission)
    publish(submission, reworded("numb"))
    with pytest.raises(AlreadySubmitted):
        catch_up(submission)
    assert submitted(fresh(submission)) == sent
    assert sent.assessment.version.number == 1


def test_only_the_patient_moves_their_answers():
    submission = save_page(started(), READY).submission
    publish(submission, reworded("numb"))
    for actor in (Actor.patient(SiteFactory()), staff_actor(submission.site), Actor.system()):
        with pytest.raises(NotAllowed):
            intake.bring_up_to_date(actor=actor, submission=submission)


def test_the_move_is_the_programs_and_names_questions_never_answers():
    submission = moved(READY, reworded("numb", questions=[COUGH], rules=[COUGH_RULE])).submission
    event = AuditEvent.objects.get(action="submission.move")
    first = submission.pathway.versions.get(number=1)
    assert event.before == {"version": first.pk}
    assert event.after == {
        "version": submission.version_id,
        "status": "in_progress",
        "asked": ["numb", "cough"],
        "taken_away": ["numb"],
        "alarms": [],
    }
    assert (event.actor_kind, event.site) == ("system", submission.site.slug)


# Suspended -----------------------------------------------------------------------------------------------------------


def suspend(submission):
    Pathway.objects.filter(pk=submission.pathway_id).update(suspended_at=timezone.now())


def test_while_suspended_nothing_is_sent_or_moved_and_what_is_typed_is_kept():
    submission = save_page(started(), CALM).submission
    publish(submission, reworded("numb"))
    suspend(submission)
    assert newer_version(fresh(submission)) is None
    assert catch_up(submission) is None
    assert save_page(submission, {"wish": "surgery"}, texts={"notes": "Hello"}).submission.texts == {"notes": "Hello"}
    with pytest.raises(NotOffered):
        submitted(fresh(submission))
    assert not Patient.objects.exists()


def test_while_suspended_an_emergency_still_stops_and_a_silent_alarm_is_still_referred():
    submission = save_page(started(), CALM).submission
    suspend(submission)
    save_page(submission, {"fever": "yes"})
    assert len(intake.refer_unfinished(now=timezone.now() + timedelta(hours=2))) == 1
    assert save_page(submission, {"numb": "yes"}).stop


def test_what_was_sent_before_a_suspension_stays_sent():
    submission = save_page(started(), READY).submission
    sent = submitted(submission)
    suspend(submission)
    assert submitted(submission) == sent
