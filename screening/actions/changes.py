"""How every action on a referral begins (locked, still as it was seen, allowed) and ends (counted, saved, recorded)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from screening import policies
from screening.actions.assess import summary
from screening.actions.audit import record
from screening.exceptions import Conflict, NotAllowed
from screening.models import AuditEvent, CallBack, Referral
from screening.policies import Actor

# How a conflict says what the other person did.
WORDS = {
    "referral.make": "sent this case",
    "referral.update": "sent new answers",
    "referral.claim": "took this case",
    "referral.hand_back": "handed this case back",
    "referral.record_contact": "recorded a contact",
    "referral.reassess": "added answers or findings",
    "referral.release_assessment": "sent the patient the new result",
    "referral.decide": "decided this case",
    "referral.ask_patient": "asked the patient a question",
    "referral.answer_request": "answered the question",
    "referral.tell_patient": "told the patient the decision",
    "referral.close": "closed this case",
    "referral.reopen": "took this case up again",
    "referral.withdraw": "withdrew this case",
    "call_back.reach": "reached the emergency page again",
    "call_back.tell": "told more on the emergency page",
    "call_back.mistake": "said that it was chosen by mistake",
    "call_back.take": "took this call",
    "call_back.call": "noted a call",
    "call_back.close": "closed this call-back",
    "referral.come_back": "asked to take this case up again",
    "referral.worse": "told that it got worse",
    "referral.correct_contact": "changed how to reach the patient",
    "referral.correct_identity": "corrected the name or the date of birth",
    "referral.ask_correction": "asked for a correction",
    "referral.ask_erasure": "asked to have everything erased",
    "referral.keep_after_all": "took back that everything is erased",
}


class Change:
    """One change to a referral. `referral` is locked and fresh; nothing is saved before `finish`."""

    def __init__(self, actor: Actor, referral: Referral, expected_revision: int | None, *actions: str) -> None:
        """Raises NotAllowed, or Conflict when the referral is not at the revision that the person saw.

        `expected_revision` None means "as it is now": for patients, and the program itself, who compare nothing.
        """
        self.actor = actor
        self.referral = locked(referral)
        for action in actions:
            policies.check_referral_role(actor, self.referral, action)
        self._check_revision(expected_revision)
        for action in actions:
            policies.check_referral_action(actor, self.referral, action)
        self._before = summary(self.referral)

    def finish(self, action: str, **details: Any) -> Referral:
        """`details`: ids and codes for the audit."""
        self.referral.revision += 1
        self.referral.save()
        after = summary(self.referral) | details
        record(actor=self.actor, action=f"referral.{action}", obj=self.referral, before=self._before, after=after)
        return self.referral

    def _check_revision(self, expected: int | None) -> None:
        if expected is None and self.actor.kind == policies.STAFF:
            raise NotAllowed("Open the case again before changing it.")
        if expected is not None and expected != self.referral.revision:
            raise conflict_over(self.referral, self.actor)


def locked(referral: Referral) -> Referral:
    # First the lock by itself: on PostgreSQL one that had to wait finds nothing through a join that changed meanwhile.
    Referral.objects.select_for_update().get(pk=referral.pk)
    return (
        Referral.objects.select_related("site", "surgeon", "assessment__version", "submission")
        .defer("assessment__version__document", "assessment__version__vignettes")
        .get(pk=referral.pk)
    )


def conflict_over(referral: Referral | CallBack, actor: Actor) -> Conflict:
    """Who changed the record last, how, and when, from the audit."""
    event = last_change(referral)
    if event is None:
        return Conflict("This case was changed meanwhile. Look at it as it is now, then try again.")
    who, what = _who(event, actor), WORDS.get(event.action, "changed this case")
    when = referral.site.local(event.at)
    message = f"{who} {what} at {when:%H:%M on %d %B}. Nothing was overwritten: look at the case as it is now."
    return Conflict(message, who=who, what=what, when=event.at)


def last_change(obj: Model) -> AuditEvent | None:
    """The last event about a record that was more than a look at it."""
    about = AuditEvent.objects.filter(object_type=obj._meta.model_name, object_id=str(obj.pk))
    return about.exclude(action__endswith=".read").order_by("-number").first()


def _who(event: AuditEvent, actor: Actor) -> str:
    if event.actor_kind == policies.PATIENT:
        return "The patient"
    if event.actor_kind == policies.SYSTEM:
        return "The program"
    if event.actor_id == actor.id:
        return "You"
    user = User.objects.filter(pk=event.actor_id).first()
    return policies.name_of(user)
