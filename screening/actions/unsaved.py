"""What stands on a page of questions and was not saved by its button yet: kept, so that no answer is lost on the way.

It is no step (docs/adr/0007): it is not assessed, raises no alarm that would have to be remembered, and is shown again
only on its own page. But what looks like an emergency does not wait for a button for ever: see `take_urgent`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from screening.actions import intake, steps
from screening.actions.audit import record
from screening.models import Submission
from screening.models.submission import said
from screening.policies import Actor

BEFORE_TAKEN = timedelta(minutes=10)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """`submission` is as saved; the one passed in is stale. `stops`: with it the emergency page would come."""

    submission: Submission
    stops: bool


@transaction.atomic
def keep_unsaved(
    *,
    actor: Actor,
    submission: Submission,
    page: str,
    answers: Mapping[str, Mapping[str, Any]],
    window: int | None = None,
) -> Kept:
    """Keep what was ticked and typed on a page so far: {question id: {"answer": …, "entered": …}}.

    `window`: when its page was loaded, in microseconds. What is the same as saved is not kept twice. Raises
    AlreadySubmitted.
    """
    submission = intake.unsent(actor, submission)
    asked = {question.id for question in submission.version.ruleset.questions if question.audience == "patient"}
    now = timezone.now()
    mark = {"page": page, "at": round(now.timestamp() * 1e6), "window": window}
    sent = {key: _marked(submission, key, {**value, **mark}) for key, value in answers.items() if key in asked}
    others = {key: value for key, value in submission.unsaved.items() if key not in sent}
    before = (bool(submission.unsaved), submission.unsaved_alarm)
    submission.unsaved = {**others, **{key: value for key, value in sent.items() if _differs(submission, key, value)}}
    submission.unsaved_at = now
    stops, urgent = _looks_urgent(submission)
    submission.unsaved_alarm = stops or urgent
    submission.save(update_fields=["unsaved", "unsaved_at", "unsaved_alarm"])
    # Not every letter: that there is something, and when it begins or ceases to look urgent.
    if before != (bool(submission.unsaved), submission.unsaved_alarm):
        after = {"page": page, "unsaved": bool(submission.unsaved), "alarm": submission.unsaved_alarm}
        record(actor=actor, action="submission.keep_unsaved", obj=submission, after=after)
    return Kept(submission, stops)


def would_stop(submission: Submission) -> bool:
    """Whether the emergency page would come if what stands on its pages were saved."""
    return _looks_urgent(submission)[0]


def take_urgent(*, now: datetime) -> list[Submission]:
    """Save, as their button would have, pages that look urgent and were left without a sign of life for ten minutes."""
    left = Submission.objects.filter(
        status=Submission.Status.IN_PROGRESS, unsaved_alarm=True, unsaved_at__lt=now - BEFORE_TAKEN
    )
    taken = []
    for submission in list(left.order_by("unsaved_at").select_related("site")):
        try:
            taken.append(_take(submission))
        except Exception:
            # One case that cannot be read must not keep the others waiting.
            log.exception("Answers left on a page could not be saved")
    return taken


@transaction.atomic
def _take(submission: Submission) -> Submission:
    unsaved, texts = submission.unsaved, _texts(submission)
    record(actor=Actor.system(), action="submission.take_unsaved", obj=submission, after={"changed": sorted(unsaved)})
    pages = [str(value.get("page", "")) for value in unsaved.values()]
    step = intake.save_step(
        actor=Actor.patient(submission.site),
        submission=submission,
        page=max(set(pages), key=pages.count),
        answers={key: value.get("answer") for key, value in unsaved.items() if key not in texts},
        texts={key: value.get("answer") or "" for key, value in unsaved.items() if key in texts},
        entered={key: value.get("entered") for key, value in unsaved.items()},
    )
    return step.submission


def _texts(submission: Submission) -> set[str]:
    return {question.id for question in submission.version.ruleset.questions if question.type == "text"}


def _marked(submission: Submission, question_id: str, value: dict[str, Any]) -> dict[str, Any]:
    """What is sent again as it was kept stays whose it was."""
    kept = submission.unsaved.get(question_id, {})
    if kept and said(kept.get("answer"), kept.get("entered")) == said(value.get("answer"), value.get("entered")):
        return dict(kept)
    return value


def _differs(submission: Submission, question_id: str, value: Mapping[str, Any]) -> bool:
    """An empty box where nothing is stored is no answer to lose."""
    stored = said(submission.all_answers().get(question_id), submission.entered.get(question_id))
    return said(value.get("answer"), value.get("entered")) != stored


def _looks_urgent(submission: Submission) -> tuple[bool, bool]:
    """Whether these answers, if they were saved, would stop the intake; and would raise an urgent alarm."""
    if not submission.unsaved:
        return False, False
    given = {key: value.get("answer") for key, value in submission.unsaved.items()}
    answers = {key: value for key, value in {**submission.all_answers(), **given}.items() if value not in (None, "")}
    return steps.would_alarm(submission, answers)
