"""What people type into number fields."""

import pytest

from screening.forms.numbers import NotUnderstood, understand, value_of
from screening.rules.ruleset import Question

COMMON = {"section": "you", "audience": "patient", "type": "number", "text": "?"}
AGE = Question(id="age", unit="years", min=0, max=120, integer=True, **COMMON)
HEIGHT = Question(id="height", unit="cm", min=100, max=230, entry_units=["cm", "ft_in"], **COMMON)
WEIGHT = Question(id="weight", unit="kg", min=25, max=300, entry_units=["kg", "lb", "st_lb"], **COMMON)
WEEKS = Question(id="weeks", unit="weeks", min=0, max=4000, entry_units=["days", "weeks", "months", "years"], **COMMON)
DAYS = Question(id="days", unit="days", min=0, max=4000, integer=True, entry_units=["days", "weeks"], **COMMON)
AXIS = Question(id="axis", unit="cm", min=-15, max=40, **COMMON)


@pytest.mark.parametrize(
    ("question", "text", "unit", "value"),
    [
        (AGE, "45", "years", 45),
        (AGE, " 45 years ", "years", 45),
        (AGE, "45.0", "years", 45),
        (HEIGHT, "180,5", "cm", 180.5),
        (HEIGHT, "5 ft 11", "cm", 180.3),
        (HEIGHT, "5'11\"", "ft_in", 180.3),
        (HEIGHT, "5", "ft_in", 152.4),
        (WEIGHT, "12 stone 3", "kg", 77.6),
        (WEIGHT, "170 lbs", "kg", 77.1),
        (WEEKS, "3", "months", 13),
        (WEEKS, "3 months", "weeks", 13),
        (WEEKS, "1 year", "weeks", 52),
        (WEEKS, "4,000", "weeks", 4000),
        (WEEKS, ".5", "weeks", 0.5),
        (DAYS, "1.5", "weeks", 10),
        (AXIS, "−4.5", "cm", -4.5),
        (AXIS, "-4.5 cm", "cm", -4.5),
    ],
)
def test_understood(question, text, unit, value):
    assert value_of(question, understand(question, text, unit)) == value


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        (AGE, "old", "Enter a number from 0 to 120 (years)."),
        (AGE, "", "Enter a number"),
        (AGE, "45 cats", "Enter a number"),
        (AGE, "45 46", "Enter a number"),
        (AGE, "121", "Enter a number from 0 to 120"),
        (AGE, "-1", "Enter a number from 0 to 120"),
        (AGE, "45.5", "Enter a whole number, like 45."),
        (AGE, "1" * 400, "Enter a number"),
        (AGE, "1e3", "Enter a number"),
        (AGE, "nan", "Enter a number"),
        (AGE, "<script>45", "Enter a number"),
    ],
)
def test_not_understood_says_what_to_enter(question, text, words):
    with pytest.raises(NotUnderstood, match="^" + words.replace("(", r"\(").replace(")", r"\)")):
        value_of(question, understand(question, text, question.unit))


@pytest.mark.parametrize(
    ("question", "text", "unit", "words"),
    [
        (WEEKS, "3", "months", "3 months"),
        (HEIGHT, "5 11", "ft_in", "5 ft 11 in"),
        (WEIGHT, "12 3", "st_lb", "12 st 3 lb"),
    ],
)
def test_what_was_understood_in_words(question, text, unit, words):
    assert understand(question, text, unit).words == words
