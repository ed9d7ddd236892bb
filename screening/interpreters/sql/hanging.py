"""Whether a result hangs on questions that nobody was asked: a case whose own version did not have them."""

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.deciding import Decided, own_hours
from screening.interpreters.sql.rails import unsettled
from screening.rules.ruleset import Rule


def hanging(circuit: Circuit, outcome: Decided, open_minded: Decided) -> Gate:
    """Whether disposition or hours may be others once the questions are answered that `open_minded` takes as open.

    So it is where a rule is not settled that is as urgent as the outcome, or whose hours are as few, or any rule with a
    disposition where none decided. Rather too often than not often enough.
    """
    gates = [
        circuit.all_of([outcome.unsettled(circuit, rule, open_minded), _matters(circuit, outcome, rule)])
        for rule in outcome.ruleset.rules
    ]
    ruleset = outcome.ruleset
    invalid = unsettled(circuit, outcome.invalid, open_minded.invalid, Circuit.TRUE)
    matters = _as_urgent(circuit, outcome, [ruleset.clarify_disposition], [ruleset.invalid_answer_within_hours])
    return circuit.any_of([*gates, circuit.all_of([invalid, matters])])


def _matters(circuit: Circuit, outcome: Decided, rule: Rule) -> Gate:
    """Whether another verdict of the rule could make another outcome."""
    dispositions = [rule.disposition] if rule.disposition else []
    hours = [own_hours(outcome.ruleset, rule), rule.clarify_within_hours]
    if rule.is_alarm:
        dispositions.append(outcome.ruleset.clarify_disposition)
    return _as_urgent(circuit, outcome, dispositions, [limit for limit in hours if limit is not None])


def _as_urgent(circuit: Circuit, outcome: Decided, dispositions: list[str], hours: list[int]) -> Gate:
    """Whether one of these is as urgent as the outcome; any disposition is where no rule decided."""
    reasons = []
    for disposition in dispositions:
        reasons += [*list(outcome.dispositions.values())[outcome.ruleset.urgency[disposition] :], outcome.nothing]
    for limit in hours:
        sooner = circuit.any_of(gate for number, gate in outcome.hours.items() if number < limit)
        reasons.append(circuit.negated(sooner))
    return circuit.any_of(reasons)
