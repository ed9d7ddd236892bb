"""Expressions in plain English, so that a clinician who does not program can check what a rule says.

An expression becomes a small tree of clauses, which templates show as nested lists. One meaning has one wording
wherever it is read: explanations, the written rule set, differences, the admin.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from screening.rules import expression as e
from screening.rules.parse import parse
from screening.rules.phrases import Phrases
from screening.rules.ruleset import RuleSet


@dataclass(frozen=True)
class Clause:
    """One statement; or a group, where `text` is what is said of its `parts` ("at least one of these")."""

    text: str
    parts: "tuple[Clause, ...]" = ()
    definitions: tuple[str, ...] = ()
    """the definitions this statement names, as "(id)" in its text; `Wording.definition` says what each means"""
    joined: str = ""
    """the word between the parts where a group is written in one line: and, or"""


class Line(NamedTuple):
    """A statement or a group's heading, and how deep it is nested."""

    depth: int
    text: str


def meaning_in_words(ruleset: RuleSet, expression: str | e.Node) -> Clause:
    """What an expression of this rule set means. Raises ParseError; a name that does not exist is shown as it is."""
    return wording(ruleset).clause(parse(expression) if isinstance(expression, str) else expression)


def lines(clause: Clause, depth: int = 0) -> Iterator[Line]:
    """A clause as the lines of a nested list."""
    yield Line(depth, f"{clause.text}:" if clause.parts else clause.text)
    for part in clause.parts:
        yield from lines(part, depth + 1)


def as_text(clause: Clause) -> str:
    """A clause as indented text, one statement a line."""
    return "\n".join("  " * depth + text for depth, text in lines(clause))


def in_one_line(clause: Clause) -> str:
    """A clause as one running sentence, groups in parentheses."""
    if not clause.parts:
        return clause.text
    inside = [f"({in_one_line(part)})" if part.parts else part.text for part in clause.parts]
    if clause.joined:
        return f" {clause.joined} ".join(inside)
    return f"{clause.text}: {'; '.join(inside)}"


_AS_NO, _AS_YES = " (not known counts as no)", " (not known counts as yes)"
_OTHER_WAY = {_AS_NO: _AS_YES, _AS_YES: _AS_NO, "": ""}


class _Noted(NamedTuple):
    """Part of a group, and what is to be said of it when it is not known."""

    node: e.Node
    note: str


class Wording:
    """Words for the expressions of one rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.phrases = Phrases(ruleset, lambda node: in_one_line(self.clause(node)))

    def definition(self, definition_id: str) -> Clause:
        """What a definition means."""
        return self.clause(self.phrases.meaning(definition_id))

    def clause(self, node: e.Node) -> Clause:
        """A condition, or a quantity, in words."""
        match node:
            case e.And():
                return self.group("all of these", self.conjuncts(node), "and")
            case e.Or():
                return self.group("at least one of these", self.disjuncts(node), "or")
            case e.AtLeast(count=count, parts=parts):
                return Clause(f"at least {count} of these", self.clauses(parts))
            case e.CountTrue(parts=parts):
                return Clause("how many of these are so", self.clauses(parts))
            case e.Not(part=part):
                return self.denied(part)
            case e.Boolean(value=value):
                return Clause("always" if value else "never")
            case e.IsNull(tested=e.And() | e.Or() | e.AtLeast() as tested, negated=negated):
                return Clause(f"it is {'' if negated else 'not '}known whether this is so", (self.clause(tested),))
        text = self.phrases.test(node) if isinstance(node, e.TESTS) else self.phrases.quantity(node)
        return Clause(text, definitions=self.named(node))

    def clauses(self, nodes: Iterable[e.Node]) -> tuple[Clause, ...]:
        """Each node in words."""
        return tuple(map(self.clause, nodes))

    def denied(self, node: e.Node) -> Clause:
        """`not (node)` in words."""
        match node:
            case e.Not(part=part):
                return self.clause(part)
            case e.Or():
                return self.group_denied("none of these", self.disjuncts(node))
            case e.And():
                return self.group_denied("not all of these", self.conjuncts(node))
            case e.AtLeast(count=count, parts=parts):
                return Clause(f"fewer than {count} of these", self.clauses(parts))
            case e.Boolean(value=value):
                return self.clause(e.Boolean(not value))
            case e.IsNull(negated=negated):
                return self.clause(replace(node, negated=not negated))
            case e.Name():
                return Clause(f"not {self.phrases.quantity(node)}", definitions=self.named(node))
        return Clause(self.phrases.test(node, denied=True), definitions=self.named(node))

    def group(self, text: str, parts: Sequence[_Noted], joined: str) -> Clause:
        """Several parts under a heading; one stands alone."""
        clauses = self.noted(parts)
        return clauses[0] if len(clauses) == 1 else Clause(text, clauses, joined=joined)

    def group_denied(self, text: str, parts: Sequence[_Noted]) -> Clause:
        """`not` of several parts; one stands alone, and what is not known then counts the other way."""
        if len(parts) == 1:
            return _with_note(self.denied(parts[0].node), _OTHER_WAY[parts[0].note])
        return Clause(text, self.noted(parts))

    def named(self, node: e.Node) -> tuple[str, ...]:
        """The definitions a node names."""
        return tuple(name for name in e.names(node) if name in self.phrases.definitions)

    def noted(self, parts: Sequence[_Noted]) -> tuple[Clause, ...]:
        """Each node in words, with what is noted of it."""
        return tuple(_with_note(self.clause(part.node), part.note) for part in parts)

    def conjuncts(self, node: e.And) -> list[_Noted]:
        """The parts of an `and`, where "q is not null and q = 'a'" is one part about q."""
        tested = {part: _single_question(part, self.phrases) for part in node.parts}
        known = {
            part.tested.id: part
            for part in node.parts
            if isinstance(part, e.IsNull) and part.negated and isinstance(part.tested, e.Name)
        }
        said = {name: part for name, part in known.items() if name in tested.values()}
        return [
            _Noted(part, _AS_NO if tested[part] in said else "") for part in node.parts if part not in said.values()
        ]

    def disjuncts(self, node: e.Or) -> list[_Noted]:
        """The parts of an `or`, where "(test) is null or test" is one part."""
        doubts = {part.tested: part for part in node.parts if isinstance(part, e.IsNull) and not part.negated}
        said = {tested: part for tested, part in doubts.items() if tested in node.parts or e.Not(tested) in node.parts}
        return [
            _Noted(part, _AS_YES if (part.part if isinstance(part, e.Not) else part) in said else "")
            for part in node.parts
            if part not in said.values()
        ]


def _single_question(node: e.Node, phrases: Phrases) -> str | None:
    """The question a plain test is about: one with a single answer, which is known or not as a whole."""
    name = node.tested if isinstance(node, e.In) else node.left if isinstance(node, e.Compare) else None
    if isinstance(name, e.Name) and name.id in phrases.questions and len(e.names(node)) == 1:
        return name.id if phrases.questions[name.id].type != "multiple" else None
    return None


def _with_note(clause: Clause, note: str) -> Clause:
    return replace(clause, text=clause.text + note)


@lru_cache(maxsize=64)
def wording(ruleset: RuleSet) -> Wording:
    """The wording of a rule set, made once."""
    return Wording(ruleset)
