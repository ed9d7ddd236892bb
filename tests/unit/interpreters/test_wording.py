"""Expressions, numbers and answers in plain English."""

import pytest

from screening.rules.case import read_case
from screening.rules.plain import answer_in_words, hours_in_words, listed, number_in_words
from screening.rules.ruleset import RuleSet
from screening.rules.truth import Missing
from screening.rules.wording import Clause, as_text, in_one_line, lines, meaning_in_words, wording
from tests.unit.interpreters.small import definition, document, one_rule, ruleset

SENTENCES = [
    ("colour = 'red'", "“colour?” is “Red”"),
    ("'red' = colour", "“colour?” is “Red”"),
    ("colour != 'red'", "“colour?” is answered, but not “Red”"),
    ("not (colour = 'red')", "“colour?” is not “Red”"),
    ("not (colour != 'red')", "“colour?” is “Red”"),
    ("not (hidden_colour = 'red')", "“hidden_colour?” is not “Red”, or it was not asked"),
    ("not (optional_colour = 'red')", "“optional_colour?” is not “Red”, or it is left empty"),
    ("not (c_colour = 'red')", "“c_colour?” is not “Red”, or it is not filled in"),
    ("colour in { 'red', 'green', 'blue' }", "“colour?” is “Red”, “Green” or “Blue”"),
    ("not (colour in { 'red', 'green' })", "“colour?” is not “Red” or “Green”"),
    ("smoker = 'yes'", "“smoker?” is “Yes”"),
    ("places contains 'arm'", "“places?” includes “Arm”"),
    ("not (places contains 'arm')", "“places?” does not include “Arm”"),
    ("exists (places intersect { 'arm', 'leg' })", "“places?” includes “Arm” or “Leg”"),
    ("height_cm > 150", "“height_cm?” is more than 150 cm"),
    ("150 < height_cm", "“height_cm?” is more than 150 cm"),
    ("height_cm >= 150.5", "“height_cm?” is at least 150.5 cm"),
    ("height_cm < 150", "“height_cm?” is less than 150 cm"),
    ("height_cm <= 150", "“height_cm?” is at most 150 cm"),
    ("not (height_cm <= 150)", "“height_cm?” is more than 150 cm"),
    ("pain = 3", "“pain?” is 3"),
    ("pain in { 3, 4 }", "“pain?” is 3 or 4"),
    ("pain + age > 9", "“pain?” plus “age?” is more than 9"),
    ("(pain + age + pain) / 3 > 9", "(“pain?” plus “age?” plus “pain?”) divided by 3 is more than 9"),
    ("pain - (age - pain) > 9", "“pain?” minus (“age?” minus “pain?”) is more than 9"),
    ("-pain < age", "minus “pain?” is less than “age?”"),
    ("Coalesce(c_pain, pain) > 5", "the first known of “c_pain?” or “pain?” is more than 5"),
    ("Score(mood) >= 3", "the score of “mood?” is at least 3"),
    ("CountTicked(places) >= 2", "how many are ticked in “places?” is at least 2"),
    (
        "CountTrue({ smoker = 'yes', pain > 3 }) >= 2",
        "how many of these are so (“smoker?” is “Yes”; “pain?” is more than 3) is at least 2",
    ),
    ("pain is null", "“pain?” is not known"),
    ("pain is not null", "“pain?” is known"),
    ("not (pain is null)", "“pain?” is known"),
    ("hidden_pain is null", "“hidden_pain?” is not known or was not asked"),
    ("c_pain is null", "“c_pain?” is not filled in"),
    ("c_pain is not null", "“c_pain?” is filled in"),
    ("(pain > 3) is null", "it is not known whether “pain?” is more than 3"),
    ("(pain > 3) is not null", "it is known whether “pain?” is more than 3"),
    ("pain is not null and pain > 3", "“pain?” is more than 3 (not known counts as no)"),
    ("(pain > 3) is null or pain > 3", "“pain?” is more than 3 (not known counts as yes)"),
    ("not (pain is not null and pain > 3)", "“pain?” is at most 3 (not known counts as yes)"),
    ("not ((pain > 3) is null or pain > 3)", "“pain?” is at most 3 (not known counts as no)"),
    ("not (true)", "never"),
]


@pytest.mark.parametrize(("expression", "words"), SENTENCES)
def test_a_test_is_one_sentence(expression, words):
    assert meaning_in_words(one_rule(expression), expression) == Clause(words)


GROUPS = {
    "pain > 3 and (smoker = 'yes' or age > 60)": """\
all of these:
  “pain?” is more than 3
  at least one of these:
    “smoker?” is “Yes”
    “age?” is more than 60""",
    "not (pain > 3 or smoker = 'yes')": """\
none of these:
  “pain?” is more than 3
  “smoker?” is “Yes”""",
    "not (pain > 3 and smoker = 'yes')": """\
not all of these:
  “pain?” is more than 3
  “smoker?” is “Yes”""",
    "AtLeast(2, { pain > 3, smoker = 'yes', age > 60 })": """\
at least 2 of these:
  “pain?” is more than 3
  “smoker?” is “Yes”
  “age?” is more than 60""",
    "not (AtLeast(2, { pain > 3, smoker = 'yes' }))": """\
fewer than 2 of these:
  “pain?” is more than 3
  “smoker?” is “Yes”""",
    "(pain > 3 and smoker = 'yes') is null": """\
it is not known whether this is so:
  all of these:
    “pain?” is more than 3
    “smoker?” is “Yes”""",
    # nothing is said as one where it would not mean the same
    "places is not null and places contains 'arm'": """\
all of these:
  “places?” is known
  “places?” includes “Arm”""",
    "pain is not null and age > 3": """\
all of these:
  “pain?” is known
  “age?” is more than 3""",
    "pain is null or pain > 3": """\
at least one of these:
  “pain?” is not known
  “pain?” is more than 3""",
}


@pytest.mark.parametrize("expression", GROUPS)
def test_groups_are_nested(expression):
    assert as_text(meaning_in_words(one_rule(expression), expression)) == GROUPS[expression]


def test_a_group_in_one_line():
    text = "pain > 3 and (smoker = 'yes' or age > 60)"
    words = "“pain?” is more than 3 and (“smoker?” is “Yes” or “age?” is more than 60)"
    assert in_one_line(meaning_in_words(one_rule(text), text)) == words


DEFINED = ruleset(
    definitions=[
        definition("old", "of a certain age", "age >= 60"),
        definition("middle", "mean of pain", "(pain + c_pain) / 2"),
        definition("height", "measured or told", "Coalesce(c_height_cm, height_cm)"),
        definition("ratio", "pain by height", "pain / height_cm"),
    ]
)


@pytest.mark.parametrize(
    ("expression", "words", "named"),
    [
        ("old", "“of a certain age” (old)", ("old",)),
        ("not old", "not “of a certain age” (old)", ("old",)),
        ("old is null", "it is not known whether “of a certain age” (old) holds", ("old",)),
        ("middle >= 5", "“mean of pain” (middle) is at least 5", ("middle",)),
        ("middle is null", "“mean of pain” (middle) is not known or is not filled in", ("middle",)),
        ("height < 150", "“measured or told” (height) is less than 150 cm", ("height",)),
        ("ratio < 1", "“pain by height” (ratio) is less than 1", ("ratio",)),
    ],
)
def test_a_definition_is_named_by_title_and_id(expression, words, named):
    assert meaning_in_words(DEFINED, expression) == Clause(words, definitions=named)


def test_a_definition_can_be_expanded():
    assert wording(DEFINED).definition("old") == Clause("“age?” is at least 60")


def test_questions_with_the_same_text_are_told_apart(lumbar):
    words = meaning_in_words(lumbar, "cancer_signs contains 'weight_loss'").text
    assert "(cancer_signs)" in words


def test_a_name_that_does_not_exist_is_shown_as_it_is():
    assert meaning_in_words(ruleset(), "colur = 'red'").text == "colur is “red”"


def draft(**meanings):
    """A rule set nobody has checked, with these definitions."""
    definitions = [definition(name, f"the {name}", text) for name, text in meanings.items()]
    return RuleSet.model_validate(document(definitions=definitions))


@pytest.mark.parametrize(
    "rules",
    [
        draft(one="two + 1", two="one + 1"),
        draft(one="one"),
        draft(one="one > "),
        draft(one="nothing_here + 1"),
        draft(one="d0 + 1", **{f"d{place}": f"d{place + 1} + 1" for place in range(1500)}),
    ],
)
def test_a_draft_that_is_wrong_elsewhere_still_has_words(rules):
    assert meaning_in_words(rules, "one > 3").text == "“the one” (one) is more than 3"
    assert meaning_in_words(rules, "not (one > 3)").text.startswith("“the one” (one) is at most 3")


def test_lines_carry_their_depth():
    text = "pain > 3 and (smoker = 'yes' or age > 60)"
    assert [depth for depth, _ in lines(meaning_in_words(one_rule(text), text))] == [0, 1, 1, 2, 2]


def test_every_shipped_expression_has_words_without_code(lumbar):
    expressions = [rule.when for rule in lumbar.rules]
    expressions += [definition.is_ for definition in lumbar.definitions]
    expressions += [question.show_if for question in lumbar.questions if question.show_if]
    for expression in expressions:
        words = as_text(meaning_in_words(lumbar, expression))
        assert "'" not in words.replace("can't", "").replace("I'm", "").replace("don't", "").replace("lab's", "")
        assert " = " not in words.replace("(0 = no slip, V = 5)", "")
        assert " null" not in words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (14, "weeks", "14 weeks"),
        (1, "weeks", "1 week"),
        (7.5, "%", "7.5%"),
        (7, "out of 10", "7 out of 10"),
        (-2.5, "SD", "-2.5 SD"),
        (20 / 3, None, "6.67"),
        (3.0, None, "3"),
    ],
)
def test_numbers(value, unit, words):
    assert number_in_words(value, unit) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "at once"),
        (1, "1 hour"),
        (24, "24 hours"),
        (72, "72 hours"),
        (96, "4 days"),
        (336, "2 weeks"),
        (100, "100 hours"),
    ],
)
def test_time_limits(hours, words):
    assert hours_in_words(hours) == words


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("colour", "red", "Red"),
        ("colour", "dont_know", "I don't know"),
        ("colour", "purple", "purple"),
        ("smoker", "yes", "Yes"),
        ("places", ["arm", "leg"], "Arm; Leg"),
        ("places", ["arm", "dont_know"], "Arm; I don't know"),
        ("height_cm", 170.5, "170.5 cm"),
        ("born", "1980-02-03", "1980-02-03"),
        ("remark", "as I said", "as I said"),
        ("colour", None, "not given"),
        ("colour", Missing.UNKNOWN, "not known"),
        ("colour", True, "True"),
    ],
)
def test_answers(question, answer, words):
    assert answer_in_words(ruleset().question(question), answer) == words


def test_an_answer_as_a_case_holds_it():
    case = read_case(ruleset(), {"places": ["leg", "arm", "dont_know"]})
    assert answer_in_words(ruleset().question("places"), case.values["places"]) == "Arm; Leg; I don't know"


def test_a_list_of_one_has_no_last_word():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "and") == "a, b and c"
