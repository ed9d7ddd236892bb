"""Staff and how they sign in: where they land, what they can change themselves, what an administrator can."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from screening.actions import accounts, clinic
from screening.exceptions import NotAllowed
from screening.models import AuditEvent
from screening.policies import ADMINISTRATORS, RULE_EDITORS, SIGN_OFF, SURGEONS, Actor
from tests.factories import OfferingFactory, SiteFactory, staff, staff_actor
from tests.integration.rules_admin.pages import address, filled_in, text_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def administrator(site):
    return staff(site, ADMINISTRATORS, is_staff=True, username="joan")


@pytest.fixture
def surgeon(site):
    return staff(site, username="amara")


def with_second_factor(user):
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-number").first()


class TestWays:
    """Nobody is sent, or shown a way, to a page that refuses them."""

    @pytest.mark.parametrize(
        ("roles", "first"),
        [
            ((SURGEONS,), "/review/"),
            ((SURGEONS, RULE_EDITORS), "/review/"),
            ((RULE_EDITORS,), "/admin/"),
            ((SIGN_OFF,), "/admin/"),
            ((ADMINISTRATORS,), "/admin/"),
        ],
    )
    def test_signing_in_leads_to_what_one_may_do(self, site, roles, first):
        user = staff(site, *roles, is_staff=bool(set(roles) - {SURGEONS}))
        user.set_password(PASSWORD)
        user.save()
        window = Client()
        response = window.post("/account/login/", {"login": user.username, "password": PASSWORD})
        assert response["Location"] == first
        assert window.get(first).status_code == 200

    @pytest.mark.parametrize("page", ["/admin/", "/account/2fa/"])
    @pytest.mark.parametrize("roles", [(RULE_EDITORS,), (RULE_EDITORS, SURGEONS)])
    def test_the_worklist_is_shown_to_those_it_is_open_to(self, site, signed_in, page, roles):
        shown = text_of(signed_in(staff(site, *roles, is_staff=True)).get(page))
        assert ("Worklist" in shown) == (SURGEONS in roles)

    def test_everybody_finds_where_to_change_their_password(self, surgeon, signed_in):
        page = signed_in(surgeon).get("/account/2fa/").content.decode()
        assert reverse("account_change_password") in page


class TestOwnAccount:
    def test_a_new_password_is_in_the_audit(self, surgeon, signed_in):
        surgeon.set_password(PASSWORD)
        surgeon.save()
        sent = {"oldpassword": PASSWORD, "password1": "another quite long one", "password2": "another quite long one"}
        assert signed_in(surgeon).post(reverse("account_change_password"), sent).status_code == 302
        event = AuditEvent.objects.get(action="staff.change_password")
        assert (event.actor_id, event.object_id) == (str(surgeon.pk), str(surgeon.pk))

    def test_so_is_an_e_mail_address_and_never_which(self, surgeon):
        surgeon.set_password(PASSWORD)
        surgeon.save()
        window = Client()
        window.post("/account/login/", {"login": surgeon.username, "password": PASSWORD})
        window.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        window.post(reverse("account_email"), {"email": "amara@home.example", "action_add": ""})
        assert AuditEvent.objects.filter(action="staff.change_email", object_id=str(surgeon.pk)).exists()
        assert "home.example" not in str(AuditEvent.objects.values())

    def test_so_is_a_second_factor(self, surgeon, django_capture_on_commit_callbacks):
        surgeon.set_password(PASSWORD)
        surgeon.save()
        window = Client()
        window.post("/account/login/", {"login": surgeon.username, "password": PASSWORD})
        window.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        window.get(reverse("mfa_activate_totp"))
        secret = window.session[totp.SECRET_SESSION_KEY]
        code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
        with django_capture_on_commit_callbacks(execute=True):
            assert window.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
        events = AuditEvent.objects.filter(action="staff.change_second_factor").order_by("number")
        assert [event.after["kind"] for event in events] == ["totp", "recovery_codes"]
        assert secret not in str(events.values())

    def test_an_administrator_does_not_shut_themself_out(self, administrator, signed_in):
        window, member = signed_in(administrator), administrator.staff_member
        sent = filled_in(window, address(member), "staffmember_form", roles=[SURGEONS])
        assert "cannot take this role from yourself" in text_of(window.post(address(member), sent))
        with pytest.raises(NotAllowed):
            accounts.save_account(
                actor=Actor.staff(administrator), user=administrator, site=member.site, roles=[SURGEONS]
            )
        assert administrator.groups.filter(name=ADMINISTRATORS).exists()
        sent["roles"] = [SURGEONS, ADMINISTRATORS]
        assert window.post(address(member), sent).status_code == 302


class TestSecondFactorLost:
    def test_an_administrator_takes_it_away(self, administrator, surgeon, signed_in):
        with_second_factor(surgeon)
        window, member = signed_in(administrator), surgeon.staff_member
        sent = filled_in(window, address(member), "staffmember_form", forget_second_factor="on")
        assert window.post(address(member), sent).status_code == 302
        assert not Authenticator.objects.filter(user=surgeon).exists()
        event = AuditEvent.objects.get(action="account.forget_second_factor")
        assert (event.actor_id, event.object_id, event.before) == (
            str(administrator.pk),
            str(surgeon.pk),
            {"number": 2},
        )

    def test_saving_something_else_leaves_it(self, administrator, surgeon, signed_in):
        with_second_factor(surgeon)
        window, member = signed_in(administrator), surgeon.staff_member
        sent = filled_in(window, address(member), "staffmember_form", first_name="Amara")
        assert window.post(address(member), sent).status_code == 302
        assert Authenticator.objects.filter(user=surgeon).count() == 2

    def test_it_is_offered_only_where_there_is_one(self, administrator, surgeon, signed_in):
        page = signed_in(administrator).get(address(surgeon.staff_member))
        assert "Take the second factor away" not in text_of(page)

    def test_not_from_the_staff_of_another_clinic(self, surgeon):
        with_second_factor(surgeon)
        with pytest.raises(NotAllowed):
            accounts.forget_second_factor(actor=staff_actor(SiteFactory(), ADMINISTRATORS), user=surgeon)
        assert Authenticator.objects.filter(user=surgeon).count() == 2


class TestWhatTheAuditSays:
    def test_which_settings_of_a_clinic_changed_and_never_to_what(self, site):
        site.emergency_number, site.on_call_email = "999", "night@north.example"
        clinic.save_site(actor=staff_actor(site, ADMINISTRATORS), site=site)
        assert last_event().after == {"active": True, "changed": ["emergency_number", "on_call_email"]}

    def test_which_details_of_an_account_changed_and_never_to_what(self, administrator, surgeon, site):
        surgeon.email = "amara@new.example"
        accounts.save_account(actor=Actor.staff(administrator), user=surgeon, site=site, roles=[SURGEONS])
        assert last_event().after == {"active": True, "new_password": False, "changed": ["email"]}

    def test_the_history_of_a_colleague(self, administrator, surgeon, site, signed_in):
        accounts.save_account(actor=Actor.staff(administrator), user=surgeon, site=site, roles=[SURGEONS])
        shown = text_of(signed_in(administrator).get(address(surgeon.staff_member, "history")))
        assert "changed the account" in shown
        assert "said where they work" in shown
        assert "[]" not in shown
        surgeon.email, surgeon.last_name = "amara@new.example", "Okafor"
        accounts.save_account(actor=Actor.staff(administrator), user=surgeon, site=site, roles=[SURGEONS])
        assert "last_name, email" in text_of(signed_in(administrator).get(address(surgeon.staff_member, "history")))

    def test_the_history_of_an_offer(self, administrator, site, pathway, signed_in):
        offering = OfferingFactory(site=site, pathway=pathway)
        clinic.set_offering(actor=Actor.staff(administrator), site=site, pathway=pathway, is_open=False)
        shown = text_of(signed_in(administrator).get(address(offering, "history")))
        assert "opened or closed what is offered" in shown
