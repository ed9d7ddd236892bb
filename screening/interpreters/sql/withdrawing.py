"""The step that finds withdrawn alarms, before a case is decided (language.md section 2)."""

from typing import NamedTuple

from screening.interpreters.evaluate import WITHDRAWN
from screening.interpreters.sql.answered import Instead, Ways
from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import Layout
from screening.interpreters.sql.rails import unsettled
from screening.interpreters.sql.reading import Reading
from screening.rules.ruleset import Rule, RuleSet


def withdrawn(circuit: Circuit, ruleset: RuleSet, layout: Layout, now: Reading) -> Instead:
    """The answer to the system question: 'yes' where an alarm rule was true before and is not true now.

    Before: while the intake ran, or with hidden answers taken as shown. Where questions are open, 'yes' is given where
    it is so however they are answered, and the question itself is open where it may be so.
    """
    alarms = [rule for rule in ruleset.rules if rule.is_alarm]
    ways = now.answers.ways
    as_shown = Reading(circuit, ruleset, layout, ways._replace(as_shown=True))
    closed, closed_as_shown = now, as_shown
    if ways.open_to:
        closed = Reading(circuit, ruleset, layout)
        closed_as_shown = Reading(circuit, ruleset, layout, Ways(as_shown=True))
    after = _bounds(circuit, alarms, now, closed)
    before = _bounds(circuit, alarms, as_shown, closed_as_shown)
    surely, maybe = [], []
    for rule in alarms:
        seen = _seen(circuit, layout, rule)
        was, is_now = before[rule.id], after[rule.id]
        surely.append(circuit.all_of([circuit.any_of([was.surely, seen]), circuit.negated(is_now.maybe)]))
        maybe.append(circuit.all_of([circuit.any_of([was.maybe, seen]), circuit.negated(is_now.surely)]))
    when = circuit.label(circuit.any_of(surely), WITHDRAWN)
    return Instead(WITHDRAWN, "yes", when, circuit.all_of([circuit.any_of(maybe), circuit.negated(when)]))


class _Bounds(NamedTuple):
    """Whether a rule is true however open questions are answered, and whether it may be."""

    surely: Gate
    maybe: Gate


def _bounds(circuit: Circuit, rules: list[Rule], opened: Reading, closed: Reading) -> dict[str, _Bounds]:
    verdicts, others, is_open = opened.verdicts(rules), closed.verdicts(rules), opened.open_rules(rules)
    hangs = {rule.id: unsettled(circuit, others[rule.id], verdicts[rule.id], is_open[rule.id]) for rule in rules}
    maybe = {
        rule_id: circuit.any_of([verdict.true, circuit.all_of([hangs[rule_id], verdict.possible])])
        for rule_id, verdict in verdicts.items()
    }
    return {rule_id: _Bounds(verdict.true, maybe[rule_id]) for rule_id, verdict in verdicts.items()}


def _seen(circuit: Circuit, layout: Layout, rule: Rule) -> Gate:
    words = layout.alarms.words(layout.alarms.bits([rule.id]))
    return circuit.any_of(circuit.mask(name, bits) for name, bits in words)
