"""Plain words for units, numbers and times."""

from datetime import UTC, datetime

import pytest

from screening.intake import words
from screening.intake.views.start import minutes
from screening.models import Site
from screening.rules.ruleset import Question
from screening.rulesets import load, shipped


def question(**more):
    return Question.model_validate({"id": "q", "section": "s", "audience": "patient", "text": "Q?", **more})


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (1, "1 hour"),
        (24, "1 day"),
        (48, "2 days"),
        (72, "3 days"),
        (168, "7 days"),
        (336, "2 weeks"),
        (1008, "6 weeks"),
    ],
)
def test_hours(hours, told):
    assert words.hours_words(hours) == told


def test_moments_are_told_on_the_clinics_clock():
    site = Site(time_zone="America/New_York")
    moment = datetime(2026, 12, 5, 2, 30, tzinfo=UTC)
    assert words.moment_words(site, moment) == "Friday 4 December"
    assert words.clock_words(site, moment) == "21:30 on Friday 4 December"


@pytest.mark.parametrize(
    ("answer", "entered", "told"),
    [
        (14, None, "14 weeks"),
        (1, None, "1 week"),
        (13, {"parts": ["3"], "unit": "months"}, "3 months"),
        (52, {"parts": ["1"], "unit": "years"}, "1 year"),
        (14, {"parts": ["14"], "unit": "weeks"}, "14 weeks"),
        ("dont_know", {"parts": [""]}, "No idea"),
    ],
)
def test_a_number_is_told_as_it_was_typed(answer, entered, told):
    weeks = question(type="number", unit="weeks", entry_units=["weeks", "months", "years"], dont_know="No idea")
    assert words.answer_words(weeks, answer, entered) == told


def test_feet_and_inches_are_told_as_typed():
    height = question(type="number", unit="cm", entry_units=["cm", "ft_in"])
    assert words.answer_words(height, 180.3, {"parts": ["5", "11"], "unit": "ft_in"}) == "5 feet 11 inches"
    assert words.answer_words(height, 182.9, {"parts": ["6", ""], "unit": "ft_in"}) == "6 feet 0 inches"


def test_dates_and_lists():
    assert words.answer_words(question(type="date"), "1980-05-17") == "17 May 1980"
    choices = [{"value": "a", "label": "One"}, {"value": "b", "label": "Two"}]
    assert words.answer_words(question(type="multiple", choices=choices), ["a", "b"]) == "One\nTwo"


def test_every_missing_answer_says_what_to_do():
    choices = [{"value": "a", "label": "One"}]
    kinds = ("yes_no", "single", "multiple", "number", "date", "text")
    for kind in kinds:
        more = {"choices": choices} if kind in ("single", "multiple") else {}
        told = words.missing(question(type=kind, dont_know="Not sure", **more))
        assert told.split()[0] in ("Choose", "Tick", "Enter", "Write")
        assert told.endswith("“Not sure”.")


def test_the_shipped_questions_take_about_ten_minutes():
    assert minutes(load(shipped("lumbar-miss"))) == 10
