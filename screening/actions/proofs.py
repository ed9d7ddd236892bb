"""Asking for the proof of a draft as it is."""

from __future__ import annotations

from screening.actions import jobs
from screening.actions.jobs import proof_of
from screening.interpreters.prove import prover
from screening.models import Draft, Job
from screening.policies import Actor


def ask_proof(*, actor: Actor, draft: Draft, again: bool = False) -> Job | None:
    """Have every claim of the draft proved, in the background; None where it cannot be read.

    What was proved of exactly this is not proved again; with `again` it is, where a claim stayed open.
    """
    ruleset, vignettes, problems = draft.read()
    if problems or ruleset is None or vignettes is None:
        return None
    known = proof_of(draft.pathway, ruleset.sha256, by=prover())
    if known is not None and not (again and is_open(known)):
        return known
    options = {
        "bases": {name: profile.model_dump()["answers"] for name, profile in vignettes.profiles.items()},
        "prover": prover(),
        **({"again": known.pk} if known else {}),
    }
    return jobs.ask(actor=actor, kind="proof", pathway=draft.pathway, content=ruleset.document(), options=options)


def is_open(proof: Job) -> bool:
    """Whether a claim was neither proved nor broken: with more time, or a program mended, it may be."""
    return any(result["status"] not in ("holds", "fails") for result in proof.result["results"])
