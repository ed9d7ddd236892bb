"""From a draft to a live version, and away from it: sign, publish, suspend, go back. One gate, one transaction each."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from screening import policies
from screening.actions import rules
from screening.actions.audit import record
from screening.actions.evidence import evidence_of
from screening.actions.gate import Gate, gate
from screening.actions.readiness import Readiness
from screening.actions.rules import clock
from screening.exceptions import Conflict, FieldErrors, NotAllowed
from screening.models import Draft, Pathway, RuleSetVersion, SignOff, WithdrawnClaim
from screening.policies import Actor

__all__ = [
    "Gate",
    "gate",
    "publish",
    "resume",
    "sign",
    "suspend",
    "take_back_withdrawal",
    "take_version",
    "withdraw_claim",
]


@transaction.atomic
def publish(*, actor: Actor, pathway: Pathway, reason: str, expected: str = "") -> RuleSetVersion:
    """Freeze the draft as the next version and make it the live one; the one before retires, a suspension ends.

    `expected`: the hashes of what the person saw; raises Conflict where the draft is not that any more. A person must
    have seen them. Raises NotAllowed where the gate is shut, FieldErrors without a reason. The program, where it may
    publish at all, passes only the part of the gate that needs no person, and the version says so.
    """
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_publish(actor, pathway)
    ready = _ready(actor, pathway, expected, to="publish")
    loaded = actor.kind == policies.SYSTEM
    if not (ready.checked.is_open if loaded else ready.is_open):
        raise NotAllowed(ready.checked.refusal() if loaded else ready.refusal())
    reason = _required(reason, "Say why this version is published.")
    retired = pathway.live_version
    version = _freeze(actor, ready, reason, loaded=loaded)
    record(actor=actor, action="pathway.publish", obj=pathway, before=_identity(retired), after=_identity(version))
    return version


def _ready(actor: Actor, pathway: Pathway, expected: str, *, to: str) -> Readiness:
    """The draft as it stands, locked; it must be the one that the person saw."""
    draft = Draft.objects.select_for_update().filter(pathway=pathway).first()
    if draft is None:
        raise NotAllowed(f"There is no draft to {to}.")
    draft.pathway = pathway
    checked = gate(draft)
    if checked.hashes != expected and actor.kind != policies.SYSTEM:
        _refuse_unseen(actor, pathway, checked, to)
    return Readiness(draft, actor, checked)


def _refuse_unseen(actor: Actor, pathway: Pathway, checked: Gate, to: str) -> None:
    live = pathway.live_version
    if live and checked.is_unchanged:
        message = (
            f"{live.published_by} published this draft{clock(actor, live.published_at)}, while you were looking at it."
        )
        raise Conflict(message, who=live.published_by, what="published this draft", when=live.published_at)
    raise Conflict(f"The draft was changed after you opened this page. Look at it as it is now, then {to}.")


def _required(reason: str, message: str) -> str:
    if not reason.strip():
        raise FieldErrors({"reason": message})
    return reason.strip()


def _freeze(actor: Actor, ready: Readiness, reason: str, *, loaded: bool) -> RuleSetVersion:
    pathway, ruleset, vignettes = ready.pathway, ready.checked.ruleset, ready.checked.vignettes
    assert ruleset is not None
    assert vignettes is not None
    evidence = evidence_of(ready, loaded=loaded)
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
        evidence=evidence,
    )
    pathway.live_version, pathway.title = version, ruleset.title[:200]
    pathway.suspended_at, pathway.suspended_reason = None, ""
    pathway.save()
    return version


def _identity(version: RuleSetVersion | None) -> dict[str, object] | None:
    if version is None:
        return None
    return {"version": version.number, "sha256": version.sha256, "vignettes_sha256": version.vignettes_sha256}


# Before it is published ---------------------------------------------------------------------------------------------


@transaction.atomic
def sign(*, actor: Actor, pathway: Pathway, expected: str, comment: str = "") -> SignOff:
    """A second person answers for exactly this draft; `expected` are the hashes of what they saw.

    Raises NotAllowed while anything but the signature is missing, Conflict where the draft is another by now.
    """
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_sign_off(actor, pathway)
    ready = _ready(actor, pathway, expected, to="sign")
    if not ready.can_be_signed or ready.checked.vignettes is None:
        raise NotAllowed(ready.refusal(to_sign=True))
    if ready.has_signed:
        raise NotAllowed("You have signed exactly this already.")
    signed = SignOff.objects.create(
        pathway=pathway,
        sha256=ready.sha256,
        vignettes_sha256=ready.checked.vignettes.sha256,
        by=actor.account,
        comment=comment.strip(),
    )
    after = {"sha256": signed.sha256, "vignettes_sha256": signed.vignettes_sha256}
    record(actor=actor, action="pathway.sign", obj=pathway, after=after)
    return signed


@transaction.atomic
def withdraw_claim(*, actor: Actor, pathway: Pathway, claim_id: str, reason: str, expected: str) -> WithdrawnClaim:
    """A claim that is not proved of exactly this draft need not hold, for a reason that stays in the version.

    Whatever was signed before has to be signed again.
    """
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_edit_rules(actor, pathway)
    ready = _ready(actor, pathway, expected, to="withdraw a claim")
    claim = next((claim for claim in ready.blocking if claim.data["id"] == claim_id), None)
    if claim is None:
        raise NotAllowed("This is not a claim that stands in the way. Look at the page as it is now.")
    withdrawn = WithdrawnClaim.objects.create(
        pathway=pathway,
        sha256=ready.sha256,
        claim_id=claim_id,
        claim=claim.data["claim"],
        reason=_required(reason, "Say why this claim need not hold."),
        by=actor.account,
    )
    after = {"sha256": ready.sha256, "claim": claim_id}
    record(actor=actor, action="pathway.withdraw_claim", obj=pathway, after=after, rule_content=True)
    return withdrawn


@transaction.atomic
def take_back_withdrawal(*, actor: Actor, pathway: Pathway, claim_id: str, expected: str) -> WithdrawnClaim:
    """A claim that was withdrawn of exactly this draft has to hold again. The gate is shut until it does."""
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_edit_rules(actor, pathway)
    withdrawn = _ready(actor, pathway, expected, to="take it back").withdrawn.get(claim_id)
    if withdrawn is None:
        raise NotAllowed("This claim is not withdrawn. Look at the page as it is now.")
    withdrawn.taken_back_at, withdrawn.taken_back_by = timezone.now(), actor.account
    withdrawn.save(update_fields=["taken_back_at", "taken_back_by"])
    after = {"sha256": withdrawn.sha256, "claim": claim_id}
    record(actor=actor, action="pathway.take_back_withdrawal", obj=pathway, after=after, rule_content=True)
    return withdrawn


@transaction.atomic
def take_version(*, actor: Actor, version: RuleSetVersion) -> Draft:
    """Fill the draft with what a version holds, so that it can be published again, through the same gate."""
    return rules.import_document(
        actor=actor, pathway=version.pathway, document=version.document, vignettes=version.vignettes
    )


# Without any gate ----------------------------------------------------------------------------------------------------


@transaction.atomic
def suspend(*, actor: Actor, pathway: Pathway, reason: str) -> Pathway:
    """From this moment nobody begins, goes on or sends: they see the emergency line and the clinic's telephone."""
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_edit_rules(actor, pathway)
    if pathway.live_version is None:
        raise NotAllowed("Nothing is live.")
    if pathway.suspended_at is not None:
        raise NotAllowed("It is suspended already.")
    pathway.suspended_reason = _required(reason, "Say why it is suspended.")
    pathway.suspended_at = timezone.now()
    pathway.save()
    _record_suspension(actor, pathway, "pathway.suspend", pathway.suspended_reason)
    return pathway


@transaction.atomic
def resume(*, actor: Actor, pathway: Pathway, reason: str) -> Pathway:
    """End a suspension: the live version is met again as it was."""
    pathway = Pathway.objects.select_for_update().get(pk=pathway.pk)
    policies.check_edit_rules(actor, pathway)
    if pathway.suspended_at is None:
        raise NotAllowed("It is not suspended.")
    reason = _required(reason, "Say why it may go on.")
    pathway.suspended_at, pathway.suspended_reason = None, ""
    pathway.save()
    _record_suspension(actor, pathway, "pathway.resume", reason)
    return pathway


def _record_suspension(actor: Actor, pathway: Pathway, action: str, reason: str) -> None:
    """With the reason, which is about rules: nothing else keeps it once the suspension is over."""
    number = pathway.live_version.number if pathway.live_version else 0
    record(actor=actor, action=action, obj=pathway, after={"version": number, "reason": reason}, rule_content=True)
