"""From a problem's place in the document to the page and field where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from screening.admin.expressions import sentence, with_code
from screening.models import Draft
from screening.models.draft_tables import ROWS
from screening.models.row import DraftRow
from screening.rules.problems import Problem

SHOWN = 200
"""so many problems are shown; mending one often mends many"""


@dataclass(frozen=True)
class LinkedProblem:
    """A problem, where it is in words, and the address of its field."""

    problem: Problem
    where: str
    address: str

    @property
    def words(self) -> SafeString:
        return with_code(" ".join(filter(None, (self.problem.message, sentence(self.problem.suggestion)))))


def linked(draft: Draft, problems: Iterable[Problem]) -> list[LinkedProblem]:
    """Each problem with the way to it, up to SHOWN."""
    return [_linked(draft, problem) for problem in list(problems)[:SHOWN]]


def _linked(draft: Draft, problem: Problem) -> LinkedProblem:
    row = draft.row_at(problem.place)
    if row is None:
        return _in_details(draft, problem)
    rest = problem.place.rpartition(f"{row.name}/")[2] if f"{row.name}/" in problem.place else ""
    column = _column(row, rest.split("/")[0])
    where = f"{row._meta.verbose_name} {row.name}"
    return LinkedProblem(problem, f"{where}, {_label(row, column)}" if column else where, row_address(row, column))


def _column(row: DraftRow, field: str) -> str:
    column = {"choices": "choices", "expect": "expect_disposition"}.get(field) or row.column_of(field)
    return column if column == "choices" or hasattr(row, column or " ") else ""


def _label(row: DraftRow, column: str) -> str:
    return "choices" if column == "choices" else str(row._meta.get_field(column).verbose_name)


def _in_details(draft: Draft, problem: Problem) -> LinkedProblem:
    field = problem.place.split("/")[0]
    if field in draft.FIELDS:
        label = str(draft._meta.get_field(field).verbose_name)
        return LinkedProblem(problem, f"details, {label}", f"{details_address(draft)}#id_{field}")
    for kind in ROWS:
        if kind.place == problem.place:
            return LinkedProblem(problem, str(kind._meta.verbose_name_plural), rows_address(draft, kind))
    return LinkedProblem(problem, problem.place or "the document", details_address(draft))


def row_address(row: DraftRow, column: str = "") -> str:
    mark = {"": "", "choices": "#choices-group"}.get(column, f"#id_{column}")
    return reverse(f"admin:screening_{row._meta.model_name}_change", args=[row.pk]) + mark


def rows_address(draft: Draft, kind: Any) -> str:
    return reverse(f"admin:screening_{kind._meta.model_name}_changelist") + f"?draft={draft.pk}"


def details_address(draft: Draft) -> str:
    return reverse("admin:screening_draft_change", args=[draft.pk])


def pathway_address(draft: Draft) -> str:
    return overview_address(draft.pathway_id)


def overview_address(pathway_id: str) -> str:
    return reverse("admin:screening_pathway_change", args=[pathway_id])


def page_address(pathway_id: str, page: str) -> str:
    """One of the pages of a pathway: publish, try_case …"""
    return reverse("admin:screening_pathway_actions", kwargs={"pk": pathway_id, "tool": page})
