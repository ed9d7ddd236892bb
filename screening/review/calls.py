"""The call-back list: who reached the emergency page, how long ago, what they said, and how to reach them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import get_language_info

from screening import policies
from screening.actions.identity import AGE_QUESTION, age_on
from screening.models import Assessment, CallBack, Contact, Message, Patient, Site, Submission
from screening.policies import Actor
from screening.review.words import DAY, HOUR, MINUTE, moment, span

# Nobody should wait longer for the first call.
LATE_AFTER = timedelta(minutes=10)
# So long after its time an alert is missing, not late.
ALERT_MISSING_AFTER = timedelta(minutes=2)
SAID = {
    Submission.Said.CALLED: "Says they have called",
    Submission.Said.CANNOT_CALL: "Says they can't call",
    Submission.Said.NOTHING: "Has not said whether they called",
}


def with_case(call_backs: QuerySet[CallBack]) -> QuerySet[CallBack]:
    """Joined with what the list shows."""
    joined = ("site", "taken_by", "closed_by", "submission__referral__patient")
    return call_backs.select_related(*joined).prefetch_related(
        "submission__referral__contacts__by", "submission__assessments__version"
    )


def listed(call_backs: QuerySet[CallBack], *, closed: bool, flood: str = "") -> QuerySet[CallBack]:
    """In the order of the list: who waits longest, those of floods last. Closed ones by when they were closed."""
    if closed:
        return call_backs.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    if flood:
        return call_backs.open().filter(flood=flood).order_by("-is_reachable", "reached_at", "pk")
    # Those of a flood that left no way to reach them are one line together.
    return call_backs.open().exclude(~Q(flood=""), is_reachable=False).order_by("flood", "reached_at", "pk")


def waiting(actor: Actor) -> int:
    """How many wait for somebody to take their call. For every page, so by index."""
    return policies.call_backs_visible_to(actor).unanswered().count()


def counts(actor: Actor) -> dict[str, int]:
    """How many: `waiting`, `open` in all, of those `unreachable`, `closed`."""
    visible = policies.call_backs_visible_to(actor)
    unreachable = visible.open().filter(is_reachable=False).count()
    closed = visible.filter(closed_at__isnull=False).count()
    return {"waiting": waiting(actor), "open": visible.open().count(), "unreachable": unreachable, "closed": closed}


def floods(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Of each flood those that left no way to reach them: how many, from when to when, and how many can't call."""
    nobody = policies.call_backs_visible_to(actor).open().filter(is_reachable=False).exclude(flood="")
    found = nobody.values("flood").annotate(
        count=Count("pk"),
        cannot_call=Count("pk", filter=Q(said=Submission.Said.CANNOT_CALL)),
        first=Min("reached_at"),
        last=Max("reached_last_at"),
    )
    assert actor.site is not None
    site = actor.site
    return [
        {**one, "first": moment(one["first"], site, now), "last": moment(one["last"], site, now)}
        for one in found.order_by("first")
    ]


def state_of(call_backs: list[CallBack], numbers: dict[str, int]) -> str:
    """Another text whenever the list would look otherwise, time apart."""
    seen = [(one.pk, one.revision, one.alerts) for one in call_backs]
    return hashlib.sha256(repr((seen, sorted(numbers.items()))).encode()).hexdigest()[:16]


def waited(length: timedelta) -> str:
    """ "45 s", "12 min", "1 h 5 min", "3 days". Rounded down."""
    if length < MINUTE:
        return f"{max(length.seconds if length >= timedelta(0) else 0, 0)} s"
    if HOUR <= length < DAY:
        hours, rest = divmod(length, HOUR)
        return f"{hours} h {rest // MINUTE} min"
    return span(length)


@dataclass(frozen=True)
class Trouble:
    """Why staff on call may not be alerted: words for the top of the list."""

    title: str
    words: str


def trouble(site: Site, now: datetime) -> Trouble | None:
    """Nobody to alert, or alerts that do not go out."""
    has_email = bool(site.on_call_email) and settings.SENDS_EMAIL
    if not has_email and not site.on_call_webhook:
        words = "Nobody is alerted when somebody reaches the emergency page: look at this list. An administrator "
        words += "enters an on-call address in the clinic's settings."
        return Trouble("There is no on-call address", words)
    missing = now - ALERT_MISSING_AFTER
    not_begun = CallBack.objects.unanswered().filter(site=site, alert_at__lt=missing).exists()
    waiting = Message.objects.under_way().filter(site=site, kind=Message.Kind.ALERT, made_at__lt=missing)
    if not_begun or waiting.exists():
        because = ", ".join(sorted({one.failure for one in waiting if one.failure}))
        words = "Look at this list yourself. Tell whoever runs this program" + (f": {because}." if because else ".")
        return Trouble("Alerts to staff on call do not go out", words)
    return None


class Entry:
    """One call-back (as `with_case` reads it) for one member of staff, at a time."""

    def __init__(self, call_back: CallBack, actor: Actor, now: datetime) -> None:
        self.call_back, self.actor, self.now = call_back, actor, now
        self.submission, self.referral = call_back.submission, call_back.submission.referral

    @property
    def is_open(self) -> bool:
        return self.call_back.closed_at is None

    # How long ---------------------------------------------------------------------------------------------------------

    @property
    def waited(self) -> str:
        return waited((self.call_back.closed_at or self.now) - self.call_back.reached_at)

    @property
    def is_late(self) -> bool:
        waits = self.is_open and self.call_back.taken_at is None and self.call_back.is_reachable
        return waits and self.now - self.call_back.reached_at > LATE_AFTER

    @property
    def since(self) -> str:
        return self.moment(self.call_back.reached_at)

    def moment(self, when: datetime) -> str:
        return moment(when, self.call_back.site, self.now)

    @property
    def again(self) -> str:
        """That the page was reached more than once."""
        if self.call_back.times == 1:
            return ""
        return f"Reached it {self.call_back.times} times, the last time {self.moment(self.call_back.reached_last_at)}"

    # Who, and how to reach them ---------------------------------------------------------------------------------------

    @property
    def patient(self) -> Patient | None:
        return self.referral.patient

    @property
    def who(self) -> str:
        return self.patient.name if self.patient else "Name not given"

    @property
    def age(self) -> str:
        if self.patient:
            return str(age_on(self.call_back.site.local(self.now).date(), self.patient.date_of_birth))
        said = self.submission.answers.get(AGE_QUESTION)
        return f"says {said:g}" if isinstance(said, int | float) else ""

    @property
    def phones(self) -> list[str]:
        """The one left for this first."""
        known = [self.submission.call_back_phone, self.patient.phone if self.patient else ""]
        return list(dict.fromkeys(number for number in known if number))

    @property
    def email(self) -> str:
        return self.patient.email if self.patient else ""

    @property
    def remarks(self) -> list[str]:
        """What helps to talk to them."""
        found = []
        if not self.submission.language.startswith("en"):
            found.append(f"Reads {language_name(self.submission.language)}")
        if self.submission.is_helped:
            found.append(f"Filled in by {self.submission.get_filled_by_display()}")
        return found

    # What happened ----------------------------------------------------------------------------------------------------

    @property
    def said(self) -> str:
        return SAID[Submission.Said(self.call_back.said)]

    @property
    def cannot_call(self) -> bool:
        return self.call_back.said == Submission.Said.CANNOT_CALL

    @property
    def got_worse(self) -> bool:
        return self.call_back.cause == CallBack.Cause.GOT_WORSE

    @cached_property
    def alarms(self) -> list[str]:
        """The rules that show the emergency page, by title; of the last assessment that did."""
        made = sorted(self.submission.assessments.all(), key=lambda one: one.number)
        found = [titles for one in reversed(made) if (titles := stopping(one))]
        return found[0] if found else []

    @property
    def calls(self) -> list[Contact]:
        """Since then, also those noted on the case page."""
        return [one for one in self.referral.contacts.all() if one.at >= self.call_back.reached_at]

    @property
    def notes(self) -> list[dict[str, Any]]:
        return [
            {
                "when": self.moment(one.at),
                "who": policies.name_of(one.by),
                "what": "reached" if one.reached else "no answer",
                "note": one.note,
            }
            for one in self.calls
        ]

    @property
    def taken_by(self) -> str:
        return policies.name_of(self.call_back.taken_by) if self.call_back.taken_by else ""

    @property
    def taken_when(self) -> str:
        return self.moment(self.call_back.taken_at) if self.call_back.taken_at else ""

    @property
    def is_mine(self) -> bool:
        return str(self.call_back.taken_by_id) == self.actor.id

    @property
    def alerted(self) -> str:
        """How often staff on call were alerted, and when they are next."""
        if not self.is_open or not self.call_back.is_reachable or self.call_back.taken_at:
            return ""
        if not self.call_back.alerts:
            return "Staff on call are being alerted"
        times = "once" if self.call_back.alerts == 1 else f"{self.call_back.alerts} times"
        again = f", next {self.moment(self.call_back.alert_at)}" if self.call_back.alert_at else ""
        return f"Staff on call alerted {times}{again}"

    @property
    def closed(self) -> str:
        if self.call_back.closed_at is None:
            return ""
        ended, by = self.call_back.get_ended_display().capitalize(), policies.name_of(self.call_back.closed_by)
        return f"{ended} – closed by {by}, {self.moment(self.call_back.closed_at)}"


def stopping(assessment: Assessment) -> list[str]:
    ruleset = assessment.version.ruleset
    rules = [ruleset.rule(rule_id) for rule_id in assessment.read_outcome().fired]
    return [rule.title for rule in rules if rule.disposition and ruleset.disposition(rule.disposition).stop_intake]


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code
