"""The safety questions asked anew of somebody who got worse: page by page, what was told so far, what it means at once.

They are asked as if nothing had been answered: an answer that already stands there is soon passed over, and somebody
whose legs went numb since would leave a "no" where it was. The earlier answer is shown beside the question, as text.
Other answers stay as they are; they only say which safety questions apply.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from screening.actions.waiting import safety_questions
from screening.agreement import is_urgent
from screening.intake import words
from screening.intake.asking import Asking
from screening.intake.pages import Page, plan
from screening.intake.questions import QuestionsForm
from screening.intake.sent import SentPage
from screening.interpreters.evaluate import evaluate
from screening.models import Submission
from screening.rules.answers import is_answered
from screening.rules.case import read_case
from screening.rules.ruleset import Question


class Worse:
    """`told`: everything sent so far on its pages."""

    def __init__(self, submission: Submission, told: QueryDict) -> None:
        self.submission = submission
        self.ruleset = submission.shown_ruleset
        self.safety = {question.id for question in safety_questions(submission)}
        self.sent = SentPage([q for q in self.ruleset.questions if q.id in self.safety], told)

    # What was told ---------------------------------------------------------------------------------------------------

    @cached_property
    def given(self) -> dict[str, Any]:
        """Answers that can be kept. What could not be read takes no earlier answer away."""
        return {
            key: value for key, value in self.sent.answers.items() if value is not None and key in self.asking.asked
        }

    @cached_property
    def entered(self) -> dict[str, Any]:
        return {key: typed for key, typed in self.sent.entered.items() if key in self.given}

    @cached_property
    def asking(self) -> Asking:
        answers = {key: value for key, value in self.sent.answers.items() if value is not None}
        return Asking(self.ruleset, {**self._others, **answers}, self.sent.entered)

    @property
    def _others(self) -> dict[str, Any]:
        stored = self.submission.all_answers()
        return {key: value for key, value in stored.items() if key not in self.safety}

    # Its pages -------------------------------------------------------------------------------------------------------

    @property
    def pages(self) -> list[Page]:
        """The pages of the questionnaire that have a safety question to ask."""
        return [page for page in plan(self.ruleset).pages if self.on(page)]

    def page(self, number: int) -> Page | None:
        """By its number among these."""
        return self.pages[number - 1] if 1 <= number <= len(self.pages) else None

    def on(self, page: Page) -> list[Question]:
        return [question for question in self.asking.on(page) if question.id in self.safety]

    def open_on(self, page: Page) -> list[Question]:
        return [question for question in self.on(page) if self.asking.is_open(question)]

    @property
    def first_open(self) -> int:
        """The number of the page that still asks something; beyond the last where none does."""
        for number, page in enumerate(self.pages, start=1):
            if self.open_on(page):
                return number
        return len(self.pages) + 1

    def form(self, page: Page) -> QuestionsForm:
        form = QuestionsForm(self.asking, self.on(page))
        for question in self.on(page):
            before = self._before(question)
            field = form.fields[question.id]
            if before:
                field.help_text = format_html('{} <span class="before">{}</span>', question.help, before)
        return form.arranged(self.on(page))

    def _before(self, question: Question) -> str:
        answer = self.submission.answers.get(question.id)
        if not is_answered(question, answer):
            return ""
        said = words.answer_words(question, answer, self.submission.entered.get(question.id)).replace("\n", ", ")
        return _("You answered before: %(answer)s.") % {"answer": said}

    # What it means ---------------------------------------------------------------------------------------------------

    def new_alarms(self, known: Collection[str]) -> list[str]:
        """Urgent rules that these answers make true, by themselves, and that are not known yet."""
        before = self._urgent(self._others)
        return [rule for rule in self._urgent({**self._others, **self.given}) if rule not in {*before, *known}]

    @property
    def as_told(self) -> Submission:
        """The submission as it would be with these answers; nothing is stored."""
        as_told = copy(self.submission)
        as_told.answers = {**self.submission.answers, **self.given}
        # What was a mistake once may be true now.
        as_told.stops_set_aside = []
        return as_told

    def _urgent(self, answers: dict[str, Any]) -> list[str]:
        ruleset = self.submission.version.ruleset
        fired = evaluate(ruleset, read_case(ruleset, answers, pending=True)).fired
        rules = [ruleset.rule(rule_id) for rule_id in fired]
        return [
            rule.id for rule in rules if rule.is_alarm or (rule.disposition and is_urgent(ruleset, rule.disposition))
        ]
