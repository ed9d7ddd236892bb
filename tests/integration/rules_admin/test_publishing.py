"""From a draft to a live version: what shuts the gate, what is shown, what is frozen; and going wrong together."""

import pytest
from django.urls import reverse

from screening.actions import publishing, rules
from screening.actions.audit import verify_chain
from screening.exceptions import Conflict, FieldErrors, NotAllowed
from screening.models import AuditEvent, DraftRule, DraftVignette, RuleSetVersion, Site
from screening.policies import RULE_EDITORS, Actor
from screening.rulesets import read_document, to_yaml
from tests.factories import SiteFactory, make_ready, staff, staff_actor, tiny_document
from tests.integration.rules_admin.conftest import filled
from tests.integration.rules_admin.pages import save, text_of

pytestmark = pytest.mark.django_db


def page(pathway, tool="publish"):
    return reverse("admin:screening_pathway_actions", kwargs={"pk": pathway.pk, "tool": tool})


def publish(client, pathway, reason="A guideline changed.", expected=None):
    """Once everything else is done; as far as the draft lets people."""
    make_ready(pathway.draft, Site.objects.get(slug="north"))
    seen = client.get(page(pathway)).context["gate"].hashes if expected is None else expected
    return client.post(page(pathway), {"reason": reason, "expected": seen})


@pytest.fixture
def threshold(draft):
    """The rule that V2 stands on."""
    return DraftRule.objects.get(draft=draft, part_id="S1")


class TestGate:
    def test_problems_shut_it(self, editing, draft, pathway):
        DraftRule.objects.filter(draft=draft, part_id="E1").update(disposition="nowhere")
        shown = text_of(editing.get(page(pathway)))
        assert "1 problem in the draft" in shown
        assert "Publish now" not in shown
        response = publish(editing, pathway)
        assert response.status_code == 403
        assert "1 problem to mend first" in text_of(response)
        assert RuleSetVersion.objects.count() == 1

    def test_a_test_patient_that_comes_out_otherwise_shuts_it(self, editing, draft, pathway, threshold):
        assert save(editing, threshold, when="grade >= 5").status_code == 302
        shown = text_of(editing.get(page(pathway)))
        assert "1 test patient would come out otherwise than expected" in shown
        assert "V2 Grade 4 exactly disposition: expected big_cut, got elsewhere" in shown
        assert "supports: expected fusion, got none" in shown
        assert "Why this patient is here: The threshold." in shown
        assert "would not come out as expected" in text_of(publish(editing, pathway))
        save(editing, DraftVignette.objects.get(draft=draft, part_id="V2"), answers="grade: 5\nwish: other")
        assert publish(editing, pathway).status_code == 302

    def test_what_is_live_already_is_not_published_again(self, editing, draft, pathway):
        assert publish(editing, pathway).status_code == 302
        shown = text_of(editing.get(page(pathway)))
        assert "It is the same as the live version." in shown
        assert "Publish now" not in shown
        assert "Nothing has changed" in text_of(publish(editing, pathway))

    def test_changed_test_patients_alone_are_a_new_version(self, editing, draft, pathway):
        publish(editing, pathway)
        save(editing, DraftVignette.objects.get(draft=draft, part_id="V1"), title="Numb at once")
        assert publish(editing, pathway).status_code == 302
        first, second = RuleSetVersion.objects.filter(number__gte=2).order_by("number")
        assert first.sha256 == second.sha256
        assert first.vignettes_sha256 != second.vignettes_sha256

    @pytest.mark.parametrize("reason", ["", "  \n "])
    def test_a_reason_is_needed(self, editing, draft, pathway, reason):
        assert "Say why this version is published." in text_of(publish(editing, pathway, reason))
        assert RuleSetVersion.objects.count() == 1

    def test_the_action_itself_keeps_the_gate(self, draft, pathway, editor, site):
        make_ready(draft, site)
        actor, seen = Actor.staff(editor), publishing.gate(draft).hashes
        with pytest.raises(FieldErrors):
            publishing.publish(actor=actor, pathway=pathway, reason=" ", expected=seen)
        with pytest.raises(Conflict):
            publishing.publish(actor=actor, pathway=pathway, reason="x", expected="")
        DraftRule.objects.filter(draft=draft, part_id="E1").update(disposition="nowhere")
        with pytest.raises(NotAllowed, match="1 problem"):
            publishing.publish(actor=actor, pathway=pathway, reason="x", expected=publishing.gate(draft).hashes)

    def test_without_a_draft_there_is_nothing_to_publish(self, editing, pathway, editor):
        assert editing.get(page(pathway)).status_code == 404
        with pytest.raises(NotAllowed, match="no draft"):
            publishing.publish(actor=Actor.staff(editor), pathway=pathway, reason="x", expected="")


class TestPublishing:
    def test_a_version_is_frozen(self, editing, editor, draft, pathway, threshold):
        old = pathway.live_version
        save(editing, threshold, title="Grade 4 or more")
        assert publish(editing, pathway).status_code == 302
        pathway.refresh_from_db()
        new = pathway.live_version
        assert (new.number, new.status, new.reason) == (2, "live", "A guideline changed.")
        assert (new.published_by, new.published_by_id) == ("Edith Moss", str(editor.pk))
        assert new.ruleset == draft.ruleset()
        assert new.read_vignettes() == draft.vignettes()
        old.refresh_from_db()
        assert old.status == "retired"
        assert verify_chain() == ()

    def test_it_is_audited(self, editing, draft, pathway):
        publish(editing, pathway)
        event = AuditEvent.objects.latest("number")
        assert (event.action, event.object_id, event.site) == ("pathway.publish", "tiny", "north")
        assert (event.before["version"], event.after["version"]) == (1, 2)
        assert event.after["sha256"] == draft.ruleset().sha256

    def test_later_edits_change_no_version(self, editing, draft, pathway, threshold):
        publish(editing, pathway)
        before = RuleSetVersion.objects.get(number=2).document
        save(editing, threshold, title="Edited again")
        assert RuleSetVersion.objects.get(number=2).document == before

    def test_the_difference_is_shown_in_words(self, editing, draft, pathway, threshold):
        save(editing, threshold, when="grade >= 3", patient="Other words.")
        shown = text_of(editing.get(page(pathway)))
        assert "Rule S1 “Rule S1”, condition: changed" in shown
        assert "“grade?” is at least 4" in shown
        assert "“grade?” is at least 3" in shown
        assert "Definition old “80 or older”: added" in shown
        assert "Test patient V1: added" in shown
        assert (
            shown.count("Other words.") == text_of(editing.get(page(pathway, "difference"))).count("Other words.") == 1
        )

    def test_a_first_version(self, editing, lumbar):
        shown = text_of(editing.get(page(lumbar.pathway)))
        assert "no version before it" in shown
        assert publish(editing, lumbar.pathway, "The first.").status_code == 302
        lumbar.pathway.refresh_from_db()
        assert (lumbar.pathway.live_version.number, lumbar.pathway.title) == (1, lumbar.title)


class TestTogether:
    @pytest.fixture
    def other(self, site, signed_in):
        return signed_in(staff(site, RULE_EDITORS, is_staff=True, first_name="Otto", last_name="Lang"))

    def test_the_second_to_publish_is_told(self, editing, other, draft, pathway):
        seen = editing.get(page(pathway)).context["gate"].hashes
        assert publish(other, pathway).status_code == 302
        response = publish(editing, pathway, expected=seen)
        assert RuleSetVersion.objects.count() == 2
        assert "this is what is live already, published by Otto Lang on" in text_of(response)

    def test_a_draft_changed_after_it_was_seen_is_not_published(self, editing, other, draft, pathway, threshold):
        seen = editing.get(page(pathway)).context["gate"].hashes
        save(other, threshold, title="Changed in between")
        response = publish(editing, pathway, expected=seen)
        assert response.status_code == 409
        assert "The draft was changed after you opened this page." in text_of(response)
        assert "A guideline changed." in text_of(response)
        assert RuleSetVersion.objects.count() == 1
        # The page now shows what it is: publishing what is seen works.
        assert publish(editing, pathway).status_code == 302

    def test_published_and_changed_in_between(self, editing, other, draft, pathway, threshold):
        seen = editing.get(page(pathway)).context["gate"].hashes
        save(other, threshold, title="Changed in between")
        publish(other, pathway)
        response = publish(editing, pathway, expected=seen)
        assert response.status_code == 409
        assert "Otto Lang published this draft at" in text_of(response)


class TestWho:
    def test_an_editor_of_a_clinic_that_does_not_offer_it(self, draft, pathway):
        stranger = staff_actor(SiteFactory(), RULE_EDITORS)
        with pytest.raises(NotAllowed, match="does not offer"):
            publishing.publish(actor=stranger, pathway=pathway, reason="x", expected=publishing.gate(draft).hashes)
        with pytest.raises(NotAllowed):
            rules.import_document(actor=stranger, pathway=pathway, document=tiny_document())
        with pytest.raises(NotAllowed):
            rules.delete_row(actor=stranger, row=draft.rows(DraftRule)[0])

    def test_the_program_only_where_nothing_was_live_or_in_a_demo(self, draft, pathway, settings):
        with pytest.raises(NotAllowed, match="published by a person"):
            publishing.publish(actor=Actor.system(), pathway=pathway, reason="x")
        settings.DEMO_MODE = True
        assert publishing.publish(actor=Actor.system(), pathway=pathway, reason="x").number == 2


class TestImportAndExport:
    def test_import_by_file_and_by_text(self, editing, draft, pathway):
        text = to_yaml(tiny_document(title="Imported"))
        response = editing.post(page(pathway, "import_yaml"), {"text": text})
        assert response["Location"] == f"/admin/screening/pathway/{pathway.pk}/change/"
        draft.refresh_from_db()
        assert (draft.title, draft.vignettes().vignettes[0].id) == ("Imported", "V1")
        event = AuditEvent.objects.latest("number")
        assert event.action == "draft.import"
        assert event.before["sha256"] != event.after["sha256"]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "Choose a file, or paste the text."),
            ("a: &x [*x]", "Anchors and aliases"),
            ("[" * 100_000, "nested deeper"),
            ("format: 1\nid: tiny\n", "dispositions: This field is missing."),
            ("x" * 1_000_001, "larger than"),
            ("id: !!python/object:os.system {}", "Tags such as"),
        ],
    )
    def test_what_cannot_be_imported_is_told_and_the_draft_stays(self, editing, draft, pathway, text, told):
        before = draft.ruleset()
        response = editing.post(page(pathway, "import_yaml"), {"text": text})
        assert told in text_of(response)
        assert draft.ruleset() == before

    def test_export_gives_back_what_was_imported(self, editing, draft, pathway):
        publish(editing, pathway)
        for what in ("draft", "2"):
            response = editing.get(page(pathway, "export"), {"what": what})
            assert response["Content-Disposition"].startswith('attachment; filename="tiny-')
            assert filled(pathway, read_document(response.content)).ruleset() == pathway.versions.get(number=2).ruleset
            assert b"V2" in editing.get(page(pathway, "export"), {"what": what, "vignettes": ""}).content
        assert "Version 2 (live)" in text_of(editing.get(page(pathway, "export")))

    @pytest.mark.parametrize("what", ["9", "x", "²", "-1"])
    def test_a_version_that_is_not_there(self, editing, draft, pathway, what):
        assert editing.get(page(pathway, "export"), {"what": what}).status_code == 404
