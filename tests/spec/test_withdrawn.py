"""Section 2, withdrawn alarms: the one pure step before a case is decided."""

import pytest

from screening.interpreters.evaluate import decide
from tests.spec.document import ruleset
from tests.spec.runner import every_interpreter, outcomes, run

PARTS = """
questions:
- {id: alarm_withdrawn, section: all, audience: system, type: yes_no, text: Taken back}
rules:
- {id: HOT, title: t, when: fever = 'yes', disposition: now, clarify_within_hours: 24}
- {id: DEEP, title: t, when: hidden_smoker = 'yes', disposition: now, clarify_within_hours: 24}
- {id: NO_ALARM, title: t, when: hidden_colour = 'red', disposition: now}
- {id: TAKEN_BACK, title: t, when: alarm_withdrawn = 'yes', disposition: soon}
- {id: NOT_SAID, title: t, when: alarm_withdrawn is null}
"""
WITH = ruleset(PARTS)
WITHOUT = ruleset(PARTS.replace("alarm_withdrawn", "set_by_nobody"))

WHOLE = """
says                                                          | answers                                              | expect
----
nothing was taken back                                        | fever: no, gate: no                                  | TAKEN_BACK: false, disposition: rest
an alarm that stands is not taken back                        | fever: yes, gate: no                                 | TAKEN_BACK: false, disposition: now
                                                              | fever: no, gate: yes, hidden_smoker: yes             | TAKEN_BACK: false, disposition: now
true with every stored answer taken as shown, and not once hidden ones are pruned | fever: no, gate: no, hidden_smoker: yes | TAKEN_BACK: true, disposition: soon, pruned: [hidden_smoker]
only an alarm rule's                                          | fever: no, gate: no, hidden_colour: red              | TAKEN_BACK: false, disposition: rest
a hidden answer that sets off no alarm                        | fever: no, gate: no, hidden_smoker: no               | TAKEN_BACK: false, disposition: rest
                                                              | fever: no, gate: no, hidden_smoker: dont_know        | TAKEN_BACK: false
a 'no' that comes with the answers is ignored                 | fever: no, gate: no, hidden_smoker: yes, alarm_withdrawn: no | TAKEN_BACK: true
                                                              | fever: no, gate: no, alarm_withdrawn: no             | TAKEN_BACK: false, NOT_SAID: true, disposition: rest
a 'yes' that comes with the answers stands                    | fever: no, gate: no, alarm_withdrawn: yes            | TAKEN_BACK: true
anything else is invalid, and finds what was taken back as well | fever: no, gate: no, alarm_withdrawn: maybe        | TAKEN_BACK: unknown, invalid: [alarm_withdrawn]
"""  # noqa: E501

NONE = """
says                                                          | answers                                              | expect
----
a rule set without the question has no such step              | fever: no, gate: no, hidden_smoker: yes              | TAKEN_BACK: false, disposition: rest
"""  # noqa: E501


@every_interpreter(outcomes(WITH, WHOLE) + outcomes(WITHOUT, NONE))
def test_a_response_that_arrives_whole(interpreter, spec):
    run(interpreter, spec)


@pytest.mark.parametrize(
    ("says", "seen", "answers", "expected"),
    [
        ("true at a saved step and false now", ["HOT"], {"fever": "no", "gate": "no"}, "true"),
        ("true at a saved step and unknown now", ["HOT"], {"fever": "dont_know", "gate": "no"}, "true"),
        ("true at a saved step and hidden now", ["DEEP"], {"fever": "no", "gate": "no"}, "true"),
        ("true at a saved step and true now", ["HOT"], {"fever": "yes", "gate": "no"}, "false"),
        ("one stands and one was taken back", ["HOT", "DEEP"], {"fever": "yes", "gate": "no"}, "true"),
        ("a rule that is no alarm", ["NO_ALARM"], {"fever": "no", "gate": "no"}, "false"),
        ("a rule that is not there any more", ["GONE"], {"fever": "no", "gate": "no"}, "false"),
        ("a 'no' is ignored", ["HOT"], {"fever": "no", "gate": "no", "alarm_withdrawn": "no"}, "true"),
        ("no alarm was seen", [], {"fever": "no", "gate": "no"}, "false"),
    ],
)
def test_what_was_seen_while_the_intake_ran(says, seen, answers, expected):
    outcome = decide(WITH, answers, alarms_seen=seen)
    assert outcome.verdicts["TAKEN_BACK"].value == expected, says


def test_the_answers_given_are_left_as_they_are():
    answers = {"fever": "no", "gate": "no", "hidden_smoker": "yes", "alarm_withdrawn": "no"}
    decide(WITH, answers)
    assert answers["alarm_withdrawn"] == "no"
