"""One saved step of a submission: what changed, what it means while the rest is pending, its revision.

Works on a locked submission and leaves saving it to the action. Shared by intake and review.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User

from screening.agreement import is_urgent
from screening.exceptions import UnknownQuestion
from screening.interpreters.evaluate import evaluate
from screening.models import Revision, Submission
from screening.rules.answers import DONT_KNOW
from screening.rules.case import read_case
from screening.rules.outcome import Outcome
from screening.rules.ruleset import Question, Rule
from screening.rules.truth import FALSE

_LARGEST = 1e15
_EMPTY: tuple[Any, ...] = (None, "", [])
_NOT_ASKED = "These questions do not ask that. Please load the page again."


@dataclass(frozen=True)
class Change:
    """Only what differs from what was stored; None takes an answer away."""

    answers: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    entered: dict[str, Any] = field(default_factory=dict)

    @property
    def question_ids(self) -> list[str]:
        return sorted({*self.answers, *self.texts})


def change_of(
    submission: Submission,
    *,
    answers: dict[str, Any],
    texts: dict[str, str],
    entered: dict[str, Any],
    audiences: Collection[str],
) -> Change:
    """What these answers change. Raises UnknownQuestion for anything those audiences are not asked."""
    asked = {key: _asked(submission, key, audiences) for key in {*answers, *texts, *entered}}
    if any(asked[key].type == "text" for key in answers) or any(asked[key].type != "text" for key in texts):
        raise UnknownQuestion(_NOT_ASKED)
    kept = {key: _coded(asked[key], value) for key, value in answers.items()}
    typed = {**_typed_instead(answers, kept), **entered}
    return Change(
        answers={key: value for key, value in kept.items() if submission.answers.get(key) != value},
        texts={key: text or None for key, text in texts.items() if submission.texts.get(key, "") != (text or "")},
        entered={key: value for key, value in typed.items() if submission.entered.get(key) != value},
    )


def _typed_instead(answers: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """What is no code is not stored in the clear, and not lost either. A new answer outdates what was typed before."""
    return {
        key: {"parts": [str(value)]} if kept[key] is None and value not in _EMPTY else None
        for key, value in answers.items()
    }


def apply(submission: Submission, change: Change) -> None:
    submission.answers = _merged(submission.answers, change.answers)
    submission.texts = _merged(submission.texts, change.texts)
    submission.entered = _merged(submission.entered, change.entered)


def forget_unsaved(submission: Submission, question_ids: Collection[str]) -> None:
    """What stood on the page is saved now; what is left on other pages is looked at again when they are kept."""
    submission.unsaved = {key: value for key, value in submission.unsaved.items() if key not in question_ids}
    submission.unsaved_alarm = submission.unsaved_alarm and bool(submission.unsaved)


def keep_revision(
    submission: Submission,
    change: Change,
    *,
    now: datetime,
    page: str = "",
    alarms: Collection[str] = (),
    made_by: User | None = None,
    via: str = Revision.Via.WEB,
    remark: str = "",
) -> Revision:
    return Revision.objects.create(
        submission=submission,
        number=submission.revisions.count() + 1,
        page=page,
        changes=change.answers,
        texts=change.texts,
        entered=change.entered,
        remark=remark,
        alarms=list(alarms),
        made_at=now,
        made_by=made_by,
        via=via,
        language=submission.language,
    )


def pending_outcome(submission: Submission) -> Outcome:
    """The outcome while the intake runs: nothing is known of what was not asked yet."""
    ruleset = submission.version.ruleset
    return evaluate(ruleset, read_case(ruleset, submission.all_answers(), pending=True))


def would_alarm(submission: Submission, answers: Mapping[str, Any]) -> tuple[bool, bool]:
    """With these answers in place of those stored: would it stop, and would it raise an urgent alarm not shown yet?"""
    ruleset = submission.version.ruleset
    fired = _fired(submission, evaluate(ruleset, read_case(ruleset, answers, pending=True)))
    stops = any(_stops(submission, rule) and rule.id not in submission.stops_set_aside for rule in fired)
    urgent = any(_is_urgent_alarm(submission, rule) and rule.id not in submission.alarms_shown for rule in fired)
    return stops, urgent


def remember_alarms(submission: Submission, outcome: Outcome) -> None:
    """An alarm once true at a saved step of the intake is never forgotten."""
    submission.alarms_seen = list(dict.fromkeys([*submission.alarms_seen, *outcome.alarms]))


def stops_now(submission: Submission, outcome: Outcome) -> bool:
    """Whether a rule stops the intake that was not set aside. One that became false meanwhile counts as new."""
    keep_set_aside(submission, outcome)
    return not set(_stopping(submission, outcome)) <= set(submission.stops_set_aside)


def keep_set_aside(submission: Submission, outcome: Outcome) -> None:
    """Forget what was set aside and does not stop the intake any more."""
    stopping = _stopping(submission, outcome)
    submission.stops_set_aside = [rule_id for rule_id in submission.stops_set_aside if rule_id in stopping]


def set_stops_aside(submission: Submission) -> None:
    submission.stops_set_aside = _stopping(submission, pending_outcome(submission))


def show_alarms(submission: Submission, outcome: Outcome, before: Outcome) -> tuple[str, ...]:
    """The urgent alarms newly true, marked as shown; `before` is the outcome until this step.

    One that was taken back and given again is shown again. Only an answer takes one back: where the answer is missing
    now, or the rule is of another version, what the patient was told still stands.
    """
    urgent = [rule.id for rule in _fired(submission, outcome) if _is_urgent_alarm(submission, rule)]
    shown = submission.alarms_shown
    new = tuple(rule_id for rule_id in urgent if rule_id not in shown or rule_id not in before.fired)
    stands = [rule_id for rule_id in shown if outcome.verdicts.get(rule_id) is not FALSE]
    submission.alarms_shown = list(dict.fromkeys([*urgent, *stands]))
    return new


def _stopping(submission: Submission, outcome: Outcome) -> list[str]:
    return [rule.id for rule in _fired(submission, outcome) if _stops(submission, rule)]


def _fired(submission: Submission, outcome: Outcome) -> list[Rule]:
    return [submission.version.ruleset.rule(rule_id) for rule_id in outcome.fired]


def _stops(submission: Submission, rule: Rule) -> bool:
    return rule.disposition is not None and submission.version.ruleset.disposition(rule.disposition).stop_intake


def _is_urgent_alarm(submission: Submission, rule: Rule) -> bool:
    if _stops(submission, rule):
        return False
    urgent = rule.disposition is not None and is_urgent(submission.version.ruleset, rule.disposition)
    return rule.is_alarm or urgent


def _asked(submission: Submission, question_id: str, audiences: Collection[str]) -> Question:
    try:
        question = submission.version.ruleset.question(question_id)
    except KeyError:
        question = None
    if question is None or question.audience not in audiences:
        raise UnknownQuestion(_NOT_ASKED)
    return question


def _coded(question: Question, value: Any) -> Any:
    """The value if it holds nothing but codes of the question, a number or a date; else None. It may be invalid."""
    if isinstance(value, list | tuple):
        return list(value) if value and all(_is_code(question, item) for item in value) else None
    return value if _is_code(question, value) else None


def _is_code(question: Question, value: Any) -> bool:
    if isinstance(value, str):
        return value == DONT_KNOW or value in question.codes or (question.type == "date" and _is_date(value))
    # Infinity and NaN fail the comparison.
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _merged(stored: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**stored, **change}.items() if value is not None}
