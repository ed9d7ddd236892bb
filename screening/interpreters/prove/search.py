"""What is looked for: a case, or two that differ in something, for which a formula is true; and its claim."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from screening.interpreters.prove.formula import Leaf
from screening.interpreters.prove.reference import Answers, Seen
from screening.interpreters.prove.stored import Stored

Cases = Sequence[Answers]


class Undecided(Exception):
    """No answer within the time, or none that the solver can give."""


class Unconfirmed(Exception):
    """The reference does not say of the cases what the formula says."""

    def __init__(self, cases: Cases) -> None:
        super().__init__()
        self.cases = cases


@dataclass(frozen=True)
class Model:
    """What makes a formula true: the leaves that are, and the numbers in steps."""

    true: frozenset[Leaf]
    steps: Mapping[str, int]

    def is_true(self, leaf: Leaf) -> bool:
        """Whether the leaf is true."""
        return leaf in self.true


class Solve(Protocol):
    """A solver."""

    def __call__(
        self, formula: int, given: Sequence[int], deadline: float, changes: Sequence[int] = (), most: int = 0
    ) -> Model | None:
        """What makes the formula, all that is given and at most so many of the changes true; None where nothing does.

        `deadline` is a time.monotonic(). Raises Undecided.
        """


@dataclass(frozen=True)
class Search:
    """One question to the solver."""

    formula: int
    confirmed: Callable[[Cases], bool]
    """whether the reference says of the cases what the formula says"""
    pair: Callable[[Answers, Answers], Cases] | None = None
    """the two cases, from the answers they share and the second's own; None where there is only one case"""
    again: Mapping[str, Stored] = field(default_factory=dict)
    """the questions to which the second case has its own answers, by id"""

    @property
    def formulas(self) -> list[int]:
        """All that the answer depends on."""
        return [self.formula, *(stored.possible for stored in self.again.values())]

    def cases(self, shared: Answers, own: Answers) -> Cases:
        """The cases that these answers make. An answer of None is none."""
        cases = self.pair(shared, own) if self.pair else [shared]
        return [{name: answer for name, answer in case.items() if answer is not None} for case in cases]


def differing_in(question_id: str, one: object, other: object) -> Callable[[Answers, Answers], Cases]:
    """Two cases equal but for the answer to one question."""
    return lambda shared, _: ({**shared, question_id: one}, {**shared, question_id: other})


@dataclass(frozen=True)
class Claim:
    """What is claimed of every possible case, or (where something is to be seen) of some."""

    id: str
    kind: str
    words: str
    searches: Callable[[], Iterator[Search]]
    """what would break a claim about every case, or bear out a claim about some"""
    seen: Callable[[Seen], bool] | None = None
    """the claim is that there is a case in which this is seen"""
    settled: str = ""
    """why there is nothing to search for"""


Find = Callable[[Search], Cases | None]
"""asks the cache or the solver; raises Undecided, and Unconfirmed"""


@dataclass(frozen=True)
class Survey:
    """Something that is looked at as a whole, and gives notes rather than an answer."""

    id: str
    kind: str
    words: str
    look: Callable[[Find], Iterator[str]]
    formulas: Sequence[int]
    """all that the notes depend on"""
    labels: str
    """and the words that stand in them"""
