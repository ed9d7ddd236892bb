"""What the patient read, in their language, beside what it means: for the surgeon."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from screening.actions import intake, languages
from screening.policies import Actor
from tests.factories import CALM, publish_next, save_page, staff, started, submitted, tiny_document, tiny_ruleset
from tests.translating import APPROVED, translations

pytestmark = pytest.mark.django_db


def sent(language="es", **more):
    """A tiny case, answered in that language, and the surgeon's page of it."""
    submission = started()
    spanish = tiny_document(translations={"es": translations(tiny_ruleset(), **{**APPROVED, **more})})
    submission.version = publish_next(submission.pathway, spanish)
    submission.save()
    actor = Actor.patient(submission.site)
    if language != submission.language:
        languages.choose_language(actor=actor, submission=submission, language=language)
    save_page(submission, {**CALM, "wish": "surgery", "age_years": 45}, texts={"notes": "Me duele mucho"})
    referral = submitted(submission)
    client = Client()
    client.force_login(staff(referral.site))
    return referral, re.sub(r"\s+", " ", client.get(f"/review/{referral.reference}/").content.decode())


def test_each_answer_says_what_was_read_and_what_that_is_worth():
    _, page = sent()
    marked = '<span class="muted" lang="es" dir="auto">'
    assert f"Read in Spanish (approved translation)</summary> {marked}ES wish? – ES surgery</span>" in page
    with translation.override("es"):
        no = translation.gettext("No")
    assert f"{marked}ES numb? – {no}</span>" in page
    assert f"{marked}ES age_years?</span>" in page
    # what it means stands first, in the language of staff
    assert "surgery" in page.split("Read in Spanish")[0]
    assert "Reads Spanish" in page


def test_their_own_words_are_marked_with_their_language():
    _, page = sent()
    assert re.search(r'<blockquote class="own-words" dir="auto" lang="es">\s*Me duele mucho', page)
    assert "(answered in Spanish)" in page


def test_a_draft_was_read_by_nobody_but_in_a_demo(settings):
    _, page = sent(status="draft", by="")
    assert "ES wish?" not in page
    settings.DEMO_MODE = True
    _, page = sent(status="draft", by="")
    assert "Read in Spanish (translation not approved)</summary>" in page
    assert "ES wish? – ES surgery" in page


def test_of_who_reads_the_rule_sets_language_nothing_more_is_said():
    _, page = sent("en")
    assert "Read in" not in page
    assert "Reads " not in page
    assert '<blockquote class="own-words" dir="auto" >' in page


def test_answers_from_before_a_switch_keep_their_language():
    submission = started()
    spanish = tiny_document(translations={"es": translations(tiny_ruleset(), **APPROVED)})
    submission.version = publish_next(submission.pathway, spanish)
    submission.save()
    actor = Actor.patient(submission.site)
    save_page(submission, CALM)
    languages.choose_language(actor=actor, submission=submission, language="es")
    intake.save_step(actor=actor, submission=submission, page="p2", answers={"wish": "other"}, texts={}, entered={})
    referral = submitted(submission)
    client = Client()
    client.force_login(staff(referral.site))
    page = client.get(f"/review/{referral.reference}/").content.decode()
    assert "ES wish? – ES other" in page
    assert "ES numb?" not in page
