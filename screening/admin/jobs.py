"""Pages of work in the background: how far it is, what came of it. They poll; without JavaScript one looks again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from screening.actions import jobs
from screening.admin.claims import line_of
from screening.admin.drafts import draft_context
from screening.admin.replay import ask_page, result_context
from screening.admin.site import actor_of, site
from screening.exceptions import ScreeningError
from screening.models import Draft, Job, Pathway
from screening.policies import pathways_read_by

# For each kind, its words on the page, its template for a result, and what the template needs.
KINDS: dict[str, tuple[str, str, Callable[[HttpRequest, Job], dict[str, Any]]]] = {
    "replay": ("Replay on past cases", "admin/replay/result.html", result_context),
    "proof": ("Proof", "admin/jobs/plain.html", lambda request, job: {}),
}


def of_job(view: Callable[..., HttpResponse]) -> Any:
    """A page of a job, for those who may read it."""

    @wraps(view)
    def checked(request: HttpRequest, job_id: int) -> HttpResponse:
        job = get_object_or_404(Job.objects.select_related("pathway", "site", "asked_by"), pk=job_id)
        try:
            jobs.check_read(actor_of(request), job)
        except ScreeningError:
            raise PermissionDenied from None
        return view(request, job)

    return site.admin_view(checked)


@of_job
@require_safe
def show(request: HttpRequest, job: Job) -> HttpResponse:
    words, template, context_of = KINDS[job.kind]
    context = page(request, job.pathway, words) | progress_context(job)
    if job.status == Job.Status.DONE:
        context |= {"readings": job.readings.select_related("by"), **context_of(request, job)}
    return TemplateResponse(request, template if job.status == Job.Status.DONE else "admin/jobs/job.html", context)


@of_job
@require_safe
def progress(request: HttpRequest, job: Job) -> HttpResponse:
    """The part of a page that polls. When the job has ended, the page is to be loaded anew."""
    response = TemplateResponse(request, "admin/jobs/_progress.html", progress_context(job))
    if not job.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@of_job
@require_POST
def see(request: HttpRequest, job: Job) -> HttpResponse:
    """Somebody says that they read the result."""
    try:
        jobs.see(actor=actor_of(request), job=job)
    except ScreeningError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "It is kept that you have read this.")
    return HttpResponseRedirect(job_address(job))


def _pathway(request: HttpRequest, pathway_id: str) -> Pathway:
    pathway = pathways_read_by(actor_of(request)).filter(pk=pathway_id).first()
    if pathway is None:
        # Nobody learns which questionnaires of other clinics there are.
        raise PermissionDenied
    return pathway


@site.admin_view
@require_safe
def claims(request: HttpRequest, pathway_id: str) -> HttpResponse:
    """The line about a draft's claims, where it says something else than what is shown."""
    draft = get_object_or_404(Draft.objects.select_related("pathway"), pathway=_pathway(request, pathway_id))
    line = line_of(draft)
    if line.every and line.mark == request.GET.get("shown"):
        return HttpResponse(status=204)
    return TemplateResponse(request, "admin/draft/_claims_line.html", {"line": line})


@site.admin_view
def replay(request: HttpRequest, pathway_id: str) -> HttpResponse:
    """What has been replayed of a questionnaire, and the button that replays its draft."""
    pathway = _pathway(request, pathway_id)
    answer = ask_page(request, pathway)
    if isinstance(answer, Job):
        return HttpResponseRedirect(job_address(answer))
    context = page(request, pathway, "Replay on past cases") | answer
    return TemplateResponse(request, "admin/replay/ask.html", context, status=422 if answer.get("refused") else 200)


def page(request: HttpRequest, pathway: Pathway, title: str) -> dict[str, Any]:
    draft = Draft.objects.filter(pathway=pathway).first()
    return {
        **site.each_context(request),
        **(draft_context(draft) if draft else {}),
        "title": title,
        "pathway": pathway,
        # The clinic's, for times on the page.
        "clock": getattr(actor_of(request).site, "time_zone", "UTC"),
    }


def job_address(job: Job) -> str:
    return reverse("jobs:show", args=[job.pk])


def progress_context(job: Job) -> dict[str, Any]:
    """What _progress.html needs: for any page that shows a job under way."""
    return {"job": job, "unattended": job.is_unattended}


def progress_fragment(request: HttpRequest, job: Job) -> str:
    """The fragment that polls, to be put into another page."""
    return render_to_string("admin/jobs/_progress.html", progress_context(job), request)


app_name = "jobs"
urlpatterns = [
    path("<int:job_id>/", show, name="show"),
    path("<int:job_id>/progress/", progress, name="progress"),
    path("<int:job_id>/seen/", see, name="see"),
    path("claims/<slug:pathway_id>/", claims, name="claims"),
    path("replay/<slug:pathway_id>/", replay, name="replay"),
]
