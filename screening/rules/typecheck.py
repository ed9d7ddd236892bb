"""Which kind of value each part of an expression has, and everything that does not fit (language.md section 4)."""

import contextlib
from collections.abc import Iterable, Mapping
from functools import singledispatchmethod

from screening.rules import expression as e
from screening.rules.kind import KIND_OF_TYPE, Kind
from screening.rules.parse import parse
from screening.rules.problems import Problem, Suggestions
from screening.rules.ruleset import Definition, Question
from screening.rules.tokens import ParseError


class Scope:
    """The names an expression may use, and the checks of expressions against them."""

    def __init__(
        self, questions: Iterable[Question], definitions: Iterable[Definition], suggest: Suggestions | None = None
    ) -> None:
        self.questions: Mapping[str, Question] = {question.id: question for question in questions}
        self.definitions: Mapping[str, Definition] = {definition.id: definition for definition in definitions}
        self.suggest = suggest or Suggestions()
        self.kinds: dict[str, Kind | None] = {}

    def tell_kinds(self, in_order: Iterable[str], circular: Iterable[str]) -> None:
        """Find every definition's kind, each after those it mentions, so that a long chain is not followed down."""
        self.kinds |= dict.fromkeys(circular)
        for name in in_order:
            self.kind_of(name)

    def problems(self, text: str, place: str, wanted: Kind | None = Kind.TRUTH) -> list[Problem]:
        """Everything wrong with an expression that should be of the wanted kind (None: a condition or a number)."""
        try:
            node = parse(text)
        except ParseError as error:
            return [Problem(place, error.message, error.column, error.suggestion)]
        check = _Check(self)
        check.need(node, *((wanted,) if wanted else (Kind.TRUTH, Kind.NUMBER)))
        return [Problem(place, message, column, hint) for message, column, hint in check.found]

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a question or definition; None where its own expression is wrong."""
        if name in self.questions:
            return KIND_OF_TYPE[self.questions[name].type]
        if name not in self.kinds:
            self.kinds[name] = None  # until it is known, so that a circle ends here
            with contextlib.suppress(ParseError):
                self.kinds[name] = _Check(self).kind(parse(self.definitions[name].is_))
        return self.kinds[name]


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.found: list[tuple[str, int, str | None]] = []

    def report(self, node: e.Node, message: str, suggestion: str | None = None) -> None:
        self.found.append((message, node.start + 1, suggestion))

    def need(self, node: e.Node, *wanted: Kind) -> None:
        """Report a node that is of none of the wanted kinds."""
        kind = self.kind(node)
        if kind is None or kind in wanted:
            return
        needed, hint = " or ".join(each.value for each in wanted), None
        if Kind.TRUTH in wanted and isinstance(node, e.Name) and kind is Kind.CODE:
            hint = f"compare it with an answer, like {node.id} = '{self.scope.questions[node.id].codes[0]}'"
        self.report(node, f"`{node}` is {kind.value}, but {needed} is needed here.", hint)

    def need_all(self, nodes: Iterable[e.Node], wanted: Kind) -> None:
        for node in nodes:
            self.need(node, wanted)

    @singledispatchmethod
    def kind(self, node: e.Node) -> Kind | None:
        """The node's kind, after reporting what is wrong in it."""
        raise TypeError(f"not an expression: {node!r}")

    @kind.register
    def _(self, node: e.Name) -> Kind | None:
        if node.id in self.scope.questions or node.id in self.scope.definitions:
            kind = self.scope.kind_of(node.id)
            if kind is Kind.UNUSABLE:
                self.report(node, f"`{node.id}` is a date or free text, which no expression can use.")
                return None
            return kind
        known = [*self.scope.questions, *self.scope.definitions]
        self.report(node, f"There is no question or definition `{node.id}`.", self.scope.suggest(node.id, known))
        return None

    @kind.register(e.Or)
    @kind.register(e.And)
    @kind.register(e.Not)
    @kind.register(e.Boolean)
    def _(self, node: e.Node) -> Kind:
        self.need_all(e.children(node), Kind.TRUTH)
        return Kind.TRUTH

    @kind.register
    def _(self, node: e.Text) -> Kind:
        return Kind.TEXT

    @kind.register
    def _(self, node: e.Compare) -> Kind:
        kinds = {Kind.CODE, Kind.TEXT}
        left, right = self.kind(node.left), self.kind(node.right)
        if {left, right} == kinds:
            name, code = (node.left, node.right) if left is Kind.CODE else (node.right, node.left)
            if node.operator not in ("=", "!="):
                self.report(node, f"Answers have no order: `{node.operator}` compares only numbers.")
            self.code_of(name, code)
        elif left is Kind.NUMBER and right is Kind.NUMBER:
            self.in_range(node.left, node.right)
            self.in_range(node.right, node.left)
        elif left is not None and right is not None:
            self.not_comparable(node, left, right)
        return Kind.TRUTH

    def not_comparable(self, node: e.Compare, left: Kind, right: Kind) -> None:
        hint = None
        if Kind.CODES in (left, right):
            hint = "use `contains`, or `exists ( … intersect { … } )`"
        elif Kind.TRUTH in (left, right):
            hint = "use a condition by itself, or with `not`"
        self.report(node, f"{left.value} cannot be compared with {right.value}.".capitalize(), hint)

    @kind.register
    def _(self, node: e.In) -> Kind:
        tested = self.kind(node.tested)
        if tested is Kind.CODE:
            for member in node.members:
                self.code_of(node.tested, member)
        elif tested is Kind.NUMBER:
            for member in node.members:
                self.need(member, Kind.NUMBER)
                self.in_range(node.tested, member)
        elif tested is not None:
            hint = "use `exists ( … intersect { … } )`" if tested is Kind.CODES else None
            self.report(node.tested, f"`in` needs a question with one answer, or a number, not {tested.value}.", hint)
        return Kind.TRUTH

    @kind.register
    def _(self, node: e.Contains) -> Kind:
        self.several(node.tested, [node.code])
        return Kind.TRUTH

    @kind.register
    def _(self, node: e.Intersects) -> Kind:
        self.several(node.tested, node.codes)
        return Kind.TRUTH

    def several(self, tested: e.Node, codes: Iterable[e.Node]) -> None:
        kind = self.kind(tested)
        if kind is Kind.CODES and isinstance(tested, e.Name):
            for code in codes:
                self.code_of(tested, code)
        elif kind is not None:
            hint = "use `=` or `in`" if kind is Kind.CODE else None
            self.report(tested, f"Only a question with several answers can be used here, not {kind.value}.", hint)

    @kind.register
    def _(self, node: e.IsNull) -> Kind:
        kind = self.kind(node.tested)
        if kind is Kind.TEXT or isinstance(node.tested, e.Number | e.Boolean):
            self.report(node.tested, "A fixed value is never null.")
        return Kind.TRUTH

    @kind.register(e.Number)
    @kind.register(e.Minus)
    @kind.register(e.Arithmetic)
    @kind.register(e.Coalesce)
    def _(self, node: e.Node) -> Kind:
        self.need_all(e.children(node), Kind.NUMBER)
        return Kind.NUMBER

    @kind.register
    def _(self, node: e.Score) -> Kind:
        self.need(node.question, Kind.CODE)
        question = self.scope.questions.get(node.question.id)
        if (
            question
            and self.scope.kind_of(question.id) is Kind.CODE
            and (not question.choices or any(choice.score is None for choice in question.choices))
        ):
            self.report(node, f"Not every choice of `{question.id}` has a score.")
        return Kind.NUMBER

    @kind.register
    def _(self, node: e.CountTicked) -> Kind:
        self.need(node.question, Kind.CODES)
        return Kind.NUMBER

    @kind.register
    def _(self, node: e.CountTrue) -> Kind:
        self.need_all(node.parts, Kind.TRUTH)
        return Kind.NUMBER

    @kind.register
    def _(self, node: e.AtLeast) -> Kind:
        self.need_all(node.parts, Kind.TRUTH)
        if not node.count.value.is_integer() or not 1 <= node.count.value <= len(node.parts):
            self.report(node.count, f"`AtLeast` needs a whole number from 1 to {len(node.parts)} here.")
        return Kind.TRUTH

    def code_of(self, name: e.Node, code: e.Node) -> None:
        """Report a code that the question does not have."""
        assert isinstance(name, e.Name)
        codes = self.scope.questions[name.id].codes
        if isinstance(code, e.Number):
            self.report(code, f"The answers of `{name.id}` are texts.", f"write '{code}' in quotes")
        elif isinstance(code, e.Text) and code.value not in codes:
            hint = self.scope.suggest(code.value, codes) or f"its answers: {', '.join(codes)}"
            if code.value == "dont_know":
                hint = f"write {name.id} is null for not known"
            self.report(code, f"`{name.id}` has no answer '{code.value}'.", hint)

    def in_range(self, tested: e.Node, literal: e.Node) -> None:
        """Report a number that the question, or every part of a Coalesce, can never be."""
        parts = tested.parts if isinstance(tested, e.Coalesce) else (tested,)
        if not isinstance(literal, e.Number) or not all(self.never(part, literal.value) for part in parts):
            return
        name = next((part.id for part in parts if isinstance(part, e.Name)), None)
        if name is not None:
            low, high = self.scope.questions[name].min, self.scope.questions[name].max
            span = f"{'any' if low is None else e.number_text(low)} to {'any' if high is None else e.number_text(high)}"
            self.report(literal, f"`{name}` is a number from {span}; {literal} lies outside.")

    def never(self, part: e.Node, value: float) -> bool:
        """Whether a part can certainly not be this number."""
        if isinstance(part, e.Number):
            return part.value != value
        if not isinstance(part, e.Name) or part.id not in self.scope.questions:
            return False
        question = self.scope.questions[part.id]
        below = question.min is not None and value < question.min
        return below or (question.max is not None and value > question.max)
