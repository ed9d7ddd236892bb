"""The ways in: which clinic, and which questions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from screening import policies
from screening.intake.visit import site_or_404
from screening.models import Pathway, Site
from screening.policies import Actor


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """The clinics; straight to the only one."""
    found = list(Site.objects.filter(is_active=True))
    if len(found) == 1:
        return redirect("intake:site", site=found[0].slug)
    speak(request, live(Pathway.objects.filter(offerings__site__in=found)))
    return render(request, "intake/sites.html", {"sites": found})


@require_safe
def pathways(request: HttpRequest, site: str) -> HttpResponse:
    """What a clinic offers; straight to the only one."""
    clinic = site_or_404(site)
    offered = live(Pathway.objects.filter(offerings__site=clinic))
    if len(offered) == 1:
        return redirect("intake:start", site=site, pathway=offered[0].pk)
    speak(request, offered)
    is_open = [pathway for pathway in offered if policies.can_start(Actor.patient(clinic), clinic, pathway)]
    if not is_open:
        return render(request, "intake/closed.html", {"site": clinic})
    return render(
        request, "intake/pathways.html", {"site": clinic, "ways": [(pathway, _title(pathway)) for pathway in is_open]}
    )


def live(pathways: QuerySet[Pathway]) -> list[Pathway]:
    """Those that have questions, once each."""
    found = pathways.filter(live_version__isnull=False).distinct().select_related("live_version")
    return list(found.defer("live_version__document", "live_version__vignettes"))


def speak(request: HttpRequest, pathways: list[Pathway]) -> None:
    request.page_language.use_any(each.live_version for each in pathways if each.live_version)  # type: ignore[attr-defined]


def _title(pathway: Pathway) -> str:
    assert pathway.live_version is not None
    return pathway.live_version.ruleset_in(get_language() or "").title
