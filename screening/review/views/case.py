"""One case: the page, every rule with why it did or did not fire, what would change it, and who opened the case."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from screening.actions.audit import record_read
from screening.clinicians import for_clinicians
from screening.models import AuditEvent, Referral
from screening.policies import Actor, check_referral_role, name_of
from screening.review.access import referral_of
from screening.review.alarms import withdrawn
from screening.review.answers import own_words, sections
from screening.review.comparison import compared
from screening.review.dossier import Dossier
from screening.review.history import history
from screening.review.reading import languages_of
from screening.review.rules import all_rules
from screening.review.tasks import buttons
from screening.review.whatif import found, parts
from screening.review.wishes import wishes
from screening.review.words import moment
from screening.review.worse import worse


@require_safe
@for_clinicians
def show(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    return case_page(request, Dossier(referral_of(actor, reference), actor, timezone.now()))


def case_page(request: HttpRequest, dossier: Dossier, *, status: int = 200, **context: Any) -> HttpResponse:
    """The whole page; `context` adds the task that is open on it. Whoever sees it is recorded."""
    record_read(actor=dossier.actor, obj=dossier.referral, what="case")
    context |= {
        "dossier": dossier,
        "buttons": buttons(dossier),
        "reads": languages_of(dossier),
        "worse": worse(dossier),
        "wishes": wishes(dossier),
        "withdrawn": withdrawn(dossier),
        "own_words": own_words(dossier),
        "sections": sections(dossier),
        "compared": compared(dossier),
        "events": history(dossier),
    }
    return render(request, "review/case.html", context, status=status)


@require_safe
@for_clinicians
def rules(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Every rule by its title, with why or why not. Asked for by htmx, only the list."""
    dossier = Dossier(referral_of(actor, reference), actor, timezone.now())
    record_read(actor=actor, obj=dossier.referral, what="rules")
    template = "review/_all_rules.html" if request.htmx else "review/all_rules.html"  # type: ignore[attr-defined]
    return render(request, template, {"dossier": dossier, "groups": all_rules(dossier)})


@require_safe
@for_clinicians
def what_if(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """The fewest changes that would lead elsewhere, for surgeons. Asked for by htmx, only the list."""
    dossier = Dossier(referral_of(actor, reference), actor, timezone.now())
    check_referral_role(actor, dossier.referral, "decide")
    record_read(actor=actor, obj=dossier.referral, what="what-if")
    whatif = found(dossier)
    template = "review/_ways.html" if request.htmx else "review/ways.html"  # type: ignore[attr-defined]
    context = {"dossier": dossier, "parts": parts(dossier, whatif), "is_whole": whatif.whole}
    return render(request, template, context)


@require_safe
@for_clinicians
def readers(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Who opened this case, how often, and when last."""
    referral = referral_of(actor, reference)
    record_read(actor=actor, obj=referral, what="readers")
    context = {"referral": referral, "readers": _readers(referral)}
    return render(request, "review/readers.html", context)


def _readers(referral: Referral) -> list[dict[str, Any]]:
    reads = AuditEvent.objects.filter(object_type="referral", object_id=str(referral.pk), action="referral.read")
    found = list(reads.values("actor_kind", "actor_id").annotate(times=Count("pk"), last=Max("at")).order_by("-last"))
    users = User.objects.in_bulk([int(one["actor_id"]) for one in found if one["actor_id"]])
    now = timezone.now()
    return [
        {
            "who": name_of(users.get(int(one["actor_id"]))) if one["actor_id"] else "The patient",
            "times": one["times"],
            "last": moment(one["last"], referral.site, now),
        }
        for one in found
    ]
