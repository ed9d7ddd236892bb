"""What the expressions of a rule set mean, as one list of steps.

Each part of each expression is a step: it has a key (a definition's id, or the part's own text) and a function that
works out its value from the values of the questions and of earlier steps. The same part is one step wherever it is
written, so a case is worked out once, and what every test saw can be looked up by its text afterwards.
"""

from collections.abc import Iterable
from functools import singledispatchmethod
from operator import itemgetter

from screening.rules import expression as e
from screening.rules import operations
from screening.rules.operations import Read
from screening.rules.parse import parse
from screening.rules.ruleset import Definition, Question
from screening.rules.truth import FALSE, NOT, TRUE, Truth, at_least, conjunction, disjunction


class Meaning:
    """Collects the steps of one rule set's expressions, which must have passed `check`."""

    def __init__(self, questions: Iterable[Question], definitions: Iterable[Definition]) -> None:
        self.questions = {question.id: question for question in questions}
        self.definitions = {definition.id: parse(definition.is_) for definition in definitions}
        self.steps: dict[str, Read] = {}
        """key → function, each after the steps it needs"""
        self.constants: dict[str, float | Truth] = {}
        """the keys whose value is always the same"""
        self.tests: list[str] = []
        """the keys of the tests, which are what an explanation shows"""

    def key(self, node: e.Node) -> str:
        """The key under which the node's value stands once its steps are done."""
        if isinstance(node, e.Name):
            return self.name(node.id)
        text = str(node)
        if text not in self.steps and text not in self.constants:
            if isinstance(node, e.Number):
                self.constants[text] = node.value
            elif isinstance(node, e.Boolean):
                self.constants[text] = TRUE if node.value else FALSE
            else:
                self.steps[text] = self._read(node)
                if isinstance(node, e.TESTS):
                    self.tests.append(text)
        return text

    def name(self, name: str) -> str:
        """The key of a question or definition."""
        if name not in self.questions and name not in self.steps:
            expression = self.key(self.definitions[name])
            self.steps[name] = itemgetter(expression)
        return name

    def is_truth(self, definition_id: str) -> bool:
        """Whether a definition is a condition rather than a number."""
        node = self.definitions[definition_id]
        if isinstance(node, e.Name):
            return node.id in self.definitions and self.is_truth(node.id)
        return isinstance(node, (e.Or, e.And, e.Not, e.Boolean, e.AtLeast, *e.TESTS))

    def keys(self, nodes: Iterable[e.Node]) -> list[str]:
        return [self.key(node) for node in nodes]

    @singledispatchmethod
    def _read(self, node: e.Node) -> Read:
        """The function of a node, after the steps of what stands below it."""
        raise TypeError(f"not an expression: {node!r}")

    @_read.register
    def _(self, node: e.And) -> Read:
        parts = itemgetter(*self.keys(node.parts))
        return lambda values: conjunction(parts(values))

    @_read.register
    def _(self, node: e.Or) -> Read:
        parts = itemgetter(*self.keys(node.parts))
        return lambda values: disjunction(parts(values))

    @_read.register
    def _(self, node: e.Not) -> Read:
        part = self.key(node.part)
        return lambda values: NOT[values[part]]

    @_read.register
    def _(self, node: e.AtLeast) -> Read:
        count, parts = int(node.count.value), self.keys(node.parts)
        return lambda values: at_least(count, [values[part] for part in parts])

    @_read.register
    def _(self, node: e.Compare) -> Read:
        name, code = node.left, node.right
        if isinstance(name, e.Text):
            name, code = code, name
        if isinstance(code, e.Text):
            return operations.code_test(self.key(name), {code.value}, wanted=node.operator == "=")
        return operations.number_test(self.key(name), node.operator, self.key(code))

    @_read.register
    def _(self, node: e.In) -> Read:
        members = [member.value for member in node.members]
        if isinstance(node.members[0], e.Text):
            return operations.code_test(self.key(node.tested), list(map(str, members)), wanted=True)
        return operations.number_in(self.key(node.tested), list(map(float, members)))

    @_read.register
    def _(self, node: e.Contains) -> Read:
        return operations.ticked_test(self.key(node.tested), {node.code.value})

    @_read.register
    def _(self, node: e.Intersects) -> Read:
        return operations.ticked_test(self.key(node.tested), {str(code.value) for code in node.codes})

    @_read.register
    def _(self, node: e.IsNull) -> Read:
        return operations.null_test(self.key(node.tested), negated=node.negated)

    @_read.register
    def _(self, node: e.Minus) -> Read:
        return operations.minus(self.key(node.part))

    @_read.register
    def _(self, node: e.Arithmetic) -> Read:
        return operations.arithmetic(self.key(node.left), node.operator, self.key(node.right))

    @_read.register
    def _(self, node: e.Coalesce) -> Read:
        return operations.first_known(self.keys(node.parts))

    @_read.register
    def _(self, node: e.CountTrue) -> Read:
        return operations.count_true(self.keys(node.parts))

    @_read.register
    def _(self, node: e.Score) -> Read:
        scores = {choice.value: choice.score for choice in self.questions[node.question.id].choices}
        return operations.of_known(self.key(node.question), lambda code: float(scores[code] or 0))

    @_read.register
    def _(self, node: e.CountTicked) -> Read:
        return operations.of_known(self.key(node.question), lambda ticked: float(len(ticked.codes - {"none"})))
