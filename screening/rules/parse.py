"""Reads the CQL subset of language.md section 4 into nodes. Knows the grammar; which names exist, `check` knows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TypeVar

from screening.rules import expression as e
from screening.rules.tokens import RESERVED, ParseError, tokens

T = TypeVar("T")

MAX_DEPTH = 50
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


@lru_cache(maxsize=20_000)
def parse(text: str) -> e.Node:
    """The expression's nodes. Raises ParseError at the first thing that cannot be read."""
    if not text.strip():
        raise ParseError("The expression is empty.", 0)
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    # -- tokens

    @property
    def word(self) -> str:
        kind, word, _, _ = self.tokens[self.at]
        return "" if kind == "text" else word

    @property
    def start(self) -> int:
        return self.tokens[self.at][2]

    @property
    def done(self) -> int:
        """Where the last token taken ended."""
        return self.tokens[self.at - 1][3]

    def take(self, *words: str) -> str | None:
        if self.word in words and self.word:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise self.unexpected(f"`{word}`")

    def unexpected(self, wanted: str) -> ParseError:
        kind, word, start, _ = self.tokens[self.at]
        found = "the expression ends" if kind == "end" else f"found `{word}`"
        lower = word.lower()
        hint = f"write `{lower}` in small letters" if word != lower and lower in RESERVED else None
        if word == "=" and self.tokens[self.at - 1][1] == "=":
            hint = "write one `=`"
        return ParseError(f"Expected {wanted}, but {found}.", start, hint)

    # -- grammar, one method a line of it

    def whole(self) -> e.Node:
        node = self.or_expression()
        if self.word or self.tokens[self.at][0] != "end":
            raise self.unexpected("`and`, `or` or the end")
        return node

    def or_expression(self) -> e.Node:
        start, parts, bare_and = self.start, [], None
        while True:
            begins = self.start
            part, made_and = self.and_expression()
            parts.append(part)
            bare_and = begins if made_and and bare_and is None else bare_and
            if not self.take("or"):
                break
        if bare_and is not None and len(parts) > 1:
            message = "`and` and `or` stand side by side here, which people read differently."
            raise ParseError(message, bare_and, "put the `and` part, or the `or` part, in parentheses")
        return parts[0] if len(parts) == 1 else e.Or(tuple(parts), start=start, end=self.done)

    def and_expression(self) -> tuple[e.Node, bool]:
        start, parts = self.start, [self.not_expression()]
        while self.take("and"):
            parts.append(self.not_expression())
        if len(parts) == 1:
            return parts[0], False
        return e.And(tuple(parts), start=start, end=self.done), True

    def not_expression(self) -> e.Node:
        start = self.start
        if not self.take("not"):
            return self.test()
        if self.word == "(":
            part = self.parenthesis()
        elif self.tokens[self.at][0] == "name" and self.word not in RESERVED:
            part = self.name()
        else:
            raise self.unexpected("a name or `(` after `not`")
        if self.word in (*_COMPARISONS, "in", "contains", "is", "+", "-", "*", "/"):
            raise ParseError("`not` takes only the name before this.", self.start, "put the whole test in parentheses")
        return e.Not(part, start=start, end=self.done)

    def test(self) -> e.Node:
        start = self.start
        if self.word == "exists":
            return self.exists()
        tested = self.sum()
        node: e.Node = tested
        if operator := self.take(*_COMPARISONS):
            node = e.Compare(tested, operator, self.sum())
        elif self.take("in"):
            node = e.In(tested, self.in_braces(self.literal))
        elif self.take("contains"):
            node = e.Contains(tested, self.text())
        elif self.take("is"):
            negated = bool(self.take("not"))
            self.expect("null")
            node = e.IsNull(tested, negated)
        return node if node is tested else self.placed(node, start)

    def exists(self) -> e.Node:
        start = self.start
        self.expect("exists")
        self.expect("(")
        name = self.name()
        self.expect("intersect")
        codes = self.in_braces(self.literal)
        self.expect(")")
        return e.Intersects(name, codes, start=start, end=self.done)

    def sum(self) -> e.Node:
        return self.left_to_right(lambda: self.left_to_right(self.atom, "*", "/"), "+", "-")

    def left_to_right(self, part: Callable[[], e.Node], *operators: str) -> e.Node:
        start, node, terms = self.start, part(), 1
        while operator := self.take(*operators):
            terms += 1
            if terms > MAX_DEPTH:
                raise ParseError(f"This has more than {MAX_DEPTH} terms.", self.start, "give a part of it a name")
            node = e.Arithmetic(node, operator, part(), start=start, end=self.done)
        return node

    def atom(self) -> e.Node:
        kind, word, start, end = self.tokens[self.at]
        if kind in ("number", "text"):
            return self.literal()
        if word == "(":
            return self.parenthesis()
        if self.take("-"):
            return self.negative(start)
        if self.take("true", "false"):
            return e.Boolean(word == "true", start=start, end=end)
        if word in e.FUNCTIONS:
            return self.function()
        return self.name()

    def negative(self, start: int) -> e.Node:
        with self.deeper():
            node = self.atom()
        # "-2.5" is a number, so that it is one wherever a literal is asked for; "--2.5" stays as it was written
        if isinstance(node, e.Number) and node.value > 0:
            return e.Number(-node.value, start=start, end=self.done)
        return e.Minus(node, start=start, end=self.done)

    def function(self) -> e.Node:
        start, name = self.start, self.word
        self.at += 1
        self.expect("(")
        with self.deeper():
            node = self.call(name)
        self.expect(")")
        return self.placed(node, start)

    def call(self, name: str) -> e.Node:
        if name in ("Score", "CountTicked"):
            return e.Score(self.name()) if name == "Score" else e.CountTicked(self.name())
        if name == "Coalesce":
            return e.Coalesce(self.listed(self.sum))
        if name == "CountTrue":
            return e.CountTrue(self.in_braces(self.or_expression))
        count = self.number()
        self.expect(",")
        return e.AtLeast(count, self.in_braces(self.or_expression))

    def parenthesis(self) -> e.Node:
        self.expect("(")
        with self.deeper():
            node = self.or_expression()
        self.expect(")")
        return node

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ParseError(f"Parentheses are nested deeper than {MAX_DEPTH}.", self.start)
        yield
        self.depth -= 1

    def in_braces(self, part: Callable[[], T]) -> tuple[T, ...]:
        self.expect("{")
        parts = self.listed(part)
        self.expect("}")
        return parts

    def listed(self, part: Callable[[], T]) -> tuple[T, ...]:
        parts = [part()]
        while self.take(","):
            parts.append(part())
        return tuple(parts)

    def literal(self) -> e.Number | e.Text:
        return self.number() if self.tokens[self.at][0] == "number" else self.text()

    def number(self) -> e.Number:
        kind, word, start, end = self.tokens[self.at]
        if kind != "number":
            raise self.unexpected("a number")
        if len(word) > 15:
            raise ParseError("This number is too long.", start)
        self.at += 1
        return e.Number(float(word), start=start, end=end)

    def text(self) -> e.Text:
        kind, word, start, end = self.tokens[self.at]
        if kind != "text":
            raise self.unexpected("a text in single quotes, like 'yes'")
        self.at += 1
        return e.Text(word[1:-1], start=start, end=end)

    def name(self) -> e.Name:
        kind, word, start, end = self.tokens[self.at]
        if kind != "name" or word in RESERVED:
            raise self.unexpected("a question, a definition, a number or `(`")
        self.at += 1
        return e.Name(word, start=start, end=end)

    def placed(self, node: e.Node, start: int) -> e.Node:
        object.__setattr__(node, "start", start)
        object.__setattr__(node, "end", self.done)
        return node
