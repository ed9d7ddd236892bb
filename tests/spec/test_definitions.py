"""Section 1, definitions: a named expression stands for itself wherever it is mentioned."""

from tests.spec.document import ruleset
from tests.spec.runner import every_interpreter, outcomes, run

RULES = ruleset("""
definitions:
- {id: very_hot, title: mentions one that comes later, is: hot and long_hot}
- {id: hot, title: a condition, is: fever = 'yes'}
- {id: long_hot, title: a condition on a number, is: total >= 5}
- {id: total, title: a number, is: pain + spare}
- {id: spare, title: a number that is always there, is: "Coalesce(c_pain, 1)"}
- {id: also_hot, title: another name, is: hot}
- {id: also_total, title: another name of a number, is: total}
- {id: always, title: a fixed condition, is: 'true'}
- {id: two, title: a fixed number, is: '2'}
rules:
- {id: HOT, title: t, when: hot}
- {id: NOT_HOT, title: t, when: not hot}
- {id: VERY_HOT, title: t, when: very_hot}
- {id: UNCLEAR, title: t, when: very_hot is null}
- {id: NO_TOTAL, title: t, when: total is null}
- {id: ALSO, title: t, when: also_hot and also_total > two and always}
- {id: COUNT, title: t, when: "CountTrue({ hot, long_hot, always }) = 2"}
""")

ROWS = """
says                                           | answers                      | expect
----
a definition is true where its expression is   | fever: yes                   | HOT: true, NOT_HOT: false
                                               | fever: no                    | HOT: false, NOT_HOT: true
                                               | fever: dont_know             | HOT: unknown, NOT_HOT: unknown
a definition may use others                    | fever: yes, pain: 4          | VERY_HOT: true, UNCLEAR: false
                                               | fever: yes, pain: 3          | VERY_HOT: false
                                               | fever: yes, pain: 3, c_pain: 2 | VERY_HOT: true
                                               | fever: no                    | VERY_HOT: false, UNCLEAR: false
                                               | fever: yes                   | VERY_HOT: unknown, UNCLEAR: true
a number is null where it has no value         |                              | NO_TOTAL: true
                                               | pain: 0                      | NO_TOTAL: false
a definition may be another's name             | fever: yes, pain: 2          | ALSO: true
                                               | fever: yes, pain: 1          | ALSO: false
a fixed condition and a fixed number           | fever: yes, pain: 0          | ALSO: false, COUNT: true
                                               | fever: no, pain: 4           | COUNT: true
what each came to is part of the outcome       | fever: yes, pain: 4, c_pain: 0.5 | values: {total: 4.5, spare: 0.5, also_total: 4.5, two: 2.0}
                                               | fever: yes                   | values: {total: unknown, spare: 1.0, also_total: unknown, two: 2.0}
"""  # noqa: E501


@every_interpreter(outcomes(RULES, ROWS))
def test_definitions(interpreter, spec):
    run(interpreter, spec)
