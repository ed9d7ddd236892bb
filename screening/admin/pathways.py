"""A pathway at a glance: what is live, what the draft holds and what is wrong with it; what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django_object_actions import DjangoObjectActions, action

from screening.actions import rules
from screening.actions.gate import gate
from screening.admin import links
from screening.admin.claims import prove_soon
from screening.admin.differing import changes_between
from screening.admin.drafts import draft_context
from screening.admin.errors import faults
from screening.admin.expressions import with_code
from screening.admin.forms import DetailsForm
from screening.admin.pages import ImportForm
from screening.admin.publishing import PublishPage, SuspendPage, unmet_linked
from screening.admin.site import Guarded, ReadOnly, actor_of, events_of, site, who
from screening.admin.translations import TranslationsPage
from screening.admin.trying import TryPage
from screening.models import AuditEvent, Draft, Pathway
from screening.models.draft_tables import ROWS
from screening.policies import can_edit_rules, can_read_rules, pathways_edited_by, pathways_read_by
from screening.rules.problems import DocumentError
from screening.rulesets import read_document, to_yaml

View = Callable[[Any, HttpRequest, Pathway], HttpResponse]


def _only(may: Callable[..., bool], view: View) -> View:
    @wraps(view)
    def checked(self: Any, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        if not may(actor_of(request), pathway):
            raise PermissionDenied
        return view(self, request, pathway)

    return checked


def for_editors(view: View) -> View:
    """A page of the pathway, for those who may edit its rules."""
    return _only(can_edit_rules, view)


def for_readers(view: View) -> View:
    """A page of the pathway, also for those who sign drafts and do not edit them."""
    return _only(can_read_rules, view)


def button(label: str, words: str, *, look: str = "") -> Any:
    return action(label=label, description=words, button_type="a", attrs={"class": look})


@admin.register(Pathway, site=site)
class PathwayAdmin(DjangoObjectActions, ReadOnly):
    change_form_template = "admin/pathway/overview.html"
    change_list_template = "admin/change_list.html"
    change_actions = ("try_case", "difference", "translations", "import_yaml", "export", "suspend", "publish")
    list_display = ("title", "id", "live_version", "draft_column")
    list_display_links = ("title",)
    search_fields = ("id", "title")
    fields = ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_read_rules(actor_of(request), obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pathway]:
        mine = pathways_read_by(actor_of(request))
        return super().get_queryset(request).filter(pk__in=mine).select_related("live_version", "draft")

    def events_about(self, obj: Pathway) -> QuerySet[AuditEvent]:
        """Of its draft as a whole, too; each row has its own."""
        events, draft = events_of(obj), Draft.objects.filter(pathway=obj).first()
        return (events | events_of(draft) if draft else events).order_by("-number")

    @admin.display(description="draft")
    def draft_column(self, pathway: Pathway) -> str:
        draft = Draft.objects.filter(pathway=pathway).first()
        if draft is None:
            return "none yet"
        found = len(draft.problems())
        return f"{found} problems" if found else "no problems"

    def get_change_actions(self, request: HttpRequest, object_id: str, form_url: str) -> tuple[str, ...]:
        found: tuple[str, ...] = super().get_change_actions(request, object_id, form_url)
        return found if can_edit_rules(actor_of(request)) else ("difference", "export", "publish")

    # The page at a glance

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pathway = self.get_queryset(request).filter(pk=object_id).first()
        if pathway is None:
            # Nobody learns which pathways of other clinics there are.
            raise PermissionDenied
        draft = Draft.objects.filter(pathway=pathway).first()
        context = {"title": pathway.title, "subtitle": None, "pathway": pathway, "live": pathway.live_version}
        context |= self._at_a_glance(request, draft) if draft else {}
        context |= _suspension(request, pathway) if pathway.suspended_at else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _at_a_glance(self, request: HttpRequest, draft: Draft) -> dict[str, Any]:
        checked = gate(draft)
        counts = [
            {"words": kind._meta.verbose_name_plural, "number": draft.rows(kind).count(),
             "address": links.rows_address(draft, kind)}
            for kind in ROWS
        ]  # fmt: skip
        return {
            **_ways(request, draft),
            "gate": checked,
            "problems": links.linked(draft, checked.problems),
            "unmet": unmet_linked(draft, checked),
            "counts": counts,
            "details_address": links.details_address(draft),
        }

    # What can be done

    @button("Try a case", "Answer as a patient would, and see what the draft says and why")
    @for_editors
    def try_case(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        return TryPage(request, _draft_of(pathway)).answer()

    @button("What changed", "The difference between the live version and the draft, in words")
    @for_readers
    def difference(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        draft = _draft_of(pathway)
        context = self._page(request, draft, "What changed since the live version") | changes_between(draft)
        return TemplateResponse(request, "admin/pathway/difference.html", context)

    @button("Translations", "The patients' texts in other languages: what is written, checked and approved")
    @for_editors
    def translations(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        draft = _draft_of(pathway)
        return TranslationsPage(request, draft, self._page(request, draft, "Translations")).answer()

    @button("Import YAML", "Fill the draft anew from a file")
    @for_editors
    def import_yaml(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        form = ImportForm(request.POST or None, request.FILES or None)
        problems: list[Any] = []
        if request.method == "POST" and form.is_valid():
            try:
                return self._import(request, pathway, form)
            except DocumentError as error:
                problems = [with_code(str(problem)) for problem in error.problems[: links.SHOWN]]
        draft = Draft.objects.filter(pathway=pathway).first()
        context = self._page(request, draft, "Import YAML", pathway)
        context |= {"form": form, "problems": problems, "faults": faults(form)}
        return TemplateResponse(request, "admin/pathway/import.html", context, status=422 if problems else 200)

    def _import(self, request: HttpRequest, pathway: Pathway, form: ImportForm) -> HttpResponse:
        rules.import_document(
            actor=actor_of(request),
            pathway=pathway,
            document=read_document(form.document()),
            vignettes=read_document(form.vignettes()) if form.vignettes() else None,
        )
        prove_soon(request, pathway.draft)
        messages.success(request, "The draft was filled anew. Patients still meet the live version.")
        return HttpResponseRedirect(links.pathway_address(pathway.draft))

    @button("Export YAML", "The draft or a version as a file")
    @for_readers
    def export(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        draft = Draft.objects.filter(pathway=pathway).first()
        what = request.GET.get("what", "")
        if not what:
            versions = pathway.versions.defer("document", "vignettes")
            context = self._page(request, draft, "Export YAML", pathway) | {"versions": versions}
            return TemplateResponse(request, "admin/pathway/export.html", context)
        document, name = _exported(pathway, draft, what, of_vignettes="vignettes" in request.GET)
        response = HttpResponse(to_yaml(document), content_type="application/yaml")
        response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
        return response

    @button("Publish…", "Check everything once more, then make the draft the live version", look="default")
    @for_readers
    def publish(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        draft = _draft_of(pathway)
        return PublishPage(request, draft, self._page(request, draft, "Publish the draft")).answer()

    @button("Suspend…", "Nobody meets the live version until it is ended; at once, without a gate")
    @for_editors
    def suspend(self, request: HttpRequest, pathway: Pathway) -> HttpResponse:
        draft = Draft.objects.filter(pathway=pathway).first()
        title = "End the suspension" if pathway.suspended_at else "Suspend what is live"
        return SuspendPage(request, pathway, self._page(request, draft, title, pathway)).answer()

    def _page(
        self, request: HttpRequest, draft: Draft | None, title: str, pathway: Pathway | None = None
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            **(_ways(request, draft) if draft else {}),
            "title": title,
            "opts": self.opts,
            "pathway": draft.pathway if draft else pathway,
            "media": self.media,
        }


def _ways(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """The ways around a draft, for those who may go them."""
    context = draft_context(draft)
    return context if can_edit_rules(actor_of(request)) else context | {"ways": []}


def _suspension(request: HttpRequest, pathway: Pathway) -> dict[str, Any]:
    event = events_of(pathway).filter(action="pathway.suspend").order_by("-number").first()
    return {
        "suspended_by": who(event.actor_kind, event.actor_id) if event else "somebody",
        "may_edit": can_edit_rules(actor_of(request), pathway),
        "suspend_address": links.page_address(pathway.pk, "suspend"),
    }


def _draft_of(pathway: Pathway) -> Draft:
    draft = Draft.objects.select_related("pathway__live_version").filter(pathway=pathway).first()
    if draft is None:
        raise Http404("This pathway has no draft yet. Import one.")
    return draft


def _exported(pathway: Pathway, draft: Draft | None, what: str, *, of_vignettes: bool) -> tuple[dict[str, Any], str]:
    """The document asked for, and a name for its file."""
    ending = ".vignettes" if of_vignettes else ""
    if what == "draft" and draft:
        return (draft.compile_vignettes() if of_vignettes else draft.exported()), f"{pathway.pk}-draft{ending}"
    version = pathway.versions.filter(number=int(what) if what.isdecimal() else 0).first()
    if version is None:
        raise Http404("There is no such version.")
    return (version.vignettes if of_vignettes else version.document), f"{pathway.pk}-{version.number}{ending}"


@admin.register(Draft, site=site)
class DetailsAdmin(Guarded):
    """The seldom-edited fields of a draft."""

    form = DetailsForm
    change_form_template = "admin/draft/change_form.html"
    fieldsets = (
        (None, {"fields": ("seen", "title", "language", "scope", ("owner", "review_by"), "notice")}),
        (
            "Where no rule decides",
            {"fields": ("default_disposition", "clarify_disposition", "invalid_answer_within_hours")},
        ),
        ("Lists", {"fields": ("sections", "procedures", "source_statements", "instruments", "education")}),
    )

    class Media:
        js = ["django_htmx/htmx-2.min.js", "screening/admin.js"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_edit_rules(actor_of(request), obj.pathway if obj else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        mine = pathways_edited_by(actor_of(request))
        return super().get_queryset(request).filter(pathway__in=mine).select_related("pathway")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        form.draft, form.actor = obj, actor_of(request)
        return form

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect("../pathway/")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        draft = self.get_queryset(request).filter(pk=object_id if object_id.isdecimal() else 0).first()
        context = draft_context(draft, Draft) | {"title": "Details of the draft", "subtitle": None} if draft else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Draft, form: Any, change: bool) -> None:
        rules.save_details(actor=actor_of(request), draft=obj, expected=form.cleaned_data["seen"])
        prove_soon(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Draft) -> HttpResponse:
        return HttpResponseRedirect(links.pathway_address(obj))
