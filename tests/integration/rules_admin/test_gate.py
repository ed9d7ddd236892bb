"""The gate, condition by condition: what shuts it, what opens it, and what takes a signature away again."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import jobs, publishing, rules
from screening.actions.gate import gate
from screening.actions.readiness import Readiness
from screening.exceptions import Conflict, FieldErrors, FrozenRecord, NotAllowed
from screening.models import Draft, DraftRule, DraftVignette, Job, SignOff, Site, WithdrawnClaim
from screening.policies import ADMINISTRATORS, RULE_EDITORS, SIGN_OFF, Actor
from tests.factories import SiteFactory, cared_for, make_ready, staff, tiny_document, waiting
from tests.factories.release import proof, replay, signer_of
from tests.integration.rules_admin.conftest import filled
from tests.integration.rules_admin.pages import address, save, text_of

pytestmark = pytest.mark.django_db

CLAIM = "any rule set: blank case"


@pytest.fixture
def signer(site):
    return signer_of(site)


def page(pathway, tool="publish"):
    return reverse("admin:screening_pathway_actions", kwargs={"pk": pathway.pk, "tool": tool})


def ready_for(draft, user):
    return Readiness(Draft.objects.select_related("pathway__live_version").get(pk=draft.pk), Actor.staff(user))


def unmet(draft, user):
    return [condition.id for condition in ready_for(draft, user).conditions if not condition.is_met]


def publish(draft, user):
    seen = gate(draft).hashes
    return publishing.publish(actor=Actor.staff(user), pathway=draft.pathway, reason="Better", expected=seen)


def sign(draft, user, comment=""):
    seen = gate(draft).hashes
    return publishing.sign(actor=Actor.staff(user), pathway=draft.pathway, expected=seen, comment=comment)


class TestConditions:
    def test_all_are_met(self, draft, editor, site):
        make_ready(draft, site)
        assert unmet(draft, editor) == []
        assert publish(draft, editor).number == 2

    def test_at_first_there_is_no_proof_and_no_signature(self, draft, editor):
        assert unmet(draft, editor) == ["proved", "signed"]
        with pytest.raises(NotAllowed, match="Every safety claim is proved: not yet"):
            publish(draft, editor)

    def test_problems(self, draft, editor, site):
        make_ready(draft, site)
        DraftRule.objects.filter(draft=draft, part_id="E1").update(disposition="nowhere")
        assert "checked" in unmet(draft, editor)
        with pytest.raises(NotAllowed, match="1 problem to mend"):
            publish(draft, editor)

    def test_a_test_patient(self, draft, editor, site):
        DraftVignette.objects.filter(draft=draft, part_id="V1").update(expect_disposition="soon")
        make_ready(draft, site)
        assert unmet(draft, editor) == ["vignettes", "signed"]
        with pytest.raises(NotAllowed, match="would not come out as expected"):
            publish(draft, editor)

    @pytest.mark.parametrize("how", ["broken", "open_claims"])
    def test_a_claim_that_is_not_proved(self, draft, editor, how):
        proof(draft, **{how: (CLAIM,)})
        assert "proved" in unmet(draft, editor)

    def test_a_proof_of_another_document(self, draft, editor, site):
        proof(draft)
        DraftRule.objects.filter(draft=draft, part_id="E1").update(title="Other")
        assert "proved" in unmet(draft, editor)

    def test_a_proof_that_leaves_out_a_claim(self, draft, editor):
        made = proof(draft)
        claim = {"id": "P1", "claim": "One outcome", "kind": "total"}
        rules.import_document(
            actor=Actor.staff(editor),
            pathway=draft.pathway,
            document=cared_for(tiny_document(properties=[claim])),
        )
        ruleset = draft.ruleset()
        made.result["ruleset_sha256"] = ruleset.sha256
        Job.objects.filter(pk=made.pk).update(sha256=ruleset.sha256, result=made.result)
        assert "proved" in unmet(draft, editor)

    def test_a_proof_under_way_or_failed(self, draft, editor):
        for status in (Job.Status.RUNNING, Job.Status.FAILED):
            made = proof(draft, site=Actor.staff(editor).site)
            Job.objects.filter(pk=made.pk).update(status=status)
            assert "proved" in unmet(draft, editor)

    def test_the_replay_is_run_and_read(self, draft, editor, site):
        proof(draft)
        waiting(site)
        assert unmet(draft, editor) == ["replay", "signed"]
        job = replay(draft, site)
        assert unmet(draft, editor) == ["replay", "signed"]
        assert "Nobody has said yet that they read it" in ready_for(draft, editor).refusal()
        jobs.see(actor=Actor.staff(editor), job=job)
        assert unmet(draft, editor) == ["signed"]

    def test_a_replay_of_some_cases_or_of_another_clinics_is_none(self, draft, editor, site):
        proof(draft)
        waiting(site)
        Job.objects.filter(pk=replay(draft, site, read_by=editor).pk).update(options={"statuses": ["waiting"]})
        replay(draft, SiteFactory(), read_by=editor)
        assert "replay" in unmet(draft, editor)

    def test_without_past_cases_it_says_so(self, draft, editor):
        waiting(SiteFactory())
        said = {each.id: each for each in ready_for(draft, editor).conditions}["replay"]
        assert said.is_met
        assert "no past cases" in said.words

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"why": " "}, "why it is so"),
            ({"cites": []}, "a citation"),
            ({"review_by": "2020-01-31"}, "a look: it was due by 2020-01-31"),
        ],
    )
    def test_a_rule_that_lacks_something(self, draft, editor, change, told, editing):
        DraftRule.objects.filter(draft=draft, part_id="E1").update(**change)
        found = ready_for(draft, editor).careless
        assert [(each.rule.id, each.lacks) for each in found] == [("E1", (told,))]
        assert "care" in unmet(draft, editor)
        assert told in text_of(editing.get(page(draft.pathway)))

    def test_a_rule_without_a_disposition_needs_no_citation(self, draft, editor):
        DraftRule.objects.filter(draft=draft, part_id="C1").update(disposition=None, cites=[])
        assert "care" not in unmet(draft, editor)

    def test_owner_and_day_are_the_rules_own_or_the_rule_sets(self, draft, editor):
        Draft.objects.filter(pk=draft.pk).update(owner="", review_by="")
        assert {lack for each in ready_for(draft, editor).careless for lack in each.lacks} == {
            "who answers for it",
            "a day by which it is looked at again",
        }
        DraftRule.objects.filter(draft=draft).update(owner="Otto", review_by="2099-01-01")
        assert "care" not in unmet(draft, editor)


class TestSigning:
    def test_only_when_all_else_is_there(self, draft, signer):
        with pytest.raises(NotAllowed, match="proved"):
            sign(draft, signer)
        proof(draft)
        assert sign(draft, signer, " Fine. ").comment == "Fine."
        with pytest.raises(NotAllowed, match="already"):
            sign(draft, signer)

    @pytest.mark.parametrize("role", [RULE_EDITORS, ADMINISTRATORS])
    def test_only_with_the_role(self, draft, site, role):
        proof(draft)
        with pytest.raises(NotAllowed, match="Sign-off"):
            sign(draft, staff(site, role))

    def test_only_at_a_clinic_that_offers_it(self, draft):
        proof(draft)
        with pytest.raises(NotAllowed, match="does not offer"):
            sign(draft, staff(SiteFactory(), SIGN_OFF))

    def test_only_what_was_seen(self, draft, signer):
        proof(draft)
        with pytest.raises(Conflict):
            publishing.sign(actor=Actor.staff(signer), pathway=draft.pathway, expected="another")

    def test_not_by_the_one_who_publishes(self, draft, site):
        both = staff(site, RULE_EDITORS, SIGN_OFF)
        proof(draft)
        sign(draft, both)
        assert unmet(draft, both) == ["signed"]
        with pytest.raises(NotAllowed, match="somebody else has to publish it"):
            publish(draft, both)
        assert publish(draft, staff(site, RULE_EDITORS)).evidence["sign_offs"][0]["by_id"] == str(both.pk)

    def test_an_edit_takes_it_away(self, draft, editor, site, editing):
        make_ready(draft, site)
        row = DraftRule.objects.get(draft=draft, part_id="S1")
        save(editing, row, title="Edited")
        proof(draft)
        assert unmet(draft, editor) == ["signed"]
        # As it was when it was signed: then it is signed.
        save(editing, row, title="Rule S1")
        assert unmet(draft, editor) == []

    def test_so_does_an_edit_of_a_test_patient(self, draft, editor, site, editing):
        make_ready(draft, site)
        save(editing, DraftVignette.objects.get(draft=draft, part_id="V1"), title="Edited")
        assert unmet(draft, editor) == ["signed"]

    def test_so_does_a_claim_withdrawn_after_it(self, draft, editor, site):
        make_ready(draft, site)
        proof(draft, open_claims=(CLAIM,))
        withdraw(draft, editor)
        assert unmet(draft, editor) == ["signed"]

    def test_it_is_never_changed(self, draft, site):
        make_ready(draft, site)
        with pytest.raises(FrozenRecord):
            SignOff.objects.all().update(sha256="x")
        with pytest.raises(FrozenRecord):
            SignOff.objects.get().delete()

    def test_in_the_browser(self, draft, pathway, signed_in, signer, editing):
        proof(draft)
        assert "Sign exactly this" not in text_of(editing.get(page(pathway)))
        window = signed_in(_admin(signer))
        shown = window.get(page(pathway))
        assert 'value="Sign exactly this"' in shown.content.decode()
        said = {"do": "sign", "sign-expected": gate(draft).hashes, "sign-comment": "Read it all."}
        assert window.post(page(pathway), said).status_code == 302
        shown = editing.get(page(pathway))
        assert "Read it all." in text_of(shown)
        assert shown.context["may_publish"]
        assert not window.get(page(pathway)).context["may_publish"]
        assert window.post(page(pathway), {"reason": "x", "expected": gate(draft).hashes}).status_code == 403


def _admin(user):
    user.is_staff = True
    user.save()
    return user


def withdraw(draft, user, reason="Time ran out, and it was checked by hand."):
    said = {"claim_id": CLAIM, "reason": reason, "expected": gate(draft).hashes}
    return publishing.withdraw_claim(actor=Actor.staff(user), pathway=draft.pathway, **said)


class TestWithdrawing:
    def test_with_a_reason_that_stays(self, draft, editor, site):
        proof(draft, broken=(CLAIM,))
        with pytest.raises(FieldErrors):
            withdraw(draft, editor, " ")
        withdraw(draft, editor)
        assert unmet(draft, editor) == ["signed"]
        sign(draft, signer_of(site))
        kept = publish(draft, editor).evidence["withdrawn"]
        assert [(each["id"], each["by"], each["reason"]) for each in kept] == [
            (CLAIM, "Edith Moss", "Time ran out, and it was checked by hand.")
        ]

    def test_it_can_be_taken_back_and_done_again(self, draft, editor, editing):
        proof(draft, broken=(CLAIM,))
        withdraw(draft, editor)
        said = {"do": "take_back", "claim_id": CLAIM, "expected": gate(draft).hashes}
        assert "Take the withdrawal back" in text_of(editing.get(page(draft.pathway)))
        assert editing.post(page(draft.pathway), said).status_code == 302
        assert unmet(draft, editor) == ["proved", "signed"]
        assert "Take the withdrawal back" not in text_of(editing.get(page(draft.pathway)))
        assert "This claim is not withdrawn." in text_of(editing.post(page(draft.pathway), said))
        kept = WithdrawnClaim.objects.get()
        assert (kept.taken_back_by, kept.reason) == (editor, "Time ran out, and it was checked by hand.")
        withdraw(draft, editor, "Again")
        assert unmet(draft, editor) == ["signed"]
        assert WithdrawnClaim.objects.count() == 2

    def test_only_editors_take_it_back(self, draft, editor, site):
        proof(draft, broken=(CLAIM,))
        withdraw(draft, editor)
        which = {"pathway": draft.pathway, "claim_id": CLAIM, "expected": gate(draft).hashes}
        with pytest.raises(NotAllowed):
            publishing.take_back_withdrawal(actor=Actor.staff(signer_of(site)), **which)
        assert unmet(draft, editor) == ["signed"]

    def test_only_of_this_document(self, draft, editor):
        proof(draft, broken=(CLAIM,))
        withdraw(draft, editor)
        DraftRule.objects.filter(draft=draft, part_id="E1").update(title="Other")
        proof(draft, broken=(CLAIM,))
        assert "proved" in unmet(draft, editor)

    def test_not_what_is_proved(self, draft, editor):
        proof(draft)
        with pytest.raises(NotAllowed, match="not a claim that stands in the way"):
            withdraw(draft, editor)

    def test_in_the_browser(self, draft, pathway, editing):
        proof(draft, broken=(CLAIM,))
        shown = text_of(editing.get(page(pathway)))
        assert "It fails for this patient" in shown
        assert "numb? yes" in shown
        assert "Comes out as: go_now, contact at once" in shown
        said = {"do": "withdraw", "claim_id": CLAIM, "expected": gate(draft).hashes}
        assert "Say why this claim need not hold." in text_of(editing.post(page(pathway), said))
        assert not WithdrawnClaim.objects.exists()
        assert editing.post(page(pathway), {**said, "reason": "It may"}).status_code == 302
        assert "Withdrawn by Edith Moss" in text_of(editing.get(page(pathway)))

    def test_the_patient_is_saved_as_a_test_patient(self, draft, pathway, editing):
        proof(draft, broken=(CLAIM,))
        response = editing.post(page(pathway), {"do": "save_patient", "claim_id": CLAIM})
        row = DraftVignette.objects.get(draft=draft, part_id="V003")
        assert response["Location"].startswith(reverse("admin:screening_draftvignette_change", args=[row.pk]))
        assert row.answers == {"numb": "yes"}
        assert CLAIM in row.title


def test_asking_for_the_proof_is_a_job_of_this_document(draft, pathway, editing):
    assert "Prove every claim" in text_of(editing.get(page(pathway)))
    assert editing.post(page(pathway), {"do": "prove"}).status_code == 302
    job = Job.objects.get(kind="proof")
    assert job.sha256 == draft.ruleset().sha256
    assert "calm" in job.options["bases"]
    assert f"job-{job.pk}" in editing.get(page(pathway)).content.decode()


class TestGoingBack:
    def test_an_old_version_passes_the_same_gate(self, draft, pathway, editor, site, editing):
        make_ready(draft, site)
        first = publish(draft, editor)
        save(editing, DraftRule.objects.get(draft=draft, part_id="S1"), title="Worse")
        make_ready(draft, site)
        publish(draft, editor)
        take = reverse("admin:rulesetversion_take", args=[first.pk])
        assert editing.get(take).status_code == 403
        assert editing.post(take)["Location"] == page(pathway)
        draft = pathway.draft
        draft.refresh_from_db()
        assert draft.ruleset().sha256 == first.sha256
        # What was proved stays proved; what was signed for the first time it went live is another matter.
        assert unmet(draft, editor) == ["signed"]
        make_ready(draft, site)
        again = publish(draft, editor)
        assert (again.number, again.sha256, again.vignettes_sha256) == (4, first.sha256, first.vignettes_sha256)
        assert "Worse" in " ".join(again.evidence["difference"]["sentences"])
        sides = re.findall("<h4>(.*?)</h4>", editing.get(address(again)).content.decode())
        assert {"Version 3", "Version 4"} == set(sides)

    def test_changes_that_no_version_holds_are_not_lost_at_one_press(self, draft, pathway, editing):
        take = reverse("admin:rulesetversion_take", args=[pathway.live_version.pk])
        save(editing, DraftRule.objects.get(draft=draft, part_id="S1"), title="A week of work")
        asked = text_of(editing.post(take))
        assert "would be lost for good" in asked
        assert DraftRule.objects.filter(draft=draft, title="A week of work").exists()
        assert editing.post(take, {"sure": "yes"})["Location"] == page(pathway)
        assert not DraftRule.objects.filter(draft=draft, title="A week of work").exists()
        # What is there now is kept in a version: nothing to ask.
        assert editing.post(take)["Location"] == page(pathway)

    def test_nor_is_a_draft_that_cannot_be_read(self, draft, pathway, editing):
        take = reverse("admin:rulesetversion_take", args=[pathway.live_version.pk])
        DraftRule.objects.filter(draft=draft, part_id="S1").update(when="grade >= nobody")
        assert "would be lost for good" in text_of(editing.post(take))

    def test_only_by_editors(self, draft, pathway, site, signed_in):
        take = reverse("admin:rulesetversion_take", args=[pathway.live_version.pk])
        assert signed_in(staff(site, is_staff=True)).post(take).status_code == 403
        stranger = signed_in(staff(SiteFactory(), RULE_EDITORS, is_staff=True))
        assert stranger.post(take).status_code == 404


class TestSuspending:
    def test_at_once_with_a_reason_and_over_again(self, pathway, site, editing, client):
        start = f"/{site.slug}/{pathway.pk}/"
        assert client.get(start).status_code == 200
        assert "Say why." in text_of(editing.post(page(pathway, "suspend"), {"reason": " "}))
        assert editing.post(page(pathway, "suspend"), {"reason": "A wrong threshold"}).status_code == 302
        shown = text_of(client.get(start))
        assert "closed for now" in shown
        assert site.emergency_number in shown
        assert site.telephone in shown
        response = editing.get(reverse("admin:screening_pathway_change", args=[pathway.pk]))
        overview, overview_page = text_of(response), response.content.decode()
        assert "A wrong threshold" in overview
        assert "by Edith Moss" in overview
        assert page(pathway, "suspend") in re.findall(r'href="([^"]+)">End the suspension</a>', overview_page)
        assert "End the suspension…" in overview
        assert "Suspend…" not in overview
        assert editing.post(page(pathway, "suspend"), {"reason": "It was right"}).status_code == 302
        assert "closed for now" not in text_of(client.get(start))

    def test_answers_under_way_wait(self, pathway, site, editor, client):
        start = f"/{site.slug}/{pathway.pk}/"
        first = client.post(start)["Location"]
        publishing.suspend(actor=Actor.staff(editor), pathway=pathway, reason="Wrong")
        shown = text_of(client.get(first))
        assert site.emergency_number in shown
        assert site.telephone in shown
        assert "Your answers so far are saved" in shown
        publishing.resume(actor=Actor.staff(editor), pathway=pathway, reason="Right")
        assert "Your answers so far are saved" not in text_of(client.get(first))

    def test_a_new_version_ends_it(self, draft, pathway, editor, site):
        publishing.suspend(actor=Actor.staff(editor), pathway=pathway, reason="Wrong")
        make_ready(draft, site)
        publish(draft, editor)
        pathway.refresh_from_db()
        assert pathway.suspended_at is None

    def test_who_and_when(self, pathway, editor, site):
        with pytest.raises(NotAllowed):
            publishing.suspend(actor=Actor.staff(staff(site)), pathway=pathway, reason="x")
        with pytest.raises(NotAllowed, match="not suspended"):
            publishing.resume(actor=Actor.staff(editor), pathway=pathway, reason="x")
        publishing.suspend(actor=Actor.staff(editor), pathway=pathway, reason="x")
        with pytest.raises(NotAllowed, match="already"):
            publishing.suspend(actor=Actor.staff(editor), pathway=pathway, reason="x")


class TestSigners:
    """Who signs and edits nothing sees what they sign, and no more."""

    def test_pages(self, draft, pathway, signed_in, signer):
        window = signed_in(_admin(signer))
        for tool in ("publish", "difference", "export"):
            assert window.get(page(pathway, tool)).status_code == 200
        for tool in ("import_yaml", "suspend", "try_case"):
            assert window.get(page(pathway, tool)).status_code == 403
        overview = window.get(reverse("admin:screening_pathway_change", args=[pathway.pk]))
        assert overview.status_code == 200
        assert "Import YAML" not in text_of(overview)

    def test_they_edit_nothing(self, draft, pathway, signer):
        with pytest.raises(NotAllowed):
            rules.import_document(actor=Actor.staff(signer), pathway=pathway, document=tiny_document())
        with pytest.raises(NotAllowed):
            publish(draft, signer)


def test_what_was_neither_proved_nor_broken_can_be_tried_again(draft, pathway, editing):
    first = proof(draft, open_claims=(CLAIM,), site=Site.objects.get(slug="north"))
    assert "Try again to prove them" in text_of(editing.get(page(pathway)))
    editing.post(page(pathway), {"do": "prove"})
    assert Job.objects.filter(kind="proof", status="queued").exclude(pk=first.pk).count() == 1


def test_what_the_program_loads_says_that_nobody_signed(db):
    pathway = rules.open_pathway(actor=Actor.system(), document=tiny_document(id="new"))
    filled(pathway, tiny_document(id="new"))
    version = publishing.publish(actor=Actor.system(), pathway=pathway, reason="Loaded")
    assert (version.evidence["gate"], version.evidence["sign_offs"]) == ("none", [])


def test_a_signature_of_before_the_live_version_is_about_that(draft, editor, site):
    make_ready(draft, site)
    SignOff._base_manager.update(at=timezone.now() - timedelta(days=400))
    draft.pathway.live_version.refresh_from_db()
    assert unmet(draft, editor) == ["signed"]
