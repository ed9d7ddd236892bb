"""Which question stands on which page: for the shipped rule set, and for any other."""

import pytest

from screening.intake.pages import MOST_ON_A_PAGE, plan
from screening.rules.program import program
from screening.rulesets import load, shipped
from tests.factories import tiny_ruleset


@pytest.fixture(scope="module")
def lumbar():
    return load(shipped("lumbar-miss"))


def ids(page):
    return [question.id for question in page.questions]


def section_of(question_id, section="you", **more):
    kind = {"type": "yes_no", "audience": "patient", "text": f"{question_id}?", "dont_know": "I don't know"}
    return {"id": question_id, "section": section, **kind, **more}


def pages_of(*questions, sections=("safety", "you")):
    """The plan of a rule set that asks just these."""
    titles = [{"id": name, "title": name.title()} for name in sections]
    first = section_of("numb", sections[0])
    rules = [{"id": "E1", "title": "E1", "when": "numb = 'yes'", "disposition": "go_now", "clarify_within_hours": 1}]
    return plan(tiny_ruleset(questions=[first, *questions], sections=titles, rules=rules))


def test_every_question_of_a_patient_stands_on_one_page_and_no_other(lumbar):
    placed = [question_id for page in plan(lumbar).pages for question_id in ids(page)]
    asked = [question.id for question in lumbar.questions if question.audience == "patient"]
    assert sorted(placed) == sorted(asked)


def test_safety_comes_first(lumbar):
    pages = plan(lumbar).pages
    safety = {question.id for question in lumbar.questions if question.section == "safety"}
    assert set(ids(pages[0])) | set(ids(pages[1])) == safety - {"alarm_withdrawn"}


def test_no_question_stands_before_one_that_decides_about_it(lumbar):
    run = program(lumbar)
    seen = set()
    patients = {question.id for question in lumbar.questions if question.audience == "patient"}
    for page in plan(lumbar).pages:
        for question in page.questions:
            needs = run.mentions(question.show_if) & patients if question.show_if else set()
            assert needs <= seen, question.id
            seen.add(question.id)


def test_what_an_answer_opens_stands_on_its_page(lumbar):
    first = ids(plan(lumbar).pages[0])
    assert first.index("toilet_detail") == first.index("toilet_change") + 1
    assert {"foot_drop", "foot_drop_when", "weakness_speed", "weak_both_legs"} <= set(first)


def test_steps_are_only_ever_counted_upwards(lumbar):
    made = plan(lumbar)
    steps = [page.step for page in made.pages]
    assert steps == sorted(steps)
    assert steps[-1] == made.steps


def test_a_question_that_an_earlier_step_needs_is_asked_there(lumbar):
    made = plan(lumbar)
    assert made.page_of("surgery_wish").title == made.page_of("height_cm").title == "Your general health"


def test_pages_are_short_and_evenly_filled():
    made = pages_of(*(section_of(f"q{number}") for number in range(13)))
    assert [len(page.questions) for page in made.pages] == [1, 5, 4, 4]


def test_a_group_too_large_for_a_page_is_parted():
    opened = [section_of(f"q{number}", show_if="head = 'yes'") for number in range(9)]
    made = pages_of(section_of("head"), *opened)
    assert all(len(page.questions) <= MOST_ON_A_PAGE for page in made.pages)
    assert ids(made.pages[1])[0] == "head"


def test_a_question_waits_for_the_last_that_decides_about_it():
    """`late` is opened by `head`, and needs `other` as well, which stands after a long group."""
    made = pages_of(
        section_of("late", show_if="child = 'yes' and other = 'yes'"),
        section_of("head"),
        section_of("child", show_if="head = 'yes'"),
        section_of("other"),
    )
    assert ids(made.pages[1]).index("late") == 3


def test_numbers_of_pages_that_do_not_exist(lumbar):
    made = plan(lumbar)
    assert made.page(0) is None
    assert made.page(len(made.pages) + 1) is None
    assert made.page_of("c_mri_date") is None
