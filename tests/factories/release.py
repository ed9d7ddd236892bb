"""What stands before publishing, made up: a proof and a replay as the worker would leave them, and a signature."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from screening.actions import publishing
from screening.actions.readiness import Readiness
from screening.interpreters.prove import prover
from screening.models import Draft, Job, JobReading, Site
from screening.policies import SIGN_OFF, Actor
from screening.rules.ruleset import RuleSet
from tests.factories.records import staff

BROKEN = {
    "answers": {"numb": "yes"},
    "second": None,
    "base": "no answers",
    "changed": ["numb"],
    "words": ["numb? yes"],
    "outcomes": ["go_now, contact at once"],
}


def cared_for(document: dict[str, Any]) -> dict[str, Any]:
    """The document with everything that somebody must say of rules."""
    rules = [{"why": "It is so.", "cites": ["C"], **rule} for rule in document["rules"]]
    citations = {"C": {"text": "A textbook", "status": "confirmed"}}
    return {**document, "owner": "Ana", "review_by": "2099-12-31", "rules": rules, "citations": citations}


def proof(draft: Draft, *, broken: tuple[str, ...] = (), open_claims: tuple[str, ...] = (), **job: Any) -> Job:
    """A finished proof of the draft as it is, in which some claims fail or stay open."""
    ruleset = draft.ruleset()
    claims = [each.id for each in ruleset.properties] + ["any rule set: blank case"]
    results = [_settled(claim, "fails" if claim in broken else "not_proved" if claim in open_claims else "holds")
               for claim in claims]  # fmt: skip
    result = {
        "ruleset_sha256": ruleset.sha256,
        "results": results,
        "z3_version": "5.4.0",
        "seconds": 1.25,
        "prover": prover(),
    }
    return finished(draft, "proof", ruleset, result, **job)


def _settled(claim: str, status: str) -> dict[str, Any]:
    counterexample = BROKEN if status == "fails" else None
    return {
        "id": claim, "kind": "whenever", "claim": f"Claim {claim}", "status": status, "reason": "", "notes": [],
        "counterexample": counterexample, "seconds": 0.01, "cached": False,
    }  # fmt: skip


def replay(draft: Draft, site: Site, *, cases: int = 3, read_by: User | None = None) -> Job:
    """A finished replay of the draft on a clinic's cases."""
    counted = {"decided": 0, "agreed_before": 0, "agreed_after": 0, "rated_before": 0, "rated_after": 0}
    move = {"before": "soon", "after": "soon", "label_before": "soon", "label_after": "soon", "place_before": 1,
            "place_after": 1, "cases": cases, "way": "same", "referrals": []}  # fmt: skip
    result = {
        "cases": cases, "judged": cases, "changed": 0, "more_urgent": 0, "less_urgent": 0, "aside": 0, "shorter": 0,
        "longer": 0, "shorter_alone": 0, "longer_alone": 0, "unlike": 0, "agreement": counted, "moves": [move],
        "rules": [], "unasked": {}, "not_judged": [], "sha256": "x", "seconds": 0.1,
    }  # fmt: skip
    job = finished(draft, "replay", draft.ruleset(), result, site=site)
    if read_by:
        JobReading.objects.create(job=job, by=read_by)
    return job


def finished(draft: Draft, kind: str, ruleset: RuleSet, result: dict[str, Any], **job: Any) -> Job:
    return Job.objects.create(
        kind=kind,
        pathway=draft.pathway,
        content=ruleset.document(),
        sha256=ruleset.sha256,
        status=Job.Status.DONE,
        finished_at=timezone.now(),
        result=result,
        **job,
    )


def signer_of(site: Site) -> User:
    found = User.objects.filter(username=f"signer-{site.pk}").first()
    return found or staff(site, SIGN_OFF, username=f"signer-{site.pk}", first_name="Sina", last_name="Gross")


def make_ready(draft: Draft, site: Site) -> None:
    """Proved, replayed where there are cases, and signed by a second person; as far as the draft lets them."""
    draft = Draft.objects.select_related("pathway").get(pk=draft.pk)
    if not draft.problems():
        proof(draft)
        signer = signer_of(site)
        if Readiness(draft, Actor.staff(signer)).has_cases:
            replay(draft, site, read_by=signer)
        ready = Readiness(draft, Actor.staff(signer))
        if ready.can_be_signed and not ready.has_signed:
            publishing.sign(actor=Actor.staff(signer), pathway=draft.pathway, expected=ready.checked.hashes)
