"""Answers → Case: what of a response counts, and how (language.md section 2).

Every question of a case is in exactly one state: known (its value), unknown or absent; while an intake runs also
pending. Hidden answers never count, invalid ones are unknown and reported.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from screening.rules.answers import Invalid
from screening.rules.operations import Ticked, Value, Values
from screening.rules.program import program
from screening.rules.ruleset import Question, RuleSet
from screening.rules.truth import FALSE, PENDING, TRUE, Missing


@dataclass(frozen=True)
class Case:
    """An immutable snapshot of answers, as the rules see it. Tuples hold question ids, in document order."""

    values: Mapping[str, Value]
    """each question's state: its value where known, else why it is missing; and what was worked out for the show_ifs"""
    shown: tuple[str, ...]
    """the patient's and clinician's questions not hidden by their show_if"""
    undetermined: tuple[str, ...]
    """of the shown, those whose show_if waits for an answer still pending: an intake does not ask them yet"""
    pruned: tuple[str, ...]
    """hidden questions with a stored answer"""
    invalid: tuple[str, ...]
    ignored: tuple[str, ...]
    """keys that name no question"""

    def is_open(self, question_id: str) -> bool:
        """Whether the answer is unknown or incomplete."""
        value = self.values[question_id]
        return value is Missing.UNKNOWN or (isinstance(value, Ticked) and not value.complete)


def read_case(
    ruleset: RuleSet,
    answers: Mapping[str, Any],
    *,
    pending: bool = False,
    left_out: Collection[str] = (),
    as_shown: bool = False,
) -> Case:
    """Read answers (question id → value, numbers in the question's own unit) into a case. Never raises for an answer.

    `pending`: an intake is running, so a patient's question not yet answered may still be; but not the optional ones
    in `left_out`, which were asked and left empty (only for finding what to ask next). `as_shown`: every stored answer
    counts even where its question is hidden (only for finding withdrawn alarms).
    """
    run = program(ruleset)
    values: Values = dict(run.constants)
    shown, undetermined, pruned, invalid = [], [], [], []
    for question, read_answer, no_answers, steps, show_if in run.questions:
        for key, read in steps:
            values[key] = read(values)
        question_id, answer = question.id, answers.get(question.id)
        answered = answer not in no_answers
        visible = values[show_if] if show_if else TRUE
        if visible is FALSE and not (as_shown and answered):
            values[question_id] = Missing.ABSENT
            if answered:
                pruned.append(question_id)
            continue
        shown.append(question_id)
        if visible is PENDING:
            undetermined.append(question_id)
        if not answered:
            values[question_id] = _unanswered(question, pending and question_id not in left_out)
        else:
            try:
                values[question_id] = read_answer(answer)
            except Invalid as error:
                values[question_id] = error.rest
                invalid.append(question_id)
    return Case(
        values=values,
        shown=run.in_order(shown),
        undetermined=run.in_order(undetermined),
        pruned=run.in_order(pruned),
        invalid=run.in_order(invalid),
        ignored=tuple(sorted(answers.keys() - run.places.keys())),
    )


def _unanswered(question: Question, pending: bool) -> Missing:
    if pending and question.audience == "patient":
        return Missing.PENDING
    return Missing.ABSENT if question.may_stay_empty else Missing.UNKNOWN
