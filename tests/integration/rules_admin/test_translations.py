"""Translations of a draft, beside what they translate: written, checked by a named person, offered when they are."""

from __future__ import annotations

import re

import pytest

from screening.actions import rules, translating
from screening.exceptions import Conflict, FieldErrors, NotAllowed
from screening.models import AuditEvent, DraftQuestion, DraftTranslation
from screening.policies import ADMINISTRATORS, SURGEONS, Actor
from screening.rules.translations import Address, alarm_places, languages_offered, texts_in, unusable
from tests.factories import PathwayFactory, cared_for, publish_next, staff, staff_actor, tiny_document, tiny_ruleset
from tests.integration.rules_admin.conftest import filled
from tests.integration.rules_admin.pages import fields_of
from tests.translating import APPROVED, translations

pytestmark = pytest.mark.django_db
NUMB = Address("questions/numb", "text")


@pytest.fixture
def actor(editor):
    return Actor.staff(editor)


@pytest.fixture
def page_address(draft):
    return f"/admin/screening/pathway/{draft.pathway_id}/actions/translations/?language=es"


def write(draft, actor, words=None, approved=(), by="", language="es"):
    """As from a page just opened."""
    texts = {text.address: text for text in texts_in(draft.ruleset_as_it_is(), language)}
    seen = {at: translating.seen(texts[at]) for at in {*(words or {}), *approved}}
    return translating.translate(
        actor=actor, draft=draft, language=language, words=words or {}, expected=seen, approved=approved, by=by
    )


def text_of(draft, address=NUMB, language="es"):
    return next(text for text in texts_in(draft.ruleset_as_it_is(), language) if text.address == address)


# Writing --------------------------------------------------------------------------------------------------------------


def test_words_are_a_draft_until_a_named_person_approves_them(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"})
    assert (text_of(draft).state, text_of(draft).translation.words) == ("draft", "¿Entumecido?")
    with pytest.raises(FieldErrors, match="who has read"):
        write(draft, actor, approved=[NUMB], by="  ")
    assert text_of(draft).state == "draft"
    write(draft, actor, approved=[NUMB], by="Dr A. García")
    assert (text_of(draft).state, text_of(draft).translation.by) == ("approved", "Dr A. García")


def test_new_words_take_the_approval_away(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"}, approved=[NUMB], by="Dr A. García")
    write(draft, actor, {NUMB: "¿Dormido?"})
    assert (text_of(draft).state, text_of(draft).translation.by) == ("draft", "")


def test_a_changed_text_makes_it_stale_and_checking_it_again_mends_that(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"}, approved=[NUMB], by="Dr A. García")
    DraftQuestion.objects.filter(draft=draft, part_id="numb").update(text="Any numb feeling?")
    assert text_of(draft).state == "stale"
    write(draft, actor, approved=[NUMB], by="Dr B. Ruiz")
    assert (text_of(draft).state, text_of(draft).translation.by) == ("approved", "Dr B. Ruiz")


def test_a_question_that_is_taken_out_takes_its_translations_with_it(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"})
    kept = next(text.address for text in texts_in(draft.ruleset_as_it_is(), "es") if text.address.place != NUMB.place)
    write(draft, actor, {kept: "Otra cosa"})
    rules.delete_row(actor=actor, row=draft.rows(DraftQuestion).get(part_id="numb"))
    assert [row.text_place for row in draft.rows(DraftTranslation)] == [kept.place]


def test_no_words_take_it_out(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"})
    write(draft, actor, {NUMB: " "})
    assert text_of(draft).state == "missing"
    assert "translations" not in draft.exported()


def test_nothing_is_approved_that_is_not_there(draft, actor):
    write(draft, actor, approved=[NUMB], by="Dr A. García")
    assert text_of(draft).state == "missing"


def test_what_somebody_changed_meanwhile_is_not_overwritten(draft, actor):
    seen = {NUMB: translating.seen(text_of(draft))}
    write(draft, actor, {NUMB: "¿Entumecido?"})
    with pytest.raises(Conflict):
        translating.translate(actor=actor, draft=draft, language="es", words={NUMB: "¿Otra cosa?"}, expected=seen)
    assert text_of(draft).translation.words == "¿Entumecido?"


def test_nor_is_a_translation_approved_of_a_text_that_changed_meanwhile(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"})
    seen = {NUMB: translating.seen(text_of(draft))}
    DraftQuestion.objects.filter(draft=draft, part_id="numb").update(text="Any numb feeling?")
    with pytest.raises(Conflict):
        translating.translate(
            actor=actor, draft=draft, language="es", words={}, expected=seen, approved=[NUMB], by="Dr A. García"
        )


def test_the_audit_says_who_approved_what_in_whose_name(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?"}, approved=[NUMB], by="Dr A. García")
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.actor_id) == ("draft.translate", actor.id)
    part = event.after["es/questions/numb/text"]
    assert (part["status"], part["by"], part["words"]) == ("approved", "Dr A. García", "¿Entumecido?")


def test_only_who_may_edit_the_rules_translates(draft, site):
    for other in (staff_actor(site, SURGEONS), staff_actor(site, ADMINISTRATORS), Actor.patient(site)):
        with pytest.raises(NotAllowed):
            write(draft, other, {NUMB: "¿Entumecido?"})


def test_translations_of_what_is_gone_are_problems_until_they_are_taken_away(draft, actor):
    write(draft, actor, {NUMB: "¿Entumecido?", Address("questions/fever", "text"): "¿Fiebre?"})
    DraftTranslation.objects.filter(text_place="questions/fever").update(text_place="questions/gone")
    assert [problem.place for problem in draft.problems()] == ["translations/es/questions/gone"]
    assert draft.row_at("translations/es/questions/gone/text").text_place == "questions/gone"
    assert translating.drop_leftovers(actor=actor, draft=draft, language="es") == 1
    assert not draft.problems()
    assert text_of(draft).state == "draft"


def test_a_document_with_translations_goes_through_the_rows_unchanged():
    spanish = tiny_document(translations={"es": translations(tiny_ruleset(), **APPROVED), "fr": {}})
    draft = filled(PathwayFactory(), spanish)
    assert draft.ruleset_as_it_is().translations["es"]["questions/numb"]["text"].by == "Dr A. García"
    again = filled(draft.pathway, draft.exported())
    assert again.exported() == draft.exported()


# The page -------------------------------------------------------------------------------------------------------------


def test_each_text_stands_beside_its_translation_with_its_state(draft, editing, actor, page_address):
    write(draft, actor, {NUMB: "¿Entumecido?"})
    page = editing.get(f"{page_address}&show=draft").content.decode()
    assert "numb?" in page
    assert re.search(r'lang="es"[^>]*>\s*¿Entumecido\?</textarea>', page)
    assert "(1)" in page
    assert "Español: will not be offered." in page
    assert "The demo shows it" not in page


def test_a_demo_shows_drafts_and_says_so(draft, editing, actor, page_address, settings):
    write(draft, actor, {NUMB: "¿Entumecido?"})
    settings.DEMO_MODE = True
    assert "The demo shows it all the same, marked as a draft." in editing.get(page_address).content.decode()


def test_the_page_saves_what_was_written_and_ticked(draft, editing, page_address):
    alarms = f"{page_address}&show=alarm"
    sent = fields_of(editing.get(alarms).content.decode(), "translations")
    for name in list(sent):
        if name.startswith("words-"):
            sent[name] = [f"ES {name}"]
            sent[f"approve-{name.removeprefix('words-')}"] = ["on"]
    refused = editing.post(alarms, sent).content.decode()
    assert "Write who has read" in refused
    assert "ES words-0" in refused
    assert not DraftTranslation.objects.exists()
    assert editing.post(alarms, {**sent, "by": "Dr A. García"}).status_code == 302
    written = sum(name.startswith("words-") for name in sent)
    assert DraftTranslation.objects.filter(status="approved", by="Dr A. García").count() == written
    assert not unusable(draft.ruleset_as_it_is(), "es")
    assert "Español: will be offered to patients." in editing.get(page_address).content.decode()


def test_an_untouched_page_changes_nothing(draft, editing, actor, page_address):
    write(draft, actor, {NUMB: "¿Entumecido?\n\n¿De verdad?"}, approved=[NUMB], by="Dr A. García")
    before = draft.ruleset_as_it_is()
    page = editing.get(f"{page_address}&show=all").content.decode()
    assert editing.post(f"{page_address}&show=all", fields_of(page, "translations")).status_code == 302
    assert draft.ruleset_as_it_is() == before


def test_a_conflict_keeps_what_was_typed_on_the_page(draft, editing, actor, page_address):
    sent = fields_of(editing.get(f"{page_address}&show=all").content.decode(), "translations")
    number = next(name.removeprefix("place-") for name, value in sent.items() if value == ["questions/numb"])
    write(draft, actor, {NUMB: "¿Entumecido?"})
    sent[f"words-{number}"] = ["¿Otra cosa?"]
    told = editing.post(f"{page_address}&show=all", sent)
    assert told.status_code == 409
    assert "¿Otra cosa?" in told.content.decode()
    assert text_of(draft).translation.words == "¿Entumecido?"


def test_strangers_to_the_rules_do_not_open_it(draft, client, site, page_address):
    client.force_login(staff(site, SURGEONS))
    assert client.get(page_address).status_code in (302, 403)


# Publishing -----------------------------------------------------------------------------------------------------------


def test_publishing_says_which_languages_it_will_be_offered_in(draft, editing, actor):
    places = alarm_places(draft.ruleset_as_it_is()) | {"ruleset"}
    texts = [text for text in texts_in(draft.ruleset_as_it_is(), "es") if text.address.place in places]
    publish = f"/admin/screening/pathway/{draft.pathway_id}/actions/publish/"
    assert "Languages" not in editing.get(publish).content.decode()
    words = {text.address: f"ES {text.source}" for text in texts}
    write(draft, actor, words)
    assert "Español: will not be offered." in editing.get(publish).content.decode()
    write(draft, actor, approved=list(words), by="Dr A. García")
    assert "Español: will be offered to patients." in editing.get(publish).content.decode()
    assert languages_offered(draft.ruleset()) == ("en", "es")


def test_publishing_says_when_a_language_would_be_lost(draft, editing):
    publish_next(draft.pathway, cared_for(tiny_document(translations={"es": translations(tiny_ruleset(), **APPROVED)})))
    page = editing.get(f"/admin/screening/pathway/{draft.pathway_id}/actions/publish/").content.decode()
    assert "It is offered now: its readers would have to read another language." in page
