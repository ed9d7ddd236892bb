"""Many cases are read by several processes; what they read is the same."""

from __future__ import annotations

import pytest

from screening.models import Pathway, Referral, Site
from screening.replay import spans, table
from screening.replay.cases import LABELS, Versions, Wanted
from tests.factories import ADULT, CALM, OfferingFactory, PathwayFactory, SiteFactory, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pathway() -> Pathway:
    return PathwayFactory()


@pytest.fixture
def site(pathway: Pathway) -> Site:
    return OfferingFactory(site=SiteFactory(slug="north"), pathway=pathway).site


def contents(wanted: Wanted) -> list[tuple[int, ...]]:
    """Each referral with what is kept of it."""
    made = table.read_in(Versions(wanted.pathway), wanted, lambda done, of: None)
    with made.connection as connection:
        rows = connection.execute(f"SELECT * FROM {made.cases}").fetchall()
    return sorted((made.referrals_of([row[0]])[0], *row[1:]) for row in rows)


def test_several_processes_read_what_one_reads(pathway: Pathway, site: Site, monkeypatch: pytest.MonkeyPatch):
    mine = [waiting(site, answers) for answers in (ADULT, CALM, {**ADULT, "fever": "yes"}, {**ADULT, "wish": "other"})]
    waiting(OfferingFactory(site=SiteFactory(), pathway=pathway).site, ADULT)
    Referral.objects.filter(pk=mine[1].pk).update(status="closed")
    wanted = Wanted(pathway, site, statuses=("waiting",))
    alone = contents(wanted)
    monkeypatch.setattr(spans, "CASES", 2)
    monkeypatch.setattr(table, "ALONE", 0)
    assert contents(wanted) == alone
    assert [row[0] for row in alone] == [mine[0].pk, mine[2].pk, mine[3].pk]
    assert len(alone[0]) > 1 + len(LABELS)


def test_nothing_to_read(pathway: Pathway, site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table, "ALONE", 0)
    assert contents(Wanted(pathway, site)) == []


def test_answers_are_known_as_the_database_keeps_them(pathway: Pathway, site: Site, monkeypatch: pytest.MonkeyPatch):
    """Reading each case as a whole would take twice as long."""
    for answers in (ADULT, {**ADULT, "fever": "yes"}):
        waiting(site, answers)
    as_read = contents(Wanted(pathway))
    monkeypatch.setattr("screening.interpreters.sql.encode.Encoder.cells", None)
    assert contents(Wanted(pathway)) == as_read
