"""Which language a patient's page is in: what the browser asks for, or the patient chose, as far as it is offered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext

from screening.actions.languages import choose_language
from screening.models import RuleSetVersion, Submission
from screening.policies import Actor

BUTTON = "-language"
"""The name of the switch's buttons. No question's id begins so."""
STAFF = ("/review/", "/admin/", "/account/", "/health/", "/static/")


class Choice(NamedTuple):
    """A language in the switch, named in itself."""

    tag: str
    name: str
    is_current: bool


class PageLanguage:
    """Of one request. Until a view says what its page is about, nothing is known to be offered."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.offered: tuple[str, ...] = ()
        self.approved: tuple[str, ...] = ()
        self.wanted = self._wanted()

    def _wanted(self) -> str:
        """By the cookie of an earlier choice, or else by what the browser says."""
        if self.request.path.startswith(STAFF):
            return settings.LANGUAGE_CODE
        return translation.get_language_from_request(self.request)

    @cached_property
    def asked(self) -> str:
        """What was pressed in the switch, empty if nothing was."""
        pressed = self.request.POST.get(BUTTON, "") if self.request.method == "POST" else ""
        return pressed if pressed in dict(settings.LANGUAGES) else ""

    def use(self, version: RuleSetVersion | None, submission: Submission | None = None) -> None:
        """The page is about these questions, or this person's answers: from here on it speaks their language."""
        if version is None:
            return
        self._offer(version.languages, version.approved_languages)
        if submission is None:
            self._speak(self.asked or self.wanted, otherwise=version.ruleset.language)
            return
        if self.asked in self.offered and self.asked != submission.language:
            choose_language(actor=Actor.patient(submission.site), submission=submission, language=self.asked)
        self._speak(submission.language, otherwise=version.ruleset.language)

    def use_any(self, versions: Iterable[RuleSetVersion]) -> None:
        """The page leads to these questions: any language that one of them is offered in."""
        known = list(versions)
        self._offer(
            tuple(dict.fromkeys(tag for version in known for tag in version.languages)),
            tuple({tag for version in known for tag in version.approved_languages}),
        )
        if self.offered:
            self._speak(self.asked or self.wanted, otherwise=self.offered[0])

    def _offer(self, offered: tuple[str, ...], approved: tuple[str, ...]) -> None:
        self.offered = tuple(tag for tag in offered if tag in dict(settings.LANGUAGES))
        self.approved = approved

    def _speak(self, tag: str, otherwise: str) -> None:
        self.wanted = tag
        translation.activate(tag if tag in self.offered else otherwise)

    # For base.html --------------------------------------------------------------------------------------------------

    @property
    def tag(self) -> str:
        return translation.get_language() or settings.LANGUAGE_CODE

    @property
    def choices(self) -> list[Choice]:
        """The languages to switch between; none where there is only one."""
        names = dict(settings.LANGUAGES)
        found = [Choice(tag, str(names[tag]), tag == self.tag) for tag in self.offered]
        return found if len(found) > 1 else []

    @property
    def is_draft(self) -> bool:
        """Whether the questions' words in this language wait for approval: so only in a demo."""
        return self.tag in self.offered and self.tag not in self.approved

    @property
    def not_offered(self) -> str:
        """Says in the language that was wanted why the page is in another; empty where it is not."""
        if not self.offered or self.wanted in self.offered:
            return ""
        with translation.override(self.wanted):
            return gettext("These questions are not in your language yet.")

    @property
    def address(self) -> str:
        """Where the switch sends what was pressed, when there is no form on the page to keep."""
        parts = self.request.resolver_match.kwargs if self.request.resolver_match else {}
        if "token" in parts:
            return reverse("intake:language_of_private", args=[parts["site"], parts["token"]])
        if "pathway" in parts:
            return reverse("intake:language_of_questions", args=[parts["site"], parts["pathway"]])
        return reverse("intake:language")
