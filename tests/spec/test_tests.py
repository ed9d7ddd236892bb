"""Section 4, "What a test gives": every operator × every state a question can be in × every way to be in it."""

import itertools

from tests.spec.runner import every_interpreter, expression, run

# How a question comes into a state: the answers that bring it there ({} in the key is the question's prefix).
WAYS = {
    "known": [("{}", "{known}", "")],
    "unknown": [
        ("{}", "dont_know", ""),
        ("{}", None, ""),
        ("{}", {"wrong": "type"}, ""),
        ("optional_{}", "dont_know", ""),
        ("c_{}", "dont_know", ""),
        ("hidden_{}", None, "dont_know"),
        ("hidden_{}", None, "yes"),
    ],
    "absent": [
        ("hidden_{}", None, "no"),
        ("hidden_{}", "{known}", "no"),
        ("hidden_{}", "dont_know", "no"),
        ("optional_{}", None, ""),
        ("c_{}", None, ""),
    ],
}

# kind of question → (an answer, {operator: (expression true of it, expression false of it)})
TESTS = {
    "colour": (
        "red",
        {
            "=": ("{q} = 'red'", "{q} = 'green'"),
            "= the other way round": ("'red' = {q}", "'green' = {q}"),
            "!=": ("{q} != 'green'", "{q} != 'red'"),
            "in": ("{q} in {{ 'green', 'red' }}", "{q} in {{ 'green', 'blue' }}"),
        },
    ),
    "smoker": ("yes", {"=": ("{q} = 'yes'", "{q} = 'no'"), "!=": ("{q} != 'no'", "{q} != 'yes'")}),
    "places": (
        ["arm", "leg"],
        {
            "contains": ("{q} contains 'arm'", "{q} contains 'back'"),
            "exists … intersect": (
                "exists ({q} intersect {{ 'arm', 'back' }})",
                "exists ({q} intersect {{ 'back', 'none' }})",
            ),
        },
    ),
    "pain": (
        4,
        {
            "=": ("{q} = 4", "{q} = 5"),
            "!=": ("{q} != 5", "{q} != 4"),
            "<": ("{q} < 5", "{q} < 4"),
            "<=": ("{q} <= 4", "{q} <= 3.9"),
            ">": ("{q} > 3", "{q} > 4"),
            ">=": ("{q} >= 4", "{q} >= 4.1"),
            "in": ("{q} in {{ 1, 4 }}", "{q} in {{ 1, 5 }}"),
            "< the other way round": ("3 < {q}", "4 < {q}"),
            "of two quantities": ("{q} + 1 >= {q}", "{q} - 1 >= {q}"),
        },
    ),
}

TABLE = """
| the tested thing is | a test | is not null | is null |
| known | true or false | true | false |
| unknown | unknown | false | true |
| absent | false | false | true |
| pending | unknown | unknown | unknown |
"""


def _table():
    lines = [[cell.strip() for cell in line.strip("| ").split("|")] for line in TABLE.strip().splitlines()]
    return {line[0]: dict(zip(lines[0][1:], line[1:], strict=True)) for line in lines[1:]}


def _answers(way, kind, known):
    prefix, answer, gate = way
    question = prefix.format(kind)
    answers = {question: known if answer == "{known}" else answer, "gate": gate or "dont_know"}
    return question, {key: value for key, value in answers.items() if value is not None}


def _expressions(kind):
    known, operators = TESTS[kind]
    for operator, (true, false) in operators.items():
        yield known, operator, true, "true"
        yield known, operator, false, "false"


def _specs():
    """Every cell of the table but the pending row."""
    for state, ways in WAYS.items():
        for kind, way in itertools.product(TESTS, ways):
            for known, operator, written, verdict in _expressions(kind):
                question, answers = _answers(way, kind, known)
                given = verdict if state == "known" else _table()[state]["a test"]
                yield expression(f"{state}, {operator}: {given}", written.format(q=question), answers, given)


def _null_specs():
    for state, ways in WAYS.items():
        for kind, way, test in itertools.product(TESTS, ways, ("is null", "is not null")):
            question, answers = _answers(way, kind, TESTS[kind][0])
            given = _table()[state][test]
            yield expression(f"{state}: {test} is {given}", f"{question} {test}", answers, given)


def _pending_specs():
    """Pending: shown, not yet answered, while the intake runs. Every test of it, also is null, is unknown."""
    for kind, prefix in itertools.product(TESTS, ("{}", "optional_{}", "hidden_{}")):
        question = prefix.format(kind)
        tests = [written for _, _, written, _ in _expressions(kind)] + ["{q} is null", "{q} is not null"]
        for written, gate in itertools.product(tests, ("yes", "dont_know", None)):
            answers = {"gate": gate} if gate else {}
            text = written.format(q=question)
            yield expression(
                "a question not yet asked: unknown, nothing to clarify", text, answers, "pending", pending=True
            )


def _settled_specs():
    """While an intake runs, what is answered or hidden reads as it always does."""
    ways = [(state, way) for state, ways in WAYS.items() for way in ways if way[1] is not None or way[2] == "no"]
    for kind, (state, way) in itertools.product(TESTS, ways):
        for known, operator, written, verdict in _expressions(kind):
            question, answers = _answers(way, kind, known)
            given = verdict if state == "known" else _table()[state]["a test"]
            if not _is_wrong(way):
                says = f"{state} while an intake runs, {operator}: {given}"
                yield expression(says, written.format(q=question), answers, given, pending=True)


def _is_wrong(way):
    """A wrong answer has somebody clarify by itself, so the verdict alone does not show."""
    return isinstance(way[1], dict)


def _clinicians_specs():
    for kind in TESTS:
        for _, _, written, _ in _expressions(kind):
            says = "an intake does not ask the clinician's questions: absent there too"
            yield expression(says, written.format(q=f"c_{kind}"), {}, "false", pending=True)


@every_interpreter(_specs())
def test_every_operator_on_every_state(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(_null_specs())
def test_is_null(interpreter, spec):
    run(interpreter, spec)


@every_interpreter(_pending_specs())
def test_pending(interpreter, spec):
    run(interpreter, spec)


@every_interpreter([*_settled_specs(), *_clinicians_specs()])
def test_known_unknown_and_absent_while_an_intake_runs(interpreter, spec):
    run(interpreter, spec)
