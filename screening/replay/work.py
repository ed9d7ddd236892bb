"""A replay from beginning to end."""

from __future__ import annotations

import time

from screening.replay.cases import Versions, Wanted
from screening.replay.counting import Result, count
from screening.replay.table import Progress, Table, read_in
from screening.rules.ruleset import RuleSet


def replay(wanted: Wanted, other: RuleSet, progress: Progress = lambda done, of: None) -> Result:
    """Decide the wanted cases anew by another rule set. Writes nothing."""
    started = time.perf_counter()
    versions = Versions(wanted.pathway, (other,))
    result = counted(read_in(versions, wanted, progress), versions, other)
    result.seconds = round(time.perf_counter() - started, 2)
    return result


def counted(table: Table, versions: Versions, other: RuleSet) -> Result:
    """What changes in a table of cases, which is closed afterwards."""
    with table.connection:
        return count(table, versions, other)
