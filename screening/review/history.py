"""What happened to a case, in order: steps of the intake, assessments, contacts, reviews, questions, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.text import capfirst

from screening.models import AuditEvent, InformationRequest, Referral, Review, Revision
from screening.policies import name_of
from screening.review.comparison import because
from screening.review.dossier import Dossier
from screening.review.words import moment
from screening.rules.plain import hours_in_words

PATIENT = "Patient"
_ENDED = {
    Review.EndedHow.HANDED_BACK: "Handed back",
    Review.EndedHow.OVERDUE: "Handed back by the program: nobody had contacted the patient by the deadline",
}


@dataclass(frozen=True)
class Event:
    """As _components/time_line.html shows it."""

    at: datetime
    words: str
    who: str = ""
    note: str = ""
    when: str = ""
    machine_when: str = ""
    now: bool = False


# Steps that stand for themselves, by their page.
_TOLD_ALONE = {Revision.MOVED: "moved", Revision.WORSE: "worse"}
_CAME_AND_WENT = {
    "referral.withdraw": "Withdrawn",
    "referral.close": "Closed",
    "referral.tell_patient": "Closed",
    "referral.come_back": "Taken up again, since the patient wants it",
}


def history(dossier: Dossier) -> list[Event]:
    """The first first."""
    parts = (_intake, _assessments, _contacts, _reviews, _requests, _details, _came_and_went, _end)
    events = [event for part in parts for event in part(dossier)]
    # Sorting keeps the order of the parts where two things happened in one transaction.
    ordered = sorted(events, key=lambda event: event.at)
    return [_told(event, dossier, is_last=event is ordered[-1]) for event in ordered]


def _told(event: Event, dossier: Dossier, *, is_last: bool) -> Event:
    when = moment(event.at, dossier.site, dossier.now)
    return Event(event.at, event.words, event.who, event.note, when, event.at.isoformat(), now=is_last)


# The parts ---------------------------------------------------------------------------------------------------------


def _intake(dossier: Dossier) -> Iterator[Event]:
    submission, referral = dossier.submission, dossier.referral
    filled_in = f"Filled in by {submission.get_filled_by_display()}" if submission.filled_by else ""
    yield Event(submission.started_at, "Started the questions", dossier.started_by or PATIENT, filled_in)
    yield from _steps(dossier)
    yield Event(referral.made_at, f"Case made: {Referral.Origin(referral.origin).label}", "")
    if submission.submitted_at is not None and referral.origin != Referral.Origin.SUBMITTED:
        yield Event(submission.submitted_at, "Sent the answers and gave a name", PATIENT)


def _steps(dossier: Dossier) -> Iterator[Event]:
    """Saved steps: those of one person in a row are one event. Its own is one at which an alarm came or went, or that
    moved the answers to a newer version.
    """
    before: set[str] = set()
    marked = []
    for revision in dossier.revisions:
        came, went = set(revision.alarms) - before, before - set(revision.alarms)
        marked.append((revision, came, went))
        before = set(revision.alarms)
    for kind, run in groupby(marked, key=lambda step: _kind(*step)):
        steps = list(run)
        if kind[2] == "answered":
            yield _answered([step[0] for step in steps])
        elif kind[2] in _TOLD_ALONE.values():
            tell = _moved if kind[2] == "moved" else _worse
            yield from (tell(dossier, *step) for step in steps)
        else:
            for revision, came, went in steps:
                yield _alarmed(dossier, revision, came, went)


def _kind(revision: Revision, came: set[str], went: set[str]) -> tuple[int | None, str, str]:
    """Steps in a row of the same kind are told together."""
    if revision.page in _TOLD_ALONE:
        return None, "", _TOLD_ALONE[revision.page]
    return revision.made_by_id, revision.via, "alarmed" if came or went else "answered"


def _moved(dossier: Dossier, revision: Revision, came: set[str], went: set[str]) -> Event:
    """Nobody took an alarm back here: the answer that raised it has to be given again."""
    titles = {rule.id: rule.title for rule in dossier.ruleset.rules}
    said = ["The clinic had changed questions about safety: these were asked again, the rest counts by the new version"]
    said += [f"Alarm by the new version: {titles.get(rule_id, rule_id)}" for rule_id in sorted(came)]
    said += [f"Alarm of the old version, to be asked again: {titles.get(rule_id, rule_id)}" for rule_id in sorted(went)]
    return Event(revision.made_at, "\n".join(said), "The program")


def _worse(dossier: Dossier, revision: Revision, came: set[str], went: set[str]) -> Event:
    event = _alarmed(dossier, revision, came, went)
    words = "\n".join(filter(None, ("Told by private link that it got worse", event.words)))
    return Event(revision.made_at, words, PATIENT, revision.remark)


def _answered(steps: list[Revision]) -> Event:
    last = steps[-1]
    number = len({question_id for step in steps for question_id in {*step.changes, *step.texts}})
    via = f" {last.get_via_display()}" if last.via != Revision.Via.WEB else ""
    words = f"{number} answer{'' if number == 1 else 's'}{via}"
    return Event(last.made_at, words, name_of(last.made_by) if last.made_by else PATIENT)


def _alarmed(dossier: Dossier, revision: Revision, came: set[str], went: set[str]) -> Event:
    titles = {rule.id: rule.title for rule in dossier.ruleset.rules}
    said = [f"Alarm: {titles.get(rule_id, rule_id)}" for rule_id in sorted(came)]
    ended = "Alarm taken back" if revision.made_by is None else "Alarm no longer so"
    said += [f"{ended}: {titles.get(rule_id, rule_id)}" for rule_id in sorted(went)]
    return Event(revision.made_at, "\n".join(said), name_of(revision.made_by) if revision.made_by else PATIENT)


def _assessments(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.assessments:
        label = one.version.ruleset.disposition(one.disposition).label
        hours = one.contact_within_hours
        within = "at once" if hours == 0 else f"within {hours_in_words(hours)}"
        yield Event(one.made_at, f"Assessed: {label}, contact {within}", "Rules", capfirst(because(one)))
        if one.released_by is not None and one.released_at is not None:
            yield Event(one.released_at, f"Result {one.number} sent to the patient", name_of(one.released_by))


def _contacts(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.contacts:
        words = "Reached the patient" if one.reached else "Tried to reach the patient"
        yield Event(one.at, f"{words}: {one.get_how_display()}", name_of(one.by), one.note)


def _reviews(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.reviews:
        who = name_of(one.surgeon)
        taken = "Took the case up again" if one.reopened_because else "Took the case"
        yield Event(one.started_at, taken, who, one.reopened_because)
        if one.ended_at is not None and one.decision:
            yield Event(one.ended_at, _decided(dossier, one), who, _why(one))
        elif one.ended_at is not None and one.ended_how in _ENDED:
            yield Event(one.ended_at, _ENDED[Review.EndedHow(one.ended_how)], who)


def _decided(dossier: Dossier, review: Review) -> str:
    procedures = ", ".join(dossier.label(review.procedures))
    words = f"Decided: {review.get_decision_display()}" + (f" – {procedures}" if procedures else "")
    return f"{words} (differs from the rules)" if review.differs else words


def _why(review: Review) -> str:
    said = {"Reason": review.reason, "Advice to the patient": review.advice}
    return "\n".join(f"{name}: {text}" for name, text in said.items() if text)


def _requests(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.requests:
        yield Event(one.asked_at, "Asked the patient", name_of(one.asked_by), one.question)
        if one.answered_at is not None:
            taken_down = one.answered_via == InformationRequest.Via.PHONE
            by = f"{PATIENT}, taken down by {name_of(one.answered_by)}" if taken_down else PATIENT
            yield Event(one.answered_at, f"Answered {one.get_answered_via_display()}", by, one.answer)


def _details(dossier: Dossier) -> Iterator[Event]:
    """What was corrected, and what it was before."""
    for one in dossier.former_details:
        before = ", ".join(filter(None, (one.name, f"{one.date_of_birth:%d %b %Y}", one.phone, one.email)))
        yield Event(one.until, "Details corrected", name_of(one.by) if one.by else PATIENT, f"Before: {before}")


def _came_and_went(dossier: Dossier) -> Iterator[Event]:
    """Each end that was none, and each coming back: the referral itself only knows how it stands now."""
    about = AuditEvent.objects.filter(object_type="referral", object_id=str(dossier.referral.pk))
    events = list(about.filter(action__in=_CAME_AND_WENT).order_by("number"))
    ends = [event for event in events if event.action != "referral.come_back"]
    for event in events:
        # The end that stands is told with its note.
        if dossier.referral.closed_at is None or event is not ends[-1]:
            by_patient = event.actor_kind == AuditEvent.ActorKind.PATIENT
            yield Event(event.at, _CAME_AND_WENT[event.action], PATIENT if by_patient else "")


def _end(dossier: Dossier) -> Iterator[Event]:
    referral = dossier.referral
    if referral.told_at is not None:
        yield Event(referral.told_at, "The patient was told the decision")
    if referral.closed_at is not None:
        words = "Withdrawn" if referral.status == Referral.Status.WITHDRAWN else "Closed"
        yield Event(referral.closed_at, words, "", referral.closing_note)
