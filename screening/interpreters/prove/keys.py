"""What a result is kept under: a hash of all that it can depend on, and of nothing else.

That is the formulas, simplified, what can be answered to the questions they mention, and the prover.
"""

import hashlib
from collections.abc import Iterable

from screening.interpreters.prove.encode import Encoding
from screening.interpreters.prove.formula import Sum
from screening.interpreters.prove.version import prover


class Keys:
    """The keys of one encoding."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self._known: dict[int, bytes] = {}

    def of(self, kind: str, formulas: Iterable[int]) -> str:
        """The key for what is made of these formulas."""
        parts = [prover().encode(), kind.encode(), *map(self._formula, formulas)]
        return hashlib.sha256(b" ".join(parts)).hexdigest()

    def _formula(self, formula: int) -> bytes:
        if formula not in self._known:
            f, variables = self.encoding.formulas, self.encoding.sums.variables
            names = {name for leaf in f.leaves(formula) if isinstance(leaf, Sum) for name, _ in leaf.terms}
            possible = [f.digest(stored.possible) for stored in self.encoding.questions_of(formula)]
            spans = repr([(name, variables[name]) for name in sorted(names)]).encode()
            text = b" ".join([f.digest(formula), *possible, spans])
            self._known[formula] = hashlib.blake2b(text, digest_size=16).digest()
        return self._known[formula]
