"""What more knowledge can change, and what it cannot: the safety of "unknown", and of the pending reading."""

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from screening.interpreters.evaluate import evaluate
from screening.rules.case import read_case
from screening.rules.check import read_ruleset
from screening.rules.truth import Missing
from tests.generative.profile import examples
from tests.generative.rulesets import answers_to, cases, complete_cases, documents
from tests.spec.document import ruleset

SETTLED = ("true", "false")


def verdicts(rules: Any, answers: Any, *, pending: bool = False) -> dict[str, str]:
    outcome = evaluate(rules, read_case(rules, answers, pending=pending))
    return {rule: verdict.value for rule, verdict in outcome.verdicts.items()}


def states(rules: Any, answers: Any, *, pending: bool = False) -> dict[str, Any]:
    case = read_case(rules, answers, pending=pending)
    return {question.id: case.values[question.id] for question in rules.questions}


@st.composite
def sets_with(draw: Any, **kinds: bool) -> Any:
    document = draw(documents(**kinds))
    return document, read_ruleset(document), draw(cases(document)), draw(complete_cases(document))


@examples(150)
@given(sets_with(forgetful=False, branching=False))
def test_learning_an_unknown_answer_never_turns_a_verdict_over(drawn):
    """Without `is null`, Coalesce, CountTrue and CountTicked (which ask what is known), and without show_if."""
    _, rules, answers, known = drawn
    before = verdicts(rules, answers)
    unknown = [name for name, value in states(rules, answers).items() if value is Missing.UNKNOWN]
    learnt = {**answers, **{name: known[name] for name in unknown}}
    after = verdicts(rules, learnt)
    assert {rule: verdict for rule, verdict in before.items() if verdict in SETTLED}.items() <= after.items()


@st.composite
def incomplete_cases(draw: Any) -> Any:
    """A case in which don't know is ticked beside something in every `multiple`, and how it goes on."""
    _, rules, answers, known = draw(sets_with(forgetful=False, branching=False))
    some = {name: ticked for name, ticked in known.items() if isinstance(ticked, list) and ticked != ["none"]}
    more = {name: draw(st.lists(st.sampled_from(["a", "b"]), unique=True)) for name in some}
    incomplete = {name: [*ticked, "dont_know"] for name, ticked in some.items()}
    complete = {name: [*ticked, *(code for code in more[name] if code not in ticked)] for name, ticked in some.items()}
    return rules, {**answers, **incomplete}, {**answers, **complete}


@examples(150)
@given(incomplete_cases())
def test_completing_an_incomplete_answer_never_turns_a_verdict_over(drawn):
    rules, incomplete, complete = drawn
    before, after = verdicts(rules, incomplete), verdicts(rules, complete)
    assert {rule: verdict for rule, verdict in before.items() if verdict in SETTLED}.items() <= after.items()


@examples(100)
@given(sets_with(forgetful=False))
def test_with_everything_known_only_division_by_zero_is_unknown(drawn):
    document, rules, _, known = drawn
    assume("/" not in str(document))
    assert "unknown" not in verdicts(rules, known).values()


# -- pending


@st.composite
def running_intakes(draw: Any) -> Any:
    """A rule set, the answers given so far, and everything the patient may still say (or leave empty)."""
    document = draw(documents())
    rules = read_ruleset(document)
    so_far = draw(cases(document))
    asked = [question for question in document["questions"] if question["audience"] == "patient"]
    later = draw(st.fixed_dictionaries({}, optional={question["id"]: answers_to(question) for question in asked}))
    running = states(rules, so_far, pending=True)
    to_come = {name: value for name, value in later.items() if running[name] is Missing.PENDING}
    return rules, so_far, {**so_far, **to_come}


def asks_nothing_twice(rules: Any, answers: Any) -> bool:
    """Whether no answer given so far belongs to a question that may yet turn out to be hidden."""
    case = read_case(rules, answers, pending=True)
    return all(case.values[name] is Missing.PENDING for name in case.undetermined)


@examples(250)
@given(running_intakes())
def test_what_is_settled_while_an_intake_runs_stays_so_whatever_is_answered(drawn):
    """Also under is null, Coalesce, CountTrue and show_if: a true stays true and a false stays false."""
    rules, so_far, finished = drawn
    assume(asks_nothing_twice(rules, so_far))
    running, final = verdicts(rules, so_far, pending=True), verdicts(rules, finished)
    assert {rule: verdict for rule, verdict in running.items() if verdict in SETTLED}.items() <= final.items()


@examples(250)
@given(running_intakes())
def test_what_is_to_clarify_while_an_intake_runs_stays_so_whatever_is_answered(drawn):
    """An alarm rule counts as unresolved only when nothing still to come could resolve it."""
    rules, so_far, finished = drawn
    assume(asks_nothing_twice(rules, so_far))
    running = evaluate(rules, read_case(rules, so_far, pending=True)).unresolved
    assert set(running) <= set(evaluate(rules, read_case(rules, finished)).unresolved)


@examples(100)
@given(running_intakes())
def test_a_question_shown_or_hidden_for_sure_stays_so(drawn):
    rules, so_far, finished = drawn
    assume(asks_nothing_twice(rules, so_far))
    running, final = read_case(rules, so_far, pending=True), read_case(rules, finished)
    hidden = {question.id for question in rules.questions} - set(running.shown)
    assert set(running.shown) - set(running.undetermined) <= set(final.shown)
    assert not hidden & set(final.shown)


def test_where_that_ends():
    """An answer stays on record when the one its question depends on is taken away again, and counts until that is
    answered anew: then it may be hidden. Nothing else can turn a running verdict over.
    """
    rules = ruleset("rules: [{id: R, title: t, when: hidden_smoker = 'yes', disposition: now}]")
    so_far = {"hidden_smoker": "yes"}
    assert not asks_nothing_twice(rules, so_far)
    assert verdicts(rules, so_far, pending=True) == {"R": "true"}
    assert verdicts(rules, {**so_far, "gate": "no"}) == {"R": "false"}


@examples(100)
@given(sets_with())
def test_with_every_question_answered_nothing_is_pending(drawn):
    _, rules, _, known = drawn
    running = evaluate(rules, read_case(rules, known, pending=True))
    assert running == evaluate(rules, read_case(rules, known))
