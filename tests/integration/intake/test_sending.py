"""Checking, saying who you are, sending once."""

import pytest
from django.utils.html import escape

from screening.models import AuditEvent, Patient, Referral, Submission
from tests.factories import staff
from tests.intake_walk import WHO

from .conftest import NUMB, READY


@pytest.fixture
def checked(walk):
    begun = walk().begin().store_everything()
    assert begun.is_at("check")
    return begun


def test_the_check_page_shows_every_answer_with_a_link_that_names_its_question(checked):
    assert checked.html.count(">Change<") == len(READY) + 2  # two texts were left out
    assert 'questions/3/#q-age_years_question">Change<span class="visually-hidden">: How old are you?' in checked.html
    assert "45 years" in checked.html
    assert "Pain medicine<br>Physical therapy or exercises" in checked.html


def test_what_is_still_open_is_listed_with_links(walk):
    begun = walk().begin().save_page()
    begun.get(f"{begun.root}check/")
    assert "Some questions still need an answer" in begun.html
    assert f'{begun.root}questions/3/#q-age_years_question">How old are you?</a>' in begun.html
    assert "Not answered yet" in begun.html


def test_sending_makes_the_patient_the_assessment_and_the_referral(checked):
    checked.send()
    assert "/r/" in checked.path
    referral = Referral.objects.get()
    assert referral.disposition == "surgeon_miss"
    assert referral.patient.name == "Maria Quintana"
    assert "I agree that Northfield Clinic keeps my answers" in referral.patient.consent_text
    assert referral.submission.status == "submitted"


def test_pressing_send_five_times_makes_one(checked):
    for _ in range(5):
        checked.send()
        assert "/r/" in checked.path
    assert Referral.objects.count() == Patient.objects.count() == 1
    assert AuditEvent.objects.filter(action="submission.submit").count() == 1


def test_after_sending_every_page_leads_to_the_private_page(checked):
    checked.send()
    private = checked.path
    for name in ("questions/1/", "questions/4/", "check/", "about-you/", "emergency/", "warning/"):
        checked.get(checked.root + name)
        assert checked.path == private, name
    checked.post(f"{checked.root}questions/3/", {"-asked": "age_years", "age_years": "12"})
    assert checked.path == private
    assert Submission.objects.get().answers["age_years"] == 45


def problems(checked, **changed):
    """What the page says when it is sent with these boxes otherwise."""
    checked.send(**changed)
    assert checked.is_at("about-you")
    assert not Referral.objects.exists()
    return checked.html


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "  "}, "Enter your name."),
        ({"name": "x" * 300}, "Write your name with 200 letters or fewer."),
        ({"contact_way": ""}, "Choose how we may contact you."),
        ({"contact_way": "pigeon"}, "Choose how we may contact you."),
        ({"contact_way": "phone", "phone": ""}, "Enter a telephone number, or choose e-mail."),
        ({"contact_way": "email", "email": ""}, "Enter an e-mail address, or choose telephone."),
        ({"phone": "none"}, "Enter a telephone number with its digits"),
        ({"email": "maria"}, "Enter an e-mail address, like name@example.com."),
        ({"consent": ""}, "Tick the box if you agree."),
        ({"consent": "no"}, "Tick the box if you agree."),
        ({"date_of_birth": "", "birth_month": "", "birth_year": ""}, "Enter your date of birth, like 17 5 1980."),
        ({"date_of_birth": "31", "birth_month": "2"}, "There is no such day."),
        ({"birth_year": "8"}, "Enter the year with four digits, like 1980."),
        ({"birth_year": "1066"}, "four digits"),
        ({"birth_year": "2900"}, "four digits"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_the_field_and_on_top(checked, changed, words):
    page = problems(checked, **changed)
    assert page.count(escape(words)) == 2


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(checked):
    page = problems(checked, name="", phone="x", email="<maria>", birth_month="13", consent="")
    for words in ("Enter your name", "with its digits", "name@example.com", "no such day", "if you agree"):
        assert words in page
    assert 'value="&lt;maria&gt;"' in page
    assert 'value="13"' in page


def test_a_date_of_birth_that_does_not_fit_the_age_names_the_page_to_change(checked):
    ten_years_older = str(int(checked.born()["birth_year"]) - 10)
    page = problems(checked, birth_year=ten_years_older)
    assert "you answered that you are 45" in page
    assert f'href="{checked.root}questions/3/#q-age_years"' in page
    checked.get(f"{checked.root}questions/3/")
    checked.save_page(age_years="55")
    assert checked.is_at("check")
    checked.get(f"{checked.root}about-you/")
    assert 'value="Maria Quintana"' in checked.html
    assert f'value="{ten_years_older}"' in checked.html
    checked.send(birth_year=ten_years_older)
    assert "/r/" in checked.path


def test_the_agreement_is_ticked_only_where_the_patient_ticked_it(checked):
    checked.get(f"{checked.root}about-you/")
    assert 'id="id_consent_0" checked' not in checked.html
    assert 'id="id_consent_0" checked' in problems(checked, name="")
    assert 'id="id_consent_0" checked' not in problems(checked, consent="")


def test_coming_back_shows_what_was_typed_but_complains_only_once(checked):
    problems(checked, name="", email="maria")
    checked.get(f"{checked.root}about-you/")
    assert "There is a problem" not in checked.html
    assert 'value="maria"' in checked.html


def test_names_are_never_stored_in_the_clear_in_the_session(checked):
    from django.contrib.sessions.models import Session

    problems(checked, birth_year="1950")
    stored = " ".join(session.session_data + str(session.get_decoded()) for session in Session.objects.all())
    assert "Quintana" not in stored
    assert "maria@example.com" not in stored
    checked.send()
    assert "about_you" not in str(Session.objects.latest("expire_date").get_decoded())


def test_nothing_is_sent_before_every_question_is_answered(walk):
    begun = walk().begin().save_page()
    begun.post(f"{begun.root}about-you/", {**WHO, "date_of_birth": "17", "birth_year": "1981"})
    assert begun.is_at("check")
    assert not Referral.objects.exists()


def test_an_emergency_in_another_window_stops_the_sending(walk):
    begun = walk().begin().store_everything()
    other = walk(NUMB)
    other.client = begun.client
    other.get(f"{begun.root}questions/1/")
    other.save_page()
    begun.send()
    assert begun.is_at("emergency")
    assert not Patient.objects.exists()


def test_the_surgeon_sees_which_places_hurt(walk, site, client):
    sent = walk({**READY, "pain_site": ["lower_back", "left_foot"]}).sent()
    client.force_login(staff(site))
    page = client.get(f"/review/{sent.referral.reference}/").content.decode()
    assert "Lower back, bottom or legs" in page
    assert "ticked on the picture: lower back, left foot" in page
    assert '<use href="#seen-left_foot" stroke="currentColor" fill="currentColor"' in " ".join(page.split())
    assert '<use href="#seen-right_foot" stroke="currentColor" fill="none"' in " ".join(page.split())
