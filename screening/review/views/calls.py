"""The call-back list, and what staff do on it. Whoever sees how to reach somebody is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap

from screening import policies
from screening.actions import calling
from screening.actions.audit import record_read
from screening.clinicians import for_clinicians
from screening.exceptions import Conflict, FieldErrors, ScreeningError
from screening.models import CallBack
from screening.policies import Actor
from screening.review import calls
from screening.review.calls import Entry
from screening.review.forms.calls import REACHED, CallForm, CloseForm, NoteForm

PAGE = 50
LIST = "review:call-backs"
HERE = "call-backs"


@require_safe
@for_clinicians
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list; asked for by htmx, only what changed since, and nothing but the time where nothing did."""
    return _list(request, actor)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The link in the head of every staff page, with its number. Asked for by htmx, now and then.

    Refused rather than sent to sign in: nobody loses what they are typing because a session has ended.
    """
    actor = Actor.staff(request.user) if request.user.is_authenticated else None
    if actor is None or not policies.can_read_referrals(actor):
        return HttpResponse(status=403)
    context = {"may_read": True, "count": calls.waiting(actor), "here": request.GET.get("here") == HERE and HERE}
    return render(request, "review/_call_backs_line.html", context)


def _list(
    request: HttpRequest, actor: Actor, *, conflict: ScreeningError | None = None, status: int = 200
) -> HttpResponse:
    now, closed, flood = timezone.now(), request.GET.get("show") == "closed", _flood(request)
    visible = policies.call_backs_visible_to(actor)
    page = Paginator(calls.listed(visible, closed=closed, flood=flood), PAGE).get_page(request.GET.get("page"))
    numbers, found = calls.counts(actor), list(calls.with_case(page.object_list))
    entries, state = [Entry(one, actor, now) for one in found], calls.state_of(found, numbers)
    context = {"entries": entries, "counts": numbers, "state": state, "clinic": actor.site, "now": now, "here": HERE}
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and request.GET.get("state") == state:
        return reswap(render(request, "review/_call_backs_time.html", context), "none")
    _record(actor, entries)
    assert actor.site is not None
    context |= {
        "page": page,
        "address": _address(request),
        "newest": max((one.pk for one in found), default=0),
        "news": _news(request, found) if htmx else 0,
        "closed": closed,
        "flood": flood,
        "floods": [] if closed or flood or page.number > 1 else calls.floods(actor, now),
        "trouble": None if closed else calls.trouble(actor.site, now),
        "conflict": conflict,
    }
    return render(request, "review/_call_backs.html" if htmx else "review/call_backs.html", context, status=status)


def _address(request: HttpRequest) -> str:
    """This very view of the list, without what htmx adds."""
    kept = {key: request.GET[key] for key in ("show", "flood", "page") if key in request.GET}
    return "&".join(f"{key}={value}" for key, value in kept.items() if value.isalnum())


def _flood(request: HttpRequest) -> str:
    asked = request.GET.get("flood", "")
    return asked if asked.isalnum() and asked.isascii() else ""


def _news(request: HttpRequest, found: list[CallBack]) -> int:
    newest = request.GET.get("newest", "")
    return sum(one.pk > int(newest) for one in found) if newest.isdecimal() and len(newest) < 10 else 0


def _record(actor: Actor, entries: list[Entry]) -> None:
    """That they saw how to reach whom: one event for each person, as on the case page."""
    for entry in entries:
        if entry.phones or entry.email:
            record_read(actor=actor, obj=entry.referral, what="call_back")
    if not entries:
        assert actor.site is not None
        record_read(actor=actor, obj=actor.site, what="call_backs")


# Doing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """What can be written about one call-back: its form, its words, and the action with what the form holds."""

    name: str
    title: str
    send: str
    done: str
    form: type[CallForm]
    act: Callable[..., Any]
    values: Callable[[dict[str, Any]], dict[str, Any]]


NOTE = Deed(
    "call", "Note a call", "Save the note", "The call is noted.", NoteForm, calling.note_call,
    lambda data: {"reached": data["reached"] == REACHED, "note": data["note"]},
)  # fmt: skip
CLOSE = Deed(
    "close", "Close this call-back", "Close", "The call-back is closed.", CloseForm, calling.close,
    lambda data: {"ended": data["ended"], "note": data["note"]},
)  # fmt: skip


@require_POST
@for_clinicians
def take(request: HttpRequest, actor: Actor, call_back: int) -> HttpResponse:
    """ "I take this": nobody is alerted about it any more."""
    try:
        calling.take(actor=actor, call_back=_found(actor, call_back), expected_revision=_seen(request))
    except Conflict as conflict:
        return _list(request, actor, conflict=conflict, status=409)
    except ScreeningError as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, "You have this call. Note it when you have called.")
    return redirect(LIST)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clinicians
def note(request: HttpRequest, actor: Actor, call_back: int) -> HttpResponse:
    return _write(request, actor, _found(actor, call_back), NOTE)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clinicians
def close(request: HttpRequest, actor: Actor, call_back: int) -> HttpResponse:
    return _write(request, actor, _found(actor, call_back), CLOSE)


@require_POST
@for_clinicians
def close_flood(request: HttpRequest, actor: Actor, flood: str) -> HttpResponse:
    """Those of one flood that left no way to reach them, together."""
    count = calling.close_flood(actor=actor, flood=flood)
    messages.success(request, f"{count} closed.")
    return redirect(LIST)


def _write(request: HttpRequest, actor: Actor, call_back: CallBack, deed: Deed) -> HttpResponse:
    if call_back.closed_at is not None and request.method != "POST":
        messages.info(request, "This call-back is closed.")
        return redirect(LIST)
    form = deed.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            values = deed.values(form.cleaned_data)
            deed.act(actor=actor, call_back=call_back, expected_revision=_seen(request), **values)
        except FieldErrors as errors:
            form.blame(errors)
        except ScreeningError as refusal:
            return _form(request, actor, _found(actor, call_back.pk), deed, form, conflict=refusal, status=409)
        else:
            messages.success(request, deed.done)
            return redirect(LIST)
    return _form(request, actor, call_back, deed, form)


def _form(
    request: HttpRequest,
    actor: Actor,
    call_back: CallBack,
    deed: Deed,
    form: CallForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The form beside what it is about. After a conflict: as it is now, with what was typed."""
    entry = Entry(call_back, actor, timezone.now())
    _record(actor, [entry])
    context = {"entry": entry, "deed": deed, "form": form, "clinic": actor.site, "here": HERE, **more}
    return render(request, "review/call_back.html", context, status=status)


def _found(actor: Actor, pk: int) -> CallBack:
    """Another clinic's is as if there were none."""
    call_back = calls.with_case(policies.call_backs_visible_to(actor)).filter(pk=pk).first()
    if call_back is None:
        raise Http404
    return call_back


def _seen(request: HttpRequest) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1
