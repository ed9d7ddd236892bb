"""Translations of a draft: every patients' text beside its words in another language, to be written and approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse

from screening.actions import translating
from screening.admin.claims import prove_soon
from screening.admin.errors import Fault
from screening.admin.site import actor_of
from screening.exceptions import FieldErrors, ScreeningError
from screening.models import Draft
from screening.rules.problems import DocumentError
from screening.rules.ruleset import RuleSet
from screening.rules.translations import Address, Text, languages_offered, states, texts_in, unusable

ON_A_PAGE = 25
SHOWN = {
    "open": "not approved",
    "alarm": "alarm texts not approved",
    "missing": "missing",
    "stale": "stale",
    "draft": "drafts",
    "approved": "approved",
    "all": "all",
}
"""Which texts a page shows: what the address says → words."""
LEADS = {
    "missing": "Missing",
    "stale": "Stale: the text has changed since",
    "draft": "Draft",
    "approved": "Approved",
}


@dataclass(frozen=True)
class Progress:
    """How far a language is, and whether patients could read it."""

    tag: str
    name: str
    counts: Counter[Any]
    left: tuple[Text, ...]
    """alarm texts that are not approved"""
    was_offered: bool

    @property
    def is_offered(self) -> bool:
        return not self.left

    @property
    def words(self) -> str:
        """What publishing would mean for those who read it."""
        if self.is_offered:
            return f"{self.name}: will be offered to patients."
        said = f"{self.name}: will not be offered. {len(self.left)} alarm texts are not translated and approved."
        if self.was_offered:
            return f"{said} It is offered now: its readers would have to read another language."
        return f"{said} The demo shows it all the same, marked as a draft." if settings.DEMO_MODE else said


def progress(ruleset: RuleSet, live: RuleSet | None) -> tuple[Progress, ...]:
    """Of every language that the rule set has, or the live one is offered in."""
    now = languages_offered(live) if live else ()
    tags = [tag for tag in dict.fromkeys([*ruleset.translations, *now]) if tag != ruleset.language]
    return tuple(Progress(tag, name_of(tag), states(ruleset, tag), unusable(ruleset, tag), tag in now) for tag in tags)


def name_of(tag: str) -> str:
    return str(dict(settings.LANGUAGES).get(tag, tag))


@dataclass(frozen=True)
class Line:
    """One text on the page. `words` is what stands in its box, also where that could not be saved."""

    number: int
    text: Text
    words: str
    ticked: bool
    seen: str

    @property
    def lead(self) -> str:
        return LEADS[self.text.state]

    @property
    def by(self) -> str:
        known = self.text.translation
        return known.by if known and self.text.state == "approved" else ""

    @property
    def rows(self) -> int:
        return max(2, len(self.text.source) // 60 + 1)


class TranslationsPage:
    """One request for the page. `base` is what every page of the draft needs."""

    def __init__(self, request: HttpRequest, draft: Draft, base: dict[str, Any]) -> None:
        self.request, self.draft, self.base = request, draft, base
        self.language = self._language()
        shown = request.GET.get("show", "")
        self.show = shown if shown in SHOWN else "open"
        self.sent: QueryDict | Mapping[str, Any] = {}
        self.faults: list[Fault] = []
        self.told = ""

    def _language(self) -> str:
        """The one asked for; else the first that there is something of, or that the interface has."""
        asked = self.request.GET.get("language", "")
        known = dict(settings.LANGUAGES)
        begun = [tag for tag in self.draft.ruleset_languages if tag != self.draft.language]
        offered = [*begun, *(tag for tag in known if tag != self.draft.language and tag not in begun)]
        return asked if asked in offered else (offered or [""])[0]

    def answer(self) -> HttpResponse:
        try:
            self.ruleset = self.draft.ruleset_as_it_is()
        except DocumentError:
            return self._page(None)
        if self.request.method == "POST":
            try:
                return self._write()
            except FieldErrors as error:
                self.faults = [Fault("by", "Checked by", words) for words in error.fields.values()]
            except ScreeningError as error:
                self.told = error.message
            self.sent = self.request.POST
        return self._page(self.ruleset)

    # Writing

    def _write(self) -> HttpResponse:
        actor = actor_of(self.request)
        if self.request.POST.get("do") == "drop":
            number = translating.drop_leftovers(actor=actor, draft=self.draft, language=self.language)
            messages.success(self.request, f"{number} taken away.")
        else:
            number = translating.translate(actor=actor, draft=self.draft, language=self.language, **self._typed())
            messages.success(self.request, f"{number} changed." if number else "Nothing was changed.")
        prove_soon(self.request, self.draft)
        return HttpResponseRedirect(self.request.get_full_path())

    def _typed(self) -> dict[str, Any]:
        """What the browser sent of each line, where it is another than stands there, or is to be approved."""
        sent, stored = self.request.POST, {text.address: text for text in self.texts}
        words, expected, approved = {}, {}, []
        for number in range(ON_A_PAGE):
            at = Address(sent.get(f"place-{number}", ""), sent.get(f"field-{number}", ""))
            typed = sent.get(f"words-{number}", "").replace("\r\n", "\n")
            known = stored[at].translation if at in stored else None
            if at.place and typed.strip() != (known.words.strip() if known else ""):
                words[at] = typed
            if f"approve-{number}" in sent:
                approved.append(at)
            expected[at] = sent.get(f"seen-{number}", "")
        return {"words": words, "expected": expected, "approved": approved, "by": sent.get("by", "")}

    # The page

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        return texts_in(self.ruleset, self.language)

    def _page(self, ruleset: RuleSet | None) -> HttpResponse:
        context = {**self.base, "language": self.language, "language_name": name_of(self.language), "told": self.told}
        context |= {"faults": self.faults, "by": self.sent.get("by", "")}
        if ruleset is not None:
            live = self.draft.pathway.live_version
            page = self._paged()
            context |= {
                "page": page,
                "lines": list(self._lines(page)),
                "counts": [
                    (key, words, sum(self._is_shown(t, key) for t in self.texts)) for key, words in SHOWN.items()
                ],
                "show": self.show,
                "progress": progress(ruleset, live.ruleset if live else None),
                "leftovers": translating.leftovers(self.draft, self.language),
                "others": [tag for tag, _ in settings.LANGUAGES if tag not in (self.language, ruleset.language)],
            }
        return TemplateResponse(
            self.request, "admin/pathway/translations.html", context, status=409 if self.told else 200
        )

    def _paged(self) -> Page[Text]:
        found = [text for text in self.texts if self._is_shown(text, self.show)]
        return Paginator(found, ON_A_PAGE).get_page(self.request.GET.get("page"))

    def _is_shown(self, text: Text, show: str) -> bool:
        if show == "alarm":
            return text in self.alarms
        return show == "all" or text.state == show or (show == "open" and text.state != "approved")

    @cached_property
    def alarms(self) -> frozenset[Text]:
        return frozenset(unusable(self.ruleset, self.language))

    def _lines(self, page: Page[Text]) -> Iterator[Line]:
        for number, text in enumerate(page):
            known = text.translation.words if text.translation else ""
            sent_here = self.sent.get(f"place-{number}") == text.address.place
            words = str(self.sent.get(f"words-{number}", known)) if sent_here else known
            yield Line(number, text, words, f"approve-{number}" in self.sent and sent_here, translating.seen(text))
