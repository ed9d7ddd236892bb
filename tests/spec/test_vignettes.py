"""Section 7: a vignette is a profile's answers with its own on top, and what is expected."""

import pytest

from screening.interpreters.evaluate import decide
from screening.rules.check import read_shape
from screening.rules.vignettes import Vignettes
from tests.spec.document import mapping, plain, ruleset
from tests.spec.runner import rows

RULES = ruleset("""
rules:
- {id: A, title: t, when: smoker = 'yes', disposition: later, supports: [p1, p2], approach: minimally_invasive, contact_within_hours: 30}
- {id: B, title: t, when: fever = 'yes', disposition: now, clarify_within_hours: 24}
- {id: C, title: t, when: colour = 'red', rules_out: [p3, p2]}
- {id: D, title: t, when: mood = 'bad', disposition: later}
""")  # noqa: E501

EXPECTATIONS = """
says                                     | answers                               | expect                                        | unmet
----
disposition exactly                      | smoker: yes, fever: no                | disposition: later                            |
                                         | smoker: yes, fever: no                | disposition: soon                             | disposition
contact_within_hours exactly             | smoker: yes, fever: no                | contact_within_hours: 30                      |
                                         | smoker: yes, fever: no                | contact_within_hours: 31                      | contact_within_hours
                                         | fever: yes                            | contact_within_hours: 0                       |
                                         | smoker: yes, fever: no                | contact_within_hours: 0                       | contact_within_hours
supports exactly                         | smoker: yes, fever: no                | supports: [p1, p2]                            |
                                         | smoker: yes, fever: no                | supports: [p2, p1]                            |
                                         | smoker: yes, fever: no                | supports: [p1]                                | supports
                                         | smoker: yes, fever: no                | supports: []                                  | supports
                                         | fever: no                             | supports: []                                  |
                                         | fever: no                             | supports: [p1]                                | supports
approach exactly                         | smoker: yes, fever: no                | approach: minimally_invasive                  |
                                         | smoker: yes, fever: no                | approach: traditional                         | approach
                                         | fever: no                             | approach: traditional                         | approach
an approach that must be none            | fever: no                             | approach: null                                |
                                         | smoker: yes, fever: no                | approach: null                                | approach
fired at least these                     | smoker: yes, fever: no, colour: red   | fired: [C]                                    |
                                         | smoker: yes, fever: no                | fired: [A, C]                                 | fired
ask_next at least these                  | smoker: yes                           | ask_next: [fever]                             |
                                         | fever: no                             | ask_next: [mood]                              |
                                         | fever: no                             | ask_next: [fever]                             | ask_next
rules_out at least these                 | fever: no, colour: red                | rules_out: [p3]                               |
                                         | fever: no, colour: red                | rules_out: [p1]                               | rules_out
not_fired none of these                  | smoker: yes, fever: no                | not_fired: [B, D]                             |
                                         | smoker: yes, fever: no                | not_fired: [D, A]                             | not_fired
nothing expected                         | smoker: yes                           |                                               |
everything that is unmet is said         | smoker: yes, fever: no                | disposition: now, fired: [B], supports: [p3]  | disposition; supports; fired
"""  # noqa: E501


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['says']} ({row['expect']})") for row in rows(EXPECTATIONS)]
)
def test_expectations(row):
    document = {"vignettes": [{"id": "V", "title": "t", "expect": mapping(row["expect"])}]}
    (vignette,) = read_shape(Vignettes, document).vignettes
    unmet = vignette.expect.unmet(decide(RULES, mapping(row["answers"])))
    wanted = [name for name in row["unmet"].split("; ") if name]
    assert [sentence.partition(":")[0] for sentence in unmet] == wanted


VIGNETTES = read_shape(
    Vignettes,
    plain("""
profiles:
  well: {about: well, answers: {smoker: no, fever: no, places: [arm, leg], pain: 3.5}}
vignettes:
- {id: V1, title: as the profile, profile: well}
- {id: V2, title: its own on top, profile: well, answers: {fever: yes, colour: red, places: [back]}}
- {id: V3, title: null takes an answer away, profile: well, answers: {fever: null, colour: null}}
- {id: V4, title: no profile, answers: {fever: yes}}
"""),
)


@pytest.mark.parametrize(
    ("vignette", "answers"),
    [
        ("V1", {"smoker": "no", "fever": "no", "places": ["arm", "leg"], "pain": 3.5}),
        ("V2", {"smoker": "no", "fever": "yes", "places": ["back"], "pain": 3.5, "colour": "red"}),
        ("V3", {"smoker": "no", "places": ["arm", "leg"], "pain": 3.5}),
        ("V4", {"fever": "yes"}),
    ],
)
def test_a_profiles_answers_with_its_own_on_top(vignette, answers):
    found = next(each for each in VIGNETTES.vignettes if each.id == vignette)
    assert VIGNETTES.answers(found) == answers


def test_they_have_an_identity_as_rule_sets_do():
    again = read_shape(Vignettes, VIGNETTES.document())
    assert again == VIGNETTES
    assert again.sha256 == VIGNETTES.sha256
