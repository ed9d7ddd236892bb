"""Section 4, "Checked before anything runs", and section 1: every problem with its place, column and suggestion."""

import pytest

from screening.rules.check import check, read_ruleset
from screening.rules.problems import DocumentError
from tests.spec.document import document, plain
from tests.spec.runner import rows

# What each is, where the problem is reported, and words that must be in it (message or suggestion).
EXPRESSIONS = """
says                                                          | expression                                | column | words
----
names exist                                                   | smokes = 'yes'                            | 1   | no question or definition `smokes`
did you mean                                                  | smokr = 'yes'                             | 1   | did you mean `smoker`
                                                              | pain > 3 and colou = 'red'                | 14  | did you mean `colour`
                                                              | Score(moood) > 1                          | 7   | did you mean `mood`
                                                              | exists (place intersect { 'arm' })        | 9   | did you mean `places`
choices exist                                                 | colour = 'mauve'                          | 10  | no answer 'mauve'; red, green, blue
                                                              | colour = 'gren'                           | 10  | did you mean `green`
                                                              | colour != 'mauve'                         | 11  | 'mauve'
                                                              | colour in { 'red', 'mauve' }              | 20  | 'mauve'
                                                              | places contains 'foot'                    | 17  | 'foot'
                                                              | exists (places intersect { 'arm', 'foot' }) | 35 | 'foot'
                                                              | smoker = 'Yes'                            | 10  | no answer 'Yes'
                                                              | smoker = 'dont_know'                      | 10  | smoker is null
= and != compare a single or yes_no with one of its codes     | colour = colour                           | 1   | cannot be compared
                                                              | colour = 3                                | 1   | cannot be compared
                                                              | colour = smoker                           | 1   | cannot be compared
                                                              | 'red' = 'red'                             | 1   | cannot be compared
                                                              | pain = '3'                                | 1   | cannot be compared
                                                              | places = 'arm'                            | 1   | contains
< … only quantities                                           | colour < 'red'                            | 1   | no order
                                                              | smoker >= 'yes'                           | 1   | no order
                                                              | places > 1                                | 1   | cannot be compared
                                                              | 'a' < 'b'                                 | 1   | cannot be compared
in: a set of codes of a single, or numbers                    | colour in { 1 }                           | 13  | '1' in quotes
                                                              | pain in { 'red' }                         | 11  | a number is needed
                                                              | places in { 'arm' }                       | 1   | exists
                                                              | pain in { 1, 'red' }                      | 14  | a number is needed
                                                              | (pain > 3) in { 1 }                       | 2   | not a condition
contains and exists only multiple                             | colour contains 'red'                     | 1   | use `=` or `in`
                                                              | exists (colour intersect { 'red' })       | 9   | use `=` or `in`
                                                              | pain contains '3'                         | 1   | several answers
                                                              | exists (places intersect { 1 })           | 28  | '1' in quotes
a literal number lies in the question's range                 | pain > 11                                 | 8   | 0 to 10
                                                              | pain = -1                                 | 8   | 0 to 10
                                                              | 11 > pain                                 | 1   | 0 to 10
                                                              | pain in { 3, 11 }                         | 14  | 0 to 10
                                                              | Coalesce(c_pain, 1) > 11                  | 23  | 0 to 10
booleans are not compared                                     | (pain > 3) = (pain > 4)                   | 1   | condition by itself
                                                              | (smoker = 'yes') = true                   | 1   | cannot be compared
                                                              | hot = true                                | 1   | cannot be compared
                                                              | hot = 'yes'                               | 1   | cannot be compared
                                                              | true = true                               | 1   | cannot be compared
a condition is made of conditions                             | smoker                                    | 1   | smoker = 'yes'
                                                              | pain                                      | 1   | a condition is needed
                                                              | pain + 1                                  | 1   | a condition is needed
                                                              | not smoker                                | 5   | smoker = 'yes'
                                                              | hot and colour                            | 9   | colour = 'red'
                                                              | 3 or hot                                  | 1   | a condition is needed
                                                              | 'yes'                                     | 1   | a condition is needed
                                                              | total                                     | 1   | a condition is needed
                                                              | AtLeast(1, { hot, pain })                 | 19  | a condition is needed
                                                              | CountTrue({ total }) = 1                  | 13  | a condition is needed
arithmetic is made of numbers                                 | colour + 1 = 2                            | 1   | a number is needed
                                                              | hot * 2 = 2                               | 1   | a number is needed
                                                              | -smoker = 1                               | 2   | a number is needed
                                                              | Coalesce(colour, 1) = 1                   | 10  | a number is needed
                                                              | 1 + places = 2                            | 5   | a number is needed
Score: every choice must have one                             | Score(colour) > 1                         | 1   | Not every choice of `colour` has a score
                                                              | Score(pain) > 1                           | 7   | is needed
                                                              | Score(smoker) > 1                         | 1   | has a score
CountTicked: a question with several answers                  | CountTicked(colour) > 1                   | 13  | several answers
                                                              | CountTicked(total) > 1                    | 13  | several answers
AtLeast: a number there can be                                | AtLeast(3, { hot, smoker = 'yes' })       | 9   | from 1 to 2
                                                              | AtLeast(0, { hot })                       | 9   | from 1 to 1
                                                              | AtLeast(1.5, { hot, hot })                | 9   | whole number
dates and free text are never usable                          | born = '2000-01-01'                       | 1   | a date or free text
                                                              | remark is null                            | 1   | a date or free text
                                                              | remark = 'x'                              | 1   | a date or free text
a fixed value is never null                                   | 3 is null                                 | 1   | never null
                                                              | 'x' is null                               | 1   | never null
                                                              | (true) is null                            | 2   | never null
what cannot be read                                           | pain >                                    | 7   | the expression ends
"""  # noqa: E501

SCOPE = """
definitions:
- {id: hot, title: t, is: fever = 'yes'}
- {id: total, title: t, is: pain + 1}
"""

# A fragment on top of the spec document, the place of the problem, and words in it.
DOCUMENTS = """
says                                        | fragment                                                                  | place                          | words
----
when is boolean                             | rules: [{id: R, title: t, when: pain + 1}]                                | rules/R/when                   | a condition is needed
show_if is boolean                          | questions: [{id: q, section: all, audience: patient, type: text, text: q, show_if: pain}] | questions/q/show_if | a condition is needed
a definition is a condition or a number     | definitions: [{id: d, title: t, is: colour}]                              | definitions/d/is               | a condition or a number
                                            | definitions: [{id: d, title: t, is: "'red'"}]                             | definitions/d/is               | a condition or a number
no circles                                  | definitions: [{id: d, title: t, is: d}]                                   | definitions/d/is               | circle: d → d
                                            | definitions: [{id: d, title: t, is: d2 + 1}, {id: d2, title: t, is: d * 2}] | definitions/d/is             | circle
                                            | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, show_if: q = 'yes'}] | questions/q/show_if | circle: q → q
no circles, also through show_if            | {questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, show_if: d}], definitions: [{id: d, title: t, is: q = 'yes'}]} | | circle
                                            | {questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, show_if: r = 'yes'}, {id: r, section: all, audience: patient, type: yes_no, text: r, show_if: q = 'yes'}]} | | circle
one namespace for questions and definitions | definitions: [{id: pain, title: t, is: age > 3}]                          | questions/pain                 | used twice
a question's id once                        | questions: [{id: pain, section: all, audience: patient, type: yes_no, text: t}] | questions/pain           | used twice
a definition's id once                      | definitions: [{id: d, title: t, is: age > 3}, {id: d, title: t, is: age > 4}] | questions/d                | used twice
a rule's id once                            | rules: [{id: R, title: t, when: age > 3}, {id: R, title: t, when: age > 4}]    | rules/R                        | used twice
a procedure's id once                       | procedures: [{id: p, label: t}, {id: p, label: t}]                        | procedures/p                   | used twice
a section's id once                         | sections: [{id: all, title: t}, {id: all, title: t}]                      | sections/all                   | used twice
a fact's id once                            | education: {facts: [{id: f, text: t}, {id: f, text: t}]}                  | education/facts/f              | used twice
a property's id once                        | properties: [{id: P, claim: c, kind: total}, {id: P, claim: c, kind: total}] | properties/P                | used twice
reserved words are no ids                   | definitions: [{id: intersect, title: t, is: age > 3}]                     | intersect                      | word of the language
ids are snake_case                          | definitions: [{id: BigCase, title: t, is: age > 3}]                       | definitions/BigCase/id         | begins with a letter
                                            | definitions: [{id: a-b, title: t, is: age > 3}]                           | definitions/a-b/id             | begins with a letter
rule ids may have capitals                  | rules: [{id: 1R, title: t, when: age > 3}]                                   | rules/1R/id                    | begins with a letter
unknown fields are an error                 | rules: [{id: R, title: t, when: age > 3, dispositoin: now}]                  | rules/R/dispositoin            | did you mean `disposition`
                                            | keeper: me                                                                | keeper                         | no field
a missing field                             | rules: [{id: R, title: t}]                                                | rules/R/when                   | missing
format is 1                                 | format: 2                                                                 | format                         | 1
a type there is                             | questions: [{id: q, section: all, audience: patient, type: slider, text: q}] | questions/q/type            | yes_no
every cited id exists                       | rules: [{id: R, title: t, when: age > 3, cites: [nobody]}]                   | rules/R/cites                  | no citation `nobody`
                                            | rules: [{id: R, title: t, when: age > 3, disposition: latr}]                  | rules/R/disposition            | did you mean `later`
                                            | rules: [{id: R, title: t, when: age > 3, supports: [p4]}]                    | rules/R/supports               | no procedure `p4`
                                            | rules: [{id: R, title: t, when: age > 3, rules_out: [p4]}]                   | rules/R/rules_out              | no procedure `p4`
                                            | rules: [{id: R, title: t, when: age > 3, reflects: [A1]}]                    | rules/R/reflects               | no source statement `A1`
                                            | questions: [{id: q, section: none, audience: patient, type: text, text: q}] | questions/q/section          | no section `none`
                                            | default_disposition: nowhere                                              | default_disposition            | no disposition `nowhere`
                                            | clarify_disposition: nowhere                                              | clarify_disposition            | no disposition `nowhere`
                                            | education: {facts: [{id: f, text: t, citations: [x]}]}                    | education/facts/f/citations    | no citation `x`
                                            | education: {facts: [{id: f, text: t, reflects: [x]}]}                     | education/facts/f/reflects     | no source statement `x`
                                            | education: {timeline: [{when: Day 1, text: t, reflects: [x]}]}            | education/timeline/Day 1       | no source statement `x`
                                            | education: {questions_to_ask: [{id: q, text: t, dispositions: [latr]}]}   | education/questions_to_ask/q/dispositions | did you mean `later`
its next review comes after its last update | education: {updated: '2026-01-02', next_review: '2026-01-02'}             | education/next_review          | not after
a step of getting well ends after it begins | education: {timeline: [{when: Day 1, text: t, from_week: 3, to_week: 2}]} | education/timeline/Day 1       | ends before
contact hours never fall down the list      | dispositions: [{id: ask, label: a, contact_within_hours: 9, patient_label: a, patient: a}, {id: rest, label: a, contact_within_hours: 8, patient_label: a, patient: a}] | dispositions/rest/contact_within_hours | most urgent first
a single has choices                        | questions: [{id: q, section: all, audience: patient, type: single, text: q}] | questions/q                 | needs choices
a multiple has choices                      | questions: [{id: q, section: all, audience: patient, type: multiple, text: q}] | questions/q               | needs choices
others have none                            | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, choices: [{value: a, label: a}]}] | questions/q | no choices
a choice once                               | questions: [{id: q, section: all, audience: patient, type: single, text: q, choices: [{value: a, label: a}, {value: a, label: b}]}] | questions/q/choices | 'a' is there twice
don't know is not a choice's value          | questions: [{id: q, section: all, audience: patient, type: single, text: q, choices: [{value: dont_know, label: a}]}] | questions/q/choices | dont_know
only a number has limits                    | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, min: 1}] | questions/q         | `number`
                                            | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, max: 1}] | questions/q         | `number`
                                            | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, decimals: 2}] | questions/q    | `number`
                                            | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, unit: cm}] | questions/q       | `number`
                                            | questions: [{id: q, section: all, audience: patient, type: yes_no, text: q, integer: true}] | questions/q  | `number`
min is not above max                        | questions: [{id: q, section: all, audience: patient, type: number, text: q, min: 3, max: 2}] | questions/q/min | larger
a whole number has no decimals              | questions: [{id: q, section: all, audience: patient, type: number, text: q, integer: true, decimals: 2}] | questions/q/decimals | no decimals
units that can be turned into the question's | questions: [{id: q, section: all, audience: patient, type: number, text: q, unit: cm, entry_units: [kg]}] | questions/q/entry_units | `kg`
a property names what there is              | properties: [{id: P, claim: c, kind: whenever, given: hott, disposition_in: [now]}] | properties/P/given   | `hott`
                                            | properties: [{id: P, claim: c, kind: whenever, given: age > 3, disposition_in: [nov]}] | properties/P/disposition_in | `nov`
                                            | properties: [{id: P, claim: c, kind: irrelevant, questions: [nobody]}]    | properties/P/questions         | `nobody`
                                            | properties: [{id: P, claim: c, kind: monotone, scales: {colour: [red, mauve]}}] | properties/P/scales/colour | 'mauve'
                                            | properties: [{id: P, claim: c, kind: monotone, scales: {nobody: [red]}}]  | properties/P/scales/nobody     | `nobody`
a property claims something                 | properties: [{id: P, claim: c, kind: whenever, given: age > 3}]              | properties/P                   | needs one of
                                            | properties: [{id: P, claim: c, kind: whenever, disposition_in: [now]}]    | properties/P                   | `given`
                                            | properties: [{id: P, claim: c, kind: only_if, requires: age > 3}]            | properties/P                   | `disposition`
                                            | properties: [{id: P, claim: c, kind: irrelevant}]                         | properties/P                   | questions
"""  # noqa: E501


def _fragment(cell):
    return cell if cell.startswith("{") else "{" + cell + "}"


def _problems(data):
    with pytest.raises(DocumentError) as caught:
        read_ruleset(data)
    return caught.value.problems


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['says']} ({row['expression']})") for row in rows(EXPRESSIONS)]
)
def test_expressions(row):
    rules = [{"id": "R", "title": "t", "when": row["expression"]}]
    problem, *_ = _problems({**document(SCOPE), "rules": rules})
    assert problem.place == "rules/R/when"
    assert problem.column == int(row["column"])
    for words in row["words"].split("; "):
        assert words in f"{problem.message} {problem.suggestion}"


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['says']} ({row['place']})") for row in rows(DOCUMENTS)])
def test_documents(row):
    problems = _problems(document(_fragment(row["fragment"])))
    assert len(problems) == 1, problems
    assert row["place"] in problems[0].place
    assert row["words"] in str(problems[0])


COMPARISON = """
options: [{id: rest, label: Rest, what: w, not_known: n, citations: [book]}]
points:
- {id: b1, option: rest, kind: benefit, text: t, citations: [book]}
- {id: h1, option: rest, kind: harm, text: t, citations: [book]}
what_matters: [{id: m1, text: t}]
questions_to_ask: [{id: a1, text: t, dispositions: [later]}]
about: a
citations: [book]
known: k
not_known: n
made_by: m
funding: f
updated: '2026-11-20'
next_review: '2027-11-20'
"""

COMPARISONS = """
says                             | list             | fragment                                                                      | place                                   | words
----
an option's id once              | options          | {id: rest, label: l, what: w, not_known: n, citations: [book]}                | education/options/rest                  | used twice
a point's id once                | points           | {id: b1, option: rest, kind: harm, text: t, citations: [book]}                | education/points/b1                     | used twice
a thing that matters once        | what_matters     | {id: m1, text: t}                                                             | education/what_matters/m1               | used twice
a question to ask once           | questions_to_ask | {id: a1, text: t}                                                             | education/questions_to_ask/a1           | used twice
every cited id exists            | points           | {id: p, option: rest, kind: harm, text: t, citations: [boo]}                  | education/points/p/citations            | did you mean `book`
                                 | points           | {id: p, option: res, kind: harm, text: t, citations: [book]}                  | education/points/p/option               | no option `res`
                                 | questions_to_ask | {id: q, text: t, dispositions: [latr]}                                        | education/questions_to_ask/q/dispositions | did you mean `later`
whatever is weighed has a source | points           | {id: p, option: rest, kind: harm, text: t}                                    | education/points/p/citations            | where this comes from
                                 | citations        | boo                                                                           | education/citations                     | did you mean `book`
                                 | points           | {id: p, option: rest, kind: harm, text: t, citations: [book], high: 3}        | education/points/p/high                 | needs a low one
                                 | points           | {id: p, option: rest, kind: harm, text: t, citations: [book], low: 4, high: 3} | education/points/p/high                | needs a low one
                                 | points           | {id: p, option: rest, kind: harm, text: t, citations: [book], low: 101}       | education/points/p/low                  | 100
a point is one of two kinds      | points           | {id: p, option: rest, kind: so-so, text: t, citations: [book]}                | education/points/p/kind                 | harm
"""  # noqa: E501


def _compared(**changes):
    return {
        **document("citations: {book: {text: A book, status: confirmed}}"),
        "education": plain(COMPARISON) | changes,
    }


def test_a_comparison_of_options_passes():
    assert check(read_ruleset(_compared())) == []


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['says']} ({row['place']})") for row in rows(COMPARISONS)])
def test_comparisons(row):
    problems = _problems(_compared(**{row["list"]: [*plain(COMPARISON)[row["list"]], plain(row["fragment"])]}))
    assert len(problems) == 1, problems
    assert row["place"] == problems[0].place
    assert row["words"] in str(problems[0])


@pytest.mark.parametrize(("left", "missing"), [(0, "harm"), (1, "benefit")])
def test_both_sides_of_every_option_are_shown(left, missing):
    (problem,) = _problems(_compared(points=[plain(COMPARISON)["points"][left]]))
    assert (problem.place, f"no {missing}" in problem.message) == ("education/options/rest", True)


@pytest.mark.parametrize("field", ["about", "known", "not_known", "made_by", "funding", "updated", "next_review"])
def test_a_comparison_says_who_says_so_when_and_for_whose_money(field):
    (problem,) = _problems(_compared(**{field: ""}))
    assert (problem.place, "has to say this" in problem.message) == (f"education/{field}", True)


def test_an_option_without_a_source():
    (problem,) = _problems(_compared(options=[{**plain(COMPARISON)["options"][0], "citations": []}]))
    assert problem.place == "education/options/rest/citations"


ALL_AT_ONCE = """
default_disposition: nowhere
definitions:
- {id: d, title: t, is: colur = 'red' and pian > 3}
- {id: used, title: t, is: d and pain > 30}
rules:
- {id: A, title: t, when: smoker = 'maybe' and colour = 'gren', cites: [nobody]}
- {id: B, title: t, when: pain >, disposition: nov}
- {id: C, title: t, when: used}
properties:
- {id: P, claim: c, kind: whenever, given: hott, disposition_in: [now]}
"""


def test_all_problems_are_reported_together():
    problems = _problems(document(ALL_AT_ONCE))
    assert [(problem.place, problem.column) for problem in problems] == [
        ("default_disposition", None),
        ("definitions/d/is", 1),
        ("definitions/d/is", 19),
        ("definitions/used/is", 14),
        ("rules/A/when", 10),
        ("rules/A/when", 31),
        ("rules/A/cites", None),
        ("rules/B/when", 7),
        ("rules/B/disposition", None),
        ("properties/P/given", 1),
    ]


def test_all_problems_of_shape_are_reported_together():
    data = document("rules: [{id: R, when: 3}, {id: 9, title: t, when: age > 3, colour: red}]")
    data.pop("title")
    places = {problem.place for problem in _problems(data)}
    assert places == {"title", "rules/R/title", "rules/R/when", "rules/1/id", "rules/1/colour"}


def test_a_code_that_yaml_reads_as_a_boolean_says_what_to_do():
    data = document()
    data["questions"][0] = {**data["questions"][2], "choices": [{"value": True, "label": "A"}]}
    (problem,) = _problems(data)
    assert "quotes" in str(problem)
    assert problem.place.endswith("/value")


FITTING = """
says                                                          | expression
----
a number that one of Coalesce's questions can be              | Coalesce(pain, age) > 50
                                                              | Coalesce(pain, 20) = 20
a number beside a sum is not a question's                     | pain + pain > 15
a question without limits                                     | free > 1000000
the limits themselves                                         | pain >= 10 or pain <= 0
a definition as a condition and as a number                   | hot and total > 3 and (hot is null) and (total is null)
a code in parentheses                                         | (colour) = 'red'
'none' is a choice                                            | places contains 'none'
"""


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['says']} ({row['expression']})") for row in rows(FITTING)])
def test_what_fits(row):
    rules = [{"id": "R", "title": "t", "when": row["expression"]}]
    assert read_ruleset({**document(SCOPE), "rules": rules})


def test_what_check_passes_has_no_problems():
    assert check(read_ruleset(document(SCOPE))) == []


def test_a_problem_reads_as_a_sentence():
    rules = plain("[{id: R, title: t, when: smokr = 'yes'}]")
    (problem,) = _problems({**document(), "rules": rules})
    assert str(problem) == (
        "rules/R/when, column 1: There is no question or definition `smokr`. (did you mean `smoker`?)"
    )
