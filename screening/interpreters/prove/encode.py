"""What the expressions of a rule set mean for any possible answer set, as formulas: language.md section 4.

Every truth is a pair, when it is true and when it is false; what is neither is unknown. Nothing is pending.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import singledispatchmethod

from screening.interpreters.prove.asked import Asked, Pair
from screening.interpreters.prove.formula import FALSE, TRUE
from screening.interpreters.prove.linear import exactly
from screening.interpreters.prove.quantity import Quantity, Way
from screening.rules import expression as e
from screening.rules.answers import NONE
from screening.rules.parse import parse
from screening.rules.ruleset import RuleSet


class Encoding(Asked):
    """The formulas of one rule set, made as they are asked for. The rule set must have passed `check`."""

    def __init__(self, ruleset: RuleSet) -> None:
        super().__init__(ruleset)
        self.definitions = {definition.id: definition.is_ for definition in ruleset.definitions}
        self._truths: dict[str, Pair] = {}
        self._quantities: dict[str, Quantity] = {}

    # -- conditions

    def truth(self, text: str) -> Pair:
        """When a condition is true and false."""
        if text not in self._truths:
            self._truths[text] = self._truth(parse(text))
        return self._truths[text]

    def unknown_truth(self, pair: Pair) -> int:
        """When a condition is unknown."""
        return self.formulas.both(-pair.true, -pair.false)

    @singledispatchmethod
    def _truth(self, node: e.Node) -> Pair:
        raise TypeError(f"not a condition: {node!r}")

    @_truth.register
    def _(self, node: e.Boolean) -> Pair:
        return Pair(TRUE, FALSE) if node.value else Pair(FALSE, TRUE)

    @_truth.register
    def _(self, node: e.Name) -> Pair:
        return self.truth(self.definitions[node.id])

    @_truth.register
    def _(self, node: e.And) -> Pair:
        pairs = [self._truth(part) for part in node.parts]
        return Pair(self.formulas.all(pair.true for pair in pairs), self.formulas.any(pair.false for pair in pairs))

    @_truth.register
    def _(self, node: e.Or) -> Pair:
        pairs = [self._truth(part) for part in node.parts]
        return Pair(self.formulas.any(pair.true for pair in pairs), self.formulas.all(pair.false for pair in pairs))

    @_truth.register
    def _(self, node: e.Not) -> Pair:
        part = self._truth(node.part)
        return Pair(part.false, part.true)

    @_truth.register
    def _(self, node: e.AtLeast) -> Pair:
        count, pairs = int(node.count.value), [self._truth(part) for part in node.parts]
        true = self.formulas.at_least(count, [pair.true for pair in pairs])
        return Pair(true, self.formulas.at_least(len(pairs) - count + 1, [pair.false for pair in pairs]))

    @_truth.register
    def _(self, node: e.Compare) -> Pair:
        name, code = node.left, node.right
        if isinstance(name, e.Text):
            name, code = code, name
        if isinstance(code, e.Text):
            return self._code(name, {code.value}, wanted=node.operator == "=")
        left, right = self._quantity(name), self._quantity(code)
        ways = (
            (self.formulas.both(one.when, other.when), self.sums.compared(one.value, node.operator, other.value))
            for one in left.ways
            for other in right.ways
        )
        return self._number_test(ways, self.arithmetic.either_unknown(left, right))

    @_truth.register
    def _(self, node: e.In) -> Pair:
        if isinstance(node.members[0], e.Text):
            return self._code(node.tested, {str(member.value) for member in node.members}, wanted=True)
        tested = self._quantity(node.tested)
        members = [self.arithmetic.constant(exactly(float(member.value))).ways[0].value for member in node.members]
        ways = (
            (way.when, self.formulas.any(self.sums.compared(way.value, "=", member) for member in members))
            for way in tested.ways
        )
        return self._number_test(ways, tested.unknown)

    @_truth.register
    def _(self, node: e.Contains) -> Pair:
        return self._ticked(node.tested, {node.code.value})

    @_truth.register
    def _(self, node: e.Intersects) -> Pair:
        return self._ticked(node.tested, {str(code.value) for code in node.codes})

    @_truth.register
    def _(self, node: e.IsNull) -> Pair:
        known = self._known(node.tested)
        return Pair(known, -known) if node.negated else Pair(-known, known)

    def _known(self, node: e.Node) -> int:
        if isinstance(node, e.Name) and node.id in self.stored:
            return self.known(node.id)
        if self._is_truth(node):
            return -self.unknown_truth(self._truth(node))
        return self.arithmetic.known(self._quantity(node))

    def _is_truth(self, node: e.Node) -> bool:
        if isinstance(node, e.Name):
            return node.id in self.definitions and self._is_truth(parse(self.definitions[node.id]))
        return isinstance(node, (e.Or, e.And, e.Not, e.Boolean, e.AtLeast, *e.TESTS))

    def _code(self, name: e.Node, codes: set[str], *, wanted: bool) -> Pair:
        """Whether the one answer is among the codes (or, not wanted, is not); an absent answer makes the test false."""
        assert isinstance(name, e.Name)
        known, stored = self.known(name.id), self.stored[name.id]
        inside = self.formulas.any(stored.said(code) for code in codes)
        true = self.formulas.both(known, inside if wanted else -inside)
        return Pair(true, self.formulas.both(-true, -self.unknown(name.id)))

    def _ticked(self, name: e.Node, codes: set[str]) -> Pair:
        """Whether one of the codes is ticked; of an incomplete answer, the codes not ticked are unknown."""
        assert isinstance(name, e.Name)
        stored, shown = self.stored[name.id], self.shown(name.id)
        true = self.formulas.both(shown, self.formulas.any(stored.said(code) for code in codes))
        doubt = self.formulas.both(shown, self.formulas.either(stored.unknown, stored.incomplete))
        return Pair(true, self.formulas.both(-true, -doubt))

    def _number_test(self, ways: Iterable[tuple[int, int]], unknown: int) -> Pair:
        both = self.formulas.both
        true = self.formulas.any(both(when, test) for when, test in ways)
        return Pair(true, both(-true, -unknown))

    # -- quantities

    @singledispatchmethod
    def _quantity(self, node: e.Node) -> Quantity:
        raise TypeError(f"not a quantity: {node!r}")

    @_quantity.register
    def _(self, node: e.Number) -> Quantity:
        return self.arithmetic.constant(exactly(node.value))

    @_quantity.register
    def _(self, node: e.Name) -> Quantity:
        if node.id in self.stored:
            return Quantity((Way(self.known(node.id), self.stored[node.id].number),), self.unknown(node.id))
        if node.id not in self._quantities:
            self._quantities[node.id] = self._quantity(parse(self.definitions[node.id]))
        return self._quantities[node.id]

    @_quantity.register
    def _(self, node: e.Minus) -> Quantity:
        return self.arithmetic.combined(self.arithmetic.constant(Fraction(0)), "-", self._quantity(node.part))

    @_quantity.register
    def _(self, node: e.Arithmetic) -> Quantity:
        return self.arithmetic.combined(self._quantity(node.left), node.operator, self._quantity(node.right))

    @_quantity.register
    def _(self, node: e.Coalesce) -> Quantity:
        return self.arithmetic.first_known([self._quantity(part) for part in node.parts])

    @_quantity.register
    def _(self, node: e.Score) -> Quantity:
        stored, shown = self.stored[node.question.id], self.shown(node.question.id)
        scores = (
            (self.formulas.both(shown, stored.said(choice.value)), exactly(float(choice.score or 0)))
            for choice in stored.question.choices
        )
        return self.arithmetic.scores(scores, self.unknown(node.question.id))

    @_quantity.register
    def _(self, node: e.CountTicked) -> Quantity:
        stored, known = self.stored[node.question.id], self.known(node.question.id)
        ticks = [stored.said(code) for code in stored.values if code != NONE]
        counts = enumerate(self.formulas.exactly(ticks))
        scores = ((self.formulas.both(known, when), Fraction(count)) for count, when in counts)
        return self.arithmetic.scores(scores, self.unknown(node.question.id))

    @_quantity.register
    def _(self, node: e.CountTrue) -> Quantity:
        counts = enumerate(self.formulas.exactly([self._truth(part).true for part in node.parts]))
        return self.arithmetic.scores(((when, Fraction(count)) for count, when in counts), FALSE)
