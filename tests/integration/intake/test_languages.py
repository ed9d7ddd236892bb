"""Patients read in their language: offered where it is approved, chosen at the start, switched without loss."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from screening.actions import delivery, messages
from screening.models import AuditEvent, Submission
from screening.rules.translations import alarm_places
from tests.factories import SiteFactory, publish_next, staff
from tests.intake_walk import IntakeWalk, page_data
from tests.integration.intake.conftest import NUMB, READY
from tests.translating import APPROVED, alarms_in_spanish, in_spanish


@pytest.fixture
def spanish(pathway):
    """Everything in Spanish, and approved."""
    publish_next(pathway, in_spanish(pathway.live_version.ruleset, **APPROVED).document())
    return pathway


@pytest.fixture
def drafted(pathway):
    """Everything in Spanish, and nothing approved."""
    publish_next(pathway, in_spanish(pathway.live_version.ruleset).document())
    return pathway


@pytest.fixture
def home(site, pathway):
    return f"/{site.slug}/{pathway.pk}/"


def spoken(page):
    """The language a page says it is in, everywhere it says so."""
    html = page.content.decode()
    tags = {re.search(r'<html lang="([\w-]+)" dir="ltr"', html)[1], page["Content-Language"]}
    assert len(tags) == 1
    return tags.pop()


def offered(page):
    """What the switch has, without the language of the page itself."""
    return re.findall(r'name="-language"\s+value="([\w-]+)"\s+lang="\1"', page.content.decode())


def switch(client, address, language, **data):
    """As its button on a page without a form."""
    return client.post(address, {"-language": language, **data}, follow=True)


# What is offered ----------------------------------------------------------------------------------------------------


def test_questions_only_in_english_have_no_switch(home, client):
    page = client.get(home)
    assert (spoken(page), offered(page)) == ("en", [])


def test_an_approved_language_is_offered_and_named_in_itself(spanish, home, client):
    page = client.get(home)
    assert (spoken(page), offered(page)) == ("en", ["es"])
    assert "Español" in page.content.decode()


def test_a_draft_is_offered_in_a_demo_only_and_says_so_on_every_page(drafted, home, client, settings):
    assert offered(client.get(home)) == []
    settings.DEMO_MODE = True
    page = switch(client, f"{home}language/", "es", next=home)
    assert spoken(page) == "es"
    client.post(home)
    for address in (home, f"{home}questions/1/"):
        with translation.override("es"):
            words = translation.gettext("This translation is not yet approved by a clinician.")
        assert words in client.get(address).content.decode()
        assert words not in Client().get(address, follow=True).content.decode()


def test_a_language_that_lost_an_alarm_text_is_not_offered(pathway, home, client):
    document = alarms_in_spanish(pathway.live_version.ruleset).document()
    publish_next(pathway, document)
    assert offered(client.get(home)) == ["es"]
    place = next(place for place in alarm_places(pathway.live_version.ruleset) if place.startswith("rules/E"))
    del document["translations"]["es"][place]
    publish_next(pathway, document)
    assert offered(client.get(home)) == []


def test_a_language_the_interface_does_not_know_is_not_offered(pathway, home, client):
    document = in_spanish(pathway.live_version.ruleset, **APPROVED).document()
    document["translations"] = {"tlh": document["translations"]["es"]}
    publish_next(pathway, document)
    assert offered(client.get(home)) == []


# Choosing -----------------------------------------------------------------------------------------------------------


def test_a_browser_in_spanish_begins_in_spanish_where_it_is_offered(spanish, home):
    client = Client(headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})
    assert spoken(client.get(home)) == "es"
    client.post(home)
    assert Submission.objects.get().language == "es"


def test_a_browser_in_spanish_is_told_where_it_is_not_offered(home):
    page = Client(headers={"accept-language": "es"}).get(home)
    assert spoken(page) == "en"
    with translation.override("es"):
        words = translation.gettext("These questions are not in your language yet.")
    assert re.search(rf'lang="es">\s*{re.escape(words)}', page.content.decode())


def test_what_was_chosen_at_the_start_stays_for_the_questions_and_the_next_visit(spanish, home, client):
    switch(client, f"{home}language/", "es", next=home)
    page = client.post(home, follow=True)
    assert spoken(page) == "es"
    assert "ES Do you have numb" in page.content.decode()
    assert Submission.objects.get().language == "es"
    # Another day: the cookie is there, the session is not.
    later = Client()
    later.cookies["language"] = client.cookies["language"].value
    assert spoken(later.get(home)) == "es"


def test_doors_before_a_pathway_speak_what_one_of_them_is_offered_in(spanish, client):
    SiteFactory(slug="southfield")
    assert offered(client.get("/")) == ["es"]
    page = switch(client, "/language/", "es", next="/")
    assert spoken(page) == "es"


def test_the_switch_leads_back_to_its_page_and_nowhere_else(spanish, home, client):
    page = client.post(f"{home}language/", {"-language": "es", "next": f"{home}start-again/"})
    assert page["Location"] == f"{home}start-again/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:alert(1)", ""):
        assert client.post("/language/", {"-language": "es", "next": elsewhere})["Location"] == "/"


def test_a_language_that_is_not_offered_cannot_be_forced(spanish, home, client):
    client.post(home)
    for tag in ("fr", "xx", "../../etc", ""):
        switch(client, f"{home}language/", tag, next=home)
        assert Submission.objects.get().language == "en"


# Nothing is lost ----------------------------------------------------------------------------------------------------


def test_switching_keeps_every_answer_also_those_just_ticked(spanish, walk):
    here = walk().begin()
    first, typed = here.path, page_data(here.asked, READY)
    here.post(first, {**typed, **here.hidden, "-language": "es"})
    assert here.path == first
    assert spoken(here.page) == "es"
    ticked = {name: value for name, value in typed.items() if name in {question.id for question in here.asked}}
    assert len(ticked) > 2
    for name, value in ticked.items():
        for code in [value] if isinstance(value, str) else value:
            box = re.search(rf'<input[^>]*name="{name}"[^>]*value="{code}"[^>]*>', here.html)
            assert box, name
            assert "checked" in box[0], name
    # Back again, and on: the answers count as they were given.
    here.post(first, {**typed, **here.hidden, "-language": "en"})
    here.answer_everything()
    assert here.is_at("check")
    answers = Submission.objects.get().answers
    assert {name: answers[name] for name in ticked} == ticked


def test_switching_is_no_step_and_stops_nobody(spanish, walk):
    here = walk(NUMB).begin()
    here.post(here.path, {**page_data(here.asked, NUMB), **here.hidden, "-language": "es"})
    submission = Submission.objects.get()
    assert (submission.status, submission.revisions.count()) == ("in_progress", 0)
    here.save_page()
    assert here.is_at("emergency")
    assert spoken(here.page) == "es"
    assert "ES Some of your answers can be signs" in here.html


def test_what_is_typed_about_oneself_stays(spanish, walk, home):
    here = walk().begin().answer_everything()
    page = here.client.post(
        f"{home}language/?draft=about_you&next={home}about-you/", {"-language": "es", "name": "Maria Q"}, follow=True
    )
    assert spoken(page) == "es"
    assert 'value="Maria Q"' in page.content.decode()
    assert not Submission.objects.filter(status="submitted").exists()


def test_so_does_a_number_on_the_emergency_page(spanish, walk, home):
    here = walk(NUMB).begin().answer_everything()
    assert here.is_at("emergency")
    assert 'form="call-back-form"' in here.html
    typed = {"-language": "es", "phone": "020 7946 01"}
    page = here.client.post(f"{home}language/?draft=call_back&next={home}emergency/", typed, follow=True)
    assert spoken(page) == "es"
    assert 'value="020 7946 01"' in page.content.decode()


def test_so_do_answers_of_somebody_who_got_worse(spanish, walk):
    here = walk().all_the_way()
    private = here.path
    here.get(f"{private}worse/")
    number, typed = here.path, page_data(here.asked, {**READY, "leg_weakness": "worse"})
    here.post(number, {**typed, "-language": "es"})
    assert (here.path, spoken(here.page)) == (number, "es")
    assert re.search(r'<input[^>]*name="leg_weakness"[^>]*value="worse"[^>]*checked', here.html)


def test_every_page_of_the_walk_is_in_the_language_and_so_is_what_is_kept(spanish, walk, home):
    here = walk()
    here.client.cookies["language"] = "es"
    here.begin().answer_everything()
    assert spoken(here.get(f"{home}check/")) == "es"
    here.send()
    assert here.path.startswith("/northfield/r/")
    assert spoken(here.page) == "es"
    referral = here.referral
    assert referral.submission.language == "es"
    assert {revision.language for revision in referral.submission.revisions.all()} == {"es"}
    ruleset = spanish.live_version.ruleset
    assert f"ES {ruleset.disposition(referral.assessment.disposition).patient_label}" in here.html


def test_the_outcome_is_the_same_in_every_language(spanish, walk):
    made = []
    for tag in ("en", "es"):
        here = walk()
        here.client.cookies["language"] = tag
        made.append(here.all_the_way().referral.assessment)
    assert made[0].outcome == made[1].outcome
    assert made[0].version == made[1].version


def test_a_private_page_on_another_device_speaks_the_patients_language(spanish, walk):
    here = walk()
    here.client.cookies["language"] = "es"
    path = here.all_the_way().path
    assert spoken(Client().get(path)) == "es"
    assert spoken(Client(headers={"accept-language": "en"}).get(path)) == "es"


def test_a_private_page_switches_by_its_link_alone_and_remembers(spanish, walk):
    here = walk().all_the_way()
    stranger = Client()
    page = switch(stranger, f"{here.path}language/", "es", next=here.path)
    assert spoken(page) == "es"
    assert here.referral.submission.language == "es"
    event = AuditEvent.objects.filter(action="submission.choose_language").latest("number")
    assert (event.before, event.after) == ({"language": "en"}, {"language": "es"})
    assert page["Referrer-Policy"] == "same-origin"


def test_a_wrong_link_chooses_nothing(spanish, walk, client):
    here = walk().all_the_way()
    assert switch(client, f"/northfield/r/{'a' * 26}/language/", "es").status_code == 404
    assert here.referral.submission.language == "en"


def test_answers_moved_to_a_version_without_the_language_go_on_in_its_own(spanish, walk):
    here = walk()
    here.client.cookies["language"] = "es"
    here.begin()
    document = spanish.live_version.ruleset.document()
    document["questions"][0]["text"] = "Is there numb feeling between your legs?"
    publish_next(spanish, document)
    page = here.client.get(here.path, follow=True)
    assert spoken(page) == "en"
    assert "ES " not in re.sub(r"<head>.*?</head>", "", page.content.decode(), flags=re.S)
    with translation.override("es"):
        assert translation.gettext("These questions are not in your language yet.") in page.content.decode()


# Around -------------------------------------------------------------------------------------------------------------


def test_error_pages_speak_the_browsers_language(client):
    client.cookies["language"] = "es"
    page = client.get("/nowhere/nothing/at-all/")
    assert (page.status_code, spoken(page)) == (404, "es")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["language"] = "es"
    page = strict.post("/language/", {"-language": "es"})
    assert (page.status_code, spoken(page)) == (403, "es")


def test_even_the_page_of_a_failure_does(client, monkeypatch):
    client.raise_request_exception = False
    client.cookies["language"] = "es"
    monkeypatch.setattr("screening.intake.views.doors.site_or_404", lambda slug: 1 / 0)
    page = client.get("/northfield/")
    assert (page.status_code, spoken(page)) == (500, "es")


def test_staff_screens_are_english_whatever_the_browser_says(site):
    client = Client()
    client.force_login(staff(site))
    client.cookies["language"] = "es"
    for address in ("/review/", "/account/login/"):
        assert spoken(client.get(address, follow=True)) == "en"


def test_e_mails_are_in_the_patients_language(spanish, walk):
    here = walk()
    here.client.cookies["language"] = "es"
    submission = here.all_the_way().referral.submission
    message = messages.queue(kind="link", submission=submission, to="maria@example.com")
    assert message.language == "es"
    subject, body = delivery.words(message)
    with translation.override("en"):
        message.language = "en"
        english = delivery.words(message)
    assert (subject, body) != english
    assert submission.private_token in body


def test_shared_machines_keep_no_page(spanish, home, client):
    page = client.get(home)
    assert "no-store" in page["Cache-Control"]
    assert "Accept-Language" in page["Vary"]


def test_walks_read_what_is_asked(spanish, site):
    """The walk itself: an intake in Spanish asks the same questions."""
    asked = []
    for tag in ("en", "es"):
        here = IntakeWalk(Client(), site, spanish, READY)
        here.client.cookies["language"] = tag
        here.begin().answer_everything()
        asked.append(here.visited)
    assert asked[0] == asked[1]
