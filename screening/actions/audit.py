"""Writing to the audit chain, and finding out whether anybody has meddled with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction

from screening.models import AuditEvent, AuditHead, Site
from screening.models.audit import FIRST_HASH
from screening.policies import Actor
from screening.rules.ruleset import canonical_json

# Ids, codes, times, hashes. No spaces and no @: what is prose, a name or an address does not get in.
_CODE = re.compile(r"[\w.:+/-]{0,80}")


@transaction.atomic
def record(
    *,
    actor: Actor,
    action: str,
    obj: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    rule_content: bool = False,
) -> AuditEvent:
    """Add one event, named like "referral.claim". `before` and `after` hold ids, codes, counts and times only.

    `rule_content`: they are parts of a rule set, which have words and are about nobody.
    Call it last: from here until the transaction ends, every other writer of the chain waits.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    event = AuditEvent(
        number=head.number + 1,
        actor_kind=actor.kind,
        actor_id=actor.id,
        site=_site_of(actor, obj),
        action=action,
        object_type=str(obj._meta.model_name),
        object_id=str(obj.pk),
        before=_plain(before) if rule_content else _codes_only(before),
        after=_plain(after) if rule_content else _codes_only(after),
        previous_hash=head.hash,
    )
    event.hash = event.computed_hash()
    event.save(force_insert=True)
    head.number, head.hash = event.number, event.hash
    head.save(update_fields=["number", "hash"])
    return event


def record_read(*, actor: Actor, obj: models.Model, what: str) -> AuditEvent:
    """Somebody saw a record. `what` is a code for the part they saw, like "case", "worklist", "search"."""
    return record(actor=actor, action=f"{obj._meta.model_name}.read", obj=obj, after={"what": what})


def _site_of(actor: Actor, obj: models.Model) -> str:
    site = obj if isinstance(obj, Site) else getattr(obj, "site", None) or actor.site
    return site.slug if isinstance(site, Site) else ""


def _codes_only(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """As plain JSON; raises ValueError for anything that could be a person's words."""
    plain = _plain(data)
    prose = [text for text in _texts(plain) if not _CODE.fullmatch(text)]
    if prose:
        # Not naming the text: this message is logged.
        raise ValueError(f"an audit event holds ids and codes only; {len(prose)} of its texts are neither")
    return plain


def _plain(data: dict[str, Any] | None) -> Any:
    """As every database gives it back, or the hash would not fit what is read: no tuples, 1e16 as a whole number."""
    return json.loads(canonical_json(json.loads(json.dumps(data, default=_as_code))))


def _as_code(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def verify_chain() -> tuple[str, ...]:
    """Everything that is wrong with the chain, in words; empty when nobody has meddled with it.

    Finds an event changed, removed, added or moved, and events cut off at the end. Whoever can write to the database
    can also write the whole chain anew: compare its head with one kept elsewhere to find that.
    """
    return tuple(_problems())


def _problems() -> Iterator[str]:
    # Read first: events written while we look come after it.
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    number, previous, end = 0, FIRST_HASH, FIRST_HASH
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != number + 1:
            yield f"events {number + 1} to {event.number - 1} are missing"
        elif event.previous_hash != previous:
            yield f"event {event.number} does not follow the one before it"
        if event.computed_hash() != event.hash:
            yield f"event {event.number} was changed"
        number, previous = event.number, event.hash
        end = event.hash if event.number == head.number else end
    if number < head.number:
        yield f"events {number + 1} to {head.number} are missing"
    elif end != head.hash:
        yield f"event {head.number} is not the one the chain ended with"
