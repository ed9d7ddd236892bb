"""The door for clinical staff: who may open their pages. Every refusal is a page in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from screening import policies
from screening.exceptions import NotAllowed
from screening.policies import Actor

View = Callable[..., HttpResponse]


def for_clinicians(view: View) -> View:
    """`view(request, actor, …)` for clinical staff; others are told why not, strangers are asked to sign in."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        actor = Actor.staff(request.user)
        # For what every page shows, so that it need not ask again who this is.
        request.staff_actor = actor  # type: ignore[attr-defined]
        try:
            policies.check_read_referrals(actor)
            return view(request, actor, *args, **options)
        except NotAllowed as refusal:
            return _refused(request, actor, refusal, options.get("reference"))
        except Http404:
            return render(request, "review/not_found.html", status=404)

    return page


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Where htmx asked for a part of a page, the whole page goes: a sign-in form has no place inside another."""
    htmx = request.htmx  # type: ignore[attr-defined]
    after = (htmx.current_url_abs_path if htmx else None) or request.get_full_path()
    response = redirect_to_login(after)
    return HttpResponseClientRedirect(response.url) if htmx else response


def _refused(request: HttpRequest, actor: Actor, refusal: NotAllowed, reference: str | None) -> HttpResponse:
    may_read = policies.can_read_referrals(actor)
    context = {"words": refusal.message, "may_read": may_read, "reference": reference}
    return render(request, "review/refused.html", context, status=403)
