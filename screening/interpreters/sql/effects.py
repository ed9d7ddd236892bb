"""Two versions over the same cases: statements that count what changes. Nothing is kept of a single case."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import KEY, Layout
from screening.interpreters.sql.deciding import Decided, decided, unresolved
from screening.interpreters.sql.hanging import hanging
from screening.interpreters.sql.layers import Layers
from screening.interpreters.sql.statements import CASES, Dialect, fence, first_true, in_dialect
from screening.rules.ruleset import RuleSet

COUNTS = ("fired_before", "fired_after", "unknown_before", "unknown_after", "differs", "behind_change")


@dataclass(frozen=True)
class Effect:
    """What a table of cases shows of a change from one version to another, as statements of one dialect."""

    before: RuleSet
    after: RuleSet
    layout: Layout
    """of the table"""
    cases: str = CASES
    """the SQL of the table"""
    dialect: Dialect = "duckdb"
    open_to: Collection[str] = ()
    """questions of `after` that not every case's own version asked"""

    def counts(self, labels: Sequence[str] = ()) -> str:
        """Rows of `before`, `after` (dispositions), `hours_before`, `hours_after`, `not_judged`, labels and `cases`.

        `not_judged`: whether the result under `after` hangs on a question that the case's own version did not have.
        """
        columns = {
            "before": self._place(self._before),
            "after": self._place(self._after),
            "hours_before": first_true(self._circuit, self._before.hours.items()),
            "hours_after": first_true(self._circuit, self._after.hours.items()),
            "not_judged": self._not_judged,
        }
        layers = Layers(self._circuit, columns.values(), labels)
        keys = ", ".join(f'"{name}"' for name in [*columns, *labels])
        made = ", ".join([*(f'{layers.written(gate)} AS "{name}"' for name, gate in columns.items()), *_names(labels)])
        counted = (
            f'SELECT {keys}, COUNT(*) AS "cases"\nFROM (SELECT {made}\nFROM {{source}}) AS "decided"\nGROUP BY {keys}'
        )
        spelled = [_spelled("before", self.before), _spelled("after", self.after)]
        rest = _names(["hours_before", "hours_after", "not_judged", *labels, "cases"])
        select = f'SELECT {", ".join([*spelled, *rest])}\nFROM ({counted}) AS "counted"'
        return self._sql(layers, select)

    def rules(self) -> tuple[str, dict[str, dict[str, str]]]:
        """One row of numbers of cases; beside it rule id → what of COUNTS is counted → the column.

        `unknown_…` are counted for alarm rules only. `differs`: it fires, or its being unknown counts, in one version
        and not in the other, or to other effect. `behind_change`: so, and the disposition changes.
        """
        wanted: dict[Gate, str] = {}
        columns = {
            rule: {what: wanted.setdefault(gate, f"n{gate}") for what, gate in gates.items()}
            for rule, gates in self._rule_gates().items()
        }
        layers = Layers(self._circuit, wanted)
        sums = (f'SUM(CAST({layers.written(gate)} AS INTEGER)) AS "{name}"' for gate, name in wanted.items())
        return self._sql(layers, "SELECT " + ",\n".join([*sums, 'COUNT(*) AS "cases"']) + "\nFROM {source}"), columns

    def changed(self, limit: int = 100) -> str:
        """The keys of cases whose disposition changes, with `before` and `after`; the least key first."""
        columns = {"before": self._place(self._before), "after": self._place(self._after)}
        changed = self._changed
        layers = Layers(self._circuit, [*columns.values(), changed], [KEY])
        made = ", ".join(f'{layers.written(gate)} AS "{name}"' for name, gate in columns.items())
        # a WHERE here would be worked out between the layers, which takes twice the time
        key = f'CASE WHEN {layers.written(changed)} THEN "{KEY}" END AS "{KEY}"'
        found = f"SELECT {key}, {made}\nFROM {{source}}\nORDER BY 1 NULLS LAST\nLIMIT {limit}"
        spelled = ", ".join([f'"{KEY}"', _spelled("before", self.before), _spelled("after", self.after)])
        select = f'SELECT {spelled}\nFROM ({found}) AS "found"\nWHERE "{KEY}" IS NOT NULL\nORDER BY "{KEY}"'
        return self._sql(layers, select)

    def not_judged(self) -> str:
        """The key of each case and `not_judged`."""
        layers = Layers(self._circuit, [self._not_judged], [KEY])
        return self._sql(layers, f'SELECT "{KEY}", {layers.written(self._not_judged)} AS "not_judged"\nFROM {{source}}')

    def _sql(self, layers: Layers, select: str) -> str:
        return in_dialect(layers.sql(self.cases, select, fence(self.dialect)), self.dialect)

    # -- gates

    @cached_property
    def _circuit(self) -> Circuit:
        return Circuit()

    @cached_property
    def _before(self) -> Decided:
        return decided(self._circuit, self.before, self.layout)

    @cached_property
    def _after(self) -> Decided:
        return decided(self._circuit, self.after, self.layout)

    @cached_property
    def _changed(self) -> Gate:
        before, after = self._before.dispositions, self._after.dispositions
        same = (self._circuit.all_of([before[name], after[name]]) for name in before if name in after)
        return self._circuit.negated(self._circuit.any_of(same))

    @cached_property
    def _not_judged(self) -> Gate:
        if not self.open_to:
            return Circuit.FALSE
        open_minded = decided(self._circuit, self.after, self.layout, open_to=self.open_to)
        return hanging(self._circuit, self._after, open_minded)

    def _place(self, outcome: Decided) -> Gate:
        """The place of the outcome's disposition in its rule set."""
        return first_true(self._circuit, enumerate(outcome.dispositions.values()))

    def _rule_gates(self) -> dict[str, dict[str, Gate]]:
        sides = [_rules(self._circuit, outcome) for outcome in (self._before, self._after)]
        ids = dict.fromkeys(rule for side in sides for rule in side)
        return {rule: self._counted(*(side.get(rule, _NO_RULE) for side in sides)) for rule in ids}

    def _counted(self, before: "_Counted", after: "_Counted") -> dict[str, Gate]:
        circuit = self._circuit
        pairs = (before.fires, after.fires), (before.unknown, after.unknown)
        combine = circuit.differ if before.effect == after.effect else lambda *pair: circuit.any_of(pair)
        differs = circuit.any_of(combine(*pair) for pair in pairs)
        gates = *pairs[0], *pairs[1], differs, circuit.all_of([differs, self._changed])
        return dict(zip(COUNTS, gates, strict=True))


class _Counted(NamedTuple):
    """What counts of a rule, and what it does where it counts."""

    fires: Gate
    unknown: Gate
    effect: tuple[str | int | None, ...]


_NO_RULE = _Counted(Circuit.FALSE, Circuit.FALSE, ())


def _rules(circuit: Circuit, outcome: Decided) -> dict[str, _Counted]:
    unknown = {rule.id: gate for rule, gate in unresolved(circuit, outcome.ruleset, outcome.verdicts)}
    return {
        rule.id: _Counted(
            outcome.fired(rule),
            unknown.get(rule.id, Circuit.FALSE),
            (rule.disposition, rule.contact_within_hours, rule.clarify_within_hours),
        )
        for rule in outcome.ruleset.rules
    }


def _spelled(name: str, ruleset: RuleSet) -> str:
    """A disposition's place as its id."""
    whens = " ".join(f"WHEN {place} THEN '{each.id}'" for place, each in enumerate(ruleset.dispositions))
    return f'CASE "{name}" {whens} END AS "{name}"'


def _names(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]
