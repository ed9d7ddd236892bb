"""What people type into number fields."""

import pytest
from django.utils.translation import override

from screening.forms.numbers import NotUnderstood, Typed, read_number
from screening.rules.ruleset import Question

COMMON = {"section": "you", "audience": "patient", "type": "number", "text": "?"}
AGE = Question(id="age", unit="years", min=0, max=120, integer=True, **COMMON)
HEIGHT = Question(id="height", unit="cm", min=100, max=230, entry_units=["cm", "ft_in"], **COMMON)
WEIGHT = Question(id="weight", unit="kg", min=25, max=300, entry_units=["kg", "lb", "st_lb"], **COMMON)
WEEKS = Question(id="weeks", unit="weeks", min=0, max=4000, entry_units=["days", "weeks", "months", "years"], **COMMON)
DAYS = Question(id="days", unit="days", min=0, max=4000, integer=True, entry_units=["days", "weeks"], **COMMON)
AXIS = Question(id="axis", unit="cm", min=-15, max=40, **COMMON)


def read(question, text, unit=""):
    return read_number(question, [text], unit)


@pytest.mark.parametrize(
    ("question", "text", "unit", "value"),
    [
        (AGE, "45", "years", 45),
        (AGE, " 45 years ", "years", 45),
        (AGE, "45y", "years", 45),
        (AGE, "45 years old", "years", 45),
        (AGE, "about 45", "years", 45),
        (AGE, "~45", "years", 45),
        (AGE, "45.0", "years", 45),
        (HEIGHT, "180,5", "cm", 180.5),
        (HEIGHT, "5 ft 11", "cm", 180.3),
        (HEIGHT, "5'11", "cm", 180.3),
        (HEIGHT, "5'11\"", "ft_in", 180.3),
        (HEIGHT, "5’ 11”", "ft_in", 180.3),
        (HEIGHT, "5ft11in", "ft_in", 180.3),
        (HEIGHT, "5", "ft_in", 152.4),
        (HEIGHT, "1,80 m", "cm", 180),
        (HEIGHT, "1.80", "cm", 180),
        (HEIGHT, "1m80", "cm", 180),
        (HEIGHT, "180 cm", "ft_in", 180),
        (WEIGHT, "80kg", "lb", 80),
        (WEIGHT, "12 stone 3", "kg", 77.6),
        (WEIGHT, "170 lbs", "kg", 77.1),
        (WEEKS, "3", "months", 13),
        (WEEKS, "3 months", "weeks", 13),
        (WEEKS, "three months", "weeks", 13),
        (WEEKS, "about 3 months", "weeks", 13),
        (WEEKS, "a year", "weeks", 52),
        (WEEKS, "1 year 6 months", "weeks", 78),
        (WEEKS, "1 year and 6 months", "weeks", 78),
        (WEEKS, "2y", "weeks", 104),
        (WEEKS, "1½", "weeks", 1.5),
        (WEEKS, "1 ½ years", "weeks", 78),
        (WEEKS, "4,000", "weeks", 4000),
        (WEEKS, "1 500", "weeks", 1500),
        (WEEKS, "1'500", "weeks", 1500),
        (WEEKS, ".5", "weeks", 0.5),
        (WEEKS, "unos 3 meses", "weeks", 13),
        (WEEKS, "1 año y 6 meses", "weeks", 78),
        (DAYS, "1.5", "weeks", 10),
        (AXIS, "−4.5", "cm", -4.5),
        (AXIS, "-4.5 cm", "cm", -4.5),
    ],
)
def test_understood(question, text, unit, value):
    assert read(question, text, unit).value == value


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        (AGE, "old", "Enter a number of years, like 45."),
        (AGE, "", "Enter a number of years"),
        (AGE, "45 cats", "Enter a number of years"),
        (AGE, "45 or 46", "Enter a number of years"),
        (AGE, "45 46", "Enter a number from 0 to 120 years."),
        (AGE, "121", "Enter a number from 0 to 120 years."),
        (AGE, "-1", "Enter a number from 0 to 120 years."),
        (AGE, "45.5", "Enter a whole number of years, like 45."),
        (AGE, "1" * 400, "Enter a number of years"),
        (AGE, "1e3", "Enter a number of years"),
        (AGE, "nan", "Enter a number of years"),
        (AGE, "<script>45", "Enter a number of years"),
        (AGE, "3-4", "Enter a number of years"),
        (WEEKS, "1 year 6", "Enter a number of weeks"),
        (HEIGHT, "18", "Enter a number from 100 to 230 centimetres."),
    ],
)
def test_not_understood_says_what_to_enter(question, text, words):
    with pytest.raises(NotUnderstood) as told:
        read(question, text)
    assert told.value.words.startswith(words)


def test_nobody_is_taken_for_six_foot_by_a_decimal():
    """5.11 may be five foot eleven or a little over five foot one."""
    with pytest.raises(NotUnderstood):
        read(HEIGHT, "5.11", "ft_in")


@pytest.mark.parametrize(
    ("question", "text", "unit", "words"),
    [
        (WEEKS, "3 months", "weeks", "13 weeks"),
        (WEEKS, "about 12", "weeks", "12 weeks"),
        (WEEKS, "1,500", "weeks", "1,500 weeks"),
        (WEEKS, "7 days", "weeks", "1 week"),
        (HEIGHT, "5'11", "cm", "180.3 centimetres"),
        (AGE, "4 5", "years", "45 years"),
    ],
)
def test_what_was_understood_is_told(question, text, unit, words):
    found = read(question, text, unit)
    assert not found.is_plain
    assert found.words(question) == words


@pytest.mark.parametrize(("question", "text"), [(AGE, "45"), (WEEKS, "1.5"), (HEIGHT, " 180,5 ")])
def test_what_just_stands_there_needs_no_telling(question, text):
    assert read(question, text).is_plain


def test_marks_of_thousands_are_those_of_the_language():
    with override("es"):
        assert read(WEEKS, "1.500").value == 1500
        assert read(WEEKS, "1,5").value == 1.5
    assert read(WEEKS, "1,500").value == 1500
    assert read(WEEKS, "1.5").value == 1.5


@pytest.mark.parametrize(
    ("parts", "unit", "words"),
    [
        (("3",), "months", "3 months"),
        (("5", "11"), "ft_in", "5 feet 11 inches"),
        (("12", "3"), "st_lb", "12 stones 3 pounds"),
        (("about 3 months",), "months", "about 3 months"),
    ],
)
def test_what_was_typed_in_words(parts, unit, words):
    assert Typed(parts, unit).words == words
