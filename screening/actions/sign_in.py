"""Sign-ins, failed ones too, in the audit. Connected to Django's signals by screening.apps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from screening.actions.audit import record
from screening.policies import Actor


def connect() -> None:
    """Record from now on."""
    user_logged_in.connect(signed_in, dispatch_uid="audit signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="audit signed_out")
    user_login_failed.connect(sign_in_failed, dispatch_uid="audit sign_in_failed")


def signed_in(*, user: User, **_: Any) -> None:
    """Somebody came in."""
    record(actor=Actor.staff(user), action="staff.sign_in", obj=user)


def signed_out(*, user: User | None, **_: Any) -> None:
    """Somebody left; nobody where the session had already ended."""
    if user is not None:
        record(actor=Actor.staff(user), action="staff.sign_out", obj=user)


def sign_in_failed(*, credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password for an account that exists. What was typed for one that does not may be a password: not kept."""
    typed = credentials.get("username") or credentials.get("email") or ""
    user = User.objects.filter(username__iexact=typed).first() or User.objects.filter(email__iexact=typed).first()
    if typed and user:
        record(actor=Actor.system(), action="staff.sign_in_failed", obj=user)
