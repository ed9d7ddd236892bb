"""Records kept as they were written, to look at: published versions, assessments (never the answers), the audit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from screening.actions import publishing
from screening.actions.audit import record_read
from screening.admin import links
from screening.admin.claims import prove_soon
from screening.admin.differing import changes_of
from screening.admin.document import as_page, as_pdf
from screening.admin.site import ReadOnly, actor_of, event_in_words, site, who
from screening.models import Assessment, AuditEvent, Draft, ErasureRequest, Referral, RuleSetVersion
from screening.policies import STAFF, can_edit_rules, can_read_audit, is_superuser


@admin.register(RuleSetVersion, site=site)
class VersionAdmin(ReadOnly):
    """Published rule sets. What is in them is no secret to staff whose clinic offers them."""

    change_form_template = "admin/version/change_form.html"
    list_display = ("version", "status", "published_at", "published_by", "reason")
    list_filter = ("status",)
    fields = ("pathway", "number", "status", "published_at", "published_by", "reason", "sha256", "vignettes_sha256")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor = actor_of(request)
        if is_superuser(actor) or actor.site is None or obj is None:
            return is_superuser(actor) or actor.site is not None
        return obj.pathway.offerings.filter(site=actor.site).exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuleSetVersion]:
        versions, actor = super().get_queryset(request).select_related("pathway"), actor_of(request)
        mine = versions if is_superuser(actor) else versions.filter(pathway__offerings__site=actor.site)
        return mine if request.resolver_match.url_name.endswith("_change") else mine.defer("document", "vignettes")

    @admin.display(ordering="number")
    def version(self, version: RuleSetVersion) -> str:
        return f"{version.pathway} {version.number}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        version = self.get_queryset(request).filter(pk=object_id if object_id.isdecimal() else 0).first()
        context = dict(extra_context or {})
        if version is not None:
            context |= changes_of(version) | {"title": self.version(version), "subtitle": None, "version": version}
            if can_edit_rules(actor_of(request), version.pathway):
                context["export_address"] = links.page_address(version.pathway_id, "export")
                context["may_take"] = True
        return super().change_view(request, object_id, form_url, context)

    # Pages of its own

    def get_urls(self) -> list[URLPattern]:
        pages = (("document", self.document_view), ("pdf", self.pdf_view), ("take", self.take_view))
        return [
            *(
                path(f"<int:version_id>/{name}/", self.admin_site.admin_view(view), name=f"rulesetversion_{name}")
                for name, view in pages
            ),
            *super().get_urls(),
        ]

    def _one(self, request: HttpRequest, version_id: int) -> RuleSetVersion:
        version = self.get_queryset(request).defer(None).filter(pk=version_id).first()
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        return version

    def document_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """The version as people read it."""
        version = self._one(request, version_id)
        context = self._about(request, version, f"{version.ruleset.title}, version {version.number}")
        return TemplateResponse(request, "admin/version/document.html", context | {"document": as_page(version)})

    def _about(self, request: HttpRequest, version: RuleSetVersion, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "version": version, "opts": self.opts}

    def pdf_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        version = self._one(request, version_id)
        response = HttpResponse(as_pdf(version), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{version.pathway_id}-{version.number}.pdf"'
        return response

    def take_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Its content becomes the draft: how one goes back to it. Asks first where the draft has what would be lost."""
        version = self._one(request, version_id)
        if request.method != "POST" or not can_edit_rules(actor_of(request), version.pathway):
            raise PermissionDenied
        if "sure" not in request.POST and _holds_more(version):
            title = f"Replace the draft with version {version.number}?"
            return TemplateResponse(request, "admin/version/take.html", self._about(request, version, title))
        prove_soon(request, publishing.take_version(actor=actor_of(request), version=version))
        messages.success(
            request, f"The draft is now version {version.number}, word for word. Patients meet it when it is published."
        )
        return HttpResponseRedirect(links.page_address(version.pathway_id, "publish"))


def _holds_more(version: RuleSetVersion) -> bool:
    """Whether the draft holds something that is kept in no version, and would be lost."""
    draft = Draft.objects.filter(pathway=version.pathway).first()
    if draft is None:
        return False
    ruleset, vignettes, _ = draft.read()
    if ruleset is None or vignettes is None:
        return True
    same = version.pathway.versions.filter(sha256=ruleset.sha256, vignettes_sha256=vignettes.sha256)
    return not same.exists()


@admin.register(Assessment, site=site)
class AssessmentAdmin(ReadOnly):
    """That a case was assessed, when and by which version. What was answered and came out is read in review."""

    list_display = ("submission_id", "number", "version", "cause", "made_at", "released_at")
    list_display_links = ("submission_id",)
    list_filter = ("cause",)
    search_fields = ("=submission__id",)
    search_help_text = "The whole number of a submission."
    fields = ("submission_id", "number", "version", "version_sha256", "cause", "made_at", "released_at")
    readonly_fields = ("submission_id", "version_sha256")
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor = actor_of(request)
        return can_read_audit(actor) and (obj is None or is_superuser(actor) or obj.submission.site == actor.site)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        without = ("answers", "outcome", "disposition", "version__document", "version__vignettes")
        found, actor = super().get_queryset(request).select_related("version"), actor_of(request)
        mine = found if is_superuser(actor) else found.filter(submission__site=actor.site)
        return mine.defer(*without)

    @admin.display(description="rule set (sha256)")
    def version_sha256(self, assessment: Assessment) -> str:
        return assessment.version.sha256

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if self.has_view_permission(request):
            record_read(actor=actor_of(request), obj=actor_of(request).site or request.user, what="assessments")
        return super().changelist_view(request, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        assessment = self.get_queryset(request).filter(pk=object_id if object_id.isdecimal() else 0).first()
        if assessment is not None and self.has_view_permission(request, assessment):
            record_read(actor=actor_of(request), obj=assessment, what="admin")
        return super().change_view(request, object_id, form_url, extra_context)


class When(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = "time"


@admin.register(AuditEvent, site=site)
class AuditEventAdmin(ReadOnly):
    """Who did what to which record. A clinic's administrators see their clinic's."""

    list_display = ("number", "at", "who", "action", "object_type", "object_id")
    list_filter = ("actor_kind", ("at", When))
    search_fields = ("action", "object_type", "=object_id", "=actor_id")
    search_help_text = "A case's reference, somebody's user name, an action, a kind of record or its number."
    fields = (
        "number",
        "at",
        "who",
        "site",
        "action",
        "object_type",
        "object_id",
        "what_changed",
        "previous_hash",
        "hash",
    )
    readonly_fields = ("who", "what_changed")
    ordering = ("-number",)
    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        actor = actor_of(request)
        if not can_read_audit(actor):
            return False
        return obj is None or is_superuser(actor) or (actor.site is not None and obj.site == actor.site.slug)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        events, actor = super().get_queryset(request), actor_of(request)
        if is_superuser(actor):
            return events
        return events.filter(site=actor.site.slug) if actor.site else events.none()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        """Also by what people know a case and a colleague by. What other clinics have is not in `queryset`."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        words = search_term.strip()
        return (found | queryset.filter(about_case(words) | by_colleague(words)) if words else found), may_repeat

    @admin.display(description="by")
    def who(self, event: AuditEvent) -> str:
        return who(event.actor_kind, event.actor_id)

    @admin.display(description="what changed")
    def what_changed(self, event: AuditEvent) -> str:
        lines = (_change_in_words(*change) for change in event_in_words(event)["changes"])
        return format_html("<span class='lines'>{}</span>", "\n".join(lines) or "–")


def _change_in_words(name: str, before: Any, after: Any) -> str:
    return f"{name}: {after}" if before is None else f"{name}: {before} → {after}"


def about_case(reference: str) -> Q:
    """What was done to the case with this reference; of one that is erased, what is still known to belong to it."""
    case = Referral.objects.filter(reference__iexact=reference).select_related("submission").first()
    asked = ErasureRequest.objects.filter(reference__iexact=reference)
    found = _events("erasurerequest", asked.values_list("pk", flat=True))
    found |= _events("referral", [case.pk] if case else asked.values_list("referral", flat=True))
    if case:
        found |= _events("submission", [case.submission_id])
        found |= _events("assessment", case.submission.assessments.values_list("pk", flat=True))
        found |= _events("callback", case.submission.call_backs.values_list("pk", flat=True))
    return found


def _events(kind: str, keys: Iterable[Any]) -> Q:
    return Q(object_type=kind, object_id__in=[str(key) for key in keys])


def by_colleague(username: str) -> Q:
    """Everything that the account of this name did, and that was done to it."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        return Q(pk__in=())
    return Q(actor_kind=STAFF, actor_id=str(user.pk)) | Q(object_type="user", object_id=str(user.pk))
