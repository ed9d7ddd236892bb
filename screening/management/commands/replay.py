"""`manage.py replay PATHWAY --with draft|VERSION|PATH`: what another rule set would make of past cases."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from screening.actions.replaying import replayed
from screening.management.rulesets import is_path, named_ruleset
from screening.models import Draft, Pathway, Referral, Site
from screening.replay.cases import Wanted
from screening.replay.words import Words
from screening.rules.problems import DocumentError
from screening.rules.ruleset import RuleSet


class Command(BaseCommand):
    help = "Decide all past cases of a pathway anew by another rule set, and say what changes. No case is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pathway", help="the pathway's id")
        parser.add_argument("--with", dest="other", required=True, help="draft, a version's number, or a file")
        parser.add_argument("--since", help="only cases that came since this day (2026-01-31)")
        parser.add_argument("--status", nargs="+", default=[], choices=Referral.Status.values, help="only these")
        parser.add_argument("--site", help="only this clinic's cases, by its slug")
        parser.add_argument("--json", action="store_true", help="the whole result as JSON")

    def handle(self, *, pathway: str, other: str, **options: Any) -> None:
        found = Pathway.objects.filter(pk=pathway).first()
        if found is None:
            raise CommandError(f"There is no pathway `{pathway}`.")
        wanted = Wanted(found, _site(options["site"]), _day(options["since"]), tuple(options["status"]))
        progress = self._progress if sys.stderr.isatty() else lambda done, of: None
        result = replayed(wanted, _ruleset(found, other), progress).to_data()
        self.stdout.write(json.dumps(result) if options["json"] else Words(result).text())

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r{done:,} of {of:,} cases read", ending="\n" if done >= of else "")


def _ruleset(pathway: Pathway, other: str) -> RuleSet:
    if other == "draft":
        draft = Draft.objects.filter(pathway=pathway).first()
        if draft is None:
            raise CommandError(f"`{pathway.pk}` has no draft.")
        try:
            return draft.ruleset()
        except DocumentError as error:
            raise CommandError(f"The draft cannot be used:\n{error}") from None
    if other.isdecimal():
        version = pathway.versions.filter(number=int(other)).first()
        if version is None:
            raise CommandError(f"`{pathway.pk}` has no version {other}.")
        return version.ruleset
    if not is_path(other):
        raise CommandError("--with takes `draft`, the number of a version, or a file.")
    ruleset = named_ruleset(other)
    if ruleset.id != pathway.pk:
        raise CommandError(f"This is the rule set `{ruleset.id}`, not one of `{pathway.pk}`.")
    return ruleset


def _site(slug: str | None) -> Site | None:
    if slug is None:
        return None
    site = Site.objects.filter(slug=slug).first()
    if site is None:
        raise CommandError(f"There is no clinic `{slug}`.")
    return site


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"`{text}` is not a day like 2026-01-31.")
    return datetime.combine(day, time.min, tzinfo=UTC)
