"""A rule set's expressions as gates: what each is for the case in a row, under one way of reading it."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from functools import singledispatchmethod

from screening.interpreters.sql import comparisons, quantities, rails
from screening.interpreters.sql.answered import AS_PRUNED, Answered, Instead, Ways
from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import Layout
from screening.interpreters.sql.quantities import Quantity
from screening.interpreters.sql.rails import Rails
from screening.rules import expression as e
from screening.rules.answers import NONE
from screening.rules.graph import dependencies, order
from screening.rules.parse import parse
from screening.rules.question import Question
from screening.rules.ruleset import Rule, RuleSet

Value = Rails | Quantity


class Reading:
    """All of a rule set's questions and definitions, read in one way."""

    def __init__(self, circuit: Circuit, ruleset: RuleSet, layout: Layout, ways: Ways = AS_PRUNED) -> None:
        self.circuit = circuit
        self.ruleset = ruleset
        self.questions = {question.id: question for question in ruleset.questions}
        self.answers = Answered(circuit, ruleset, layout, ways)
        self.opened: dict[str, Gate] = {}
        """question or definition → whether it mentions, however deep, a question that is open"""
        self.definitions: dict[str, Value] = {}
        self.needs = dependencies(ruleset)
        # each after what it mentions, so that long chains are not followed down
        self._in_order = order(self.needs, set())
        for name in self._in_order:
            self._read(name)

    def with_other(self, instead: Instead) -> "Reading":
        """The reading with another answer to a question; what has nothing to do with it is taken over."""
        other = copy(self)
        other.answers = self.answers.with_other(instead)
        other.opened, other.definitions = dict(self.opened), dict(self.definitions)
        affected = {instead.question_id}
        for name in self._in_order:
            if name in affected or not affected.isdisjoint(self.needs[name]):
                affected.add(name)
                other._read(name)
        return other

    def _read(self, name: str) -> None:
        self.opened[name] = self._opened(self.needs[name])
        if name in self.questions:
            self._show(self.questions[name])
        else:
            self._define(name, parse(self.ruleset.definition(name).is_))

    def _opened(self, mentioned: Iterable[str]) -> Gate:
        return self.circuit.any_of(self.opened[name] for name in mentioned)

    def _show(self, question: Question) -> None:
        truth = self.truth(parse(question.show_if)) if question.show_if else rails.constant(True)
        settled = self.circuit.negated(self.opened[question.id])
        self.answers.shown[question.id] = self.circuit.label(truth.possible, f"s_{question.id}")
        surely = self.circuit.all_of([truth.possible, self.circuit.any_of([truth.true, settled])])
        self.answers.surely_shown[question.id] = surely
        never_asked = self.answers.never_asked(question)
        self.opened[question.id] = self.circuit.any_of([self.opened[question.id], never_asked])

    def _define(self, name: str, node: e.Node) -> None:
        self.definitions[name] = value = self.value(node)
        if isinstance(value, Rails):
            self.circuit.label(value.true, f"t_{name}")
            self.circuit.label(value.possible, f"p_{name}")

    def invalid(self) -> Rails:
        """Whether any answer is invalid."""
        return rails.disjunction(self.circuit, list(map(self.answers.invalid, self.questions.values())))

    def verdicts(self, rules: Iterable[Rule]) -> dict[str, Rails]:
        """Each rule's verdict, by its id."""
        return {rule.id: self.truth(parse(rule.when)) for rule in rules}

    def open_rules(self, rules: Iterable[Rule]) -> dict[str, Gate]:
        """By rule id, whether the rule mentions, however deep, a question that is open."""
        return {rule.id: self._opened(e.names(parse(rule.when))) for rule in rules}

    def truth(self, node: e.Node) -> Rails:
        """A condition."""
        value = self.value(node)
        assert isinstance(value, Rails)
        return value

    def quantity(self, node: e.Node) -> Quantity:
        """A number."""
        value = self.value(node)
        assert isinstance(value, Quantity)
        return value

    def truths(self, nodes: Sequence[e.Node]) -> list[Rails]:
        return [self.truth(node) for node in nodes]

    @singledispatchmethod
    def value(self, node: e.Node) -> Value:
        """What a node is; a question only where it is a number."""
        raise TypeError(f"not an expression: {node!r}")

    @value.register
    def _(self, node: e.Name) -> Value:
        return (
            self.definitions[node.id] if node.id in self.definitions else self.answers.number(self.questions[node.id])
        )

    @value.register
    def _(self, node: e.Boolean) -> Value:
        return rails.constant(node.value)

    @value.register
    def _(self, node: e.And) -> Value:
        return rails.conjunction(self.circuit, self.truths(node.parts))

    @value.register
    def _(self, node: e.Or) -> Value:
        return rails.disjunction(self.circuit, self.truths(node.parts))

    @value.register
    def _(self, node: e.Not) -> Value:
        return rails.negation(self.circuit, self.truth(node.part))

    @value.register
    def _(self, node: e.AtLeast) -> Value:
        return rails.at_least(self.circuit, int(node.count.value), self.truths(node.parts))

    @value.register
    def _(self, node: e.Compare) -> Value:
        name, code = (node.right, node.left) if isinstance(node.left, e.Text) else (node.left, node.right)
        if not isinstance(code, e.Text):
            left, right = self.quantity(node.left), self.quantity(node.right)
            return comparisons.comparison(self.circuit, left, node.operator, right)
        wanted = {code.value}
        return self._test(name, wanted if node.operator == "=" else set(self._asked(name).codes) - wanted)

    @value.register
    def _(self, node: e.In) -> Value:
        if isinstance(node.members[0], e.Text):
            return self._test(node.tested, {str(member.value) for member in node.members})
        tested = self.quantity(node.tested)
        members = [quantities.fixed(self.circuit, float(member.value)) for member in node.members]
        return rails.disjunction(
            self.circuit, [comparisons.comparison(self.circuit, tested, "=", member) for member in members]
        )

    @value.register
    def _(self, node: e.Contains) -> Value:
        return self._test(node.tested, {node.code.value})

    @value.register
    def _(self, node: e.Intersects) -> Value:
        return self._test(node.tested, {str(code.value) for code in node.codes})

    @value.register
    def _(self, node: e.IsNull) -> Value:
        null = self._null(node.tested)
        settled = self.circuit.negated(self._opened(e.names(node.tested)))
        test = Rails(self.circuit.all_of([null, settled]), null)
        return rails.negation(self.circuit, test) if node.negated else test

    def _null(self, node: e.Node) -> Gate:
        if isinstance(node, e.Name) and node.id in self.questions:
            return self.circuit.negated(self.answers.known(self.questions[node.id]))
        value = self.value(node)
        if isinstance(value, Rails):
            return rails.unknown(self.circuit, value)
        return self.circuit.negated(value.known)

    def _asked(self, node: e.Node) -> Question:
        assert isinstance(node, e.Name)
        return self.questions[node.id]

    def _test(self, name: e.Node, codes: set[str]) -> Rails:
        """Whether one of the codes is answered or ticked."""
        question = self._asked(name)
        return Rails(self.answers.says(question, codes), self.answers.may_say(question, codes))

    @value.register
    def _(self, node: e.Number) -> Value:
        return quantities.fixed(self.circuit, node.value)

    @value.register
    def _(self, node: e.Minus) -> Value:
        return quantities.negative(self.circuit, self.quantity(node.part))

    @value.register
    def _(self, node: e.Arithmetic) -> Value:
        left, right = self.quantity(node.left), self.quantity(node.right)
        return quantities.arithmetic(self.circuit, left, node.operator, right)

    @value.register
    def _(self, node: e.Coalesce) -> Value:
        parts = [self.quantity(part) for part in node.parts]
        return self._settled(node, quantities.first_known(self.circuit, parts))

    @value.register
    def _(self, node: e.CountTrue) -> Value:
        trues = [part.true for part in self.truths(node.parts)]
        return self._settled(node, quantities.count(self.circuit, trues))

    def _settled(self, node: e.Node, quantity: Quantity) -> Quantity:
        """The quantity, but unknown while a question it mentions is open, whatever the answer may do to it."""
        opened = self._opened(e.names(node))
        known = self.circuit.all_of([quantity.known, self.circuit.negated(opened)])
        return replace(quantity, known=known, unknown=self.circuit.any_of([quantity.unknown, opened]))

    @value.register
    def _(self, node: e.CountTicked) -> Value:
        question = self._asked(node.question)
        ticked = [self.answers.says(question, {code}) for code in question.codes if code != NONE]
        counted = quantities.count(self.circuit, ticked)
        return replace(counted, known=self.answers.known(question), unknown=self.answers.unknown(question))

    @value.register
    def _(self, node: e.Score) -> Value:
        question = self._asked(node.question)
        scores: dict[float, set[str]] = {}
        for choice in question.choices:
            scores.setdefault(float(choice.score or 0), set()).add(choice.value)
        chosen = [(score, self.answers.says(question, codes)) for score, codes in scores.items()]
        quantity = quantities.of_cases(self.circuit, chosen)
        return replace(quantity, known=self.answers.known(question), unknown=self.answers.unknown(question))
