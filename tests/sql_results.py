"""What `evaluate` gives, and what a row of the statement says, in a form that can be compared."""

from collections.abc import Collection, Mapping
from typing import Any

from screening.interpreters.evaluate import decide
from screening.interpreters.sql import Statement
from screening.rules.ruleset import RuleSet

WORDS = {True: "true", False: "false", None: "unknown"}


def expected(ruleset: RuleSet, answers: Mapping[str, Any], alarms_seen: Collection[str] = ()) -> dict[str, Any]:
    outcome = decide(ruleset, answers, alarms_seen=alarms_seen)
    return {
        "disposition": outcome.disposition,
        "contact_within_hours": outcome.contact_within_hours,
        "approach": outcome.approach,
        "verdicts": {rule: verdict.value for rule, verdict in outcome.verdicts.items()},
        "supports": list(outcome.supports),
        "rules_out": list(outcome.rules_out),
    }


def found(made: Statement, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("disposition", "contact_within_hours", "approach")},
        "verdicts": {rule: WORDS[row[column]] for rule, column in made.verdicts.items()},
        "supports": [procedure for procedure, column in made.supports.items() if row[column]],
        "rules_out": [procedure for procedure, column in made.rules_out.items() if row[column]],
    }
