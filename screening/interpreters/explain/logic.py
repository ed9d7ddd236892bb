"""The rules of a rule set as trees that show which tests decide.

`not` is pushed down to the tests, and `and`, `or` and `AtLeast` become one kind of gate: so many of these parts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.ruleset import RuleSet
from screening.rules.truth import FALSE, NOT, TRUE, UNKNOWN, Truth
from screening.rules.wording import wording

Trace = Mapping[str, Truth]


class Quantity(NamedTuple):
    """A numeric definition."""

    id: str
    title: str
    unit: str | None


@dataclass(frozen=True, eq=False)
class Test:
    """A test, wanted true or false."""

    expression: str
    wanted: bool
    holds: str
    """in words, what is so when the test comes out as wanted"""
    answered: str
    """the same where there is an answer"""
    doubt: str
    questions: tuple[str, ...]
    quantities: "tuple[Quantity, ...]"
    """the numeric definitions it compares"""
    codes: tuple[str, ...]
    """the answers any of which makes the test true, where there are several"""
    needs_all: bool
    """whether it can compare nothing when one of its answers is missing"""
    asks_null: bool
    only_known: str | None
    """the question of which it asks only whether it is known"""
    tells: str | None
    """the one question of which it says what the answer is"""

    def verdict(self, trace: Trace) -> Truth:
        """Whether it came out as wanted; a test that an old trace does not have is unknown."""
        seen = trace.get(self.expression, UNKNOWN)
        return seen if self.wanted else NOT[seen]


@dataclass(frozen=True, eq=False)
class Named:
    """A definition, wanted true or false, and what is inside it."""

    id: str
    wanted: bool
    title: str
    inside: "Part"

    @property
    def holds(self) -> str:
        """In words, what is so when the definition comes out as wanted."""
        return self.title if self.wanted else f"not {self.title}"

    @property
    def doubt(self) -> str:
        """In words, what is not known when it is unknown."""
        return f"it is not known whether {self.title} holds"

    def verdict(self, trace: Trace) -> Truth:
        """Whether it came out as wanted."""
        seen = trace.get(self.id, UNKNOWN)
        return seen if self.wanted else NOT[seen]


@dataclass(frozen=True, eq=False)
class Gate:
    """True if so many of its parts are; with no parts, always true (0 needed) or never (1)."""

    needed: int
    parts: "tuple[Part, ...]"

    def verdict(self, trace: Trace) -> Truth:
        """Kleene's tables for and, or and AtLeast are this one rule."""
        seen = [part.verdict(trace) for part in self.parts]
        if seen.count(TRUE) >= self.needed:
            return TRUE
        return FALSE if len(seen) - seen.count(FALSE) < self.needed else UNKNOWN


Part = Test | Named | Gate


class Logic:
    """The tree of every rule of a rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.wording = wording(ruleset)
        self.phrases = self.wording.phrases
        self.named: dict[tuple[str, bool], Named] = {}
        self.rules = {rule.id: self.part(parse(rule.when), True) for rule in ruleset.rules}

    def part(self, node: e.Node, wanted: bool) -> Part:
        """The tree of a condition wanted true or false."""
        match node:
            case e.And(parts=parts):
                return self.gate(len(parts), parts, wanted)
            case e.Or(parts=parts):
                return self.gate(1, parts, wanted)
            case e.AtLeast(count=count, parts=parts):
                return self.gate(int(count.value), parts, wanted)
            case e.Not(part=part):
                return self.part(part, not wanted)
            case e.Boolean(value=value):
                return Gate(0 if value is wanted else 1, ())
            case e.Name(id=name):
                return self.definition(name, wanted)
        return self.test(node, wanted)

    def gate(self, needed: int, nodes: tuple[e.Node, ...], wanted: bool) -> Gate:
        """So many true are wanted; or, where they are not, so many false that they cannot be."""
        parts = tuple(self.part(node, wanted) for node in nodes)
        return Gate(needed if wanted else len(parts) - needed + 1, parts)

    def definition(self, name: str, wanted: bool) -> Named:
        if (name, wanted) not in self.named:
            title = f"“{self.phrases.definitions[name].title}”"
            self.named[name, wanted] = Named(name, wanted, title, self.part(self.phrases.meaning(name), wanted))
        return self.named[name, wanted]

    def test(self, node: e.Node, wanted: bool) -> Test:
        said = self.phrases.test(node)
        questions = tuple(question.id for question in self.phrases.questions_behind(node))
        return Test(
            expression=str(node),
            wanted=wanted,
            holds=said if wanted else self.phrases.test(node, denied=True),
            answered=said if wanted else self.phrases.test(node, denied=True, answered=True),
            doubt=f"{'it cannot be said yet' if isinstance(node, e.IsNull) else 'it is not known'} whether {said}",
            questions=questions,
            quantities=tuple(self.quantities(e.names(node))),
            codes=_codes(node),
            needs_all=not any(isinstance(part, e.Coalesce) for part in e.walk(node)),
            asks_null=isinstance(node, e.IsNull) and not self.phrases.is_condition(node.tested),
            only_known=_only_known(node, wanted),
            tells=questions[0] if wanted and len(questions) == 1 and not isinstance(node, e.IsNull) else None,
        )

    def quantities(self, names: Iterable[str]) -> Iterator[Quantity]:
        """The numeric definitions among the names."""
        for name in map(e.Name, names):
            if name.id in self.phrases.definitions and not self.phrases.is_condition(name):
                yield Quantity(name.id, self.phrases.definitions[name.id].title, self.phrases.unit(name))


def _codes(node: e.Node) -> tuple[str, ...]:
    members = node.members if isinstance(node, e.In) else node.codes if isinstance(node, e.Intersects) else ()
    return tuple(member.value for member in members if isinstance(member, e.Text))


def _only_known(node: e.Node, wanted: bool) -> str | None:
    if isinstance(node, e.IsNull) and node.negated is wanted and isinstance(node.tested, e.Name):
        return node.tested.id
    return None


@lru_cache(maxsize=64)
def logic(ruleset: RuleSet) -> Logic:
    """The logic of a rule set, made once."""
    return Logic(ruleset)
