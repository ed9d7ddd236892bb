"""Staff accounts: made by an administrator, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SignIn(LoginForm):
    """Allauth's form with our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name or e-mail"
        self.fields["password"].help_text = ""


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whom a failed attempt counts against. Allauth's form field and its credentials have different names for it."""
    return (request.POST.get("login") or (credentials or {}).get("username") or "").strip().lower()
