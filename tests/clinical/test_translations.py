"""The Spanish of the shipped rule sets: all there, of the English as it is now, and no warning lost in it."""

import pytest

from screening.rules.translations import languages_offered, texts_in
from tests.clinical import shipped
from tests.reading.faithful import lost

# Words that are the same in both languages.
SAME = {"No"}

parametrized = pytest.mark.parametrize("ruleset_id", shipped.IDS)


def spanish(ruleset_id):
    return [text for text in texts_in(shipped.ruleset(ruleset_id), "es") if text.translation]


@parametrized
def test_every_patients_text_has_a_spanish_one_of_what_it_says_now(ruleset_id):
    texts = texts_in(shipped.ruleset(ruleset_id), "es")
    assert [f"{text.address} {text.state}" for text in texts if text.state in ("missing", "stale")] == []


@parametrized
def test_the_shipped_spanish_is_a_draft_so_no_clinic_offers_it_by_itself(ruleset_id):
    assert {text.state for text in spanish(ruleset_id)} == {"draft"}
    assert languages_offered(shipped.ruleset(ruleset_id)) == ("en",)
    assert languages_offered(shipped.ruleset(ruleset_id), demo=True) == ("en", "es")


@parametrized
def test_nothing_was_left_in_english(ruleset_id):
    same = {text.source for text in spanish(ruleset_id) if text.translation.words == text.source}
    assert same <= SAME


@parametrized
def test_no_number_and_no_warning_is_lost(ruleset_id):
    found = {text.address: lost(text.source, text.translation.words) for text in spanish(ruleset_id)}
    assert {address: missing for address, missing in found.items() if missing} == {}


@parametrized
def test_one_english_text_has_one_spanish_text(ruleset_id):
    """A patient who meets the same choice twice reads the same words twice."""
    said = {}
    for text in spanish(ruleset_id):
        said.setdefault(text.source, set()).add(text.translation.words)
    assert {source: words for source, words in said.items() if len(words) > 1} == {}


@pytest.mark.parametrize(
    ("english", "wrong"),
    [
        ("Go to an emergency department now.", "Vaya a un servicio de urgencias."),
        ("A leg gets weak.", "Una pierna duele."),
        ("Do not stop this medicine.", "Deje este medicamento."),
        ("Within 2 weeks.", "En menos de 12 semanas."),
        ("Call %(number)s.", "Llame."),
        ("<a href='x'>Call</a>", "Llame"),
        ("It may be cancer.", "Es cáncer."),
    ],
)
def test_a_translation_that_loses_something_is_found(english, wrong):
    assert lost(english, wrong)
