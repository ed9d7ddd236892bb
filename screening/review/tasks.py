"""What staff can do to a case, in the order of the buttons: each task's form, words and the policy that opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from screening.policies import check_referral_action, check_referral_role
from screening.review.dossier import Dossier
from screening.review.forms.contact import ContactForm, TellForm
from screening.review.forms.decision import DecideForm
from screening.review.forms.identity import IdentityForm, ReachForm
from screening.review.forms.questions import FindingsForm, PhoneForm
from screening.review.forms.simple import (
    AnswerForm,
    AskForm,
    ClaimForm,
    CloseForm,
    ComeBackForm,
    HandBackForm,
    ReleaseForm,
    ReopenForm,
    WithdrawForm,
)


@dataclass(frozen=True)
class Task:
    # The last part of its address.
    name: str
    # A key of policies.TRANSITIONS.
    action: str
    # The words on its button in the head of the case, and on the one that does it.
    button: str
    send: str
    form: Any
    # None: one press does it.
    template: str | None
    # The event its action leaves in the audit, where that has another name.
    event: str = ""

    @property
    def url(self) -> str:
        return f"review:{self.name}"

    @property
    def template_path(self) -> str:
        return f"review/tasks/{self.template}"

    @property
    def has_page(self) -> bool:
        return self.template is not None

    @property
    def audit_action(self) -> str:
        return f"referral.{self.event or self.action}"

    def check_role(self, dossier: Dossier) -> None:
        """Raises NotAllowed for somebody who could never do it."""
        check_referral_role(dossier.actor, dossier.referral, self.action)

    def check(self, dossier: Dossier) -> None:
        """Raises NotAllowed for who may not do it now."""
        check_referral_action(dossier.actor, dossier.referral, self.action)

    def is_open(self, dossier: Dossier) -> bool:
        has_page = dossier.referral.patient is not None
        useful = {"send-result": dossier.is_unsent, "ask": has_page, "identity": has_page, "reach": has_page}
        return useful.get(self.name, True) and self.action in dossier.open_actions


TASKS = {
    task.name: task
    for task in (
        Task("claim", "claim", "Take this case", "Take this case", ClaimForm, None),
        Task("answer", "answer_request", "Take down the answer", "Keep the answer", AnswerForm, "answer.html"),
        Task("decide", "decide", "Decide", "Decide", DecideForm, "decide.html"),
        Task("tell", "tell_patient", "Tell the patient", "The patient was told", TellForm, "tell.html"),
        Task(
            "findings",
            "add_findings",
            "Scan and findings",
            "Save and assess again",
            FindingsForm,
            "questions.html",
            "reassess",
        ),
        Task("contact", "record_contact", "Record a contact", "Record the contact", ContactForm, "contact.html"),
        Task(
            "phone",
            "answer_for_patient",
            "Answers by phone",
            "Save and assess again",
            PhoneForm,
            "questions.html",
            "reassess",
        ),
        Task("send-result", "release_assessment", "Send the new result", "Send it", ReleaseForm, "release.html"),
        Task("ask", "ask_patient", "Ask the patient", "Send the question", AskForm, "ask.html"),
        Task("close", "close", "Close", "Close the case", CloseForm, "close.html"),
        Task("reopen", "reopen", "Take it up again", "Take it up again", ReopenForm, "reopen.html"),
        Task("hand-back", "hand_back", "Hand back", "Hand back", HandBackForm, None),
        Task("come-back", "come_back", "Take up again for the patient", "Take up again", ComeBackForm, None),
        Task("reach", "correct_contact", "Correct how to reach them", "Save the correction", ReachForm, "reach.html"),
        Task(
            "identity",
            "correct_identity",
            "Correct name or birth",
            "Save the correction",
            IdentityForm,
            "identity.html",
        ),
        Task("withdraw", "withdraw", "Withdraw", "Withdraw this case", WithdrawForm, "withdraw.html"),
    )
}


def buttons(dossier: Dossier) -> list[Task]:
    """The tasks this person may do now; the first is the one to do."""
    return [task for task in TASKS.values() if task.is_open(dossier)]
