"""Everything stored about one referral, each table read once, for the page that shows it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User

from screening import policies
from screening.actions.identity import AGE_QUESTION, age_on
from screening.interpreters.explain import Explanation, RuleExplanation, explain
from screening.models import (
    Assessment,
    AuditEvent,
    CallBack,
    Contact,
    FormerDetails,
    InformationRequest,
    Referral,
    Review,
    Revision,
    Submission,
)
from screening.policies import Actor
from screening.review.mail import not_through
from screening.review.words import Deadline, deadline, moment, span
from screening.rules.case import Case, read_case
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Disposition, Question, RuleSet
from screening.told import Told, told


class Dossier:
    """`referral` as access.referral_of reads it; `actor` is who looks, `now` when."""

    def __init__(self, referral: Referral, actor: Actor, now: datetime) -> None:
        self.referral, self.actor, self.now = referral, actor, now
        self.site, self.submission, self.assessment = referral.site, referral.submission, referral.assessment
        self.assessment.submission = self.submission

    # What was stored ----------------------------------------------------------------------------------------------

    @cached_property
    def assessments(self) -> list[Assessment]:
        """The first first."""
        made = self.submission.assessments.select_related("made_by", "released_by", "version").defer(
            "version__document", "version__vignettes"
        )
        return list(made.order_by("number"))

    @cached_property
    def revisions(self) -> list[Revision]:
        return list(self.submission.revisions.select_related("made_by").order_by("number"))

    @cached_property
    def contacts(self) -> list[Contact]:
        return list(self.referral.contacts.select_related("by"))

    @cached_property
    def reviews(self) -> list[Review]:
        return list(self.referral.reviews.select_related("surgeon"))

    @cached_property
    def requests(self) -> list[InformationRequest]:
        return list(self.referral.information_requests.select_related("asked_by", "answered_by"))

    @cached_property
    def former_details(self) -> list[FormerDetails]:
        """What was said of the patient before it was corrected."""
        patient = self.referral.patient
        return list(patient.former_details.select_related("by")) if patient else []

    @cached_property
    def call_back(self) -> CallBack | None:
        """The open one."""
        return self.submission.call_backs.open().select_related("taken_by").first()

    @property
    def call_back_words(self) -> str:
        """Who has taken the call, if anybody."""
        if self.call_back is None or self.call_back.taken_by is None:
            return "nobody has taken the call"
        return f"with {policies.name_of(self.call_back.taken_by)}"

    @cached_property
    def open_actions(self) -> frozenset[str]:
        """The keys of policies.TRANSITIONS that this person may use now."""
        return policies.actions_open_to(self.actor, self.referral)

    @property
    def is_for_a_surgeon(self) -> bool:
        return self.actor.has(*policies.SURGICAL)

    # What the rules made of it ------------------------------------------------------------------------------------

    @cached_property
    def ruleset(self) -> RuleSet:
        return self.assessment.version.ruleset

    @cached_property
    def outcome(self) -> Outcome:
        return self.assessment.read_outcome()

    @cached_property
    def case(self) -> Case:
        """The answers as the latest assessment read them."""
        return read_case(self.ruleset, {**self.assessment.answers, **self.submission.texts})

    @cached_property
    def explanation(self) -> Explanation:
        return explain(self.ruleset, self.case, self.outcome)

    @cached_property
    def alarms(self) -> list[RuleExplanation]:
        """The alarm rules that fired, the most urgent first, also where they were overtaken."""
        return [rule for rule in self.explanation.fired if rule.alarm]

    @cached_property
    def deciding(self) -> list[RuleExplanation]:
        """The rules that gave the disposition and are not among the alarms."""
        return [rule for rule in self.explanation.deciding if not rule.alarm]

    @cached_property
    def overtaken(self) -> list[RuleExplanation]:
        return [rule for rule in self.explanation.overtaken if not rule.alarm]

    @property
    def ask_next(self) -> list[Question]:
        return [self.ruleset.question(one) for one in self.outcome.ask_next]

    @property
    def supported(self) -> list[str]:
        return self.label(self.outcome.supports)

    @property
    def ruled_out(self) -> list[str]:
        return self.label(self.outcome.rules_out)

    @property
    def disposition(self) -> Disposition:
        return self.ruleset.disposition(self.outcome.disposition)

    @cached_property
    def released(self) -> Assessment | None:
        """What the patient sees: the last one sent to them."""
        return next((one for one in reversed(self.assessments) if one.released_at is not None), None)

    @property
    def is_unsent(self) -> bool:
        """The patient does not see the latest assessment."""
        return self.assessment.released_at is None

    # Who and when -------------------------------------------------------------------------------------------------

    @cached_property
    def deadline(self) -> Deadline:
        return deadline(self.referral, self.now)

    @property
    def surgeon(self) -> str:
        return policies.name_of(self.referral.surgeon) if self.referral.surgeon else ""

    @cached_property
    def started_by(self) -> str:
        """Who of the staff began it for somebody on the telephone; empty where the patient, or who helps them, did."""
        if self.submission.filled_by != Submission.FilledBy.OPERATOR:
            return ""
        begun = AuditEvent.objects.filter(object_type="submission", object_id=str(self.submission.pk))
        event = begun.filter(action="submission.start", actor_kind=AuditEvent.ActorKind.STAFF).first()
        return policies.name_of(User.objects.filter(pk=event.actor_id).first()) if event else ""

    @cached_property
    def no_mail_since(self) -> str:
        """Since when e-mails to the patient do not get through; empty where they do."""
        since = not_through([self.referral], self.now).get(self.referral.pk)
        return moment(since, self.site, self.now) if since else ""

    @property
    def waiting(self) -> str:
        return span(self.now - self.referral.made_at)

    @property
    def age(self) -> int | None:
        """In years: from the date of birth, else as answered."""
        if self.referral.patient is not None:
            return age_on(self.site.local(self.now).date(), self.referral.patient.date_of_birth)
        said: Any = self.submission.answers.get(AGE_QUESTION)
        return int(said) if isinstance(said, int | float) else None

    @cached_property
    def review(self) -> Review | None:
        """The one under way."""
        return next((one for one in self.reviews if one.ended_at is None), None)

    @cached_property
    def decision(self) -> Review | None:
        """The last decision, also where the case was taken up again since."""
        return next((one for one in reversed(self.reviews) if one.decision), None)

    @property
    def standing_decision(self) -> Review | None:
        """The decision, unless the case was taken up again since."""
        stands = self.referral.status in (Referral.Status.DECIDED, Referral.Status.CLOSED)
        return self.decision if stands else None

    @property
    def decided_procedures(self) -> list[str]:
        return self.label(self.decision.procedures) if self.decision else []

    @property
    def told(self) -> Told | None:
        """The decision as the patient reads it once they are told."""
        return told(self.decision, self.submission.language) if self.decision else None

    @cached_property
    def open_request(self) -> InformationRequest | None:
        return next((one for one in self.requests if one.answered_at is None), None)

    @property
    def asked(self) -> str:
        """Who asked the open question, and when."""
        asked = self.open_request
        if asked is None:
            return ""
        return f"{policies.name_of(asked.asked_by)} asked, {moment(asked.asked_at, self.site, self.now)}"

    def label(self, procedure_ids: Any) -> list[str]:
        """The names of procedures; an id that a newer rule set no longer has stays as it is."""
        labels = {procedure.id: procedure.label for procedure in self.ruleset.procedures}
        return [labels.get(one, one) for one in procedure_ids]
