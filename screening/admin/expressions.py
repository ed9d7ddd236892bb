"""Checking one expression of a draft, saying what is wrong at its place, and what it means in words."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from screening.models import Draft, DraftDefinition, DraftQuestion
from screening.models.row import DraftRow
from screening.rules.graph import circles, dependencies
from screening.rules.parse import parse
from screening.rules.problems import Problem
from screening.rules.ruleset import RuleSet
from screening.rules.tokens import ParseError
from screening.rules.typecheck import Kind, Scope
from screening.rules.wording import Clause, Wording

_TOKEN = re.compile(r"'[^']*'?|\w+|[<>!]=|\S")
_CODE = re.compile(r"`([^`]+)`")
_AROUND = 60


def expression_problems(draft: Draft, row: DraftRow, column: str, *, wanted: Kind | None) -> list[Problem]:
    """What is wrong with one of a row's own expressions, against the draft as it will be with this row.

    `wanted` None: a condition or a number.
    """
    text = getattr(row, column)
    if not text:
        return []
    vocabulary = draft.vocabulary(instead=row)
    found = circles(dependencies(vocabulary))
    scope = Scope(vocabulary.questions, vocabulary.definitions, {name for circle in found for name in circle})
    problems = scope.problems(text, column, wanted)
    if isinstance(row, DraftQuestion | DraftDefinition):
        problems += [_circular(circle, column) for circle in found if row.part_id in circle]
    return problems


def _circular(circle: list[str], column: str) -> Problem:
    return Problem(column, f"This goes round in a circle: {' → '.join(circle)}.")


def with_code(words: str) -> SafeString:
    """Words in which `names` stand between backticks, as HTML."""
    return SafeString(_CODE.sub(lambda name: f"<code>{short(name[1], _AROUND)}</code>", escape(words)))


def problem_in_place(problem: Problem, text: str) -> SafeString:
    """A problem as HTML, with the piece of the expression that it is about marked."""
    hint = SafeString("")
    if problem.suggestion:
        hint = format_html(" <span class='suggestion'>{}</span>", with_code(sentence(problem.suggestion)))
    if problem.column is None:
        return format_html("{}{}", with_code(problem.message), hint)
    start = problem.column - 1
    piece = _TOKEN.match(text, start)
    end = piece.end() if piece else start
    return format_html(
        "{}{} <span class='at'>Column {}: <code>{}{}<mark>{}</mark>{}{}</code></span>",
        with_code(problem.message),
        hint,
        problem.column,
        "…" if start > _AROUND else "",
        text[max(0, start - _AROUND) : start],
        short(text[start:end], _AROUND) or " (the end)",
        text[end : end + _AROUND],
        "…" if end + _AROUND < len(text) else "",
    )


def sentence(words: str | None) -> str:
    if not words:
        return ""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?")) else ".")


def problems_in_place(problems: list[Problem], text: str) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((problem_in_place(problem, text),) for problem in problems))


def meaning(vocabulary: RuleSet, text: str | None) -> Clause | None:
    """What an expression means in words; None where it cannot be read."""
    if not text:
        return None
    try:
        return Wording(vocabulary).clause(parse(text))
    except (ParseError, RecursionError):
        # A definition behind it cannot be read, or goes round in a circle: that is said at its own row.
        return None


def short(text: Any, length: int = 90) -> str:
    words = " ".join(str(text or "").split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
