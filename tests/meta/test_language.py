"""Everything the language has is pinned by a spec and made by a strategy."""

import importlib
import inspect
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.question import Question
from screening.rules.ruleset import RuleSet
from tests.generative.expressions import NODES
from tests.generative.profile import examples
from tests.generative.rulesets import documents
from tests.spec.runner import INTERPRETERS, Spec

NODE_KINDS = {kind for _, kind in inspect.getmembers(e, inspect.isclass) if issubclass(kind, e.Node)} - {e.Node}
COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}
SPEC_FOLDER = Path(__file__).parents[1] / "spec"


def specs() -> list[Spec]:
    """Every spec that runs on the interpreters, found where it is handed to a test."""
    names = sorted(path.stem for path in SPEC_FOLDER.glob("test_*.py"))
    tests = (vars(importlib.import_module(f"tests.spec.{name}")).values() for name in names)
    marks = (mark for test in itertools.chain(*tests) for mark in getattr(test, "pytestmark", []))
    pairs = (pair.values for mark in marks if mark.args[0] == ("interpreter", "spec") for pair in mark.args[1])
    return [spec for interpreter, spec in pairs if interpreter is INTERPRETERS[0]]


def nodes_of(ruleset: RuleSet) -> set[e.Node]:
    texts = [rule.when for rule in ruleset.rules] + [definition.is_ for definition in ruleset.definitions]
    texts += [question.show_if for question in ruleset.questions if question.show_if]
    return {node for text in texts for node in e.walk(parse(text))}


def rulesets(some: list[Spec]) -> list[RuleSet]:
    """Each rule set of the specs once."""
    return list({id(spec.ruleset): spec.ruleset for spec in some}.values())


def kinds_in(nodes: Any) -> set[type[e.Node]]:
    return {type(node) for node in nodes}


def operators_in(nodes: Any) -> set[str]:
    return {node.operator for node in nodes if isinstance(node, e.Compare | e.Arithmetic)}


@pytest.fixture(scope="module")
def pinned() -> set[e.Node]:
    return {node for ruleset in rulesets(specs()) for node in nodes_of(ruleset)}


def test_every_kind_of_node_has_a_spec(pinned):
    assert kinds_in(pinned) == NODE_KINDS


def test_every_operator_has_a_spec(pinned):
    assert operators_in(pinned) == COMPARISONS | set("+-*/")


def test_every_kind_of_node_has_a_spec_for_a_running_intake():
    running = rulesets([spec for spec in specs() if spec.pending])
    assert kinds_in({node for ruleset in running for node in nodes_of(ruleset)}) == NODE_KINDS


def test_every_verdict_is_expected_of_every_kind_of_test():
    """A test that is never unknown in a spec, or never false, would not show an interpreter that gets it wrong."""
    seen = {(kind, verdict) for spec in specs() for kind, verdict in expected_of_tests(spec)}
    always_known = {(e.IsNull, "unknown")}
    wanted = set(itertools.product(e.TESTS, ("true", "false", "unknown"))) - always_known
    assert wanted <= seen


def expected_of_tests(spec: Spec) -> list[tuple[type[e.Node], str]]:
    rules = {rule.id: parse(rule.when) for rule in spec.ruleset.rules}
    verdicts = {} if spec.pending else spec.expect.get("verdicts", {})
    return [(type(rules[rule]), verdict) for rule, verdict in verdicts.items()]


def test_specs_have_names_that_tell_them_apart():
    names = [f"{spec} {spec.pending}" for spec in specs()]
    assert all(spec.says for spec in specs())
    assert len(set(names)) > 0.95 * len(names)


def test_the_reference_runs_every_spec():
    assert INTERPRETERS[0].name == "evaluate"
    assert INTERPRETERS[0].reads_pending


def test_every_kind_of_node_has_a_strategy_for_printing():
    seen: set[type[e.Node]] = set()

    @examples(200)
    @given(NODES)
    def collect(node: e.Node) -> None:
        seen.update(kinds_in(e.walk(node)))

    collect()
    assert seen == NODE_KINDS


def test_rule_sets_made_at_random_have_everything():
    kinds: set[type[e.Node]] = set()
    operators: set[str] = set()
    types: set[str] = set()
    audiences: set[str] = set()
    fields: set[str] = set()

    @examples(150)
    @given(documents())
    def collect(document: dict[str, Any]) -> None:
        nodes = {node for text in expressions_of(document) for node in e.walk(parse(text))}
        kinds.update(kinds_in(nodes))
        operators.update(operators_in(nodes))
        types.update(question["type"] for question in document["questions"])
        audiences.update(question["audience"] for question in document["questions"])
        fields.update(field for kind in ("questions", "rules") for part in document[kind] for field in part)

    collect()
    assert kinds == NODE_KINDS
    assert operators == COMPARISONS | set("+-*/")
    assert types == set(Question.model_fields["type"].annotation.__args__)
    assert audiences == set(Question.model_fields["audience"].annotation.__args__)
    assert {"show_if", "optional", "dont_know", "min", "max", "integer", "decimals", "choices"} <= fields
    assert {"disposition", "contact_within_hours", "clarify_within_hours"} <= fields
    assert {"approach", "supports", "rules_out"} <= fields


def expressions_of(document: dict[str, Any]) -> list[str]:
    texts = [rule["when"] for rule in document["rules"]] + [each["is"] for each in document["definitions"]]
    return texts + [question["show_if"] for question in document["questions"] if "show_if" in question]
