"""Two-valued gates, each once: the rule set's truths and numbers as SQL expressions over the columns of a case.

A gate is a template of SQL and the gates that stand in its holes. The same gate is never made twice, however many
rules, readings or versions ask for it; that keeps the statement as long as the rule set, and not longer.
"""

from collections.abc import Iterable
from typing import NamedTuple

Gate = int


class Made(NamedTuple):
    """A gate: its SQL, with `{}` for each input, and its inputs. A column of the cases has no inputs."""

    sql: str
    inputs: tuple[Gate, ...] = ()


class Circuit:
    """The gates of one statement. Each comes after its inputs."""

    FALSE: Gate = 0
    TRUE: Gate = 1

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.columns: dict[Gate, str] = {}
        """the gates that are columns of the cases"""
        self.labels: dict[Gate, str] = {}
        """what to call a gate where it is written as a column of its own"""
        self._known: dict[Made, Gate] = {}
        self._masks: dict[Gate, tuple[str, int]] = {}
        self._opposites: dict[Gate, Gate] = {self.FALSE: self.TRUE, self.TRUE: self.FALSE}
        self.gate("FALSE")
        self.gate("TRUE")

    def gate(self, sql: str, *inputs: Gate) -> Gate:
        """The gate of a template, made if it is new."""
        made = Made(sql, inputs)
        if made not in self._known:
            self._known[made] = len(self.made)
            self.made.append(made)
        return self._known[made]

    def column(self, name: str) -> Gate:
        """A column of the cases."""
        gate = self.gate(f'"{name}"')
        self.columns[gate] = name
        return gate

    def mask(self, column: str, bits: int) -> Gate:
        """Whether a column's bit set has one of the bits."""
        if not bits:
            return self.FALSE
        gate = self.gate(f"{{}} & {bits} <> 0", self.column(column))
        self._masks[gate] = column, bits
        return gate

    def all_of(self, gates: Iterable[Gate]) -> Gate:
        """Whether all are true."""
        parts = set(gates) - {self.TRUE}
        if self.FALSE in parts or any(self._opposites.get(part) in parts for part in parts):
            return self.FALSE
        return self._joined(" AND ", parts, self.TRUE)

    def any_of(self, gates: Iterable[Gate]) -> Gate:
        """Whether one is true. Masks of the same column become one."""
        parts = set(gates) - {self.FALSE}
        if self.TRUE in parts or any(self._opposites.get(part) in parts for part in parts):
            return self.TRUE
        masks = [part for part in parts if part in self._masks]
        merged: dict[str, int] = {}
        for part in masks:
            column, bits = self._masks[part]
            merged[column] = merged.get(column, 0) | bits
        parts.difference_update(masks)
        parts.update(self.mask(column, bits) for column, bits in merged.items())
        return self._joined(" OR ", parts, self.FALSE)

    def negated(self, gate: Gate) -> Gate:
        """Whether it is false."""
        if gate not in self._opposites:
            opposite = self.gate("NOT {}", gate)
            self._opposites |= {gate: opposite, opposite: gate}
        return self._opposites[gate]

    def differ(self, one: Gate, other: Gate) -> Gate:
        """Whether one is true and the other is not."""
        if one == other:
            return self.FALSE
        if other in (self.TRUE, self.FALSE):
            one, other = other, one
        if one in (self.TRUE, self.FALSE):
            return self.negated(other) if one == self.TRUE else other
        return self.gate("{} <> {}", *sorted((one, other)))

    def chosen(self, condition: Gate, yes: Gate, no: Gate) -> Gate:
        """One of two truths."""
        if condition in (self.TRUE, self.FALSE) or yes == no:
            return no if condition == self.FALSE else yes
        return self.any_of([self.all_of([condition, yes]), self.all_of([self.negated(condition), no])])

    def label(self, gate: Gate, name: str) -> Gate:
        """The gate, with a name if it has none."""
        self.labels.setdefault(gate, name)
        return gate

    def _joined(self, word: str, parts: set[Gate], none: Gate) -> Gate:
        inputs = sorted(parts)
        if len(inputs) < 2:
            return inputs[0] if inputs else none
        return self.gate(word.join(["{}"] * len(inputs)), *inputs)
