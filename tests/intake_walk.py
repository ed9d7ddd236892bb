"""Walks through the whole intake as a browser without JavaScript does: loads pages, fills in forms, presses buttons.

    walk = IntakeWalk(client, site, pathway, answers)
    walk.begin(); walk.answer_everything(); walk.send()       # or walk.all_the_way()
    walk.begin(); walk.store_everything(); walk.send()        # or walk.sent(): a third of the time

It reads what is asked from the pages, and takes what to answer from `answers` (question id → value as the rules read
it, for instance a vignette's). A question without one is answered "I don't know" where that is offered, left out where
it is optional, and else with its first choice. It stops wherever the intake stops it: `walk.path` says where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from screening.actions import intake
from screening.intake.asking import Asking
from screening.intake.sent import SentPage
from screening.models import Pathway, Referral, Site, Submission
from screening.policies import Actor
from screening.rules.ruleset import Question

MOST_PAGES = 60
_HIDDEN = re.compile(r'name="(-version|-step|-loaded|-whose)" value="([^"]+)"')
_ASKED = re.compile(r'name="-asked" value="(\w+)"')
WHO: dict[str, str] = {
    "name": "Maria Quintana",
    "birth_month": "5",
    "contact_way": "either",
    "phone": "020 7946 0123",
    "email": "maria@example.com",
    "consent": "yes",
}


def form_data(question: Question, answer: Any) -> dict[str, Any]:
    """The boxes of one question as a browser sends them. None leaves it empty."""
    sent: dict[str, Any] = {"-asked": question.id}
    if question.type in ("number", "text", "date"):
        return {**sent, **_typed(question, answer)}
    if answer is not None:
        sent[question.id] = answer
    return sent


def _typed(question: Question, answer: Any) -> dict[str, Any]:
    if question.type == "number" and (question.min, question.max, question.integer) == (0, 10, True):
        return {} if answer is None else {question.id: answer if isinstance(answer, str) else f"{answer:g}"}
    unit = {f"{question.id}-unit": question.unit} if len(question.entry_units) > 1 else {}
    if answer == "dont_know":
        return {question.id: "", f"{question.id}-dont_know": "on", **unit}
    if question.type == "date" and answer:
        year, month, day = answer.split("-")
        return {question.id: day, f"{question.id}-2": month, f"{question.id}-3": year}
    return {question.id: "" if answer is None else str(answer), **unit}


def page_data(questions: list[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """A whole page of them."""
    data: dict[str, Any] = {"-asked": []}
    for question in questions:
        sent = form_data(question, answer_to(question, answers))
        data["-asked"].append(sent.pop("-asked"))
        data.update(sent)
    return data


def answer_to(question: Question, answers: Mapping[str, Any]) -> Any:
    if question.id in answers:
        return answers[question.id]
    if question.optional:
        return None
    if question.dont_know is not None:
        return ["dont_know"] if question.type == "multiple" else "dont_know"
    return {"multiple": list(question.codes[:1]), "text": "–"}.get(question.type, (*question.codes, None)[0])


class IntakeWalk:
    """`path`: where the patient is now; `page`: the answer to the last request."""

    def __init__(
        self, client: Client, site: Site, pathway: Pathway, answers: Mapping[str, Any], *, through_warnings: bool = True
    ) -> None:
        self.client, self.site, self.pathway, self.answers = client, site, pathway, dict(answers)
        self.through_warnings = through_warnings
        assert pathway.live_version is not None
        self.ruleset = pathway.live_version.ruleset
        self.root = f"/{site.slug}/{pathway.pk}/"
        self.path = self.root
        self.visited: list[str] = []
        self.page: HttpResponse | None = None

    # Browsing

    def get(self, path: str) -> HttpResponse:
        return self._follow(self.client.get(path), path)

    def post(self, path: str, data: Mapping[str, Any]) -> HttpResponse:
        return self._follow(self.client.post(path, data), path)

    def _follow(self, page: HttpResponse, path: str) -> HttpResponse:
        for _ in range(10):
            if page.status_code != 302:
                break
            path = page["Location"].partition("#")[0]
            page = self.client.get(path)
        self.path, self.page = path.partition("?")[0], page
        self.visited.append(self.path)
        return page

    @property
    def html(self) -> str:
        assert self.page is not None
        return self.page.content.decode()

    def is_at(self, *names: str) -> bool:
        return any(self.path == f"{self.root}{name}/" for name in names)

    @property
    def asked(self) -> list[Question]:
        """The questions on the page."""
        return [self.ruleset.question(question_id) for question_id in _ASKED.findall(self.html)]

    @property
    def hidden(self) -> dict[str, str]:
        """What the page says of itself."""
        return dict(_HIDDEN.findall(self.html))

    # Walking

    def begin(self, phone: str = "") -> IntakeWalk:
        self.post(self.root, {"phone": phone})
        return self

    def save_page(self, **changed: Any) -> IntakeWalk:
        """Fill in this page as `answers` say, some names of its boxes otherwise, and press its button."""
        self.post(self.path, {**page_data(self.asked, self.answers), **self.hidden, **changed})
        return self

    def answer_everything(self) -> IntakeWalk:
        """Until the answers are to be checked, or the emergency page (or a warning, if asked to) stops the way."""
        for _ in range(MOST_PAGES):
            if self.path.startswith(f"{self.root}questions/"):
                self.save_page()
            elif self.is_at("warning") and self.through_warnings:
                self.get(self._next_link())
            else:
                return self
        raise AssertionError(f"Going round in circles: {self.visited[-6:]}")

    def store_everything(self) -> IntakeWalk:
        """The same page by page, without the pages: for tests of what comes after them."""
        submission = Submission.objects.filter(site=self.site, pathway=self.pathway).latest("started_at")
        for page in Asking.of(submission).plan.pages:
            while submission.status == "in_progress" and Asking.of(submission).open_on(page):
                questions = Asking.of(submission).on(page)
                sent = SentPage(questions, QueryDict(urlencode(page_data([*questions], self.answers), doseq=True)))
                submission = intake.save_step(
                    actor=Actor.patient(self.site),
                    submission=submission,
                    page=str(page.number),
                    answers=sent.answers,
                    texts=sent.texts,
                    entered=sent.entered,
                ).submission
        self.get(f"{self.root}check/")
        return self.answer_everything()

    def _next_link(self) -> str:
        found = re.search(r'class="btn btn-primary" href="([^"]+)"', self.html)
        assert found, self.html
        return found[1]

    def send(self, **changed: str) -> IntakeWalk:
        """Say who you are, born to fit the age given, and send."""
        self.get(f"{self.root}about-you/")
        self.post(self.path, {**WHO, **self.born(), **changed})
        return self

    def born(self) -> dict[str, str]:
        """A date of birth that fits the age given."""
        age = self.answers.get("age_years")
        years = int(age) if isinstance(age, int | float) else 45
        today = self.site.local(timezone.now())
        # On the 17th of May: so many whole years ago.
        year = today.year - years - ((today.month, today.day) < (5, 17))
        return {"date_of_birth": "17", "birth_year": str(year)}

    def all_the_way(self) -> IntakeWalk:
        self.begin().answer_everything()
        return self.send() if self.is_at("check") else self

    def sent(self) -> IntakeWalk:
        self.begin().store_everything()
        return self.send() if self.is_at("check") else self

    @property
    def referral(self) -> Referral:
        """The newest of this clinic."""
        return Referral.objects.filter(site=self.site).latest("pk")
