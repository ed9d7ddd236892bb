"""Boolean formulas as one shared graph of ands, nots and leaves, simplified as it is built.

A formula is a number: a node, or minus a node for "not". Equal formulas mostly get the same number, so two cases that
differ in one answer share all that does not depend on it. Knows nothing of rule sets or of z3.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

TRUE, FALSE = 1, -1


class Said(NamedTuple):
    """A leaf: the stored answer to a question says this: one of its codes, don't know, something invalid, a number."""

    question: str
    said: str


class Sum(NamedTuple):
    """A leaf: the sum of the variables, each times its factor, is at least the bound."""

    terms: tuple[tuple[str, int], ...]
    bound: Fraction | int


class Free(NamedTuple):
    """A leaf that may be either: a test that is not worked out. It can only make a claim harder to prove."""

    name: str


Leaf = Said | Sum | Free


class Formulas:
    """The graph."""

    def __init__(self) -> None:
        # by node: the parts of an and (none for a leaf), and the leaves below it as a set of bits
        self._parts: list[tuple[int, ...] | None] = [None, ()]
        self._masks: list[int] = [0, 0]
        self._ands: dict[tuple[int, ...], int] = {(): TRUE}
        self._leaves: dict[Leaf, int] = {}
        self._leaf_of: dict[int, Leaf] = {}
        self._in_order: list[Leaf] = []
        self._digests: dict[int, bytes] = {TRUE: b"true"}

    # -- making formulas

    def leaf(self, leaf: Leaf) -> int:
        """The formula that is just this leaf."""
        if leaf not in self._leaves:
            node = self._add(None, 1 << len(self._in_order))
            self._leaves[leaf], self._leaf_of[node] = node, leaf
            self._in_order.append(leaf)
        return self._leaves[leaf]

    def both(self, *parts: int) -> int:
        """All of the parts."""
        return self.all(parts)

    def either(self, *parts: int) -> int:
        """At least one of the parts."""
        return self.any(parts)

    def any(self, parts: Iterable[int]) -> int:
        """At least one of the parts."""
        return -self.all(-part for part in parts)

    def all(self, parts: Iterable[int]) -> int:
        """All of the parts: flat, without doubles, and without what follows from the others."""
        found: set[int] = set()
        for part in parts:
            inside = self._parts[part] if part > 0 else None
            if inside is None:
                found.add(part)
            else:
                found.update(inside)
        denied = {-part for part in found}
        if FALSE in found or not found.isdisjoint(denied):
            return FALSE
        shorter = self._shortened(found, denied)
        return self._and(found) if shorter == found else self.all(shorter)

    def same(self, left: int, right: int) -> int:
        """Whether two formulas have one value."""
        if left in (right, -right):
            return TRUE if left == right else FALSE
        return self.either(self.both(left, right), self.both(-left, -right))

    def at_least(self, count: int, parts: Sequence[int]) -> int:
        """At least so many of the parts."""
        row = [TRUE] + [FALSE] * count
        for part in parts:
            row = [TRUE, *(self.either(row[n], self.both(part, row[n - 1])) for n in range(1, count + 1))]
        return row[count]

    def exactly(self, parts: Sequence[int]) -> list[int]:
        """For each number from 0 to all, whether exactly so many of the parts are true."""
        row = [TRUE]
        for part in parts:
            more = [*row, FALSE]
            row = [TRUE, *(self.either(more[n], self.both(part, more[n - 1])) for n in range(1, len(more)))]
        return [self.both(at_least, -more) for at_least, more in zip(row, [*row[1:], FALSE], strict=True)]

    def substitution(self, values: Mapping[Said, int] | Mapping[Leaf, int]) -> Callable[[int], int]:
        """Puts formulas in the place of leaves; what was worked out for one formula serves for the next."""
        known = {self.leaf(leaf): value for leaf, value in values.items()}
        mask = self._mask_of(values)

        def substituted(formula: int) -> int:
            node = abs(formula)
            if not self._masks[node] & mask:
                return formula
            if node not in known:
                known[node] = self.all([substituted(part) for part in self._parts[node] or ()])
            return known[node] if formula > 0 else -known[node]

        return substituted

    # -- looking at formulas

    def parts(self, formula: int) -> tuple[int, ...] | None:
        """The parts, where the node of a formula is an and."""
        return self._parts[abs(formula)]

    def leaf_of(self, formula: int) -> Leaf:
        """The leaf, where the node of a formula is one."""
        return self._leaf_of[abs(formula)]

    def leaves(self, formula: int) -> Iterator[Leaf]:
        """The leaves a formula depends on."""
        mask = self._masks[abs(formula)]
        while mask:
            lowest = mask & -mask
            yield self._in_order[lowest.bit_length() - 1]
            mask ^= lowest

    def breadth(self, formula: int) -> int:
        """How many leaves a formula depends on."""
        return self._masks[abs(formula)].bit_count()

    def depends(self, formula: int, leaves: Iterable[Leaf]) -> bool:
        """Whether a formula has one of the leaves."""
        return bool(self._masks[abs(formula)] & self._mask_of(leaves))

    def digest(self, formula: int) -> bytes:
        """The identity of a formula's content, the same in every run."""
        node = abs(formula)
        if node not in self._digests:
            inside = self._parts[node]
            leaf = repr(self._leaf_of[node]).encode() if inside is None else b""
            text = leaf or b"all of " + b", ".join(sorted(self.digest(part) for part in inside or ()))
            self._digests[node] = hashlib.blake2b(text, digest_size=16).digest()
        return self._digests[node] if formula > 0 else b"not " + self._digests[node]

    # -- inside

    def _add(self, parts: tuple[int, ...] | None, mask: int) -> int:
        self._parts.append(parts)
        self._masks.append(mask)
        return len(self._parts) - 1

    def _mask_of(self, leaves: Iterable[Leaf]) -> int:
        mask = 0
        for leaf in leaves:
            mask |= self._masks[self.leaf(leaf)]
        return mask

    def _and(self, found: set[int]) -> int:
        if len(found) == 1:
            return next(iter(found))
        key = tuple(sorted(found))
        if key not in self._ands:
            mask = 0
            for part in key:
                mask |= self._masks[abs(part)]
            self._ands[key] = self._add(key, mask)
        return self._ands[key]

    def _shortened(self, found: set[int], denied: set[int]) -> set[int]:
        """Each "not all of these" without those of these that the other parts say, or dropped where they deny one.

        It never leans on a part that leans on it: a node's parts are made before it.
        """
        kept = set(found)
        for part in found:
            inside = self._parts[-part] if part < 0 else None
            if inside is None:
                continue
            if not denied.isdisjoint(inside):
                kept.discard(part)
            elif not found.isdisjoint(inside):
                kept.discard(part)
                kept.add(-self._and({each for each in inside if each not in found}))
        return kept
