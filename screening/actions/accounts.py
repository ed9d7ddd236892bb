"""Accounts of staff: who they are, whether they may sign in. What they may do is in clinic.save_staff."""

from __future__ import annotations

from collections.abc import Collection

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


@transaction.atomic
def save_account(*, actor: Actor, user: User, site: Site, roles: Collection[str], password: str = "") -> StaffMember:
    """Add or change an account, its clinic and its roles. An empty password leaves the one there is."""
    policies.check_account(actor, user, site)
    if not user.is_active and actor.id == str(user.pk):
        raise NotAllowed("You cannot switch off your own account.")
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
        after={"active": user.is_active, "new_password": bool(password)},
    )
    return member
