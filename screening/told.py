"""What a patient is told of a decision, in their words: on their page, in their letter, to staff who are to tell it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.models import Review

Decision = Review.Decision

DECISION_WORDS: dict[str, str | Promise] = {
    Decision.ACCEPT_MISS: _("The surgeon thinks that surgery with small cuts could be a choice for you."),
    Decision.ACCEPT_TRADITIONAL: _("The surgeon thinks that surgery with a larger cut could be a choice for you."),
    Decision.CONSERVATIVE: _("The surgeon thinks that care without surgery fits you best for now."),
    Decision.OTHER_SERVICE: _("The surgeon thinks that another kind of care fits you better."),
    Decision.URGENT_NOW: _("The surgeon thinks that you need to be seen very soon."),
    Decision.NOT_SUITABLE: _("The surgeon thinks that this surgery does not fit you."),
}


@dataclass(frozen=True)
class Told:
    """As _components/told.html shows it."""

    title: str | Promise
    procedures: tuple[str, ...]
    advice: str
    language: str


def told(review: Review, language: str) -> Told:
    """Of a review that was decided."""
    assert review.assessment is not None
    ruleset = review.assessment.version.ruleset_in(language)
    names = {procedure.id: procedure.label for procedure in ruleset.procedures}
    procedures = tuple(names[each] for each in review.procedures if each in names)
    return Told(DECISION_WORDS[review.decision], procedures, review.advice, language)
