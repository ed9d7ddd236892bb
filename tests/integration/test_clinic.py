"""Clinics and their staff, as administrators set them up."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from screening import policies
from screening.actions import clinic
from screening.exceptions import FieldErrors, NotAllowed
from screening.models import AuditEvent, Site
from screening.policies import ADMINISTRATORS, COORDINATORS, ROLES, SURGEONS, Actor
from tests.factories import PathwayFactory, SiteFactory, UserFactory, staff, staff_actor, waiting

pytestmark = pytest.mark.django_db


def test_every_role_has_its_group_from_the_first_day():
    assert set(ROLES) <= set(Group.objects.values_list("name", flat=True))


def test_a_superuser_sets_up_the_first_clinic():
    chief = Actor.staff(UserFactory(is_superuser=True))
    site = clinic.save_site(actor=chief, site=SiteFactory.build(slug="north"))
    clinic.set_offering(actor=chief, site=site, pathway=PathwayFactory(), is_open=True)
    surgeon = clinic.save_staff(actor=chief, user=UserFactory(), site=site, roles=[SURGEONS]).user
    referral = waiting(site)
    assert policies.can_read_referral(Actor.staff(surgeon), referral)
    assert not policies.can_read_referral(chief, referral)
    assert list(AuditEvent.objects.values_list("action", flat=True))[:3] == ["site.add", "site.offer", "staff.change"]


def test_an_administrator_changes_the_own_clinic_only():
    own, other = SiteFactory(), SiteFactory()
    administrator = staff_actor(own, ADMINISTRATORS)
    own.name = "New name"
    clinic.save_site(actor=administrator, site=own)
    assert Site.objects.get(pk=own.pk).name == "New name"
    for refused in (other, SiteFactory.build(slug="brand-new")):
        with pytest.raises(NotAllowed):
            clinic.save_site(actor=administrator, site=refused)
    with pytest.raises(NotAllowed):
        clinic.set_offering(actor=administrator, site=other, pathway=PathwayFactory(), is_open=True)


def test_an_administrator_does_not_draw_staff_away_from_another_clinic():
    own, other = SiteFactory(), SiteFactory()
    surgeon = staff(other)
    with pytest.raises(NotAllowed):
        clinic.save_staff(actor=staff_actor(own, ADMINISTRATORS), user=surgeon, site=own, roles=[SURGEONS])
    surgeon.refresh_from_db()
    assert surgeon.staff_member.site == other


def test_new_roles_take_the_place_of_the_old_and_other_groups_stay():
    site = SiteFactory()
    user = staff(site, SURGEONS)
    user.groups.add(Group.objects.create(name="Choir"))
    clinic.save_staff(actor=staff_actor(site, ADMINISTRATORS), user=user, site=site, roles=[COORDINATORS])
    assert set(user.groups.values_list("name", flat=True)) == {COORDINATORS, "Choir"}
    event = AuditEvent.objects.get(action="staff.change")
    assert (event.before["roles"], event.after["roles"]) == (["surgeons"], ["coordinators"])


def test_a_role_that_does_not_exist_and_a_bad_address_are_refused():
    site = SiteFactory()
    administrator = staff_actor(site, ADMINISTRATORS)
    with pytest.raises(FieldErrors):
        clinic.save_staff(actor=administrator, user=UserFactory(), site=site, roles=["Emperors"])
    site.slug = "review"
    with pytest.raises(ValidationError):
        clinic.save_site(actor=administrator, site=site)


@pytest.mark.parametrize("role", [SURGEONS, COORDINATORS])
def test_nobody_else_changes_clinics(role):
    site = SiteFactory()
    with pytest.raises(NotAllowed):
        clinic.save_staff(actor=staff_actor(site, role), user=UserFactory(), site=site, roles=[SURGEONS])
