"""For every case, an explanation names tests that are enough, none that is too much, and asks what settles a rule."""

import random

import pytest

from screening.interpreters.evaluate import decide
from screening.interpreters.explain import explain, explain_text, why_not
from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.truth import FALSE, NOT, TRUE, UNKNOWN, at_least, conjunction, disjunction
from tests.unit.interpreters.small import definition, one_rule


def explained(rules, answers):
    return explain(rules, answers, decide(rules, answers))


def kleene(rules, node, seen):
    """The truth of a condition from the truths of its tests alone; a test not named is unknown."""
    match node:
        case e.And(parts=parts):
            return conjunction([kleene(rules, part, seen) for part in parts])
        case e.Or(parts=parts):
            return disjunction([kleene(rules, part, seen) for part in parts])
        case e.AtLeast(count=count, parts=parts):
            return at_least(int(count.value), [kleene(rules, part, seen) for part in parts])
        case e.Not(part=part):
            return NOT[kleene(rules, part, seen)]
        case e.Boolean(value=value):
            return TRUE if value else FALSE
        case e.Name(id=name):
            return kleene(rules, parse(rules.definition(name).is_), seen)
    return seen.get(str(node), UNKNOWN)


def named_tests(rule):
    """The tests named, and that what they tell an answer of is known."""
    seen = {test.expression: test.truth for test in rule.tests()}
    told = {answer.question for test in rule.tests() for answer in test.answers if answer.given}
    missing = {answer.question for test in rule.tests() for answer in test.answers if not answer.given}
    known = {f"{question} is not null": TRUE for question in told}
    return {**known, **{f"{question} is not null": FALSE for question in missing}, **seen}


# -- cases


def random_answers(rules, generator):
    """Answers of any kind to most questions."""
    return {
        question.id: answer
        for question in rules.questions
        if question.audience != "system" and generator.random() < 0.8
        if (answer := random_answer(question, generator)) is not None
    }


def random_answer(question, generator, *, sure=False):
    if question.type in ("text", "date"):
        return None
    if question.dont_know and not sure and generator.random() < 0.25:
        return "dont_know"
    if question.type == "number":
        low = int(question.min or 0)
        return float(generator.randint(low, min(int(question.max or 100), low + 60)))
    if question.type == "multiple":
        return generator.sample([code for code in question.codes if code != "none"], 1)
    return generator.choice(question.codes)


@pytest.fixture(scope="module")
def cases(lumbar, vignettes):
    """The vignettes, the same with holes, and random answers."""
    generator = random.Random(20)
    whole = [vignettes.answers(vignette) for vignette in vignettes.vignettes]
    holes = [{key: value for key, value in answers.items() if generator.random() < 0.8} for answers in whole]
    return whole + holes + [random_answers(lumbar, generator) for _ in range(100)]


def test_the_named_tests_are_enough(lumbar, cases):
    for answers in cases:
        for rule in explained(lumbar, answers).fired:
            assert kleene(lumbar, parse(lumbar.rule(rule.rule).when), named_tests(rule)) is TRUE, rule.rule


def test_without_any_one_named_test_a_plain_and_would_not_fire():
    rules = one_rule("pain > 3 and hurts and not hidden and AtLeast(2, { smoker = 'yes', age > 60 })", definitions=[
        definition("hurts", "hurts", "c_pain > 3 and mood = 'bad'"),
        definition("hidden", "hidden", "colour = 'red' or places contains 'arm'"),
    ])  # fmt: skip
    answers = {"pain": 7, "c_pain": 7, "mood": "bad", "colour": "blue", "places": ["leg"], "smoker": "yes", "age": 70}
    (rule,) = explained(rules, answers).fired
    seen = {test.expression: test.truth for test in rule.tests()}
    assert len(seen) == 7
    for expression in seen:
        others = {other: truth for other, truth in seen.items() if other != expression}
        assert kleene(rules, parse(rules.rule("R").when), others) is UNKNOWN
        assert kleene(rules, parse(rules.rule("R").when), {**others, expression: NOT[seen[expression]]}) is FALSE


def could_hold(rules, node, wanted, trace, turned):
    """Whether a condition would come out as wanted if each of the turned tests did wherever it stands."""
    match node:
        case e.Not(part=part):
            return could_hold(rules, part, not wanted, trace, turned)
        case e.Name(id=name):
            return could_hold(rules, parse(rules.definition(name).is_), wanted, trace, turned)
        case e.Boolean(value=value):
            return value is wanted
        case e.And(parts=parts) | e.Or(parts=parts):
            needed = len(parts) if isinstance(node, e.And) is wanted else 1
        case e.AtLeast(count=count, parts=parts):
            needed = int(count.value) if wanted else len(parts) - int(count.value) + 1
        case _:
            return str(node) in turned or trace[str(node)] is (TRUE if wanted else FALSE)
    return sum(could_hold(rules, part, wanted, trace, turned) for part in parts) >= needed


def test_a_rule_lacks_just_what_would_make_it_fire(lumbar, cases):
    for answers in cases[::10]:
        outcome = decide(lumbar, answers)
        for rule in lumbar.rules:
            lacking = why_not(lumbar, answers, outcome, rule.id).reasons
            assert bool(lacking) is (outcome.verdicts[rule.id] is not TRUE)
            each = [with_known(reason) for reason in lacking]
            when = parse(rule.when)
            assert could_hold(lumbar, when, True, outcome.trace, set().union(*each)), rule.id
            for place, tests in enumerate(each):
                others = set().union(*each[:place], *each[place + 1 :])
                if tests.isdisjoint(others):
                    assert not could_hold(lumbar, when, True, outcome.trace, others), rule.id


def with_known(reason):
    """The tests of a reason; what tells an answer also tells that it is known."""
    tests = list(reason.tests())
    told = {f"{answer.question} is not null" for test in tests for answer in test.answers}
    return {*told, *(test.expression for test in tests)}


def test_the_answers_asked_for_settle_the_rule(lumbar, cases):
    generator, settled = random.Random(7), 0
    for answers in cases:
        for rule in explained(lumbar, answers).unresolved:
            given = {
                answer.question: random_answer(lumbar.question(answer.question), generator, sure=True)
                for answer in rule.settled_by
            }
            assert given
            verdict = decide(lumbar, {**answers, **given}).verdicts[rule.rule]
            settled += verdict is not UNKNOWN
            assert verdict is not UNKNOWN, (rule.rule, given)
    assert settled > 100


def test_every_part_says_something(lumbar, cases):
    for answers in cases:
        explanation = explained(lumbar, answers)
        assert explanation.summary
        assert all(rule.reasons for rule in (*explanation.fired, *explanation.unresolved))
        assert all(test.words for rule in explanation.fired for test in rule.tests())
        assert explain_text(explanation)
