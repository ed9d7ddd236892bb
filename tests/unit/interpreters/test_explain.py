"""Explanations say what a clinician expects."""

import json

import pytest

from screening.interpreters.evaluate import decide, evaluate
from screening.interpreters.explain import explain, explain_text, reason_line, why_not
from screening.rules.case import read_case
from screening.rules.outcome import Outcome
from screening.rules.truth import FALSE, TRUE, UNKNOWN
from tests.unit.interpreters.small import alarm, definition, one_rule, ruleset


def explained(rules, answers):
    return explain(rules, answers, decide(rules, answers))


def lines(rule):
    """The reasons of a rule, tests only, in words."""
    return [reason_line(test) for test in rule.tests()]


def fired(explanation, rule_id):
    return next(rule for rule in explanation.fired if rule.rule == rule_id)


def unresolved(explanation, rule_id):
    return next(rule for rule in explanation.unresolved if rule.rule == rule_id)


# -- what a clinician expects

TOILET = "Is there a problem with how you wee or poo?"
TOLD = "Has a doctor told you that you have any of these? Tick all that fit."


def test_an_emergency_names_the_answers_that_made_it(lumbar, answers_of):
    explanation = explained(lumbar, answers_of("V003"))
    assert explanation.summary == (
        "“Emergency now” because of rule E02.",
        "Contact at once: the limit of this disposition.",
    )
    rule = explanation.deciding[0]
    assert lines(rule) == [
        f"“{TOILET}” is “Yes, it started or got worse since this back or leg problem”",
        "“What is the new problem? Tick all that fit.” includes “Hard to start to wee, or I can't wee”",
    ]
    assert (rule.rule, rule.title, rule.verdict) == ("E02", "New bladder or bowel change", TRUE)
    assert rule.surgeon.startswith("Suspected cauda equina syndrome")
    assert rule.why == "Core red flag."
    assert [source.id for source in rule.sources] == ["girft_ces_2023", "bmj_bp_ces", "lothian_redflags"]
    assert rule.sources[0].status == "to_confirm"
    assert rule.sources[0].url.startswith("https://gettingitrightfirsttime.co.uk/")


def test_what_was_overtaken_is_marked(lumbar, answers_of):
    explanation = explained(lumbar, answers_of("V049"))
    assert [rule.rule for rule in explanation.deciding] == ["U07"]
    assert [rule.rule for rule in explanation.overtaken] == ["T01", "C02"]
    assert [rule.rule for rule in explanation.informing] == ["G1", "F_single_cancer_sign"]
    assert explanation.summary[1] == "Contact within 24 hours: asked for by rule U07."


def test_definitions_are_gone_through(lumbar, answers_of):
    cancer, pain = fired(explained(lumbar, answers_of("V049")), "U07").reasons
    assert (cancer.words, cancer.definition, cancer.truth) == ("“cancer now or ever”", "cancer_any", TRUE)
    assert [reason_line(test) for test in cancer.tests()] == ["“Have you ever had cancer?” is “Yes, in the past”"]
    assert pain.expression.startswith("exists (cancer_signs intersect {")
    assert [answer.words for answer in pain.answers] == ["Pain that never lets up, even lying still at night"]


def test_numbers_worked_out_are_told(lumbar, answers_of):
    explanation = explained(lumbar, answers_of("V094"))
    said = lines(fired(explanation, "D05"))
    assert any(line.startswith("“Cobb angle") and line.endswith("is 35 degrees)") for line in said)
    assert not any("Largest coronal Cobb angle" in line for line in said)


def test_what_is_not_known_and_would_settle_it(lumbar, answers_of):
    explanation = explained(lumbar, answers_of("V024"))
    assert reason_line(fired(explanation, "U02").reasons[1]) == (
        "it is not known whether “If so, when did this start?” is “6 weeks ago or more”"
    )
    rule = unresolved(explanation, "T06")
    assert [answer.question for answer in rule.settled_by] == ["foot_drop_when"]
    assert (rule.verdict, rule.within_hours) == (UNKNOWN, 72)


def test_what_would_settle_everything_is_asked_once(lumbar, answers_of):
    explanation = explained(lumbar, answers_of("V168"))
    asked = [answer.question for answer in explanation.settled_by]
    assert asked == ["known_conditions", "infection_status", "fracture_weeks"]


def test_why_a_rule_did_not_fire(lumbar, answers_of):
    answers = answers_of("V117")
    rule = why_not(lumbar, answers, decide(lumbar, answers), "D02")
    assert rule.verdict is FALSE
    assert [reason.definition for reason in rule.reasons] == ["stenosis_path"]
    assert lines(rule) == [
        "“MRI/CT findings” includes “Central canal stenosis” or “Lateral recess / foraminal stenosis” (not filled in)",
        f"“{TOLD}” includes “Narrow space for the nerves (stenosis)” (answer: “Slipped disc (herniated disc)”)",
    ]


def test_a_rule_that_fired_lacks_nothing(lumbar, answers_of):
    answers = answers_of("V117")
    assert why_not(lumbar, answers, decide(lumbar, answers), "D01").reasons == ()


def test_the_text_of_an_explanation(lumbar, answers_of):
    text = explain_text(explained(lumbar, answers_of("V044")))
    assert text.startswith("“More information needed” because it cannot be told whether rule U14 applies.\n")
    assert (
        "    answers that would settle it:\n      - If so, how is the infection now? (infection_status: not known)\n"
        in text
    )


# -- how each kind of condition is explained

NUMBERS = [
    definition("mean", "mean pain", "(pain + c_pain) / 2"),
    definition("either", "pain, told or measured", "Coalesce(c_pain, pain)"),
    definition("hurts", "a lot of pain", "pain > 3"),
]


@pytest.mark.parametrize(
    ("when", "answers", "said"),
    [
        ("colour = 'red'", {"colour": "red"}, ["“colour?” is “Red”"]),
        ("colour != 'red'", {"colour": "blue"}, ["“colour?” is answered, but not “Red” (answer: “Blue”)"]),
        ("colour in { 'red', 'blue' }", {"colour": "blue"}, ["“colour?” is “Blue”"]),
        ("not (colour = 'red')", {"colour": "blue"}, ["“colour?” is not “Red” (answer: “Blue”)"]),
        ("pain > 3", {"pain": 7}, ["“pain?” is more than 3 (answer: “7”)"]),
        ("not (c_pain > 3)", {}, ["“c_pain?”: not filled in"]),
        ("not (optional_pain > 3)", {}, ["“optional_pain?”: left empty"]),
        ("not (hidden_pain > 3)", {"smoker": "no", "hidden_pain": 9}, ["“hidden_pain?”: not asked"]),
        ("c_pain is null", {}, ["“c_pain?”: not filled in"]),
        ("pain is null", {"pain": 99}, ["“pain?”: not an answer that can be used"]),
        ("pain is not null", {"pain": 7}, ["“pain?” is known (answer: “7”)"]),
        ("pain is not null and pain > 3", {"pain": 7}, ["“pain?” is more than 3 (answer: “7”)"]),
        ("(pain > 3) is null", {}, ["it is not known whether “pain?” is more than 3"]),
        ("places contains 'arm'", {"places": ["arm", "leg"]}, ["“places?” includes “Arm” (answer: “Arm; Leg”)"]),
        (
            "exists (places intersect { 'arm', 'leg', 'back' })",
            {"places": ["arm", "leg"]},
            ["“places?” includes “Arm” and “Leg”"],
        ),
        ("pain > age", {"pain": 7, "age": 3}, ["“pain?” is more than “age?” (answers: “7” and “3”)"]),
        ("mean > 3", {"pain": 7, "c_pain": 2}, ["“mean pain” (mean) is more than 3 (“mean pain” is 4.5)"]),
        ("not (mean > 3)", {"pain": 7}, ["“mean pain” is not given"]),
        (
            "either > 3",
            {"pain": 7},
            ["“pain, told or measured” (either) is more than 3 (“pain, told or measured” is 7)"],
        ),
        ("hurts", {"pain": 7}, ["“pain?” is more than 3 (answer: “7”)"]),
        ("not hurts", {"pain": 1}, ["“pain?” is at most 3 (answer: “1”)"]),
        # only the parts of an `or` that are true, and all of an `and`
        ("pain > 3 or smoker = 'yes'", {"pain": 7, "smoker": "no"}, ["“pain?” is more than 3 (answer: “7”)"]),
        ("pain > 3 or smoker = 'yes'", {"smoker": "yes"}, ["“smoker?” is “Yes”"]),
        (
            "pain > 3 and smoker = 'yes'",
            {"pain": 7, "smoker": "yes"},
            ["“pain?” is more than 3 (answer: “7”)", "“smoker?” is “Yes”"],
        ),
        ("not (pain > 3 and smoker = 'yes')", {"pain": 1, "smoker": "yes"}, ["“pain?” is at most 3 (answer: “1”)"]),
        (
            "AtLeast(2, { pain > 3, smoker = 'yes', age > 60, colour = 'red' })",
            {"pain": 7, "age": 70, "smoker": "no"},
            ["“pain?” is more than 3 (answer: “7”)", "“age?” is more than 60 (answer: “70”)"],
        ),
    ],
)
def test_why_a_rule_fired(when, answers, said):
    rules = one_rule(when, definitions=NUMBERS)
    assert lines(fired(explained(rules, answers), "R")) == said


@pytest.mark.parametrize(
    ("when", "answers", "said", "settled_by"),
    [
        ("pain > 3", {}, ["it is not known whether “pain?” is more than 3"], ["pain"]),
        ("pain > 3 or smoker = 'yes'", {"smoker": "no"}, ["it is not known whether “pain?” is more than 3"], ["pain"]),
        ("pain > 3 and smoker = 'yes'", {"pain": 5}, ["it is not known whether “smoker?” is “Yes”"], ["smoker"]),
        (
            "places contains 'arm'",
            {"places": ["leg", "dont_know"]},
            ["it is not known whether “places?” includes “Arm” (answer: “Leg; I don't know”)"],
            ["places"],
        ),
        (
            "mean > 3",
            {"c_pain": 3},
            ["it is not known whether “mean pain” (mean) is more than 3 (“mean pain” is not known)"],
            ["pain"],
        ),
        (
            "(pain > 3 or smoker = 'no') and age > 60",
            {"smoker": "no"},
            ["it is not known whether “age?” is more than 60"],
            ["age"],
        ),
    ],
)
def test_why_a_rule_cannot_be_decided(when, answers, said, settled_by):
    rule = unresolved(explained(one_rule(when, definitions=NUMBERS), answers), "R")
    assert lines(rule) == said
    assert [answer.question for answer in rule.settled_by] == settled_by


def test_what_is_missing_of_several_ways():
    rules = one_rule("(pain > 3 and age > 60) or (smoker = 'yes' and colour = 'red')")
    answers = {"pain": 7, "age": 30, "smoker": "no"}
    (group,) = why_not(rules, answers, decide(rules, answers), "R").reasons
    assert group.words == "at least one of these"
    assert [reason.words for reason in group.reasons] == ["“age?” is more than 60", "all of these"]
    assert [reason.words for reason in group.reasons[1].reasons] == ["“smoker?” is “Yes”", "“colour?” is “Red”"]


def test_how_many_more_are_missing():
    rules = one_rule("AtLeast(3, { pain > 3, smoker = 'yes', age > 60, colour = 'red' })")
    answers = {"pain": 7, "age": 30, "smoker": "no", "colour": "red"}
    (group,) = why_not(rules, answers, decide(rules, answers), "R").reasons
    assert group.words == "at least one of these"
    assert len(group.reasons) == 2


# -- the summary


def summary(rules, answers):
    return explained(rules, answers).summary


def test_where_no_rule_decides():
    words = ("“Rest” because no rule decided otherwise.", "Contact within 900 hours: the limit of this disposition.")
    assert summary(one_rule("pain > 3"), {"pain": 1}) == words


def test_several_reasons_for_one_time_limit():
    rules = ruleset(rules=[alarm("pain > 3", clarify_within_hours=72), alarm("age > 60", "S", clarify_within_hours=72)])
    assert summary(rules, {"smoker": "perhaps"}) == (
        "“Ask” because it cannot be told whether rules R and S apply.",
        "“Ask” because an answer cannot be used.",
        "Contact within 72 hours: to clarify rules R and S and to clarify an answer that cannot be used.",
    )


def test_an_answer_that_cannot_be_used_is_named():
    (answer,) = explained(one_rule("pain > 3"), {"pain": 99}).invalid
    assert (answer.question, answer.words, answer.given) == ("pain", "not an answer that can be used", False)


# -- stored, and while an intake runs


def test_a_stored_outcome_is_explained_the_same(lumbar, vignettes):
    for vignette in vignettes.vignettes:
        answers = vignettes.answers(vignette)
        outcome = decide(lumbar, answers)
        stored = Outcome.from_data(json.loads(json.dumps(outcome.to_data())))
        assert explain(lumbar, answers, stored) == explain(lumbar, read_case(lumbar, answers), outcome)


def test_an_explanation_is_plain_data(lumbar, answers_of):
    data = explained(lumbar, answers_of("V168")).to_data()
    assert json.loads(json.dumps(data)) == data
    assert data["unresolved"][0]["verdict"] == "unknown"


def test_free_text_never_gets_into_an_explanation(lumbar, answers_of):
    answers = answers_of("V117", other_notes="my name is Maria", main_goal="dance with Maria")
    assert "Maria" not in json.dumps(explained(lumbar, answers).to_data())


def test_another_rule_sets_outcome_is_refused(lumbar):
    with pytest.raises(ValueError, match="another rule set"):
        explain(lumbar, {}, decide(one_rule("pain > 3"), {}))


def test_an_outcome_without_a_test_of_today_is_explained_as_far_as_it_goes():
    rules = one_rule("pain > 3 and smoker = 'yes'")
    data = decide(rules, {"pain": 7, "smoker": "yes"}).to_data()
    del data["trace"]["pain > 3"]
    explanation = explain(rules, {"pain": 7, "smoker": "yes"}, Outcome.from_data(data))
    assert lines(fired(explanation, "R")) == ["“smoker?” is “Yes”"]


def test_what_an_intake_has_not_asked_yet():
    rules = one_rule("pain > 3 and smoker is null")
    case = read_case(rules, {"pain": 7}, pending=True)
    rule = why_not(rules, case, evaluate(rules, case), "R")
    assert lines(rule) == ["“smoker?” is not known (not answered yet)"]
    assert [answer.question for answer in rule.settled_by] == ["smoker"]


def test_a_withdrawn_alarm_is_explained(lumbar, answers_of):
    answers = answers_of("V117")
    outcome = decide(lumbar, answers, alarms_seen=["E01"])
    rule = fired(explain(lumbar, answers, outcome), next(iter(set(outcome.fired) - set(decide(lumbar, answers).fired))))
    assert lines(rule) == [f"“{lumbar.question('alarm_withdrawn').text}” is “Yes”"]
