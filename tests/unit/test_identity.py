"""Who a patient says they are: what is accepted, and what they are told to do about the rest."""

from datetime import date, timedelta

import pytest

from screening.actions.identity import age_on, check_identity
from screening.exceptions import FieldErrors
from tests.factories import CALM, identity, save_page, started

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def errors_of(submission, **changes):
    try:
        check_identity(identity(**changes), submission, TODAY)
    except FieldErrors as error:
        return error.fields
    return {}


@pytest.fixture
def at_45(time_machine):
    """A submission whose age, 45, was answered today."""
    time_machine.move_to(f"{TODAY}T10:00:00Z", tick=False)
    return save_page(started(), {**CALM, "age_years": 45}).submission


@pytest.mark.parametrize(
    ("born", "agrees"),
    [
        (date(1981, 11, 20), True),  # 45 today
        (date(1981, 1, 5), True),  # 45 since January
        (date(1981, 12, 1), True),  # 45 in eleven days
        (date(1980, 11, 2), True),  # 46 for eighteen days
        (date(1981, 12, 31), False),  # 45 only in six weeks
        (date(1980, 10, 1), False),  # 46 for seven weeks
        (date(1971, 11, 20), False),
        (date(1991, 11, 20), False),
    ],
)
def test_the_date_of_birth_agrees_with_the_age_within_a_month_of_a_birthday(at_45, born, agrees):
    assert ("date_of_birth" not in errors_of(at_45, date_of_birth=born)) is agrees


def test_a_disagreement_says_both_ages(at_45):
    message = errors_of(at_45, date_of_birth=date(1971, 1, 1))["date_of_birth"]
    assert "55" in message
    assert "45" in message


def test_the_age_counts_on_the_day_it_was_answered(at_45):
    # 45 then; half a year later the same person is 46 and the answer is still right.
    born = date(1981, 3, 1)
    later = TODAY + timedelta(days=200)
    check_identity(identity(date_of_birth=born), at_45, later)
    assert age_on(later, born) == 46


@pytest.mark.parametrize("answer", ["dont_know", None])
def test_without_an_age_any_date_of_birth_agrees(answer):
    submission = save_page(started(), {**CALM, "age_years": answer}).submission
    assert errors_of(submission, date_of_birth=date(1950, 1, 1)) == {}


@pytest.mark.parametrize("born", [date(2027, 1, 1), date(1880, 1, 1), date(1, 1, 1)])
def test_nobody_is_born_in_the_future_or_in_another_age(born):
    assert "date_of_birth" in errors_of(started(), date_of_birth=born)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"name": "  "}, {"name"}),
        ({"email": "", "contact_way": "phone"}, set()),
        ({"phone": "", "contact_way": "email"}, set()),
        ({"phone": "", "contact_way": "phone"}, {"phone"}),
        ({"email": "", "contact_way": "email"}, {"email"}),
        ({"phone": "", "contact_way": "either"}, set()),
        ({"phone": "", "email": "", "contact_way": "either"}, {"phone"}),
        ({"phone": "call me"}, {"phone"}),
        ({"phone": "+49 (0)30 / 901-820"}, set()),
        ({"email": "maria@example"}, {"email"}),
        ({"email": "maria @example.com"}, {"email"}),
        ({"contact_way": "pigeon"}, {"contact_way"}),
        ({"name": "", "email": "x", "date_of_birth": date(2030, 1, 1)}, {"name", "email", "date_of_birth"}),
    ],
)
def test_every_wrong_field_is_named_at_once(changes, wrong):
    assert set(errors_of(started(), **changes)) == wrong


@pytest.mark.parametrize(("born", "age"), [(date(2000, 2, 29), 26), (date(2000, 11, 20), 26), (date(2000, 11, 21), 25)])
def test_age_in_whole_years(born, age):
    assert age_on(TODAY, born) == age
