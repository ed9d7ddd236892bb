"""Section 2, while an intake runs: nothing is decided, and nobody is stopped, by a question not yet asked."""

import pytest

from screening.interpreters.evaluate import evaluate
from screening.rules.case import read_case
from screening.rules.truth import Missing
from tests.spec.document import ruleset
from tests.spec.runner import every_interpreter, outcomes, run

RULES = ruleset("""
default_disposition: rest
definitions:
- {id: in_doubt, title: t, is: (fever = 'yes') is null}
rules:
- {id: STOP, title: t, when: smoker = 'yes', disposition: now, clarify_within_hours: 24}
- {id: STOP_ON_UNKNOWN, title: t, when: fever is null, disposition: now}
- {id: STOP_IN_DOUBT, title: t, when: in_doubt, disposition: now}
- {id: STOP_UNLESS, title: t, when: not (colour = 'red'), disposition: now}
- {id: STOP_DIFFERENT, title: t, when: colour != 'red', disposition: now}
- {id: STOP_NOT_ASKED, title: t, when: hidden_pain is null, disposition: now}
- {id: STOP_COUNT, title: t, when: "CountTrue({ mood = 'bad' }) = 0", disposition: now}
- {id: BOTH, title: t, when: age > 65 and pain > 5, disposition: soon, clarify_within_hours: 12}
- {id: EITHER, title: t, when: age > 65 or pain > 5, disposition: soon}
- {id: CLINICIAN, title: t, when: c_pain is null and age > 65}
""")

ROWS = """
says                                                     | answers                          | expect
----
nothing stops on a question not asked yet                |                                  | disposition: rest, fired: [], unresolved: [], ask_next: []
                                                         | fever: no                        | disposition: rest, fired: []
a known answer stops at once                             | smoker: yes                      | disposition: now, fired: [STOP], alarms: [STOP]
is null of a question answered don't know                | fever: dont_know                 | disposition: now, fired: [STOP_ON_UNKNOWN, STOP_IN_DOUBT]
an alarm rule that waits raises nothing to clarify       | age: 70                          | BOTH: unknown, unresolved: [], contact_within_hours: 48
                                                         | age: dont_know                   | BOTH: unknown, unresolved: [], disposition: rest
an alarm rule that waits for nothing does                | smoker: dont_know                | unresolved: [STOP], disposition: ask, ask_next: [smoker]
                                                         | age: 70, pain: dont_know         | unresolved: [BOTH]
                                                         | age: dont_know, pain: dont_know  | unresolved: [BOTH]
what cannot change any more is settled                   | age: 70                          | EITHER: true
                                                         | age: 3                           | BOTH: false, EITHER: unknown
hidden is absent here too                                | gate: no                         | STOP_NOT_ASKED: true
a question whose show_if waits is pending                |                                  | STOP_NOT_ASKED: unknown, fired: []
                                                         | gate: yes                        | STOP_NOT_ASKED: unknown
an invalid answer is unknown here too                    | smoker: maybe                    | unresolved: [STOP], invalid: [smoker], disposition: ask
hidden answers are pruned here too                       | gate: no, hidden_pain: 3         | pruned: [hidden_pain]
the clinician's questions are not asked here: absent     | age: 70                          | CLINICIAN: true
"""  # noqa: E501

SENT = """
says                                                     | answers                          | expect
----
when the answers are sent, nothing is pending any more   |                                  | STOP_ON_UNKNOWN: true, STOP: unknown, disposition: now
                                                         | fever: no, colour: red, mood: bad, gate: yes, hidden_pain: 1 | unresolved: [STOP, BOTH], disposition: ask
"""  # noqa: E501


@every_interpreter(outcomes(RULES, ROWS, pending=True))
def test_while_an_intake_runs(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(RULES, SENT))
def test_when_it_is_sent(interpreter, spec):
    run(interpreter, spec)


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.rules])
def test_the_blank_intake_fires_nothing(rule):
    verdict = evaluate(RULES, read_case(RULES, {}, pending=True)).verdicts[rule]
    assert verdict.value == "unknown"


def test_what_an_intake_does_not_ask_yet():
    case = read_case(RULES, {}, pending=True)
    assert "hidden_pain" in case.shown
    assert set(case.undetermined) == {question.id for question in RULES.questions if question.show_if}
    assert read_case(RULES, {"gate": "dont_know"}, pending=True).undetermined == ()


def test_pending_is_a_patients_question_not_yet_answered():
    case = read_case(RULES, {"fever": "dont_know", "gate": "no"}, pending=True)
    assert case.values["smoker"] is Missing.PENDING
    assert case.values["optional_smoker"] is Missing.PENDING
    assert case.values["fever"] is Missing.UNKNOWN
    assert case.values["hidden_smoker"] is Missing.ABSENT
    assert case.values["c_smoker"] is Missing.ABSENT
