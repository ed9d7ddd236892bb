"""The encoding read at one case: what the proofs say comes out of given answers, to be compared with the reference."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screening.interpreters.prove.deciding import Deciding
from screening.interpreters.prove.encode import Encoding
from screening.interpreters.prove.solve import Solver
from screening.rules.ruleset import RuleSet

_DEADLINE_S = 60.0


@dataclass(frozen=True)
class Reading:
    """What comes out, by the names of Outcome; None where exact arithmetic cannot tell what doubles would give."""

    disposition: str | None
    contact_within_hours: int | None
    verdicts: Mapping[str, str | None]
    supports: tuple[str, ...]
    rules_out: tuple[str, ...]
    approach: str | None


class Fixed:
    """Reads cases of one rule set, as answered: without the step that finds withdrawn alarms."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.encoding = Encoding(ruleset)
        self.deciding = Deciding(self.encoding)
        self.solver = Solver(self.encoding)
        deciding, procedures = self.deciding, [procedure.id for procedure in ruleset.procedures]
        self._dispositions = {each.id: deciding.comes_out(each.id) for each in ruleset.dispositions}
        self._hours = {hours: deciding.within(hours) for hours in deciding.all_hours}
        self._supports = {each: deciding.supports(each) for each in procedures}
        self._rules_out = {each: deciding.rules_out(each) for each in procedures}
        self._approaches = {name: deciding.approach(name) for name in ("traditional", "minimally_invasive")}
        parts = (self._dispositions, self._hours, self._supports, self._rules_out, self._approaches)
        self._formulas = [formula for part in parts for formula in part.values()]
        self._formulas += [formula for rule in ruleset.rules for formula in deciding.verdict(rule)]

    def read(self, answers: Mapping[str, Any]) -> Reading:
        """The case in these answers."""
        given = [stored.same(answers.get(name)) for name, stored in self.encoding.stored.items()]
        truths = self.solver.truths(self._formulas, given, time.monotonic() + _DEADLINE_S)
        verdicts = {rule.id: self.deciding.verdict(rule) for rule in self.ruleset.rules}
        return Reading(
            disposition=_first(self._dispositions, truths),
            contact_within_hours=_first(self._hours, truths),
            verdicts={rule_id: _verdict(truths[pair.true], truths[pair.false]) for rule_id, pair in verdicts.items()},
            supports=tuple(name for name, formula in self._supports.items() if truths[formula]),
            rules_out=tuple(name for name, formula in self._rules_out.items() if truths[formula]),
            approach=_first(self._approaches, truths),
        )


def _verdict(true: bool | None, false: bool | None) -> str | None:
    if true or false:
        return "true" if true else "false"
    return "unknown" if true is false is False else None


def _first(formulas: Mapping[Any, int], truths: Mapping[int, bool | None]) -> Any:
    """The name of the first formula that is true; None where there is none, or where one before it may be either."""
    for name, formula in formulas.items():
        if truths[formula] is not False:
            return name if truths[formula] else None
    return None
