"""Filling in the intake's pages in a real browser as a person does: one question after the other, new ones too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from screening.rules.ruleset import Question, RuleSet
from tests.factories import SiteFactory, lumbar_pathway
from tests.intake_walk import IntakeWalk, answer_to

MOST_PAGES = 20


class Patient:
    """Works in one window with these answers."""

    def __init__(self, page: Page, address: str, ruleset: RuleSet, answers: Mapping[str, Any]) -> None:
        self.page, self.address, self.ruleset, self.answers = page, address, ruleset, answers

    def begin(self) -> Patient:
        self.page.goto(self.address)
        self.page.get_by_role("button", name="Start").click()
        self.page.wait_for_url("**/questions/1/")
        return self

    def arrive(self, walk: IntakeWalk, place: str) -> Patient:
        """Go on in this window where somebody with the same answers has walked to, like "questions/4"."""
        walk.begin()
        while not walk.is_at(place):
            walk.save_page()
        cookie = walk.client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}])
        self.page.goto(f"{self.address}{place}/")
        return self

    def asked(self) -> list[str]:
        boxes = self.page.locator('input[name="-asked"]').all()
        return [box.get_attribute("value") or "" for box in boxes]

    def fill_in(self) -> Patient:
        """Until nothing new appears."""
        done: set[str] = set()
        while new := [question_id for question_id in self.asked() if question_id not in done]:
            question = self.ruleset.question(new[0])
            self.answer(question, answer_to(question, self.answers))
            done.add(new[0])
        return self

    def answer(self, question: Question, answer: Any) -> None:
        if answer is None:
            return
        if question.type in ("number", "text") and not self._is_scale(question):
            self._type(question, answer)
        else:
            for one in answer if isinstance(answer, list) else [answer]:
                value = f"{one:g}" if isinstance(one, int | float) else one
                self.page.locator(f'[name="{question.id}"][value="{value}"]').check()
        self.settle()

    def _type(self, question: Question, answer: Any) -> None:
        if answer == "dont_know":
            self.page.locator(f'[name="{question.id}-dont_know"]').check()
        else:
            self.page.locator(f'[name="{question.id}"]').fill(str(answer))
            self.page.keyboard.press("Tab")

    def _is_scale(self, question: Question) -> bool:
        return (question.min, question.max, question.integer) == (0, 10, True)

    def settle(self) -> None:
        """Nothing is on its way to or from the server."""
        if self.page.locator("[hx-post]").count() and self.page.evaluate("typeof htmx") == "object":
            expect(self.page.locator(".htmx-request")).to_have_count(0)

    def save(self) -> Patient:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Save and go on").click()
        return self

    def is_at(self, name: str) -> bool:
        return f"/{name}/" in self.page.url

    def answer_everything(self, each: Any = None) -> Patient:
        """`each` is called with the window on every page, filled in."""
        for _ in range(MOST_PAGES):
            if not self.is_at("questions"):
                return self
            self.fill_in()
            if each:
                each(self.page)
            self.save()
        raise AssertionError(f"Still at {self.page.url}")

    def send(self) -> Patient:
        self.page.get_by_role("link", name="These answers are right").click()
        self.page.get_by_label("Your full name").fill("Maria Quintana")
        for label, text in (("Day", "1"), ("Month", "1"), ("Year", str(date.today().year - self.answers["age_years"]))):  # noqa: DTZ011
            self.page.get_by_label(label, exact=True).fill(text)
        self.page.get_by_label("By telephone", exact=True).check()
        self.page.get_by_label("Your telephone number").fill("020 7946 0123")
        self.page.locator('[name="consent"]').check()
        self.page.get_by_role("button", name="Send my answers").click()
        self.page.wait_for_url("**/r/*/")
        return self


def clinic(live_server: Any) -> Callable[..., Patient]:
    """begin(window, answers): a patient at this window; `at`: already on this page, those before it answered."""
    site = SiteFactory(slug="northfield", name="Northfield Clinic")
    pathway = lumbar_pathway(site)

    def begin(window: Page, answers: Mapping[str, Any], *, at: str = "") -> Patient:
        address = f"{live_server.url}/northfield/lumbar-miss/"
        patient = Patient(window, address, pathway.live_version.ruleset, answers)
        return patient.arrive(IntakeWalk(Client(), site, pathway, answers), at) if at else patient

    return begin
