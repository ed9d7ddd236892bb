"""Gates → SQL: a row of SELECTs, each on top of the one before, in which a gate used twice is worked out once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import free_name


class Layers:
    """Where each gate of a statement is worked out, for the gates that are wanted in the end."""

    def __init__(self, circuit: Circuit, wanted: Iterable[Gate], carried: Sequence[str] = ()) -> None:
        """`carried`: columns of the cases that go through to the end beside the gates."""
        self.circuit = circuit
        self.wanted = tuple(dict.fromkeys(wanted))
        self.carried = tuple(carried)
        self._needed = self._reachable()
        self.names = self._named()

    def _reachable(self) -> list[Gate]:
        needed = set(self.wanted)
        # inputs come before what they go into, so one walk backwards finds everything
        for gate in range(len(self.circuit.made) - 1, -1, -1):
            if gate in needed:
                needed.update(self.circuit.made[gate].inputs)
        return sorted(needed)

    def _named(self) -> dict[Gate, str]:
        """The columns: what is stored, and what is used more than once or wanted and is more than a column."""
        uses = dict.fromkeys(self._needed, 0)
        for gate in self._needed:
            for source in self.circuit.made[gate].inputs:
                uses[source] += 1
        names = {gate: name for gate, name in self.circuit.columns.items() if gate in uses}
        taken = {name.lower() for name in (*names.values(), *self.carried)}
        for gate, count in uses.items():
            if gate not in names and self.circuit.made[gate].inputs and (count > 1 or gate in self.wanted):
                names[gate] = free_name(self.circuit.labels.get(gate, f"g{gate}"), taken)
        return names

    @cached_property
    def layer(self) -> dict[Gate, int]:
        """After which layer each column can be had: as late as may be, so that little is carried from layer to layer.

        What is stored is there before the first, as 0.
        """
        depth: dict[Gate, int] = {}
        for gate in self._needed:
            below = max((depth[source] for source in self.circuit.made[gate].inputs), default=0)
            depth[gate] = below + 1 if self._is_made(gate) else below
        first_read = dict.fromkeys(self._needed, max(depth.values(), default=0) + 1)
        layer: dict[Gate, int] = {}
        for gate in reversed(self._needed):
            layer[gate] = 0 if gate in self.circuit.columns else first_read[gate] - self._is_made(gate)
            for source in self.circuit.made[gate].inputs:
                first_read[source] = min(first_read[source], layer[gate])
        return layer

    @cached_property
    def count(self) -> int:
        """How many layers there are."""
        return max((self.layer[gate] for gate in self._needed if self._is_made(gate)), default=0)

    def _is_made(self, gate: Gate) -> bool:
        """Whether it becomes a column of a layer, rather than a part of others."""
        return gate in self.names and gate not in self.circuit.columns

    def written(self, gate: Gate) -> str:
        """A gate as it is written where the columns of its layer can be had."""
        return f'"{self.names[gate]}"' if gate in self.names else self._spelled(gate)

    def _spelled(self, gate: Gate) -> str:
        sql, inputs = self.circuit.made[gate]
        return sql.format(*map(self._inside, inputs))

    def _inside(self, gate: Gate) -> str:
        if gate in self.names or not self.circuit.made[gate].inputs:
            return self.written(gate)
        return f"({self._spelled(gate)})"

    def sql(self, source: str, select: str, fence: str = "") -> str:
        """The statement: the layers over a table, and what is selected from the last one."""
        queries, below = [], source
        for place, columns in enumerate(self._columns(), 1):
            queries.append(f"layer_{place} AS (\nSELECT {columns}\nFROM {below}{fence})")
            below = f"layer_{place}"
        layers = "WITH " + ",\n".join(queries) + "\n" if queries else ""
        return f"{layers}{select.replace('{source}', below)}"

    def _columns(self) -> Iterable[str]:
        kept = [f'"{name}"' for name in self.carried]
        until = self._used_until()
        for place in range(1, self.count + 1):
            through = [f'"{name}"' for gate, name in self.names.items() if self.layer[gate] < place < until[gate]]
            made = [
                f'{self._spelled(gate)} AS "{name}"'
                for gate, name in self.names.items()
                if self.layer[gate] == place and self._is_made(gate)
            ]
            yield ",\n".join([*kept, *through, *made])

    def _used_until(self) -> Mapping[Gate, int]:
        """The last layer that reads each gate; the wanted are read after the last."""
        until = dict.fromkeys(self._needed, 0)
        until.update(dict.fromkeys(self.wanted, self.count + 1))
        for gate in reversed(self._needed):
            # what is written inside another gate is read where that one is made
            reader = self.layer[gate] if gate in self.names else until[gate]
            for source in self.circuit.made[gate].inputs:
                until[source] = max(until[source], reader)
        return until
