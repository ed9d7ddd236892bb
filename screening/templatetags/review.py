"""Words of explanations and assessments, for the case page."""

from __future__ import annotations

from typing import Any

from django import template

from screening.interpreters.explain import reason_line
from screening.models import Assessment

register = template.Library()
register.filter("reason_line", reason_line)


@register.filter
def patient_words(assessment: Assessment) -> dict[str, Any]:
    """What an assessment tells the patient: `title` and `lines`."""
    disposition = assessment.version.ruleset.disposition(assessment.disposition)
    return {"title": disposition.patient_label, "lines": assessment.read_outcome().patient_texts}
