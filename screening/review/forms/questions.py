"""The clinician's findings, and the patient's answers taken by telephone: the rule set's own questions.

The form remembers at which step it was shown, so that only what this person changed is sent. What somebody else added
meanwhile is neither undone nor overlooked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from screening.actions import review
from screening.forms.questions import QuestionsForm, Row
from screening.models import Assessment, Referral, Revision
from screening.policies import Actor
from screening.review.alarms import answers_at
from screening.review.dossier import Dossier
from screening.review.forms.base import Performs
from screening.rules.case import read_case
from screening.rules.ruleset import Question

STEP = "step"


class AnswersForm(Performs, QuestionsForm):
    """Some of the rule set's questions, with the answers there are."""

    asked: Callable[[Dossier], list[Question]]
    via = ""
    can_clear = False

    def __init__(self, dossier: Dossier, data: Any = None, *, sent: AnswersForm | None = None) -> None:
        """`sent`: what this person had typed is shown in place of what is stored."""
        submission = dossier.submission
        # The one the answers are stored for; the latest assessment may be of the version they were moved from.
        self.ruleset = submission.version.ruleset
        own = sent.kept() if sent else {}
        super().__init__(
            self.asked(dossier),
            data=data,
            answers={**submission.answers, **own},
            texts={**submission.texts, **own},
            entered={**submission.entered, **(sent.entered if sent else {})},
            can_clear=self.can_clear,
            auto_id="task_%s",
        )
        self.dossier = dossier

    @classmethod
    def again(cls, dossier: Dossier, data: Any) -> AnswersForm:
        """The answers as they are now, with what this person changed on top."""
        sent = cls(dossier, data)
        sent.full_clean()
        return cls(dossier, sent=sent)

    @property
    def step(self) -> int:
        """The last step of the submission when the form was first shown."""
        last = self.dossier.revisions[-1].number if self.dossier.revisions else 0
        said = str(self.data.get(STEP, ""))
        return min(int(said), last) if said.isdecimal() and len(said) < 10 else last

    def changed(self) -> dict[str, Any]:
        """What this person changed, by question id; None or "" takes an answer away."""
        before = answers_at(self.dossier.revisions, self.step)
        given = {**self.answers, **self.texts}
        return {key: value for key, value in given.items() if not _same(value, before.get(key))}

    def kept(self) -> dict[str, Any]:
        """What this person changed; where that cannot be an answer, None, so that it is shown as it was typed."""
        return {**self.changed(), **{key: None for key in self.errors if key in self.fields}}

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        changed = self.changed()
        made = review.reassess(
            actor=actor,
            referral=referral,
            expected_revision=seen,
            answers={key: value for key, value in changed.items() if key not in self.texts},
            texts={key: value for key, value in changed.items() if key in self.texts},
            via=self.via,
        )
        return self.said(made)

    def said(self, made: Assessment) -> str:
        label = made.version.ruleset.disposition(made.disposition).label
        before = self.dossier.disposition
        if made.disposition == before.id:
            return f"Assessed again: still {label}."
        return f"Assessed again: {label}, before it was {before.label}."

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """The fields by section, as they are shown."""
        for section in self.ruleset.sections:
            rows = [row for row in self.rows if row.question.section == section.id]
            if rows:
                yield section.title, rows

    @property
    def has_many_groups(self) -> bool:
        return len(list(self.groups())) > 1

    def typed(self) -> Iterator[tuple[str, str]]:
        """What was changed, label and words."""
        self.full_clean()
        for key in self.changed():
            yield self.ruleset.question(key).text, str(self[key].value() or "–")


class FindingsForm(AnswersForm):
    """Not answered is absent: every field may stay, or be made, empty."""

    via = Revision.Via.WEB
    can_clear = True

    def asked(self, dossier: Dossier) -> list[Question]:
        return [question for question in self.ruleset.questions if question.audience == "clinician"]


class PhoneForm(AnswersForm):
    """The patient's questions that apply now, what would settle the case first."""

    via = Revision.Via.PHONE

    def asked(self, dossier: Dossier) -> list[Question]:
        shown = set(read_case(self.ruleset, dossier.submission.all_answers()).shown)
        return [one for one in self.ruleset.questions if one.audience == "patient" and one.id in shown]

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        wanted = set(self.dossier.outcome.ask_next)
        first = [row for row in self.rows if row.question.id in wanted]
        if first:
            yield "To ask next", first
        for title, rows in super().groups():
            rest = [row for row in rows if row.question.id not in wanted]
            if rest:
                yield title, rest


def _same(given: Any, stored: Any) -> bool:
    if isinstance(given, list) and isinstance(stored, list):
        return sorted(map(str, given)) == sorted(map(str, stored))
    return (given or None if isinstance(given, str) else given) == stored
