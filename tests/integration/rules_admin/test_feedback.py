"""Feedback from decisions: what is counted, who may look, and what they see of a case."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import demo, review
from screening.feedback import NO_RULE, Versions, cases, count
from screening.models import AuditEvent, DraftRule, Pathway, RuleSetVersion
from screening.policies import COORDINATORS, LEAD_SURGEONS, ROLES, RULE_EDITORS, SURGEONS, Actor
from tests.factories import (
    CALM,
    PathwayFactory,
    RuleSetVersionFactory,
    SiteFactory,
    decided,
    in_review,
    publish_next,
    save_page,
    staff,
    started,
    submitted,
    tiny_document,
    waiting,
)
from tests.integration.rules_admin.pages import text_of

pytestmark = pytest.mark.django_db

OTHERWISE = {"decision": "not_suitable", "procedures": [], "reason": "Too frail, Mr Quintana says."}


def counted(site, pathway, **which):
    return count(site, cases(site, Versions(pathway), **which))


def numbers(tally):
    return tally.cases, tally.decided, tally.agreed, tally.differed, tally.unrated


def overview(pathway, **query):
    return reverse("feedback:overview", args=[pathway.pk], query=query)


def of_rule(pathway, rule_id, **query):
    return reverse("feedback:rule", args=[pathway.pk, rule_id], query=query)


def again(referral, action, **what):
    referral.refresh_from_db()
    return action(actor=Actor.staff(referral.surgeon), referral=referral, expected_revision=referral.revision, **what)


class TestWhatIsCounted:
    def test_a_decision_counts_for_the_rule_that_gave_the_outcome(self, site, pathway):
        waiting(site)
        decided(waiting(site))
        decided(waiting(site), **OTHERWISE)
        found = counted(site, pathway)
        assert {name: numbers(tally) for name, tally in found.rules.items()} == {"M1": (3, 2, 1, 1, 0)}
        assert numbers(found.total) == (3, 2, 1, 1, 0)
        assert found.rules["M1"].instead == {("not_suitable", False): 1}

    def test_other_procedures_than_supported_are_another_decision(self, site, pathway):
        decided(waiting(site), procedures=["fusion"], reason="A slip.")
        assert counted(site, pathway).rules["M1"].instead == {("accept_miss", True): 1}

    def test_overtaken_rules_do_not_count(self, site, pathway):
        decided(waiting(site, {**CALM, "fever": "yes", "wish": "surgery"}), decision="urgent_now", procedures=[])
        assert {name: numbers(tally) for name, tally in counted(site, pathway).rules.items()} == {"U1": (1, 1, 1, 0, 0)}

    def test_where_the_rules_asked_for_clarity_nobody_could_agree(self, site, pathway):
        decided(waiting(site, {**CALM, "numb": "dont_know", "wish": "surgery"}), reason="Not numb.")
        found = counted(site, pathway)
        assert {name: numbers(tally) for name, tally in found.rules.items()} == {"E1": (1, 1, 0, 0, 1)}
        assert found.rules["E1"].unclear == 1
        assert found.total.share is None

    def test_what_could_not_be_told_does_not_count_where_something_more_urgent_decided(self, site, pathway):
        waiting(site, {**CALM, "fever": "yes", "numb": "dont_know"})
        assert list(counted(site, pathway).rules) == ["U1"]

    def test_cases_that_no_rule_decided_are_counted_apart(self, site, pathway):
        waiting(site, {**CALM})
        assert list(counted(site, pathway).rules) == [NO_RULE]

    def test_the_assessment_decided_on_counts_and_not_an_earlier_one(self, site, pathway):
        referral = in_review(waiting(site))
        again(referral, review.reassess, answers={"grade": 4}, texts={}, via="web")
        again(referral, review.decide, decision="accept_traditional", procedures=["fusion"])
        assert {name: numbers(tally) for name, tally in counted(site, pathway).rules.items()} == {"S1": (1, 1, 1, 0, 0)}

    def test_a_case_taken_up_again_counts_with_its_last_decision(self, site, pathway):
        referral = decided(waiting(site), **OTHERWISE)
        again(referral, review.reopen, reason="The scan came.")
        assert numbers(counted(site, pathway).total) == (1, 0, 0, 0, 0)
        again(referral, review.decide, decision="accept_miss", procedures=["discectomy"])
        assert numbers(counted(site, pathway).total) == (1, 1, 1, 0, 0)

    def test_handing_back_decides_nothing(self, site, pathway):
        again(in_review(waiting(site)), review.hand_back)
        assert numbers(counted(site, pathway).total) == (1, 0, 0, 0, 0)

    def test_only_this_clinic_and_this_pathway(self, site, pathway):
        decided(waiting(SiteFactory()))
        assert counted(site, pathway).total.cases == 0
        other = PathwayFactory(id="other", live__document=tiny_document(id="other"))
        decided(waiting(site))
        assert counted(site, other).total.cases == 0

    def test_what_came_in_since(self, site, pathway):
        old, new = decided(waiting(site)), decided(waiting(site))
        demo.backdate(submission=old.submission, by=timedelta(days=100))
        assert counted(site, pathway, since=new.made_at - timedelta(days=90)).total.cases == 1
        assert counted(site, pathway).total.cases == 2

    def test_by_version(self, site, pathway):
        first = pathway.live_version
        decided(waiting(site))
        second = publish_another(pathway)
        decided(waiting(site), **OTHERWISE)
        assert [numbers(counted(site, pathway, version=version).total) for version in (first, second)] == [
            (1, 1, 1, 0, 0),
            (1, 1, 0, 1, 0),
        ]
        assert counted(site, pathway).rules["M1"].versions == {first.pk, second.pk}

    def test_the_number_of_queries_does_not_grow(self, site, pathway, django_assert_num_queries):
        for _ in range(2):
            decided(waiting(site), **OTHERWISE)
            waiting(site)
        counted(site, pathway)
        with django_assert_num_queries(3):
            counted(site, pathway)
        for _ in range(5):
            decided(waiting(site))
            waiting(site)
        with django_assert_num_queries(3):
            assert counted(site, pathway).total.cases == 14


def publish_another(pathway: Pathway) -> RuleSetVersion:
    """Version 2: wishing for surgery is now said in another way, and nobody is told to wait and see any more."""
    rules = [dict(rule) for rule in tiny_document()["rules"] if rule["id"] != "C1"]
    next(rule for rule in rules if rule["id"] == "M1")["when"] = "wish in {'surgery'}"
    RuleSetVersion.objects.filter(pathway=pathway).update(status="retired")
    pathway.live_version = RuleSetVersionFactory(pathway=pathway, number=2, document=tiny_document(rules=rules))
    pathway.save()
    return pathway.live_version


class TestThePages:
    def test_all_rules(self, site, pathway, editing):
        for _ in range(4):
            decided(waiting(site))
        decided(waiting(site), **OTHERWISE)
        decided(waiting(site, {**CALM, "wish": "other"}), decision="other_service", procedures=[])
        page = text_of(editing.get(overview(pathway)))
        assert "Rule M1 M1 · small_cut 5 5 4 1 20% (4% to 62%)" in page
        assert "Rule O1 O1 · elsewhere 1 1 1 0 too few to say" in page
        assert "17% (3% to 56%)" in page
        assert "7 rules gave no outcome in these cases" in page
        assert "Show as table" in page

    def test_one_rule(self, site, pathway, editing, draft):
        decided(waiting(site), **OTHERWISE)
        decided(waiting(site), reason="As it should be.")
        page = text_of(editing.get(of_rule(pathway, "M1")))
        assert "Feedback on M1: Rule M1" in page
        assert "Not suitable: 1" in page
        assert "Too frail, Mr Quintana says." in page
        assert "It may hold things about a patient" in page
        assert page.index("Remarks from those who agreed") < page.index("As it should be.")
        assert "Open this rule in the draft" in page

    def test_who_agreed_without_a_word_wrote_no_remark(self, site, pathway, editing):
        decided(waiting(site))
        page = text_of(editing.get(of_rule(pathway, "M1")))
        assert "None: no decision here needed one." in page
        assert "Remarks" not in page

    def test_reasons_where_the_rules_asked_for_clarity_say_so(self, site, pathway, editing):
        decided(waiting(site, {**CALM, "numb": "dont_know", "wish": "surgery"}), reason="Not numb.")
        page = text_of(editing.get(of_rule(pathway, "E1")))
        assert "where the rules asked for clarity Not numb." in page
        assert "asked for clarity" in text_of(editing.get(overview(pathway)))

    def test_where_no_rule_decided(self, site, pathway, editing):
        decided(waiting(site, {**CALM}), reason="We asked.")
        assert "No rule gave the outcome" in text_of(editing.get(overview(pathway)))
        assert "We asked." in text_of(editing.get(of_rule(pathway, NO_RULE)))

    def test_reasons_are_paged(self, site, pathway, editing):
        for number in range(21):
            decided(waiting(site), **{**OTHERWISE, "reason": f"Reason {number:02}."})
        first, second = (text_of(editing.get(of_rule(pathway, "M1", page=page))) for page in (1, 2))
        assert ["Reason 20." in page for page in (first, second)] == [True, False]
        assert ["Reason 00." in page for page in (first, second)] == [False, True]
        assert "Page 2 of 2" in second
        assert "Reason" in text_of(editing.get(of_rule(pathway, "M1", page="x")))

    def test_a_reason_is_shown_as_it_was_written(self, site, pathway, editing):
        decided(waiting(site), **{**OTHERWISE, "reason": "<script>alert(1)</script>\n\nSecond."})
        page = editing.get(of_rule(pathway, "M1")).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page

    def test_sorted(self, site, pathway, editing):
        for _ in range(5):
            decided(waiting(site, {**CALM, "wish": "other"}), **OTHERWISE)
        for _ in range(6):
            decided(waiting(site))
        decided(waiting(site, {**CALM, "wish": "none_of_it"}), **OTHERWISE)
        by = {order: editing.get(overview(pathway, order=order)).context["rows"] for order in ("share", "number")}
        assert [row.rule_id for row in by["share"]] == ["O1", "M1", "C1"]
        assert [row.rule_id for row in by["number"]] == ["M1", "O1", "C1"]

    def test_a_rule_that_changed_or_went(self, site, pathway, editing):
        decided(waiting(site))
        decided(waiting(site, {**CALM, "wish": "none_of_it"}), **OTHERWISE)
        second = publish_another(pathway)
        decided(waiting(site))
        page = text_of(editing.get(overview(pathway)))
        assert "M1 · small_cut · changed between versions" in page
        assert "C1 · wait_and_see · not in the live version" in page
        assert "Look at one version at a time" in text_of(editing.get(of_rule(pathway, "M1")))
        assert "The live version no longer has it." in text_of(editing.get(of_rule(pathway, "C1")))
        one = editing.get(overview(pathway, version=2))
        assert [row.rule_id for row in one.context["rows"]] == ["M1"]
        assert "changed between" not in text_of(one)
        assert str(second.number) in text_of(one)
        assert "Feedback on C1: Rule C1" in text_of(editing.get(of_rule(pathway, "C1", version=2)))

    def test_nothing_yet(self, pathway, editing):
        assert "No cases in this period" in text_of(editing.get(overview(pathway)))
        for url in (overview(pathway, period="all"), of_rule(pathway, "M1", period="all")):
            assert "No cases yet" in text_of(editing.get(url))

    def test_nothing_published_yet(self, site, lumbar, editing):
        assert "No cases yet" in text_of(editing.get(overview(lumbar.pathway, period="all")))

    def test_what_is_not_offered_counts_as_not_chosen(self, site, pathway, editing):
        decided(waiting(site))
        page = editing.get(overview(pathway, period="7", version="99", order="name", x="<b>"))
        assert page.context["filters"].query == {"period": "365", "version": "", "order": "share"}
        assert '<option value="365" selected>' in page.content.decode()

    def test_no_such_rule(self, pathway, editing):
        assert editing.get(of_rule(pathway, "X9")).status_code == 404

    def test_the_content_policy_holds_nothing_unsafe(self, pathway, editing):
        page = editing.get(overview(pathway))
        assert "unsafe" not in page["Content-Security-Policy"]
        assert " style=" not in page.content.decode()

    def test_nobody_writes_here(self, pathway, editing):
        assert editing.post(overview(pathway)).status_code == 405

    def test_the_number_of_queries_does_not_grow(self, site, pathway, editing, django_assert_max_num_queries):
        def make(times):
            for _ in range(times):
                decided(waiting(site), **OTHERWISE)
                waiting(site, {**CALM, "wish": "other"})

        make(1)
        for url in (overview(pathway), of_rule(pathway, "M1")):
            with django_assert_max_num_queries(40) as few:
                editing.get(url)
            make(3)
            with django_assert_max_num_queries(len(few)):
                editing.get(url)


class TestWhoMayLook:
    @pytest.fixture
    def urls(self, site, pathway):
        decided(waiting(site), **OTHERWISE)
        return overview(pathway), of_rule(pathway, "M1")

    @pytest.mark.parametrize("role", [role for role in ROLES if role != RULE_EDITORS])
    def test_editors_only(self, site, signed_in, urls, role):
        client = signed_in(staff(site, role, is_staff=True))
        assert [client.get(url).status_code for url in urls] == [403, 403]

    def test_not_a_superuser(self, signed_in, urls, admin_user):
        client = signed_in(admin_user)
        assert [client.get(url).status_code for url in urls] == [403, 403]

    def test_not_an_editor_of_another_clinic(self, signed_in, urls):
        client = signed_in(staff(SiteFactory(), RULE_EDITORS, is_staff=True))
        assert [client.get(url).status_code for url in urls] == [403, 403]

    def test_nor_of_a_pathway_that_is_not_there(self, editing, urls):
        unknown = reverse("feedback:overview", args=["no-such"])
        assert editing.get(unknown).status_code == 403

    def test_an_editor_of_another_clinic_that_offers_it_sees_their_own_cases(self, signed_in, urls, pathway):
        other = SiteFactory()
        decided(waiting(other))
        client = signed_in(staff(other, RULE_EDITORS, is_staff=True))
        page = client.get(urls[0])
        assert page.context["total"].cases == 1
        assert "Too frail" not in text_of(client.get(urls[1]))

    def test_strangers_sign_in_first(self, client, urls):
        for url in urls:
            assert client.get(url)["Location"].startswith("/admin/login/")
            assert client.post(url)["Location"].startswith("/admin/login/")

    def test_an_account_that_was_switched_off(self, editing, editor, urls):
        editor.is_active = False
        editor.save()
        assert [editing.get(url).status_code for url in urls] == [302, 302]


class TestWhatIsSeenOfACase:
    def seen(self, client, pathway):
        pages = [client.get(overview(pathway)), client.get(of_rule(pathway, "M1"))]
        return " ".join(page.content.decode() for page in pages)

    def test_no_names_no_answers_no_reference(self, site, pathway, editing):
        submission = started(site)
        save_page(submission, {**CALM, "wish": "surgery", "age_years": 45}, texts={"notes": "My sister Ines"})
        referral = decided(submitted(submission), **{**OTHERWISE, "reason": "Frail.", "advice": "Keep walking."})
        found = self.seen(editing, pathway)
        surgeon = referral.surgeon
        for hidden in (
            "Quintana", "maria@", "020 7946 0123", "Ines", "Keep walking", referral.reference, str(submission.pk),
            surgeon.last_name, surgeon.username, "dont_know",
        ):  # fmt: skip
            assert hidden not in found
        assert "Frail." in found

    @pytest.mark.parametrize("role", [SURGEONS, LEAD_SURGEONS, COORDINATORS])
    def test_who_may_read_cases_finds_the_way_there(self, site, pathway, signed_in, role):
        referral = decided(waiting(site), **OTHERWISE)
        client = signed_in(staff(site, RULE_EDITORS, role, is_staff=True))
        assert f'href="/review/{referral.reference}/"' in self.seen(client, pathway)


class TestTheAudit:
    def test_holds_every_look(self, site, pathway, editing, editor):
        decided(waiting(site), **OTHERWISE)
        editing.get(overview(pathway, period="90"))
        editing.get(of_rule(pathway, "M1"))
        first, second = AuditEvent.objects.order_by("-number")[:2][::-1]
        assert (first.action, first.object_id, first.actor_id, first.site) == (
            "pathway.read", "tiny", str(editor.pk), "north",
        )  # fmt: skip
        assert first.after == {"what": "feedback", "period": "90", "version": "", "order": "share", "cases": 1}
        assert (second.after["rule"], second.after["cases"], second.after["reasons"]) == ("M1", 1, 1)
        assert "frail" not in str(list(AuditEvent.objects.values())).lower()

    def test_holds_no_look_that_was_refused(self, site, pathway, signed_in):
        client = signed_in(staff(site, SURGEONS, is_staff=True))
        before = AuditEvent.objects.count()
        client.get(overview(pathway))
        assert AuditEvent.objects.count() == before


class TestReviewsOfRules:
    """When rules are to be looked at again stands beside what was decided with them."""

    def publish(self, pathway, **changes):
        rules = [{**rule, **changes.get(rule["id"], {})} for rule in tiny_document()["rules"]]
        whole = {name: value for name, value in changes.items() if name in ("owner", "review_by")}
        return publish_next(pathway, tiny_document(rules=rules, **whole))

    def test_what_is_overdue_comes_first_with_who_looks_at_it(self, pathway, editing):
        self.publish(pathway, owner="Ana", review_by="2099-12-31", M1={"review_by": "2020-02-29", "owner": "Otto"})
        page = editing.get(overview(pathway))
        assert [(each.owner, len(each.rules)) for each in page.context["overdue"]] == [("Otto", 1)]
        words = text_of(page)
        assert "Overdue." in words
        assert words.index("29 February 2020") < words.index("31 December 2099")
        assert "1 rule, Otto Rule M1 M1" in words

    def test_the_rules_own_page_says_it_too(self, pathway, site, editing):
        self.publish(pathway, owner="Ana", review_by="2020-02-29")
        decided(waiting(site))
        assert "Looked at again by 29 February 2020, Ana. Overdue by" in text_of(editing.get(of_rule(pathway, "M1")))

    def test_a_day_that_was_never_said_and_nobody(self, pathway, editing):
        self.publish(pathway)
        words = text_of(editing.get(overview(pathway)))
        assert "No day was ever said:" in words
        assert "nobody answers for them" in words

    def test_what_is_due_today_is_not_late(self, pathway, editing):
        self.publish(pathway, owner="Ana", review_by=timezone.localdate().isoformat())
        page = editing.get(overview(pathway))
        assert not page.context["overdue"]
        assert page.context["coming"][0].is_soon

    def test_each_rule_leads_to_its_row_in_the_draft(self, pathway, draft, editing):
        self.publish(pathway, owner="Ana", review_by="2020-02-29")
        row = DraftRule.objects.get(draft=draft, part_id="M1")
        assert f'href="/admin/screening/draftrule/{row.pk}/change/#id_review_by"' in (
            editing.get(overview(pathway)).content.decode()
        )
