"""Expressions as frozen nodes, and how they are printed. `parse.py` reads them, `meaning.py` says what they mean.

Positions (0-based, end exclusive) point into the text a node was read from; they do not count when nodes are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal


@dataclass(frozen=True)
class Node:
    """Part of an expression."""

    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)

    def __str__(self) -> str:
        return to_text(self)


@dataclass(frozen=True)
class Or(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class And(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not(Node):
    part: Node


@dataclass(frozen=True)
class Compare(Node):
    left: Node
    operator: str
    right: Node


@dataclass(frozen=True)
class In(Node):
    tested: Node
    members: "tuple[Number | Text, ...]"


@dataclass(frozen=True)
class Contains(Node):
    tested: Node
    code: "Text"


@dataclass(frozen=True)
class Intersects(Node):
    """`exists (question intersect { … })`"""

    tested: "Name"
    codes: "tuple[Number | Text, ...]"


@dataclass(frozen=True)
class IsNull(Node):
    tested: Node
    negated: bool


@dataclass(frozen=True)
class Name(Node):
    id: str


@dataclass(frozen=True)
class Number(Node):
    value: float


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Boolean(Node):
    value: bool


@dataclass(frozen=True)
class Minus(Node):
    part: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    left: Node
    operator: str
    right: Node


@dataclass(frozen=True)
class Coalesce(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Score(Node):
    question: Name


@dataclass(frozen=True)
class CountTicked(Node):
    question: Name


@dataclass(frozen=True)
class CountTrue(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AtLeast(Node):
    count: Number
    parts: tuple[Node, ...]


TESTS = (Compare, In, Contains, Intersects, IsNull)
"""The nodes that ask something of a question or quantity: the leaves of an explanation."""

FUNCTIONS = {cls.__name__: cls for cls in (Coalesce, Score, CountTicked, CountTrue, AtLeast)}


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below."""
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from value


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node) -> list[str]:
    """The questions and definitions mentioned, each once, in reading order."""
    return list(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))


# How tightly a node binds when printed; a child that binds less tightly than its place asks for gets parentheses.
_OR, _AND, _NOT, _TEST, _SUM, _PRODUCT, _ATOM = range(7)


def to_text(node: Node) -> str:
    """The expression in its one canonical layout: parsing it again gives the same nodes."""
    return _print(node)[0]


def number_text(value: float) -> str:
    """A number in its shortest form without an exponent: 35, 0.0915."""
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _at(node: Node, level: int) -> str:
    text, own = _print(node)
    return text if own >= level else f"({text})"


def _set(members: tuple[Node, ...]) -> str:
    return "{ " + ", ".join(_print(member)[0] for member in members) + " }"


def _print(node: Node) -> tuple[str, int]:
    match node:
        case Or(parts=parts):
            return " or ".join(_at(part, _NOT) for part in parts), _OR
        case And(parts=parts):
            return " and ".join(_at(part, _NOT) for part in parts), _AND
        case Not(part=part):
            return f"not {part.id}" if isinstance(part, Name) else f"not ({_print(part)[0]})", _NOT
        case Compare(left=left, operator=operator, right=right):
            return f"{_at(left, _SUM)} {operator} {_at(right, _SUM)}", _TEST
        case In(tested=tested, members=members):
            return f"{_at(tested, _SUM)} in {_set(members)}", _TEST
        case Contains(tested=tested, code=code):
            return f"{_at(tested, _SUM)} contains {_print(code)[0]}", _TEST
        case Intersects(tested=tested, codes=codes):
            return f"exists ({tested.id} intersect {_set(codes)})", _TEST
        case IsNull(tested=tested, negated=negated):
            return f"{_at(tested, _SUM)} is {'not ' if negated else ''}null", _TEST
        case Arithmetic(left=left, operator=operator, right=right):
            level = _SUM if operator in "+-" else _PRODUCT
            return f"{_at(left, level)} {operator} {_at(right, level + 1)}", level
    return _print_atom(node), _ATOM


def _print_atom(node: Node) -> str:
    match node:
        case Name(id=name):
            return name
        case Number(value=value):
            return number_text(value)
        case Text(value=value):
            return f"'{value}'"
        case Boolean(value=value):
            return "true" if value else "false"
        case Minus(part=part):
            return f"-{_at(part, _ATOM)}"
        case Coalesce(parts=parts):
            return f"Coalesce({', '.join(_at(part, _SUM) for part in parts)})"
        case Score(question=question) | CountTicked(question=question):
            return f"{type(node).__name__}({question.id})"
        case CountTrue(parts=parts):
            return f"CountTrue({_set(parts)})"
        case AtLeast(count=count, parts=parts):
            return f"AtLeast({_print_atom(count)}, {_set(parts)})"
    raise TypeError(f"not an expression: {node!r}")
