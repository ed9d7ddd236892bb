"""What is asked now, and what is still open."""

import pytest

from screening.intake.asking import Asking
from screening.intake.entry import NOTHING
from tests.factories import tiny_document, tiny_ruleset


@pytest.fixture
def ruleset():
    """`detail` waits for `weeks`, which may be left out."""
    questions = [question for question in tiny_document()["questions"] if question["id"] != "notes"]
    detail = {"id": "detail", "section": "you", "audience": "patient", "type": "yes_no", "text": "Detail?"}
    return tiny_ruleset(questions=[*questions, {**detail, "show_if": "weeks > 6 or wish = 'other'"}])


def test_a_question_that_waits_is_not_asked_yet(ruleset):
    assert "detail" not in Asking(ruleset, {}, {}).asked
    assert "detail" not in Asking(ruleset, {"wish": "surgery"}, {}).asked
    assert "detail" in Asking(ruleset, {"wish": "other"}, {}).asked
    assert "detail" in Asking(ruleset, {"wish": "surgery", "weeks": 8}, {}).asked


def test_what_is_left_out_is_waited_for_no_longer(ruleset):
    answers = {"wish": "surgery"}
    assert Asking(ruleset, answers, {}).case.undetermined == ("detail",)
    left_out = Asking(ruleset, answers, {"weeks": NOTHING, "tried": NOTHING})
    assert left_out.case.undetermined == ()
    assert "detail" not in left_out.asked
    assert {question.id for question in left_out.open_questions} == {"numb", "chest", "fever", "age_years"}


def test_only_what_may_be_left_out_can_be(ruleset):
    asking = Asking(ruleset, {}, {"age_years": NOTHING})
    age = ruleset.question("age_years")
    assert asking.is_open(age)
    assert asking.problems([age]) == {"age_years": "Enter a number of years, like 45, or “I don't know”."}


def test_what_was_never_seen_is_open_but_no_problem(ruleset):
    asking = Asking(ruleset, {}, {})
    assert asking.problems(asking.open_questions) == {}
    assert asking.first_open_page.number == 1


def test_clinicians_and_the_programs_own_questions_are_never_asked(ruleset):
    assert not {"grade", "scan_notes", "alarm_withdrawn"} & Asking(ruleset, {}, {}).asked


def test_questions_that_came_to_a_saved_page(ruleset):
    answers = {"numb": "no", "chest": "no", "fever": "no", "age_years": 45, "wish": "other"}
    asking = Asking(ruleset, answers, {"weeks": NOTHING, "tried": NOTHING})
    page = asking.plan.page_of("detail")
    assert [question.id for question in asking.appeared(page)] == ["detail"]
    assert asking.appeared(asking.plan.pages[0]) == ()


def test_an_answer_that_does_not_count_is_open(ruleset):
    asking = Asking(ruleset, {"tried": ["pills", "none"]}, {})
    tried = ruleset.question("tried")
    assert asking.is_open(tried)
    assert "Untick" in asking.problems([tried])["tried"]
