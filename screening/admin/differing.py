"""What changed since a version, for the pages that show it."""

from __future__ import annotations

from typing import Any

from screening.admin.expressions import meaning, with_code
from screening.models import Draft, RuleSetVersion
from screening.rules.difference import Change, difference
from screening.rules.difference_words import EXPRESSIONS, field_in_words
from screening.rules.problems import DocumentError
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.vignettes import changed_patients


def changes_between(draft: Draft) -> dict[str, Any]:
    """From the live version to the draft: context for difference pages."""
    live = draft.pathway.live_version
    if live is None:
        return {"first": True}
    try:
        new = read_shape(RuleSet, draft.compile())
    except DocumentError:
        return {"unreadable": True}
    patients = changed_patients(live.vignettes, draft.compile_vignettes())
    return {"changes": _shown(live.ruleset, new), "patients": patients, "before_title": f"Live version {live.number}"}


def changes_of(version: RuleSetVersion) -> dict[str, Any]:
    """From the version before to this one."""
    older = version.pathway.versions.filter(number__lt=version.number).order_by("-number").first()
    if older is None:
        return {"first": True}
    patients = changed_patients(older.vignettes, version.vignettes)
    return {
        "changes": _shown(older.ruleset, version.ruleset),
        "patients": patients,
        "before_title": f"Version {older.number}",
        "after_title": f"Version {version.number}",
    }


def _shown(old: RuleSet, new: RuleSet) -> list[dict[str, Any]]:
    return [_as_shown(change, old, new) for change in difference(old, new).changes]


def _as_shown(change: Change, old: RuleSet, new: RuleSet) -> dict[str, Any]:
    """A change as templates/admin/pathway/_changes.html takes it; an expression also in words."""
    is_expression = change.field in EXPRESSIONS
    return {
        "kind": change.how,
        "title": change.where,
        "field": field_in_words(change.field) if change.field else "",
        "words": "written differently, with the same meaning" if change.same_meaning else change.list_words,
        "before": with_code(change.before_words),
        "after": with_code(change.after_words),
        "before_clause": meaning(old, change.before) if is_expression else None,
        "after_clause": meaning(new, change.after) if is_expression else None,
    }
