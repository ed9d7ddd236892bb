"""What an alarm says to the patient while the intake runs: the emergency page's words, and those of a warning."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass

from screening.actions.steps import pending_outcome, stops_now
from screening.intake.sent import SentPage
from screening.models import Submission
from screening.rules.ruleset import Disposition, Rule, RuleSet


@dataclass(frozen=True)
class Alarm:
    """A disposition and what its rules tell the patient."""

    disposition: Disposition
    texts: tuple[str, ...]


def emergency(submission: Submission) -> Alarm:
    """What the emergency page says: of the rules that stop the intake now, the most urgent disposition."""
    ruleset = submission.shown_ruleset
    fired = [ruleset.rule(rule_id) for rule_id in pending_outcome(submission).fired]
    stopping = [alarm for alarm in _by_disposition(ruleset, fired) if alarm.disposition.stop_intake]
    if stopping:
        return stopping[0]
    return Alarm(next(d for d in ruleset.dispositions if d.stop_intake), ())


def if_saved(submission: Submission, sent: SentPage) -> Submission:
    """The submission as saving this page would make it. Not to be saved itself."""
    as_sent = copy(submission)
    answers = {**submission.answers, **sent.answers}
    as_sent.answers = {key: value for key, value in answers.items() if value not in (None, "")}
    as_sent.texts = {**submission.texts, **sent.texts}
    as_sent.entered = {**submission.entered, **sent.entered}
    return as_sent


def would_stop(as_sent: Submission) -> bool:
    """Whether the emergency page must be shown to answers like these."""
    return as_sent.status == Submission.Status.STOPPED or stops_now(as_sent, pending_outcome(as_sent))


def warnings(submission: Submission, rule_ids: Collection[str]) -> list[Alarm]:
    """What urgent rules say, the most urgent disposition first."""
    ruleset = submission.shown_ruleset
    return _by_disposition(ruleset, [rule for rule in ruleset.rules if rule.id in rule_ids])


def _by_disposition(ruleset: RuleSet, rules: Iterable[Rule]) -> list[Alarm]:
    found: dict[str, dict[str, None]] = {}
    for rule in rules:
        if rule.disposition:
            found.setdefault(rule.disposition, {}).update({rule.patient: None} if rule.patient else {})
    urgent_first = sorted(found, key=ruleset.urgency.__getitem__)
    return [Alarm(ruleset.disposition(disposition), tuple(found[disposition])) for disposition in urgent_first]
