"""The shipped Spanish on every page a patient can meet: no English word is left on any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from screening.actions import review
from screening.actions.delivery import private_address, words
from screening.intake import known
from screening.models import Message, Submission
from tests.factories import staff_actor
from tests.intake_walk import IntakeWalk
from tests.integration.intake.conftest import NUMB, READY, WEAKER

ENGLISH = re.compile(
    r"\b(?:the|you|your|and|with|this|that|please|are|for|what|we|not|from|have|can|will|was|were|has|or|on|by|if|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|weeks?|days?|years?|months?)\b",
    re.IGNORECASE,
)
NOT_READ = {"script", "style"}
SAID_BY_OTHERS = {"Northfield Clinic", "Maria Quintana"}


class Reader(HTMLParser):
    """What a person reads or hears of a page, but for what is marked as being in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.texts += [known[name] or "" for name in ("aria-label", "alt", "title", "placeholder") if known.get(name)]
        if tag not in {"input", "meta", "link", "br", "img", "hr", "path", "circle", "rect", "line", "use"}:
            foreign = known.get("lang", "es") != "es" or tag in NOT_READ
            self.open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(foreign for _, foreign in self.open):
            self.texts.append(" ".join(data.split()))


def english_on(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return [text for text in reader.texts if english_in(text)]


def english_in(text: str) -> list[str]:
    for name in SAID_BY_OTHERS:
        text = text.replace(name, "")
    return ENGLISH.findall(text)


@pytest.fixture
def speaking(site, pathway, settings):
    """speaking(answers): a Spanish browser at the start page of a demo."""
    settings.DEMO_MODE = True
    return lambda answers: IntakeWalk(Client(headers={"accept-language": "es-MX,es"}), site, pathway, answers)


def pages(walk: IntakeWalk) -> Iterator[tuple[str, str]]:
    """Every page on the way, and the way itself."""
    yield walk.path, walk.get(walk.path).content.decode()
    walk.begin()
    yield walk.path, walk.html
    while walk.path.startswith(f"{walk.root}questions/"):
        yield f"{walk.path} with nothing answered", post_nothing(walk)
        yield walk.path, walk.save_page().html


def post_nothing(walk: IntakeWalk) -> str:
    """The page's own errors."""
    return walk.client.post(walk.path, walk.hidden, follow=True).content.decode()


def test_no_english_from_the_start_to_the_check(speaking):
    for where, html in pages(speaking(READY)):
        assert english_on(html) == [], where


@pytest.mark.parametrize("answers", [NUMB, WEAKER], ids=["an emergency", "a warning"])
def test_no_english_where_the_way_is_stopped(speaking, answers):
    walk = speaking(answers)
    walk.through_warnings = False
    walk.begin().answer_everything()
    assert walk.is_at("emergency", "warning", "get-help")
    assert english_on(walk.html) == []


PRIVATE = ("", "keep/", "decision/", "held/", "opened/", "contact/", "correction/", "withdraw/", "erasure/", "worse/")


@pytest.fixture
def sent(speaking):
    """A Spanish patient on their private page."""
    walk = speaking(READY).all_the_way()
    assert "/r/" in walk.path, walk.html
    return walk


def test_no_english_on_the_private_pages(sent):
    home = sent.path
    for part in PRIVATE:
        sent.get(f"{home}{part}")
        assert sent.page.status_code == 200
        assert english_on(sent.html) == [], part


@pytest.mark.parametrize(
    "address", ["/northfield/r/no-such-link/", "/northfield/come-back/", "/northfield/nowhere/at-all/"]
)
def test_no_english_where_nothing_is_found(speaking, address):
    walk = speaking(READY)
    walk.get(walk.root)
    assert english_on(walk.get(address).content.decode()) == []


def test_no_english_in_what_is_said_of_wrong_answers(speaking):
    """Too much, too little, nonsense, and two answers at once."""
    walk = speaking(
        {**READY, "age_years": "ninety-ninety", "symptom_weeks": "-4", "peg_pain": "17", "weight_kg": "9999"}
    )
    seen = []
    walk.begin()
    for _ in range(3):
        walk.save_page()
        seen.append(walk.html)
        assert english_on(walk.html) == [], walk.path
    assert any("problema" in html for html in seen)


def test_no_english_in_the_letters(sent, monkeypatch):
    """Sources keep the titles they were published under."""
    letters: list[Any] = []
    monkeypatch.setattr("screening.letters.pdf", lambda template, data: letters.append(data) or b"%PDF-")
    for name in ("letter.pdf", "decision.pdf"):
        assert sent.client.get(f"{sent.path}{name}").status_code == 200
    sources = {citation.text for citation in sent.ruleset.citations.values()}
    assert len(letters) == 2
    for letter in letters:
        assert letter["language"] == "es"
        assert [text for text in strings(letter["blocks"]) if text not in sources and english_in(text)] == []


def strings(data: Any) -> Iterator[str]:
    """Every text anywhere inside, without the tags of a picture; addresses are not read."""
    if isinstance(data, str):
        yield "" if data.startswith("http") else re.sub(r"<[^>]+>", " ", data)
    elif isinstance(data, dict | list | tuple):
        for part in data.values() if isinstance(data, dict) else data:
            yield from strings(part)


def test_no_english_in_an_email_and_nothing_of_health(sent):
    submission = Submission.objects.get(referral=sent.referral)
    for kind in (Message.Kind.LINK, Message.Kind.NEWS, Message.Kind.REMINDER):
        subject, body = words(Message(kind=kind, site=sent.site, submission=submission, language="es"))
        text = f"{subject} {body.replace(private_address(submission), '')}"
        assert english_in(text) == []
        assert not re.search(r"salud|dolor|espalda|cirug", text, re.IGNORECASE)


def test_no_english_while_the_case_moves_on(sent, site):
    """Looked at, reached, asked, answered with nothing, decided, told."""
    surgeon = staff_actor(site)

    def act(action: Any, **what: Any) -> None:
        referral = sent.referral
        action(actor=surgeon, referral=referral, expected_revision=referral.revision, **what)
        assert english_on(sent.get(home).content.decode()) == [], action.__name__

    home = sent.path
    act(review.claim)
    act(review.record_contact, how="phone", reached=True)
    act(review.ask_patient, question="¿Qué pierna?")
    assert english_on(sent.post(f"{home}answer/", {"answer": " "}).content.decode()) == []
    sent.post(f"{home}answer/", {"answer": "La izquierda."})
    assert english_on(sent.html) == []
    act(review.decide, decision="accept_miss", procedures=["discectomy"], advice="Camine.", reason="–")
    act(review.tell_patient, how="phone")


def test_no_english_on_another_device(sent, speaking):
    """Asked who they are, wrong again and again until it is locked; and by a code that does not exist."""
    other, home = speaking(READY), sent.path
    other.get(home)
    assert english_on(other.html) == []
    for _ in range(7):
        other.post(home, {known.BIRTH: "1", "date_of_birth": "1", "birth_month": "1", "birth_year": "1950"})
        assert english_on(other.html) == []
    other.post("/northfield/come-back/", {"typed_code": "AAAA-AAA-AAA"})
    assert english_on(other.html) == []


def test_no_english_after_all_is_taken_back(sent):
    home = sent.path
    for part in ("withdraw/", "erasure/"):
        sent.get(f"{home}{part}")
        sent.post(f"{home}{part}", {**sent.hidden, "sure": "on"})
        assert english_on(sent.html) == [], part
    sent.get(f"{home}wait-again/")
    assert english_on(sent.html) == []


WRONG_ABOUT_YOU = (
    {"name": "", "contact_way": "", "phone": "", "email": "", "consent": "", "date_of_birth": "31"},
    {"birth_year": "1931", "phone": "abc", "email": "abc"},
    {"birth_year": "31", "birth_month": "13", "contact_way": "phone", "phone": "", "name": "x" * 300},
)


def test_no_english_in_what_is_said_of_who_they_are(speaking):
    walk = speaking(READY).begin().answer_everything()
    for wrong in WRONG_ABOUT_YOU:
        walk.send(**wrong)
        assert "Hay un problema" in walk.html
        assert english_on(walk.html) == []


def test_no_english_before_and_between(speaking):
    """The doors, saving for later, beginning again."""
    walk = speaking(READY)
    for address in ("/", "/northfield/"):
        assert english_on(walk.get(address).content.decode()) == []
    walk.begin().save_page()
    for part in ("", "save/", "start-again/", "about-you/", "check/"):
        assert english_on(walk.get(f"{walk.root}{part}").content.decode()) == [], part
