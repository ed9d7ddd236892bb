"""What can be wrong with a document: one problem, and the error that carries them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a rule set.

    `place` is a path of ids in the document, like "rules/E01/when"; `column` (from 1) is where in an expression.
    """

    place: str
    message: str
    column: int | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        where = self.place + (f", column {self.column}" if self.column else "")
        hint = f" ({self.suggestion})" if self.suggestion else ""
        return f"{where}: {self.message}{hint}" if where else f"{self.message}{hint}"


class DocumentError(ValueError):
    """A document that cannot be used. `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def did_you_mean(written: str, known: Iterable[str]) -> str | None:
    """What a mistyped name was probably meant to be, or nothing where no known name is close."""
    close = get_close_matches(written, list(known), n=1, cutoff=0.7)
    return f"did you mean `{close[0]}`?" if close else None


class Suggestions:
    """Suggestions for the first names only: each is slow to find, and a document may have thousands of wrong names."""

    def __init__(self, most: int = 25) -> None:
        self.left = most

    def __call__(self, written: str, known: Iterable[str]) -> str | None:
        if not self.left:
            return None
        self.left -= 1
        return did_you_mean(written, known)
