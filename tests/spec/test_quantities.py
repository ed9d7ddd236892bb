"""Section 4: arithmetic, numbers, and the functions that give a number or count."""

import itertools

from tests.spec.runner import every_interpreter, expression, expressions, run

ARITHMETIC = """
says                                                  | expression                          | answers                   | verdict
----
sums, differences, products and quotients             | pain + 2 = 5                        | pain: 3                   | true
                                                      | pain - 2 = 1                        | pain: 3                   | true
                                                      | pain * 2 = 6                        | pain: 3                   | true
                                                      | pain / 2 = 1.5                      | pain: 3                   | true
                                                      | -pain = -3                          | pain: 3                   | true
                                                      | --pain = 3                          | pain: 3                   | true
from left to right                                    | pain - 1 - 1 = 1                    | pain: 3                   | true
                                                      | pain / 2 / 2 = 2                    | pain: 8                   | true
                                                      | pain - 1 + 1 = 3                    | pain: 3                   | true
products bind tighter than sums                       | 1 + pain * 2 = 7                    | pain: 3                   | true
                                                      | (1 + pain) * 2 = 8                  | pain: 3                   | true
a sign binds tightest                                 | -pain + 5 = 2                       | pain: 3                   | true
                                                      | -(pain + 5) = -8                    | pain: 3                   | true
both sides may be quantities                          | pain + age = age + pain             | pain: 3, age: 50          | true
                                                      | pain * 10 > age                     | pain: 3, age: 50          | false
numbers below zero                                    | balance < 0                         | balance: -0.01            | true
                                                      | balance = -2.5                      | balance: -2.5             | true
division by zero is unknown                           | 1 / pain > 0                        | pain: 0                   | unknown
                                                      | pain / pain = 1                     | pain: 0                   | unknown
                                                      | (1 / pain) is null                  | pain: 0                   | true
                                                      | Coalesce(1 / pain, 7) = 7           | pain: 0                   | true
                                                      | 1 / (pain - 0.1 - 0.2) is null      | pain: 0.3                 | false
division by zero of an absent quantity is absent      | optional_pain / pain > 0            | pain: 0                   | false
absent if either is absent                            | pain + optional_pain > 0            | pain: 3                   | false
                                                      | optional_pain + pain > 0            | pain: 3                   | false
                                                      | pain > optional_pain                | pain: 3                   | false
                                                      | pain != optional_pain               | pain: 3                   | false
                                                      | -optional_pain < 100                |                           | false
                                                      | (pain + optional_pain) is null      | pain: 3                   | true
absent, also if the other is unknown                  | pain + optional_pain > 0            | pain: dont_know           | false
                                                      | optional_pain > pain                | pain: dont_know           | false
                                                      | c_pain * pain > 0                   |                           | false
else unknown if either is unknown                     | pain + age > 0                      | pain: 3                   | unknown
                                                      | age + pain > 0                      | pain: 3                   | unknown
                                                      | pain < age                          | age: 3                    | unknown
                                                      | -pain < 100                         |                           | unknown
                                                      | pain * 0 = 0                        |                           | unknown
                                                      | (pain + age) is null                | pain: 3                   | true
a test of fixed numbers is a test                     | 1 + 1 = 2                           |                           | true
                                                      | 1 > 2                               |                           | false
a boolean by itself                                   | true                                |                           | true
                                                      | false                               |                           | false
                                                      | not (false)                         |                           | true
                                                      | true and smoker = 'yes'             |                           | unknown
"""  # noqa: E501

ROUNDING = """
says                                                        | expression                                                  | answers                           | verdict
----
both sides are rounded to 6 decimals before they are compared | pain + 0.2 = 0.3                                          | pain: 0.1                         | true
                                                            | pain + 0.2 > 0.3                                            | pain: 0.1                         | false
                                                            | pain * 3 <= 0.3                                             | pain: 0.1                         | true
                                                            | pain * 3 in { 0.3 }                                         | pain: 0.1                         | true
                                                            | free = 0.3333333                                            | free: 0.333333                    | true
                                                            | free / 3 = 0.333333                                         | free: 1                           | true
                                                            | free / 3 != 0.333333                                        | free: 1                           | false
                                                            | free / 3 < 0.3333333333                                     | free: 1                           | false
                                                            | free / 3 = 0.33333                                          | free: 1                           | false
                                                            | free > 1                                                    | free: 1.0000004                   | false
                                                            | free > 1                                                    | free: 1.000001                    | true
a BMI of exactly 35 is 35 in every interpreter              | weight_kg / ((height_cm / 100) * (height_cm / 100)) >= 35   | weight_kg: 140, height_cm: 200    | true
                                                            | weight_kg / ((height_cm / 100) * (height_cm / 100)) > 35    | weight_kg: 140, height_cm: 200    | false
                                                            | weight_kg / ((height_cm / 100) * (height_cm / 100)) >= 35   | weight_kg: 89.6, height_cm: 160   | true
                                                            | weight_kg / ((height_cm / 100) * (height_cm / 100)) <= 35   | weight_kg: 89.6, height_cm: 160   | true
                                                            | weight_kg / ((height_cm / 100) * (height_cm / 100)) in { 35 } | weight_kg: 89.6, height_cm: 160 | true
"""  # noqa: E501

IN = """
says                                                  | expression                          | answers                   | verdict
----
in is a row of = joined by or                         | pain in { 1, 2.5, 3 }               | pain: 2.5                 | true
                                                      | pain in { 1, 2.5, 3 }               | pain: 2                   | false
                                                      | pain + 1 in { 3 }                   | pain: 2                   | true
                                                      | pain in { 1 }                       |                           | unknown
                                                      | optional_pain in { 1 }              |                           | false
                                                      | colour in { 'red' }                 | colour: red               | true
                                                      | smoker in { 'yes', 'no' }           | smoker: no                | true
                                                      | smoker in { 'yes', 'no' }           |                           | unknown
an incomplete answer: true if one of them is ticked   | places contains 'arm'               | places: [arm, dont_know]  | true
                                                      | exists (places intersect { 'arm', 'leg' }) | places: [arm, dont_know] | true
an incomplete answer: else unknown                    | places contains 'leg'               | places: [arm, dont_know]  | unknown
                                                      | places contains 'none'              | places: [arm, dont_know]  | unknown
                                                      | exists (places intersect { 'back', 'leg' }) | places: [arm, dont_know] | unknown
a complete answer is true or false                    | exists (places intersect { 'back', 'leg' }) | places: [arm, back]   | true
                                                      | exists (places intersect { 'leg' }) | places: [arm, back]       | false
"""  # noqa: E501

FUNCTIONS = """
says                                                  | expression                                      | answers                               | verdict
----
Coalesce: the first known value                       | Coalesce(c_pain, pain) = 3                      | pain: 3                               | true
                                                      | Coalesce(c_pain, pain) = 7                      | pain: 3, c_pain: 7                    | true
                                                      | Coalesce(pain, c_pain) = 3                      | pain: 3, c_pain: 7                    | true
                                                      | Coalesce(pain, c_pain) = 7                      | pain: dont_know, c_pain: 7            | true
                                                      | Coalesce(c_pain, pain, 5) = 5                   |                                       | true
                                                      | Coalesce(pain) = 3                              | pain: 3                               | true
                                                      | Coalesce(pain + age, 1) = 1                     | pain: 3                               | true
                                                      | Coalesce(c_pain, pain) + 1 = 4                  | pain: 3                               | true
                                                      | Coalesce(Coalesce(c_pain, c_age), 2) = 2        |                                       | true
Coalesce: zero is a known value                       | Coalesce(c_pain, pain) = 0                      | pain: 3, c_pain: 0                    | true
Coalesce: else unknown if any is unknown              | Coalesce(c_pain, pain) > 3                      |                                       | unknown
                                                      | Coalesce(pain, c_pain) > 3                      |                                       | unknown
                                                      | Coalesce(pain, c_pain) is null                  |                                       | true
Coalesce: else absent                                 | Coalesce(c_pain, optional_pain) > 3             |                                       | false
                                                      | not (Coalesce(c_pain, optional_pain) > 3)       |                                       | true
                                                      | Coalesce(c_pain, optional_pain) is null         |                                       | true
Score: the score of the chosen choice                 | Score(mood) = 3                                 | mood: bad                             | true
                                                      | Score(mood) = 1.5                               | mood: fair                            | true
                                                      | Score(mood) = 0                                 | mood: good                            | true
                                                      | Score(mood) + Score(c_mood) >= 4.5              | mood: bad, c_mood: fair               | true
Score: as the question where it is absent             | Score(c_mood) >= 0                              |                                       | false
                                                      | Score(hidden_mood) >= 0                         | gate: no, hidden_mood: bad            | false
                                                      | Score(c_mood) is null                           |                                       | true
Score: as the question where it is unknown            | Score(mood) >= 0                                | mood: dont_know                       | unknown
                                                      | Score(mood) >= 0                                | mood: awful                           | unknown
                                                      | Score(mood) is null                             |                                       | true
CountTicked: how many choices are ticked              | CountTicked(places) = 2                         | places: [arm, leg]                    | true
                                                      | CountTicked(places) = 3                         | places: [arm, leg, back]              | true
CountTicked: 'none' is not counted                    | CountTicked(places) = 0                         | places: [none]                        | true
CountTicked: don't know is not counted                | CountTicked(places) = 1                         | places: [arm, dont_know]              | true
CountTicked of an incomplete answer counts the ticked ones | CountTicked(places) >= 2                   | places: [arm, dont_know]              | false
                                                      | CountTicked(places) is null                     | places: [arm, dont_know]              | false
                                                      | CountTicked(places) = 1                         | places: [arm, foot]                   | true
                                                      | CountTicked(places) = 1                         | places: [arm, none]                   | true
CountTicked: as the question where it is absent       | CountTicked(optional_places) >= 0               |                                       | false
CountTicked: as the question where it is unknown      | CountTicked(places) >= 0                        |                                       | unknown
                                                      | CountTicked(places) >= 0                        | places: [dont_know]                   | unknown
CountTrue: how many are true                          | CountTrue({ pain > 1, age > 1, smoker = 'yes' }) = 2 | pain: 3, age: 3, smoker: no      | true
                                                      | CountTrue({ true, true, false }) = 2            |                                       | true
                                                      | CountTrue({ pain > 1 }) = 0                     | pain: 0                               | true
CountTrue: the same condition twice counts twice      | CountTrue({ pain > 1, pain > 1 }) = 2           | pain: 3                               | true
CountTrue: unknown is not                             | CountTrue({ pain > 1, age > 1 }) = 1            | pain: 3                               | true
                                                      | CountTrue({ pain > 1, age > 1 }) = 0            |                                       | true
CountTrue is always known                             | CountTrue({ pain > 1, c_pain > 1 }) is null     |                                       | false
                                                      | Coalesce(CountTrue({ pain > 1 }), 7) = 0        |                                       | true
"""  # noqa: E501

NULL = """
says                                                        | expression                                | answers              | verdict
----
(boolean expression) is null asks whether it is unknown     | (pain > 3) is null                        |                      | true
                                                            | (pain > 3) is null                        | pain: 5              | false
                                                            | (pain > 3) is null                        | pain: 1              | false
                                                            | (pain > 3) is not null                    |                      | false
                                                            | (pain > 3) is not null                    | pain: 1              | true
                                                            | (pain > 3 and age > 3) is null            | pain: 5              | true
                                                            | (pain > 3 and age > 3) is null            | pain: 1              | false
                                                            | (pain > 3 or age > 3) is null             | pain: 5              | false
                                                            | (not (pain > 3)) is null                  |                      | true
                                                            | (places contains 'leg') is null           | places: [arm, dont_know] | true
                                                            | (places contains 'arm') is null           | places: [arm, dont_know] | false
                                                            | AtLeast(2, { pain > 1, age > 1 }) is null | pain: 3              | true
a test of an absent question is false, so not unknown       | (optional_pain > 3) is null               |                      | false
                                                            | (c_colour = 'red') is null                |                      | false
while the question itself is null                           | optional_pain is null                     |                      | true
the answer is itself never unknown                          | ((pain > 3) is null) is null              |                      | false
                                                            | (pain is null) is null                    |                      | false
                                                            | not ((pain > 3) is null)                  |                      | false
a question that does not apply supports nothing             | optional_colour != 'red'                  |                      | false
not (q = 'x') is then true                                  | not (optional_colour = 'red')             |                      | true
                                                            | not (hidden_colour = 'red')               | gate: no             | true
"""  # noqa: E501

PENDING = """
says                                                        | expression                                   | answers                   | verdict
----
arithmetic with something pending is pending                | pain + age > 0                               | pain: 3                   | pending
                                                            | age + pain > 0                               | pain: 3                   | pending
                                                            | pain < age                                   | age: 3                    | pending
                                                            | -pain < 0                                    |                           | pending
                                                            | (pain + age) is null                         | pain: 3                   | pending
pending, also if the other is unknown                       | pain + age > 0                               | pain: dont_know           | pending
                                                            | age + pain > 0                               | pain: dont_know           | pending
absent if either is absent, whatever is still to come       | pain + c_pain > 0                            |                           | false
                                                            | c_pain + pain > 0                            |                           | false
a pending part may yet become the first known value         | Coalesce(pain, 5) = 5                        |                           | pending
                                                            | Coalesce(pain, age) = 5                      | age: 5                    | pending
                                                            | Coalesce(pain, 5) is null                    |                           | pending
what comes after the first known value does not matter      | Coalesce(age, pain) = 5                      | age: 5                    | true
                                                            | Coalesce(c_pain, age, pain) = 5              | age: 5                    | true
                                                            | Coalesce(age, pain) = 5                      | age: dont_know            | pending
nothing pending: as always                                  | Coalesce(age, c_pain) = 5                    | age: dont_know            | unknown
                                                            | Coalesce(c_age, c_pain) = 5                  |                           | false
Score and CountTicked of a pending question are pending     | Score(mood) >= 0                             |                           | pending
                                                            | CountTicked(places) >= 0                     |                           | pending
                                                            | Score(mood) is null                          |                           | pending
a count with a pending part is pending                      | CountTrue({ pain > 1, age > 1 }) >= 1        | pain: 3                   | pending
                                                            | CountTrue({ pain > 1, age > 1 }) is null     | pain: 3                   | pending
                                                            | CountTrue({ pain > 1, age > 1 }) = 1         | pain: 3, age: dont_know   | true
                                                            | CountTrue({ pain > 1, c_age > 1 }) = 1       | pain: 3                   | true
AtLeast is settled as soon as it is                         | AtLeast(1, { pain > 1, age > 1 })            | pain: 3                   | true
                                                            | AtLeast(2, { pain > 1, age > 1 })            | pain: 0                   | false
                                                            | AtLeast(2, { pain > 1, age > 1 })            | pain: 3                   | pending
                                                            | AtLeast(2, { pain > 1, age > 1, smoker = 'yes' }) | pain: 3, age: dont_know | pending
                                                            | AtLeast(2, { pain > 1, age > 1 })            | pain: 3, age: dont_know   | unknown
unknown if the expression depends on something pending      | (pain > 3) is null                           |                           | pending
                                                            | (pain > 3 and age > 3) is null               | pain: dont_know           | pending
                                                            | (pain > 3 and age > 3) is null               | pain: 1                   | false
                                                            | (pain > 3) is null                           | pain: dont_know           | true
                                                            | not ((pain > 3) is null)                     |                           | pending
                                                            | ((pain > 3) is null) is null                 |                           | pending
a fixed truth settles what it can                           | true or pain > 3                             |                           | true
                                                            | false and pain > 3                           |                           | false
                                                            | true and pain > 3                            |                           | pending
"""  # noqa: E501


def _at_least():
    """True if at least k are true; false if even with every unknown true there are fewer than k; else unknown."""
    answers = {"T": "yes", "F": "no", "U": "dont_know"}
    for count, values in itertools.product((1, 2, 3), itertools.product("TFU", repeat=3)):
        text = f"AtLeast({count}, {{ smoker = 'yes', fever = 'yes', gate = 'yes' }})"
        given = dict(zip(("smoker", "fever", "gate"), map(answers.get, values), strict=True))
        surely, possibly = values.count("T"), values.count("T") + values.count("U")
        verdict = "true" if surely >= count else "false" if possibly < count else "unknown"
        yield expression(f"AtLeast({count}) of {''.join(values)}", text, given, verdict)


@every_interpreter(expressions(ARITHMETIC))
def test_arithmetic(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(expressions(ROUNDING))
def test_numbers_are_rounded_to_6_decimals(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(expressions(IN))
def test_in_contains_and_exists(interpreter, spec):
    run(interpreter, spec)


@every_interpreter([*expressions(FUNCTIONS), *_at_least()])
def test_functions(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(expressions(NULL))
def test_is_null_of_conditions(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(expressions(PENDING, pending=True))
def test_quantities_while_an_intake_runs(interpreter, spec):
    run(interpreter, spec)
