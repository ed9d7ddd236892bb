"""What every request passes through that no library does for us."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from screening.forms.typed import typed
from screening.intake.languages import PageLanguage

Answer = Callable[[HttpRequest], HttpResponse]

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
OPEN_TO_ONE_FACTOR = ("/account/", "/static/", "/health/")


class ThisMachineOnly:
    """A demo has known passwords: it answers nobody on another machine, also not through a proxy on this one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_loopback(request.META.get("REMOTE_ADDR", "")) and not any(name in request.META for name in FORWARDED):
            return self.get_response(request)
        return HttpResponseForbidden("The demo only answers this machine.", content_type="text/plain")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class PrivatePages:
    """No page is kept by a browser or a proxy; a page behind a private link never tells its address to another."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        match = request.resolver_match
        if match and "token" in match.kwargs:
            # A page with a form says same-origin itself: under no-referrer browsers send its Origin as "null".
            response.headers.setdefault("Referrer-Policy", "no-referrer")
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


class PatientsLanguage:
    """Patients' pages in the language they ask for or chose; everybody else's in English. Views may know better."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = PageLanguage(request)
        request.page_language = page  # type: ignore[attr-defined]
        with translation.override(page.wanted):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", page.tag)
        patch_vary_headers(response, ["Accept-Language"])
        if page.asked:
            _remember(response, page.asked)
        if page.choices and response.headers.get("Referrer-Policy") == "no-referrer":
            # The switch is a form: see PrivatePages.
            response.headers["Referrer-Policy"] = "same-origin"
        return response


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


class SignedOut:
    """Who was signed out while a page was open keeps what they typed, and finds no sign-in page inside a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or not _sends_to_sign_in(response):  # type: ignore[attr-defined]
            return response
        if request.headers.get("HX-Request"):
            # With this status htmx puts it where it asked for more, and asks no further.
            return render(request, "account/_signed_out.html", {"sign_in": response.url}, status=286)
        if words := typed(request.POST):
            context = {"sign_in": response.url, "typed": words}
            return render(request, "account/signed_out.html", context, status=401)
        return response


def _sends_to_sign_in(response: HttpResponse) -> bool:
    ways = (reverse("account_login"), reverse("admin:login"))
    return response.status_code == 302 and getattr(response, "url", "").partition("?")[0] in ways


class SecondFactor:
    """Staff without a second factor get no further than the page that sets one up (allauth has no such rule)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        user: Any = request.user
        if not settings.REQUIRE_MFA or not user.is_authenticated or request.path.startswith(OPEN_TO_ONE_FACTOR):
            return False
        return not is_mfa_enabled(user)
