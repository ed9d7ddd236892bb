"""Forms of one box, or of none: a button is all there is."""

from __future__ import annotations

from django import forms

from screening.actions import review, waiting
from screening.models import InformationRequest, Referral
from screening.policies import Actor
from screening.review.forms.base import TaskForm, words_field
from screening.review.mail import how_told


class ClaimForm(TaskForm):
    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        review.claim(actor=actor, referral=referral, expected_revision=seen)
        return "You have this case now."


class HandBackForm(TaskForm):
    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        review.hand_back(actor=actor, referral=referral, expected_revision=seen)
        return "The case is back in the worklist."


class ReleaseForm(TaskForm):
    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        review.release_assessment(actor=actor, referral=referral, expected_revision=seen)
        return "The patient sees the new result now." + how_told(referral, self.dossier.now)


class AskForm(TaskForm):
    question = words_field("Your question", "The patient reads it as you write it. Ask one thing, in common words.")

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        question = self.cleaned_data["question"]
        review.ask_patient(actor=actor, referral=referral, expected_revision=seen, question=question)
        words = "The patient finds your question on their private page. The contact deadline goes on."
        return words + how_told(referral, self.dossier.now)


class AnswerForm(TaskForm):
    answer = words_field("What the patient said", "It is kept as taken down by you on the telephone.")

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        via = InformationRequest.Via.PHONE
        answer = self.cleaned_data["answer"]
        review.answer_request(actor=actor, referral=referral, expected_revision=seen, answer=answer, via=via)
        return "The answer is kept, and the case is in review again."


class CloseForm(TaskForm):
    note = words_field("Why the patient was not told", "For the record. The patient does not see it.")

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        review.close(actor=actor, referral=referral, expected_revision=seen, note=self.cleaned_data["note"])
        return "The case is closed."


class ReopenForm(TaskForm):
    reason = words_field("Why you take this case up again", "For the record. The patient does not see it.")

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        review.reopen(actor=actor, referral=referral, expected_revision=seen, reason=self.cleaned_data["reason"])
        return "You have this case again. The earlier decision stays in its history."


class WithdrawForm(TaskForm):
    note = words_field("Why", "For the record: what the patient said, or why else the case ends without a decision.")

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if not note.strip():
            raise forms.ValidationError("Say why: nobody will look at this case any more.")
        return note

    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        review.withdraw(actor=actor, referral=referral, expected_revision=seen, note=self.cleaned_data["note"])
        return "The case is withdrawn. The patient sees that on their page."


class ComeBackForm(TaskForm):
    def perform(self, actor: Actor, referral: Referral, seen: int) -> str:
        waiting.come_back(actor=actor, referral=referral, expected_revision=seen)
        return "The case waits in the worklist again."
