"""Accounts of staff: who they are, whether they may sign in. What they may do is in clinic.save_staff."""

from __future__ import annotations

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from screening import policies
from screening.actions import clinic
from screening.actions.audit import record
from screening.exceptions import NotAllowed
from screening.models import Site, StaffMember
from screening.policies import ADMINISTRATORS, RULE_EDITORS, SIGN_OFF, Actor

# The roles with something to do in the admin.
OPEN_THE_ADMIN = frozenset({RULE_EDITORS, SIGN_OFF, ADMINISTRATORS})
KEEP_THE_KEYS = "You cannot take this role from yourself: ask another administrator to do it."


@transaction.atomic
def save_account(*, actor: Actor, user: User, site: Site, roles: Collection[str], password: str = "") -> StaffMember:
    """Add or change an account, its clinic and its roles. An empty password leaves the one there is."""
    policies.check_account(actor, user, site)
    if not user.is_active and actor.id == str(user.pk):
        raise NotAllowed("You cannot switch off your own account.")
    if ADMINISTRATORS in actor.roles - set(roles) and actor.id == str(user.pk):
        raise NotAllowed(KEEP_THE_KEYS)
    stored = User.objects.select_for_update().filter(pk=user.pk).first()
    user.is_staff = user.is_superuser or bool(OPEN_THE_ADMIN & set(roles))
    if password:
        user.set_password(password)
    elif stored is None:
        user.set_unusable_password()
    user.save()
    member = clinic.save_staff(actor=actor, user=user, site=site, roles=roles)
    record(
        actor=actor,
        action="account.change" if stored else "account.add",
        obj=user,
        before={"active": stored.is_active} if stored else None,
        after={"active": user.is_active, "new_password": bool(password), "changed": _changed(stored, user)},
    )
    return member


def _changed(stored: User | None, user: User) -> list[str]:
    """Which of their details are others now; never what they are."""
    details = ("username", "first_name", "last_name", "email")
    return [name for name in details if stored and getattr(stored, name) != getattr(user, name)]


@transaction.atomic
def forget_second_factor(*, actor: Actor, user: User) -> None:
    """For somebody who lost their telephone and their codes: they set up a new one at their next sign-in."""
    policies.check_account(actor, user, StaffMember.objects.get(user=user).site)
    number, _ = Authenticator.objects.filter(user=user).delete()
    record(actor=actor, action="account.forget_second_factor", obj=user, before={"number": number})
