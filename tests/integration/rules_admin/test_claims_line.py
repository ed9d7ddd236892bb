"""After every save the draft is proved in the background; the page that one lands on says in a line how it stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import jobs
from screening.actions.jobs import work
from screening.models import AuditEvent, DraftProperty, DraftRule, DraftVignette, Job
from screening.policies import RULE_EDITORS
from tests.factories import SiteFactory, staff
from tests.factories.release import proof
from tests.integration.rules_admin.pages import address, save, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(editing, draft, django_capture_on_commit_callbacks):
    """change(title="…"): saves rule S1, and gives the page that one lands on."""

    def save_rule(**changes):
        with django_capture_on_commit_callbacks(execute=True):
            response = save(editing, DraftRule.objects.get(draft=draft, part_id="S1"), **changes)
        assert response.status_code == 302
        return editing.get(response["Location"])

    return save_rule


def proofs(*statuses):
    return list(Job.objects.filter(kind="proof", status__in=statuses or ("queued",)))


def asked(editing, draft, **query):
    return editing.get(reverse("jobs:claims", args=[draft.pathway_id]), query)


def test_a_save_asks_for_the_proof_of_the_draft_as_it_is_then(change, draft):
    page = change(title="Otherwise")
    (job,) = proofs()
    assert job.sha256 == draft.ruleset().sha256
    assert job.asked_by.username == "edith"
    assert "Checking every claim… Look again" in text_of(page)
    assert f'hx-get="{reverse("jobs:claims", args=[draft.pathway_id])}' in page.content.decode()


def test_of_saves_in_quick_succession_the_last_is_proved(change, draft):
    for title in ("One", "Two", "Three"):
        change(title=title)
    assert [job.sha256 for job in proofs()] == [draft.ruleset().sha256]
    assert {job.failure for job in proofs("failed")} == {"The draft was changed before it was done."}
    assert AuditEvent.objects.filter(action="job.drop").count() == 2


def test_what_was_proved_is_not_asked_for_again(change, draft):
    change(title="One")
    work.func(proofs()[0].pk)
    change(title="One")
    change(title="Two")
    change(title="One")
    assert [job.sha256 for job in proofs("done")] == [draft.ruleset().sha256]
    assert len(proofs("queued")) == 1, "of the second title, which nobody needs any more"
    assert "All" in text_of(change(title="One"))


def test_a_test_patient_changes_no_claim(change, editing, draft, django_capture_on_commit_callbacks):
    change(title="One")
    with django_capture_on_commit_callbacks(execute=True):
        save(editing, DraftVignette.objects.get(draft=draft, part_id="V1"), title="Other")
    assert len(Job.objects.filter(kind="proof")) == 1


def test_moving_and_deleting_too(editing, draft, django_capture_on_commit_callbacks):
    row = DraftRule.objects.get(draft=draft, part_id="S1")
    with django_capture_on_commit_callbacks(execute=True):
        editing.post(reverse("admin:screening_draftrule_move", args=[row.pk, "up"]))
    (moved,) = proofs()
    with django_capture_on_commit_callbacks(execute=True):
        editing.post(address(row, "delete"), {"post": "yes"})
    (deleted,) = proofs()
    assert deleted.sha256 == draft.ruleset().sha256 != moved.sha256


def test_what_came_of_it(change, draft, editing):
    change(title="One")
    (job,) = proofs()
    work.func(job.pk)
    job.refresh_from_db()
    assert f"All {len(job.result['results'])} claims hold." in text_of(asked(editing, draft))


def test_how_many_fail(draft, editing):
    made = proof(draft, broken=("any rule set: blank case",))
    made.result["results"] += [{**made.result["results"][0], "id": each, "status": status}
                               for each, status in (("a", "fails"), ("b", "not_proved"))]  # fmt: skip
    made.save()
    page = asked(editing, draft)
    assert "2 claims fail, 1 claim is not proved. Show" in text_of(page)
    assert "hx-get" not in page.content.decode()


def test_it_says_nothing_while_nothing_is_new(change, draft, editing):
    shown = change(title="One").content.decode().partition("?shown=")[2][:12]
    assert asked(editing, draft, shown=shown).status_code == 204
    Job.objects.update(status="running", of=316, done=3)
    page = asked(editing, draft, shown=shown)
    assert "Checking all 316 claims…" in text_of(page)


def test_no_worker(change, draft, editing):
    change(title="One")
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert "the worker is not running" in text_of(asked(editing, draft))


def test_a_busy_worker(change, draft, editing):
    change(title="One")
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    other = {"kind": "replay", "pathway": draft.pathway, "content": {}, "sha256": "x"}
    Job.objects.create(**other, status="running", heartbeat_at=timezone.now())
    assert "The worker is at something else." in text_of(asked(editing, draft))


def test_a_draft_that_does_not_compile_is_told_as_such(editing, draft, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = editing.post(address(DraftRule.objects.get(draft=draft, part_id="S1"), "delete"), {"post": "yes"})
    assert proofs()
    DraftRule.objects.filter(draft=draft, part_id="E1").update(disposition="nowhere")
    page = text_of(editing.get(response["Location"], follow=True))
    assert "1 problem in the draft: its claims are checked when it is mended. See what is wrong" in page
    before = Job.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        save(editing, DraftVignette.objects.get(draft=draft, part_id="V1"), title="Other")
    assert Job.objects.count() == before


def test_another_prover_proves_again(change, draft, editing, monkeypatch):
    made = proof(draft)
    assert "All 1 claims hold." in text_of(asked(editing, draft))
    monkeypatch.setattr("screening.actions.readiness.prover", lambda: "newer")
    monkeypatch.setattr("screening.actions.proofs.prover", lambda: "newer")
    assert "The claims were proved, but by an older prover." in text_of(asked(editing, draft))
    publish = reverse("admin:screening_pathway_actions", kwargs={"pk": draft.pathway_id, "tool": "publish"})
    assert "by an older prover than the program has now: prove again." in text_of(editing.get(publish))
    editing.post(publish, {"do": "prove"})
    (job,) = proofs()
    assert (job.sha256, job.options["prover"]) == (made.sha256, "newer")


def test_who_may_read_it(change, draft, signed_in, site):
    change(title="One")
    stranger = signed_in(staff(SiteFactory(), RULE_EDITORS, is_staff=True))
    assert asked(stranger, draft).status_code == 403
    assert asked(signed_in(staff(site, is_staff=True)), draft).status_code == 403


def test_a_proof_that_is_dropped_ends_and_writes_nothing(change, draft):
    change(title="One")
    (job,) = proofs()
    Job.objects.filter(pk=job.pk).update(status="running", attempt=1)
    job.refresh_from_db()
    change(title="Two")
    with pytest.raises(jobs.Dropped):
        jobs._progress(job, 1, 2)
    job.refresh_from_db()
    assert (job.status, job.result) == ("failed", None)


def test_old_proofs_are_not_kept_for_ever(change, monkeypatch):
    monkeypatch.setattr(jobs, "KEPT_OF_DRAFT", 3)
    for number in range(6):
        change(title=f"Title {number}")
    assert Job.objects.filter(kind="proof").count() == 4


def test_a_claim_of_ones_own_is_checked(change, draft, editing):
    DraftProperty.objects.create(
        draft=draft, part_id="P", order=1, kind="whenever", claim="Grade 4 is urgent", given="grade >= 4",
        disposition_in=["go_now"],
    )  # fmt: skip
    change(title="One")
    (job,) = proofs()
    work.func(job.pk)
    assert "1 claim fails" in text_of(asked(editing, draft))
