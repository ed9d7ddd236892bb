"""Tests and quantities of an expression as phrases. `wording.py` puts them together into clauses.

Editors read words of drafts too, so names that do not exist, circles and definitions that cannot be read do no harm.
"""

from collections.abc import Callable, Iterable

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.plain import listed, number_in_words, quoted
from screening.rules.ruleset import Question, RuleSet
from screening.rules.tokens import ParseError

_IS = {"=": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_HOPS = 10
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


class Phrases:
    """Phrases for one rule set's expressions. `condition` says in one line what is not a test or a quantity."""

    def __init__(self, ruleset: RuleSet, condition: Callable[[e.Node], str]) -> None:
        self.questions = {question.id: question for question in ruleset.questions}
        self.definitions = {definition.id: definition for definition in ruleset.definitions}
        self.condition = condition
        texts = [question.text for question in ruleset.questions]
        self.shared = {text for text in texts if texts.count(text) > 1}

    def is_condition(self, node: e.Node) -> bool:
        """Whether a node is true or false rather than an answer or a number."""
        seen: set[str] = set()
        while isinstance(node, e.Name) and node.id in self.definitions and node.id not in seen:
            seen.add(node.id)
            node = self._behind(node.id)
        return isinstance(node, (*e.TESTS, e.And, e.Or, e.Not, e.AtLeast, e.Boolean))

    # -- tests

    def test(self, node: e.Node, *, denied: bool = False, answered: bool = False) -> str:
        """A test as a statement; or, denied, what holds where it is false (`answered`: and there is an answer)."""
        match node:
            case e.Compare(left=e.Number() | e.Text() as left, operator=operator, right=right):
                said = self._compared(right, _TURNED[operator], left, denied)
            case e.Compare(left=left, operator=operator, right=right):
                said = self._compared(left, operator, right, denied)
            case e.In(tested=tested, members=members):
                said = f"{self.quantity(tested)} is {'not ' if denied else ''}{self._values(tested, members)}"
            case e.Contains(tested=tested, code=code):
                said = self._ticked(tested, (code,), denied)
            case e.Intersects(tested=tested, codes=codes):
                said = self._ticked(tested, codes, denied)
            case e.IsNull(tested=tested, negated=negated):
                return self._nullness(tested, null=negated is denied)
            case _:
                raise TypeError(f"not a test: {node!r}")
        open_end = self._absence(node) if denied and not answered else ""
        return f"{said}, or it {open_end}" if open_end else said

    def chosen(self, question_id: str, codes: Iterable[str]) -> str:
        """That a question is answered with all these codes."""
        question = self.questions[question_id]
        verb = "includes" if question.type == "multiple" else "is"
        return f"{self.name(question_id)} {verb} {listed((quoted(question.label_of(code)) for code in codes), 'and')}"

    def _compared(self, tested: e.Node, operator: str, value: e.Node, denied: bool) -> str:
        is_code = isinstance(value, e.Text)
        if operator == "!=" and not denied and is_code:
            return f"{self.quantity(tested)} is answered, but not {self._value(tested, value)}"
        relation = _IS[_OPPOSITE[operator] if denied else operator]
        return f"{self.quantity(tested)} {relation} {self._value(tested, value)}"

    def _ticked(self, tested: e.Node, codes: Iterable[e.Node], denied: bool) -> str:
        verb = "does not include" if denied else "includes"
        return f"{self.quantity(tested)} {verb} {self._values(tested, codes)}"

    def _nullness(self, tested: e.Node, *, null: bool) -> str:
        if self.is_condition(tested):
            holds = " holds" if isinstance(tested, e.Name) else ""
            return f"it is {'not ' if null else ''}known whether {self.condition(tested)}{holds}"
        behind = self.questions_behind(tested)
        if behind and all(question.audience == "clinician" for question in behind):
            return f"{self.quantity(tested)} is {'not ' if null else ''}filled in"
        if not null:
            return f"{self.quantity(tested)} is known"
        absence = self._absence(tested)
        return f"{self.quantity(tested)} is not known{f' or {absence}' if absence else ''}"

    def _values(self, tested: e.Node, members: Iterable[e.Node]) -> str:
        return listed(self._value(tested, member) for member in members)

    def _value(self, tested: e.Node, value: e.Node) -> str:
        """What a question or quantity is compared with, in its own words and unit."""
        if isinstance(value, e.Text):
            question = self.questions.get(tested.id) if isinstance(tested, e.Name) else None
            return quoted(question.label_of(value.value) if question else value.value)
        if isinstance(value, e.Number):
            return number_in_words(value.value, self.unit(tested))
        return self.quantity(value)

    def _absence(self, node: e.Node) -> str:
        """How the thing tested may come to have no answer, so that a test of it is false; empty where it cannot."""
        ways = {way for question in self.questions_behind(node) if (way := _absence(question))}
        return ways.pop() if len(ways) == 1 else "is not given" if ways else ""

    def questions_behind(self, node: e.Node) -> list[Question]:
        """The questions a test or quantity stands on, through definitions, each once."""
        found: dict[str, None] = {}
        left = e.names(node)
        while left:
            name = left.pop(0)
            if name not in found:
                found[name] = None
                left = [*(e.names(self._behind(name)) if name in self.definitions else ()), *left]
        return [self.questions[name] for name in found if name in self.questions]

    def meaning(self, definition_id: str) -> e.Node:
        """A definition's expression. Raises ParseError."""
        return parse(self.definitions[definition_id].is_)

    def _behind(self, definition_id: str) -> e.Node:
        """A definition's expression; its own name where that cannot be read."""
        try:
            return self.meaning(definition_id)
        except ParseError:
            return e.Name(definition_id)

    # -- quantities

    def quantity(self, node: e.Node) -> str:
        """An answer or a number."""
        match node:
            case e.Name(id=name):
                return self.name(name)
            case e.Number(value=value):
                return e.number_text(value)
            case e.Text(value=value):
                return quoted(value)
            case e.Minus(part=part):
                return f"minus {self._inner(part)}"
            case e.Arithmetic(left=left, operator=operator, right=right):
                return f"{self._inner(left, operator)} {_SIGNS[operator]} {self._inner(right)}"
            case e.Coalesce(parts=parts):
                return f"the first known of {listed(map(self.quantity, parts))}"
            case e.Score(question=question):
                return f"the score of {self.quantity(question)}"
            case e.CountTicked(question=question):
                return f"how many are ticked in {self.quantity(question)}"
            case e.CountTrue(parts=parts):
                return f"how many of these are so ({'; '.join(map(self.condition, parts))})"
        return self.condition(node)

    def _inner(self, node: e.Node, before: str = "") -> str:
        """In parentheses where it is itself worked out; a sum that goes on needs none."""
        said = self.quantity(node)
        goes_on = isinstance(node, e.Arithmetic) and {node.operator, before} <= {"+", "-"}
        return f"({said})" if isinstance(node, e.Arithmetic) and not goes_on else said

    def name(self, name: str) -> str:
        """A question by its text, a definition by its title and id; a question that shares its text also by its id."""
        if name in self.definitions:
            return f"{quoted(self.definitions[name].title)} ({name})"
        if name not in self.questions:
            return name
        text = self.questions[name].text
        return f"{quoted(text)} ({name})" if text in self.shared else quoted(text)

    def unit(self, node: e.Node, hops: int = 0) -> str | None:
        """The unit of a quantity, where it can be told within a few definitions."""
        match node:
            case e.Name(id=name) if name in self.definitions:
                return self.unit(self._behind(name), hops + 1) if hops < _HOPS else None
            case e.Name(id=name) if name in self.questions:
                return self.questions[name].unit
            case e.Minus(part=part):
                return self.unit(part, hops)
            case e.Arithmetic(left=left, operator="*" | "/", right=right):
                return self.unit(left, hops) if isinstance(right, e.Number) else None
            case e.Arithmetic(left=left, right=right):
                return self._one_unit((left, right), hops)
            case e.Coalesce(parts=parts):
                return self._one_unit(parts, hops)
        return None

    def _one_unit(self, nodes: Iterable[e.Node], hops: int) -> str | None:
        units = {self.unit(node, hops) for node in nodes}
        return units.pop() if len(units) == 1 else None


def _absence(question: Question) -> str:
    if question.audience == "clinician":
        return "is not filled in"
    if question.audience == "system":
        return "is not set"
    if question.show_if and question.optional:
        return "was not asked or is left empty"
    if question.optional:
        return "is left empty"
    return "was not asked" if question.show_if else ""
