"""What a patient is asked now, and what is still open. Decided by reading the case; nothing here knows a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from screening.intake import words
from screening.intake.entry import read_stored
from screening.intake.pages import Page, plan
from screening.models import Submission
from screening.rules.answers import is_answered
from screening.rules.case import read_case
from screening.rules.ruleset import Question, RuleSet


def left_empty(entered: Any) -> bool:
    """Whether a stored entry says: this was asked, and nothing was typed, ticked or chosen."""
    if not isinstance(entered, Mapping) or entered.get("dont_know"):
        return False
    return not any(str(part).strip() for part in entered.get("parts", ()))


class Asking:
    """The state of one intake. `answers` holds coded answers and texts together, `entered` what was typed."""

    def __init__(self, ruleset: RuleSet, answers: Mapping[str, Any], entered: Mapping[str, Any]) -> None:
        self.ruleset, self.answers, self.entered = ruleset, answers, entered
        self.plan = plan(ruleset)
        self.left_out = frozenset(
            question.id
            for question in ruleset.questions
            if question.optional and question.id in entered and left_empty(entered[question.id])
        )
        self.case = read_case(ruleset, answers, pending=True, left_out=self.left_out)

    @classmethod
    def of(cls, submission: Submission) -> Asking:
        return cls(submission.version.ruleset, submission.all_answers(), submission.entered)

    @cached_property
    def asked(self) -> frozenset[str]:
        """Ids of the patient's questions to show. Those that wait for another answer are not asked yet."""
        waiting = set(self.case.undetermined)
        return frozenset(
            question_id
            for question_id in self.case.shown
            if question_id not in waiting and self.ruleset.question(question_id).audience == "patient"
        )

    def is_open(self, question: Question) -> bool:
        """Asked, and neither answered in a way that counts nor left out on purpose."""
        if question.id not in self.asked:
            return False
        if is_answered(question, self.answers.get(question.id)):
            return question.id in self.case.invalid
        return question.id not in self.left_out

    def on(self, page: Page) -> tuple[Question, ...]:
        return tuple(question for question in page.questions if question.id in self.asked)

    def open_on(self, page: Page) -> tuple[Question, ...]:
        return tuple(question for question in page.questions if self.is_open(question))

    def was_seen(self, question: Question) -> bool:
        """Whether it stood on a page that was saved, answered or not."""
        return question.id in self.entered or is_answered(question, self.answers.get(question.id))

    def appeared(self, page: Page) -> tuple[Question, ...]:
        """The questions that came to a page after it was saved."""
        if not any(map(self.was_seen, page.questions)):
            return ()
        return tuple(question for question in self.open_on(page) if not self.was_seen(question))

    def problems(self, questions: Iterable[Question]) -> dict[str, str]:
        """What to do about each of these questions that was seen and is not answered as it must be."""
        return {q.id: self._problem(q) for q in questions if self.is_open(q) and self.was_seen(q)}

    def _problem(self, question: Question) -> str:
        stored = read_stored(question, self.answers.get(question.id), self.entered.get(question.id))
        return stored.problem or words.missing(question)

    @cached_property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.plan.pages for question in self.open_on(page))

    @cached_property
    def first_open_page(self) -> Page | None:
        """Where the patient goes on; None when there is nothing left to ask."""
        return next((page for page in self.plan.pages if self.open_on(page)), None)

    @property
    def last_page(self) -> Page:
        """The last one on which something is asked."""
        asked = [page for page in self.plan.pages if self.on(page)]
        return asked[-1] if asked else self.plan.pages[-1]

    def page_before(self, page: Page) -> Page | None:
        """The nearest earlier page on which something is asked."""
        earlier = (other for other in reversed(self.plan.pages) if other.number < page.number)
        return next((other for other in earlier if self.on(other)), None)
