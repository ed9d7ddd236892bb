"""What a proof settled is kept in the database: the next worker proves only what is new."""

import pytest
from django.utils import timezone

from screening.actions import proving
from screening.interpreters.prove import prover
from screening.interpreters.prove.solve import Solver
from screening.models import Job, Settled
from tests.factories import tiny_document

pytestmark = pytest.mark.django_db

CLAIM = {"id": "P", "claim": "c", "kind": "whenever", "given": "grade >= 4 and fever = 'yes'", "disposition_in": ["x"]}


@pytest.fixture(autouse=True)
def another_worker():
    """Each test begins with a worker that remembers nothing."""
    proving._memory.clear()
    yield
    proving._memory.clear()


@pytest.fixture
def asked(monkeypatch):
    """What z3 was asked."""
    found, find = [], Solver.find
    monkeypatch.setattr(Solver, "find", lambda self, *what, **more: found.append(what) or find(self, *what, **more))
    return found


def proved(**changes):
    claim = {**CLAIM, "disposition_in": ["go_now"]}
    job = Job(content=tiny_document(properties=[claim], **changes), options={})
    return proving.prove_job(job, lambda done, of: None)


def what_came(result):
    """All but the time that it took."""
    results = [{name: each[name] for name in each if name not in ("seconds", "cached")} for each in result["results"]]
    return {**result, "seconds": 0, "results": results}


def test_a_new_worker_asks_z3_nothing_that_was_settled(db, asked):
    first = proved()
    assert asked
    assert Settled.objects.filter(prover=prover()).count() > 3
    asked.clear()
    proving._memory.clear()
    again = proved()
    assert not asked
    assert what_came(again) == what_came(first)
    assert any(each["status"] == "fails" for each in first["results"])


def test_what_another_prover_settled_is_not_read(asked):
    proved()
    Settled.objects.update(prover="another")
    asked.clear()
    proving._memory.clear()
    proved()
    assert asked


def test_a_worker_that_remembers_writes_only_what_is_new():
    proved()
    before = dict(Settled.objects.values_list("key", "pk"))
    proved(title="Another")
    assert dict(Settled.objects.values_list("key", "pk")).items() >= before.items()


def test_what_was_used_longest_ago_goes_first(monkeypatch):
    proved()
    kept = Settled.objects.count()
    monkeypatch.setattr(proving, "MOST", kept)
    old = timezone.now() - timezone.timedelta(days=400)
    Settled.objects.bulk_create(Settled(prover="another", key=str(n), data={}, used_at=old) for n in range(5))
    proving._memory.clear()
    proved()
    assert Settled.objects.count() == kept
    assert not Settled.objects.filter(prover="another").exists()


def test_what_is_used_stays(monkeypatch):
    proved()
    old = timezone.now() - timezone.timedelta(days=400)
    Settled.objects.update(used_at=old)
    proving._memory.clear()
    proved()
    assert Settled.objects.filter(used_at__gt=old).exists()


def test_a_proof_that_is_broken_off_keeps_what_it_had(monkeypatch):
    def drop(done, of):
        if done:
            raise RuntimeError

    monkeypatch.setattr(proving, "TELLING_S", -1)
    job = Job(content=tiny_document(properties=[CLAIM | {"disposition_in": ["go_now"]}]), options={})
    with pytest.raises(RuntimeError):
        proving.prove_job(job, drop)
    assert Settled.objects.exists()
