"""Staff accounts: made by an administrator, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest
from django.urls import reverse

from screening.policies import Actor, can_read_referrals


class StaffAccounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The worklist; for those who edit rules or administer and see no cases, what they came for."""
        if request.user.is_staff and not can_read_referrals(Actor.staff(request.user)):
            return reverse("admin:index")
        return str(super().get_login_redirect_url(request))


class SignIn(LoginForm):
    """Allauth's form with our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name or e-mail"
        self.fields["password"].help_text = ""


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whom a failed attempt counts against. Allauth's form field and its credentials have different names for it."""
    return (request.POST.get("login") or (credentials or {}).get("username") or "").strip().lower()
