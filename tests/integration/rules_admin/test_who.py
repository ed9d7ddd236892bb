"""Who gets into which page of the admin, and what nobody can change: every model, every role, raw posts."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from screening.actions import rules
from screening.admin.site import site as admin_site
from screening.models import (
    Assessment,
    AuditEvent,
    Draft,
    DraftChoice,
    DraftRule,
    Offering,
    Pathway,
    RuleSetVersion,
    Site,
    StaffMember,
)
from screening.models.draft_tables import ROWS
from screening.policies import ADMINISTRATORS, COORDINATORS, LEAD_SURGEONS, RULE_EDITORS, SURGEONS
from tests.factories import OfferingFactory, SiteFactory, UserFactory, staff, waiting
from tests.integration.rules_admin.conftest import filled
from tests.integration.rules_admin.pages import address, filled_in, text_of

pytestmark = pytest.mark.django_db

KEPT = (RuleSetVersion, Assessment, AuditEvent)
OF_RULES = (Pathway, Draft, *ROWS)
OF_CLINICS = (Site, StaffMember, Offering)
PAGES = ("try_case", "difference", "translations", "import_yaml", "export", "publish")


def lists(model):
    return reverse(f"admin:screening_{model._meta.model_name}_changelist")


def adds(model):
    return reverse(f"admin:screening_{model._meta.model_name}_add")


@pytest.fixture
def everything(draft, site):
    """One of each record, all at one clinic."""
    referral = waiting(site)
    assert referral.submission.assessments.exists()
    rules.save_row(
        actor=rules.Actor.system(),
        row=ROWS[4](draft=draft, part_id="P1", claim="c", kind="total"),
    )
    for kind, fields in {
        "DraftCitation": {"part_id": "c", "text": "c", "status": "design"},
        "DraftFact": {"part_id": "f", "text": "f"},
        "DraftTimelineEntry": {"when": "now", "text": "t"},
        "DraftOption": {"part_id": "o", "label": "l", "what": "w", "not_known": "n"},
        "DraftPoint": {"part_id": "p", "option": "o", "kind": "harm", "text": "t"},
        "DraftMatter": {"part_id": "m", "text": "t"},
        "DraftQuestionToAsk": {"part_id": "q", "text": "t"},
        "DraftTranslation": {
            "language": "es",
            "text_place": "rules/R1",
            "text_field": "patient",
            "words": "w",
            "of": "0" * 8,
        },
    }.items():
        model = next(row for row in ROWS if row.__name__ == kind)
        model.objects.create(draft=draft, order=1, **fields)
    staff(site, SURGEONS)
    return referral


def one(model):
    return model.objects.first()


@pytest.fixture
def superuser(signed_in):
    return signed_in(User.objects.create_superuser("root", password="x"))


def test_the_sweep_knows_every_model():
    assert set(admin_site._registry) == {*KEPT, *OF_RULES, *OF_CLINICS}


class TestNobodyChangesWhatIsKept:
    @pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
    @pytest.mark.parametrize("who", ["superuser", "administrator"])
    def test_they_are_read_and_never_changed(self, everything, superuser, signed_in, site, model, who):
        client = superuser if who == "superuser" else signed_in(staff(site, ADMINISTRATORS, is_staff=True))
        record = model.objects.filter(**({"site": "north"} if model is AuditEvent else {})).first()
        before = list(model.objects.order_by("pk").values())
        assert client.get(lists(model)).status_code == 200
        page = client.get(address(record))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert "Delete" not in text_of(page)
        for url in (address(record), address(record, "delete"), adds(model)):
            assert client.post(url, {"post": "yes", "number": "9", "reason": "x"}).status_code == 403, url
        assert client.get(adds(model)).status_code == 403
        assert client.get(address(record, "delete")).status_code == 403
        client.post(lists(model), {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"})
        kept = list(model.objects.order_by("pk").values())
        assert kept[: len(before)] == before

    def test_a_pathway_is_changed_only_by_publishing(self, everything, editing, superuser, pathway):
        for client in (editing, superuser):
            for url in (address(pathway), address(pathway, "delete"), adds(Pathway)):
                assert client.post(url, {"title": "x", "post": "yes"}).status_code == 403

    def test_no_answers_and_no_outcome_in_the_admin(self, everything, superuser):
        record = one(Assessment)
        for url in (lists(Assessment), address(record)):
            page = text_of(superuser.get(url))
            assert "small_cut" not in page
            assert "surgery" not in page.replace("Surgical", "")

    def test_looking_at_assessments_is_audited(self, everything, superuser):
        superuser.get(address(one(Assessment)))
        event = AuditEvent.objects.latest("number")
        assert (event.action, event.after) == ("assessment.read", {"what": "admin"})


def forbidden(response):
    return response.status_code in (401, 403) or (response.status_code == 302 and "/login/" in response["Location"])


class TestRolesThatDoNotEditRules:
    @pytest.mark.parametrize("role", [SURGEONS, LEAD_SURGEONS, COORDINATORS, ADMINISTRATORS, None])
    @pytest.mark.parametrize("in_the_admin", [True, False])
    def test_nothing_of_a_draft_is_theirs(self, everything, site, signed_in, draft, pathway, role, in_the_admin):
        person = staff(site, *([role] if role else [COORDINATORS]), is_staff=in_the_admin)
        if role is None:
            person.groups.clear()
        self.check_shut(signed_in(person), draft, pathway)

    def test_nor_a_superusers(self, everything, superuser, draft, pathway):
        self.check_shut(superuser, draft, pathway)

    def test_nor_an_editors_of_another_clinic(self, everything, signed_in, draft, pathway):
        self.check_shut(signed_in(staff(SiteFactory(), RULE_EDITORS, is_staff=True)), draft, pathway)

    def test_nor_an_editors_who_was_switched_off(self, everything, signed_in, editor, draft, pathway):
        client = signed_in(editor)
        User.objects.filter(pk=editor.pk).update(is_active=False)
        self.check_shut(client, draft, pathway)

    def check_shut(self, client, draft, pathway):
        before = draft.compile(), draft.compile_vignettes(), RuleSetVersion.objects.count()
        for model in OF_RULES:
            record = one(model)
            for url in (address(record), address(record, "delete"), f"{adds(model)}?draft={draft.pk}"):
                for ask in (client.get, client.post):
                    response = ask(url, {"post": "yes"}) if ask == client.post else ask(url)
                    shut = forbidden(response) or response.status_code == 302
                    assert shut, (url, response.status_code)
            listed = client.get(f"{lists(model)}?draft={draft.pk}")
            assert forbidden(listed) or not text_of(listed).count("Rule S1"), model
        for tool in PAGES:
            url = reverse("admin:screening_pathway_actions", kwargs={"pk": pathway.pk, "tool": tool})
            assert forbidden(client.get(url)), tool
            assert forbidden(client.post(url, {"reason": "x", "text": "id: x"})), tool
        rule = one(DraftRule)
        assert forbidden(client.post(f"/admin/screening/draftrule/{rule.pk}/move/down/"))
        assert forbidden(client.post(f"/admin/screening/draftrule/check/?draft={draft.pk}", {"when": "true"}))
        assert (draft.compile(), draft.compile_vignettes(), RuleSetVersion.objects.count()) == before


class TestEditors:
    def test_see_their_front_page(self, everything, editing):
        page = text_of(editing.get("/admin/"))
        assert "Pathways" in page
        assert "Audit" not in page
        assert "Sites" not in page

    @pytest.mark.parametrize("model", OF_RULES, ids=lambda model: model.__name__)
    def test_open_every_page(self, everything, editing, draft, model):
        record = one(model)
        assert editing.get(f"{lists(model)}?draft={draft.pk}", follow=True).status_code == 200
        assert editing.get(address(record)).status_code == 200
        assert editing.get(address(record, "history")).status_code == 200

    @pytest.mark.parametrize("model", [Assessment, AuditEvent, *OF_CLINICS], ids=lambda model: model.__name__)
    def test_see_nothing_clinical_and_no_staff(self, everything, editing, model):
        record = one(model)
        for url in (lists(model), address(record), adds(model), address(record, "history")):
            assert forbidden(editing.get(url)) or editing.get(url).status_code == 302, url

    def test_read_published_versions(self, everything, editing):
        version = one(RuleSetVersion)
        assert version.sha256 in text_of(editing.get(address(version)))
        assert "What changed with it" in text_of(editing.get(address(version)))

    def test_drafts_of_other_clinics_are_not_there(self, everything, editing, signed_in, draft):
        other_site = SiteFactory()
        other = OfferingFactory(site=other_site, pathway=Pathway.objects.create(id="other", title="Other")).pathway
        document = {**draft.compile(), "id": "other", "title": "Of others"}
        theirs = filled(other, document)
        row = theirs.rows(DraftRule)[0]
        assert "Other" not in text_of(editing.get(lists(Pathway)))
        assert editing.get(address(other)).status_code == 403
        assert editing.get(address(row)).status_code == 302
        assert editing.post(address(row), {"title": "mine"}).status_code in (302, 403)
        assert editing.get(f"{lists(DraftRule)}?draft={theirs.pk}").status_code == 302
        assert editing.post(f"/admin/screening/draftrule/{row.pk}/move/down/").status_code == 403
        assert signed_in(staff(other_site, RULE_EDITORS, is_staff=True)).get(address(other)).status_code == 200

    def test_a_row_is_not_moved_into_another_draft(self, everything, editing, lumbar, draft):
        row = draft.rows(DraftRule)[0]
        sent = filled_in(
            editing, address(row), "draftrule_form", title="x", draft=str(lumbar.pk), draft_id=str(lumbar.pk)
        )
        editing.post(f"{address(row)}?draft={lumbar.pk}", sent)
        row.refresh_from_db()
        assert row.draft_id == draft.pk

    def test_a_choice_of_another_question_is_not_taken(self, everything, editing, lumbar, draft):
        mine = draft.rows(ROWS[1]).get(part_id="wish")
        theirs = DraftChoice.objects.filter(question__draft=lumbar).first()
        changes = {"choices-0-id": str(theirs.pk), "choices-0-label": "taken"}
        editing.post(address(mine), filled_in(editing, address(mine), "draftquestion_form", **changes))
        label = theirs.label
        theirs.refresh_from_db()
        assert theirs.label == label


class TestAdministrators:
    @pytest.fixture
    def administrator(self, site):
        return staff(site, ADMINISTRATORS, username="adam", is_staff=True)

    @pytest.fixture
    def administering(self, administrator, signed_in):
        return signed_in(administrator)

    def test_see_their_clinic_only(self, everything, administering, site):
        other = SiteFactory(name="Elsewhere")
        stranger = staff(other, SURGEONS, username="stranger")
        assert "Elsewhere" not in text_of(administering.get(lists(Site)))
        assert "stranger" not in text_of(administering.get(lists(StaffMember)))
        assert administering.get(address(other)).status_code in (302, 403)
        assert administering.get(address(stranger.staff_member)).status_code in (302, 403)
        assert administering.post(address(other), {"name": "Mine"}).status_code in (302, 403)
        other.refresh_from_db()
        assert other.name == "Elsewhere"

    def test_change_their_clinic(self, administering, site):
        sent = filled_in(administering, address(site), "site_form", telephone="020 1", slug="stolen")
        assert administering.post(address(site), sent).status_code == 302
        site.refresh_from_db()
        assert (site.telephone, site.slug) == ("020 1", "north")
        assert AuditEvent.objects.latest("number").action == "site.change"

    def test_add_no_clinic_and_delete_nothing(self, everything, administering, site):
        assert administering.get(adds(Site)).status_code == 403
        for model in OF_CLINICS:
            assert administering.post(address(one(model), "delete"), {"post": "yes"}).status_code == 403

    def test_a_superuser_adds_a_clinic(self, superuser):
        sent = filled_in(superuser, adds(Site), "site_form", name="New", slug="new", telephone="1")
        assert superuser.post(adds(Site), sent).status_code == 302
        assert Site.objects.get(slug="new").time_zone == "Europe/London"
        assert "used by the program" in text_of(superuser.post(adds(Site), {**sent, "slug": "admin"}))

    def account(self, client, **fields):
        given = {"username": "new", "last_name": "New", "password": "a long pass phrase", "roles": [SURGEONS], **fields}
        sent = filled_in(client, adds(StaffMember), "staffmember_form", **given)
        return client.post(adds(StaffMember), {**sent, "site": fields.get("site", sent["site"])})

    def test_add_an_account(self, administering, site):
        assert self.account(administering, site=str(site.pk)).status_code == 302
        user = User.objects.get(username="new")
        assert (user.is_staff, user.is_superuser, user.staff_member.site) == (False, False, site)
        assert user.check_password("a long pass phrase")
        assert [group.name for group in user.groups.all()] == [SURGEONS]
        assert "a long pass phrase" not in str(list(AuditEvent.objects.values()))

    @pytest.mark.parametrize("role", [RULE_EDITORS, ADMINISTRATORS])
    def test_who_works_in_the_admin_may_open_it(self, administering, site, role):
        self.account(administering, site=str(site.pk), roles=[role])
        assert User.objects.get(username="new").is_staff

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"username": "ADAM"}, "Somebody has this user name already."),
            ({"username": "a b"}, "Enter a valid username"),
            ({"password": "short"}, "too short"),
            ({"password": ""}, "Give the new account a password."),
            ({"roles": ["Superheroes"]}, "Select a valid choice"),
        ],
    )
    def test_what_cannot_be_an_account(self, administering, site, fields, told):
        assert told in text_of(self.account(administering, site=str(site.pk), **fields))
        assert not User.objects.filter(username="new").exists()

    def test_not_at_another_clinic(self, administering):
        assert "Select a valid choice" in text_of(self.account(administering, site=str(SiteFactory().pk)))

    def test_switch_an_account_off(self, administering, site, signed_in):
        person = staff(site, RULE_EDITORS, is_staff=True)
        client = signed_in(person)
        sent = filled_in(administering, address(person.staff_member), "staffmember_form")
        sent.pop("is_active")
        assert administering.post(address(person.staff_member), sent).status_code == 302
        assert forbidden(client.get("/admin/"))

    def test_not_their_own(self, administering, administrator):
        url = address(administrator.staff_member)
        sent = filled_in(administering, url, "staffmember_form")
        sent.pop("is_active")
        assert "cannot switch off your own account" in text_of(administering.post(url, sent))

    def test_a_superusers_account_is_not_theirs(self, administering, site):
        root = UserFactory(is_superuser=True, is_staff=True)
        member = StaffMember.objects.create(user=root, site=site)
        sent = {"username": root.username, "password": "a long pass phrase", "site": site.pk, "is_active": "on"}
        assert administering.post(address(member), sent).status_code == 403
        root.refresh_from_db()
        assert not root.check_password("a long pass phrase")

    def test_offer_and_close_a_pathway(self, administering, site, pathway):
        offering = Offering.objects.get(site=site)
        sent = filled_in(administering, address(offering), "offering_form")
        sent.pop("is_open")
        assert administering.post(address(offering), sent).status_code == 302
        offering.refresh_from_db()
        assert offering.is_open is False
        other = Pathway.objects.create(id="other", title="Other")
        sent = {"site": site.pk, "pathway": other.pk, "is_open": "on"}
        assert administering.post(adds(Offering), sent).status_code == 302
        assert Offering.objects.filter(site=site, pathway=other, is_open=True).exists()
        elsewhere = {"site": SiteFactory().pk, "pathway": other.pk, "is_open": "on"}
        assert administering.post(adds(Offering), elsewhere).status_code == 200
        assert Offering.objects.filter(pathway=other).count() == 1

    def test_read_the_audit_of_their_clinic(self, everything, administering, site):
        waiting(SiteFactory(slug="south"))
        page = administering.get(lists(AuditEvent))
        assert {event.site for event in page.context["cl"].result_list} == {"north"}
        other = AuditEvent.objects.filter(site="south").first()
        assert administering.get(address(other)).status_code in (302, 403)
        assert "referral.make" in text_of(page) or "submission" in text_of(page)


def test_signing_in_and_out_is_allauths(client, editing):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"].startswith("/account/login/")
    assert editing.post("/admin/logout/")["Location"] == "/account/logout/"
    assert editing.get("/admin/password_change/")["Location"] == "/account/password/change/"


def test_strangers_learn_nothing(client, everything, draft):
    for model in (*KEPT, *OF_RULES, *OF_CLINICS):
        for url in (lists(model), address(one(model)), adds(model)):
            assert client.get(url)["Location"].startswith("/admin/login/")
            assert client.post(url)["Location"].startswith("/admin/login/")
