"""Section 2: what an answer counts for, and in which state each question is."""

import math

import pytest

from screening.rules.case import read_case
from screening.rules.truth import Missing
from screening.rules.units import to_unit
from tests.spec.document import ruleset
from tests.spec.runner import Spec, every_interpreter, expressions, outcomes, run

TYPES = """
says                                                        | expression                   | answers                  | verdict
----
a yes_no answer is 'yes' or 'no'                            | smoker = 'yes'               | smoker: yes              | true
                                                            | smoker = 'no'                | smoker: no               | true
                                                            | smoker = 'no'                | smoker: yes              | false
a single answer is one choice's value                       | colour = 'red'               | colour: red              | true
                                                            | colour = 'red'               | colour: green            | false
a multiple answer is a list of choices' values              | places contains 'arm'        | places: [leg, arm]       | true
                                                            | places contains 'back'       | places: [leg, arm]       | false
a multiple answer's order does not count                    | places contains 'arm'        | places: [arm, leg]       | true
[] is not answered: unknown where required                  | places contains 'arm'        | places: []               | unknown
[] is not answered: absent where optional                   | optional_places contains 'arm' | optional_places: []    | false
null is not answered                                        | smoker = 'yes'               | smoker: null             | unknown
                                                            | optional_smoker = 'yes'      | optional_smoker: null    | false
a number is in [min, max], both inclusive                   | pain = 0                     | pain: 0                  | true
                                                            | pain = 10                    | pain: 10                 | true
45.0 is 45 for an integer                                   | age = 45                     | age: 45.0                | true
a number is rounded to its decimals, by default 1           | pain = 3.1                   | pain: 3.14               | true
                                                            | height_cm = 171.26           | height_cm: 171.256       | true
half is rounded to even                                     | pain = 0.2                   | pain: 0.25               | true
                                                            | pain = 0.4                   | pain: 0.35               | true
                                                            | pain = 2.4                   | pain: 2.45               | true
                                                            | height_cm = 102.68           | height_cm: 102.675       | true
                                                            | height_cm = 102.66           | height_cm: 102.665       | true
"""  # noqa: E501

STATES = """
says                                                        | expression                   | answers                  | verdict
----
shown and answered is known                                 | colour is not null           | colour: red              | true
answered don't know is unknown                              | colour is null               | colour: dont_know        | true
                                                            | colour = 'red'               | colour: dont_know        | unknown
                                                            | places contains 'arm'        | places: dont_know        | unknown
                                                            | places contains 'arm'        | places: [dont_know]      | unknown
                                                            | pain > 3                     | pain: dont_know          | unknown
shown, required and not answered is unknown                 | colour = 'red'               |                          | unknown
                                                            | places contains 'arm'        |                          | unknown
                                                            | pain > 3                     |                          | unknown
hidden by its show_if is absent                             | hidden_colour = 'red'        | gate: no                 | false
hidden is absent whatever was stored                        | hidden_colour = 'red'        | gate: no, hidden_colour: red | false
                                                            | hidden_colour is null        | gate: no, hidden_colour: red | true
hidden is absent, also when stored as don't know            | hidden_colour = 'red'        | gate: no, hidden_colour: dont_know | false
hidden is absent, also when stored as something invalid     | hidden_colour = 'red'        | gate: no, hidden_colour: mauve | false
not answered where optional is absent                       | optional_colour = 'red'      |                          | false
not answered where the clinician's is absent                | c_colour = 'red'             |                          | false
don't know is unknown also where optional                   | optional_colour = 'red'      | optional_colour: dont_know | unknown
don't know is unknown also where the clinician's            | c_colour = 'red'             | c_colour: dont_know      | unknown
a question is hidden only when its show_if is false         | hidden_colour = 'red'        | gate: yes, hidden_colour: red | true
unknown shows a question                                    | hidden_colour = 'red'        | hidden_colour: red       | true
                                                            | hidden_colour = 'red'        | gate: dont_know, hidden_colour: red | true
                                                            | hidden_colour = 'red'        | gate: dont_know          | unknown
                                                            | hidden_colour = 'red'        | gate: mauve, hidden_colour: red | true
don't know beside ticked choices is known                   | places is not null           | places: [arm, dont_know] | true
don't know beside ticked choices is incomplete              | places contains 'leg'        | places: [arm, dont_know] | unknown
                                                            | places contains 'arm'        | places: [arm, dont_know] | true
'none' alone is known and complete                          | places contains 'arm'        | places: [none]           | false
                                                            | places contains 'none'       | places: [none]           | true
                                                            | places is not null           | places: [none]           | true
"""  # noqa: E501

INVALID = """
says                                          | answers                                    | expect
----
a right answer is not invalid                 | colour: red, places: [arm], pain: 3        | invalid: []
wrong type                                    | smoker: [yes]                              | invalid: [smoker], SMOKER: unknown
                                              | smoker: 1                                  | invalid: [smoker], SMOKER: unknown
                                              | smoker: {yes: yes}                         | invalid: [smoker], SMOKER: unknown
                                              | smoker: ''                                 | invalid: [smoker], SMOKER: unknown
                                              | smoker: []                                 | invalid: [smoker], SMOKER: unknown
                                              | smoker: 'Yes'                              | invalid: [smoker], SMOKER: unknown
                                              | smoker: ' yes'                             | invalid: [smoker], SMOKER: unknown
                                              | colour: [red]                              | invalid: [colour], COLOUR: unknown
                                              | pain: '3'                                  | invalid: [pain], PAIN: unknown
                                              | pain: ''                                   | invalid: [pain], PAIN: unknown
                                              | pain: [3]                                  | invalid: [pain], PAIN: unknown
                                              | places: arm                                | invalid: [places], ARM: unknown, LEG: unknown
                                              | places: ''                                 | invalid: [places], ARM: unknown, LEG: unknown
                                              | places: {arm: 1}                           | invalid: [places], ARM: unknown, LEG: unknown
                                              | born: 2000                                 | invalid: [born]
                                              | remark: 3                                  | invalid: [remark]
a date is an ISO date                         | born: '2000-02-29'                         | invalid: []
                                              | born: '2001-02-29'                         | invalid: [born]
                                              | born: '20000229'                           | invalid: [born]
                                              | born: '29/02/2000'                         | invalid: [born]
                                              | born: '2000-2-9'                           | invalid: [born]
a text is no longer than its max_length       | remark: '0123456789'                       | invalid: []
                                              | remark: '0123456789a'                      | invalid: [remark]
an empty text is no answer                    | remark: ''                                 | invalid: []
out of range                                  | pain: -0.1                                 | invalid: [pain], PAIN: unknown
                                              | pain: 10.04                                | invalid: [pain], PAIN: unknown
                                              | pain: 11                                   | invalid: [pain], PAIN: unknown
                                              | pain: 1.0e+300                             | invalid: [pain], PAIN: unknown
                                              | age: 121                                   | invalid: [age]
where a question has no limits, 15 digits are  | free: 1.0e+15                              | invalid: []
                                              | free: 1.1e+15                              | invalid: [free]
                                              | free: -1.1e+15                             | invalid: [free]
a whole number has no fraction                | age: 45.5                                  | invalid: [age]
an unknown choice                             | colour: mauve                              | invalid: [colour], COLOUR: unknown
                                              | smoker: maybe                              | invalid: [smoker], SMOKER: unknown
                                              | sure_places: [none]                        | invalid: [sure_places], SURE_ARM: unknown
true or false                                 | smoker: true                               | invalid: [smoker], SMOKER: unknown
                                              | colour: false                              | invalid: [colour], COLOUR: unknown
                                              | pain: true                                 | invalid: [pain], PAIN: unknown
                                              | places: true                               | invalid: [places], ARM: unknown
                                              | places: [true]                             | invalid: [places], ARM: unknown
NaN                                           | pain: .nan                                 | invalid: [pain], PAIN: unknown
                                              | pain: .inf                                 | invalid: [pain], PAIN: unknown
don't know where it is not offered            | sure: dont_know                            | invalid: [sure], SURE: unknown
                                              | sure_places: dont_know                     | invalid: [sure_places], SURE_ARM: unknown
                                              | sure_places: [dont_know]                   | invalid: [sure_places], SURE_ARM: unknown
                                              | sure_places: [arm, dont_know]              | invalid: [sure_places], SURE_ARM: true, SURE_LEG: unknown
                                              | height_cm: dont_know                       | invalid: [height_cm]
                                              | remark: dont_know                          | invalid: [remark]
don't know where it is offered is valid       | colour: dont_know, places: [arm, dont_know] | invalid: []
                                              | born: dont_know                            | invalid: []
a choice twice                                | places: [arm, arm]                         | invalid: [places], ARM: true, LEG: unknown
                                              | places: [dont_know, dont_know]             | invalid: [places], ARM: unknown
'none' beside anything else                   | places: [none, arm]                        | invalid: [places], ARM: true, LEG: unknown, NONE: unknown
                                              | places: [none, dont_know]                  | invalid: [places], ARM: unknown, NONE: unknown
                                              | places: [none, none]                       | invalid: [places], ARM: unknown, NONE: unknown
                                              | places: [none, foot]                       | invalid: [places], ARM: unknown, NONE: unknown
in multiple the known choices count           | places: [arm, foot]                        | invalid: [places], ARM: true
                                              | places: [arm, 7]                           | invalid: [places], ARM: true
                                              | places: [arm, [leg]]                       | invalid: [places], ARM: true
                                              | places: [arm, null]                        | invalid: [places], ARM: true
and the rest is as if don't know were ticked  | places: [arm, foot]                        | invalid: [places], LEG: unknown
                                              | places: [foot]                             | invalid: [places], LEG: unknown
an invalid answer is unknown, also if optional | optional_colour: mauve                    | invalid: [optional_colour], OPTIONAL: unknown
                                              | c_colour: mauve                            | invalid: [c_colour], CLINICIAN: unknown
it adds the clarify disposition within invalid_answer_within_hours | colour: mauve         | disposition: ask, contact_within_hours: 72
                                              | remark: 3                                  | disposition: ask, contact_within_hours: 72
hidden answers are never invalid              | gate: no, hidden_colour: mauve             | invalid: [], disposition: rest
hidden answers are kept, pruned and listed as pruned | gate: no, hidden_colour: red        | pruned: [hidden_colour], HIDDEN: false
                                              | gate: no, hidden_colour: mauve             | pruned: [hidden_colour]
                                              | gate: no, hidden_colour: null              | pruned: []
                                              | gate: no, hidden_places: []                | pruned: []
                                              | gate: yes, hidden_colour: red              | pruned: [], HIDDEN: true
several are listed in the order of the document | gate: no, hidden_colour: red, hidden_age: 3, hidden_smoker: no | pruned: [hidden_colour, hidden_smoker, hidden_age]
                                              | smoker: 3, colour: 3, gate: 3              | invalid: [gate, colour, smoker]
keys that name no question are ignored        | color: red, colour: green                  | ignored: [color], invalid: [], disposition: rest
                                              | R: yes, constructor: 1, '': 2              | ignored: ['', R, constructor], disposition: rest
"""  # noqa: E501

RULES = ruleset("""
rules:
- {id: SMOKER, title: t, when: smoker = 'yes'}
- {id: COLOUR, title: t, when: colour = 'red'}
- {id: PAIN, title: t, when: pain > 3}
- {id: ARM, title: t, when: places contains 'arm'}
- {id: LEG, title: t, when: places contains 'leg'}
- {id: NONE, title: t, when: places contains 'none'}
- {id: SURE, title: t, when: sure = 'a'}
- {id: SURE_ARM, title: t, when: sure_places contains 'arm'}
- {id: SURE_LEG, title: t, when: sure_places contains 'leg'}
- {id: OPTIONAL, title: t, when: optional_colour = 'red'}
- {id: CLINICIAN, title: t, when: c_colour = 'red'}
- {id: HIDDEN, title: t, when: hidden_colour = 'red'}
""")

CHAIN = ruleset("""
questions:
- {id: third, section: all, audience: patient, type: yes_no, text: t, show_if: second_yes}
- {id: second, section: all, audience: patient, type: yes_no, text: t, show_if: gate = 'yes', dont_know: d}
- {id: unless, section: all, audience: patient, type: yes_no, text: t, show_if: not (second = 'yes')}
definitions:
- {id: second_yes, title: t, is: second = 'yes'}
rules:
- {id: THIRD, title: t, when: third = 'yes'}
- {id: UNLESS, title: t, when: unless = 'yes'}
""")

CHAINS = """
says                                                 | answers                                       | expect
----
a show_if may use definitions                        | gate: yes, second: yes, third: yes            | THIRD: true, pruned: []
                                                     | gate: yes, second: no, third: yes             | THIRD: false, pruned: [third]
what a hidden question said hides nothing and shows nothing | gate: no, second: yes, third: yes      | THIRD: false, pruned: [third, second]
absent makes a show_if false, and its not true       | gate: no, second: yes, unless: yes            | UNLESS: true
an invalid answer is unknown, so what depends on it is shown | gate: yes, second: maybe, third: yes  | THIRD: true, invalid: [second]
don't know shows what depends on it                  | gate: yes, second: dont_know, third: yes      | THIRD: true, UNLESS: unknown
"""  # noqa: E501


@every_interpreter(expressions(TYPES) + expressions(STATES))
def test_answers(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(RULES, INVALID))
def test_invalid_pruned_and_ignored(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(outcomes(CHAIN, CHAINS))
def test_hidden_answers_never_count(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(
    Spec("a tuple is a list", RULES, {"places": places}, {"invalid": [], "verdicts": {"ARM": "true"}})
    for places in [("arm",), ("arm", "dont_know")]
)
def test_python_values(interpreter, spec):
    run(interpreter, spec)


@pytest.mark.parametrize(
    "answer", [-math.inf, 10**400, -(10**400), 1e308, b"yes", object(), {1, 2}, {"a": [1]}, 3 + 4j]
)
@pytest.mark.parametrize("question", ["smoker", "colour", "places", "pain", "age", "free", "born", "remark"])
def test_nothing_that_is_stored_can_break_the_reading(question, answer):
    assert read_case(RULES, {question: answer}).invalid == (question,)


def test_every_question_is_in_exactly_one_state():
    case = read_case(RULES, {"colour": "red", "gate": "no", "hidden_colour": "red", "fever": "dont_know"})
    states = {name: case.values[name] for name in ("colour", "hidden_colour", "fever", "smoker", "optional_colour")}
    assert states == {
        "colour": "red",
        "hidden_colour": Missing.ABSENT,
        "fever": Missing.UNKNOWN,
        "smoker": Missing.UNKNOWN,
        "optional_colour": Missing.ABSENT,
    }


@pytest.mark.parametrize(
    ("parts", "entered", "unit", "number"),
    [
        pytest.param([3], "months", "weeks", 13, id="a month is 52/12 weeks"),
        pytest.param([2], "years", "weeks", 104, id="a year is 52 weeks"),
        pytest.param([21], "days", "weeks", 3, id="a week is 7 days"),
        pytest.param([6], "weeks", "weeks", 6, id="the question's own unit stays as it is"),
        pytest.param([2], "weeks", "days", 14, id="a week is 7 days, the other way"),
        pytest.param([1], "months", "days", 364 / 12, id="a month is 52/12 weeks of 7 days"),
        pytest.param([48], "mmol/mol", "%", 0.0915 * 48 + 2.15, id="HbA1c % = 0.0915 × mmol/mol + 2.15"),
        pytest.param([5, 11], "ft_in", "cm", 180.34, id="a foot is 12 inches of 2.54 cm"),
        pytest.param([5], "ft_in", "cm", 152.4, id="inches left out count as 0"),
        pytest.param([150], "lb", "kg", 68.0388555, id="a pound is 0.45359237 kg"),
        pytest.param([11, 4], "st_lb", "kg", 158 * 0.45359237, id="a stone is 14 pounds"),
    ],
)
def test_people_may_enter_in_any_of_the_entry_units(parts, entered, unit, number):
    assert to_unit(parts, entered, unit) == pytest.approx(number, abs=1e-9)
