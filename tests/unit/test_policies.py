"""Who may do what, and when."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User

from screening import policies
from screening.exceptions import NotAllowed, NotOffered
from screening.models import Referral
from screening.policies import (
    ADMINISTRATORS,
    COORDINATORS,
    LEAD_SURGEONS,
    ROLES,
    RULE_EDITORS,
    SIGN_OFF,
    SURGEONS,
    TRANSITIONS,
    Actor,
)
from tests.factories import (
    OfferingFactory,
    PathwayFactory,
    SiteFactory,
    UserFactory,
    in_review,
    staff,
    staff_actor,
    started,
    waiting,
)

# The table of statuses, written out again by hand.
WORKFLOW = {
    "waiting": {"claim": "in_review", "withdraw": "withdrawn"},
    "in_review": {
        "ask_patient": "awaiting_patient",
        "decide": "decided",
        "hand_back": "waiting",
        "withdraw": "withdrawn",
    },
    "awaiting_patient": {"answer_request": "in_review", "withdraw": "withdrawn"},
    "decided": {
        "tell_patient": "closed",
        "close": "closed",
        "reopen": "in_review",
        "withdraw": "withdrawn",
        "tell_worse_later": "waiting",
    },
    "closed": {"tell_worse_later": "waiting"},
    "withdrawn": {"tell_worse_later": "waiting", "come_back": "waiting"},
}
SURGICAL_ONLY = {"claim", "hand_back", "add_findings", "release_assessment", "decide", "ask_patient", "reopen"}
CLINICAL_TOO = {
    "record_contact",
    "answer_for_patient",
    "answer_request",
    "tell_patient",
    "close",
    "withdraw",
    "come_back",
    "correct_contact",
    "correct_identity",
}
PATIENTS = {"answer_by_link", "answer_request", "withdraw", "come_back"}
ABOUT_THEMSELVES = {"correct_contact", "ask_correction", "ask_erasure", "keep_after_all"}
PATIENTS |= {"tell_worse", "tell_worse_later"} | ABOUT_THEMSELVES


def test_the_transitions_are_those_of_the_design():
    found = {status: {} for status in Referral.Status.values}
    for action, transition in TRANSITIONS.items():
        for status in transition.from_statuses:
            if transition.to_status:
                found[status][action] = transition.to_status
    assert found == WORKFLOW


def test_only_the_patient_moves_what_is_over():
    """Or staff for them, where they had taken it back. Details can be put right at any time."""
    over = {action for action, found in TRANSITIONS.items() if found.from_statuses & {"closed", "withdrawn"}}
    assert over == {"come_back", "tell_worse_later", "correct_identity"} | ABOUT_THEMSELVES


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", TRANSITIONS)
def test_roles(role, action):
    site = SimpleNamespace(pk=1)
    user = SimpleNamespace(pk=7)
    actor = Actor(policies.STAFF, user=user, site=site, roles=frozenset({role}))
    referral = SimpleNamespace(
        site_id=1, status=min(TRANSITIONS[action].from_statuses), surgeon_id=7, get_status_display=lambda: ""
    )
    surgical = role in (SURGEONS, LEAD_SURGEONS)
    allowed = (surgical and action in SURGICAL_ONLY | CLINICAL_TOO) or (role == COORDINATORS and action in CLINICAL_TOO)
    assert policies.can_referral_action(actor, referral, action) is allowed


@pytest.mark.parametrize("action", TRANSITIONS)
def test_patients(action):
    actor = Actor.patient(SimpleNamespace(pk=1))
    referral = SimpleNamespace(site_id=1, status=min(TRANSITIONS[action].from_statuses), surgeon_id=7)
    assert policies.can_referral_action(actor, referral, action) is (action in PATIENTS)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_staff_of_another_site_see_and_do_nothing(role):
    referral = waiting()
    stranger = staff_actor(SiteFactory(), role)
    assert not policies.can_read_referral(stranger, referral)
    assert referral not in policies.referrals_visible_to(stranger)
    assert policies.actions_open_to(stranger, referral) == frozenset()


@pytest.mark.django_db
def test_a_patient_of_another_site_does_nothing():
    referral = waiting()
    elsewhere = Actor.patient(SiteFactory())
    assert policies.actions_open_to(elsewhere, referral) == frozenset()
    assert not policies.can_fill(elsewhere, referral.submission)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees"),
    [*[(r, True) for r in (SURGEONS, LEAD_SURGEONS, COORDINATORS)], (RULE_EDITORS, False), (ADMINISTRATORS, False)],
)
def test_who_sees_cases(role, sees):
    referral = waiting()
    actor = staff_actor(referral.site, role)
    assert policies.can_read_referral(actor, referral) is sees
    assert list(policies.referrals_visible_to(actor)) == ([referral] if sees else [])


@pytest.mark.django_db
def test_a_superuser_without_a_site_sees_nothing_clinical():
    referral = waiting()
    chief = UserFactory(is_superuser=True, is_staff=True)
    chief.groups.set(staff(referral.site).groups.all())
    actor = Actor.staff(chief)
    assert not policies.can_read_referral(actor, referral)
    assert not policies.referrals_visible_to(actor).exists()
    assert not policies.can_edit_rules(actor)
    assert policies.can_administer(actor)


@pytest.mark.django_db
def test_a_superuser_with_a_site_still_needs_a_clinical_role():
    referral = waiting()
    assert not policies.can_read_referral(staff_actor(referral.site, ADMINISTRATORS, is_superuser=True), referral)


@pytest.mark.django_db
def test_an_account_that_is_switched_off_can_do_nothing():
    referral = waiting()
    actor = staff_actor(referral.site, SURGEONS, ADMINISTRATORS, is_active=False, is_superuser=True)
    assert policies.actions_open_to(actor, referral) == frozenset()
    assert not policies.can_read_referral(actor, referral)
    assert not policies.can_administer(actor)


@pytest.mark.django_db
def test_a_case_in_review_is_its_surgeons_or_a_leads():
    referral = in_review()
    own, lead = Actor.staff(referral.surgeon), staff_actor(referral.site, LEAD_SURGEONS)
    colleague = staff_actor(referral.site, SURGEONS)
    for action in ("decide", "hand_back", "ask_patient", "add_findings"):
        assert policies.can_referral_action(own, referral, action)
        assert policies.can_referral_action(lead, referral, action)
        with pytest.raises(NotAllowed, match=referral.surgeon.get_full_name()):
            policies.check_referral_action(colleague, referral, action)


@pytest.mark.django_db
def test_buttons_are_what_may_be_done():
    referral = waiting()
    assert policies.actions_open_to(staff_actor(referral.site), referral) == {
        "claim",
        "record_contact",
        "answer_for_patient",
        "release_assessment",
        "withdraw",
        "correct_contact",
        "correct_identity",
    }
    of_patient = policies.actions_open_to(Actor.patient(referral.site), referral)
    assert of_patient == {"answer_by_link", "withdraw", "tell_worse"} | ABOUT_THEMSELVES


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_of_the_clinic_answer_requests_for_erasure(role):
    site = SiteFactory()
    assert policies.can_answer_erasure(staff_actor(site, role), site) is (role == ADMINISTRATORS)
    assert not policies.can_answer_erasure(staff_actor(SiteFactory(), role), site)
    assert not policies.can_answer_erasure(Actor.system(), site)
    assert not policies.can_answer_erasure(Actor.patient(site), site)


@pytest.mark.django_db
def test_only_patients_fill_in():
    submission = started()
    assert policies.can_fill(Actor.patient(submission.site), submission)
    assert not policies.can_fill(staff_actor(submission.site), submission)
    assert not policies.can_fill(Actor.system(), submission)


@pytest.mark.django_db
def test_a_pathway_starts_only_where_it_is_offered_open_live_and_not_suspended():
    offering = OfferingFactory()
    site, pathway, patient = offering.site, offering.pathway, Actor.patient(offering.site)
    policies.check_start(patient, site, pathway)
    assert not policies.can_start(Actor.patient(SiteFactory()), site, pathway)
    pathway.suspended_at = "2026-11-20"
    with pytest.raises(NotOffered, match="call the clinic"):
        policies.check_start(patient, site, pathway)
    pathway.suspended_at = None
    offering.is_open = False
    offering.save()
    with pytest.raises(NotOffered):
        policies.check_start(patient, site, pathway)


@pytest.mark.django_db
def test_a_pathway_without_a_live_version_or_a_closed_site_does_not_start():
    offering = OfferingFactory(pathway=PathwayFactory(id="new", live=False))
    assert not policies.can_start(Actor.patient(offering.site), offering.site, offering.pathway)
    open_one = OfferingFactory()
    open_one.site.is_active = False
    assert not policies.can_start(Actor.patient(open_one.site), open_one.site, open_one.pathway)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_rules_are_the_editors_and_clinics_the_administrators(role):
    offering, elsewhere = OfferingFactory(), SiteFactory()
    actor, stranger = staff_actor(offering.site, role), staff_actor(elsewhere, role)
    assert policies.can_edit_rules(actor, offering.pathway) is (role == RULE_EDITORS)
    assert policies.can_publish(actor, offering.pathway) is (role == RULE_EDITORS)
    assert not policies.can_publish(stranger, offering.pathway)
    assert list(policies.pathways_edited_by(actor)) == ([offering.pathway] if role == RULE_EDITORS else [])
    assert policies.can_administer(actor, offering.site) is (role == ADMINISTRATORS)
    assert not policies.can_administer(actor, elsewhere)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_drafts_are_read_by_those_who_edit_and_signed_by_those_who_may(role):
    offering, elsewhere = OfferingFactory(), SiteFactory()
    actor, stranger = staff_actor(offering.site, role), staff_actor(elsewhere, role)
    assert policies.can_read_rules(actor, offering.pathway) is (role in (RULE_EDITORS, SIGN_OFF))
    assert policies.can_sign_off(actor, offering.pathway) is (role == SIGN_OFF)
    assert not policies.can_read_rules(stranger, offering.pathway)
    assert not policies.can_sign_off(stranger, offering.pathway)
    assert list(policies.pathways_read_by(actor)) == ([offering.pathway] if role in (RULE_EDITORS, SIGN_OFF) else [])
    assert not policies.can_sign_off(Actor.system(), offering.pathway)


@pytest.mark.django_db
def test_the_program_publishes_only_what_was_never_live():
    assert policies.can_publish(Actor.system(), PathwayFactory(id="new", live=False))
    assert not policies.can_publish(Actor.system(), PathwayFactory())


@pytest.mark.django_db
def test_an_actor_without_an_account_cannot_stand_for_staff():
    with pytest.raises(NotAllowed):
        _ = Actor.patient(SiteFactory()).account
    user = staff(SiteFactory())
    assert Actor.staff(user).account == User.objects.get(pk=user.pk)
