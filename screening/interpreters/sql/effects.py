"""Two versions over the same cases: one statement that says of each case what changes, and which rules do it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import KEY, Layout
from screening.interpreters.sql.deciding import Decided, approaches, decided, unresolved
from screening.interpreters.sql.hanging import hanging
from screening.interpreters.sql.layers import Layers
from screening.interpreters.sql.statements import CASES, Dialect, fence, first_true, in_dialect
from screening.rules.ruleset import RuleSet

Way = Literal["", "more", "less", "aside"]
"""stays, more urgent, less urgent, or not to be compared: the old disposition is not in the new list"""
WORD = 62
"""so many rules are kept in one number"""


@dataclass(frozen=True)
class Effect:
    """A SELECT with one row a case: its key and labels; `before` and `after` (the dispositions' places),
    `hours_before`, `hours_after`, `approach_before`, `approach_after`; `not_judged`; and numbers whose bits are rules.
    """

    sql: str
    gives: Mapping[str, Sequence[str]]
    """column → the rules of its bits, least first: of `after`, where they give a more urgent disposition"""
    gave: Mapping[str, Sequence[str]]
    """the same of `before`, where they gave the disposition and the new one is less urgent"""


def unasked(before: RuleSet, after: RuleSet) -> frozenset[str]:
    """The questions that people are asked by the other version and were not by their own."""
    asked = {question.id for question in before.questions}
    return frozenset(each.id for each in after.questions if each.id not in asked and each.audience != "system")


def way(before: str, after: str, urgency: Mapping[str, int]) -> Way:
    """Which way a case goes from one disposition to another, by the order of the other version's list."""
    if before not in urgency:
        return "aside"
    if before == after:
        return ""
    return "more" if urgency[after] < urgency[before] else "less"


def effect(
    before: RuleSet,
    after: RuleSet,
    layout: Layout,
    cases: str = CASES,
    labels: Sequence[str] = (),
    *,
    dialect: Dialect = "duckdb",
    open_to: Collection[str] | None = None,
) -> Effect:
    """What a table of cases (`cases`: its SQL) shows of a change from their own version to another.

    A question that the own version did not ask is absent. `not_judged`: were it unknown instead, a rule that bears on
    the result would be settled otherwise; so the result hangs on an answer that nobody gave. `open_to`: those
    questions, where they are others than `unasked`.
    """
    circuit = Circuit()
    old, new = decided(circuit, before, layout), decided(circuit, after, layout)
    questions = unasked(before, after) if open_to is None else open_to
    open_minded = decided(circuit, after, layout, open_to=questions) if questions else None
    not_judged = hanging(circuit, new, open_minded) if open_minded else Circuit.FALSE
    columns = {
        "before": first_true(circuit, enumerate(old.dispositions.values())),
        "after": first_true(circuit, enumerate(new.dispositions.values())),
        "hours_before": first_true(circuit, old.hours.items()),
        "hours_after": first_true(circuit, new.hours.items()),
        "approach_before": _approach(circuit, old),
        "approach_after": _approach(circuit, new),
        "not_judged": not_judged,
    }
    gives, given = _leading(circuit, new, _moves(circuit, old, new, "more"), "gives")
    gave, taken = _leading(circuit, old, _moves(circuit, old, new, "less"), "gave")
    return Effect(_select(circuit, columns | given | taken, cases, labels, dialect), gives, gave)


def _select(circuit: Circuit, columns: Mapping[str, Gate], cases: str, labels: Sequence[str], dialect: Dialect) -> str:
    carried = [KEY, *labels]
    layers = Layers(circuit, columns.values(), carried)
    named = (f'"{name}"' for name in carried)
    made = (f'{layers.written(gate)} AS "{name}"' for name, gate in columns.items())
    text = layers.sql(cases, f"SELECT {', '.join([*named, *made])}\nFROM {{source}}", fence(dialect))
    return in_dialect(text, dialect)


def _approach(circuit: Circuit, outcome: Decided) -> Gate:
    return first_true(circuit, [*approaches(circuit, outcome).items(), (None, Circuit.TRUE)])


def _moves(circuit: Circuit, old: Decided, new: Decided, wanted: Way) -> Gate:
    """Whether the disposition moves this way."""
    urgency = new.ruleset.urgency
    return circuit.any_of(
        circuit.all_of([old.dispositions[one], new.dispositions[other]])
        for one in old.dispositions
        for other in new.dispositions
        if way(one, other, urgency) == wanted
    )


def _leading(
    circuit: Circuit, outcome: Decided, where: Gate, name: str
) -> tuple[dict[str, Sequence[str]], dict[str, Gate]]:
    """The rules that give the disposition, as bits. Few cases move, and only of those it is worked out."""
    leads = list(_leads(circuit, outcome))
    bits: dict[str, Sequence[str]] = {}
    gates: dict[str, Gate] = {}
    for place in range(0, len(leads), WORD):
        word, column = leads[place : place + WORD], f"{name}_{place // WORD}"
        sql = " + ".join(f"CASE WHEN {{}} THEN {1 << bit} ELSE 0 END" for bit in range(len(word)))
        number = circuit.gate(sql, *(gate for _, gate in word))
        bits[column] = [rule for rule, _ in word]
        gates[column] = circuit.gate("CASE WHEN {} THEN {} ELSE 0 END", where, number)
    return bits, gates


def _leads(circuit: Circuit, outcome: Decided) -> Iterable[tuple[str, Gate]]:
    """Each rule, and whether it gives the disposition: it fires for it, or is unknown where that is clarified."""
    unknown = {rule.id: gate for rule, gate in unresolved(circuit, outcome.ruleset, outcome.verdicts)}
    clarify = outcome.dispositions[outcome.ruleset.clarify_disposition]
    for rule in outcome.ruleset.rules:
        ways = [circuit.all_of([unknown.get(rule.id, Circuit.FALSE), clarify])]
        if rule.disposition:
            ways.append(circuit.all_of([outcome.fired(rule), outcome.dispositions[rule.disposition]]))
        gate = circuit.any_of(ways)
        if gate != Circuit.FALSE:
            yield rule.id, gate
