"""Deciding a case as gates (language.md section 5): every verdict, the disposition, the hours, the procedures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate

from screening.interpreters.evaluate import WITHDRAWN
from screening.interpreters.sql import rails
from screening.interpreters.sql.answered import Ways
from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.columns import Layout
from screening.interpreters.sql.rails import Rails
from screening.interpreters.sql.reading import Reading
from screening.interpreters.sql.withdrawing import withdrawn
from screening.rules.ruleset import Rule, RuleSet


@dataclass(frozen=True)
class Decided:
    """The gates of a case's outcome."""

    ruleset: RuleSet
    verdicts: Mapping[str, Rails]
    """by rule id"""
    opened: Mapping[str, Gate]
    """by rule id, whether it mentions, however deep, a question that is open"""
    invalid: Rails
    dispositions: Mapping[str, Gate]
    """for each, most urgent first, whether it is the outcome's; one is"""
    nothing: Gate
    """no rule decided it: it is the default's"""
    hours: Mapping[int, Gate]
    """for each number of hours, ascending, whether contact is promised within it; the first that is true counts"""

    def unsettled(self, circuit: Circuit, rule: Rule, open_minded: "Decided") -> Gate:
        """Whether the rule's verdict may be another once what `open_minded` takes as open is answered."""
        return rails.unsettled(
            circuit, self.verdicts[rule.id], open_minded.verdicts[rule.id], open_minded.opened[rule.id]
        )

    def fired(self, rule: Rule) -> Gate:
        return self.verdicts[rule.id].true


def decided(circuit: Circuit, ruleset: RuleSet, layout: Layout, *, open_to: Collection[str] = ()) -> Decided:
    """The outcome of a whole response, with the step that finds withdrawn alarms. `open_to`: as in `Ways`."""
    reading = Reading(circuit, ruleset, layout, Ways(open_to=open_to))
    if WITHDRAWN in reading.questions:
        reading = reading.with_other(withdrawn(circuit, ruleset, layout, reading))
    verdicts = reading.verdicts(ruleset.rules)
    for rule in ruleset.rules:
        circuit.label(verdicts[rule.id].true, f"t_{rule.id}")
        circuit.label(verdicts[rule.id].possible, f"p_{rule.id}")
    invalid = reading.invalid()
    circuit.label(invalid.true, "invalid")
    in_play = _in_play(circuit, ruleset, verdicts, invalid.true)
    nothing = circuit.negated(circuit.any_of(in_play.values()))
    final = _final(circuit, ruleset, in_play, nothing)
    hours = _hours(circuit, ruleset, verdicts, invalid.true, final)
    return Decided(ruleset, verdicts, reading.open_rules(ruleset.rules), invalid, final, nothing, hours)


def unresolved(circuit: Circuit, ruleset: RuleSet, verdicts: Mapping[str, Rails]) -> list[tuple[Rule, Gate]]:
    """The alarm rules, and whether each is unknown."""
    return [(rule, rails.unknown(circuit, verdicts[rule.id])) for rule in ruleset.rules if rule.is_alarm]


def _in_play(circuit: Circuit, ruleset: RuleSet, verdicts: Mapping[str, Rails], invalid: Gate) -> dict[str, Gate]:
    gates: dict[str, list[Gate]] = {disposition.id: [] for disposition in ruleset.dispositions}
    for rule in ruleset.rules:
        if rule.disposition:
            gates[rule.disposition].append(verdicts[rule.id].true)
    gates[ruleset.clarify_disposition] += [invalid, *(gate for _, gate in unresolved(circuit, ruleset, verdicts))]
    return {disposition: circuit.any_of(reasons) for disposition, reasons in gates.items()}


def _final(circuit: Circuit, ruleset: RuleSet, in_play: Mapping[str, Gate], nothing: Gate) -> dict[str, Gate]:
    gates = [
        circuit.any_of([gate, nothing]) if disposition == ruleset.default_disposition else gate
        for disposition, gate in in_play.items()
    ]
    more_urgent = accumulate(gates, lambda above, gate: circuit.any_of([above, gate]), initial=Circuit.FALSE)
    return {
        disposition: circuit.all_of([gate, circuit.negated(above)])
        for disposition, gate, above in zip(in_play, gates, more_urgent, strict=False)
    }


def _hours(
    circuit: Circuit, ruleset: RuleSet, verdicts: Mapping[str, Rails], invalid: Gate, final: Mapping[str, Gate]
) -> dict[int, Gate]:
    reasons: dict[int, list[Gate]] = {ruleset.invalid_answer_within_hours: [invalid]}
    for rule in ruleset.rules:
        if (hours := own_hours(ruleset, rule)) is not None:
            reasons.setdefault(hours, []).append(verdicts[rule.id].true)
    for rule, gate in unresolved(circuit, ruleset, verdicts):
        reasons.setdefault(rule.clarify_within_hours or 0, []).append(gate)
    for disposition in ruleset.dispositions:
        reasons.setdefault(disposition.contact_within_hours, []).append(final[disposition.id])
    return {hours: circuit.any_of(reasons[hours]) for hours in sorted(reasons)}


def own_hours(ruleset: RuleSet, rule: Rule) -> int | None:
    """Within how many hours a rule that fires has contact made, if it says so."""
    if rule.contact_within_hours is not None or rule.disposition is None:
        return rule.contact_within_hours
    return ruleset.disposition(rule.disposition).contact_within_hours


def procedures(circuit: Circuit, outcome: Decided) -> dict[str, tuple[Gate, Gate]]:
    """By procedure id: whether it is supported, and whether it is ruled out."""
    rules = outcome.ruleset.rules
    deciding = [(rule, _decides(circuit, outcome, rule)) for rule in rules]
    informing = [(rule, outcome.fired(rule)) for rule in rules if rule.disposition is None]
    found = {}
    for procedure in outcome.ruleset.procedures:
        out = circuit.any_of(gate for rule, gate in deciding + informing if procedure.id in rule.rules_out)
        supported = circuit.any_of(gate for rule, gate in deciding if procedure.id in rule.supports)
        found[procedure.id] = circuit.all_of([supported, circuit.negated(out)]), out
    return found


def approaches(circuit: Circuit, outcome: Decided) -> dict[str, Gate]:
    """Whether a fired rule of the final disposition says so; the first that is true counts."""
    return {
        approach: circuit.any_of(
            _decides(circuit, outcome, rule) for rule in outcome.ruleset.rules if rule.approach == approach
        )
        for approach in ("traditional", "minimally_invasive")
    }


def _decides(circuit: Circuit, outcome: Decided, rule: Rule) -> Gate:
    if rule.disposition is None:
        return Circuit.FALSE
    return circuit.all_of([outcome.fired(rule), outcome.dispositions[rule.disposition]])
