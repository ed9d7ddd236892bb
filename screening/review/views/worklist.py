"""The worklist, and finding a case by its reference."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from screening import policies
from screening.actions.audit import record_read
from screening.clinicians import for_clinicians
from screening.policies import Actor
from screening.review import worklist
from screening.review.forms.filters import FilterForm
from screening.review.mail import not_through
from screening.review.pages import Key, Page, page_of
from screening.review.rows import row
from screening.review.worklist import Filters

WHOLE_REFERENCE = 9
VIEWS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("open", "Open", {"status": worklist.OPEN}),
    ("late", "Late", {"late": True}),
    ("nobody", "With nobody", {"holder": "nobody"}),
    ("mine", "With me", {"holder": "mine"}),
    ("nameless", "No name yet", {"origin": worklist.NAMELESS}),
)


@require_safe
@for_clinicians
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cases of this clinic, the most pressing first."""
    visible = worklist.with_row(policies.referrals_visible_to(actor))
    sought = request.GET.get("q", "").strip()
    return _found(request, actor, visible, sought) if sought else _listed(request, actor, visible)


def _found(request: HttpRequest, actor: Actor, visible: Any, sought: str) -> HttpResponse:
    found = _page(request, worklist.search(visible, sought))
    if len(found.referrals) == 1 and len(worklist.letters_of(sought)) == WHOLE_REFERENCE:
        return redirect("review:case", found.referrals[0].reference)
    return _answer(request, actor, found, what="search", sought=sought)


def _listed(request: HttpRequest, actor: Actor, visible: Any) -> HttpResponse:
    form = FilterForm(request.GET, dispositions=worklist.dispositions_at(actor))
    filters = form.filters()
    wanted = filters.among(visible, actor, timezone.now())
    return _answer(request, actor, _page(request, wanted), what="worklist", form=form, filters=filters)


def _answer(request: HttpRequest, actor: Actor, page: Page, *, what: str, **context: Any) -> HttpResponse:
    now = timezone.now()
    no_mail = not_through(page.referrals, now)
    record_read(actor=actor, obj=actor.site, what=what)
    context |= {
        "rows": [row(referral, now, no_mail=referral.pk in no_mail) for referral in page.referrals],
        "views": _views(worklist.counts(actor, now), context.get("filters")),
        "previous": _address(request, before=page.previous),
        "next": _address(request, after=page.next),
        "clinic": actor.site,
        "here": "worklist",
    }
    return render(request, "review/worklist.html", context)


def _views(counts: dict[str, int], chosen: Filters | None) -> list[dict[str, Any]]:
    """The parts of the worklist that people look at most, with how many open cases each has."""
    return [
        {
            "address": f"?{urlencode(query)}",
            "words": words,
            "count": counts[key],
            "is_current": chosen == Filters(**query),
        }
        for key, words, query in VIEWS
    ]


def _page(request: HttpRequest, referrals: Any) -> Page:
    after, before = Key.read(request.GET.get("after", "")), Key.read(request.GET.get("before", ""))
    return page_of(referrals, after=after, before=before)


def _address(request: HttpRequest, **key: Key | None) -> str:
    """This page's address with another place in the list; empty where there is none."""
    ((name, place),) = key.items()
    kept = {key: value for key, value in request.GET.items() if key not in ("after", "before") and value}
    return f"?{urlencode({**kept, name: str(place)})}" if place else ""
