"""Everything that must be so before a draft goes live, each condition by itself, in words. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone

from screening.actions.gate import Gate, counted, gate
from screening.actions.jobs import proof_of, replay_of
from screening.interpreters.prove import prover
from screening.models import Draft, Job, Referral, SignOff, WithdrawnClaim
from screening.policies import Actor, name_of
from screening.replay.words import Words
from screening.rules.ruleset import Rule, RuleSet

_FIRST = "Mend what is wrong with the draft first."


@dataclass(frozen=True)
class Condition:
    """One of the things that must be so."""

    id: str
    title: str
    is_met: bool
    words: str
    """what is so; or what is not, and what to do"""


@dataclass(frozen=True)
class Careless:
    """A rule that nobody could answer for, and what it lacks in words."""

    rule: Rule
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Unproved:
    """A claim that was not proved: as the proof's plain data, and how it was withdrawn, if it was."""

    data: Mapping[str, Any]
    withdrawn: WithdrawnClaim | None

    @property
    def case(self) -> Mapping[str, Any] | None:
        """The patient for whom it fails: answers, base, words, outcomes."""
        return self.data.get("counterexample")

    @property
    def fails(self) -> bool:
        return bool(self.data["status"] == "fails")


class Readiness:
    """Of one draft, as it is now, for one person who would publish or sign it."""

    def __init__(self, draft: Draft, actor: Actor, checked: Gate | None = None) -> None:
        self.draft, self.actor, self.pathway = draft, actor, draft.pathway
        self.checked = checked or gate(draft)

    @property
    def ruleset(self) -> RuleSet | None:
        return self.checked.ruleset

    @property
    def sha256(self) -> str:
        return self.ruleset.sha256 if self.ruleset else ""

    @property
    def since(self) -> datetime | None:
        """What people saw and signed before this was about another publication, even of the same document."""
        live = self.pathway.live_version
        return live.published_at if live else None

    # -- the conditions

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[Condition]:
        yield Condition("checked", "The checker finds nothing wrong", not self.checked.problems, self._checked())
        met = self.ruleset is not None and not self.checked.unmet
        yield Condition("vignettes", "Every test patient comes out as expected", met, self._vignettes())
        yield Condition("proved", "Every safety claim is proved", self.is_proved, self._proved())
        yield Condition("replay", "The effect on past cases was looked at", self.is_replayed, self._replayed())
        met = self.ruleset is not None and not self.careless
        yield Condition("care", "Somebody answers for every rule", met, self._cared_for())
        yield Condition("signed", "A second person has signed exactly this draft", self.is_signed, self._signed())

    @property
    def can_be_signed(self) -> bool:
        """Whether all but the signature is there."""
        before = (condition for condition in self.conditions if condition.id != "signed")
        return not self.checked.is_unchanged and all(condition.is_met for condition in before)

    @property
    def is_open(self) -> bool:
        return self.can_be_signed and self.is_signed

    def refusal(self, *, to_sign: bool = False) -> str:
        """Why not, in words; empty where nothing is in the way."""
        if self.checked.refusal():
            return self.checked.refusal()
        unmet = [each for each in self.conditions if not (each.is_met or (to_sign and each.id == "signed"))]
        return " ".join(f"{condition.title}: not yet. {condition.words}" for condition in unmet[:1])

    def _checked(self) -> str:
        found = len(self.checked.problems)
        return f"{counted(found, 'problem')} to mend." if found else "Names, codes, numbers and expressions all fit."

    def _vignettes(self) -> str:
        if self.checked.vignettes is None:
            return _FIRST
        unmet, all_of_them = len(self.checked.unmet), len(self.checked.vignettes.vignettes)
        if unmet:
            return f"{counted(unmet, 'test patient')} of {all_of_them} would come out otherwise."
        return f"{counted(all_of_them, 'test patient')}." if all_of_them else "There are none."

    # -- proofs

    @cached_property
    def proof(self) -> Job | None:
        """The finished proof of exactly this document, of every claim in it, by the prover that the program has now."""
        found = proof_of(self.pathway, self.sha256, by=prover()) if self.ruleset else None
        if found is None or found.result is None or self.ruleset is None:
            return None
        settled = {result["id"] for result in found.result["results"]}
        wanted = {claim.id for claim in self.ruleset.properties}
        return found if found.result["ruleset_sha256"] == self.sha256 and wanted <= settled else None

    @cached_property
    def older_proof(self) -> Job | None:
        """Where there is no such proof: one by a prover that the program no longer has."""
        return proof_of(self.pathway, self.sha256) if self.ruleset and self.proof is None else None

    @cached_property
    def proving(self) -> Job | None:
        """The newest proof that was asked for of exactly this document, if it is under way or failed."""
        asked = self.pathway.jobs.filter(kind="proof", sha256=self.sha256).first()
        return asked if asked and asked.status != Job.Status.DONE else None

    @cached_property
    def withdrawn(self) -> dict[str, WithdrawnClaim]:
        found = self.pathway.withdrawn_claims.filter(sha256=self.sha256, taken_back_at=None).select_related("by")
        return {each.claim_id: each for each in found}

    @cached_property
    def unproved(self) -> tuple[Unproved, ...]:
        if self.proof is None:
            return ()
        results = self.proof.result["results"]
        return tuple(Unproved(each, self.withdrawn.get(each["id"])) for each in results if each["status"] != "holds")

    @property
    def blocking(self) -> tuple[Unproved, ...]:
        return tuple(claim for claim in self.unproved if claim.withdrawn is None)

    @property
    def can_try_again(self) -> bool:
        """Whether a claim was neither proved nor broken: with more time, or a program mended, it may be."""
        return any(not claim.fails for claim in self.blocking)

    @property
    def is_proved(self) -> bool:
        return self.proof is not None and not self.blocking

    def _proved(self) -> str:
        if self.ruleset is None:
            return _FIRST
        if self.proof is None and self.older_proof is not None:
            by = proved_in_words(self.older_proof)
            return f"Proved {by}, but by an older prover than the program has now: prove again."
        if self.proof is None:
            return "Not proved yet for exactly this draft. Asking for it takes some seconds."
        if self.blocking:
            return f"{not_proved(self.blocking)} Mend the rules; or withdraw a claim, with the reason."
        result = self.proof.result
        said = f"{counted(len(result['results']) - len(self.unproved), 'claim')} proved {proved_in_words(self.proof)}"
        return f"{said}; {len(self.unproved)} withdrawn." if self.unproved else f"{said}."

    # -- replay

    @cached_property
    def replay(self) -> Job | None:
        """The replay of exactly this document on the clinic's cases, since the version that is live now."""
        if self.ruleset is None:
            return None
        return replay_of(self.pathway, self.sha256, site=self.actor.site, since=self.since)

    @cached_property
    def has_cases(self) -> bool:
        found = Referral.objects.filter(pathway=self.pathway)
        return (found.filter(site=self.actor.site) if self.actor.site else found).exists()

    @property
    def is_replayed(self) -> bool:
        if self.ruleset is None:
            return False
        return not self.has_cases or (self.replay is not None and self.replay.seen)

    def _replayed(self) -> str:
        if self.ruleset is None:
            return _FIRST
        if not self.has_cases:
            return "Your clinic has no past cases to replay it on."
        if self.replay is None or self.replay.result is None:
            return "Not done yet for this draft: replay it on your clinic's past cases, and read what comes of it."
        summary = Words(self.replay.result).summary
        if not self.replay.seen:
            return f"{summary} Nobody has said yet that they read it: open it, and say so there."
        return f"{summary} Read by {', '.join(name for name, _ in readers(self.replay))}."

    # -- care

    @cached_property
    def careless(self) -> tuple[Careless, ...]:
        rules = self.ruleset.rules if self.ruleset else ()
        found = (Careless(rule, tuple(self._lacks(rule))) for rule in rules)
        return tuple(each for each in found if each.lacks)

    def _lacks(self, rule: Rule) -> Iterator[str]:
        assert self.ruleset is not None
        if not rule.why.strip():
            yield "why it is so"
        if rule.disposition and not rule.cites:
            yield "a citation"
        if not self.ruleset.owner_of(rule).strip():
            yield "who answers for it"
        review_by = self.ruleset.review_of(rule)
        if not review_by:
            yield "a day by which it is looked at again"
        elif review_by < timezone.localdate().isoformat():
            yield f"a look: it was due by {review_by}"

    def _cared_for(self) -> str:
        if self.ruleset is None:
            return _FIRST
        if self.careless:
            return f"{counted(len(self.careless), 'rule')} lack something, named below."
        return "Every rule says why, on what source, who answers for it and when it is looked at again."

    # -- signatures

    @cached_property
    def sign_offs(self) -> tuple[SignOff, ...]:
        """Signatures of exactly this, given since the live version was published and a claim was last withdrawn."""
        if self.checked.vignettes is None:
            return ()
        times = [self.since, *(each.at for each in self.withdrawn.values())]
        after = Q()
        for at in filter(None, times):
            after &= Q(at__gt=at)
        hashes = {"sha256": self.sha256, "vignettes_sha256": self.checked.vignettes.sha256}
        return tuple(self.pathway.sign_offs.filter(after, **hashes).select_related("by"))

    @property
    def signed_by_others(self) -> tuple[SignOff, ...]:
        return tuple(each for each in self.sign_offs if str(each.by_id) != self.actor.id)

    @property
    def has_signed(self) -> bool:
        return len(self.signed_by_others) < len(self.sign_offs)

    @property
    def is_signed(self) -> bool:
        return bool(self.signed_by_others)

    def _signed(self) -> str:
        if self.is_signed:
            return f"Signed by {', '.join(name_of(each.by) for each in self.signed_by_others)}."
        if self.has_signed:
            return "You signed it yourself: somebody else has to publish it."
        return "Nobody has yet. Somebody with the role Sign-off signs on this page; any change takes it away again."


def not_proved(claims: Sequence[Unproved]) -> str:
    """2 claims fail, 1 claim is not proved."""
    failing = sum(claim.fails for claim in claims)
    others = len(claims) - failing
    said = [f"{counted(failing, 'claim')} {'fails' if failing == 1 else 'fail'}"] if failing else []
    said += [f"{counted(others, 'claim')} {'is' if others == 1 else 'are'} not proved"] if others else []
    return f"{', '.join(said)}."


def readers(job: Job) -> list[tuple[str, datetime]]:
    """Who said that they read a job's result, and when."""
    return [(name_of(reading.by), reading.at) for reading in job.readings.select_related("by")]


def proved_in_words(job: Job) -> str:
    result = job.result
    return f"on {job.finished_at:%-d %B %Y} by z3 {result['z3_version']} in {result['seconds']:.1f} s"
