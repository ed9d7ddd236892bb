"""Having answers erased that were never sent: from every page that speaks of coming back, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions import erasing, erasing_unsent, intake
from screening.models import ErasureRequest, Referral, Submission
from screening.policies import ADMINISTRATORS, Actor
from tests.factories import publish_next, staff_actor
from tests.translating import APPROVED, in_spanish

from .conftest import NUMB, WEAKER

SURE = {"sure": "yes"}


def link() -> str:
    return f"/northfield/r/{Submission.objects.get().private_token}/"


@pytest.fixture
def begun(walk):
    return walk().begin().save_page()


@pytest.fixture
def alarmed(walk):
    """A warning sign stands; nothing was sent, and nobody at the clinic has it yet."""
    return walk(WEAKER).begin().save_page()


@pytest.fixture
def stopped(walk):
    return walk(NUMB).begin().save_page()


def test_every_page_that_speaks_of_coming_back_leads_there(begun, walk):
    erasure, elsewhere = f'href="{link()}erasure/"', walk()
    begun.get(f"{begun.root}save/")
    assert erasure in begun.html
    begun.get(f"{begun.root}start-again/")
    assert erasure in begun.html
    elsewhere.get(link())
    assert erasure in elsewhere.html


def test_gone_at_once_and_the_link_says_so(begun):
    there = link()
    begun.get(f"{there}erasure/")
    assert "nobody at the clinic has seen them" in begun.html
    assert "tell us why" not in begun.html
    begun.post(begun.path, {})
    assert begun.html.count("Tick the box if you are sure.") == 2
    assert Submission.objects.exists()
    begun.post(begun.path, SURE)
    assert not Submission.objects.exists()
    assert "Nothing is held about you any more" in begun.html
    assert begun.page.status_code == 410
    # a second press, and another window that still shows a page of questions
    begun.post(f"{there}erasure/", SURE)
    assert begun.page.status_code == 410
    begun.post(f"{begun.root}questions/2/", {"-asked": ["fever"], "fever": "yes"})
    assert begun.page.context["lost"]
    assert "Your answers are erased." in begun.html
    assert "What you saved is safe with us" not in begun.html
    assert not Submission.objects.exists()


def test_what_was_typed_and_not_saved_leaves_the_session(begun):
    begun.post(f"{begun.root}save/", {"do": "mail", "email": "maria at home"})
    begun.post(f"{link()}erasure/", SURE)
    assert [name for name in dict(begun.client.session.items()) if name.startswith("intake_draft_")] == []


def test_somebody_who_opens_the_link_elsewhere_can_do_it_there(begun, walk):
    elsewhere, there = walk(), link()
    elsewhere.post(f"{there}erasure/", SURE)
    assert not Submission.objects.exists()
    begun.get(f"{begun.root}questions/1/")
    assert begun.page.context["lost"]


def test_with_a_warning_sign_the_clinic_is_asked(alarmed, site, walk):
    alarmed.get(f"{link()}erasure/")
    assert "A clinician must look at them first." in alarmed.html
    alarmed.post(alarmed.path, {**SURE, "words": "I would rather not"})
    asked = ErasureRequest.objects.get()
    assert (asked.status, asked.words, asked.referral) == ("asked", "I would rather not", Referral.objects.get().pk)
    assert alarmed.path == f"{link()}erasure/"
    assert "Did you change your mind?" in alarmed.html
    alarmed.get(f"{alarmed.root}save/")
    assert "You asked us to erase everything" in alarmed.html
    erasing.refuse_erasure(actor=staff_actor(site, ADMINISTRATORS), request=asked, reason="Please call us first.")
    elsewhere = walk()
    for page in (link(), f"{link()}erasure/"):
        elsewhere.get(page)
        assert "Please call us first." in elsewhere.html
    elsewhere.post(elsewhere.path, SURE)
    assert ErasureRequest.objects.filter(status="asked").count() == 1


def test_nobody_is_told_that_nobody_looks_where_somebody_may(begun, walk):
    begun.get(f"{begun.root}save/")
    assert "nobody looks at them before you send them" in begun.html
    alarmed = walk(WEAKER).begin().save_page()
    alarmed.get(f"{alarmed.root}save/")
    assert "nobody looks at them" not in alarmed.html
    assert "a clinician may look at them before you send them" in alarmed.html


def test_what_was_written_is_kept_when_the_language_is_switched(alarmed):
    alarmed.get(f"{link()}erasure/")
    (draft,) = set(re.findall(r"draft=(\w+)", alarmed.html)) or {alarmed.page.context["draft"]}
    switched = f"{link()}language/?draft={draft}&next={link()}erasure/"
    alarmed.post(switched, {"words": "I would rather not", "-language": "en"})
    assert "I would rather not" in alarmed.html


def test_changing_ones_mind(alarmed):
    alarmed.post(f"{link()}erasure/", SURE)
    alarmed.post(alarmed.path, {"keep": "yes"})
    assert "You took your request back." in alarmed.html
    assert ErasureRequest.objects.get().status == "taken_back"
    assert Submission.objects.exists()


def test_a_warning_that_came_in_another_window_meanwhile_is_not_erased(begun):
    begun.get(f"{link()}erasure/")
    Submission.objects.update(alarms_shown=["W01"])
    begun.post(begun.path, SURE)
    assert Submission.objects.exists()


def test_the_emergency_page_offers_it_only_once_help_was_long_due(stopped, walk):
    stopped.get(f"{stopped.root}emergency/")
    assert "erasure/" not in stopped.html
    Submission.objects.update(last_step_at=timezone.now() - timedelta(hours=2))
    stopped.get(stopped.path)
    assert f'href="{link()}erasure/"' in stopped.html
    stopped.get(f"{link()}erasure/")
    stopped.post(stopped.path, SURE)
    assert "Did you change your mind?" in stopped.html
    assert f"http://testserver{link()}</p>" in stopped.html, "they need it to see the answer, and never saw it before"
    assert Submission.objects.get().status == "stopped"


def test_it_is_in_the_language_of_the_answers(walk, pathway):
    publish_next(pathway, in_spanish(pathway.live_version.ruleset, **APPROVED).document())
    begun = walk().begin().save_page()
    begun.post(f"{begun.root}language/", {"-language": "es"})
    begun.get(f"{link()}erasure/")
    assert '<html lang="es"' in begun.html
    begun.post(begun.path, SURE)
    assert begun.page.status_code == 410
    assert '<html lang="es"' in begun.html


def meanwhile(monkeypatch, module, name, submission):
    """Another window has it erased after this request was read, and before its action begins."""
    whole = getattr(module, name)

    def late(**what):
        erasing_unsent.erase_unsent(actor=Actor.patient(submission.site), submission=submission)
        return whole(**what)

    monkeypatch.setattr(module, name, late)


def test_pressing_twice_at_once_is_harmless(begun, monkeypatch):
    there, whole = link(), erasing_unsent.erase_unsent

    def twice(**what):
        whole(**what)
        return whole(**what)

    monkeypatch.setattr(erasing_unsent, "erase_unsent", twice)
    begun.post(f"{there}erasure/", SURE)
    assert begun.page.status_code == 410
    assert ErasureRequest.objects.count() == 1


def test_a_page_saved_in_that_very_moment_is_told_that_nothing_is_there(begun, monkeypatch):
    meanwhile(monkeypatch, intake, "save_step", Submission.objects.get())
    begun.save_page()
    assert begun.page.context["lost"]
    assert not Submission.objects.exists()


def test_too_much_text_is_kept_and_said(alarmed):
    alarmed.post(f"{link()}erasure/", {**SURE, "words": "a" * 10_000})
    assert alarmed.html.count("Your text is too long.") == 2
    assert "a" * 10_000 in alarmed.html
    assert not ErasureRequest.objects.exists()


def test_of_another_clinic_or_mistyped_it_opens_nothing(begun):
    for path in (f"/southfield/r/{Submission.objects.get().private_token}/erasure/", "/northfield/r/x/erasure/"):
        begun.post(path, SURE)
        assert begun.page.status_code == 404
    assert Submission.objects.exists()
