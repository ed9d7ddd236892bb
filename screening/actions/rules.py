"""Writing drafts: a whole document, the details, one row. What goes live is in publishing.py."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from screening import policies
from screening.actions.audit import record
from screening.actions.changes import last_change
from screening.exceptions import Conflict
from screening.models import Draft, DraftChoice, DraftTranslation, Pathway
from screening.models.draft_tables import ROWS
from screening.models.pathway import RESERVED_IDS
from screening.models.row import DraftRow
from screening.policies import Actor
from screening.rules.education import AboutDecision
from screening.rules.parts import canonical_json, plain
from screening.rules.problems import DocumentError, Problem
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.vignettes import Vignettes

# In JSON; two backslashes are a backslash and no escape.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

# Whole documents ----------------------------------------------------------------------------------------------------


@transaction.atomic
def open_pathway(*, actor: Actor, document: dict[str, Any]) -> Pathway:
    """The pathway of a document, made where there is none. Raises DocumentError."""
    policies.check_edit_rules(actor)
    ruleset = read_shape(RuleSet, document)
    if ruleset.id in RESERVED_IDS:
        raise DocumentError([Problem("id", f"`{ruleset.id}` is a part of the program's own addresses")])
    pathway, is_new = Pathway.objects.get_or_create(id=ruleset.id, defaults={"title": ruleset.title[:200]})
    if is_new:
        record(actor=actor, action="pathway.add", obj=pathway, after={"id": pathway.pk})
    return pathway


@transaction.atomic
def import_document(
    *, actor: Actor, pathway: Pathway, document: dict[str, Any], vignettes: dict[str, Any] | None = None
) -> Draft:
    """Fill the draft anew. Without `vignettes` those of the draft stay.

    What the checker finds may be mended later; raises DocumentError for what cannot be put into rows at all.
    """
    policies.check_edit_rules(actor, pathway)
    ruleset = read_shape(RuleSet, document)
    tests = None if vignettes is None else read_shape(Vignettes, vignettes)
    _require_storable(pathway, ruleset, tests)
    draft, is_new = Draft.objects.select_for_update().get_or_create(pathway=pathway)
    before = None if is_new else _identity(draft)
    _fill(draft, ruleset.document(), of_vignettes=False)
    if tests is not None:
        _fill(draft, tests.document(), of_vignettes=True)
    record(actor=actor, action="draft.import", obj=draft, before=before, after=_identity(draft))
    return draft


def _require_storable(pathway: Pathway, ruleset: RuleSet, tests: Vignettes | None) -> None:
    if ruleset.id != pathway.pk:
        message = f"This is the rule set `{ruleset.id}`. It cannot replace the draft of `{pathway.pk}`."
        raise DocumentError([Problem("id", message)])
    problems = _twice("questions", [*ruleset.questions, *ruleset.definitions])
    for name in ("dispositions", "rules", "properties"):
        problems += _twice(name, getattr(ruleset, name))
    for name in ("facts", "options", "points", "what_matters", "questions_to_ask"):
        problems += _twice(f"education/{name}", getattr(ruleset.education, name))
    problems += _twice("vignettes", tests.vignettes if tests else ())
    if _NUL.search(canonical_json([ruleset.document(), tests and tests.document()])):
        problems.append(Problem("", "The document has a character (NUL) that cannot be stored."))
    if problems:
        raise DocumentError(problems)


def _twice(place: str, parts: Iterable[Any]) -> list[Problem]:
    ids = [part.id for part in parts]
    twice = sorted({part_id for part_id in ids if ids.count(part_id) > 1})
    return [Problem(f"{place}/{part_id}", f"The id `{part_id}` is used twice.") for part_id in twice]


def _fill(draft: Draft, document: dict[str, Any], *, of_vignettes: bool) -> None:
    if not of_vignettes:
        for name in draft.FIELDS:
            setattr(draft, name, document.get(name, Draft._meta.get_field(name).get_default()))
        # The rest of it is rows.
        draft.education = {key: words for key, words in draft.education.items() if key in AboutDecision.model_fields}
        draft.save()
    for kind in ROWS:
        if kind.of_vignettes is of_vignettes:
            _replace_rows(draft, kind, _parts(document, kind))


def _parts(document: dict[str, Any], kind: type[DraftRow]) -> list[DraftRow]:
    found: Any = document
    for name in kind.place.split("/"):
        found = found.get(name, {})
    return kind.spread(found)


def _replace_rows(draft: Draft, kind: type[DraftRow], rows: list[DraftRow]) -> None:
    draft.rows(kind).delete()
    for order, row in enumerate(rows, 1):
        row.draft, row.order = draft, order
    kind.objects.bulk_create(rows)
    DraftChoice.objects.bulk_create(choice for row in rows for choice in getattr(row, "new_choices", ()))


def _identity(draft: Draft) -> dict[str, Any]:
    """What the audit keeps of a whole draft."""
    try:
        sha256 = read_shape(RuleSet, draft.compile()).sha256
    except DocumentError:
        sha256 = ""
    return {"sha256": sha256, **{kind.place.replace("/", "_"): draft.rows(kind).count() for kind in ROWS}}


# Details and rows -----------------------------------------------------------------------------------------------------


@transaction.atomic
def save_details(*, actor: Actor, draft: Draft, expected: str) -> Draft:
    """Save the seldom-edited fields. `expected` is the fingerprint of what the editor saw; raises Conflict."""
    policies.check_edit_rules(actor, draft.pathway)
    stored = Draft.objects.select_for_update().get(pk=draft.pk)
    if stored.fingerprint != expected:
        raise conflict_over(actor, stored)
    draft.save()
    after = _changed(draft.details(), stored.details())
    _record(actor, "draft.change", draft, before=_changed(stored.details(), draft.details()), after=after)
    return draft


@transaction.atomic
def save_row(
    *,
    actor: Actor,
    row: DraftRow,
    expected: str = "",
    choices: Iterable[DraftChoice] = (),
    gone: Iterable[DraftChoice] = (),
) -> DraftRow:
    """Add a row at its place (0: the end), or change it.

    `expected` is the fingerprint of the row that the editor saw; raises Conflict where it is not that any more.
    `choices` are those of a question to add or change, `gone` those to take away.
    """
    policies.check_edit_rules(actor, row.draft.pathway)
    _lock(row.draft)
    stored = type(row).objects.filter(pk=row.pk).first()
    if row.pk is not None and (stored is None or stored.fingerprint != expected):
        raise conflict_over(actor, row)
    before = stored and {"id": stored.name, "place": stored.order, **stored.part()}
    wanted = row.order
    row.order = stored.order if stored else row.draft.rows(type(row)).count() + 1
    row.save()
    _save_choices(row, choices, gone)
    if wanted and wanted != row.order:
        _move(row, wanted)
    kept = type(row).objects.get(pk=row.pk)
    _record(
        actor,
        "row.change" if stored else "row.add",
        kept,
        before=before,
        after={"id": kept.name, "place": kept.order, **kept.part()},
    )
    return row


def _save_choices(row: DraftRow, choices: Iterable[DraftChoice], gone: Iterable[DraftChoice]) -> None:
    for choice in gone:
        choice.delete()
    for choice in choices:
        choice.question = row
        choice.order = choice.order or row.choices.count() + 1
        choice.save()


@transaction.atomic
def delete_row(*, actor: Actor, row: DraftRow) -> None:
    """Take a row out, whatever names it: the draft then says what is wrong. Its translations go with it."""
    policies.check_edit_rules(actor, row.draft.pathway)
    _lock(row.draft)
    translated = row.draft.rows(DraftTranslation).filter(text_place=f"{row.place}/{row.name}")
    before = {"id": row.name, "place": row.order, "translations": len(translated), **row.part()}
    _record(actor, "row.delete", row, before=before, after=None)
    row.delete()
    translated.delete()
    _number(row.draft, DraftTranslation)
    _number(row.draft, type(row))


@transaction.atomic
def move_row(*, actor: Actor, row: DraftRow, to: int) -> None:
    """Put a row at another place, counted from 1; beyond the end is the end."""
    policies.check_edit_rules(actor, row.draft.pathway)
    _lock(row.draft)
    before = {"id": row.name, "place": row.order}
    _move(row, to)
    _record(actor, "row.move", row, before=before, after={"id": row.name, "place": row.order})


def _lock(draft: Draft) -> None:
    """One writer a draft at a time."""
    Draft.objects.select_for_update().get(pk=draft.pk)


def _move(row: DraftRow, to: int) -> None:
    rows = [other for other in row.draft.rows(type(row)) if other.pk != row.pk]
    rows.insert(max(to, 1) - 1, row)
    _number(row.draft, type(row), rows)


def _number(draft: Draft, kind: type[DraftRow], rows: Iterable[DraftRow] | None = None) -> None:
    moved = []
    for order, row in enumerate(draft.rows(kind) if rows is None else rows, 1):
        if row.order != order:
            row.order = order
            moved.append(row)
    kind.objects.bulk_update(moved, ["order"])


# The audit --------------------------------------------------------------------------------------------------------


def _record(actor: Actor, action: str, obj: Any, *, before: Any, after: Any) -> None:
    # Numbers in the one form that every database gives back alike: the chain hashes them.
    record(actor=actor, action=action, obj=obj, before=plain(before), after=plain(after), rule_content=True)


def _changed(details: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value != others[name]}


def conflict_over(actor: Actor, obj: Any) -> Conflict:
    """Who changed this part of a draft last, and when, from the audit."""
    event = last_change(obj)
    user = User.objects.filter(pk=event.actor_id or None).first() if event else None
    who, when = policies.name_of(user), event.at if event else None
    message = (
        f"{who} changed this{clock(actor, when)}, after you opened it. Nothing was overwritten: your change is not "
        "saved. Open it again to see it as it is now."
    )
    return Conflict(message, who=who, what="changed this", when=when)


def clock(actor: Actor, when: datetime | None) -> str:
    """at 14:05, on the clock of the person's clinic."""
    if when is None:
        return ""
    return f" at {actor.site.local(when) if actor.site else when:%H:%M}"
