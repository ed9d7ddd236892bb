"""Who may open these pages, and which case an address means. Every refusal is a page in words."""

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
from screening.models import Referral
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


def referral_of(actor: Actor, reference: str) -> Referral:
    """The case of that reference at this person's clinic; another clinic's is as if there were none (Http404)."""
    visible = policies.referrals_visible_to(actor)
    referral = with_case(visible).filter(reference=reference.upper()).first()
    if referral is None:
        raise Http404
    return referral


def with_case(referrals: Any) -> Any:
    """Joined with everything a case page reads once; a rule set's document is kept parsed by its sha256."""
    joined = ("site", "patient", "surgeon", "submission", "submission__version", "assessment", "assessment__version")
    large = [f"{path}__{field}" for path in joined if path.endswith("version") for field in ("document", "vignettes")]
    return referrals.select_related(*joined).defer(*large)
