"""Clinics, who works there, and what they offer. For administrators."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import Group, User
from django.db import transaction

from screening import policies
from screening.actions.audit import record
from screening.exceptions import FieldErrors
from screening.models import Offering, Pathway, Site, StaffMember
from screening.policies import ROLES, Actor


@transaction.atomic
def save_site(*, actor: Actor, site: Site) -> Site:
    """Add (a superuser) or change (its administrator) a clinic. Raises ValidationError."""
    stored = Site.objects.filter(pk=site.pk).first()
    policies.check_administer(actor, site)
    site.full_clean()
    site.save()
    after = {"active": site.is_active, "changed": _changed(stored, site)}
    record(actor=actor, action="site.change" if stored else "site.add", obj=site, after=after)
    return site


def _changed(stored: Site | None, site: Site) -> list[str]:
    """Which settings are others now. What they are may be an address or a secret: not told."""
    names = [field.attname for field in Site._meta.concrete_fields]
    return [name for name in names if stored and getattr(stored, name) != getattr(site, name)]


@transaction.atomic
def save_staff(*, actor: Actor, user: User, site: Site, roles: Collection[str]) -> StaffMember:
    """Say where an account works and what it may do there, in place of what was said before."""
    policies.check_administer(actor, site)
    if not set(roles) <= set(ROLES):
        raise FieldErrors({"roles": "Choose from the list of roles."})
    member = StaffMember.objects.select_for_update().filter(user=user).first() or StaffMember(user=user)
    if member.pk:
        # Nobody draws staff away from a clinic they do not look after.
        policies.check_administer(actor, member.site)
    before = {"site": member.site.slug if member.pk else "", "roles": _role_codes(user)}
    member.site = site
    member.save()
    user.groups.set([*user.groups.exclude(name__in=ROLES), *_groups(roles)])
    after = {"site": site.slug, "roles": _role_codes(user)}
    record(actor=actor, action="staff.change", obj=user, before=before, after=after)
    return member


@transaction.atomic
def set_offering(*, actor: Actor, site: Site, pathway: Pathway, is_open: bool) -> Offering:
    """Open or close a pathway at a clinic. Submissions under way go on."""
    policies.check_administer(actor, site)
    offering, _ = Offering.objects.update_or_create(site=site, pathway=pathway, defaults={"is_open": is_open})
    record(actor=actor, action="site.offer", obj=site, after={"pathway": pathway.pk, "open": is_open})
    return offering


def make_roles(using: str = "default") -> None:
    """The groups that policies name; after every migration, so that administrators find them."""
    for role in ROLES:
        Group.objects.using(using).get_or_create(name=role)


def _groups(roles: Collection[str]) -> list[Group]:
    return [Group.objects.get_or_create(name=role)[0] for role in sorted(roles)]


def _role_codes(user: User) -> list[str]:
    if user.pk is None:
        return []
    names = user.groups.filter(name__in=ROLES).order_by("name").values_list("name", flat=True)
    return [name.lower().replace(" ", "_") for name in names]
