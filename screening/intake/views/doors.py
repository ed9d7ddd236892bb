"""The ways in: which clinic, and which questions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
    return render(request, "intake/sites.html", {"sites": found})


@require_safe
def pathways(request: HttpRequest, site: str) -> HttpResponse:
    """What a clinic offers; straight to the only one."""
    clinic = site_or_404(site)
    offered = Pathway.objects.filter(offerings__site=clinic, live_version__isnull=False)
    if len(offered) == 1:
        return redirect("intake:start", site=site, pathway=offered[0].pk)
    is_open = [pathway for pathway in offered if policies.can_start(Actor.patient(clinic), clinic, pathway)]
    if not is_open:
        return render(request, "intake/closed.html", {"site": clinic})
    return render(request, "intake/pathways.html", {"site": clinic, "pathways": is_open})
