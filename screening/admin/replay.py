"""Replay on past cases: asking for it, and what its result says to the person who looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest

from screening.actions import jobs
from screening.actions.audit import record
from screening.admin import links
from screening.admin.site import actor_of
from screening.models import Draft, Job, Pathway, Referral, Site
from screening.policies import can_edit_rules, referrals_visible_to
from screening.replay.words import Words
from screening.rules.ruleset import RuleSet

KEPT = 20
"""so many earlier replays are listed"""


class AskForm(forms.Form):
    """Which cases. None of it chosen: all of the clinic's."""

    since = forms.DateField(
        required=False, label="Only cases that came in since", widget=forms.DateInput({"type": "date"})
    )
    statuses = forms.MultipleChoiceField(
        required=False,
        label="Only cases that are",
        choices=Referral.Status.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def options(self, site: Site) -> dict[str, Any]:
        """As a job keeps them; a day begins on the clinic's clock."""
        said, options = self.cleaned_data, {}
        if said["since"]:
            options["since"] = datetime.combine(said["since"], time.min, tzinfo=ZoneInfo(site.time_zone)).isoformat()
        if said["statuses"]:
            options["statuses"] = sorted(said["statuses"])
        return options


def ask_page(request: HttpRequest, pathway: Pathway) -> Job | dict[str, Any]:
    """The job that was asked for; or what the page shows."""
    actor, draft = actor_of(request), Draft.objects.filter(pathway=pathway).first()
    ruleset, problems = _readable(draft)
    form = AskForm(request.POST if request.method == "POST" else None)
    may_ask = can_edit_rules(actor, pathway)
    if request.method == "POST" and form.is_valid() and ruleset is not None and may_ask:
        return jobs.ask(
            actor=actor, kind="replay", pathway=pathway, content=ruleset.document(), options=form.options(actor.site)
        )
    return {
        "refused": request.method == "POST",
        "form": form,
        "may_ask": may_ask,
        "problems": problems,
        "has_draft": draft is not None,
        "pathway_address": links.pathway_address(draft) if draft else "",
        "sha256": ruleset.sha256 if ruleset else "",
        "replays": _earlier(pathway, actor.site, ruleset),
    }


def _readable(draft: Draft | None) -> tuple[RuleSet | None, int]:
    """The draft's rule set, or how many problems are in the way."""
    if draft is None:
        return None, 0
    ruleset, _, problems = draft.read()
    return (None, len(problems)) if problems else (ruleset, 0)


def _earlier(pathway: Pathway, site: Site | None, ruleset: RuleSet | None) -> list[dict[str, Any]]:
    found = pathway.jobs.filter(kind="replay", site=site).select_related("asked_by").defer("content")
    versions = dict(pathway.versions.order_by("number").values_list("sha256", "number"))
    return [
        {"job": job, "of": _content_in_words(job.sha256, ruleset, versions), "words": _in_short(job)}
        for job in found.prefetch_related("readings__by")[:KEPT]
    ]


def _content_in_words(sha256: str, ruleset: RuleSet | None, versions: dict[str, int]) -> str:
    if ruleset is not None and sha256 == ruleset.sha256:
        return "the draft as it is now"
    return f"version {versions[sha256]}" if sha256 in versions else "an earlier draft"


def _in_short(job: Job) -> str:
    if job.status != Job.Status.DONE:
        return job.failure or str(job.get_status_display())
    return Words(job.result).summary


def result_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    """What the page of a result needs. That somebody looked is recorded where cases are named."""
    actor, words = actor_of(request), Words(job.result)
    draft = Draft.objects.filter(pathway=job.pathway).first()
    ruleset, _ = _readable(draft)
    versions = dict(job.pathway.versions.order_by("number").values_list("sha256", "number"))
    wanted = {pk for move in words.changes for pk in move["referrals"]} | set(job.result["not_judged"])
    references = dict(referrals_visible_to(actor).filter(pk__in=wanted).values_list("pk", "reference"))
    if references:
        record(actor=actor, action="job.read", obj=job, after={"cases": len(references)})
    return {
        "words": words,
        "data": job.result,
        "moves": [_move(move, references) for move in words.changes],
        "not_judged": [references[pk] for pk in job.result["not_judged"] if pk in references],
        "chart": words.chart(),
        "names_cases": bool(references),
        "of": _content_in_words(job.sha256, ruleset, versions),
        "is_current": ruleset is not None and ruleset.sha256 == job.sha256,
        "has_read": any(reading.by_id == request.user.pk for reading in job.readings.all()),
        "filters": list(_filters(job)),
    }


def _move(move: dict[str, Any], references: dict[int, str]) -> dict[str, Any]:
    named = [references[pk] for pk in move["referrals"] if pk in references]
    return {**move, "references": named, "more_cases": move["cases"] - len(named) if named else 0}


def _filters(job: Job) -> Iterable[str]:
    if "since" in job.options:
        yield f"that came in since {datetime.fromisoformat(job.options['since']):%-d %B %Y}"
    if "statuses" in job.options:
        yield "that are " + ", ".join(str(Referral.Status(status).label) for status in job.options["statuses"])
