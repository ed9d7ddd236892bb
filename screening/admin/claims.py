"""What is known of a draft's claims, in one line, on the pages where it is edited. It polls while they are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from screening.actions import proofs
from screening.actions.gate import Gate, counted
from screening.actions.readiness import Readiness, not_proved
from screening.admin import links
from screening.admin.site import actor_of
from screening.models import Draft, Job
from screening.policies import Actor
from screening.rules.parts import sha256_of


def prove_soon(request: HttpRequest, draft: Draft) -> None:
    """After a save: have the draft proved as it is then. The save does not wait for it, nor fail with it."""
    actor = actor_of(request)
    # In a transaction of its own: the save holds the draft, and publishing takes the pathway first and then the draft.
    transaction.on_commit(lambda: proofs.ask_proof(actor=actor, draft=draft), robust=True)


@dataclass(frozen=True)
class Line:
    """The line: `sign` is one of right, wrong, open."""

    sign: str
    words: str
    way: str
    """the words of the link"""
    address: str
    every: str = ""
    """how often it asks anew; empty where nothing is to come"""
    poll: str = ""
    """where"""

    @property
    def mark(self) -> str:
        """Says whether another line says the same."""
        return sha256_of([self.words, self.every])[:12]


def line_of(draft: Draft) -> Line:
    """Of the draft as it is now."""
    ruleset, vignettes, problems = draft.read()
    if problems:
        mended = "it is" if len(problems) == 1 else "they are"
        words = f"{counted(len(problems), 'problem')} in the draft: its claims are checked when {mended} mended."
        return Line("wrong", words, "See what is wrong", links.pathway_address(draft))
    # What the test patients say is no matter here.
    ready = Readiness(draft, Actor.system(), Gate(problems, (), ruleset, vignettes))
    if ready.proving is not None:
        return _under_way(draft, ready.proving)
    return _proved(draft, ready)


def _under_way(draft: Draft, job: Job) -> Line:
    address, poll = links.page_address(draft.pathway_id, "publish"), reverse("jobs:claims", args=[draft.pathway_id])
    if not job.is_under_way:
        return Line("wrong", f"The claims were not checked: {job.failure}", "See", f"{address}#proofs")
    if job.is_unattended:
        return Line("wrong", _waiting(job), "Look again", address, "5s", poll)
    words = f"Checking all {job.of} claims…" if job.of else "Checking every claim…"
    return Line("open", words, "Look again", address, "1s", poll)


def _waiting(job: Job) -> str:
    if Job.objects.filter(status=Job.Status.RUNNING).exclude(pk__in=Job.objects.abandoned()).exists():
        return "The worker is at something else. The claims are checked after that."
    return "The claims are not checked: the worker is not running (manage.py worker)."


def _proved(draft: Draft, ready: Readiness) -> Line:
    address = links.page_address(draft.pathway_id, "publish")
    if ready.proof is None:
        by_another = "The claims were proved, but by an older prover."
        words = by_another if ready.older_proof else "The claims are not proved yet."
        return Line("open", words, "Prove them", f"{address}#conditions")
    if ready.blocking:
        return Line("wrong", not_proved(ready.blocking), "Show", f"{address}#proofs")
    number = len(ready.proof.result["results"])
    if ready.unproved:
        held = f"{number - len(ready.unproved)} of {counted(number, 'claim')}"
        return Line("right", f"{held} hold, {len(ready.unproved)} withdrawn.", "Show", f"{address}#proofs")
    return Line("right", f"All {number} claims hold.", "See the gate", f"{address}#conditions")


def line_context(draft: Draft) -> dict[str, Any]:
    """Worked out only where a page shows it."""
    return {"claims_line": lambda: line_of(draft)}
