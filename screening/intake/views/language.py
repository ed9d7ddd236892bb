"""The switch between languages, for pages that have no form to keep: chooses, and goes back to where it was pressed."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from screening.intake import drafts
from screening.intake.known import opened_by, unknown
from screening.intake.visit import Visit, visiting
from screening.models import Site

_DRAFT, _MOST = re.compile(r"[a-z0-9_]{1,60}"), 20
"""How a draft may be called, and how many boxes a form may have."""


@require_POST
def anywhere(request: HttpRequest) -> HttpResponse:
    """On pages about nobody's answers: the browser remembers it."""
    return _back(request)


@require_POST
@visiting
def of_questions(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Finding the visit has chosen the language of its answers, if there are any."""
    return _back(request)


@require_POST
def of_private(request: HttpRequest, site: str, token: str) -> HttpResponse:
    """The link alone is enough: the page that asks for a date of birth must be understood as well."""
    clinic = get_object_or_404(Site, slug=site)
    submission = opened_by(clinic, token)
    if submission is None:
        return unknown(request, clinic)
    request.page_language.use(submission.version, submission)  # type: ignore[attr-defined]
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page, with what was typed into its form, if the switch was pressed there."""
    draft = request.GET.get("draft", "")
    if _DRAFT.fullmatch(draft):
        drafts.keep(request, draft, [name for name in [*request.POST][:_MOST] if not name.startswith(("-", "csrf"))])
    page = request.GET.get("next") or request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if is_ours else "/")
