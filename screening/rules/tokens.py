"""Cuts an expression into tokens with their positions."""

import re

MAX_LENGTH = 10_000

_KEYWORDS = ("or", "and", "not", "in", "contains", "is", "null", "exists", "intersect", "true", "false")
RESERVED = frozenset({*_KEYWORDS, "Coalesce", "Score", "CountTicked", "CountTrue", "AtLeast"})
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<text>'[^']*')"
    r"|(?P<sign><=|>=|!=|<(?!>)|[=>+\-*/(){},]))"
)
_MEANT = {"<>": "!=", "&&": "and", "||": "or", "!": "not", '"': "'", "≤": "<=", "≥": ">=", "≠": "!="}

Token = tuple[str, str, int, int]
"""kind (number, name, text, sign, end), the text itself, where it starts, where it ends"""


class ParseError(ValueError):
    """An expression that cannot be read. `column` counts from 1."""

    def __init__(self, message: str, position: int, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.column, self.suggestion = message, position + 1, suggestion


def tokens(text: str) -> list[Token]:
    """The tokens of the text and one that marks its end. Raises ParseError at what cannot be read."""
    if len(text) > MAX_LENGTH:
        raise ParseError(f"The expression is longer than {MAX_LENGTH:,} characters.", MAX_LENGTH)
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if not match or match.end() == position:
            raise _unreadable(text, position + len(text[position:]) - len(text[position:].lstrip()))
        kind = match.lastgroup or ""
        found.append((kind, match[kind], match.start(kind), match.end()))
        position = match.end()
    return [*found, ("end", "", end, end)]


def _unreadable(text: str, position: int) -> ParseError:
    for written, meant in _MEANT.items():
        if text.startswith(written, position):
            return ParseError(f"`{written}` is not used here.", position, f"write `{meant}`")
    if text[position] == "'":
        return ParseError("This text has no closing quote.", position, "add a ' at its end")
    return ParseError(f"`{text[position]}` cannot be read here.", position)
