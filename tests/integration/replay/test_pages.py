"""The pages of a replay: asked for, polled, read; and by whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from screening.models import AuditEvent, Job, Pathway, Referral, Site
from screening.policies import RULE_EDITORS, SURGEONS
from tests.factories import OfferingFactory, SiteFactory, staff
from tests.integration.replay.conftest import document, draft_of

pytestmark = pytest.mark.django_db

ASK = "/admin/jobs/replay/tiny/"


def signed_in(user: User) -> Client:
    window = Client()
    window.force_login(user)
    return window


@pytest.fixture
def draft(pathway: Pathway) -> Any:
    return draft_of(pathway, document({"M1": {"disposition": "wait_and_see"}}))


@pytest.fixture
def done(draft: Any, referral: Referral, editing: Client) -> str:
    """The address of a finished replay of the draft."""
    address = editing.post(ASK)["Location"]
    call_command("worker", once=True)
    return address


def test_asking_waiting_and_reading(draft: Any, referral: Referral, editing: Client):
    assert "Replay on past cases" in editing.get(ASK).content.decode()
    answer = editing.post(ASK)
    assert answer.status_code == 302
    waiting = editing.get(answer["Location"]).content.decode()
    assert "Waiting for the worker" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert "Look again" in waiting
    polled = editing.get(answer["Location"] + "progress/")
    assert "HX-Refresh" not in polled
    call_command("worker", once=True)
    assert editing.get(answer["Location"] + "progress/")["HX-Refresh"] == "true"
    page = editing.get(answer["Location"]).content.decode()
    assert "1 of 1 case would come out otherwise: 0 more urgent, 1 less urgent." in page
    assert "the draft as it is now" in page
    assert Job.objects.get().sha256 in page


def test_saying_that_it_was_read(done: str, editing: Client, editor: User):
    assert "I have read this" in editing.get(done).content.decode()
    assert editing.post(done + "seen/", follow=True).status_code == 200
    page = editing.get(done).content.decode()
    assert "Edith Moss" in page
    assert "I have read this" not in page
    assert "Read by" in editing.get(ASK).content.decode()
    assert editing.get(done + "seen/").status_code == 405


def test_cases_are_named_to_those_who_may_read_them(
    done: str, editing: Client, surgical_editor: User, referral: Referral
):
    assert referral.reference not in editing.get(done).content.decode()
    page = signed_in(surgical_editor).get(done).content.decode()
    assert f'href="/review/{referral.reference}/"' in page
    assert AuditEvent.objects.filter(action="job.read", actor_id=surgical_editor.pk).exists()


def test_an_edit_makes_it_an_earlier_draft(done: str, editing: Client, pathway: Pathway):
    draft_of(pathway, document({"M1": {"disposition": "elsewhere"}}))
    assert "not the draft as it is now" in editing.get(done).content.decode()
    assert "an earlier draft" in editing.get(ASK).content.decode()


def test_a_draft_with_problems_is_not_replayed(pathway: Pathway, editing: Client):
    draft_of(pathway, document({"M1": {"when": "wish = 'nothing_like_it'"}}))
    page = editing.get(ASK).content.decode()
    assert "to mend first" in page
    assert editing.post(ASK).status_code == 422
    assert not Job.objects.exists()


def test_only_some_of_the_cases(draft: Any, referral: Referral, editing: Client):
    address = editing.post(ASK, {"since": "2020-02-01", "statuses": ["waiting", "closed"]})["Location"]
    call_command("worker", once=True)
    assert "that came in since 1 February 2020 that are closed, waiting" in " ".join(
        editing.get(address).content.decode().split()
    )
    assert editing.post(ASK, {"since": "the other day"}).status_code == 422


def test_a_failed_job_says_so(draft: Any, editing: Client):
    address = editing.post(ASK)["Location"]
    Job.objects.update(status="failed", failure="It could not be done.")
    assert "There is no result: It could not be done." in editing.get(address).content.decode()


def test_nobody_else(done: str, pathway: Pathway, site: Site):
    elsewhere = SiteFactory()
    OfferingFactory(site=elsewhere, pathway=pathway)
    others = [staff(site, SURGEONS, is_staff=True), staff(elsewhere, RULE_EDITORS, is_staff=True)]
    for user in others:
        for address in (done, done + "progress/"):
            assert signed_in(user).get(address).status_code == 403
        assert signed_in(user).post(done + "seen/").status_code == 403
    assert signed_in(others[0]).get(ASK).status_code == 403
    # The other clinic's editor sees no replay of this one's cases.
    assert "None yet" in signed_in(others[1]).get(ASK).content.decode()
    assert Client().get(done).status_code == 302


def test_the_link_is_on_the_page_of_the_questionnaire(draft: Any, editing: Client):
    assert ASK in editing.get("/admin/screening/pathway/tiny/change/").content.decode()
