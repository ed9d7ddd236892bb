"""What a patient is asked now, and what is still open. Decided by reading the case; nothing here knows a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    if not isinstance(entered, Mapping) or entered.get("dont_know") or entered.get("areas"):
        return False
    return not any(str(part).strip() for part in entered.get("parts", ()))


class Asking:
    """The state of one intake. `answers` holds coded answers and texts together, `entered` what was typed.

    `again`: the questions that changed since it began. `not_asked`: those of its version that it is not asked, whatever
    the rules show. `unsaved`: those with something on their page that was not saved yet: nothing is wrong with it.
    """

    def __init__(
        self,
        ruleset: RuleSet,
        answers: Mapping[str, Any],
        entered: Mapping[str, Any],
        *,
        again: Collection[str] = (),
        not_asked: Collection[str] = (),
        unsaved: Collection[str] = (),
    ) -> None:
        self.ruleset, self.answers, self.entered = ruleset, answers, entered
        self.again, self.not_asked, self.unsaved = frozenset(again), frozenset(not_asked), frozenset(unsaved)
        self.plan = plan(ruleset)
        optional = (question.id for question in ruleset.questions if question.optional)
        self.left_out = self.not_asked.union(key for key in optional if left_empty(entered.get(key)))
        self.case = read_case(ruleset, answers, pending=True, left_out=self.left_out)

    @classmethod
    def of(cls, submission: Submission) -> Asking:
        return cls._of(submission, submission.all_answers(), submission.entered, unsaved=submission.unsaved)

    @classmethod
    def with_unsaved(cls, submission: Submission, given: Mapping[str, Mapping[str, Any]]) -> Asking:
        """As it would be with these in place of what is stored: {question id: {"answer": …, "entered": …}}."""
        # What the clinic has changed since is asked afresh.
        kept = {key: value for key, value in given.items() if key not in submission.asked_again}
        answers = {**submission.all_answers(), **{key: value.get("answer") for key, value in kept.items()}}
        answers = {key: value for key, value in answers.items() if value not in (None, "")}
        entered = {**submission.entered, **{key: value.get("entered") for key, value in kept.items()}}
        return cls._of(submission, answers, entered, unsaved=kept)

    @classmethod
    def _of(cls, submission: Submission, answers: Mapping[str, Any], entered: Mapping[str, Any], **more: Any) -> Asking:
        lists = {"again": submission.asked_again, "not_asked": submission.not_asked}
        return cls(submission.shown_ruleset, answers, entered, **lists, **more)

    @cached_property
    def asked(self) -> frozenset[str]:
        """Ids of the patient's questions to show. Those that wait for another answer are not asked yet."""
        shown = set(self.case.shown).difference(self.case.undetermined, self.not_asked)
        return frozenset(key for key in shown if self.ruleset.question(key).audience == "patient")

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

    def to_show(self, page: Page) -> tuple[Question, ...]:
        """What stands on the page: all it asks; or just what is open, while that is because the clinic changed it."""
        if not self.has_changed(page):
            return self.on(page)
        return tuple(q for q in self.on(page) if q.id in self.again or self.is_open(q))

    def has_changed(self, page: Page) -> bool:
        """Whether the page has a question that the clinic changed, and that was not answered again yet."""
        return any(question.id in self.again for question in self.open_on(page))

    def was_seen(self, question: Question) -> bool:
        """Whether it stood on a page that was saved, answered or not."""
        return question.id in self.entered or is_answered(question, self.answers.get(question.id))

    def appeared(self, page: Page) -> tuple[Question, ...]:
        """The questions that came to a page after it was saved."""
        if not any(map(self.was_seen, page.questions)):
            return ()
        return tuple(q for q in self.open_on(page) if not self.was_seen(q) and q.id not in self.again)

    def problems(self, questions: Iterable[Question]) -> dict[str, str]:
        """What to do about each of these questions that was seen and is not answered as it must be."""
        told = [q for q in questions if q.id not in self.unsaved and self.is_open(q) and self.was_seen(q)]
        return {q.id: self._problem(q) for q in told}

    def _problem(self, question: Question) -> str:
        stored = read_stored(question, self.answers.get(question.id), self.entered.get(question.id))
        return stored.problem or words.missing(question)

    @cached_property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.plan.pages for question in self.open_on(page))

    @cached_property
    def unsaved_questions(self) -> tuple[Question, ...]:
        """Asked, and filled in otherwise than saved on a page whose button was not pressed."""
        return tuple(q for page in self.plan.pages for q in self.on(page) if q.id in self.unsaved)

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
