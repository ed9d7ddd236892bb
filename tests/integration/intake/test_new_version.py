"""A new version goes live, or the live one is suspended, while a patient answers."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.utils import timezone

from screening.actions import intake
from screening.models import Patient, Referral, Submission
from tests.factories import publish_next
from tests.intake_walk import WHO, page_data

from .conftest import NUMB, READY, WEAKER

LINE = "The clinic has changed these questions since you began. Please answer them again."
NEW_WORDS = "Have you lost the feeling between your legs?"
COUGH = {
    "id": "cough_blood",
    "section": "safety",
    "audience": "patient",
    "type": "yes_no",
    "text": "Do you cough blood?",
    "safety": True,
    "dont_know": "I don't know",
}
PETS = {"id": "pets", "section": "about", "audience": "patient", "type": "yes_no", "text": "Do you have a cat?"}


def changed(pathway, *more, **fields):
    """The live document with more questions, and questions with these fields otherwise."""
    document = copy.deepcopy(pathway.live_version.document)
    sections = {section["id"] for section in document["sections"]}
    first, last = document["sections"][0]["id"], document["sections"][-1]["id"]
    placed = [one if one["section"] in sections else one | {"section": last} for one in more]
    placed = [one | {"section": first} if one.get("safety") else one for one in placed]
    document["questions"] = [*(one | fields.get(one["id"], {}) for one in document["questions"]), *placed]
    return document


@pytest.fixture
def publish(pathway):
    """publish(saddle_numbness={…}) makes a new version live."""

    def make(*more: dict[str, Any], **fields: Any):
        pathway.refresh_from_db()
        return publish_next(pathway, changed(pathway, *more, **fields))

    return make


@pytest.fixture
def reword(publish):
    return lambda *more: publish(*more, saddle_numbness={"text": NEW_WORDS})


def submission():
    return Submission.objects.get()


def on_new(begun, version):
    """What the walk reads its pages by, from now on."""
    begun.ruleset = version.ruleset
    return begun


def checked(walk, answers=READY):
    begun = walk(answers).begin().answer_everything()
    assert begun.is_at("check")
    return begun


# Asked again ---------------------------------------------------------------------------------------------------------


def test_at_the_check_page_just_the_changed_question_is_asked_with_the_reason(walk, reword):
    begun = checked(walk)
    on_new(begun, reword()).get(f"{begun.root}check/")
    assert begun.path.endswith("/questions/1/")
    assert LINE in begun.html
    assert [question.id for question in begun.asked] == ["saddle_numbness"]
    assert NEW_WORDS in begun.html
    assert "checked" not in begun.html
    begun.save_page()
    assert begun.is_at("check")
    assert LINE not in begun.html
    assert NEW_WORDS in begun.html
    assert submission().answers == READY


def test_sent_then_it_is_assessed_by_the_new_version_and_the_private_page_shows_it(walk, reword):
    begun = checked(walk)
    version = reword()
    on_new(begun, version).get(f"{begun.root}check/")
    begun.save_page()
    for _ in range(5):
        begun.post(f"{begun.root}about-you/", {**WHO, **begun.born()})
        assert "/r/" in begun.path
    referral = Referral.objects.get()
    assert referral.assessment.version == referral.submission.version == version
    assert referral.urgency == version.ruleset.urgency[referral.disposition]
    assert referral.disposition == "surgeon_miss"
    assert NEW_WORDS in begun.html


def test_an_added_safety_question_and_what_it_opens_are_asked(walk, publish):
    begun = checked(walk)
    follow = COUGH | {"id": "cough_much", "text": "A lot of it?", "show_if": "cough_blood = 'yes'"}
    on_new(begun, publish(COUGH, follow)).get(f"{begun.root}check/")
    assert LINE in begun.html
    assert [question.id for question in begun.asked] == ["cough_blood"]
    begun.answers |= {"cough_blood": "yes", "cough_much": "no"}
    begun.save_page()
    assert [question.id for question in begun.asked] == ["cough_blood", "cough_much"]
    begun.save_page()
    assert begun.is_at("check")
    assert submission().answers["cough_much"] == "no"


def test_a_new_question_that_is_not_about_safety_is_nowhere_asked_nor_forced(walk, reword):
    begun = checked(walk)
    on_new(begun, reword(PETS)).get(f"{begun.root}check/")
    begun.save_page()
    assert begun.is_at("check")
    assert "a cat" not in begun.html
    for page in range(1, 11):
        begun.get(f"{begun.root}questions/{page}/")
        assert "a cat" not in begun.html
    begun.get(f"{begun.root}check/")
    begun.send()
    assert "/r/" in begun.path
    assert "a cat" not in begun.html


def test_whoever_starts_with_the_new_version_is_asked_everything_without_a_word(walk, reword, pathway):
    reword(PETS)
    pathway.refresh_from_db()
    begun = walk({**READY, "pets": "no"}).begin()
    assert LINE not in begun.html
    assert begun.answer_everything().is_at("check")
    assert "a cat" in begun.html


def test_whoever_has_answered_nothing_yet_reads_the_new_words_without_a_reason(walk, reword):
    begun = walk().begin()
    on_new(begun, reword()).get(begun.path)
    assert LINE not in begun.html
    assert NEW_WORDS in begun.html
    assert begun.answer_everything().is_at("check")


@pytest.mark.parametrize("name", ["smoking", "age_years"])
def test_another_change_lets_everybody_finish_on_their_own_version(walk, publish, name, pathway):
    assert not pathway.live_version.ruleset.question(name).safety
    begun = checked(walk)
    publish(PETS, **{name: {"text": "Other words?"}})
    begun.get(f"{begun.root}check/")
    assert begun.is_at("check")
    assert "Other words?" not in begun.html
    begun.send()
    assert Referral.objects.get().assessment.version.number == 1


def test_a_problem_on_the_page_with_the_changed_question_is_said_as_ever(walk, reword):
    begun = checked(walk)
    on_new(begun, reword()).get(f"{begun.root}check/")
    begun.post(begun.path, {"-asked": "saddle_numbness", **begun.hidden})
    assert "There is a problem" in begun.html
    assert LINE in begun.html
    assert [question.id for question in begun.asked] == ["saddle_numbness"]


def test_the_changed_question_can_raise_the_emergency(walk, reword):
    begun = checked(walk)
    on_new(begun, reword()).get(f"{begun.root}check/")
    begun.answers = NUMB
    begun.save_page()
    assert begun.is_at("emergency")
    assert NEW_WORDS in begun.html


# In the middle of a page ---------------------------------------------------------------------------------------------


def test_a_page_saved_against_a_new_version_is_kept_and_then_the_changed_question_is_asked(walk, reword):
    begun = walk().begin().save_page().save_page()
    assert begun.path.endswith("/questions/3/")
    version = reword()
    begun.save_page()
    on_new(begun, version)
    assert begun.path.endswith("/questions/1/")
    assert LINE in begun.html
    assert submission().answers["age_years"] == 45
    begun.save_page()
    assert begun.path.endswith("/questions/4/")
    assert begun.answer_everything().is_at("check")


def test_an_emergency_on_a_page_of_the_old_version_stops_at_once(walk, reword):
    begun = walk(NUMB).begin()
    reword()
    begun.save_page()
    assert begun.is_at("emergency")
    assert submission().version.number == 1


def test_a_warning_on_a_page_of_the_old_version_is_shown_before_the_changed_question(walk, reword):
    begun = walk(WEAKER, through_warnings=False).begin()
    version = reword()
    begun.save_page()
    assert begun.is_at("warning")
    assert "A leg that is getting weaker" in begun.html
    on_new(begun, version).get(f"{begun.root}questions/1/")
    assert LINE in begun.html


def test_going_on_after_a_mistake_asks_the_changed_question(walk, reword):
    begun = walk(NUMB).begin().save_page()
    version = reword()
    begun.get(f"{begun.root}check/")
    assert begun.is_at("emergency")
    begun.post(begun.path, {"do": "mistake"})
    on_new(begun, version)
    assert begun.path.endswith("/questions/1/")
    assert LINE in begun.html
    begun.answers = READY
    begun.store_everything().send()
    referral = Referral.objects.get()
    assert [one.version.number for one in referral.submission.assessments.order_by("number")] == [1, 2]
    assert "W01" in referral.assessment.read_outcome().fired


def test_another_window_with_the_old_words_keeps_what_still_means_the_same(walk, reword):
    begun = checked(walk)
    begun.get(f"{begun.root}questions/1/")
    old, asked = begun.hidden, begun.asked
    version = reword()
    begun.get(f"{begun.root}check/")
    begun.post(f"{begun.root}questions/1/", {**page_data(asked, {**READY, "balance_hands": "dont_know"}), **old})
    on_new(begun, version)
    assert submission().answers["balance_hands"] == "dont_know"
    # The old words were answered, and nobody was asked the new ones yet.
    assert "saddle_numbness" not in submission().answers
    assert LINE in begun.html


def test_another_window_with_the_old_words_does_not_change_an_answer_to_the_new(walk, reword):
    begun = checked(walk)
    begun.get(f"{begun.root}questions/1/")
    old, asked = begun.hidden, begun.asked
    on_new(begun, reword()).get(f"{begun.root}check/")
    begun.answers = {**READY, "saddle_numbness": "dont_know"}
    begun.save_page()
    begun.post(f"{begun.root}questions/1/", {**page_data(asked, READY), **old})
    assert submission().answers["saddle_numbness"] == "dont_know"
    redrawn = begun.client.post(
        f"{begun.root}questions/1/unsaved/", {**page_data(asked, WEAKER), **old}, headers={"hx-request": "true"}
    )
    assert redrawn.content == b""


@pytest.mark.parametrize("said", ["", "0", "2", "99", "-1", "٣", "x" * 5000, "9" * 5000])
def test_a_browser_that_says_anything_about_the_version_is_not_believed(walk, said):
    begun = walk().begin()
    begun.save_page(**{"-version": said})
    assert begun.path.endswith("/questions/2/")
    assert submission().version.number == 1


def test_a_page_that_only_the_old_version_had_leads_on(walk, reword):
    begun = checked(walk)
    on_new(begun, reword()).get(f"{begun.root}questions/40/")
    assert begun.path.endswith("/questions/1/")


# While sending -------------------------------------------------------------------------------------------------------


def test_published_between_the_check_page_and_sending(walk, reword):
    begun = checked(walk)
    begun.get(f"{begun.root}about-you/")
    version = reword()
    for _ in range(5):
        begun.post(f"{begun.root}about-you/", {**WHO, **begun.born()})
        assert begun.path.endswith("/questions/1/") or begun.is_at("check")
    assert not Patient.objects.exists()
    on_new(begun, version).get(f"{begun.root}check/")
    begun.get(f"{begun.root}questions/1/")
    begun.save_page()
    begun.get(f"{begun.root}about-you/")
    assert 'value="Maria Quintana"' in begun.html
    begun.send()
    assert Referral.objects.get().assessment.version == version


def test_published_in_the_very_moment_of_sending(walk, reword, monkeypatch):
    begun = checked(walk)
    begun.get(f"{begun.root}about-you/")
    send = intake.submit

    def published_first(**sent):
        monkeypatch.setattr(intake, "submit", send)
        reword()
        return send(**sent)

    monkeypatch.setattr(intake, "submit", published_first)
    begun.post(begun.path, {**WHO, **begun.born()})
    assert begun.path.endswith("/questions/1/")
    assert LINE in begun.html
    assert not Patient.objects.exists()


def test_moved_by_another_window_in_the_very_moment_of_saving(walk, reword, monkeypatch):
    begun = checked(walk)
    begun.get(f"{begun.root}questions/3/")
    save = intake.save_step

    def moved_first(**page):
        monkeypatch.setattr(intake, "save_step", save)
        reword()
        intake.bring_up_to_date(actor=page["actor"], submission=page["submission"])
        return save(**page)

    monkeypatch.setattr(intake, "save_step", moved_first)
    begun.save_page(age_years="46")
    assert begun.path.endswith("/questions/1/")
    assert submission().answers["age_years"] == 46
    assert submission().version.number == 2


# Suspended -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def suspend(pathway):
    def now(moment=None):
        pathway.refresh_from_db()
        pathway.suspended_at = timezone.now() if moment is None else moment or None
        pathway.save()

    return now


def is_closed(begun):
    words = ("closed for now", "112", "020 7946 0000", "Your answers so far are saved", "call the clinic")
    return all(word in begun.html for word in words) and "<form" not in begun.html


def test_while_suspended_every_page_shows_the_emergency_line_and_the_clinics_telephone(walk, suspend):
    begun = checked(walk)
    suspend()
    for name in ("", "questions/1/", "questions/4/", "check/", "about-you/"):
        begun.get(begun.root + name)
        assert is_closed(begun), name
    begun.get(f"{begun.root}start-again/")
    assert "closed for now" in begun.html
    assert Submission.objects.count() == 1


def test_nothing_typed_is_lost_while_suspended(walk, suspend):
    begun = walk().begin().save_page().save_page()
    suspend()
    begun.save_page()
    assert is_closed(begun)
    assert submission().answers["age_years"] == 45
    suspend(False)
    begun.get(begun.root)
    assert "Go on with my answers" in begun.html
    begun.get(f"{begun.root}questions/4/")
    begun.answer_everything()
    assert begun.is_at("check")
    suspend()
    begun.post(f"{begun.root}about-you/", {**WHO, **begun.born()})
    assert is_closed(begun)
    assert not Patient.objects.exists()
    suspend(False)
    begun.get(f"{begun.root}about-you/")
    assert 'value="Maria Quintana"' in begun.html
    begun.send()
    assert "/r/" in begun.path


def test_suspended_in_the_very_moment_of_sending(walk, suspend, monkeypatch):
    begun = checked(walk)
    send = intake.submit

    def suspended_first(**sent):
        suspend()
        return send(**sent)

    monkeypatch.setattr(intake, "submit", suspended_first)
    begun.post(f"{begun.root}about-you/", {**WHO, **begun.born()})
    assert is_closed(begun)
    assert not Patient.objects.exists()


def test_emergencies_and_warnings_are_told_while_suspended(walk, suspend):
    begun = walk(WEAKER, through_warnings=False).begin()
    suspend()
    begun.save_page()
    assert begun.is_at("warning")
    begun.get(begun._next_link())
    assert is_closed(begun)
    numb = walk(NUMB)
    suspend(False)
    numb.begin()
    suspend()
    numb.save_page()
    assert numb.is_at("emergency")
    numb.get(numb.root)
    assert numb.is_at("emergency")
    numb.post(numb.path, {"do": "mistake"})
    assert is_closed(numb)


def test_a_corrected_version_takes_up_those_who_waited(walk, suspend, reword):
    begun = checked(walk)
    suspend()
    version = reword()
    begun.get(f"{begun.root}check/")
    assert is_closed(begun)
    suspend(False)
    on_new(begun, version).get(f"{begun.root}check/")
    assert LINE in begun.html


def test_the_private_page_stays_open_while_suspended(walk, suspend):
    sent = walk().sent()
    private = sent.path
    suspend()
    sent.get(private)
    assert "What happens next" in sent.html
    sent.get(sent.root)
    assert private in sent.html
