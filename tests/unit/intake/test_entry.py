"""From boxes to answers: what people type is understood where it can be, and told what to do where it cannot."""

import pytest
from django.http import QueryDict

from screening.forms import body
from screening.intake.entry import read_sent, read_stored, understood
from screening.rules.ruleset import Question
from screening.rulesets import load, shipped

AGE = {"type": "number", "unit": "years", "min": 0, "max": 120, "integer": True, "dont_know": "I don't know"}
WEEKS = {"type": "number", "unit": "weeks", "min": 0, "max": 4000, "entry_units": ["days", "weeks", "months", "years"]}
HEIGHT = {"type": "number", "unit": "cm", "min": 100, "max": 230, "entry_units": ["cm", "ft_in"]}
DAYS = {"type": "number", "unit": "days", "min": 0, "max": 4000, "integer": True, "entry_units": ["days", "weeks"]}
PAIN = {"type": "number", "unit": "out of 10", "min": 0, "max": 10, "integer": True, "dont_know": "I don't know"}
TICKS = {
    "type": "multiple",
    "dont_know": "Not sure",
    "choices": [{"value": value, "label": value.title()} for value in ("pills", "gym", "none")],
}


def question(**more):
    return Question.model_validate({"id": "q", "section": "s", "audience": "patient", "text": "Q?", **more})


def sent(*pairs, **more):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    return read_sent(question(**more), data)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("45", 45),
        (" 45 ", 45),
        ("45.0", 45),
        ("45,0", 45),
        ("4 5", 45),
        ("0", 0),
        ("120", 120),
        ("４５", 45),
        ("٤٥", 45),
    ],
)
def test_ages_as_people_type_them(typed, answer):
    assert sent(("q", typed), **AGE).answer == answer


@pytest.mark.parametrize(
    "typed", ["forty", "45 cats", "--4", "4-5", "1e2", "nan", "inf", "0x1F", "1_0", "9" * 400, "😀"]
)
def test_what_is_no_number_is_told_how_to_enter_one(typed):
    entry = sent(("q", typed), **AGE)
    assert entry.answer is None
    assert entry.problem == "Enter a number of years, like 45."
    assert entry.typed["parts"] == [typed]


@pytest.mark.parametrize(
    ("typed", "told"), [("45", ""), ("45y", "45 years"), ("about 45", "45 years"), ("4 5", "45 years")]
)
def test_what_was_read_into_an_answer_is_told(typed, told):
    assert sent(("q", typed), **AGE).understood == told


def test_a_unit_that_was_written_stands_chosen_afterwards():
    entry = sent(("q", "3 months"), ("q-unit", "weeks"), **WEEKS)
    assert (entry.answer, entry.understood) == (13, "13 weeks")
    assert entry.typed == {"parts": ["3 months"], "unit": "months"}
    assert understood(question(**WEEKS), entry.answer, entry.typed) == "13 weeks"
    assert understood(question(**WEEKS), 14, entry.typed) == ""


@pytest.mark.parametrize("typed", ["-1", "121", "1,000", "99999999999999"])
def test_out_of_range_is_told_in_words(typed):
    assert sent(("q", typed), **AGE).problem == "Enter a number from 0 to 120 years."


def test_half_a_year_of_age_asks_for_a_whole_number():
    assert sent(("q", "45,5"), **AGE).problem == "Enter a whole number of years, like 45."


@pytest.mark.parametrize(
    ("typed", "unit", "answer"),
    [
        ("3", "months", 13),
        ("1,5", "weeks", 1.5),
        ("1.5", "years", 78),
        ("10", "days", 1.4),
        ("1,500", "weeks", 1500),
        ("1 500", "weeks", 1500),
        ("1’500", "weeks", 1500),
    ],
)
def test_numbers_in_other_units(typed, unit, answer):
    entry = sent(("q", typed), ("q-unit", unit), **WEEKS)
    assert entry.answer == answer
    assert entry.typed == {"parts": [typed], "unit": unit}


def test_too_much_in_another_unit_speaks_of_the_unit():
    problem = sent(("q", "100"), ("q-unit", "years"), **WEEKS).problem
    assert problem == "Enter a number from 0 to 4,000 weeks. Check the number and the unit."


def test_a_converted_number_need_not_come_out_even():
    assert sent(("q", "1.5"), ("q-unit", "weeks"), **DAYS).answer == 10
    assert "whole number" in sent(("q", "1.5"), ("q-unit", "days"), **DAYS).problem


@pytest.mark.parametrize(("first", "second", "answer"), [("5", "11", 180.3), ("6", "", 182.9), ("5", "10,5", 179.1)])
def test_feet_and_inches(first, second, answer):
    assert sent(("q", first), ("q-2", second), ("q-unit", "ft_in"), **HEIGHT).answer == answer


def test_inches_without_feet():
    problem = sent(("q", ""), ("q-2", "70"), ("q-unit", "ft_in"), **HEIGHT).problem
    assert problem == "Enter the feet in the first box and the inches in the second."


def test_what_to_do_is_said_in_the_unit_that_was_chosen():
    assert "inches in the second" in sent(("q", "5"), ("q-2", "x"), ("q-unit", "ft_in"), **HEIGHT).problem
    assert sent(("q", "x"), ("q-unit", "months"), **WEEKS).problem == "Enter a number of months, like 6."
    assert sent(("q", "x"), ("q-unit", "weeks"), **WEEKS).problem == "Enter a number of weeks, like 45."


def test_the_second_box_counts_only_with_its_unit():
    assert sent(("q", "180"), ("q-2", "11"), ("q-unit", "cm"), **HEIGHT).answer == 180


def test_do_not_know_beside_a_number():
    assert sent(("q", ""), ("q-dont_know", "on"), **AGE).answer == "dont_know"
    entry = sent(("q", "45"), ("q-dont_know", "on"), **AGE)
    assert (entry.answer, entry.problem) == (None, "You wrote “45” and ticked “I don't know”. Keep one of them.")
    assert entry.typed == {"parts": ["45"], "dont_know": True}
    # Where it is not offered, a forged tick counts for nothing.
    assert sent(("q", "7"), ("q-dont_know", "on"), **WEEKS).answer == 7


@pytest.mark.parametrize(("code", "answer"), [("0", 0), ("10", 10), ("dont_know", "dont_know")])
def test_scales(code, answer):
    assert sent(("q", code), **PAIN).answer == answer


@pytest.mark.parametrize("code", ["11", "-1", "5.5", "x", "²"])
def test_a_scale_takes_its_eleven_numbers_only(code):
    entry = sent(("q", code), **PAIN)
    assert entry.answer is None
    assert entry.problem


def test_ticks_keep_the_order_of_the_question():
    assert sent(("q", "gym"), ("q", "pills"), **TICKS).answer == ["pills", "gym"]
    assert sent(("q", "pills"), ("q", "pills"), **TICKS).answer == ["pills"]
    assert sent(("q", "pills"), ("q", "dont_know"), **TICKS).answer == ["pills", "dont_know"]


def test_none_beside_something_else():
    entry = sent(("q", "none"), ("q", "pills"), **TICKS)
    assert entry.problem == "You ticked “Pills” and “None”. Untick what does not fit."
    # Kept as it is: what it says of alarms counts at once.
    assert entry.answer == ["pills", "none"]
    assert read_stored(question(**TICKS), entry.answer, None).problem == entry.problem


def test_unknown_codes_are_no_answer():
    assert sent(("q", "bogus"), **TICKS).answer is None
    assert sent(("q", "bogus"), **TICKS).problem
    single = {"type": "single", "choices": [{"value": "a", "label": "A"}]}
    assert (sent(("q", "b"), **single).answer, sent(("q", "a"), **single).answer) == (None, "a")
    assert sent(("q", "dont_know"), **single).answer is None


@pytest.mark.parametrize(
    ("day", "month", "year", "answer"),
    [("4", "12", "1980", "1980-12-04"), ("04", "1", "2024", "2024-01-04"), ("29", "2", "2024", "2024-02-29")],
)
def test_dates(day, month, year, answer):
    assert sent(("q", day), ("q-2", month), ("q-3", year), type="date").answer == answer


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "2", "2024", "There is no such day"),
        ("4", "12", "15", "four digits"),
        ("4", "", "1980", "the day, the month and the year"),
        ("4", "Xyz", "1980", "the day, the month and the year"),
        ("4", "12", "99999", "four digits"),
    ],
)
def test_dates_that_cannot_be(day, month, year, words):
    entry = sent(("q", day), ("q-2", month), ("q-3", year), type="date")
    assert words in entry.problem
    assert entry.typed["parts"] == [day, month, year]


def test_texts():
    assert sent(("q", "  to dance 💃\r\nagain "), type="text").answer == "to dance 💃\nagain"
    assert sent(("q", "x" * 2000), type="text").answer == "x" * 2000


def test_a_text_that_is_too_long_is_not_lost():
    entry = sent(("q", "é" * 11_000), type="text")
    assert entry.answer is None
    assert entry.problem == "Your text has 11,000 characters. Make it 2,000 or shorter."
    assert entry.typed["parts"] == ["é" * 11_000]
    assert read_stored(question(type="text"), None, entry.typed).problem == entry.problem


def test_line_ends_count_once():
    assert sent(("q", "a\r\n" * 1000), type="text").problem == ""


def test_the_word_of_the_program_itself_is_no_text():
    assert sent(("q", "dont_know"), type="text").problem == "Write this in other words, please."


def test_nothing_at_all_is_remembered_as_asked():
    for kind in (AGE, PAIN, TICKS, {"type": "text"}, {"type": "yes_no"}):
        entry = sent(**kind)
        assert (entry.answer, entry.problem) == (None, "")
        assert not any(entry.typed["parts"])


SITES = {
    "type": "single",
    "dont_know": "I don't know",
    "choices": [
        {"value": "lower_back", "label": "Lower back, bottom or legs"},
        {"value": "mid_back", "label": "Middle of the back"},
        {"value": "neck_only", "label": "Only neck or arms"},
        {"value": "all_over", "label": "Most parts of my body"},
    ],
}


@pytest.mark.parametrize(
    ("ticked", "answer"),
    [
        (["lower_back"], "lower_back"),
        (["left_buttock"], "lower_back"),
        (["right_foot"], "lower_back"),
        (["neck", "left_arm", "left_foot"], "lower_back"),
        (["mid_back", "neck"], "mid_back"),
        (["neck"], "neck_only"),
        (["left_arm", "right_arm"], "neck_only"),
        (["all_over"], "all_over"),
        (["all_over", "neck"], "all_over"),
    ],
)
def test_areas_of_the_body_become_the_choice_they_stand_for(ticked, answer):
    entry = sent(*(("q", code) for code in ticked), **SITES)
    assert entry.answer == answer
    assert sorted(entry.typed["areas"]) == sorted(ticked)
    assert read_stored(question(**SITES), entry.answer, entry.typed).problem == ""


def test_every_area_stands_for_a_choice_of_the_shipped_question():
    asked = load(shipped("lumbar-miss")).question("pain_site")
    assert body.has_picture(asked)
    assert {body.choice_of([code]) for code in body.codes(asked)} == set(asked.codes)


def test_not_knowing_where_and_ticking_a_place_contradict_each_other():
    assert sent(("q", "dont_know"), **SITES).answer == "dont_know"
    entry = sent(("q", "neck"), ("q", "dont_know"), **SITES)
    assert entry.answer is None
    assert entry.problem == "You ticked “Neck” and “I don't know”. Untick what does not fit."
    assert read_stored(question(**SITES), None, entry.typed).problem == entry.problem


def test_forged_areas_are_no_answer():
    assert sent(("q", "soul"), **SITES).answer is None
    assert sent(("q", "soul"), ("q", "neck"), **SITES).typed == {"areas": ["neck"]}


def test_a_question_with_other_choices_has_no_picture():
    fewer = {**SITES, "choices": SITES["choices"][:3]}
    assert not body.has_picture(question(**fewer))
    assert sent(("q", "neck_only"), **fewer).answer == "neck_only"
