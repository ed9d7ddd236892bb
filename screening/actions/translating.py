"""Writing a draft's translations: words, and who has checked them. How they are read: rules/translations.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from screening import policies
from screening.actions.audit import record
from screening.exceptions import Conflict, FieldErrors
from screening.models import Draft, DraftTranslation
from screening.policies import Actor
from screening.rules.parts import mark_of, sha256_of
from screening.rules.translations import Address, Text, patient_texts, texts_in

LONGEST = 5_000
_MEANWHILE = (
    "Somebody changed a text or a translation on this page after you opened it. Nothing was saved or overwritten: your "
    "words are still below. Open the page again to see it as it is now."
)


def seen(text: Text) -> str:
    """What an editor sees of a text and its translation, as a mark: it must still be that when they save."""
    known = text.translation
    return sha256_of([text.source, known and known.model_dump()])[:16]


@transaction.atomic
def translate(
    *,
    actor: Actor,
    draft: Draft,
    language: str,
    words: Mapping[Address, str],
    expected: Mapping[Address, str],
    approved: Collection[Address] = (),
    by: str = "",
) -> int:
    """Save words, and approve texts in the name of the person who has checked them. How many changed.

    New words are a draft, of the text as it is now; no words take the translation away. Approving also says that it
    fits the text as it is now. `expected`: `seen` of each. Raises FieldErrors, Conflict.
    """
    policies.check_edit_rules(actor, draft.pathway)
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    texts = {text.address: text for text in texts_in(draft.ruleset_as_it_is(), language)}
    asked = {*words, *approved}
    if any(at not in texts or seen(texts[at]) != expected.get(at) for at in asked):
        raise Conflict(_MEANWHILE)
    _check(words, approved, by)
    before = _stored(draft, language, asked)
    for at in asked:
        _save(draft, language, texts[at], words.get(at), by.strip() if at in approved else "")
    return _recorded(actor, draft, language, before, _stored(draft, language, asked))


@transaction.atomic
def drop_leftovers(*, actor: Actor, draft: Draft, language: str) -> int:
    """Take away the translations of texts that are gone. How many there were."""
    policies.check_edit_rules(actor, draft.pathway)
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    gone = leftovers(draft, language)
    before = _stored(draft, language, gone)
    for at in gone:
        _row(draft, language, at).delete()
    return _recorded(actor, draft, language, before, {})


def leftovers(draft: Draft, language: str) -> list[Address]:
    """The translations of texts that are gone."""
    texts = patient_texts(draft.ruleset_as_it_is())
    rows = draft.rows(DraftTranslation).filter(language=language)
    known = [Address(row.text_place, row.text_field) for row in rows]
    return [at for at in known if at.field not in texts.get(at.place, {})]


def _check(words: Mapping[Address, str], approved: Collection[Address], by: str) -> None:
    wrong = {}
    if approved and not by.strip():
        wrong["by"] = "Write who has read and checked what you ticked."
    elif len(by) > DraftTranslation._meta.get_field("by").max_length:
        wrong["by"] = "Write a shorter name."
    for at, text in words.items():
        if len(text) > LONGEST:
            wrong[f"{at.place} {at.field}"] = f"Make it {LONGEST:,} characters or shorter."
    if wrong:
        raise FieldErrors(wrong)


def _save(draft: Draft, language: str, text: Text, words: str | None, by: str) -> None:
    row = _row(draft, language, text.address).first() or DraftTranslation(
        draft=draft,
        order=draft.rows(DraftTranslation).count() + 1,
        language=language,
        text_place=text.address.place,
        text_field=text.address.field,
    )
    if words is not None and words.strip() != row.words.strip():
        row.words, row.of, row.status, row.by = words.strip(), mark_of(text.source), "draft", ""
    if not row.words:
        if row.pk:
            row.delete()
        return
    if by:
        row.of, row.status, row.by = mark_of(text.source), "approved", by
    row.save()


def _row(draft: Draft, language: str, at: Address) -> Any:
    return draft.rows(DraftTranslation).filter(language=language, text_place=at.place, text_field=at.field)


def _stored(draft: Draft, language: str, addresses: Collection[Address]) -> dict[str, Any]:
    rows = draft.rows(DraftTranslation).filter(language=language)
    return {row.name: row.part() for row in rows if Address(row.text_place, row.text_field) in addresses}


def _recorded(actor: Actor, draft: Draft, language: str, before: dict[str, Any], after: dict[str, Any]) -> int:
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        old, new = ({name: parts[name] for name in changed if name in parts} for parts in (before, after))
        record(actor=actor, action="draft.translate", obj=draft, before=old, after=new, rule_content=True)
    return len(changed)
