"""Patients' texts in other languages: which they are, what counts as translated, and that nothing decides otherwise."""

import copy
import random

import pytest

from screening.interpreters.evaluate import decide
from screening.interpreters.prose import prose
from screening.rules.check import check
from screening.rules.check_translations import out_of_date
from screening.rules.difference import difference
from screening.rules.parts import mark_of
from screening.rules.problems import DocumentError
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.translations import languages_offered, patient_texts, states, texts_in, translated, unusable
from screening.rulesets import load, shipped
from tests.translating import APPROVED, alarms_in_spanish, in_spanish, translations, with_translations
from tests.unit.interpreters.small import alarm, definition, question, ruleset


@pytest.fixture(scope="module")
def small():
    return ruleset(
        notice=["We do not diagnose.", "Call if it gets worse."],
        rules=[
            alarm("reddish", "E1", patient="Somebody must look at this now."),
            {"id": "R2", "title": "Rest", "when": "pain > 3", "patient": "Rest helps.", "surgeon": "For staff only."},
        ],
        questions=[question("fever", type="yes_no", text="Do you feel hot?", safety=True, section="more")],
        definitions=[definition("reddish", "Red where it was asked", "hidden_colour = 'red'")],
        education={
            "facts": [{"id": "F1", "text": "Backs heal."}],
            "timeline": [{"when": "Week 1", "text": "You can walk."}],
        },
    )


@pytest.fixture(scope="module")
def lumbar():
    return load(shipped("lumbar-miss"))


def changed(ruleset, change):
    """Another rule set: the document after a change of its plain data."""
    data = copy.deepcopy(ruleset.document())
    change(data)
    return read_shape(RuleSet, data)


# Which texts --------------------------------------------------------------------------------------------------------


def test_every_text_that_patients_read_is_found_by_place_and_field(small):
    texts = patient_texts(small)
    assert texts["ruleset"] == {
        "title": "Small",
        "notice/1": "We do not diagnose.",
        "notice/2": "Call if it gets worse.",
    }
    assert texts["questions/fever"] == {"text": "Do you feel hot?", "dont_know": "I don't know"}
    assert texts["questions/colour"]["choices/red/label"] == "Red"
    assert texts["dispositions/now"] == {"patient_label": "now", "patient": "Words of now."}
    assert texts["rules/R2"] == {"patient": "Rest helps."}
    assert texts["education/facts/F1"] == {"text": "Backs heal."}
    assert texts["education/timeline/Week 1"] == {"when": "Week 1", "text": "You can walk."}
    assert texts["procedures/p1"] == {"label": "Procedure one"}


def test_what_only_staff_read_is_not_translated(small):
    found = patient_texts(small)
    assert "questions/c_colour" not in found
    assert "For staff only." not in str(found)


def test_a_section_without_questions_for_patients_is_not_translated(lumbar):
    assert "sections/safety" in patient_texts(lumbar)
    assert "sections/clinician" not in patient_texts(lumbar)


# Reading in another language ----------------------------------------------------------------------------------------


def test_translated_texts_stand_where_their_source_stood(small):
    spanish = translated(in_spanish(small, **APPROVED), "es")
    assert spanish.language == "es"
    assert spanish.question("fever").text == "ES Do you feel hot?"
    assert spanish.question("colour").label_of("red") == "ES Red"
    assert spanish.notice == ("ES We do not diagnose.", "ES Call if it gets worse.")
    assert spanish.education.timeline[0].when == "ES Week 1"
    assert spanish.rule("R2").surgeon == "For staff only."


def test_what_is_not_approved_stays_as_it_is_but_in_a_demo(small):
    drafted = in_spanish(small)
    assert translated(drafted, "es").question("fever").text == "Do you feel hot?"
    assert translated(drafted, "es", drafts=True).question("fever").text == "ES Do you feel hot?"


def test_a_stale_translation_is_read_by_nobody(small):
    later = changed(in_spanish(small, **APPROVED), lambda data: data["questions"][-1].update(text="Are you hot?"))
    for drafts in (False, True):
        assert translated(later, "es", drafts=drafts).question("fever").text == "Are you hot?"
    assert [str(problem).split(":")[0] for problem in out_of_date(later)] == ["translations/es/questions/fever/text"]
    assert check(later) == []


def test_a_language_nobody_began_changes_nothing(small):
    assert translated(small, "fr") is small


def test_translations_decide_nothing(lumbar):
    spanish = in_spanish(lumbar, **APPROVED)
    read = translated(spanish, "es")
    generator = random.Random(7)
    for _ in range(30):
        asked = generator.sample(lumbar.questions, 25)
        answers = {q.id: generator.choice([*q.codes, "dont_know", 3]) for q in asked}
        wanted = decide(lumbar, answers)
        for other in (spanish, read):
            got = decide(other, answers)
            assert (got.disposition, got.contact_within_hours, got.fired, got.ask_next, got.supports) == (
                wanted.disposition, wanted.contact_within_hours, wanted.fired, wanted.ask_next, wanted.supports,
            )  # fmt: skip


def test_without_translations_the_identity_is_as_it_always_was(small):
    assert "translations" not in small.document()
    assert read_shape(RuleSet, {**small.document(), "translations": {}}).sha256 == small.sha256
    assert in_spanish(small).sha256 != small.sha256


# What is offered ----------------------------------------------------------------------------------------------------


def test_a_language_is_offered_when_its_alarm_texts_are_all_approved(small):
    assert languages_offered(small) == ("en",)
    assert languages_offered(in_spanish(small)) == ("en",)
    assert languages_offered(in_spanish(small), demo=True) == ("en", "es")
    assert languages_offered(alarms_in_spanish(small)) == ("en", "es")


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("ruleset", "notice/2"),
        ("questions/fever", "text"),
        ("questions/fever", "dont_know"),
        ("sections/more", "title"),
        ("rules/E1", "patient"),
        ("dispositions/now", "patient_label"),
        # what an alarm rule tests, through a definition, and what decides whether that is asked
        ("questions/hidden_colour", "choices/red/label"),
        ("questions/smoker", "text"),
        # where it leads when an alarm question is not answered
        ("dispositions/ask", "patient"),
    ],
)
@pytest.mark.parametrize("how", ["missing", "draft", "stale"])
def test_one_alarm_text_that_is_not_approved_takes_the_language_away(small, place, field, how):
    def change(data):
        texts = data["translations"]["es"][place]
        texts[field] = {
            "missing": None,
            "draft": {**texts[field], "status": "draft", "by": ""},
            "stale": {**texts[field], "of": "00000000"},
        }[how]
        if texts[field] is None:
            del texts[field]

    left = changed(alarms_in_spanish(small), change)
    assert languages_offered(left) == ("en",)
    assert [(text.address, text.state) for text in unusable(left, "es")] == [((place, field), how)]


def test_other_texts_do_not_take_it_away(small):
    left = alarms_in_spanish(small)
    assert states(left, "es")["missing"] > 10
    assert languages_offered(left) == ("en", "es")


def test_every_text_has_a_state(small):
    some = with_translations(small, es={"rules/R2": {"patient": {"words": "Descanse.", "of": mark_of("Rest helps.")}}})
    found = {text.address: text.state for text in texts_in(some, "es")}
    assert found["rules/R2", "patient"] == "draft"
    assert found["rules/E1", "patient"] == "missing"
    assert sum(states(some, "es").values()) == len(found)


# What is wrong ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "place", "words"),
    [
        ({"questions/fiver": {"text": {"words": "x", "of": "00000000"}}}, "questions/fiver", "No text for patients"),
        (
            {"questions/c_colour": {"text": {"words": "x", "of": "00000000"}}},
            "questions/c_colour",
            "No text for patients",
        ),
        ({"rules/R2": {"surgeon": {"words": "x", "of": "00000000"}}}, "rules/R2/surgeon", "no text for patients"),
        ({"rules/R2": {"patient": {"words": " ", "of": mark_of("Rest helps.")}}}, "rules/R2/patient", "empty"),
        ({"rules/R2": {"patient": {"words": "x {a}", "of": mark_of("Rest helps.")}}}, "rules/R2/patient", "filled in"),
        (
            {"questions/fever": {"text": {"words": "x" * 501, "of": mark_of("Do you feel hot?")}}},
            "questions/fever/text",
            "500",
        ),
    ],
)
def test_what_is_wrong_with_a_translation_is_told_with_its_place(small, texts, place, words):
    with pytest.raises(DocumentError) as caught:
        with_translations(small, es=texts)
    assert [problem.place for problem in caught.value.problems] == [f"translations/es/{place}"]
    assert words in caught.value.problems[0].message


def test_the_own_language_is_not_translated_into(small):
    with pytest.raises(DocumentError, match="own language"):
        with_translations(small, en=translations(small))


@pytest.mark.parametrize("more", [{"status": "approved"}, {"by": "Dr A. García"}, {"status": "sure", "by": "me"}])
def test_approval_names_a_person_and_a_draft_nobody(small, more):
    with pytest.raises(DocumentError):
        with_translations(
            small, es={"rules/R2": {"patient": {"words": "Descanse.", "of": mark_of("Rest helps."), **more}}}
        )


def test_the_mark_says_exactly_which_text():
    assert mark_of("Rest helps.") == mark_of("Rest helps.")
    assert mark_of("Rest helps.") != mark_of("Rest helps")
    assert len(mark_of("")) == 8


# Told elsewhere -----------------------------------------------------------------------------------------------------


def test_a_changed_translation_is_told_among_the_differences(small):
    def approve(data):
        data["translations"]["es"]["rules/R2"]["patient"].update(APPROVED)

    def word(data):
        data["translations"]["es"]["rules/R2"]["patient"]["words"] = "Descansar ayuda."

    before = in_spanish(small)
    draft = f"(draft, of {mark_of('Rest helps.')})"
    assert difference(before, changed(before, word)).sentences() == [
        f"Translation “es rules/R2 patient”: words “ES Rest helps.” {draft} → “Descansar ayuda.” {draft}"
    ]
    assert "→ “ES Rest helps.” (approved by Dr A. García" in difference(before, changed(before, approve)).sentences()[0]
    added = with_translations(small, es={"rules/R2": before.document()["translations"]["es"]["rules/R2"]})
    assert difference(small, added).sentences() == ["Translation “es rules/R2 patient”: added"]


def test_a_translation_asks_nobody_again(small):
    assert difference(small, in_spanish(small)).added_or_changed_safety_questions == ()


def test_the_document_for_people_has_them(small):
    written = prose(alarms_in_spanish(small))
    assert "## Translations" in written
    assert "approved by Dr A. García" in written
    assert "ES Do you feel hot?" in written
    assert "## Translations" not in prose(small)


def test_a_document_with_translations_reads_back_the_same(small):
    spanish = in_spanish(small, **APPROVED)
    assert read_shape(RuleSet, spanish.document()) == spanish


def test_names_that_look_odd_are_only_names():
    odd = ruleset(
        education={"timeline": [{"when": "Day 1/2: “up”", "text": "a"}, {"when": "Day 1/2: “up”", "text": "b"}]}
    )
    assert list(patient_texts(odd))[-2:] == ["education/timeline/Day 1/2: “up”", "education/timeline/Day 1/2: “up” (2)"]
    assert translated(in_spanish(odd, **APPROVED), "es").education.timeline[1].text == "ES b"
