"""Somebody behind their private link, whose answers were sent by the real actions rather than page by page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from screening.actions import intake
from screening.intake.known import SESSION_KEY
from screening.models import Pathway, Referral, Site
from screening.policies import Actor
from tests.factories import identity
from tests.intake_walk import IntakeWalk, page_data

MOST_PAGES = 20


class PrivateWalk(IntakeWalk):
    """At the private page; this browser has just told the date of birth."""

    def __init__(self, site: Site, pathway: Pathway, answers: Mapping[str, Any], **who: Any) -> None:
        super().__init__(Client(), site, pathway, answers)
        self._referral = sent_by_actions(site, pathway, answers, **who)
        self.token = self._referral.private_token
        self.root = self.path = f"/{site.slug}/r/{self.token}/"
        self.knows()

    def knows(self) -> None:
        """As if the date of birth had been told this second."""
        session = self.client.session
        session[SESSION_KEY] = {str(self._referral.submission_id): [1, timezone.now().timestamp()]}
        session.save()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    @property
    def referral(self) -> Referral:
        return Referral.objects.select_related("submission", "patient", "assessment", "site").get(pk=self._referral.pk)

    @property
    def at(self) -> str:
        """The last part of where they are."""
        return self.path.removeprefix(self.root)

    @property
    def private_html(self) -> str:
        return self.client.get(self.root).content.decode()

    # “It got worse”

    def worse(self, **answers: Any) -> PrivateWalk:
        """Begin to tell, with these answers different from those that were sent."""
        self.answers = {**self.answers, **answers}
        self.get(f"{self.root}worse/")
        return self

    def save_page(self, **changed: Any) -> PrivateWalk:
        self.post(self.path, {**page_data(self.asked, self.answers), **changed})
        return self

    def to_the_end(self) -> PrivateWalk:
        """Until the pages of questions end, one way or another."""
        for _ in range(MOST_PAGES):
            if not re.fullmatch(r"worse/\d+/", self.at):
                return self
            self.save_page()
        raise AssertionError(self.visited[-MOST_PAGES:])

    def until(self, question_id: str) -> PrivateWalk:
        """Up to the page that asks this."""
        for _ in range(MOST_PAGES):
            if question_id in [question.id for question in self.asked]:
                return self
            self.save_page()
        raise AssertionError(self.visited[-MOST_PAGES:])

    def tell(self, remark: str = "") -> PrivateWalk:
        self.post(f"{self.root}worse/end/", {"remark": remark})
        return self


def sent_by_actions(site: Site, pathway: Pathway, answers: Mapping[str, Any], **who: Any) -> Referral:
    """A referral with these answers, in one step."""
    actor = Actor.patient(site)
    submission = intake.start_submission(actor=actor, site=site, pathway=pathway)
    ruleset = submission.version.ruleset
    texts = {key: value for key, value in answers.items() if ruleset.question(key).type == "text"}
    coded = {key: value for key, value in answers.items() if key not in texts}
    step = intake.save_step(actor=actor, submission=submission, page="1", answers=coded, texts=texts, entered={})
    age = answers.get("age_years", 45)
    born = timezone.localdate().replace(month=1, day=1)
    who = {"date_of_birth": born.replace(year=born.year - int(age)), **who}
    return intake.submit(actor=actor, submission=step.submission, identity=identity(**who), consent_text="I agree.")
