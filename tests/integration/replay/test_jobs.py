"""Work in the background: asked for once, done once, taken back from a worker that is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from screening.actions import jobs
from screening.exceptions import NotAllowed, ScreeningError
from screening.models import AuditEvent, Job, Pathway, Referral, Site
from screening.policies import COORDINATORS, RULE_EDITORS, Actor
from tests.factories import OfferingFactory, SiteFactory, staff_actor
from tests.integration.replay.conftest import document

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(editor: Any) -> Actor:
    return Actor.staff(editor)


def asked(actor: Actor, pathway: Pathway, **more: Any) -> Job:
    return jobs.ask(actor=actor, kind="replay", pathway=pathway, content=document(), **more)


def worked_off() -> None:
    call_command("worker", once=True)


def test_a_replay_from_asking_to_its_result(actor: Actor, pathway: Pathway, referral: Referral):
    job = asked(actor, pathway)
    assert (job.status, job.site, job.asked_by) == ("queued", actor.site, actor.user)
    worked_off()
    job.refresh_from_db()
    assert (job.status, job.failure) == ("done", "")
    assert job.result["cases"] == 1
    assert job.result["sha256"] == job.sha256
    assert (job.done, job.of, job.percent) == (1, 1, 100)
    events = AuditEvent.objects.filter(object_type="job", object_id=str(job.pk)).order_by("number")
    assert [event.action for event in events] == ["job.ask", "job.finish"]


def test_it_sees_only_the_cases_of_the_clinic_that_asked(pathway: Pathway, referral: Referral):
    other = SiteFactory()
    OfferingFactory(site=other, pathway=pathway)
    job = asked(staff_actor(other, RULE_EDITORS), pathway)
    worked_off()
    job.refresh_from_db()
    assert job.result["cases"] == 0


def test_asking_twice_is_asking_once(actor: Actor, pathway: Pathway):
    first, again = asked(actor, pathway), asked(actor, pathway)
    assert first == again
    assert DBTaskResult.objects.count() == 1
    worked_off()
    # Cases come in meanwhile: a replay that is done may be asked for anew.
    assert asked(actor, pathway) != first


def test_a_proof_that_is_done_is_not_done_again(actor: Actor, pathway: Pathway, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(jobs.KINDS, "proof", f"{__name__}.settled")
    job = jobs.ask(actor=actor, kind="proof", pathway=pathway, content=document())
    worked_off()
    assert jobs.ask(actor=actor, kind="proof", pathway=pathway, content=document()) == job
    assert jobs.proof_of(pathway, job.sha256) == job


def settled(job: Job, progress: Any) -> dict[str, Any]:
    return {"holds": True}


def test_who_may_ask_and_look(actor: Actor, pathway: Pathway, site: Site):
    with pytest.raises(NotAllowed):
        asked(staff_actor(site, COORDINATORS), pathway)
    with pytest.raises(NotAllowed):
        jobs.ask(actor=actor, kind="anything", pathway=pathway, content=document())
    other = SiteFactory()
    OfferingFactory(site=other, pathway=pathway)
    with pytest.raises(NotAllowed):
        jobs.check_read(staff_actor(other, RULE_EDITORS), asked(actor, pathway))


# What goes wrong ---------------------------------------------------------------------------------------------------


def refuses(job: Job, progress: Any) -> dict[str, Any]:
    raise ScreeningError("This cannot be done.")


def breaks(job: Job, progress: Any) -> dict[str, Any]:
    raise ValueError("with somebody's answer in it")


@pytest.mark.parametrize(
    ("name", "words"),
    [("refuses", "This cannot be done."), ("breaks", "Something went wrong. It was written to the log.")],
)
def test_what_fails_says_so(actor: Actor, pathway: Pathway, monkeypatch: pytest.MonkeyPatch, name: str, words: str):
    monkeypatch.setitem(jobs.KINDS, "replay", f"{__name__}.{name}")
    job = asked(actor, pathway)
    worked_off()
    job.refresh_from_db()
    assert (job.status, job.failure, job.result) == ("failed", words, None)
    assert "somebody" not in str(list(DBTaskResult.objects.values()))


def left_running(job: Job) -> None:
    """As a worker leaves it that is killed."""
    long_ago = timezone.now() - timedelta(minutes=5)
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(status="running", heartbeat_at=long_ago, attempt=job.attempt + 1)
    DBTaskResult.objects.filter(pk=job.task_id).update(status=TaskResultStatus.RUNNING)


def test_what_a_killed_worker_left_is_done_by_the_next(actor: Actor, pathway: Pathway, referral: Referral):
    job = asked(actor, pathway)
    left_running(job)
    worked_off()
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("done", 2)
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).exists()


def test_what_kills_every_worker_fails_in_the_end(actor: Actor, pathway: Pathway):
    job = asked(actor, pathway)
    for _ in range(jobs.ATTEMPTS):
        left_running(job)
        jobs.reap()
    job.refresh_from_db()
    assert job.status == "failed"
    assert "begun 3 times" in job.failure
    worked_off()
    assert Job.objects.get(pk=job.pk).status == "failed"


def test_a_worker_that_is_alive_keeps_its_job(actor: Actor, pathway: Pathway):
    job = asked(actor, pathway)
    Job.objects.filter(pk=job.pk).update(status="running", heartbeat_at=timezone.now(), attempt=1)
    assert jobs.reap() == []


def test_a_job_the_queue_has_lost_is_queued_again(actor: Actor, pathway: Pathway):
    job = asked(actor, pathway)
    DBTaskResult.objects.all().delete()
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert jobs.reap() == [job]
    worked_off()
    job.refresh_from_db()
    assert job.status == "done"


def too_late(job: Job, progress: Any) -> dict[str, Any]:
    """Meanwhile this worker was given up, and another took the job."""
    Job.objects.filter(pk=job.pk).update(attempt=job.attempt + 1)
    return {"cases": -1}


def test_a_worker_given_up_for_dead_writes_nothing(actor: Actor, pathway: Pathway, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(jobs.KINDS, "replay", f"{__name__}.too_late")
    job = asked(actor, pathway)
    worked_off()
    job.refresh_from_db()
    assert (job.status, job.result) == ("running", None)


def test_what_the_queue_has_done_is_forgotten_after_a_week(actor: Actor, pathway: Pathway):
    asked(actor, pathway)
    worked_off()
    jobs.reap(now=timezone.now() + timedelta(days=6))
    assert DBTaskResult.objects.count() == 1
    jobs.reap(now=timezone.now() + timedelta(days=8))
    assert DBTaskResult.objects.count() == 0


# Read, for the gate --------------------------------------------------------------------------------------------------


def test_a_replay_counts_as_seen_when_somebody_says_so(actor: Actor, pathway: Pathway):
    job = asked(actor, pathway)
    assert jobs.replay_of(pathway, job.sha256) is None
    with pytest.raises(NotAllowed):
        jobs.see(actor=actor, job=job)
    worked_off()
    found = jobs.replay_of(pathway, job.sha256)
    assert found == job
    assert not found.seen
    for _ in range(2):
        jobs.see(actor=actor, job=found)
    assert found.seen
    assert [reading.by for reading in found.readings.all()] == [actor.user]
    assert AuditEvent.objects.filter(action="job.see").count() == 1
    assert jobs.replay_of(pathway, "0" * 64) is None


def test_a_replay_of_some_cases_is_not_for_the_gate(actor: Actor, pathway: Pathway):
    job = asked(actor, pathway, options={"statuses": ["decided"]})
    worked_off()
    assert jobs.replay_of(pathway, job.sha256) is None
