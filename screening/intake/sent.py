"""Questions as they were sent: which answers that changes, and the case as it would be with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from screening.intake.asking import Asking
from screening.intake.entry import ASKED, Entry, read_sent
from screening.models import Submission
from screening.rules.ruleset import Question


class SentPage:
    """`questions`: those that may be answered. `seen`: those the person had before them, as their browser says; a hint,
    nothing depends on its truth.
    """

    def __init__(self, questions: Sequence[Question], data: QueryDict) -> None:
        said = set(data.getlist(ASKED))
        self.seen = frozenset(question.id for question in questions if question.id in said)
        self.entries: dict[str, Entry] = {
            question.id: read_sent(question, data)
            for question in questions
            if question.id in self.seen or question.id in data
        }
        self._texts = {question.id for question in questions if question.type == "text"}

    @property
    def answers(self) -> dict[str, Any]:
        return {key: entry.answer for key, entry in self.entries.items() if key not in self._texts}

    @property
    def texts(self) -> dict[str, str]:
        return {key: entry.answer or "" for key, entry in self.entries.items() if key in self._texts}

    @property
    def entered(self) -> dict[str, Any]:
        return {key: entry.typed for key, entry in self.entries.items()}

    def on_top_of(self, submission: Submission) -> Asking:
        """What would be asked with these answers, without storing them."""
        answers = _merged(submission.all_answers(), {**self.answers, **self.texts})
        # What is left empty on a page not yet saved may still be filled in.
        return Asking.with_answers(submission, answers)


def _merged(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**stored, **changes}.items() if value not in (None, "")}
