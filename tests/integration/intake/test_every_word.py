"""Nothing that a patient meets is left in English: read in a made-up language, in which no English word stays."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from screening.actions import delivery, messages, publishing
from screening.policies import Actor
from tests.factories import publish_next
from tests.integration.intake.conftest import NUMB, READY, WEAKER
from tests.pseudo import LONG, in_made_up_languages, install, longer

ENGLISH = re.compile(r"\b(the|you|your|and|with|this|here|will|not|of|to|is|are|we|can|what|please|back|page)\b", re.I)
# Marked as another language: sources, the other languages' names.
MARKED = re.compile(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', re.S)
CODE = re.compile(r"<script.*?</script>|<!--.*?-->", re.S)
SPOKEN = re.compile(r'(?:aria-label|title|placeholder|alt|content|data-\w+)="([^"]*)"')
# The clinic's name, and what is meant for the program.
NO_WORDS = re.compile(r"Northfield Clinic|width=device-width.*|light dark|same-origin|noindex")


@pytest.fixture(autouse=True)
def made_up(pathway, settings, tmp_path):
    install(settings, tmp_path)
    publish_next(pathway, in_made_up_languages(pathway.live_version.ruleset).document())


def left_in_english(page):
    """Lines and spoken attributes with an English word in them."""
    source = CODE.sub("", MARKED.sub("", page.content.decode()))
    spoken = [words for words in SPOKEN.findall(source) if not words.startswith(("{", "/"))]
    lines = re.sub(r"<[^>]+>", "\n", source).splitlines()
    found = (NO_WORDS.sub("", html.unescape(line)).strip() for line in [*lines, *spoken])
    return sorted({line for line in found if ENGLISH.search(line)})


def reading(walk, answers=READY, **options):
    """A browser in the made-up language, and what it found left in English by address."""
    here, found = walk(answers, **options), {}
    here.client.cookies["language"] = LONG
    follow = here._follow

    def read(page, path):
        last = follow(page, path)
        assert last["Content-Language"] == LONG, here.path
        if left := left_in_english(last):
            found[here.path] = left
        return last

    here._follow = read
    return here, found


def test_from_the_start_to_the_result_and_all_it_leads_to(walk, home):
    here, found = reading(walk)
    here.get(here.root)
    here.all_the_way()
    private = here.path
    assert private.startswith("/northfield/r/")
    for address in sorted(set(re.findall(rf'href="({private}[^"#?]*)"', here.html))):
        if not address.endswith(".pdf"):
            here.get(address)
    here.get(f"{home}check/")
    here.get(home)
    here.get(f"{home}start-again/")
    assert found == {}


def test_what_is_wrong_with_a_page(walk, home):
    here, found = reading(walk)
    here.begin()
    for _ in range(3):
        here.post(here.path, {"-asked": [question.id for question in here.asked], **here.hidden})
        here.save_page()
    here.answer_everything()
    here.post(f"{home}about-you/", {"name": "", "phone": "x", "email": "x", "date_of_birth": "40"})
    assert found == {}


def test_an_emergency_and_a_warning(walk):
    here, found = reading(walk, NUMB)
    here.all_the_way()
    assert here.is_at("emergency")
    here.post(here.path, {"said": "cannot_call", "phone": ""})
    here.post(here.path, {"said": "", "phone": "x"})
    other, also = reading(walk, WEAKER, through_warnings=False)
    other.begin().answer_everything()
    assert other.is_at("warning")
    assert (found, also) == ({}, {})


def test_the_doors_and_the_errors(walk, home, pathway):
    here, found = reading(walk)
    for address in (
        "/",
        "/northfield/",
        "/northfield/come-back/",
        f"{home}check/",
        "/nowhere/at/all/",
        "/northfield/r/x/",
    ):
        here.get(address)
    publishing.suspend(actor=Actor.system(), pathway=pathway, reason="A test.")
    here.get(home)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["language"] = LONG
    assert left_in_english(strict.post("/language/")) == []
    assert found == {}


@pytest.mark.parametrize("kind", ["link", "news", "reminder"])
def test_e_mails(walk, kind):
    here, _ = reading(walk)
    submission = here.all_the_way().referral.submission
    message = messages.queue(kind=kind, submission=submission, to="maria@example.com")
    words = [re.sub(r"\S*://\S*|Northfield Clinic", "", text) for text in delivery.words(message)]
    assert not any(map(ENGLISH.search, words))


@pytest.fixture
def home(site, pathway):
    return f"/{site.slug}/{pathway.pk}/"


def test_the_made_up_language_hides_no_english():
    assert not ENGLISH.search(longer("The page is here and you will not please what to."))
    assert ENGLISH.search("Go back")
