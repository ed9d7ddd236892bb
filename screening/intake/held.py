"""Everything held about a patient that they get at once, as plain data: for the page and for the file.

docs/adr/0011 says what is in it and what is not: what staff wrote for each other, and what was found and not yet told,
a clinician goes through first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from screening.forms.questions import read_typed
from screening.intake import opened, words
from screening.models import (
    Assessment,
    AuditEvent,
    CallBack,
    ErasureRequest,
    Message,
    Patient,
    Referral,
    Review,
    Revision,
)
from screening.policies import PATIENT
from screening.rules.answers import is_answered
from screening.rules.ruleset import RuleSet
from screening.told import told

Data = dict[str, Any]


def held(referral: Referral, now: datetime) -> Data:
    """Plain data and times; answers as codes and in words."""
    submission = referral.submission
    return {
        "clinic": referral.site.name,
        "reference": referral.reference,
        "made_at": now,
        "you": _patient(referral.patient),
        "sent": {
            "started_at": submission.started_at,
            "sent_at": submission.submitted_at,
            "language": submission.language,
            "filled_in_by": submission.get_filled_by_display(),
            "number_for_a_call_back": submission.call_back_phone,
            "said_at_the_emergency_page": submission.get_said_on_emergency_display(),
            "status": referral.get_status_display(),
            "contact_wanted_by": referral.contact_due_at,
        },
        "answers": list(_answers(submission.shown_ruleset, submission.all_answers(), submission.entered)),
        "steps": [_step(submission.shown_ruleset, step) for step in submission.revisions.order_by("number")],
        "results": [_result(one) for one in _released(referral)],
        "contacts": [
            {"at": one.at, "how": one.get_how_display(), "reached": one.reached} for one in referral.contacts.all()
        ],
        "questions": [
            {
                "asked_at": one.asked_at,
                "question": one.question,
                "answered_at": one.answered_at,
                "answer": one.answer,
                "answered": one.get_answered_via_display(),
            }
            for one in referral.information_requests.all()
        ],
        "decisions": [_decision(referral, review, told_at) for review, told_at in told_decisions(referral)],
        "wishes": list(_wishes(referral)),
        "messages": [
            {"kind": one.get_kind_display(), "made_at": one.made_at, "sent_at": one.sent_at}
            for one in Message.objects.filter(submission=submission)
        ],
        "emergencies": [
            {"at": one.reached_at, "said": one.get_said_display()}
            for one in CallBack.objects.filter(submission=submission)
        ],
        "opened": [{"by": one.who, "at": one.at, "times_that_day": one.times} for one in opened.openings(referral)],
    }


def _patient(patient: Patient | None) -> Data:
    if patient is None:
        return {}
    return {
        **_details(patient),
        "agreed_at": patient.consented_at,
        "agreed_to": patient.consent_text,
        "before": [{**_details(former), "until": former.until} for former in patient.former_details.all()],
    }


def _details(one: Any) -> Data:
    """Of a patient, or as they were before a correction."""
    return {
        "name": one.name,
        "date_of_birth": one.date_of_birth,
        "email": one.email,
        "phone": one.phone,
        "contact_way": one.get_contact_way_display(),
    }


# Answers ---------------------------------------------------------------------------------------------------------


def _answers(ruleset: RuleSet, answers: Data, entered: Data) -> Iterator[Data]:
    """Theirs; a clinician's findings come with the result they belong to, once that was sent."""
    for question in ruleset.questions:
        answer, typed = answers.get(question.id), read_typed(entered.get(question.id))
        if question.audience != "patient" or not (is_answered(question, answer) or typed):
            continue
        yield {
            "question": question.text,
            "id": question.id,
            "answer": answer,
            "in_words": words.answer_words(question, answer, entered.get(question.id)) if answer else "",
            "as_typed": typed.words if typed else "",
        }


def _step(ruleset: RuleSet, step: Revision) -> Data:
    changes = {**step.changes, **step.texts}
    return {
        "number": step.number,
        "at": step.made_at,
        "way": step.get_via_display(),
        "by": _("a member of staff") if step.made_by_id else _("you"),
        "you_wrote": step.remark,
        "answers": list(_answers(ruleset, changes, step.entered)),
        "taken_away": [
            question.text
            for question in ruleset.questions
            if question.audience == "patient" and question.id in changes and changes[question.id] is None
        ],
    }


# What came of it -------------------------------------------------------------------------------------------------


def _released(referral: Referral) -> list[Assessment]:
    sent = referral.submission.assessments.filter(released_at__isnull=False).select_related("version")
    return list(sent.order_by("number"))


def _result(made: Assessment) -> Data:
    ruleset, outcome = made.version.ruleset_in(made.submission.language), made.read_outcome()
    disposition = ruleset.disposition(outcome.disposition)
    fired = [ruleset.rule(rule_id) for rule_id in outcome.fired]
    texts = [rule.patient for rule in fired if rule.patient and rule.disposition in (None, disposition.id)]
    findings = [question for question in ruleset.questions if question.audience == "clinician"]
    return {
        "number": made.number,
        "made_at": made.made_at,
        "sent_to_you_at": made.released_at,
        "because": made.get_cause_display(),
        "rules": f"{ruleset.id} {made.version.number}",
        "rules_sha256": made.version.sha256,
        "result": disposition.patient_label,
        "means": disposition.patient,
        "reasons": list(dict.fromkeys(texts)),
        "findings": [
            {"finding": one.text, "in_words": words.answer_words(one, made.answers[one.id])}
            for one in findings
            if is_answered(one, made.answers.get(one.id))
        ],
    }


def told_decisions(referral: Referral) -> Iterator[tuple[Review, datetime]]:
    """Each decision that the patient was told, and when; also one that no longer stands."""
    about = AuditEvent.objects.filter(object_type="referral", object_id=str(referral.pk))
    for event in about.filter(action="referral.tell_patient").order_by("number"):
        made = referral.reviews.filter(ended_how=Review.EndedHow.DECIDED, ended_at__lte=event.at)
        if (review := made.order_by("ended_at").last()) is not None:
            yield review, event.at


def _decision(referral: Referral, review: Review, told_at: datetime) -> Data:
    said = told(review, referral.submission.language)
    return {
        "told_at": told_at,
        "decision": str(said.title),
        "operations": list(said.procedures),
        "advice": said.advice,
    }


# What they asked for ---------------------------------------------------------------------------------------------


def _wishes(referral: Referral) -> Iterator[Data]:
    for one in referral.corrections.all():
        yield {"wish": _("A correction"), "at": one.made_at, "you_wrote": one.words, "answer": ""}
    for asked in ErasureRequest.objects.filter(referral=referral.pk):
        yield {
            "wish": _("To have everything erased"),
            "at": asked.asked_at,
            "you_wrote": asked.words,
            "answer": asked.reason,
        }
    if note := _own_withdrawal(referral):
        yield {"wish": _("To take the answers back"), "at": referral.closed_at, "you_wrote": note, "answer": ""}


def _own_withdrawal(referral: Referral) -> str:
    """Why they took their answers back, where they said it themselves: staff's notes are not theirs."""
    about = AuditEvent.objects.filter(object_type="referral", object_id=str(referral.pk))
    last = about.filter(action__in=("referral.withdraw", "referral.close")).order_by("number").last()
    is_own = last is not None and (last.action, last.actor_kind) == ("referral.withdraw", PATIENT)
    return referral.closing_note if is_own else ""
