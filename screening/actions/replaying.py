"""A replay, on a clinic's columns where they are kept. Loaded by the worker and the command only: it brings DuckDB."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.conf import settings

from screening.actions import columnar
from screening.models import Job
from screening.replay.cases import Versions, Wanted
from screening.replay.counting import Result
from screening.replay.table import Progress, in_store
from screening.replay.work import counted, replay
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet


def replay_job(job: Job, progress: Progress) -> dict[str, Any]:
    """What screening.actions.jobs asks for: the job's content is the document of the other rule set."""
    other, since = read_ruleset(job.content), job.options.get("since")
    wanted = Wanted(
        job.pathway,
        job.site,
        since=datetime.fromisoformat(since) if since else None,
        statuses=tuple(job.options.get("statuses", ())),
    )
    return replayed(wanted, other, progress).to_data()


def replayed(wanted: Wanted, other: RuleSet, progress: Progress) -> Result:
    """Decide the wanted cases anew. Changes nothing but the columns, which are brought up to date first."""
    in_columns = settings.COLUMNAR_CASES and wanted.is_all_of_a_site
    result = _in_columns(wanted, other, progress) if in_columns else None
    return result or replay(wanted, other, progress)


def _in_columns(wanted: Wanted, other: RuleSet, progress: Progress) -> Result | None:
    """On the clinic's columns; nothing where the other rule set reads an answer as they do not hold it."""
    started = time.perf_counter()
    assert wanted.site is not None
    store = columnar.brought_up_to_date(wanted.site, wanted.pathway, progress)
    if store.layout.lacks(other):
        return None
    table = in_store(store, columnar.referrals_of)
    result = counted(table, Versions(wanted.pathway, layout=store.layout), other)
    result.seconds = round(time.perf_counter() - started, 2)
    return result
