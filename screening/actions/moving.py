"""Moving answers under way to a newer version that asks something else about safety: whether, and what it changes.

Works on a locked submission, like steps.py, and leaves saving it to the action.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from screening.actions import steps
from screening.actions.steps import Change
from screening.models import RuleSetVersion, Submission
from screening.rules.answers import is_answered
from screening.rules.case import read_case
from screening.rules.difference import difference
from screening.rules.ruleset import Question, RuleSet


@dataclass(frozen=True)
class Move:
    """From one rule set to another, for the answers of anybody."""

    ask: tuple[str, ...]
    """the patient's safety questions that were added or changed: asked, whatever was answered before"""
    added: frozenset[str]
    """those of `ask` that the old rule set did not have"""
    reshaped: tuple[str, ...]
    """other questions that are new, or whose old answers cannot be told from something else now: not asked"""


def newer_version(submission: Submission) -> RuleSetVersion | None:
    """The live version, where answers under way must be moved to it: it adds or changes a safety question.

    Whoever is at the emergency page is not moved: that page tells what their own version found. A suspended version
    takes nobody in.
    """
    pathway = submission.pathway
    is_current = pathway.live_version_id in (None, submission.version_id)
    if is_current or submission.status != Submission.Status.IN_PROGRESS or pathway.suspended_at is not None:
        return None
    live = RuleSetVersion.objects.defer("document", "vignettes").get(pk=pathway.live_version_id)
    return live if between(submission.version.ruleset, live.ruleset).ask else None


@lru_cache(maxsize=32)
def between(old: RuleSet, new: RuleSet) -> Move:
    """What moving answers from one rule set to the other means."""
    before = {question.id: question for question in old.questions}
    changed = difference(old, new).added_or_changed_safety_questions
    ask = tuple(key for key in changed if new.question(key).audience == "patient")
    others = [question for question in new.questions if question.id not in ask]
    reshaped = tuple(question.id for question in others if not _same_shape(question, before.get(question.id)))
    return Move(ask, frozenset(ask) - before.keys(), reshaped)


def _same_shape(question: Question, before: Question | None) -> bool:
    """Whether an old answer can be read as one to the new question. A number of weeks is not one of days."""
    now = (question.audience, question.type, question.unit)
    return before is not None and now == (before.audience, before.type, before.unit)


def move(submission: Submission, live: RuleSetVersion) -> tuple[Move, Change]:
    """Put the submission on the live version. The change holds the answers that this took away.

    Just the safety questions that are new or changed are asked (again), those that they open among them. Any other new
    question is not asked: when the answers are sent it counts as the language says, unknown where it is required (so
    that a person gets more information), absent where it is optional. An answer that the new version no longer takes
    (a choice that is gone, another range) stays and is not asked again either: it is invalid, so unknown, and has a
    person clarify. An answer to a question that is gone is ignored.
    """
    old, new = submission.version.ruleset, live.ruleset
    going = between(old, new)
    change = _taken_away(submission, going)
    again = [key for key in going.ask if _was_asked(submission, new.question(key), going)]
    steps.apply(submission, change)
    # What the patient set aside as a mistake stays so only where the answers that remain raise it in both versions.
    steps.keep_set_aside(submission, steps.pending_outcome(submission))
    unfit = _invalid(submission, new) - _invalid(submission, old)
    not_asked = [key for key in (*submission.not_asked, *going.reshaped, *sorted(unfit)) if key not in going.ask]
    submission.not_asked = list(dict.fromkeys(not_asked))
    submission.asked_again = list(dict.fromkeys([*submission.asked_again, *again]))
    submission.version = live
    return going, change


def _taken_away(submission: Submission, going: Move) -> Change:
    gone = (*going.ask, *going.reshaped)
    return Change(
        answers={key: None for key in gone if key in submission.answers},
        texts={key: None for key in gone if key in submission.texts},
        entered={key: None for key in gone if key in submission.entered},
    )


def _was_asked(submission: Submission, question: Question, going: Move) -> bool:
    """Whether the patient answered or passed it before; of one new to them, whether they had begun to answer at all."""
    if question.id in going.added or question.id in submission.not_asked:
        return bool(submission.answers or submission.entered)
    return question.id in submission.entered or is_answered(question, submission.all_answers().get(question.id))


def _invalid(submission: Submission, ruleset: RuleSet) -> set[str]:
    return set(read_case(ruleset, submission.all_answers(), pending=True).invalid)
