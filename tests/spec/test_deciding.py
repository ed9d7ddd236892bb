"""Section 5: from verdicts to a disposition, contact hours, procedures, what to ask next and what a patient is told."""

import itertools
import json

import pytest

from screening.interpreters.evaluate import decide
from screening.rules.check import read_ruleset
from screening.rules.outcome import PROGRAM_VERSION, Outcome
from tests.spec.document import document, ruleset
from tests.spec.runner import Spec, every_interpreter, outcomes, run

# -- 5.1 to 5.3

PRECEDENCE = ruleset("""
rules:
- {id: LATER, title: t, when: colour = 'red', disposition: later}
- {id: NOW, title: t, when: smoker = 'yes', disposition: now}
- {id: SOON, title: t, when: places contains 'arm', disposition: soon}
- {id: ALARM, title: t, when: fever = 'yes', disposition: now, clarify_within_hours: 24}
- {id: INFORMS, title: t, when: age > 65}
""")

PRECEDENCES = """
says                                                  | answers                                      | expect
----
every rule gets its verdict: fires, false or unknown  | colour: red, smoker: no, fever: no           | LATER: true, NOW: false, SOON: unknown, ALARM: false, INFORMS: unknown, fired: [LATER]
fired rules are listed in the order of the document   | places: [arm], smoker: yes, colour: red, age: 70 | fired: [LATER, NOW, SOON, INFORMS]
the disposition is that of the rule that fired        | places: [arm], fever: no                     | disposition: soon
the most urgent of those of the fired rules           | places: [arm], colour: red, fever: no        | disposition: soon
                                                      | places: [arm], smoker: yes, colour: red      | disposition: now
the default disposition if there is nothing           | fever: no                                    | disposition: rest, fired: []
a rule that is unknown is not in play                 | smoker: dont_know, fever: no                 | disposition: rest
a rule without a disposition only informs             | age: 70, fever: no                           | disposition: rest, fired: [INFORMS]
the clarify disposition if an alarm rule is unknown   | fever: dont_know                             | disposition: ask, unresolved: [ALARM], fired: []
                                                      | smoker: no                                   | disposition: ask, unresolved: [ALARM]
an alarm rule that is false clarifies nothing         | fever: no                                    | unresolved: []
an alarm rule that is true is not unresolved          | fever: yes                                   | unresolved: [], disposition: now, alarms: [ALARM]
a rule that fired without clarify_within_hours is no alarm | smoker: yes, fever: no                  | alarms: []
the clarify disposition if any answer is invalid      | fever: no, colour: mauve                     | disposition: ask
a more urgent rule goes before clarifying             | fever: dont_know, smoker: yes                | disposition: now, unresolved: [ALARM]
                                                      | fever: dont_know, places: [arm]              | disposition: soon
clarifying goes before a less urgent rule             | fever: dont_know, colour: red                | disposition: ask, fired: [LATER]
                                                      | fever: maybe, colour: red                    | disposition: ask, fired: [LATER]
"""  # noqa: E501

# -- 5.4

HOURS = ruleset("""
invalid_answer_within_hours: 60
rules:
- {id: PLAIN, title: t, when: colour = 'red', disposition: later}
- {id: OWN, title: t, when: places contains 'arm', disposition: later, contact_within_hours: 20}
- {id: SLOWER, title: t, when: places contains 'leg', disposition: later, contact_within_hours: 800}
- {id: SOON, title: t, when: smoker = 'yes', disposition: soon}
- {id: SOON_SLOW, title: t, when: mood = 'bad', disposition: soon, contact_within_hours: 100}
- {id: INFORMS, title: t, when: age > 65, contact_within_hours: 10}
- {id: ALARM, title: t, when: fever = 'yes', disposition: now, clarify_within_hours: 24}
- {id: SLOW_ALARM, title: t, when: pain > 3, disposition: soon, clarify_within_hours: 400}
""")

QUIET = "fever: no, pain: 0"

CONTACT_HOURS = f"""
says                                                        | answers                                  | expect
----
the disposition's own                                       | {QUIET}                                  | disposition: rest, contact_within_hours: 900
                                                            | {QUIET}, colour: red                     | disposition: later, contact_within_hours: 500
a fired rule's own contact_within_hours                     | {QUIET}, places: [arm]                   | disposition: later, contact_within_hours: 20
never later than the final disposition's own                | {QUIET}, places: [leg]                   | disposition: later, contact_within_hours: 500
                                                            | {QUIET}, mood: bad                       | disposition: soon, contact_within_hours: 48
an overtaken rule's hours count                             | {QUIET}, smoker: yes, places: [arm]      | disposition: soon, contact_within_hours: 20
a fired rule's own hours go before its disposition's        | {QUIET}, places: [leg], colour: blue     | contact_within_hours: 500
an informing rule's own hours count                         | {QUIET}, age: 70                         | disposition: rest, contact_within_hours: 10
each unresolved rule's clarify_within_hours                 | fever: dont_know, pain: 0                | disposition: ask, contact_within_hours: 24
the least of them                                           | fever: dont_know, pain: dont_know        | disposition: ask, contact_within_hours: 24
                                                            | fever: no, pain: dont_know               | disposition: ask, contact_within_hours: 300
an unresolved rule's hours count when it is overtaken       | fever: dont_know, pain: 0, smoker: yes   | disposition: soon, contact_within_hours: 24
the invalid-answer limit                                    | {QUIET}, colour: mauve                   | disposition: ask, contact_within_hours: 60
                                                            | {QUIET}, colour: mauve, smoker: yes      | disposition: soon, contact_within_hours: 48
                                                            | {QUIET}, colour: mauve, places: [arm]    | disposition: ask, contact_within_hours: 20
a rule that is false or unknown has no hours                | {QUIET}, places: [back]                  | contact_within_hours: 900
"""  # noqa: E501

# -- 5.5

PROCEDURES = ruleset("""
rules:
- {id: SUPPORTS, title: t, when: colour = 'red', disposition: later, supports: [p3, p1, p2], approach: minimally_invasive}
- {id: RULES_OUT, title: t, when: smoker = 'yes', disposition: later, rules_out: [p2]}
- {id: OPEN, title: t, when: mood = 'bad', disposition: later, approach: traditional, supports: [p3]}
- {id: INFORMS, title: t, when: age > 65, rules_out: [p1], supports: [p2], approach: traditional}
- {id: SOON, title: t, when: places contains 'arm', disposition: soon, supports: [p2]}
- {id: SOON_OUT, title: t, when: places contains 'leg', disposition: soon, rules_out: [p3], approach: minimally_invasive}
""")  # noqa: E501

PROCEDURE_ROWS = """
says                                                          | answers                                  | expect
----
supported: by fired rules of the final disposition            | colour: red                              | supports: [p1, p2, p3], rules_out: []
less the ruled out, by any fired rule of the final disposition | colour: red, smoker: yes                | supports: [p1, p3], rules_out: [p2]
less the ruled out, by any fired rule without a disposition   | colour: red, age: 70                     | supports: [p2, p3], rules_out: [p1]
a rule without a disposition supports nothing                 | age: 70                                  | supports: [], rules_out: [p1], disposition: rest
an overtaken rule supports nothing                            | colour: red, places: [arm]               | disposition: soon, supports: [p2]
an overtaken rule rules out nothing                           | smoker: yes, places: [arm]               | disposition: soon, supports: [p2], rules_out: []
a rule that did not fire supports nothing                     | colour: blue                             | supports: [], rules_out: []
approach: minimally_invasive if any says so                   | colour: red                              | approach: minimally_invasive
approach: traditional if any fired rule of the final disposition says so | colour: red, mood: bad        | approach: traditional
approach: none where nobody says                              | smoker: yes                              | approach: null
approach: a rule without a disposition does not say           | colour: red, age: 70                     | approach: minimally_invasive
                                                              | age: 70                                  | approach: null
approach: an overtaken rule does not say                      | mood: bad, places: [leg]                 | approach: minimally_invasive
                                                              | mood: bad, places: [arm]                 | approach: null
"""  # noqa: E501

# -- 5.6

ASKING = ruleset("""
definitions:
- {id: hot, title: t, is: fever = 'yes' or (optional_age > 3 and hot_place)}
- {id: hot_place, title: t, is: places contains 'arm' or hidden_pain > 3}
rules:
- {id: ALARM, title: t, when: hot and smoker = 'yes', disposition: now, clarify_within_hours: 24}
- {id: PLAIN, title: t, when: colour = 'red' and mood = 'bad', disposition: later}
- {id: INFORMS, title: t, when: sure = 'a' and age > 3}
- {id: SOON, title: t, when: pain > 9, disposition: soon}
""")

ASKING_ROWS = """
says                                                        | answers                                                       | expect
----
the unknown questions an unresolved rule mentions, through definitions too | fever: dont_know, smoker: yes, gate: no        | unresolved: [ALARM], ask_next: [fever, places]
also those shown by a show_if                               | fever: dont_know, smoker: yes, gate: yes                      | ask_next: [fever, places, hidden_pain]
also those shown since the show_if is unknown               | fever: dont_know, smoker: yes                                 | ask_next: [fever, places, hidden_pain]
in the order of the document                                | gate: yes                                                     | ask_next: [fever, smoker, places, hidden_pain]
an incomplete one too                                       | fever: dont_know, smoker: yes, places: [leg, dont_know], gate: no | ask_next: [fever, places]
by mention, not by effect                                   | fever: dont_know, smoker: yes, places: [leg, dont_know], optional_age: 1, gate: no | ask_next: [fever, places]
not those that are known                                    | fever: dont_know, smoker: yes, places: [leg], gate: no        | ask_next: [fever]
not those that are absent                                   | fever: dont_know, smoker: yes, places: [leg], gate: no, hidden_pain: 4 | ask_next: [fever]
an optional one answered don't know is unknown              | fever: no, smoker: yes, optional_age: dont_know, places: [arm] | ask_next: [hidden_pain, optional_age]
an invalid one is unknown                                   | fever: maybe, smoker: yes, places: [leg], gate: no            | ask_next: [fever]
not those of other rules, where a rule is unresolved        | fever: dont_know, smoker: yes, places: [leg], gate: no, colour: dont_know | unresolved: [ALARM], ask_next: [fever]
where none fired and none is unresolved: those of every unknown rule that has a disposition | smoker: no               | unresolved: [], ask_next: [colour, pain, mood]
                                                            | smoker: no, colour: red, pain: 3                              | ask_next: [mood]
not of a rule that is false                                 | smoker: no, colour: blue                                      | ask_next: [pain]
not of a rule that only informs                             | smoker: no, colour: blue, pain: 3                             | ask_next: [], INFORMS: unknown
nothing where a rule with a disposition fired               | smoker: no, pain: 10                                          | disposition: soon, ask_next: []
also where only an informing rule fired                     | smoker: no, pain: 3, sure: a, age: 50                         | fired: [INFORMS], ask_next: [colour, mood]
but those of an unresolved rule, whatever fired             | fever: dont_know, smoker: yes, places: [leg], gate: no, pain: 10 | disposition: soon, ask_next: [fever]
"""  # noqa: E501

# -- 5.7

TELLING = ruleset("""
rules:
- {id: FIRST, title: t, when: colour = 'red', disposition: later, patient: One.}
- {id: INFORMS, title: t, when: age > 65, patient: Older.}
- {id: AGAIN, title: t, when: "colour in { 'red', 'blue' }", disposition: later, patient: One.}
- {id: SECOND, title: t, when: smoker = 'yes', disposition: later, patient: Two.}
- {id: SILENT, title: t, when: smoker = 'yes', disposition: later}
- {id: SAME_AS_ALL, title: t, when: smoker = 'yes', disposition: later, patient: Come later.}
- {id: INFORMS_ONE, title: t, when: age > 80, patient: One.}
- {id: SOON, title: t, when: fever = 'yes', disposition: soon, patient: Hot.}
""")

TELLING_ROWS = """
says                                                          | answers                       | expect
----
the final disposition's words first                           | colour: green                 | patient_texts: [Rest.]
then the texts of the fired rules of that disposition         | colour: red                   | patient_texts: [Come later., One.]
then of the fired rules without one                           | colour: red, age: 70          | patient_texts: [Come later., One., Older.]
the same text once                                            | smoker: yes, colour: blue     | patient_texts: [Come later., One., Two.]
                                                              | colour: red, age: 90          | patient_texts: [Come later., One., Older.]
never the texts of overtaken rules                            | colour: red, smoker: yes, fever: yes | patient_texts: [Come soon., Hot.]
                                                              | colour: red, fever: yes, age: 90 | patient_texts: [Come soon., Hot., Older., One.]
nothing but what the default says where only it speaks        | age: 70                       | patient_texts: [Rest., Older.]
"""  # noqa: E501


@every_interpreter(outcomes(PRECEDENCE, PRECEDENCES))
def test_the_disposition(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(HOURS, CONTACT_HOURS))
def test_contact_within_hours(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(PROCEDURES, PROCEDURE_ROWS))
def test_procedures_and_approach(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(ASKING, ASKING_ROWS))
def test_to_ask_next(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(TELLING, TELLING_ROWS))
def test_what_a_patient_is_told(interpreter, spec):
    run(interpreter, spec)


def _every_pair_of_dispositions():
    """Whatever two dispositions are in play, the one further up the list comes out, whichever rule comes first."""
    names = ["now", "soon", "ask", "later", "rest"]
    for one, other in itertools.permutations(names, 2):
        parts = f"""
rules:
- {{id: A, title: t, when: smoker = 'yes', disposition: {one}}}
- {{id: B, title: t, when: fever = 'yes', disposition: {other}}}
"""
        expect = {"disposition": min(one, other, key=names.index)}
        yield Spec(f"of {one} and {other} the more urgent", ruleset(parts), {"smoker": "yes", "fever": "yes"}, expect)


@every_interpreter(_every_pair_of_dispositions())
def test_the_order_of_the_list_is_the_precedence(interpreter, spec):
    run(interpreter, spec)


# -- 5.8

ANSWERS = {"colour": "red", "age": 70, "gate": "no", "hidden_pain": 3, "smoker": "maybe", "unheard_of": 1, "pain": 3.14}
WHOLE = ruleset("""
definitions:
- {id: total, title: t, is: pain + 1}
- {id: half, title: t, is: balance / 2}
- {id: spare, title: t, is: c_pain + 1}
- {id: old, title: t, is: age > 65}
- {id: never_used, title: t, is: mood = 'bad' or old}
rules:
- {id: FIRED, title: t, when: old and colour = 'red', disposition: later}
- {id: NOT, title: t, when: old and colour = 'blue', disposition: now}
- {id: OPEN, title: t, when: smoker = 'yes' and total > 3, disposition: now}
""")


def test_the_outcome_holds_the_verdict_of_every_rule_and_what_each_test_saw():
    data = decide(WHOLE, ANSWERS).to_data()
    assert data["verdicts"] == {"FIRED": "true", "NOT": "false", "OPEN": "unknown"}
    assert data["trace"] == {
        "old": "true",
        "never_used": "true",
        "age > 65": "true",
        "mood = 'bad'": "unknown",
        "colour = 'red'": "true",
        "colour = 'blue'": "false",
        "smoker = 'yes'": "unknown",
        "total > 3": "true",
        "gate = 'yes'": "false",
    }
    assert data["values"] == {"total": 4.1, "half": "unknown", "spare": "absent"}
    assert (data["pruned"], data["invalid"], data["ignored"]) == (["hidden_pain"], ["smoker"], ["unheard_of"])
    assert (data["ruleset_sha256"], data["program_version"]) == (WHOLE.sha256, PROGRAM_VERSION)


def _bytes(outcome):
    return json.dumps(outcome.to_data(), sort_keys=True).encode()


def test_same_case_same_bytes():
    assert len({_bytes(decide(WHOLE, dict(order))) for order in itertools.permutations(ANSWERS.items())}) == 1


def test_the_same_number_is_the_same_case():
    answers = [{"age": 45, "pain": 3}, {"age": 45.0, "pain": 3.0}, {"age": 45, "pain": 3.04}]
    assert len({_bytes(decide(WHOLE, each)) for each in answers}) == 1
    assert _bytes(decide(WHOLE, {"balance": 0})) == _bytes(decide(WHOLE, {"balance": -0.0}))


def test_ticked_in_any_order_is_the_same_case():
    answers = [{"places": list(order)} for order in itertools.permutations(["arm", "leg", "back"])]
    assert len({_bytes(decide(WHOLE, each)) for each in answers}) == 1


def test_the_order_of_the_rules_never_matters():
    data = document()
    rules = [
        {"id": "A", "title": "t", "when": "smoker = 'yes'", "disposition": "later", "supports": ["p1"]},
        {"id": "B", "title": "t", "when": "fever = 'yes'", "disposition": "soon", "clarify_within_hours": 4},
        {"id": "C", "title": "t", "when": "colour = 'red'", "rules_out": ["p1"]},
    ]
    answers = {"smoker": "yes", "fever": "dont_know", "colour": "red"}
    seen = set()
    for order in itertools.permutations(rules):
        outcome = decide(read_ruleset({**data, "rules": list(order)}), answers).to_data()
        outcome.pop("ruleset_sha256")
        seen.add(json.dumps({**outcome, "fired": sorted(outcome["fired"])}, sort_keys=True))
    assert len(seen) == 1


@pytest.mark.parametrize("answers", [{}, ANSWERS, {"places": ["arm", "dont_know"], "c_pain": 3}])
def test_an_outcome_can_be_written_and_read_back(answers):
    outcome = decide(WHOLE, answers)
    assert Outcome.from_data(outcome.to_data()) == outcome
    assert Outcome.from_data(json.loads(json.dumps(outcome.to_data()))) == outcome


def test_deciding_changes_nothing_that_was_given():
    answers = {"places": ["arm", "arm"], "colour": "red"}
    decide(WHOLE, answers)
    assert answers == {"places": ["arm", "arm"], "colour": "red"}
