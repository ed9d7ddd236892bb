"""Proving in the background. z3 is loaded when a proof is done, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from screening.interpreters.prove import prove
from screening.models import Job
from screening.rules.check import read_ruleset

_MOST = 20_000
_settled: dict[str, Any] = {}
"""what this worker has settled, by content: after an edit only what the edit can affect is proved again"""


def prove_job(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """What screening.actions.jobs asks for: the job's content is the document of a rule set.

    Option `bases`: known cases by name, such as the profiles of the test patients.
    """
    if len(_settled) > _MOST:
        _settled.clear()
    return prove(read_ruleset(job.content), cache=_settled, bases=job.options.get("bases")).to_data()
