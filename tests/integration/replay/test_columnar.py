"""Cases kept in columns: brought up to date by what changed, and rid of what was erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from screening.actions import columnar, jobs, review
from screening.interpreters.sql import store
from screening.models import ColumnarCase, ColumnarStore, Job, Pathway, Referral, Site
from screening.policies import Actor
from tests.factories import ADULT, NUMB, SiteFactory, decided, save_page, started, waiting
from tests.integration.replay.conftest import document, replayed
from tests.integration.replay.test_counting import publish, with_lump

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR, settings.COLUMNAR_CASES = tmp_path, True
    return tmp_path / "columnar"


@pytest.fixture
def two(site: Site, pathway: Pathway) -> list[Referral]:
    return [waiting(site, ADULT), waiting(site, {**ADULT, "fever": "yes"})]


def rows(found: Any) -> list[dict[str, Any]]:
    return store.query(found, f"SELECT case_key, version, decision FROM {found.cases}")


def in_columns(site: Site, pathway: Pathway, made: dict[str, Any]) -> dict[str, Any]:
    """The result of a job, which uses the columns."""
    editor = Actor.system()
    job = jobs.ask(actor=editor, kind="replay", pathway=pathway, content=made)
    Job.objects.filter(pk=job.pk).update(site=site)
    call_command("worker", once=True)
    job.refresh_from_db()
    assert job.status == "done", job.failure
    return job.result


def alike(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "seconds": 0}


def test_it_finds_what_a_replay_from_the_database_finds(site: Site, pathway: Pathway, two: list[Referral]):
    decided(waiting(site, ADULT))
    save_page(started(site), NUMB)
    made = document({"U1": {"disposition": "go_now"}, "M1": {"disposition": "wait_and_see"}})
    found = in_columns(site, pathway, made)
    assert ColumnarCase.objects.count() == 4
    assert alike(found) | {"moves": 0} == alike(replayed(pathway, made, site=site).to_data()) | {"moves": 0}
    for move in found["moves"]:
        assert set(move["referrals"]) <= set(Referral.objects.values_list("pk", flat=True))


def test_keys_are_random_and_each_clinic_has_a_folder(site: Site, pathway: Pathway, two: list[Referral], folder: Path):
    elsewhere = waiting(SiteFactory(slug="south"), ADULT)
    found = columnar.brought_up_to_date(site, pathway)
    assert len(found) == 2
    assert {row["case_key"] for row in rows(found)}.isdisjoint(Referral.objects.values_list("pk", flat=True))
    assert len(columnar.brought_up_to_date(elsewhere.site, pathway)) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["north", "south"]


def test_only_what_changed_is_written_again(site: Site, pathway: Pathway, two: list[Referral]):
    columnar.brought_up_to_date(site, pathway)
    keys = dict(ColumnarCase.objects.values_list("referral", "key"))
    third = waiting(site, ADULT)
    referral = decided(two[0])
    found = columnar.brought_up_to_date(site, pathway)
    now = dict(ColumnarCase.objects.values_list("referral", "key"))
    assert set(now) == {two[0].pk, two[1].pk, third.pk}
    assert now[two[1].pk] == keys[two[1].pk]
    assert now[two[0].pk] != keys[two[0].pk]
    assert len(found) == 3
    assert sum(row["decision"] > 0 for row in rows(found)) == 1
    review.reopen(
        actor=Actor.staff(referral.surgeon), referral=referral, expected_revision=referral.revision, reason="A call."
    )
    found = columnar.brought_up_to_date(site, pathway)
    assert (len(found), sum(row["decision"] > 0 for row in rows(found))) == (3, 0)


def test_nothing_changed_nothing_written(site: Site, pathway: Pathway, two: list[Referral]):
    first = columnar.brought_up_to_date(site, pathway)
    assert columnar.brought_up_to_date(site, pathway).parts == first.parts


def test_erased_cases_disappear(site: Site, pathway: Pathway, two: list[Referral], folder: Path):
    before = columnar.brought_up_to_date(site, pathway)
    assert columnar.forget([two[0].pk]) == 1
    after = store.opened(before.path)
    assert len(after) == 1
    assert not set(before.parts) & {path.name for path in before.path.iterdir()}
    assert list(ColumnarCase.objects.values_list("referral", flat=True)) == [two[1].pk]
    assert columnar.forget([two[0].pk]) == 0


def test_a_referral_that_is_gone_is_taken_out(site: Site, pathway: Pathway, two: list[Referral]):
    columnar.brought_up_to_date(site, pathway)
    ColumnarCase.objects.filter(referral=two[0].pk).update(referral=999_999)
    found = columnar.brought_up_to_date(site, pathway)
    assert 999_999 not in ColumnarCase.objects.values_list("referral", flat=True)
    assert len(found) == ColumnarCase.objects.count()


def test_a_new_version_gets_room(site: Site, pathway: Pathway, two: list[Referral]):
    columnar.brought_up_to_date(site, pathway)
    publish(pathway, with_lump(disposition="soon", clarify_within_hours=48))
    waiting(site, {**ADULT, "lump": "no"})
    found = columnar.brought_up_to_date(site, pathway)
    assert sorted(row["version"] for row in rows(found)) == [1, 1, 2]
    result = in_columns(site, pathway, with_lump(disposition="go_now"))
    assert (result["cases"], result["unlike"], result["judged"]) == (3, 0, 1)


def test_what_is_broken_is_made_anew(site: Site, pathway: Pathway, two: list[Referral]):
    found = columnar.brought_up_to_date(site, pathway)
    # As a worker leaves it that is killed half way.
    ColumnarCase.objects.filter(referral=two[0].pk).delete()
    assert len(columnar.brought_up_to_date(site, pathway)) == 2
    (found.path / "about.json").write_text("{")
    assert len(columnar.brought_up_to_date(site, pathway)) == 2
    assert ColumnarStore.objects.get().cases.count() == 2


def test_a_draft_that_reads_an_answer_otherwise_is_replayed_from_the_database(
    site: Site, pathway: Pathway, two: list[Referral]
):
    made = document()
    made["questions"] = [{**each, "max": 100} if each["id"] == "age_years" else each for each in made["questions"]]
    result = in_columns(site, pathway, made)
    assert (result["cases"], result["unlike"]) == (2, 0)
