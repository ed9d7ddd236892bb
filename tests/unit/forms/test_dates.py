"""Dates as people type them: understood, or asked about."""

from datetime import date

import pytest
from django.utils.translation import override

from screening.forms.dates import is_plain, read_date
from screening.forms.numbers import NotUnderstood

TODAY = date(2026, 11, 20)
BIRTH = date(1980, 5, 17)


@pytest.mark.parametrize(
    "parts",
    [
        ("17", "5", "1980"),
        ("17", "05", "80"),
        ("17", "May", "1980"),
        ("5", "17", "1980"),
        ("17/5/80", "", ""),
        ("17.5.1980", "", ""),
        ("17-05-1980",),
        ("17 May 1980",),
        ("17th of May, 1980",),
        ("May 17 1980",),
        ("17 may. 80",),
        ("5.17.1980",),
        ("1980-05-17",),
        ("17051980",),
        ("", "", "17 5 1980"),
        ("17", "5 80", ""),
        ("１７", "٥", "1980"),
    ],
)
def test_understood(parts):
    assert read_date(parts, today=TODAY) == BIRTH


def test_months_in_the_patients_language_and_in_english():
    with override("es"):
        assert read_date(["17 de mayo de 1980"], today=TODAY) == BIRTH
        assert read_date(["17", "May", "1980"], today=TODAY) == BIRTH
        assert read_date(["1 ene 1980"], today=TODAY) == date(1980, 1, 1)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("5/6/1980",), "Is that 5 June or 6 May? Write the month as a word."),
        (("05061980",), "Is that 5 June or 6 May?"),
        (("4", "12", "15"), "Enter the year with four digits, like 1980."),
        (("31", "2", "2024"), "There is no such day."),
        (("29", "2", "1900"), "There is no such day."),
        (("17 Ma 1980",), "Enter the day, the month and the year"),
        (("17", "", "1980"), "Enter the day, the month and the year"),
        (("forty",), "Enter the day"),
        (("17/5/1980/3",), "Enter the day"),
        (("9" * 400,), "Enter the day"),
        (("<b>17 5 1980",), "Enter the day"),
    ],
)
def test_asked_about(parts, words):
    with pytest.raises(NotUnderstood) as told:
        read_date(parts, today=TODAY)
    assert told.value.words.startswith(words)


def test_in_named_boxes_the_day_is_the_day():
    assert read_date(["5", "6", "1980"], today=TODAY) == date(1980, 6, 5)


def test_a_year_of_two_digits_lies_behind_us():
    assert read_date(["4 Dec 99"], today=TODAY) == date(1999, 12, 4)
    assert read_date(["29 Feb 80"], today=TODAY) == date(1980, 2, 29)


def test_only_what_stands_there_plainly_needs_no_telling():
    assert is_plain(["17", "05", "1980"], BIRTH)
    assert not is_plain(["5", "17", "1980"], BIRTH)
    assert not is_plain(["17/5/80", "", ""], BIRTH)
