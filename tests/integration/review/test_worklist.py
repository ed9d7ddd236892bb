"""Which cases are listed, in which order, and what each row says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from screening.actions import review
from screening.models import Referral
from tests.factories import (
    ADULT,
    CALM,
    SiteFactory,
    decided,
    in_review,
    referred_emergency,
    save_page,
    started,
    waiting,
)

from .conftest import text_of


def listed(response) -> list[str]:
    """The references shown, in order."""
    return re.findall(r'href="/review/(MS-[^/]+)/"', response.content.decode())


def due_in(referral: Referral, **span) -> Referral:
    Referral.objects.filter(pk=referral.pk).update(contact_due_at=timezone.now() + timedelta(**span))
    return referral


def reached(referral: Referral, client) -> Referral:
    review.record_contact(
        actor=client.actor, referral=referral, expected_revision=referral.revision, how="phone", reached=True
    )
    return referral


def test_the_most_pressing_first_and_the_contacted_last(surgeon, site):
    later, sooner, late = (waiting(site) for _ in range(3))
    due_in(later, days=3)
    due_in(sooner, hours=2)
    due_in(late, hours=-5)
    contacted = reached(due_in(waiting(site), hours=-90), surgeon)
    response = surgeon.get("/review/")
    assert listed(response) == [one.reference for one in (late, sooner, later, contacted)]
    page = text_of(response)
    for words in ("5 h late", "in 1 h", "in 2 days", "contacted"):
        assert words in page


def test_a_row_says_what_matters(surgeon, site):
    referral = waiting(site, answers=ADULT)
    in_review(referral, actor=surgeon.actor)
    page = text_of(surgeon.get("/review/"))
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    for words in ("small_cut", "Rule M1", ">45<", "in review", "Maria Ortiz", referral.reference):
        assert words in row
    assert referral.patient.name not in page


def test_an_emergency_without_a_name_stands_out(surgeon, site):
    referred_emergency(site)
    page = text_of(surgeon.get("/review/"))
    assert "No name yet: at the emergency page, left no number" in page
    assert "go_now" in page


def test_an_alarm_nobody_could_rule_out_is_the_reason(surgeon, site):
    waiting(site, answers={**CALM, "numb": "dont_know", "wish": "surgery"})
    assert "Not known: Rule E1" in text_of(surgeon.get("/review/"))


def test_only_the_own_clinic(surgeon, site):
    mine, theirs = waiting(site), waiting(SiteFactory())
    assert listed(surgeon.get("/review/")) == [mine.reference]
    assert listed(surgeon.get(f"/review/?q={theirs.reference}")) == []


def test_filters(surgeon, other, site):
    waits, emergency = waiting(site), referred_emergency(site)
    mine, theirs = in_review(waiting(site), actor=surgeon.actor), in_review(waiting(site), actor=other.actor)
    done = decided(waiting(site))
    closed = decided(waiting(site))
    review.close(actor=surgeon.actor, referral=closed, expected_revision=closed.revision, note="moved away")
    unfinished = save_page(started(site), {"fever": "yes"})
    expected = {
        "": {waits, emergency, mine, theirs, done},
        "status=closed": {closed},
        "status=any": {waits, emergency, mine, theirs, done, closed},
        "status=in_review": {mine, theirs},
        "holder=mine": {mine},
        "holder=nobody": {waits, emergency},
        "late=on": {emergency},
        "disposition=go_now": {emergency},
        "origin=emergency": {emergency},
        "origin=nameless": {emergency},
        "origin=unfinished": set(),
        "status=nonsense&disposition=nonsense": {waits, emergency, mine, theirs, done},
    }
    assert unfinished.referral is None
    for query, wanted in expected.items():
        assert set(listed(surgeon.get(f"/review/?{query}"))) == {one.reference for one in wanted}, query


def test_counts(surgeon, site):
    in_review(waiting(site), actor=surgeon.actor)
    due_in(waiting(site), hours=-1)
    referred_emergency(site)
    page = text_of(surgeon.get("/review/?status=closed"))
    for words in (
        "Open <strong>3<",
        "Late <strong>2<",
        "With nobody <strong>2<",
        "With me <strong>1<",
        "No name yet <strong>1<",
    ):
        assert words in page


@pytest.mark.parametrize("typed", ["{whole}", "{small}", " {bare} ", "{part}", "{spaced}"])
def test_search_by_reference(surgeon, site, typed):
    wanted = decided(waiting(site))
    Referral.objects.filter(pk=wanted.pk).update(reference="MS-7K3Q-92F")
    for _ in range(3):
        waiting(site)
    forms = {"whole": "MS-7K3Q-92F", "small": "ms-7k3q-92f", "bare": "MS7K3Q92F", "part": "q92f", "spaced": "7k3q 92f"}
    response = surgeon.get("/review/", {"q": typed.format(**forms)}, follow=True)
    assert "MS-7K3Q-92F" in text_of(response)
    assert response.redirect_chain == ([] if typed in ("{part}", "{spaced}") else [("/review/MS-7K3Q-92F/", 302)])


def test_a_search_that_finds_nothing_says_what_a_reference_looks_like(surgeon, site):
    for typed in ("ZZZZZZZ", "'; DROP TABLE", "%", "----"):
        page = text_of(surgeon.get("/review/", {"q": typed}))
        assert "No case with that reference" in page


def test_empty_states(surgeon, site):
    assert "A case appears here when" in text_of(surgeon.get("/review/"))
    assert "No case fits these filters" in text_of(surgeon.get("/review/?late=on"))


def test_pages_have_every_case_once_both_ways(surgeon, site, monkeypatch):
    monkeypatch.setattr("screening.review.pages.PAGE", 3)
    made = [waiting(site) for _ in range(8)]
    same = timezone.now() + timedelta(days=1)
    # Four share a deadline, so that a page ends among equals; two are contacted.
    Referral.objects.filter(pk__in=[one.pk for one in made[2:6]]).update(contact_due_at=same)
    for one in made[6:]:
        reached(one, surgeon)
    whole = list(Referral.objects.filter(contacted_at=None).order_by("contact_due_at", "pk"))
    whole += list(Referral.objects.exclude(contacted_at=None).order_by("contact_due_at", "pk"))
    wanted = [one.reference for one in whole]
    forwards = walk(surgeon, "/review/", "next")
    assert forwards[0] == [wanted[:3], wanted[3:6], wanted[6:]]
    backwards = walk(surgeon, forwards[1], "prev")
    assert backwards[0] == [wanted[6:], wanted[3:6], wanted[:3]]


def walk(client, address: str, rel: str) -> tuple[list[list[str]], str]:
    pages = []
    while True:
        response = client.get(address)
        pages.append(listed(response))
        link = re.search(rf'rel="{rel}" href="([^"]+)"', response.content.decode())
        if not link:
            return pages, address
        address = "/review/" + link[1].replace("&amp;", "&")


def test_a_place_in_the_list_that_is_none_shows_the_first_page(surgeon, site):
    one = waiting(site)
    for key in ("x", "0~x~1", "2~2026-01-01T00:00:00+00:00~1", "0~2026-01-01T00:00:00~1", "0~9999-99-99T00:00+00:00~1"):
        assert listed(surgeon.get("/review/", {"after": key})) == [one.reference]


def test_as_many_queries_for_many_cases_as_for_one(surgeon, site):
    in_review(waiting(site), actor=surgeon.actor)
    surgeon.get("/review/")
    with CaptureQueriesContext(connection) as one:
        surgeon.get("/review/")
    for _ in range(12):
        in_review(waiting(site), actor=surgeon.actor)
        referred_emergency(site)
    with CaptureQueriesContext(connection) as many:
        surgeon.get("/review/")
    assert len(many) == len(one)
    assert len(one) <= 16


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2026-11-20T10:00:00", "x"]
)
def test_a_place_in_the_list_that_cannot_be_is_its_beginning(surgeon, site, when):
    referral = waiting(site)
    for side in ("after", "before"):
        assert listed(surgeon.get(f"/review/?{side}=0~{when}~1")) == [referral.reference]
