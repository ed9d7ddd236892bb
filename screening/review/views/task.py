"""Doing something to a case. Each task has an address: opened, the case page with its form; sent, one action.

Whoever sends a form that saw an older case is told who did what, sees the case as it is, and keeps what they typed.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions.changes import conflict_over, last_change
from screening.clinicians import for_clinicians
from screening.exceptions import Conflict, FieldErrors, NotAllowed, ScreeningError
from screening.policies import Actor
from screening.review.access import referral_of
from screening.review.dossier import Dossier
from screening.review.forms.decision import DecideForm
from screening.review.tasks import TASKS, Task
from screening.review.views.case import case_page

# Within this, the same form sent again is a double click.
DOUBLE_CLICK = timedelta(seconds=10)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clinicians
def do(request: HttpRequest, actor: Actor, reference: str, name: str) -> HttpResponse:
    task, dossier = TASKS[name], Dossier(referral_of(actor, reference), actor, timezone.now())
    task.check_role(dossier)
    return _sent(request, dossier, task) if request.method == "POST" else _opened(request, dossier, task)


@require_safe
@for_clinicians
def differs(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """A few words for the form while somebody chooses: whether that goes against the outcome."""
    dossier = Dossier(referral_of(actor, reference), actor, timezone.now())
    form = DecideForm(dossier, request.GET)
    return render(request, "review/_differs.html", {"differs": form.differs_now(), "dossier": dossier})


def _opened(request: HttpRequest, dossier: Dossier, task: Task) -> HttpResponse:
    try:
        task.check(dossier)
    except NotAllowed as refusal:
        # Somebody came back to an old page: the case itself tells more than a refusal.
        messages.info(request, refusal.message)
        return _to_case(dossier)
    if not task.has_page or not task.is_open(dossier):
        return _to_case(dossier)
    return case_page(request, dossier, task=task, form=task.form(dossier))


def _sent(request: HttpRequest, dossier: Dossier, task: Task) -> HttpResponse:
    seen = _seen(request)
    if seen != dossier.referral.revision:
        return _overtaken(request, dossier, task, conflict_over(dossier.referral, dossier.actor))
    form = task.form(dossier, request.POST)
    if form.is_valid():
        try:
            words = form.perform(dossier.actor, dossier.referral, seen)
        except Conflict as conflict:
            return _overtaken(request, dossier, task, conflict)
        except FieldErrors as errors:
            form.blame(errors)
        except NotAllowed:
            raise
        except ScreeningError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, words)
            return _to_case(dossier)
    return case_page(request, dossier, task=task, form=form)


def _overtaken(request: HttpRequest, dossier: Dossier, task: Task, conflict: Conflict) -> HttpResponse:
    """The case as it is now, who was first, and what this person typed."""
    fresh = Dossier(referral_of(dossier.actor, dossier.referral.reference), dossier.actor, timezone.now())
    if _is_double_click(request, fresh, task):
        return _to_case(fresh)
    form = task.form.again(fresh, request.POST) if task.has_page else None
    context = {"conflict": conflict, "form": form, "task": task, "is_open": task.is_open(fresh)}
    return case_page(request, fresh, status=409, **context)


def _is_double_click(request: HttpRequest, dossier: Dossier, task: Task) -> bool:
    """Whether the last change is this very form, sent by this person a moment ago."""
    event = last_change(dossier.referral)
    if event is None or event.action != task.audit_action or event.actor_id != dossier.actor.id:
        return False
    same = (event.before or {}).get("revision") == _seen(request)
    return same and dossier.now - event.at < DOUBLE_CLICK


def _seen(request: HttpRequest) -> int:
    """The revision the person was looking at; -1, which no case has, where the form does not say."""
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1


def _to_case(dossier: Dossier) -> HttpResponse:
    return redirect("review:case", dossier.referral.reference)
