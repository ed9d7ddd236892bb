"""The admin: its one site, and what all its pages have in common: our policies, our audit, nothing done in bulk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import reverse
from django.utils import timezone

from screening.admin.errors import summary
from screening.models import AuditEvent
from screening.policies import Actor, can_answer_erasure, name_of

# The front page's lists, by model.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Pathways and their rules", ("Pathway", "RuleSetVersion")),
    ("Clinics and staff", ("Site", "StaffMember", "Offering")),
    ("Records", ("AuditEvent", "Assessment", "ErasureRequest")),
)


class ScreeningAdmin(admin.AdminSite):
    site_header = "Rules and settings"
    site_title = "Surgical screening"
    index_title = "Rules and settings"
    site_url = None
    # Every model in it is in the lists above, or belongs to a draft and has a way there.
    enable_nav_sidebar = False

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Times are told on the clock of the clinic of whoever looks."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def on_the_clock(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            clinic = actor_of(request).site
            with timezone.override(clinic.time_zone if clinic else "UTC"):
                response = guarded(request, *args, **options)
                return response.render() if isinstance(response, SimpleTemplateResponse) else response

        return on_the_clock

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        found = {model["object_name"]: model for app in super().get_app_list(request) for model in app["models"]}
        found |= _own_pages(request)
        groups = ((title, [found[name] for name in names if name in found]) for title, names in GROUPS)
        return [
            {"name": title, "app_label": f"group-{place}", "app_url": "", "has_module_perms": True, "models": models}
            for place, (title, models) in enumerate(groups)
            if models
        ]

    # Signing in and out, and one's password, are allauth's: they know the second factor.

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:index")


def _own_pages(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Lists that are no list of a model."""
    actor = actor_of(request)
    if actor.site is None or not can_answer_erasure(actor, actor.site):
        return {}
    page = {"object_name": "ErasureRequest", "name": "requests for erasure", "admin_url": reverse("erasure:list")}
    return {"ErasureRequest": page}


site = ScreeningAdmin()
# The admin's own sign-in knows no second factor: send people through the one everybody uses.
site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


def actor_of(request: HttpRequest) -> Actor:
    """Who is signed in, looked up once a request."""
    if not hasattr(request, "_screening_actor"):
        request._screening_actor = Actor.staff(request.user)  # type: ignore[attr-defined]
    actor: Actor = request._screening_actor  # type: ignore[attr-defined]
    return actor


class Guarded(admin.ModelAdmin):
    """Nothing in bulk; who may, policies say; what was done, the audit says."""

    actions = None
    show_facets = admin.ShowFacets.NEVER

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, "subtitle": None, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        return super().render_change_form(request, {**context, **summary(context)}, *args, **options)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # Django's own log of changes would be a second, weaker one.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        pass

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the audit holds about one record."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = Paginator(self.events_about(obj), 25).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was done to {self.opts.verbose_name} {obj}",
            "opts": self.opts,
            "object": obj,
            "page": page,
            "events": [event_in_words(event) for event in page],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def events_about(self, obj: Any) -> QuerySet[AuditEvent]:
        """The newest first."""
        return events_of(obj).order_by("-number")


class ReadOnly(Guarded):
    """Records kept as they were written: nobody adds, changes or deletes them here, a superuser no more than others."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def events_of(obj: Model) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(object_type=obj._meta.model_name, object_id=str(obj.pk))


# How the history says what was done; any other action is said by its code.
DONE = {
    "row.add": "added it",
    "row.change": "changed it",
    "row.move": "moved it",
    "row.delete": "deleted it",
    "account.add": "made the account",
    "account.change": "changed the account",
    "account.forget_second_factor": "took the second factor away",
    "staff.change": "said where they work and in which roles",
    "staff.change_email": "changed an e-mail address",
    "staff.change_password": "chose a new password",
    "staff.change_second_factor": "changed the second factor",
    "staff.sign_in": "signed in",
    "staff.sign_in_failed": "noted a wrong password",
    "staff.sign_out": "signed out",
    "site.add": "made the clinic",
    "site.change": "changed the settings",
    "site.offer": "opened or closed what is offered",
    "draft.change": "changed the details of the draft",
    "draft.import": "filled the draft anew from a file",
    "draft.translate": "changed or approved translations",
    "pathway.add": "made the pathway",
    "pathway.publish": "published a version",
    "pathway.sign": "signed the draft",
    "pathway.withdraw_claim": "withdrew a claim",
    "pathway.take_back_withdrawal": "took back the withdrawal of a claim",
    "pathway.suspend": "suspended what was live",
    "pathway.resume": "ended the suspension",
    "pathway.read": "looked at the feedback",
}


def event_in_words(event: AuditEvent) -> dict[str, Any]:
    """An audit event as a page shows it: when, who, what, and each thing that changed."""
    before, after = event.before or {}, event.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "at": event.at,
        "who": who(event.actor_kind, event.actor_id),
        "action": DONE.get(event.action, event.action),
        "changes": [(name, _shown(before.get(name)), _shown(after.get(name))) for name in names if _says(after, name)],
    }


def _says(after: dict[str, Any], name: str) -> bool:
    """Nothing is said by an empty list of what changed."""
    return name != "changed" or bool(after.get(name))


def _shown(value: Any) -> Any:
    """A list as people write it."""
    plain = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return ", ".join(value) if plain else value


def who(kind: str, actor_id: str) -> str:
    if kind != "staff":
        return {"system": "The program", "patient": "A patient"}.get(kind, kind)
    return name_of(User.objects.filter(pk=actor_id or None).first())
