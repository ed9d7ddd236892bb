"""Cases of the tiny pathway at each stage, brought about by the real actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from screening.actions import intake, review
from screening.actions.identity import Identity
from screening.actions.intake import Step
from screening.models import Referral, Site, Submission
from screening.policies import Actor
from tests.factories.records import OfferingFactory, PathwayFactory, SiteFactory, staff_actor

# Nothing alarming; `wish` still open.
CALM: dict[str, Any] = {"numb": "no", "chest": "no", "fever": "no"}
NUMB: dict[str, Any] = {**CALM, "numb": "yes"}
ADULT: dict[str, Any] = {**CALM, "age_years": 45, "wish": "surgery"}


def identity(**changes: Any) -> Identity:
    """Somebody of 45 who can be reached."""
    fields: dict[str, Any] = {
        "name": "Maria Quintana",
        "date_of_birth": timezone.localdate() - timedelta(days=round(45.5 * 365.25)),
        "email": "maria@example.com",
        "phone": "020 7946 0123",
        "contact_way": "either",
    }
    return Identity(**{**fields, **changes})


def started(site: Site | None = None) -> Submission:
    """A submission with nothing answered yet."""
    site = site or SiteFactory()
    offering = OfferingFactory(site=site, pathway=PathwayFactory())
    return intake.start_submission(actor=Actor.patient(site), site=site, pathway=offering.pathway)


def save_page(submission: Submission, answers: dict[str, Any] | None = None, **more: Any) -> Step:
    return intake.save_step(
        actor=Actor.patient(submission.site),
        submission=submission,
        page=more.get("page", "p1"),
        answers=answers or {},
        texts=more.get("texts", {}),
        entered=more.get("entered", {}),
    )


def submitted(submission: Submission, **changes: Any) -> Referral:
    return intake.submit(
        actor=Actor.patient(submission.site),
        submission=submission,
        identity=identity(**changes),
        consent_text="I agree.",
    )


def waiting(site: Site | None = None, answers: dict[str, Any] | None = None, **more: Any) -> Referral:
    """A referral sent by a patient, nobody on it yet."""
    submission = started(site)
    save_page(submission, {**CALM, "wish": "surgery"} if answers is None else answers, **more)
    return submitted(submission)


def referred_emergency(site: Site | None = None) -> Referral:
    """Stopped at the emergency page; nobody knows yet who it is."""
    referral = save_page(started(site), NUMB).referral
    assert referral is not None
    return referral


def in_review(referral: Referral | None = None, *, actor: Actor | None = None) -> Referral:
    referral = referral or waiting()
    actor = actor or staff_actor(referral.site)
    return review.claim(actor=actor, referral=referral, expected_revision=referral.revision)


def decided(referral: Referral | None = None, **choice: Any) -> Referral:
    """Decided by its surgeon, as the rules said unless told otherwise."""
    referral = in_review(referral)
    chosen: dict[str, Any] = {"decision": "accept_miss", "procedures": ["discectomy"], **choice}
    actor = Actor.staff(referral.surgeon)
    review.decide(actor=actor, referral=referral, expected_revision=referral.revision, **chosen)
    referral.refresh_from_db()
    return referral
