"""`manage.py demo`: two made-up clinics, their staff, and about sixty referrals in all statuses and dispositions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from screening.actions import demo, erasing, intake, review, waiting
from screening.actions.identity import Identity
from screening.exceptions import ScreeningError
from screening.management import demo_calls
from screening.management import demo_people as people
from screening.management.demo_past import Past
from screening.models import InformationRequest, Pathway, Referral, Review, Site, Submission
from screening.policies import Actor
from screening.rules.case import read_case
from screening.rules.ruleset import RuleSet
from screening.rulesets import load_vignettes, shipped

RULESET = "lumbar-miss"
REFERRALS = 60
TODAY = timezone.localdate
CONSENT = "I agree that the clinic keeps my answers and uses them to plan my care."

# How far each case has come, in turn; `stopped` and `unfinished` never give a name.
PLAN = (
    "waiting", "in_review", "waiting", "decided", "waiting", "closed", "awaiting_patient", "waiting", "stopped",
    "stopped", "in_review", "closed", "waiting", "withdrawn", "mistake", "waiting", "decided", "unfinished",
    "awaiting_patient", "waiting",
)  # fmt: skip
# What these must have answered, by the disposition their vignette expects; the others take all dispositions in turn.
NEEDED = {"stopped": "emergency_now", "mistake": "emergency_now", "unfinished": "urgent_48h"}


class Command(BaseCommand):
    help = "Fill an empty database with made-up clinics, staff and referrals. Needs DEMO=1. Again changes nothing."

    def handle(self, **options: Any) -> None:
        try:
            demo.check_demo()
        except ScreeningError as error:
            raise CommandError(error.message) from None
        if not Site.objects.exists():
            self.stdout.write("Making up two clinics, their staff and their referrals …")
            _make_everything()
        self._say_who_is_there()

    def _say_who_is_there(self) -> None:
        self.stdout.write(f"{Referral.objects.count()} referrals. Sign in at /account/login/ as:")
        for number, site in enumerate(Site.objects.order_by("pk"), start=1):
            self.stdout.write(f"  {site.name} (/{site.slug}/)")
            for username, _, roles in people.STAFF:
                self.stdout.write(f"    {_username(username, number):<16} {', '.join(roles)}")
        self.stdout.write(f"  Everyone's password is: {settings.DEMO_PASSWORD}")


def _username(username: str, site_number: int) -> str:
    return username if site_number == 1 else f"{username}{site_number}"


def _make_everything() -> None:
    sites = [demo.make_site(**details) for details in people.SITES]
    for number, site in enumerate(sites, start=1):
        for username, full_name, roles in people.STAFF:
            opens_admin = bool({"Rule editors", "Sign-off", "Administrators"}.intersection(roles))
            demo.make_staff(
                username=_username(username, number),
                full_name=full_name if number == 1 else f"{full_name} II",
                site=site,
                roles=roles,
                opens_admin=opens_admin,
            )
    slugs = [site.slug for site in sites]
    call_command("load_ruleset", str(shipped(RULESET)), publish=True, site=slugs, verbosity=0)
    _Referrals(sites).make()
    Past(sites[0], RULESET).make()


class _Referrals:
    def __init__(self, sites: list[Site]) -> None:
        self.sites = sites
        self.pathway = Pathway.objects.select_related("live_version").get(pk=RULESET)
        self.vignettes = load_vignettes(shipped(f"{RULESET}.vignettes"))
        self.random = Random(20)  # the same people every time
        self.told: set[str] = set()

    def make(self) -> None:
        answers = self._by_disposition()
        turns = cycle(list(answers))
        for number in range(REFERRALS):
            site = self.sites[0] if number % 4 else self.sites[1]
            plan = PLAN[number % len(PLAN)]
            disposition = NEEDED.get(plan) or next(turns)
            self._one(site, next(answers[disposition]), plan, number)

    def _by_disposition(self) -> dict[str, Iterator[dict[str, Any]]]:
        """The vignettes' answers by the disposition they expect, each kind again from the start when it runs out."""
        kinds: dict[str, list[dict[str, Any]]] = {}
        for vignette in self.vignettes.vignettes:
            if vignette.profile != "empty":
                kinds.setdefault(vignette.expect.disposition or "", []).append(self.vignettes.answers(vignette))
        return {disposition: cycle(self.random.sample(each, len(each))) for disposition, each in kinds.items()}

    def _one(self, site: Site, answers: dict[str, Any], plan: str, number: int) -> None:
        patient = Actor.patient(site)
        submission = intake.start_submission(actor=patient, site=site, pathway=self.pathway)
        stopped = self._answer(patient, submission, answers, number, until_warned=plan == "unfinished")
        # most came in lately, a few long ago
        age = timedelta(hours=0.2 + 24 * 16 * self.random.random() ** 3)
        if plan == "unfinished":
            demo.backdate(submission=submission, by=age + timedelta(hours=1))
            intake.refer_unfinished(now=timezone.now())
            return
        if stopped and plan != "stopped":
            intake.resume_after_mistake(actor=patient, submission=submission)
            self._answer(patient, submission, answers, number)
        elif stopped:
            demo_calls.say(patient, submission, number)
        if not stopped or plan != "stopped":
            identity = self._identity(answers, people.NAMES[number % len(people.NAMES)])
            intake.submit(actor=patient, submission=submission, identity=identity, consent_text=CONSENT)
            self._review(site, Referral.objects.get(submission=submission), answers, plan)
        coordinator = next(member.user for member in site.staff.all() if "coordinator" in member.user.username)
        demo.backdate(submission=submission, by=demo_calls.answer(Actor.staff(coordinator), submission, number) or age)
        self._by_link(patient, submission, plan)

    def _answer(
        self, patient: Actor, submission: Submission, wanted: dict[str, Any], number: int, *, until_warned: bool = False
    ) -> bool:
        """Answer section by section, as far as the intake goes; whether it was stopped."""
        ruleset = submission.version.ruleset
        for section in ruleset.sections:
            answers, texts = _asked_in(ruleset, section.id, submission, wanted)
            for question_id in texts:
                texts[question_id] = self.random.choice(people.GOALS if "goal" in question_id else people.NOTES)
            if not answers and not texts:
                continue
            step = intake.save_step(
                actor=patient, submission=submission, page=section.id, answers=answers, texts=texts, entered={}
            )
            submission.answers, submission.texts = step.submission.answers, step.submission.texts
            if step.stop or (until_warned and step.new_alarms):
                return step.stop
        return False

    def _identity(self, answers: dict[str, Any], name: str) -> Identity:
        age = int(answers.get("age_years", 50))
        born = date(TODAY().year - age, 1, 1) + timedelta(days=self.random.randint(0, 27))
        mailbox = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
        return Identity(
            name=name,
            date_of_birth=born,
            email=f"{mailbox}@example.org" if self.random.random() < 0.6 else "",
            phone=f"07700 900{self.random.randint(100, 999)}",
            contact_way="phone",
        )

    # -- what staff did since

    def _review(self, site: Site, referral: Referral, answers: dict[str, Any], plan: str) -> None:
        if plan == "withdrawn":
            review.withdraw(actor=Actor.patient(site), referral=referral, expected_revision=None)
        if plan not in ("in_review", "awaiting_patient", "decided", "closed"):
            return
        members = [member.user for member in site.staff.select_related("user") if "surgeon" in member.user.username]
        members += [member.user for member in site.staff.select_related("user") if "colleague" in member.user.username]
        surgeon = Actor.staff(self.random.choice(members))
        self._do(review.claim, surgeon, referral)
        self._find(surgeon, referral, answers)
        if plan == "awaiting_patient":
            self._do(review.ask_patient, surgeon, referral, question=self.random.choice(people.QUESTIONS))
        elif plan in ("decided", "closed"):
            self._decide(surgeon, referral)
        if plan == "closed":
            self._do(review.tell_patient, surgeon, referral, how="phone")

    def _by_link(self, patient: Actor, submission: Submission, plan: str) -> None:
        """What came by a private link just now: the first of each kind."""
        if plan in self.told or patient.site != self.sites[0]:
            return
        self.told.add(plan)
        referral = Referral.objects.get(submission=submission)
        if plan == "in_review":
            waiting.tell_worse(actor=patient, referral=referral, answers={"fever": "yes"}, remark=people.WORSE)
        elif plan == "waiting":
            waiting.ask_correction(actor=patient, referral=referral, expected_revision=None, words=people.CORRECTION)
        elif plan == "closed":
            erasing.ask_erasure(actor=patient, referral=referral, expected_revision=None, words=people.MOVED)

    def _find(self, surgeon: Actor, referral: Referral, answers: dict[str, Any]) -> None:
        found = {key: value for key, value in answers.items() if key.startswith("c_")}
        if found:
            self._do(review.reassess, surgeon, referral, answers=found, texts={}, via="web")

    def _decide(self, surgeon: Actor, referral: Referral) -> None:
        outcome = Referral.objects.get(pk=referral.pk).assessment.read_outcome()
        decision = Review.Decision.ACCEPT_MISS if outcome.approach == "minimally_invasive" else ""
        decision = decision or self.random.choice([Review.Decision.CONSERVATIVE, Review.Decision.ACCEPT_TRADITIONAL])
        self._do(
            review.decide,
            surgeon,
            referral,
            decision=decision,
            procedures=list(outcome.supports) if decision == Review.Decision.ACCEPT_MISS else [],
            advice=people.ADVICE,
            reason=people.REASON,
        )

    def _do(self, action: Any, actor: Actor, referral: Referral, **what: Any) -> InformationRequest | Any:
        referral.refresh_from_db()
        return action(actor=actor, referral=referral, expected_revision=referral.revision, **what)


def _asked_in(
    ruleset: RuleSet, section_id: str, submission: Submission, wanted: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What a patient with these answers says in a section: coded answers, and the free-text questions asked."""
    answers: dict[str, Any] = {}
    texts: dict[str, str] = {}
    asked: set[str] = set()
    while True:
        case = read_case(ruleset, {**submission.all_answers(), **answers}, pending=True)
        new = [
            question
            for question in map(ruleset.question, case.shown)
            if question.section == section_id and question.audience == "patient"
            if question.id not in asked and question.id not in case.undetermined
        ]
        if not new:
            return answers, texts
        for question in new:
            asked.add(question.id)
            if question.type == "text":
                texts[question.id] = ""
            elif question.id in wanted:
                answers[question.id] = wanted[question.id]
            elif not question.optional:
                answers[question.id] = "dont_know" if question.dont_know else question.codes[0]
