"""What the admin pages of all rows of a draft have in common."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from screening.actions import rules
from screening.actions.gate import Gate, gate
from screening.admin import links
from screening.admin.claims import line_context, prove_soon
from screening.admin.expressions import expression_problems, meaning, problems_in_place, with_code
from screening.admin.fields import Expression
from screening.admin.site import Guarded, actor_of, who
from screening.admin.vocabulary import uses_of, vocabulary
from screening.forms.typed import typed
from screening.models import AuditEvent, Draft
from screening.models.draft_tables import ROWS
from screening.models.row import DraftRow
from screening.policies import can_edit_rules, pathways_edited_by


def draft_context(draft: Draft, here: Any = None) -> dict[str, Any]:
    """The ways around a draft, for every page of it. `here` is the kind of row, or the class Draft, being looked at."""
    ways = [
        {"words": kind._meta.verbose_name_plural, "address": links.rows_address(draft, kind), "here": kind is here}
        for kind in ROWS
    ]
    details = {"words": "details", "address": links.details_address(draft), "here": here is Draft}
    return {
        "draft": draft,
        "pathway_address": links.pathway_address(draft),
        "ways": [*ways, details],
        **line_context(draft),
    }


class RowList(ChangeList):
    """Rows with what is wrong with each."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        for row in self.result_list:
            row.notes = getattr(request, "row_notes", {}).get(row.pk, [])


class RowAdmin(Guarded):
    """One kind of row. Everything is written by actions; an error in an expression is told under its field."""

    change_form_template = "admin/draft/change_form.html"
    change_list_template = "admin/draft/change_list.html"
    delete_confirmation_template = "admin/draft/delete_confirmation.html"
    list_per_page = 200
    show_full_result_count = False
    empty_value_display = ""
    ordering = ("order", "pk")

    class Media:
        js = ["django_htmx/htmx-2.min.js", "screening/admin.js"]

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_edit_rules(actor_of(request), obj.draft.pathway if obj else None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = pathways_edited_by(actor_of(request))
        return super().get_queryset(request).select_related("draft__pathway").filter(draft__pathway__in=mine)

    # Which draft

    def _drafts(self, request: HttpRequest) -> QuerySet[Draft]:
        return Draft.objects.filter(pathway__in=pathways_edited_by(actor_of(request))).select_related("pathway")

    def _draft(self, request: HttpRequest) -> Draft | None:
        """The draft named in the address; or the only one."""
        drafts = self._drafts(request)
        named = request.GET.get("draft", "")
        if named:
            return drafts.filter(pk=int(named) if named.isdecimal() else 0).first()
        return drafts.first() if drafts.count() == 1 else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        draft = self._draft(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if draft is None:
            return redirect("admin:screening_pathway_changelist")
        if "draft" not in request.GET:
            return HttpResponseRedirect(links.rows_address(draft, self.model))
        request.row_notes = self.notes(draft)  # type: ignore[attr-defined]
        title = f"{str(self.opts.verbose_name_plural).capitalize()} of the draft"
        context = {**draft_context(draft, self.model), "title": title, "subtitle": None, **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        columns = tuple(super().get_list_display(request))
        return (*columns, "problems_column") if getattr(request, "row_notes", None) else columns

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return RowList

    def notes(self, draft: Draft) -> dict[int, list[str]]:
        """What the list says is wrong with each row, by its key."""
        found: dict[int, list[str]] = {}
        for problem in draft.problems()[: links.SHOWN]:
            row = draft.row_at(problem.place)
            if isinstance(row, self.model):
                found.setdefault(row.pk, []).append(problem.message)
        return found

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        draft = self._draft(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if draft is None:
            messages.info(request, "Choose the pathway first.")
            return redirect("admin:screening_pathway_changelist")
        return super().add_view(request, form_url, self._page_context(draft) | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=object_id if object_id.isdecimal() else 0).first()
        if row is not None:
            found = [
                with_code(problem.message) for problem in row.draft.problems() if row.draft.row_at(problem.place) == row
            ]
            about = {"row_problems": found, "uses": self._uses(row)}
            extra_context = self._page_context(row.draft) | about | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra_context)

    def _page_context(self, draft: Draft) -> dict[str, Any]:
        context = draft_context(draft, self.model)
        return context | ({"vocabulary": vocabulary(draft)} if self._expressions() else {})

    def _uses(self, row: DraftRow) -> list[tuple[str, str]]:
        if not row.shares_names_with:
            return []
        return [(f"{use._meta.verbose_name} {use}", links.row_address(use)) for use in uses_of(row.draft, row.name)]

    # Forms

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        form.draft = obj.draft if obj else self._draft(request)
        form.actor = actor_of(request)
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST":
            # From here to the end of the transaction nobody else changes this draft.
            Draft.objects.select_for_update().get(pk=obj.draft_id)
            obj.refresh_from_db()
        return obj

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Somebody deleted it, perhaps while it was open here: nobody loses what they typed."""
        words = typed(request.POST)
        is_others = object_id.isdecimal() and self.model.objects.filter(pk=object_id).exists()
        if not words or is_others:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        done = {"object_type": self.opts.model_name, "object_id": object_id, "action": "row.delete"}
        event = AuditEvent.objects.filter(**done, site=getattr(actor_of(request).site, "slug", "")).last()
        context = {
            **self.admin_site.each_context(request),
            "title": f"This {self.opts.verbose_name} is gone",
            "opts": self.opts,
            "who": who(event.actor_kind, event.actor_id) if event else "",
            "list_address": reverse(self._url("changelist")),
            "typed": words,
        }
        return render(request, "admin/draft/gone.html", context, status=409)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        form = context["adminform"].form
        readable = form.draft.vocabulary()
        for name, field in form.fields.items():
            if isinstance(field, Expression):
                field.widget.check = f"{reverse(self._url('check'))}?draft={form.draft.pk}&row={form.instance.pk or ''}"
                field.widget.clause = None if form.errors.get(name) else meaning(readable, form[name].value())
        return super().render_change_form(request, context, *args, **options)

    def _expressions(self) -> list[str]:
        return [name for name, field in self.form.declared_fields.items() if isinstance(field, Expression)]

    # Writing

    def save_model(self, request: HttpRequest, obj: DraftRow, form: Any, change: bool) -> None:
        """Not yet: a row is saved together with what lies inside it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        rules.save_row(
            actor=actor_of(request),
            row=form.instance,
            expected=form.cleaned_data.get("seen", ""),
            choices=[one.instance for formset in formsets for one in formset.changed_forms()],
            gone=[one.instance for formset in formsets for one in formset.deleted_forms if one.instance.pk],
        )
        prove_soon(request, form.instance.draft)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return []

    def delete_model(self, request: HttpRequest, obj: DraftRow) -> None:
        rules.delete_row(actor=actor_of(request), row=obj)
        prove_soon(request, obj.draft)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=object_id if object_id.isdecimal() else 0).first()
        if row is not None:
            before = set(row.draft.problems())
            new = [problem for problem in row.draft.read(without=row).problems if problem not in before]
            extra_context = draft_context(row.draft, self.model) | {"consequences": links.linked(row.draft, new)}
        return super().delete_view(request, object_id, extra_context)

    def response_post_save_add(self, request: HttpRequest, obj: DraftRow) -> HttpResponse:
        return self._to_list(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: DraftRow) -> HttpResponse:
        return self._to_list(request, obj)

    def _to_list(self, request: HttpRequest, obj: DraftRow) -> HttpResponse:
        checked = gate(obj.draft)
        if checked.problems or checked.unmet:
            messages.warning(request, _what_is_left(obj.draft, checked))
        return HttpResponseRedirect(links.rows_address(obj.draft, self.model))

    # Pages of its own

    def _url(self, page: str) -> str:
        return f"admin:screening_{self.opts.model_name}_{page}"

    def get_urls(self) -> list[URLPattern]:
        page = partial(self.admin_site.admin_view)
        return [
            path("check/", page(self.check_view), name=self._url("check").removeprefix("admin:")),
            path("<int:row_id>/move/<str:way>/", page(self.move_view), name=self._url("move").removeprefix("admin:")),
            *super().get_urls(),
        ]

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """An expression as it is being typed: what is wrong with it, or what it means."""
        draft, column = self._draft(request), request.headers.get("HX-Trigger-Name", "")
        if draft is None or not can_edit_rules(actor_of(request), draft.pathway):
            raise PermissionDenied
        if request.method != "POST" or column not in self._expressions():
            raise BadRequest
        named = request.GET.get("row", "")
        stored = self.get_queryset(request).filter(draft=draft, pk=int(named) if named.isdecimal() else 0).first()
        row = stored or self.model(draft=draft)
        setattr(row, column, request.POST.get(column, "").replace("\r\n", "\n"))
        text, wanted = getattr(row, column), self.form.declared_fields[column].wanted
        problems = expression_problems(draft, row, column, wanted=wanted)
        clause = None if problems else meaning(draft.vocabulary(), text)
        context = {"problems": problems_in_place(problems, text), "clause": clause}
        return render(request, "admin/widgets/expression_check.html", context)

    def move_view(self, request: HttpRequest, row_id: int, way: str) -> HttpResponse:
        """One place up or down, from the list."""
        row = self.get_queryset(request).filter(pk=row_id).first()
        if row is None or not self.has_change_permission(request, row):
            raise PermissionDenied
        if request.method != "POST" or way not in ("up", "down"):
            raise BadRequest
        rules.move_row(actor=actor_of(request), row=row, to=row.order + (1 if way == "down" else -1))
        prove_soon(request, row.draft)
        return HttpResponseRedirect(f"{links.rows_address(row.draft, self.model)}#row-{row.pk}")

    # Columns

    @admin.display(description="place", ordering="order")
    def place_column(self, row: DraftRow) -> SafeString:
        buttons = format_html_join(
            "",
            '<button type="submit" class="move" formaction="{}" aria-label="Move {} {}">{}</button>',
            (
                (reverse(self._url("move"), args=[row.pk, way]), row.name, way, sign)
                for way, sign in (("up", "↑"), ("down", "↓"))
            ),
        )
        return format_html('<span class="place" id="row-{}">{} {}</span>', row.pk, row.order, buttons)

    @admin.display(description="problems")
    def problems_column(self, row: DraftRow) -> SafeString:
        notes = getattr(row, "notes", [])
        return format_html_join("", '<span class="row-problem">{}</span>', ((with_code(note),) for note in notes))


def _what_is_left(draft: Draft, checked: Gate) -> SafeString:
    return format_html('{} <a href="{}">See what is wrong</a>.', checked.refusal(), links.pathway_address(draft))
