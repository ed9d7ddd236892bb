"""Which changes could make a condition true, or false: put together from what each change alone does to each test.

What is found are candidates. A change can do to a test in company what it does not do alone, so each is decided after.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, islice

from screening.interpreters.whatif.options import Option
from screening.rules import expression as e
from screening.rules.meaning import Meaning
from screening.rules.parse import parse
from screening.rules.truth import FALSE, TRUE, Truth

Set = frozenset[Option]
Turned = Mapping[tuple[str, Truth], list[Set]]

NOTHING: Set = frozenset()
MOST = 3
"""questions changed at once"""
MANY = 200
"""candidates kept for one condition, the smallest first"""


class Needs:
    """`trace` is what each test of the case came to; `turned` which changes alone make a test come to what."""

    def __init__(self, meaning: Meaning, trace: Mapping[str, Truth], turned: Turned) -> None:
        self.meaning, self.trace, self.turned = meaning, trace, turned
        self.cut = False
        """whether there were more candidates than are kept"""
        self._found: dict[tuple[str, Truth], list[Set]] = {}

    def sets(self, node: e.Node, wanted: Truth) -> list[Set]:
        """The changes that could make a condition true (or false, as wanted); the empty set where it is so already."""
        match node:
            case e.And(parts=parts):
                return self._of(len(parts) if wanted is TRUE else 1, parts, wanted)
            case e.Or(parts=parts):
                return self._of(1 if wanted is TRUE else len(parts), parts, wanted)
            case e.AtLeast(count=count, parts=parts):
                needed = int(count.value)
                return self._of(needed if wanted is TRUE else len(parts) - needed + 1, parts, wanted)
            case e.Not(part=part):
                return self.sets(part, FALSE if wanted is TRUE else TRUE)
            case e.Boolean(value=value):
                return [NOTHING] if value is (wanted is TRUE) else []
            case e.Name(id=name):
                return self._kept(name, wanted, lambda: self.sets(self.meaning.definitions[name], wanted))
        return self._kept(str(node), wanted, lambda: self._test(node, wanted))

    def _kept(self, key: str, wanted: Truth, find: Callable[[], list[Set]]) -> list[Set]:
        """Of a test or a definition, which has its place in the trace; found once."""
        if self.trace[key] is wanted:
            return [NOTHING]
        if (key, wanted) not in self._found:
            self._found[key, wanted] = find()
        return self._found[key, wanted]

    def _test(self, node: e.Node, wanted: Truth) -> list[Set]:
        """What turns a test alone; and, wanted false, what hides its questions."""
        found = [*self.turned.get((str(node), wanted), ())]
        if wanted is FALSE and not isinstance(node, e.IsNull):
            asked = [self.meaning.questions[name] for name in e.names(node) if name in self.meaning.questions]
            hidden = [self.sets(parse(question.show_if), FALSE) for question in asked if question.show_if]
            found += [one for sets in hidden for one in sets]
        return self.smallest(found)

    def _of(self, needed: int, parts: Sequence[e.Node], wanted: Truth) -> list[Set]:
        """So many of the parts."""
        if needed <= 0:
            return [NOTHING]
        found = [self.sets(part, wanted) for part in parts]
        some = [sets for sets in found if sets]
        if needed == 1:
            return self.smallest(one for sets in some for one in sets)
        every = islice(combinations(some, needed), MANY)
        return self.smallest(one for chosen in every for one in self.together(chosen))

    def together(self, needs: Iterable[list[Set]]) -> list[Set]:
        """One of each, together."""
        found = [NOTHING]
        for sets in needs:
            if sets != [NOTHING]:
                found = self.smallest(both for first in found for second in sets if fits(both := first | second))
        return found

    def smallest(self, sets: Iterable[Set]) -> list[Set]:
        """Without those that hold another, the smaller first, as many as are kept."""
        found: list[Set] = []
        for one in sorted(dict.fromkeys(sets), key=order):
            if any(other <= one for other in found):
                continue
            if len(found) == MANY:
                self.cut = True
                break
            found.append(one)
        return found


def fits(changes: Set) -> bool:
    """Not too many, and no question twice."""
    return len(changes) <= MOST and len({option.question for option in changes}) == len(changes)


def order(changes: Set) -> tuple[int, list[tuple[int, int]]]:
    """How many, then which: the same on every machine."""
    return len(changes), sorted(option.place for option in changes)
