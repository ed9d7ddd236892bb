"""Feedback from decisions, for rule editors: how often surgeons decided otherwise, rule by rule, and what they wrote.

Only their own clinic's cases, and of a case only what was decided and why; every look is recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from screening.actions.audit import record
from screening.admin import links
from screening.admin.due import Due, coming, due, overdue
from screening.admin.site import actor_of, site
from screening.admin.trend import Trend, in_words
from screening.feedback import ENOUGH, NO_RULE, Counted, Feedback, Tally, Versions, cases, count, remarks
from screening.models import DraftRule, Pathway, Review, RuleSetVersion, Site
from screening.policies import Actor, can_read_referrals, pathways_edited_by
from screening.rules.ruleset import Rule, RuleSet

PERIODS = {"90": "the last 90 days", "365": "the last year", "all": "all time"}
ORDERS = {"share": "how often surgeons decided otherwise", "number": "how many decisions there are"}
REASONS_A_PAGE = 20
REMARKS_LOOKED_AT = 200
NOBODY = "No rule gave the outcome"


# What is looked at -----------------------------------------------------------------------------------------------


class FilterForm(forms.Form):
    """What to count. Anything that is not offered counts as not chosen."""

    period = forms.ChoiceField(label="Cases that came in", choices=PERIODS.items(), required=False)
    version = forms.ChoiceField(label="Version of the rules", required=False)
    order = forms.ChoiceField(label="Sorted by", choices=ORDERS.items(), required=False)

    def __init__(self, data: Any, versions: Versions) -> None:
        super().__init__(data)
        self.versions = {str(version.number): version for version in versions.all}
        numbers = [(number, _version_in_words(version)) for number, version in self.versions.items()]
        self.fields["version"].choices = [("", "all versions"), *numbers]

    def filters(self) -> Filters:
        """The last year of every version, where nothing is chosen."""
        self.errors  # noqa: B018  (reads what was sent)
        said = self.cleaned_data
        return Filters(
            period=said.get("period") or "365",
            order=said.get("order") or "share",
            version=self.versions.get(said.get("version", "")),
        )


def _version_in_words(version: RuleSetVersion) -> str:
    live = ", live" if version.status == RuleSetVersion.Status.LIVE else ""
    at = version.published_at
    return f"version {version.number} ({at.day} {at:%B %Y}{live})"


@dataclass(frozen=True)
class Filters:
    period: str
    order: str
    version: RuleSetVersion | None

    def since(self, now: datetime) -> datetime | None:
        return None if self.period == "all" else now - timedelta(days=int(self.period))

    @property
    def query(self) -> dict[str, str]:
        """As an address says it."""
        return {
            "period": self.period,
            "version": str(self.version.number) if self.version else "",
            "order": self.order,
        }

    @property
    def narrow_nothing(self) -> bool:
        return self.period == "all" and self.version is None


class Look:
    """One editor's look at a pathway of their clinic."""

    def __init__(self, request: HttpRequest, actor: Actor, clinic: Site, pathway: Pathway) -> None:
        self.request, self.actor, self.clinic, self.pathway = request, actor, clinic, pathway
        self.now = timezone.now()
        self.versions = Versions(pathway)
        self.filters = FilterForm(request.GET, self.versions).filters()
        # As it counts, also where something was sent that is not offered.
        self.form = FilterForm(self.filters.query, self.versions)

    @property
    def cases(self) -> Iterable[Counted]:
        since, version = self.filters.since(self.now), self.filters.version
        return cases(self.clinic, self.versions, since=since, version=version)

    def address(self, rule_id: str = "", **query: Any) -> str:
        where = ("feedback:rule", [self.pathway.pk, rule_id]) if rule_id else ("feedback:overview", [self.pathway.pk])
        return f"{reverse(where[0], args=where[1])}?{urlencode({**self.filters.query, **query})}"

    def home(self, rule_id: str) -> RuleSet | None:
        """The rule set that tells about a rule: of the version looked at, or else the newest that has it."""
        chosen = self.filters.version
        version = chosen if self.versions.has(chosen, rule_id) else self.versions.newest_with(rule_id)
        return self.ruleset(version) if version else None

    def ruleset(self, version: RuleSetVersion) -> RuleSet:
        return self.versions.reading(version.pk).ruleset

    def trend(self, feedback: Feedback) -> Trend:
        return Trend.of(feedback.months, until=self.today)

    @property
    def today(self) -> date:
        """On the clinic's clock."""
        return self.clinic.local(self.now).date()

    def due(self) -> list[Due]:
        """When the rules of the live version are to be looked at again."""
        live = self.versions.live
        rows = {row.part_id: row for row in DraftRule.objects.filter(draft__pathway=self.pathway)}
        return due(self.ruleset(live), self.today, lambda rule: _address(rows.get(rule), "review_by")) if live else []

    def record(self, **seen: Any) -> None:
        seen = {"what": "feedback", **self.filters.query, **seen}
        record(actor=self.actor, action="pathway.read", obj=self.pathway, after=seen)

    def page(self, name: str, **context: Any) -> HttpResponse:
        context |= {
            **site.each_context(self.request),
            "pathway": self.pathway,
            "clinic": self.clinic,
            "form": self.form,
            "filters": self.filters,
            "period": PERIODS[self.filters.period],
            "enough": ENOUGH,
            "show_all": f"{self.request.path}?period=all",
        }
        return TemplateResponse(self.request, f"admin/feedback/{name}.html", context)


def for_editors(view: Any) -> Any:
    """A page about a pathway's decisions, for those who may edit its rules. Nobody learns what other clinics have."""

    @require_safe
    @wraps(view)
    def checked(request: HttpRequest, pathway_id: str, **more: Any) -> HttpResponse:
        actor = actor_of(request)
        pathway = pathways_edited_by(actor).filter(pk=pathway_id).first()
        if pathway is None or actor.site is None:
            raise PermissionDenied
        return view(Look(request, actor, actor.site, pathway), **more)

    return site.admin_view(checked)


# All rules -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One rule and what was decided where it gave the outcome."""

    rule_id: str
    title: str
    leads_to: str
    tally: Tally
    address: str
    changed: bool
    """it is not the same in all versions counted"""
    gone: bool
    """the live version no longer has it"""
    rule: Rule | None

    @property
    def words(self) -> str:
        if self.tally.rated:
            return in_words(self.tally.share)
        return "asked for clarity" if self.tally.decided else "not decided yet"

    @property
    def bar(self) -> dict[str, int] | None:
        """The interval from left to right, in percent."""
        share = self.tally.share
        if share is None:
            return None
        low, high = round(share.low * 100), round(share.high * 100)
        return {"low": low, "width": max(high - low, 1), "rate": round(share.rate * 100)}


def _row(look: Look, rule_id: str, tally: Tally) -> Row:
    ruleset, versions = look.home(rule_id), look.versions
    rule = ruleset.rule(rule_id) if ruleset else None
    return Row(
        rule_id=rule_id,
        title=rule.title if rule else NOBODY,
        leads_to=ruleset.disposition(rule.disposition).label if ruleset and rule and rule.disposition else "",
        tally=tally,
        address=look.address(rule_id),
        changed=rule is not None and versions.differ_in(rule_id, tally.versions),
        gone=rule is not None and not versions.has(versions.live, rule_id),
        rule=rule,
    )


def _sorted(rows: Iterable[Row], order: str) -> list[Row]:
    """The most first. Where there are too few to say, after all others."""
    if order == "number":
        return sorted(rows, key=lambda row: (-row.tally.decided, -row.tally.cases, row.rule_id))
    return sorted(rows, key=lambda row: (*_by_share(row.tally), row.rule_id))


def _by_share(tally: Tally) -> tuple[float, ...]:
    share = tally.share
    return (0, -share.rate, -tally.rated) if share else (1, -tally.rated, -tally.decided)


def _silent(look: Look, feedback: Feedback) -> list[Rule]:
    """Rules that could have given an outcome, and gave none."""
    version = look.filters.version or look.versions.live
    rules = look.ruleset(version).rules if version else ()
    return [rule for rule in rules if rule.disposition and rule.id not in feedback.rules]


@for_editors
def overview(look: Look) -> HttpResponse:
    """Every rule that gave an outcome."""
    feedback = count(look.clinic, look.cases)
    look.record(cases=feedback.total.cases)
    rows = _sorted((_row(look, *item) for item in feedback.rules.items()), look.filters.order)
    found = look.due()
    return look.page(
        "overview",
        title="Feedback from decisions",
        total=feedback.total,
        total_words=in_words(feedback.total.share),
        trend=look.trend(feedback),
        rows=rows,
        silent=_silent(look, feedback),
        overdue=overdue(found),
        coming=coming(found),
    )


# One rule --------------------------------------------------------------------------------------------------------


@for_editors
def of_rule(look: Look, rule_id: str) -> HttpResponse:
    """What was decided where this rule gave the outcome, and what surgeons wrote about it."""
    if rule_id != NO_RULE and look.home(rule_id) is None:
        raise Http404("No version has such a rule.")
    found = [case for case in look.cases if rule_id in case.reasons]
    asked = {case.review for case in found if case.expected is None}
    feedback = count(look.clinic, found)
    tally = feedback.rules[rule_id]
    look.form.fields["order"].widget = forms.HiddenInput()
    row = _row(look, rule_id, tally)
    page = Paginator(_reviews(found, differs=True), REASONS_A_PAGE).get_page(look.request.GET.get("page"))
    agreeing = _reviews(found, differs=False)[:REMARKS_LOOKED_AT]
    reasons, others = _as_read(look, page.object_list, asked), _as_read(look, agreeing, asked)
    look.record(rule=rule_id, cases=tally.cases, reasons=len(reasons) + len(others))
    return look.page(
        "rule",
        title=f"Feedback on {rule_id}: {row.title}" if row.rule else f"Feedback: {NOBODY.lower()}",
        row=row,
        tally=tally,
        trend=look.trend(feedback),
        instead=_instead(tally),
        reasons=reasons,
        others=others,
        looked_at=REMARKS_LOOKED_AT,
        page=page,
        newer=look.address(rule_id, page=page.previous_page_number()) if page.has_previous() else "",
        older=look.address(rule_id, page=page.next_page_number()) if page.has_next() else "",
        back=look.address(),
        due=next((each for each in look.due() if row.rule and row.rule.id in each), None),
        draft_address=_in_draft(look.pathway, rule_id),
    )


def _reviews(found: Iterable[Counted], *, differs: bool) -> list[int]:
    """The latest first."""
    return sorted((case.review for case in found if case.review and case.differs == differs), reverse=True)


def _as_read(look: Look, reviews: Any, asked: Collection[int | None]) -> list[dict[str, Any]]:
    """What surgeons wrote: no name, and the case only for those who may open it. `asked`: for clarity."""
    shows_case = can_read_referrals(look.actor)
    return [
        {
            "month": look.clinic.local(review.ended_at),
            "decision": review.get_decision_display(),
            "asked": review.pk in asked,
            "words": review.reason,
            "reference": review.referral.reference if shows_case else "",
        }
        for review in remarks(reviews)
    ]


def _instead(tally: Tally) -> list[tuple[str, int]]:
    return [(_in_words(*what), number) for what, number in tally.instead.most_common()]


def _in_words(decision: str, in_procedures_only: bool) -> str:
    words = str(Review.Decision(decision).label)
    return f"{words}, but with other procedures" if in_procedures_only else words


def _in_draft(pathway: Pathway, rule_id: str) -> str:
    return _address(DraftRule.objects.filter(draft__pathway=pathway, part_id=rule_id).first())


def _address(row: DraftRule | None, column: str = "") -> str:
    return links.row_address(row, column) if row else ""


app_name = "feedback"
urlpatterns = [
    path("<slug:pathway_id>/", overview, name="overview"),
    path("<slug:pathway_id>/<str:rule_id>/", of_rule, name="rule"),
]
