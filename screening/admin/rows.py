"""The admin page of each kind of row of a draft: its columns, filters and groups of fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from screening.actions.gate import gate
from screening.admin import forms, links
from screening.admin.drafts import RowAdmin
from screening.admin.expressions import short
from screening.admin.fields import existing
from screening.admin.site import site
from screening.models import Draft
from screening.models import draft_tables as tables
from screening.rules.problems import DocumentError
from screening.rules.translations import patient_texts


class ByPart(admin.SimpleListFilter):
    """Rows that name one part of the draft, by its words rather than its id."""

    source = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, str]]:
        draft = request.GET.get("draft", "")
        for found in Draft.objects.filter(pk=int(draft) if draft.isdecimal() else 0):
            yield from (
                (part_id, words.removeprefix(f"{part_id}: ")) for part_id, words in existing(found, self.source)
            )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class BySection(ByPart):
    title, parameter_name, source = "section", "section", "sections"


class ByDisposition(ByPart):
    title, parameter_name, source = "disposition", "disposition", "dispositions"


class ByExpected(ByPart):
    title, parameter_name, source = "expected disposition", "expect_disposition", "dispositions"


class ByProfile(ByPart):
    title, parameter_name, source = "profile", "profile", "profiles"


class ByOption(ByPart):
    title, parameter_name, source = "option", "option", "options"


class IsAlarm(admin.SimpleListFilter):
    """Rules that a person must clarify when they are unknown."""

    title, parameter_name = "alarm rule", "alarm"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes"), ("no", "no")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(clarify_within_hours__isnull=self.value() == "no") if self.value() else queryset


def _shortened(column: str, title: str) -> Any:
    """A column with the beginning of a long text."""

    @admin.display(description=title, ordering=column)
    def shown(self: Any, row: Any) -> str:
        return short(getattr(row, column))

    return shown


def _fieldset(title: str | None, *fields: str | tuple[str, ...], **options: Any) -> Any:
    return title, {"fields": fields, **options}


def _folded(title: str, *fields: str | tuple[str, ...], **options: Any) -> Any:
    return title, {"fields": fields, "classes": ["collapse"], **options}


@admin.register(tables.DraftDisposition, site=site)
class DispositionAdmin(RowAdmin):
    form = forms.DispositionForm
    list_display = ("place_column", "part_id", "label", "contact_within_hours", "stop_intake")
    list_display_links = ("label",)
    search_fields = ("part_id", "label", "patient_label", "patient", "target")
    fieldsets = (
        _fieldset(None, "seen", ("part_id", "order"), "label", "contact_within_hours", "stop_intake"),
        _fieldset("Words", "patient_label", "patient", "target"),
    )


class ChoiceInline(admin.StackedInline):
    model = tables.DraftChoice
    form = forms.ChoiceForm
    formset = forms.ChoiceFormSet
    fields = (("order", "value", "label", "score", "lasting"),)
    extra = 0
    classes = ("choices",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    # Who may change a question may change its choices.
    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(tables.DraftQuestion, site=site)
class QuestionAdmin(RowAdmin):
    form = forms.QuestionForm
    inlines = (ChoiceInline,)
    list_display = ("place_column", "part_id", "short_text", "section", "type", "safety", "show")
    list_display_links = ("short_text",)
    list_filter = (BySection, "audience", "type", "safety", "optional")
    search_fields = ("part_id", "text", "help", "section", "show_if", "choices__label", "choices__value")
    fieldsets = (
        _fieldset(None, "seen", ("part_id", "order"), ("section", "audience"), "text", "help"),
        _fieldset("Answer", "type", "dont_know", ("optional", "safety", "modifiable")),
        _fieldset("When it is asked", "show_if"),
        _folded("Numbers", ("unit", "min", "max"), ("integer", "decimals"), "entry_units"),
        _folded("Other", "max_length", "instrument"),
    )

    short_text = _shortened("text", "question")

    @admin.display(description="asked when", ordering="show_if")
    def show(self, row: tables.DraftQuestion) -> str:
        return short(row.show_if, 60)


@admin.register(tables.DraftDefinition, site=site)
class DefinitionAdmin(RowAdmin):
    form = forms.DefinitionForm
    list_display = ("place_column", "part_id", "short_title", "short_meaning")
    list_display_links = ("short_title",)
    search_fields = ("part_id", "title", "meaning")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "title", "meaning"),)

    short_title = _shortened("title", "title")

    short_meaning = _shortened("meaning", "is")


@admin.register(tables.DraftRule, site=site)
class RuleAdmin(RowAdmin):
    form = forms.RuleForm
    list_display = ("place_column", "part_id", "short_title", "disposition", "contact", "clarify")
    list_display_links = ("short_title",)
    list_filter = (ByDisposition, IsAlarm, "approach")
    search_fields = ("part_id", "title", "when", "why", "patient", "surgeon", "cites", "disposition")
    fieldsets = (
        _fieldset(None, "seen", ("part_id", "order"), "title", "when"),
        _fieldset(
            "What it does", "disposition", ("contact_within_hours", "clarify_within_hours"), "approach", "supports",
            "rules_out",
        ),
        _fieldset("Words", "patient", "surgeon", "why"),
        _fieldset("Sources", "cites", "reflects"),
        _fieldset("Care", ("owner", "review_by")),
    )  # fmt: skip

    short_title = _shortened("title", "title")

    @admin.display(description="contact (h)", ordering="contact_within_hours")
    def contact(self, row: tables.DraftRule) -> int | None:
        return row.contact_within_hours

    @admin.display(description="clarify (h)", ordering="clarify_within_hours")
    def clarify(self, row: tables.DraftRule) -> int | None:
        return row.clarify_within_hours


@admin.register(tables.DraftProperty, site=site)
class PropertyAdmin(RowAdmin):
    form = forms.PropertyForm
    list_display = ("place_column", "part_id", "short_claim", "kind")
    list_display_links = ("short_claim",)
    list_filter = ("kind",)
    search_fields = ("part_id", "claim", "given", "requires")
    fieldsets = (
        _fieldset(None, "seen", ("part_id", "order"), "claim", "kind"),
        _fieldset(
            "Whenever …", "given", "given_disposition_in", "disposition_in", "disposition_not_in",
            "at_least_as_urgent_as", "contact_within_hours", "never_supports",
        ),
        _fieldset("Only if …", "disposition", "requires", "requires_all_clarifying_rules_false"),
        _folded("Irrelevant …", "questions"),
        _folded("Monotone …", "scales"),
    )  # fmt: skip

    short_claim = _shortened("claim", "claim")


@admin.register(tables.DraftCitation, site=site)
class CitationAdmin(RowAdmin):
    form = forms.CitationForm
    list_display = ("place_column", "part_id", "short_text", "status")
    list_display_links = ("short_text",)
    list_filter = ("status",)
    search_fields = ("part_id", "text", "url")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "text", "url", "status"),)

    short_text = _shortened("text", "text")


@admin.register(tables.DraftFact, site=site)
class FactAdmin(RowAdmin):
    form = forms.FactForm
    list_display = ("place_column", "part_id", "short_text")
    list_display_links = ("short_text",)
    search_fields = ("part_id", "text")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "text", "citations", "reflects"),)

    short_text = _shortened("text", "text")


@admin.register(tables.DraftOption, site=site)
class OptionAdmin(RowAdmin):
    form = forms.OptionForm
    list_display = ("place_column", "part_id", "label", "short_text")
    list_display_links = ("label",)
    search_fields = ("part_id", "label", "what", "not_known")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "label", "what", "not_known", "citations"),)

    short_text = _shortened("what", "what it is")


@admin.register(tables.DraftPoint, site=site)
class PointAdmin(RowAdmin):
    form = forms.PointForm
    list_display = ("place_column", "part_id", "option", "kind", "short_text")
    list_display_links = ("short_text",)
    list_filter = (ByOption, "kind")
    search_fields = ("part_id", "option", "text")
    fieldsets = (
        _fieldset(None, "seen", ("part_id", "order"), ("option", "kind"), "text", ("low", "high"), "citations"),
    )

    short_text = _shortened("text", "text")


@admin.register(tables.DraftMatter, site=site)
class MatterAdmin(RowAdmin):
    form = forms.MatterForm
    list_display = ("place_column", "part_id", "text")
    list_display_links = ("text",)
    search_fields = ("part_id", "text")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "text"),)


@admin.register(tables.DraftQuestionToAsk, site=site)
class QuestionToAskAdmin(RowAdmin):
    form = forms.QuestionToAskForm
    list_display = ("place_column", "part_id", "text")
    list_display_links = ("text",)
    search_fields = ("part_id", "text")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "text", "dispositions"),)


@admin.register(tables.DraftTimelineEntry, site=site)
class TimelineEntryAdmin(RowAdmin):
    form = forms.TimelineEntryForm
    list_display = ("place_column", "when", "short_text")
    list_display_links = ("when",)
    search_fields = ("when", "text")
    fieldsets = (_fieldset(None, "seen", "order", "when", "text", ("from_week", "to_week"), "reflects"),)

    short_text = _shortened("text", "text")


@admin.register(tables.DraftTranslation, site=site)
class TranslationAdmin(RowAdmin):
    """One by one; the list of them, with what they translate beside each, is the pathway's page (translations.py)."""

    form = forms.TranslationForm
    readonly_fields = ("language", "text_place", "text_field", "source")
    fieldsets = (
        _fieldset(None, "seen", ("language", "text_place", "text_field"), "source", "words", "of"),
        _fieldset("Who has checked it", ("status", "by")),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        draft = self._draft(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if draft is None:
            return redirect("admin:screening_pathway_changelist")
        return HttpResponseRedirect(links.page_address(draft.pathway_id, "translations"))

    @admin.display(description="text")
    def source(self, row: tables.DraftTranslation) -> str:
        try:
            texts = patient_texts(row.draft.ruleset_as_it_is())
        except DocumentError:
            return "The draft cannot be read before its problems are mended."
        return texts.get(row.text_place, {}).get(row.text_field, "It is gone.")


@admin.register(tables.DraftProfile, site=site)
class ProfileAdmin(RowAdmin):
    form = forms.ProfileForm
    list_display = ("place_column", "part_id", "about")
    list_display_links = ("about",)
    search_fields = ("part_id", "about")
    fieldsets = (_fieldset(None, "seen", ("part_id", "order"), "about", "answers"),)


@admin.register(tables.DraftVignette, site=site)
class VignetteAdmin(RowAdmin):
    form = forms.VignetteForm
    list_display = ("place_column", "part_id", "title", "profile", "expect_disposition")
    list_display_links = ("title",)
    list_filter = (ByExpected, ByProfile)
    search_fields = ("part_id", "title", "why", "expect_disposition")
    fieldsets = (
        _fieldset(None, "seen", ("part_id", "order"), "title", "why"),
        _fieldset("Answers", "profile", "answers"),
        _fieldset("What must come out", "expect_disposition", "expect_contact_within_hours", "expect_more"),
    )

    def notes(self, draft: Draft) -> dict[int, list[str]]:
        """Also what comes out otherwise than expected, where the draft can be run."""
        notes = super().notes(draft)
        unmet = {vignette.id: words for vignette, words in gate(draft).unmet}
        for row in draft.rows(tables.DraftVignette).filter(part_id__in=unmet):
            notes.setdefault(row.pk, []).extend(unmet[row.part_id])
        return notes
