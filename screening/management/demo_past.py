"""The demo's past year: cases that were decided, so that the feedback on rules has something to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from django.utils import timezone

from screening.actions import demo, intake, review
from screening.actions.identity import Identity
from screening.agreement import agreeing_decision
from screening.management import demo_people as people
from screening.models import Pathway, Referral, Review, Site
from screening.policies import SURGEONS, Actor
from screening.rules.outcome import Outcome
from screening.rules.ruleset import RuleSet
from screening.rulesets import load_vignettes, shipped

CASES = 80
DAYS = 330
ALIKE = 4
"""test patients of each kind, so few that the same rules come again"""
# Which dispositions come how often; emergencies and unclear cases have no decision that could agree with a rule.
MIX = (
    "surgeon_miss", "conservative_first", "surgeon_miss", "surgeon_open", "conservative_first", "surgeon_miss",
    "other_care", "conservative_first", "surgeon_open", "surgeon_miss",
)  # fmt: skip
# How often surgeons decide otherwise, in percent. Care first is what they doubt most.
OTHERWISE = {"conservative_first": 35, "surgeon_miss": 15, "surgeon_open": 10}
INSTEAD = {
    "conservative_first": (Review.Decision.ACCEPT_MISS, Review.Decision.OTHER_SERVICE),
    "surgeon_miss": (Review.Decision.CONSERVATIVE, Review.Decision.ACCEPT_TRADITIONAL),
    "surgeon_open": (Review.Decision.ACCEPT_MISS, Review.Decision.NOT_SUITABLE),
    "other_care": (Review.Decision.CONSERVATIVE,),
}
CONSENT = "I agree that the clinic keeps my answers and uses them to plan my care."


class Past:
    """Cases of one clinic, each from its answers to what was decided, spread over the months before today."""

    def __init__(self, site: Site, ruleset_id: str) -> None:
        self.site = site
        self.pathway = Pathway.objects.select_related("live_version").get(pk=ruleset_id)
        self.random = Random(7)  # the same people every time
        members = site.staff.filter(user__groups__name=SURGEONS).select_related("user")
        self.surgeons = [Actor.staff(member.user) for member in members]

    @property
    def ruleset(self) -> RuleSet:
        assert self.pathway.live_version is not None
        return self.pathway.live_version.ruleset

    def make(self) -> None:
        answers = self._answers()
        for number in range(CASES):
            self._one(next(answers[MIX[number % len(MIX)]]), age=timedelta(days=20 + DAYS * number / CASES))

    def _answers(self) -> dict[str, Iterator[dict[str, Any]]]:
        """Some test patients' answers by the disposition that they expect, over and over."""
        tests = load_vignettes(shipped(f"{self.pathway.pk}.vignettes"))
        kinds: dict[str, list[dict[str, Any]]] = {disposition: [] for disposition in MIX}
        for vignette in tests.vignettes:
            if vignette.expect.disposition in kinds:
                kinds[vignette.expect.disposition].append(tests.answers(vignette))
        return {name: cycle(self.random.sample(each, min(len(each), ALIKE))) for name, each in kinds.items()}

    def _one(self, answers: dict[str, Any], *, age: timedelta) -> None:
        patient = Actor.patient(self.site)
        submission = intake.start_submission(actor=patient, site=self.site, pathway=self.pathway)
        said = {each.id for each in self.ruleset.questions if each.audience == "patient" and each.type != "text"}
        own = {key: answer for key, answer in answers.items() if key in said}
        # Nobody looks at the steps of a case that was closed long ago: one will do.
        step = intake.save_step(actor=patient, submission=submission, page="all", answers=own, texts={}, entered={})
        if step.stop:
            return
        name = self.random.choice(people.NAMES)
        born = date(timezone.localdate().year - int(answers.get("age_years", 50)), 1, 1)
        identity = Identity(name=name, date_of_birth=born, email="", phone="07700 900456", contact_way="phone")
        intake.submit(actor=patient, submission=submission, identity=identity, consent_text=CONSENT)
        self._decide(Referral.objects.get(submission=submission), answers)
        demo.backdate(submission=submission, by=age)

    # -- what the surgeon did

    def _decide(self, referral: Referral, answers: dict[str, Any]) -> None:
        surgeon = self.random.choice(self.surgeons)
        self._do(review.claim, surgeon, referral)
        if found := {key: answer for key, answer in answers.items() if key.startswith("c_")}:
            self._do(review.reassess, surgeon, referral, answers=found, texts={}, via="web")
        referral.refresh_from_db()
        self._do(review.decide, surgeon, referral, **self._decision(referral.assessment.read_outcome()))
        self._do(review.tell_patient, surgeon, referral, how="phone")

    def _decision(self, outcome: Outcome) -> dict[str, Any]:
        expected = agreeing_decision(self.ruleset, outcome)
        otherwise = self.random.randrange(100) < OTHERWISE.get(outcome.disposition, 5)
        decision = expected
        if otherwise or expected is None:
            others = INSTEAD.get(outcome.disposition, (Review.Decision.CONSERVATIVE,))
            decision = self.random.choice([each for each in others if each != expected])
        is_miss = decision == Review.Decision.ACCEPT_MISS
        agrees = decision == expected
        return {
            "decision": decision,
            "procedures": self._procedures(outcome) if is_miss else (),
            "advice": people.ADVICE,
            "reason": self._reason(agrees),
        }

    def _procedures(self, outcome: Outcome) -> list[str]:
        allowed = [each.id for each in self.ruleset.procedures if each.id not in outcome.rules_out]
        return list(outcome.supports) or allowed[:1]

    def _reason(self, agrees: bool) -> str:
        """Those who agree seldom write anything."""
        if agrees:
            return people.REMARK if self.random.random() < 0.1 else ""
        return self.random.choice(people.REASONS)

    def _do(self, action: Any, actor: Actor, referral: Referral, **what: Any) -> None:
        referral.refresh_from_db()
        action(actor=actor, referral=referral, expected_revision=referral.revision, **what)
