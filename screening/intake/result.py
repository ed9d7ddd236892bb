"""What the private page and the letter tell: the released result, what happens next, the decision once it was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.intake import answers, words
from screening.intake.asking import Asking
from screening.intake.comparison import Comparison
from screening.intake.picture import Picture, picture
from screening.models import Assessment, InformationRequest, Patient, Referral, Review
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Disposition, RuleSet
from screening.told import Told, told

Status = Referral.Status
WITHIN_DAYS = 72
"""Hours up to which a time of day is told, not only the day."""

STATUS_WORDS: dict[str, str | Promise] = {
    Status.WAITING: gettext_lazy("We have your answers. A clinician has not looked at them yet."),
    Status.IN_REVIEW: gettext_lazy("A surgeon is looking at your answers now."),
    Status.AWAITING_PATIENT: gettext_lazy("A surgeon asked you a question and waits for your answer."),
    Status.DECIDED: gettext_lazy("A surgeon has looked at your answers. A clinician will talk with you about it."),
    Status.CLOSED: gettext_lazy("This is finished."),
    Status.WITHDRAWN: gettext_lazy("You took your answers back. Nobody will contact you about them."),
}

CONTACT_WORDS: dict[str, str | Promise] = {
    "phone": gettext_lazy("A clinician will contact you by telephone %(when)s."),
    "email": gettext_lazy("A clinician will contact you by e-mail %(when)s."),
    "either": gettext_lazy("A clinician will contact you by telephone or e-mail %(when)s."),
    "": gettext_lazy("A clinician will contact you %(when)s."),
}


class Result:
    """One referral as its patient sees it. Only what was released to them, and a decision only once it was told.

    In the language they read; what was decided was decided by the same rule set in its own.
    """

    def __init__(self, referral: Referral, assessment: Assessment, now: datetime | None = None) -> None:
        self.referral, self.assessment = referral, assessment
        self.site, self.now = referral.site, now or timezone.now()
        self.language = referral.submission.language
        self.decided_by: RuleSet = assessment.version.ruleset
        self.ruleset: RuleSet = assessment.version.ruleset_in(self.language)
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
        """What a patient is told was settled with the outcome, in the rule set's language: it is found by its rule."""
        wanted = self.outcome.disposition if deciding else None
        settled = {*self.outcome.patient_texts} - {self.decided_by.disposition(self.outcome.disposition).patient}
        fired = [self.decided_by.rule(rule_id) for rule_id in self.outcome.fired]
        told = [rule.id for rule in fired if rule.disposition == wanted and rule.patient in settled]
        yield from dict.fromkeys(self.ruleset.rule(rule_id).patient for rule_id in told)

    # What happens next -----------------------------------------------------------------------------------------------

    @property
    def status(self) -> str:
        return str(STATUS_WORDS[self.referral.status])

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What happens next, by when."""
        referral = self.referral
        if referral.told_at:
            day = words.moment_words(self.site, referral.told_at)
            told_on = _("A clinician told you this on %(day)s. If you want to ask something, call the clinic.")
            return (told_on % {"day": day},)
        if not referral.is_open:
            return (self.status,)
        if self.is_emergency:
            return (_("Do not wait for us. Get help first."), self.status)
        if referral.contacted_at:
            day = words.moment_words(self.site, referral.contacted_at)
            return (_("A clinician was in touch with you on %(day)s.") % {"day": day}, self.status)
        return (self._contact, self.status)

    @property
    def _contact(self) -> str:
        due = self.referral.contact_due_at
        if due < self.now:
            late = _("A clinician should have contacted you by %(day)s. If nobody has, please call us.")
            return late % {"day": words.moment_words(self.site, due)}
        return str(CONTACT_WORDS[self._way]) % {"when": self._by_when(due)}

    @property
    def _way(self) -> str:
        """How they will be contacted: of two ways they agreed to, the one they gave us something for."""
        patient = self.referral.patient
        if patient is None or patient.contact_way != Patient.ContactWay.EITHER:
            return patient.contact_way if patient else ""
        given = {"phone": bool(patient.phone), "email": bool(patient.email)}
        return "either" if all(given.values()) else next((way for way, is_given in given.items() if is_given), "")

    def _by_when(self, due: datetime) -> str:
        """within 2 weeks (by Friday 4 December)."""
        hours = self.assessment.contact_within_hours
        by = words.clock_words(self.site, due) if hours <= WITHIN_DAYS else words.moment_words(self.site, due)
        promised = round((due - self.assessment.made_at).total_seconds() / 3600)
        if promised != hours or not hours:
            return _("by %(day)s") % {"day": by}
        return _("within %(time)s (by %(day)s)") % {"time": words.hours_words(hours), "day": by}

    @cached_property
    def question(self) -> InformationRequest | None:
        """A surgeon's question that waits for an answer."""
        return self.referral.information_requests.filter(answered_at=None).last()

    @cached_property
    def decision(self) -> Review | None:
        """The last decision, once the patient was told."""
        if self.referral.told_at is None:
            return None
        return self.referral.reviews.filter(ended_how=Review.EndedHow.DECIDED).order_by("-ended_at").first()

    @cached_property
    def told(self) -> Told | None:
        """The decision in the patient's words."""
        return told(self.decision, self.language) if self.decision else None

    @property
    def decision_words(self) -> str:
        return str(self.told.title) if self.told else ""

    # Answers and education -------------------------------------------------------------------------------------------

    @property
    def sections(self) -> tuple[answers.AnsweredSection, ...]:
        return answers.given(Asking.of(self.referral.submission))

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(fact.text for fact in self.ruleset.education.facts)

    @cached_property
    def comparison(self) -> Comparison:
        return Comparison(self.ruleset, self.outcome.disposition, self.assessment.version.ruleset.language)

    @property
    def time_line(self) -> list[dict[str, str]]:
        return [{"when": capfirst(entry.when), "words": entry.text} for entry in self.ruleset.education.timeline]

    @property
    def picture(self) -> Picture | None:
        """The time line as one."""
        return picture(self.ruleset.education.timeline)

    @property
    def sent_on(self) -> str:
        return words.moment_words(self.site, self.referral.submission.submitted_at or self.referral.made_at)
