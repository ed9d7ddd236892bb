"""Words of explanations and assessments, for the case page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from screening import policies
from screening.interpreters.explain import reason_line
from screening.models import Assessment, Site
from screening.policies import Actor
from screening.review.calls import waiting
from screening.rules.ruleset import RuleSet

register = template.Library()
register.filter("reason_line", reason_line)


@register.filter
def patient_words(assessment: Assessment) -> dict[str, Any]:
    """What an assessment tells the patient: `title` and `lines`; and `read`, the same as they read it in `language`."""
    ruleset, tag = assessment.version.ruleset, assessment.submission.language
    shown = assessment.version.ruleset_in(tag)
    words = _words(assessment, ruleset, ruleset)
    return words if shown is ruleset else words | {"read": _words(assessment, ruleset, shown), "language": tag}


def _words(assessment: Assessment, ruleset: RuleSet, shown: RuleSet) -> dict[str, Any]:
    parts = [*ruleset.dispositions, *ruleset.rules], [*shown.dispositions, *shown.rules]
    known = {part.patient: other.patient for part, other in zip(*parts, strict=True)}
    lines = [known.get(text, text) for text in assessment.read_outcome().patient_texts]
    return {"title": shown.disposition(assessment.disposition).patient_label, "lines": lines}


@register.inclusion_tag("review/_call_backs_line.html", takes_context=True)
def call_backs_line(context: Any) -> dict[str, Any]:
    """The way to the call-back list with its number, for those who may see it; else nothing."""
    actor = _actor(context)
    if actor is None or not policies.can_read_referrals(actor):
        return {}
    return {"may_read": True, "count": waiting(actor), "here": context.get("here")}


@register.simple_tag(takes_context=True)
def sees_cases(context: Any) -> bool:
    """Whether the worklist is open to whoever is signed in: nobody is shown a way that ends in a refusal."""
    actor = _actor(context)
    return actor is not None and policies.can_read_referrals(actor)


def _actor(context: Any) -> Actor | None:
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return None
    return getattr(context.get("request"), "staff_actor", None) or Actor.staff(user)


@register.simple_tag
def clinic_clock(clinic: Site, now: datetime) -> str:
    return f"{clinic.local(now):%H:%M}"
