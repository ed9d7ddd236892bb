"""One row a case: what its own version and another make of it, side by side, as one statement over the columns."""

from __future__ import annotations

from collections.abc import Sequence

from screening.interpreters.sql import Layout, statement
from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import KEY
from screening.interpreters.sql.deciding import Decided, approaches, decided
from screening.interpreters.sql.hanging import hanging
from screening.interpreters.sql.layers import Layers
from screening.interpreters.sql.statements import first_true
from screening.rules.ruleset import Rule, RuleSet


def unasked(own: RuleSet, other: RuleSet) -> frozenset[str]:
    """The questions that people are asked by the other version and were not by their own."""
    asked = {question.id for question in own.questions}
    return frozenset(each.id for each in other.questions if each.id not in asked and each.audience != "system")


def side_by_side(own: RuleSet, other: RuleSet, layout: Layout, cases: str, labels: Sequence[str]) -> str:
    """For each case the dispositions' places (`before`, `after`), the hours and approaches, and `not_judged`.

    A question that the case's own version did not ask is absent. `not_judged`: were it unknown instead, a rule that
    bears on the result would be settled otherwise; so the result hangs on an answer that nobody gave.
    """
    circuit = Circuit()
    before, after = decided(circuit, own, layout), decided(circuit, other, layout)
    columns = {
        "before": _place(circuit, before),
        "after": _place(circuit, after),
        "hours_before": first_true(circuit, before.hours.items()),
        "hours_after": first_true(circuit, after.hours.items()),
        "approach_before": _approach(circuit, before),
        "approach_after": _approach(circuit, after),
        "not_judged": _not_judged(circuit, own, other, layout, after),
    }
    carried = [KEY, *labels]
    layers = Layers(circuit, columns.values(), carried)
    named = ", ".join(f'"{name}"' for name in carried)
    made = ", ".join(f'{layers.written(gate)} AS "{name}"' for name, gate in columns.items())
    return layers.sql(cases, f"SELECT {named}, {made}\nFROM {{source}}")


def _not_judged(circuit: Circuit, own: RuleSet, other: RuleSet, layout: Layout, after: Decided) -> Gate:
    new = unasked(own, other)
    if not new:
        return Circuit.FALSE
    return hanging(circuit, after, decided(circuit, other, layout, open_to=new))


def _place(circuit: Circuit, outcome: Decided) -> Gate:
    return first_true(circuit, enumerate(outcome.dispositions.values()))


def _approach(circuit: Circuit, outcome: Decided) -> Gate:
    return first_true(circuit, [*approaches(circuit, outcome).items(), (None, Circuit.TRUE)])


def leading(ruleset: RuleSet, layout: Layout, cases: str) -> str:
    """One row: for each rule, in the order of the rule set, in how many of the cases it gives the disposition.

    A rule gives it that fires for it, and an alarm rule that could not be told where it is the clarify disposition.
    """
    made = statement(ruleset, layout=layout, cases=cases)
    counts = ", ".join(
        f"COUNT(*) FILTER (WHERE {_leads(ruleset, rule, made.verdicts[rule.id])})" for rule in ruleset.rules
    )
    return f"SELECT {counts or 0} FROM ({made.sql}) AS decided"


def _leads(ruleset: RuleSet, rule: Rule, verdict: str) -> str:
    ways = []
    if rule.disposition:
        ways.append(f"(\"{verdict}\" AND disposition = '{rule.disposition}')")
    if rule.is_alarm:
        ways.append(f"(\"{verdict}\" IS NULL AND disposition = '{ruleset.clarify_disposition}')")
    return " OR ".join(ways) or "FALSE"
