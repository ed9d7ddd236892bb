"""Work in the background: asking for it, doing it in the worker, taking it from a worker that is gone.

A job may be begun more than once and must come to the same; of several workers only the last that took it may write.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from screening import policies
from screening.actions.audit import record
from screening.exceptions import NotAllowed, ScreeningError
from screening.models import Job, JobReading, Pathway
from screening.policies import Actor
from screening.rules.parts import sha256_of

Progress = Callable[[int, int], None]
"""progress(done, of): says how far the work is"""

# What can be asked for → the function that does it: do(job, progress) → the result, as plain data for JSON. Named by
# its address, so that what it needs (DuckDB, z3) is loaded by the worker and never by the web server.
KINDS = {
    "replay": "screening.actions.replaying.replay_job",
    "proof": "screening.actions.proving.prove_job",
}
# About the draft and no case. The result depends on the content alone, so it belongs to no clinic and is not asked for
# twice; and nobody waits for one of a draft that has been changed since.
OF_DRAFT = frozenset({"proof"})
OUTDATED = "The draft was changed before it was done."
KEPT_OF_DRAFT = 20
"""so many of a pathway's finished jobs about drafts are kept"""
ATTEMPTS = 3
HEARTBEAT_S = 10.0
KEPT = timedelta(days=7)
"""so long the queue keeps what it has done"""

log = logging.getLogger(__name__)


# Asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    *, actor: Actor, kind: str, pathway: Pathway, content: dict[str, Any], options: dict[str, Any] | None = None
) -> Job:
    """Have something done about this content, and return at once.

    What is already under way for the same content and the same clinic is not begun again, nor, where the result depends
    on the content alone, what is done. What is under way about an older draft is dropped.
    """
    policies.check_edit_rules(actor, pathway)
    if kind not in KINDS:
        raise NotAllowed(f"There is no such work as {kind}.")
    Pathway.objects.select_for_update().get(pk=pathway.pk)  # two who press at once get one job
    of_draft = kind in OF_DRAFT
    wanted = {"kind": kind, "pathway": pathway, "site": None if of_draft else actor.site, "sha256": sha256_of(content)}
    options = options or {}
    same = Job.objects.filter(**wanted, options=options)
    known = same.under_way().first() or (same.filter(status=Job.Status.DONE).first() if of_draft else None)
    if known:
        return known
    if of_draft:
        _drop_older(actor, pathway, kind)
    job = Job.objects.create(**wanted, content=content, options=options, asked_by=actor.user)
    _enqueue(job)
    record(actor=actor, action="job.ask", obj=job, after=_summary(job))
    return job


def _drop_older(actor: Actor, pathway: Pathway, kind: str) -> None:
    """What is under way about the draft as it was, and what was done about it long ago."""
    for job in pathway.jobs.filter(kind=kind).under_way():
        job.status, job.finished_at, job.failure = Job.Status.FAILED, timezone.now(), OUTDATED
        job.save(update_fields=["status", "finished_at", "failure"])
        record(actor=actor, action="job.drop", obj=job, after=_summary(job))
    old = pathway.jobs.filter(kind=kind).values_list("pk", flat=True)[KEPT_OF_DRAFT:]
    Job.objects.filter(pk__in=list(old)).delete()


@transaction.atomic
def see(*, actor: Actor, job: Job) -> JobReading:
    """A person says that they read the result. Once is enough."""
    check_read(actor, job)
    if job.status != Job.Status.DONE:
        raise NotAllowed("There is no result to read yet.")
    reading, is_new = JobReading.objects.get_or_create(job=job, by=actor.account)
    if is_new:
        record(actor=actor, action="job.see", obj=job, after=_summary(job))
    return reading


def check_read(actor: Actor, job: Job) -> None:
    """Who edits or signs the pathway's drafts, of the clinic whose cases it looked at."""
    policies.check_read_rules(actor, job.pathway)
    if job.kind in OF_DRAFT:
        return
    if actor.kind != policies.SYSTEM and (actor.site is None or job.site_id != actor.site.pk):
        raise NotAllowed("This was asked for by another clinic.")


def replay_of(pathway: Pathway, sha256: str, *, site: Any = None, since: datetime | None = None) -> Job | None:
    """The newest finished replay of exactly this rule set on past cases: `.seen`, `.readings`, `.result`, for the gate.

    One of all the clinic's cases: a replay of some of them is for looking, not for signing.
    """
    found = pathway.jobs.filter(kind="replay", sha256=sha256, status=Job.Status.DONE, options={})
    found = found.filter(site=site) if site else found
    found = found.filter(finished_at__gt=since) if since else found
    return found.filter(readings__isnull=False).first() or found.first()


def proof_of(pathway: Pathway, sha256: str, *, by: str = "") -> Job | None:
    """The newest finished proof of exactly this rule set; `by` one prover, or any."""
    found = pathway.jobs.filter(kind="proof", sha256=sha256, status=Job.Status.DONE)
    return (found.filter(result__prover=by) if by else found).first()


# Doing ------------------------------------------------------------------------------------------------------------


class Dropped(Exception):
    """Nobody waits for it any more, or another worker has it."""


@task()
def work(job_id: int) -> None:
    """What the worker does with a row of the queue."""
    job = _begin(job_id)
    if job is None:
        return
    with _Heartbeat(job):
        try:
            result = import_string(KINDS[job.kind])(job, lambda done, of: _progress(job, done, of))
        except Dropped:
            return
        except ScreeningError as error:
            _finish(job, status=Job.Status.FAILED, failure=error.message)
        except Exception as error:
            log.exception("job %s failed: %s", job.pk, type(error).__name__)
            _finish(job, status=Job.Status.FAILED, failure="Something went wrong. It was written to the log.")
        else:
            _finish(job, status=Job.Status.DONE, result=result)


def _begin(job_id: int) -> Job | None:
    """The job, now this worker's; None where another has it or it is done."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, started_at=now, heartbeat_at=now, attempt=F("attempt") + 1, done=0, of=0
    )
    return Job.objects.select_related("pathway", "site").get(pk=job_id) if taken else None


def _own(job: Job) -> Any:
    """The row, as long as the job is still this worker's."""
    return Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempt=job.attempt)


def _progress(job: Job, done: int, of: int) -> None:
    """Raises Dropped, which ends the work, when the job is no longer this worker's."""
    if not _own(job).update(done=done, of=of, heartbeat_at=timezone.now()):
        raise Dropped


@transaction.atomic
def _finish(job: Job, *, status: str, **what: Any) -> None:
    if _own(job).update(status=status, finished_at=timezone.now(), **what):
        job.refresh_from_db()
        record(actor=Actor.system(), action="job.finish", obj=job, after=_summary(job))


class _Heartbeat:
    """Says every few seconds that the worker still has the job, also while a proof or a statement takes its time."""

    def __init__(self, job: Job) -> None:
        self._job, self._over = job, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT_S):
            with suppress(DatabaseError):
                _own(self._job).update(heartbeat_at=timezone.now())
        connection.close()


# Workers that are gone ----------------------------------------------------------------------------------------------


def reap(*, now: datetime | None = None) -> list[Job]:
    """Jobs whose worker is gone, back into the queue, a few times; then they have failed. Run by every worker.

    The queue itself would leave their rows running for ever.
    """
    found = [_revive(job.pk) for job in (*Job.objects.abandoned(), *_lost())]
    DBTaskResult.objects.finished().filter(finished_at__lt=(now or timezone.now()) - KEPT).delete()
    return [job for job in found if job is not None]


def _lost() -> list[Job]:
    """Jobs that wait, and nothing in the queue stands for them any more."""
    waiting = list(Job.objects.filter(status=Job.Status.QUEUED))
    alive = DBTaskResult.objects.filter(
        pk__in=[job.task_id for job in waiting if job.task_id], status=TaskResultStatus.READY
    )
    ready = {str(pk) for pk in alive.values_list("pk", flat=True)}
    # A worker takes the row of the queue a moment before it takes the job.
    grace = timezone.now() - timedelta(seconds=HEARTBEAT_S)
    return [job for job in waiting if job.task_id not in ready and job.asked_at < grace]


@transaction.atomic
def _revive(job_id: int) -> Job | None:
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.status == Job.Status.RUNNING and not Job.objects.abandoned().filter(pk=job_id).exists():
        return None
    DBTaskResult.objects.filter(pk=job.task_id or None, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now()
    )
    if job.attempt >= ATTEMPTS:
        job.status, job.finished_at = Job.Status.FAILED, timezone.now()
        job.failure = f"It was begun {job.attempt} times, and the worker ended each time. Ask for it again."
        job.save()
    else:
        job.status = Job.Status.QUEUED
        job.save()
        _enqueue(job)
    record(actor=Actor.system(), action="job.take_back", obj=job, after=_summary(job))
    return job


def _enqueue(job: Job) -> None:
    job.task_id = str(work.enqueue(job.pk).id)
    job.save(update_fields=["task_id"])


def _summary(job: Job) -> dict[str, Any]:
    return {"kind": job.kind, "status": job.status, "sha256": job.sha256, "attempt": job.attempt}
