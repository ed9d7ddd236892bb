"""While the database takes nothing, whoever needs help now still reads what to do, with the number to call."""

import pytest
from django.db import connection

from screening.actions import hurrying
from screening.models import CallBack, Submission
from tests.factories.locks import locked
from tests.intake_walk import page_data

from .conftest import NUMB, READY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(hurrying, "SECONDS", 0.2)


def test_an_emergency_that_cannot_be_saved_shows_the_page_and_is_saved_when_sent_again(walk):
    begun = walk(NUMB).begin()
    data = {**page_data(begun.asked, NUMB), **begun.hidden}
    with locked():
        response = begun.client.post(begun.path, data)
    html = response.content.decode()
    assert response.status_code == 503
    assert 'href="tel:112"' in html
    assert "We could not save that" in html
    assert "What to say on the phone" in html
    assert "squeezed nerves" in html
    assert begun.ruleset.question("saddle_numbness").text in html
    assert '<input type="hidden" name="saddle_numbness" value="yes">' in html
    assert "Leave us your number" not in html
    assert Submission.objects.get().answers == {}
    begun.post(begun.path, data)
    assert begun.is_at("emergency")
    assert CallBack.objects.get().submission.answers["saddle_numbness"] == "yes"


def test_with_htmx_it_takes_the_place_of_the_page(walk):
    begun = walk(NUMB).begin()
    with locked():
        response = begun.client.post(
            begun.path, {**page_data(begun.asked, NUMB), **begun.hidden}, headers={"HX-Request": "true"}
        )
    assert response.status_code == 200
    assert response.headers["HX-Retarget"] == "body"
    assert 'href="tel:112"' in response.content.decode()


def test_the_emergency_page_is_shown_and_says_that_what_was_told_is_not_kept(walk):
    begun = walk(NUMB).begin().save_page()
    with locked():
        assert 'href="tel:112"' in begun.get(begun.path).content.decode()
        for button in ("called", "cannot_call", "mistake", "keep"):
            response = begun.client.post(begun.path, {"do": button, "phone": "020 7946 0111"})
            html = response.content.decode()
            assert response.status_code == 503
            assert 'href="tel:112"' in html
            assert "We could not save that" in html
            assert 'value="020 7946 0111"' in html
            assert "You told us that" not in html
        # PostgreSQL can still keep what was typed with the session, and says what to do about it.
        response = begun.client.post(begun.path, {"do": "keep", "phone": "soon"}, follow=True)
        assert 'href="tel:112"' in response.content.decode()
        assert response.status_code == 503 or "Enter a telephone number" in response.content.decode()
    begun.post(begun.path, {"do": "called", "phone": "020 7946 0111"})
    assert "You told us that you have called" in begun.html
    assert Submission.objects.get().call_back_phone == "020 7946 0111"


def test_the_usual_patience_comes_back(walk):
    walk(NUMB).begin().save_page()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
        assert str(cursor.fetchone()[0]) in {"20000", "0"}


def test_other_answers_that_cannot_be_saved_are_no_emergency(walk, monkeypatch):
    from screening.actions import intake
    from screening.intake.views import questions

    begun = walk(READY).begin()

    def fail(**_):
        from django.db import OperationalError

        raise OperationalError("database is locked")

    monkeypatch.setattr(questions.intake, "save_step", fail)
    assert questions.intake is intake
    begun.client.raise_request_exception = False
    response = begun.client.post(begun.path, {**page_data(begun.asked, READY), **begun.hidden})
    assert response.status_code == 500
    assert "tel:112" not in response.content.decode()


def test_nobody_waits_long_for_the_database_on_the_emergency_page():
    with hurrying.hurried(0.5), connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
        assert str(cursor.fetchone()[0]) in {"500", "500ms"}
