"""Patients who ask that everything about them is erased: an administrator of their clinic says yes, or no and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions import erasing
from screening.actions.audit import record_read
from screening.admin.errors import faults
from screening.admin.site import actor_of, site
from screening.exceptions import FieldErrors, ScreeningError
from screening.models import ErasureRequest, Referral, Site
from screening.policies import Actor, can_answer_erasure

ANSWERED_SHOWN = 50
YES, NO = "yes", "no"


class AnswerForm(forms.Form):
    """Which of the two, and what each needs."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[(YES, "Erase everything for good"), (NO, "Do not erase it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    sure = forms.BooleanField(
        required=False,
        label="The case needs no care any more, and no law says that we must keep it",
        help_text="Needed to erase. Ask the surgeon who has the case, and whoever answers for privacy.",
    )
    reason = forms.CharField(
        required=False,
        label="Why not?",
        help_text="Needed to say no. The patient reads it as you write it.",
        widget=AdminTextareaWidget({"rows": 3}),
        max_length=erasing.LONGEST,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == YES and not cleaned.get("sure"):
            self.add_error("sure", "Tick this box once you are sure: it cannot be undone.")
        if cleaned.get("answer") == NO and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why, in words that the patient understands.")
        return cleaned


def for_administrators(view: Callable[..., HttpResponse]) -> Any:
    """view(request, actor, clinic, …): administrators of a clinic, about that clinic. Others are refused in words."""

    @wraps(view)
    def checked(request: HttpRequest, **options: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.site is None or not can_answer_erasure(actor, actor.site):
            raise PermissionDenied
        return view(request, actor, actor.site, **options)

    return site.admin_view(checked)


@for_administrators
@require_safe
def listed(request: HttpRequest, actor: Actor, clinic: Site) -> HttpResponse:
    """Those to answer, the oldest first; then what was answered."""
    record_read(actor=actor, obj=clinic, what="erasures")
    asked = _of(clinic)
    context = {
        "open": asked.filter(status=ErasureRequest.Status.ASKED),
        "answered": asked.exclude(status=ErasureRequest.Status.ASKED)
        .select_related("answered_by")
        .order_by("-answered_at")[:ANSWERED_SHOWN],
    }
    return _page(request, clinic, "list", "Requests for erasure", **context)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, actor: Actor, clinic: Site, request_id: int) -> HttpResponse:
    asked = _of(clinic).filter(pk=request_id).select_related("site", "answered_by").first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, actor, asked, form):
        return HttpResponseRedirect(reverse("erasure:list"))
    record_read(actor=actor, obj=asked, what="erasure")
    referral = Referral.objects.filter(pk=asked.referral).select_related("surgeon").first()
    context = {"asked": asked, "referral": referral, "form": form, "faults": faults(form)}
    return _page(request, clinic, "one", f"Erasure asked for, case {asked.reference}", **context)


def _of(clinic: Site) -> QuerySet[ErasureRequest]:
    """What was erased without asking the clinic, since nobody had sent it, is in the audit trail only."""
    return ErasureRequest.objects.filter(site=clinic, referral__isnull=False)


def _answered(request: HttpRequest, actor: Actor, asked: ErasureRequest, form: AnswerForm) -> bool:
    """Whether it is done with; somebody else may have been faster."""
    try:
        if form.cleaned_data["answer"] == NO:
            erasing.refuse_erasure(actor=actor, request=asked, reason=form.cleaned_data["reason"])
            messages.success(request, f"{asked.reference}: refused. The patient reads why on their page.")
        else:
            done = erasing.approve_erasure(actor=actor, request=asked)
            messages.success(request, f"{asked.reference}: {WORDS[done.status]}")
    except FieldErrors as errors:
        for field, words in errors.fields.items():
            form.add_error(field, words)
        return False
    except ScreeningError as refusal:
        messages.warning(request, refusal.message)
    return True


WORDS = {
    ErasureRequest.Status.ERASED: "erased. Nothing is held about this person any more.",
    ErasureRequest.Status.APPROVED: "will be erased as soon as the e-mail to the patient has left.",
}


def _page(request: HttpRequest, clinic: Site, name: str, title: str, **context: Any) -> HttpResponse:
    about = {**site.each_context(request), "title": title, "clock": clinic.time_zone}
    return TemplateResponse(request, f"admin/erasure/{name}.html", {**about, **context})


app_name = "erasure"
urlpatterns = [
    path("", listed, name="list"),
    path("<int:request_id>/", one, name="one"),
]
