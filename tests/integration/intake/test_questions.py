"""Filling in pages without JavaScript: saved, told what to do, shown again as typed, never past a safety question."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions.unsaved import take_urgent
from screening.intake.pages import plan
from screening.models import AuditEvent, Submission, WayBack
from tests.intake_walk import page_data

from .conftest import NUMB, READY, answers_of

WEAK = {**READY, "leg_weakness": "same", "foot_drop": "no", "weak_both_legs": "no"}


def submission():
    return Submission.objects.get()


def test_a_page_is_kept_and_leads_to_the_next(walk):
    begun = walk().begin().save_page()
    assert begun.path.endswith("/questions/2/")
    assert submission().answers["leg_weakness"] == "no"
    assert submission().revisions.count() == 1


def test_an_empty_page_says_what_to_do_at_each_question_and_on_top(walk):
    begun = walk({}).begin()
    begun.post(begun.path, {"-asked": [question.id for question in begun.asked]})
    assert "There is a problem" in begun.html
    assert begun.html.count("Choose an answer, or “I don&#x27;t know”.") == 8
    assert 'href="#q-saddle_numbness_0"' in begun.html
    assert 'id="q-saddle_numbness_0"' in begun.html
    assert "Problem: Step 1 of" in begun.html.partition("</title>")[0]


def test_questions_that_appeared_come_back_on_the_same_page(walk):
    begun = walk(WEAK).begin()
    assert "foot_drop" not in [question.id for question in begun.asked]
    begun.save_page()
    assert begun.path.endswith("/questions/1/")
    assert "There are 2 more questions on this page now" in begun.html
    assert "There is a problem" not in begun.html
    assert submission().answers["leg_weakness"] == "same"
    assert {"foot_drop", "weak_both_legs"} <= {question.id for question in begun.asked}
    begun.save_page()
    assert begun.path.endswith("/questions/2/")


def test_nobody_gets_past_an_open_page(walk):
    begun = walk().begin()
    for name in ("questions/2", "questions/10", "about-you"):
        begun.get(f"{begun.root}{name}/")
        assert begun.is_at("questions/1", "check")
    begun.get(f"{begun.root}about-you/")
    assert "Some questions still need an answer" in begun.html
    assert "These answers are right" not in begun.html


def test_a_later_page_sent_too_early_is_kept_but_leads_back(walk):
    begun = walk().begin()
    begun.post(f"{begun.root}questions/3/", {"-asked": "age_years", "age_years": "45"})
    assert begun.path.endswith("/questions/1/")
    assert submission().answers["age_years"] == 45


def test_a_page_with_nothing_to_ask_is_skipped(walk):
    """Somebody early in a bout of pain is not asked about weight and smoking."""
    early = answers_of(
        "sciatica_ready", symptom_weeks=2, conservative_weeks=1, cannot_cope="no", known_conditions=["none"]
    )
    begun = walk(early).begin().answer_everything()
    assert begun.is_at("check")
    assert f"{begun.root}questions/9/" not in begun.visited


def test_back_and_again_changes_the_answer(walk):
    begun = walk().begin().save_page()
    begun.get(f"{begun.root}questions/1/")
    assert 'value="no" id="q-saddle_numbness_1" checked' in begun.html
    begun.save_page(fever="yes", sexual_change="long_time")
    assert begun.path.endswith("/questions/2/")
    assert submission().answers["sexual_change"] == "long_time"


def test_changing_leads_back_to_the_check_when_nothing_new_is_asked(walk):
    begun = walk().begin().answer_everything()
    begun.get(f"{begun.root}questions/3/")
    begun.save_page(age_years="46")
    assert begun.is_at("check")
    assert "46 years" in begun.html


def test_changing_asks_what_is_new_then_leads_back_to_the_check(walk):
    begun = walk({**READY, "prev_when": "gt12m", "prev_same_level": "no"}).begin().answer_everything()
    begun.answers["prev_spine_surgery"] = "yes"
    begun.get(f"{begun.root}questions/7/")
    begun.save_page()
    assert "There are 2 more questions on this page now" in begun.html
    begun.save_page()
    assert begun.is_at("check")


def test_a_hidden_answer_is_kept_and_greyed(walk):
    begun = walk({**READY, "prev_spine_surgery": "yes", "prev_when": "gt12m"}).begin().answer_everything()
    begun.answers["prev_spine_surgery"] = "no"
    begun.get(f"{begun.root}questions/7/")
    begun.save_page()
    assert begun.is_at("check")
    assert "no longer needed" in begun.html
    assert "More than a year ago" in begun.html
    assert submission().answers["prev_when"] == "gt12m"


def test_an_answer_taken_away_is_asked_for(walk):
    begun = walk().begin().answer_everything()
    begun.get(f"{begun.root}questions/3/")
    begun.save_page(age_years="")
    assert "Enter a number of years, like 45, or “I don&#x27;t know”." in begun.html
    assert "age_years" not in submission().answers


@pytest.mark.parametrize("typed", ["forty-five", "1,5,5", " 200 ", "<script>alert(1)</script>", "😀"])
def test_what_cannot_be_accepted_is_shown_again_exactly(walk, typed):
    begun = walk().begin().save_page().save_page()
    begun.save_page(age_years=typed)
    assert begun.path.endswith("/questions/3/")
    assert "There is a problem" in begun.html
    assert submission().entered["age_years"]["parts"] == [typed]
    again = begun.get(begun.path).content.decode()
    assert "Enter a number" in again
    from django.utils.html import escape

    assert f'value="{escape(typed)}"' in again


def test_the_unit_chosen_stays(walk):
    begun = walk().begin().save_page().save_page().save_page()
    begun.save_page(**{"symptom_weeks": "3,5", "symptom_weeks-unit": "months"})
    assert submission().answers["symptom_weeks"] == 15.2
    begun.get(f"{begun.root}questions/4/")
    assert 'value="3,5"' in begun.html
    assert '<option value="months" selected>' in begun.html
    begun.get(f"{begun.root}check/")
    assert "3,5 months" in begun.html


def test_none_beside_something_else_is_sent_back(walk):
    begun = walk().begin()
    while not begun.path.endswith("/questions/6/"):
        begun.save_page()
    begun.save_page(treatments_tried=["brace", "none"])
    assert "You ticked “A back brace” and “Nothing yet”." in begun.html
    begun.get(begun.path)
    assert begun.html.count("Untick what does not fit") == 2
    begun.save_page()
    assert begun.path.endswith("/questions/7/")


def test_none_beside_a_warning_sign_counts_as_the_sign_until_it_is_settled(walk):
    begun = walk(through_warnings=False).begin().save_page()
    begun.save_page(cancer_signs=["weight_loss", "night_pain", "none"])
    assert begun.is_at("warning")
    begun.get(f"{begun.root}questions/2/")
    assert "and “None of these”" in begun.html


def test_do_not_know_may_stand_beside_ticks(walk):
    begun = walk().begin().save_page()
    begun.save_page(risk_list=["osteoporosis", "dont_know"])
    assert submission().answers["risk_list"] == ["osteoporosis", "dont_know"]


def at_the_last_page(walk):
    begun = walk().begin()
    while not begun.path.endswith("/questions/10/"):
        begun.save_page()
    return begun


def test_a_text_of_eleven_thousand_characters_is_refused_but_not_lost(walk):
    begun = at_the_last_page(walk)
    text = "Ich möchte tanzen 💃 " * 580
    begun.save_page(main_goal=text)
    assert "Make it 2,000 or shorter" in begun.html
    assert text.strip() in begun.html
    begun.get(begun.path)
    assert text.strip() in begun.html
    begun.save_page(main_goal="dance 💃", other_notes="")
    assert begun.is_at("check")
    assert "dance 💃" in begun.html
    assert submission().texts == {"main_goal": "dance 💃"}
    assert text.strip() not in begun.get(f"{begun.root}questions/10/").content.decode()


def test_texts_are_shown_as_text(walk):
    begun = at_the_last_page(walk)
    begun.save_page(main_goal="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in begun.html
    assert "&lt;img src=x" in begun.html


def test_what_may_be_left_out_is_not_asked_for_again(walk):
    left_out = answers_of("sciatica_ready", height_cm=None, weight_kg=None, health_conditions=None, smoking=None)
    begun = walk(left_out).begin().answer_everything()
    assert begun.is_at("check")
    assert "Left out" in begun.html
    assert "(you can leave this out)" in begun.get(f"{begun.root}questions/8/").content.decode()


def test_what_waits_for_something_left_out_is_settled(walk):
    """A curve of unknown degrees may decide about later questions: leaving it out must not make them wait for ever."""
    answers = answers_of("sciatica_ready", known_conditions=["scoliosis"], curve_degrees=None)
    begun = walk(answers).begin().answer_everything()
    assert begun.is_at("check")
    sent = begun.send().referral
    case = sent.submission
    asked = {key for revision in case.revisions.all() for key in (*revision.changes, *revision.entered)}
    from screening.rules.case import read_case

    final = read_case(case.version.ruleset, case.all_answers())
    patients = {question.id for question in case.version.ruleset.questions if question.audience == "patient"}
    assert set(final.shown) & patients <= asked


def test_every_step_leaves_an_event_and_no_answers_in_it(walk):
    walk(NUMB).begin().save_page()
    events = AuditEvent.objects.filter(action="submission.step")
    assert events.count() == 1
    assert "saddle_numbness" in str(events.get().after)
    assert "'yes'" not in str(events.get().after)


class TestKeeping:
    """What htmx is told when something is ticked or typed, and what becomes of it."""

    def redraw(self, begun, **changed):
        data = {**page_data(begun.asked, begun.answers), **begun.hidden, **changed}
        return begun.client.post(f"{begun.path}unsaved/", data, headers={"hx-request": "true"})

    def test_a_question_appears_and_is_announced(self, walk):
        begun = walk().begin()
        answer = " ".join(self.redraw(begun, toilet_change="new").content.decode().split())
        assert 'id="slot-toilet_detail" hx-swap-oob="true"' in answer
        assert 'name="toilet_detail"' in answer
        assert "New question below: What is the new problem?" in answer
        assert 'hx-swap-oob="innerHTML"' in answer
        assert answer.count('class="slot"') == 1
        assert submission().answers == {}
        assert submission().revisions.count() == 0

    def test_a_question_goes_away_and_is_announced(self, walk):
        begun = walk(WEAK).begin().save_page()
        answer = " ".join(self.redraw(begun, leg_weakness="no").content.decode().split())
        assert '<div class="slot" id="slot-foot_drop" hx-swap-oob="true"></div>' in answer
        assert "No longer needed: Is it hard to lift the front of your foot" in answer

    def test_nothing_changes_and_nothing_is_said(self, walk):
        assert self.redraw(walk().begin()).content == b""

    def test_what_was_saved_comes_back_with_the_question(self, walk):
        begun = walk(WEAK).begin().save_page().save_page()
        begun.get(f"{begun.root}questions/1/")
        begun.answers["leg_weakness"] = "no"
        begun.save_page()
        begun.get(f"{begun.root}questions/1/")
        answer = self.redraw(begun, leg_weakness="same").content.decode()
        assert 'value="no" id="q-foot_drop_1" checked' in answer

    def test_what_stands_on_a_page_is_there_again_and_counts_for_nothing(self, walk):
        begun = walk().begin()
        self.redraw(begun, sexual_change="long_time", leg_weakness="")
        begun.get(begun.path)
        assert 'value="long_time" id="q-sexual_change_2" checked' in begun.html
        assert "What you had filled in here is still here." in begun.html
        assert "There is a problem" not in begun.html
        assert (submission().answers, submission().alarms_seen, submission().revisions.count()) == ({}, [], 0)

    def test_what_was_typed_is_kept_without_a_word_about_what_is_wrong(self, walk):
        begun = walk().begin().save_page().save_page()
        self.redraw(begun, age_years="forty-five")
        begun.get(begun.path)
        assert 'value="forty-five"' in begun.html
        assert "Enter a number" not in begun.html
        begun.save_page(age_years="forty-five")
        assert "Enter a number of years" in begun.html

    def test_saving_the_page_is_the_end_of_it(self, walk):
        begun = walk().begin()
        self.redraw(begun, sexual_change="long_time")
        assert submission().unsaved
        begun.save_page()
        assert submission().unsaved == {}

    def test_what_is_the_same_as_saved_is_not_unsaved(self, walk):
        begun = walk().begin().save_page()
        begun.get(f"{begun.root}questions/1/")
        self.redraw(begun, sexual_change="long_time")
        self.redraw(begun)
        assert submission().unsaved == {}

    def test_nothing_is_sent_while_something_is_unsaved(self, walk):
        begun = walk().begin().answer_everything()
        begun.get(f"{begun.root}questions/3/")
        self.redraw(begun, age_years="46")
        begun.get(f"{begun.root}about-you/")
        assert begun.is_at("check")
        assert "You changed something and did not save it" in begun.html
        assert "These answers are right" not in begun.html
        assert submission().status == "in_progress"

    def test_an_emergency_is_told_at_once_and_is_one_once_it_is_saved(self, walk):
        begun = walk().begin()
        answer = self.redraw(begun, saddle_numbness="yes").content.decode()
        assert "What you chose may need help now." in answer
        assert (submission().status, submission().alarms_seen) == ("in_progress", [])
        begun.get(begun.path)
        assert "What you chose may need help now." in begun.html
        assert "What you chose" not in self.redraw(begun).content.decode()
        assert not submission().unsaved_alarm

    def test_an_emergency_left_on_its_page_is_saved_by_the_program(self, walk):
        begun = walk().begin()
        self.redraw(begun, saddle_numbness="yes")
        now = timezone.now()
        assert take_urgent(now=now + timedelta(minutes=9)) == []
        assert len(take_urgent(now=now + timedelta(minutes=11))) == 1
        assert submission().status == "stopped"
        assert submission().referral.origin == "emergency"
        assert take_urgent(now=now + timedelta(minutes=30)) == []

    def test_what_was_understood_is_told_at_once(self, walk):
        begun = walk().begin().save_page().save_page()
        answer = self.redraw(begun, age_years="about 45").content.decode()
        assert '<p id="q-age_years_understood" hx-swap-oob="innerHTML">We understood: 45 years</p>' in answer
        assert self.redraw(begun, age_years="about 45").content == b""

    def test_a_page_without_a_session_and_without_a_mark_is_refused(self, walk, client):
        begun = walk().begin()
        answer = client.post(f"{begun.path}unsaved/", {}, headers={"hx-request": "true"})
        assert answer.status_code == 403

    def test_it_cannot_be_loaded(self, walk):
        begun = walk().begin()
        assert begun.client.get(f"{begun.path}unsaved/").status_code == 405


class TestTwoWindows:
    def test_what_another_window_saved_is_not_emptied(self, walk):
        begun = walk().begin()
        old = begun.hidden
        begun.save_page()
        data = {"-asked": [question.id for question in walk_page(begun, 1)], **old, "sexual_change": "long_time"}
        begun.post(f"{begun.root}questions/1/", data)
        assert submission().answers["sexual_change"] == "long_time"
        assert submission().answers["acute_illness"] == ["none"]

    def kept_elsewhere(self, begun):
        """The page as it was loaded; another window, loaded after it, keeps an answer there."""
        asked, first = [question.id for question in walk_page(begun, 1)], begun.hidden
        begun.get(begun.path)
        data = {"-asked": asked, **begun.hidden, "sexual_change": "long_time"}
        begun.client.post(f"{begun.path}unsaved/", data, headers={"hx-request": "true"})
        return {"-asked": asked, **first}

    @pytest.mark.parametrize("how", ["questions/1/", "questions/1/unsaved/"])
    def test_what_another_window_kept_and_did_not_save_is_not_emptied(self, walk, how):
        begun = walk().begin()
        begun.post(f"{begun.root}{how}", {**self.kept_elsewhere(begun), "leg_weakness": "no"})
        assert submission().unsaved["sexual_change"]["answer"] == "long_time"
        assert "sexual_change" not in submission().answers

    def test_a_window_that_shows_what_was_kept_can_empty_it(self, walk):
        begun = walk().begin()
        self.kept_elsewhere(begun)
        begun.get(begun.path)
        asked = [question.id for question in walk_page(begun, 1)]
        data = {"-asked": asked, **begun.hidden}
        begun.client.post(f"{begun.path}unsaved/", data, headers={"hx-request": "true"})
        assert submission().unsaved == {}

    def test_what_this_window_emptied_itself_is_taken_away(self, walk):
        begun = walk().begin().save_page().save_page().save_page()
        begun.get(f"{begun.root}questions/3/")
        begun.save_page(age_years="")
        assert "age_years" not in submission().answers

    def test_the_last_button_counts_where_both_changed_an_answer(self, walk):
        begun = walk().begin()
        first = begun.hidden
        begun.save_page(sexual_change="dont_know")
        asked = [question.id for question in walk_page(begun, 1)]
        begun.post(f"{begun.root}questions/1/", {"-asked": asked, **first, "sexual_change": "long_time"})
        assert submission().answers["sexual_change"] == "long_time"
        assert submission().revisions.get(number=1).changes["sexual_change"] == "dont_know"


class TestASessionThatEnded:
    def lost(self, begun):
        begun.client.cookies.clear()
        return begun

    def test_the_page_is_kept_and_found_again(self, walk):
        begun = walk().begin()
        data = {**page_data(begun.asked, begun.answers), **begun.hidden, "sexual_change": "long_time"}
        session = begun.client.cookies["sessionid"].value
        self.lost(begun).post(begun.path, data)
        assert begun.path == begun.root
        assert "What you filled in on the last page is kept." in begun.html
        assert submission().answers == {}
        begun.client.cookies["sessionid"] = session
        begun.get(f"{begun.root}questions/1/")
        assert 'value="long_time" id="q-sexual_change_2" checked' in begun.html

    def test_the_script_keeps_it_too(self, walk):
        begun = walk().begin()
        data = {**page_data(begun.asked, begun.answers), **begun.hidden, "sexual_change": "long_time"}
        answer = self.lost(begun).client.post(f"{begun.path}unsaved/", data, headers={"hx-request": "true"})
        assert (answer.status_code, answer.content) == (204, b"")
        assert submission().unsaved["sexual_change"]["answer"] == "long_time"

    def test_it_never_gets_among_the_answers_of_the_next_person(self, walk):
        first = walk().begin()
        page, hidden = first.path, first.hidden
        second = walk().begin()
        data = {**page_data(first.asked, first.answers), **hidden, "sexual_change": "long_time"}
        second.post(page, data)
        mine, theirs = Submission.objects.order_by("started_at")
        assert (mine.unsaved["sexual_change"]["answer"], theirs.unsaved, theirs.answers) == ("long_time", {}, {})

    def test_a_mark_of_a_link_that_was_replaced_keeps_nothing(self, walk):
        begun = walk().begin()
        data = {**page_data(begun.asked, begun.answers), **begun.hidden, "sexual_change": "long_time"}
        WayBack.objects.update(link_number=2)
        self.lost(begun).post(begun.path, data)
        assert submission().unsaved == {}

    @pytest.mark.parametrize("mark", ["", "x", "WyJhIl0:1abc:def", "\x00"])
    def test_a_forged_mark_keeps_nothing(self, walk, mark):
        begun = walk().begin()
        data = {**page_data(begun.asked, begun.answers), **begun.hidden, "-whose": mark}
        assert self.lost(begun).client.post(begun.path, data).status_code == 302
        assert (submission().unsaved, submission().answers) == ({}, {})


def walk_page(begun, number):
    return [question for question in plan(begun.ruleset).page(number).questions if question.show_if is None]


def test_forms_need_their_token(walk, site):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    begun = walk()
    begun.client = strict
    assert begun.post(begun.root, {"phone": ""}).status_code == 403
    assert not Submission.objects.exists()


@pytest.mark.parametrize("name", ["", "questions/1/", "check/", "about-you/", "emergency/"])
def test_pages_are_kept_by_no_browser(walk, name):
    begun = walk().begin()
    assert "no-store" in begun.client.get(begun.root + name)["Cache-Control"]


def test_what_was_understood_stands_on_the_check_page(walk):
    begun = walk().begin().answer_everything()
    begun.get(f"{begun.root}questions/3/")
    begun.save_page(age_years="about 45")
    assert begun.is_at("check")
    assert "about 45" in begun.html
    assert "We understood: 45 years" in begun.html
    assert submission().answers["age_years"] == 45


def test_every_page_is_light(walk):
    """Its own bytes, not even packed; scripts and styles are loaded once."""
    begun = walk({**WEAK, "prev_spine_surgery": "yes", "walking_limit": "yes"}).begin()
    weights = {}
    while begun.path.startswith(f"{begun.root}questions/"):
        weights[begun.path] = len(begun.page.content)
        begun.save_page()
    assert len(weights) == 10
    assert max(weights.values()) < 26_000, weights
