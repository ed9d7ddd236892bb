"""The measure of the patients' texts: it finds what is planted, and leaves plain words alone."""

from pathlib import Path

import pytest

from screening.rules.translations import patient_texts
from screening.rulesets import load, shipped
from tests.reading.__main__ import all_amiss, report
from tests.reading.measure import english_syllables, measure, spanish_syllables, too_hard
from tests.reading.texts import Text, of_catalogue, of_ruleset
from tests.reading.tone import said_amiss

PLAIN = "Most back pain gets better by itself. Keep moving. Tell us if it gets worse."
HARD = "Minimally invasive decompression necessitates comprehensive preoperative radiological evaluation of candidates."
LONG = "Go " + "and go " * 10 + "on."


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("numb", 1), ("people", 2), ("used", 1), ("treated", 2), ("infection", 3), ("careful", 2), ("something", 2)],
)
def test_english_syllables_are_those_one_hears(word, syllables):
    assert english_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("día", 2),
        ("después", 2),
        ("sangre", 2),
        ("guía", 2),
        ("infección", 3),
        ("leer", 2),
        ("quien", 1),
        ("cuidado", 3),
    ],
)
def test_spanish_syllables_are_those_one_hears(word, syllables):
    assert spanish_syllables(word) == syllables


def test_words_that_must_be_known_count_as_short():
    assert english_syllables("Laminectomy") == english_syllables("emergency") == 2


def test_a_hard_text_and_a_long_sentence_are_found():
    assert too_hard(PLAIN) == []
    assert "grade" in " ".join(too_hard(HARD))
    assert any("a sentence of 22 words" in found for found in too_hard(LONG))


def test_a_single_long_word_is_no_scandal_but_a_row_of_them_is():
    assert too_hard("Physiotherapy") == []
    assert too_hard("Percutaneous vertebral augmentation considerations")


def test_tags_addresses_and_what_is_filled_in_do_not_count():
    assert measure('Call <a href="{{ clinically_appropriate_url }}">%(number)s</a> now.') == measure("Call it now.")


def test_a_hard_spanish_text_is_found():
    assert too_hard("La mayoría del dolor de espalda mejora solo. Siga moviéndose.", "es") == []
    assert too_hard("La descompresión mínimamente invasiva requiere evaluaciones radiológicas preoperatorias.", "es")


@pytest.mark.parametrize(
    "text",
    [
        "Please note that we are closed.",
        "This is an invalid number.",
        "You are a candidate for surgery.",
        "You have a slipped disc.",
        "We look at every case.",
        "Patients are told later.",
        "Surgery will cure you.",
        "We guarantee an answer.",
        "We promise to call.",
        "STOP HERE!",
    ],
)
def test_what_nobody_should_read_is_found(text):
    assert said_amiss(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do you have an infection now?",
        "If you have cancer, tell us.",
        "You have sent your answers.",
        "Keep it in case you need it.",
        "This is not a promise.",
        "It can be a sign of cancer.",
    ],
)
def test_what_is_kind_and_true_is_left_alone(text):
    assert said_amiss(text) == []


@pytest.mark.parametrize("text", ["Usted tiene cáncer.", "¿Cómo estás tú?", "El paciente debe esperar.", "Le curará."])
def test_the_spanish_tone_is_kept_as_well(text):
    assert said_amiss(text, "es")


def test_every_text_of_a_rule_set_is_measured_but_an_instruments_own_words():
    ruleset = load(shipped("lumbar-miss"))
    texts = {text.place: text for text in of_ruleset(ruleset, "en")}
    assert len(texts) == sum(len(fields) for fields in patient_texts(ruleset).values())
    assert texts["questions/peg_enjoy text"].fixed_by
    assert texts["questions/phq2_mood choices/0/label"].fixed_by
    assert not texts["questions/phq2_interest help"].fixed_by
    assert not texts["dispositions/emergency_now patient"].fixed_by


def test_a_translation_is_measured_where_there_is_one_and_an_instruments_never():
    ruleset = load(shipped("lumbar-miss"))
    texts = list(of_ruleset(ruleset, "es"))
    assert {text.language for text in texts} == {"es"}
    assert {text.place for text in texts if text.fixed_by} >= {"questions/peg_pain text", "questions/phq2_mood text"}


def test_a_planted_text_is_named_with_its_place_and_fails():
    amiss = all_amiss([Text("rules/X1 patient", HARD), Text("rules/X2 patient", PLAIN)])
    assert amiss
    assert all("rules/X1 patient" in line and HARD in line for line in amiss)


def test_fixed_wording_is_never_amiss_but_named():
    fixed = Text("questions/q text", HARD, fixed_by="PEG item 1")
    assert all_amiss([fixed]) == []
    assert any("PEG item 1" in line for line in report([fixed, Text("a", PLAIN)], []))


def test_both_numbers_of_a_catalogues_entry_are_read_in_its_own_language(tmp_path: Path):
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '#: templates/a.html:1\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "%(n)s día"\nmsgstr[1] "%(n)s días"\n\n#~ msgid "gone"\n#~ msgstr "ido"\n',
        encoding="utf-8",
    )
    assert [text.words for text in of_catalogue(path, "es")] == ["%(n)s día", "%(n)s días"]
    assert [(text.words, text.place) for text in of_catalogue(path, "en")][1] == ("%(n)s days", "templates/a.html")
