"""Sign-ins, failed ones too, and what people change about how they sign in, in the audit.

Connected to signals by screening.apps.
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import (
    email_added,
    email_changed,
    email_removed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from screening.actions.audit import record
from screening.policies import Actor


def connect() -> None:
    """Record from now on."""
    user_logged_in.connect(signed_in, dispatch_uid="audit signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="audit signed_out")
    user_login_failed.connect(sign_in_failed, dispatch_uid="audit sign_in_failed")
    for signal in (password_changed, password_reset, password_set):
        signal.connect(own_password_changed, dispatch_uid="audit own_password_changed")
    for signal in (email_added, email_changed, email_removed):
        signal.connect(own_email_changed, dispatch_uid="audit own_email_changed")
    for signal in (authenticator_added, authenticator_removed, authenticator_reset):
        signal.connect(second_factor_changed, dispatch_uid="audit second_factor_changed")


def signed_in(*, user: User, **_: Any) -> None:
    """Somebody came in."""
    record(actor=Actor.staff(user), action="staff.sign_in", obj=user)


def signed_out(*, user: User | None, **_: Any) -> None:
    """Somebody left; nobody where the session had already ended."""
    if user is not None:
        record(actor=Actor.staff(user), action="staff.sign_out", obj=user)


def own_password_changed(*, user: User, **_: Any) -> None:
    """Somebody chose a new password, or had forgotten the old one."""
    record(actor=Actor.staff(user), action="staff.change_password", obj=user)


def own_email_changed(*, user: User, **_: Any) -> None:
    """Somebody says by which e-mail they sign in, and are sent a new password; never which it is."""
    record(actor=Actor.staff(user), action="staff.change_email", obj=user)


def second_factor_changed(*, user: User, authenticator: Any, **_: Any) -> None:
    """Somebody set up a second factor or recovery codes, or took them away. `left`: how many there are now."""
    after = {"kind": authenticator.type, "left": user.authenticator_set.count()}  # type: ignore[attr-defined]
    record(actor=Actor.staff(user), action="staff.change_second_factor", obj=user, after=after)


def sign_in_failed(*, credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password for an account that exists. What was typed for one that does not may be a password: not kept."""
    typed = credentials.get("username") or credentials.get("email") or ""
    user = User.objects.filter(username__iexact=typed).first() or User.objects.filter(email__iexact=typed).first()
    if typed and user:
        record(actor=Actor.system(), action="staff.sign_in_failed", obj=user)
