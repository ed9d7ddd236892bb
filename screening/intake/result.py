"""What the private page tells: the released result, what happens next, the decision once it was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.text import capfirst

from screening.intake import answers, words
from screening.intake.asking import Asking
from screening.intake.forms import contact_words
from screening.models import Assessment, InformationRequest, Referral, Review
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Disposition, RuleSet

Status = Referral.Status
Decision = Review.Decision
WITHIN_DAYS = 72
"""Hours up to which a time of day is told, not only the day."""

STATUS_WORDS = {
    Status.WAITING: "We have your answers. A clinician has not looked at them yet.",
    Status.IN_REVIEW: "A surgeon is looking at your answers now.",
    Status.AWAITING_PATIENT: "A surgeon asked you a question and waits for your answer.",
    Status.DECIDED: "A surgeon has looked at your answers. A clinician will talk with you about it.",
    Status.CLOSED: "This is finished.",
    Status.WITHDRAWN: "You took your answers back. Nobody will contact you about them.",
}

DECISION_WORDS = {
    Decision.ACCEPT_MISS: "The surgeon thinks that surgery with small cuts could be a choice for you.",
    Decision.ACCEPT_TRADITIONAL: "The surgeon thinks that surgery with a larger cut could be a choice for you.",
    Decision.CONSERVATIVE: "The surgeon thinks that care without surgery fits you best for now.",
    Decision.OTHER_SERVICE: "The surgeon thinks that another kind of care fits you better.",
    Decision.URGENT_NOW: "The surgeon thinks that you need to be seen very soon.",
    Decision.NOT_SUITABLE: "The surgeon thinks that this surgery does not fit you.",
}

SOURCE_WORDS = {
    "confirmed": "We read this source.",
    "to_confirm": "We have not read this source in full yet.",
    "design": "This is our own choice, not from a study.",
}


@dataclass(frozen=True)
class Source:
    text: str
    url: str | None
    honest: str


class Result:
    """One referral as its patient sees it. Only what was released to them, and a decision only once it was told."""

    def __init__(self, referral: Referral, assessment: Assessment, now: datetime | None = None) -> None:
        self.referral, self.assessment = referral, assessment
        self.site, self.now = referral.site, now or timezone.now()
        self.ruleset: RuleSet = assessment.version.ruleset
        self.outcome: Outcome = assessment.read_outcome()

    @cached_property
    def disposition(self) -> Disposition:
        return self.ruleset.disposition(self.outcome.disposition)

    @property
    def is_emergency(self) -> bool:
        return self.disposition.stop_intake and self.referral.is_open and self.referral.told_at is None

    # Why, and what to do ---------------------------------------------------------------------------------------------

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """The texts of the fired rules of the disposition."""
        return tuple(self._texts(deciding=True))

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """The texts of the fired rules that only inform."""
        return tuple(text for text in self._texts(deciding=False) if text not in self.reasons)

    def _texts(self, *, deciding: bool) -> Iterator[str]:
        wanted = self.outcome.disposition if deciding else None
        fired = [self.ruleset.rule(rule_id) for rule_id in self.outcome.fired]
        told = {rule.patient: None for rule in fired if rule.disposition == wanted}
        # What a patient is told was settled with the outcome; here it is only sorted.
        return (text for text in self.outcome.patient_texts if text in told and text != self.disposition.patient)

    # What happens next -----------------------------------------------------------------------------------------------

    @property
    def status(self) -> str:
        return STATUS_WORDS[Status(self.referral.status)]

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What happens next, by when."""
        referral = self.referral
        if referral.told_at:
            told = words.moment_words(self.site, referral.told_at)
            return (f"A clinician told you this on {told}. If you want to ask something, call the clinic.",)
        if not referral.is_open:
            return (self.status,)
        if self.is_emergency:
            return ("Do not wait for us. Get help first.", self.status)
        if referral.contacted_at:
            reached = words.moment_words(self.site, referral.contacted_at)
            return (f"A clinician was in touch with you on {reached}.", self.status)
        return (self._contact, self.status)

    @property
    def _contact(self) -> str:
        due, how = self.referral.contact_due_at, contact_words(self.referral.patient)
        if due < self.now:
            was = words.moment_words(self.site, due)
            return f"A clinician should have contacted you by {was}. If nobody has, please call us."
        return f"A clinician will contact you{' ' + how if how else ''} {self._by_when(due)}."

    def _by_when(self, due: datetime) -> str:
        """within 2 weeks (by Friday 4 December)."""
        hours = self.assessment.contact_within_hours
        by = words.clock_words(self.site, due) if hours <= WITHIN_DAYS else words.moment_words(self.site, due)
        promised = round((due - self.assessment.made_at).total_seconds() / 3600)
        return f"within {words.hours_words(hours)} (by {by})" if promised == hours and hours else f"by {by}"

    @cached_property
    def question(self) -> InformationRequest | None:
        """A surgeon's question that waits for an answer."""
        return self.referral.information_requests.filter(answered_at=None).first()

    @cached_property
    def decision(self) -> Review | None:
        """The last decision, once the patient was told."""
        if self.referral.told_at is None:
            return None
        return self.referral.reviews.filter(ended_how=Review.EndedHow.DECIDED).order_by("-ended_at").first()

    @property
    def decision_words(self) -> str:
        return DECISION_WORDS[Decision(self.decision.decision)] if self.decision else ""

    @property
    def decision_procedures(self) -> tuple[str, ...]:
        if self.decision is None:
            return ()
        named = {procedure.id: procedure.label for procedure in self.ruleset.procedures}
        return tuple(named[procedure] for procedure in self.decision.procedures if procedure in named)

    # Answers and education -------------------------------------------------------------------------------------------

    @property
    def sections(self) -> tuple[answers.AnsweredSection, ...]:
        return answers.given(Asking.of(self.referral.submission))

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(fact.text for fact in self.ruleset.education.facts)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Of all facts, each once."""
        cited = dict.fromkeys(key for fact in self.ruleset.education.facts for key in fact.citations)
        found = [self.ruleset.citations[key] for key in cited if key in self.ruleset.citations]
        return tuple(Source(citation.text, citation.url, SOURCE_WORDS[citation.status]) for citation in found)

    @property
    def time_line(self) -> list[dict[str, str]]:
        return [{"when": capfirst(entry.when), "words": entry.text} for entry in self.ruleset.education.timeline]

    @property
    def sent_on(self) -> str:
        return words.moment_words(self.site, self.referral.submission.submitted_at or self.referral.made_at)
