"""What a version was published on, as it is kept with the version for good. Plain data for JSON, and no patient's.

Keys: `gate` (all, or "none": loaded by the program without sign-off), `test_patients`, `proof`, `withdrawn`, `replay`,
`sign_offs`, `difference`. Names are kept as they were; the version outlives the accounts.
"""

from __future__ import annotations

from typing import Any

from screening.actions.readiness import Readiness, readers
from screening.models import RuleSetVersion
from screening.policies import name_of
from screening.replay.words import Words
from screening.rules.difference import difference
from screening.rules.vignettes import changed_patients


def evidence_of(ready: Readiness, *, loaded: bool) -> dict[str, Any]:
    """`loaded`: published by the program, which asks for no proof, replay or signature."""
    return {
        "gate": "none" if loaded else "all",
        "test_patients": len(ready.checked.vignettes.vignettes) if ready.checked.vignettes else 0,
        "proof": _proof(ready),
        "withdrawn": _withdrawn(ready),
        "replay": _replay(ready),
        "sign_offs": [
            {"by": name_of(each.by), "by_id": str(each.by_id), "at": each.at.isoformat(), "comment": each.comment}
            for each in (() if loaded else ready.signed_by_others)
        ],
        "difference": _difference(ready),
    }


def _proof(ready: Readiness) -> dict[str, Any] | None:
    if ready.proof is None or ready.proof.finished_at is None:
        return None
    result = ready.proof.result
    kept = ("id", "kind", "claim", "status", "reason", "seconds")
    return {
        "at": ready.proof.finished_at.isoformat(),
        "z3_version": result["z3_version"],
        "prover": result["prover"],
        "seconds": result["seconds"],
        "claims": [{name: each[name] for name in kept} for each in result["results"]],
    }


def _withdrawn(ready: Readiness) -> list[dict[str, Any]]:
    return [
        {"id": each.claim_id, "claim": each.claim, "reason": each.reason, "by": name_of(each.by),
         "at": each.at.isoformat()}
        for each in ready.withdrawn.values()
    ]  # fmt: skip


def _replay(ready: Readiness) -> dict[str, Any] | None:
    if ready.replay is None or ready.replay.result is None or ready.replay.finished_at is None:
        return None if ready.has_cases else {"cases": 0}
    words = Words(ready.replay.result)
    return {
        "at": ready.replay.finished_at.isoformat(),
        "cases": ready.replay.result["cases"],
        "words": [each for each in (words.summary, words.not_judged, words.deadlines, words.agreement) if each],
        "table": words.table,
        "read_by": [{"by": name, "at": at.isoformat()} for name, at in readers(ready.replay)],
    }


def _difference(ready: Readiness) -> dict[str, Any] | None:
    live: RuleSetVersion | None = ready.pathway.live_version
    if live is None or ready.ruleset is None or ready.checked.vignettes is None:
        return None
    return {
        "version": live.number,
        "sentences": difference(live.ruleset, ready.ruleset).sentences(),
        "patients": changed_patients(live.vignettes, ready.checked.vignettes.document()),
    }
