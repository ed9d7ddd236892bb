"""Questions as they were sent: which answers that changes, and the case as it would be with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from screening.intake.entry import ASKED, Entry, read_sent
from screening.models import Submission
from screening.models.submission import is_from_elsewhere, said
from screening.rules.ruleset import Question


class SentPage:
    """`questions`: those that may be answered. `seen`: those the person had before them, as their browser says; a hint,
    nothing depends on its truth.
    """

    def __init__(self, questions: Sequence[Question], data: QueryDict) -> None:
        asked = set(data.getlist(ASKED))
        self.seen = frozenset(question.id for question in questions if question.id in asked)
        self.entries: dict[str, Entry] = {
            question.id: read_sent(question, data)
            for question in questions
            if question.id in self.seen or question.id in data
        }
        self._texts = {question.id for question in questions if question.type == "text"}

    def changed_since(self, submission: Submission, step: int | None, loaded: int | None) -> SentPage:
        """Without what this page did not change and another window did, after it was loaded: then `step` was the last.

        What the other window did may be saved, or kept and not saved yet.
        """
        now = then = (submission.all_answers(), submission.entered)
        if step is not None and step < submission.revisions.count():
            then = submission.answers_at(step)
        for key, entry in list(self.entries.items()):
            before, stored = (said(answers.get(key), entered.get(key)) for answers, entered in (then, now))
            is_elsewhere = before != stored or is_from_elsewhere(submission.unsaved.get(key, {}), loaded)
            if is_elsewhere and said(entry.answer, entry.typed) == before:
                del self.entries[key]
        return self

    @property
    def answers(self) -> dict[str, Any]:
        return {key: entry.answer for key, entry in self.entries.items() if key not in self._texts}

    @property
    def texts(self) -> dict[str, str]:
        return {key: entry.answer or "" for key, entry in self.entries.items() if key in self._texts}

    @property
    def entered(self) -> dict[str, Any]:
        return {key: entry.typed for key, entry in self.entries.items()}

    @property
    def unsaved(self) -> dict[str, dict[str, Any]]:
        """As `keep_unsaved` takes it."""
        return {key: {"answer": entry.answer, "entered": entry.typed} for key, entry in self.entries.items()}
