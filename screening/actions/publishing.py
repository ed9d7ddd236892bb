"""From a draft to a live version: one gate, one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from screening import policies
from screening.actions.audit import record
from screening.actions.rules import clock
from screening.exceptions import Conflict, FieldErrors, NotAllowed
from screening.interpreters.rehearse import rehearse
from screening.models import Draft, Pathway, RuleSetVersion
from screening.policies import Actor
from screening.rules.problems import Problem
from screening.rules.ruleset import RuleSet
from screening.rules.vignettes import Vignette, Vignettes


@dataclass(frozen=True)
class Gate:
    """What stands between a draft and its publishing."""

    problems: tuple[Problem, ...]
    unmet: tuple[tuple[Vignette, list[str]], ...]
    """the test patients that do not come out as expected, with what differs in words"""
    ruleset: RuleSet | None = None
    vignettes: Vignettes | None = None
    """the rule set and its test patients, where they can be read"""
    same_as: RuleSetVersion | None = None
    """the live version, where that is to the letter the same"""

    @property
    def is_unchanged(self) -> bool:
        return self.same_as is not None

    @property
    def is_open(self) -> bool:
        return not (self.problems or self.unmet or self.is_unchanged)

    @property
    def hashes(self) -> str:
        """Exactly what would be published."""
        return f"{self.ruleset.sha256}:{self.vignettes.sha256}" if self.ruleset and self.vignettes else ""

    def refusal(self) -> str:
        """Why not, in words."""
        if self.problems:
            return f"The draft cannot be published: {_counted(len(self.problems), 'problem')} to mend first."
        if self.unmet:
            patients = _counted(len(self.unmet), "test patient")
            return f"The draft cannot be published: {patients} would not come out as expected."
        if self.same_as:
            published = f"{self.same_as.published_by} on {self.same_as.published_at:%d %B %Y at %H:%M} (UTC)"
            return f"Nothing has changed: this is what is live already, published by {published}."
        return ""


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def gate(draft: Draft) -> Gate:
    """Check the draft, run its test patients, compare it with what is live."""
    ruleset, vignettes, problems = draft.read()
    if problems or ruleset is None or vignettes is None:
        return Gate(problems, ())
    live = draft.pathway.live_version
    same = live is not None and (live.sha256, live.vignettes_sha256) == (ruleset.sha256, vignettes.sha256)
    return Gate((), tuple(rehearse(ruleset, vignettes)), ruleset, vignettes, live if same else None)


@transaction.atomic
def publish(*, actor: Actor, pathway: Pathway, reason: str, expected: str = "") -> RuleSetVersion:
    """Freeze the draft as the next version and make it the live one; the one before retires.

    `expected`: the hashes of what the person saw; raises Conflict where the draft is not that any more. A person must
    have seen them. Raises NotAllowed where the gate is shut, FieldErrors without a reason.
    """
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_publish(actor, pathway)
    draft = Draft.objects.select_for_update().filter(pathway=pathway).first()
    if draft is None:
        raise NotAllowed("There is no draft to publish.")
    checked = gate(draft)
    _check_seen(actor, pathway, checked, expected)
    if not checked.is_open or checked.ruleset is None or checked.vignettes is None:
        raise NotAllowed(checked.refusal())
    if not reason.strip():
        raise FieldErrors({"reason": "Say why this version is published."})
    retired = pathway.live_version
    version = _freeze(actor, pathway, checked.ruleset, checked.vignettes, reason.strip())
    record(actor=actor, action="pathway.publish", obj=pathway, before=_identity(retired), after=_identity(version))
    return version


def _check_seen(actor: Actor, pathway: Pathway, checked: Gate, expected: str) -> None:
    if checked.hashes == expected or actor.kind == policies.SYSTEM:
        return
    live = pathway.live_version
    if live and checked.is_unchanged:
        message = (
            f"{live.published_by} published this draft{clock(actor, live.published_at)}, while you were looking at it."
        )
        raise Conflict(message, who=live.published_by, what="published this draft", when=live.published_at)
    raise Conflict("The draft was changed after you opened this page. Look at it as it is now, then publish.")


def _freeze(actor: Actor, pathway: Pathway, ruleset: RuleSet, vignettes: Vignettes, reason: str) -> RuleSetVersion:
    RuleSetVersion.objects.filter(pathway=pathway, status="live").update(status="retired")
    last = pathway.versions.order_by("-number").first()
    version = RuleSetVersion.objects.create(
        pathway=pathway,
        number=last.number + 1 if last else 1,
        document=ruleset.document(),
        vignettes=vignettes.document(),
        sha256=ruleset.sha256,
        vignettes_sha256=vignettes.sha256,
        published_at=timezone.now(),
        published_by=policies.name_of(actor.user) if actor.user else "The program",
        published_by_id=actor.id,
        reason=reason,
    )
    pathway.live_version, pathway.title = version, ruleset.title[:200]
    pathway.save()
    return version


def _identity(version: RuleSetVersion | None) -> dict[str, object] | None:
    if version is None:
        return None
    return {"version": version.number, "sha256": version.sha256, "vignettes_sha256": version.vignettes_sha256}
