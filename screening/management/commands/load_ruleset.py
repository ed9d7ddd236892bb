"""`manage.py load_ruleset PATH [--publish] [--site SLUG …]`: fill a pathway's draft from a file, and offer it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from screening.actions import clinic, publishing, rules
from screening.exceptions import ScreeningError
from screening.models import Draft, Pathway, Site
from screening.policies import Actor
from screening.rules.problems import DocumentError
from screening.rulesets import read_document


class Command(BaseCommand):
    help = "Fill a pathway's draft from a rule set's file (made where there is none), and offer it at clinics."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="the rule set, YAML or JSON")
        parser.add_argument("--vignettes", help="its test patients; else those beside it, NAME.vignettes.yaml")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish it: only where no version was ever live, or in demo mode; later ones people publish",
        )
        parser.add_argument(
            "--site",
            action="append",
            metavar="SLUG",
            help="offer it at this clinic; again for another. Else at the only one",
        )

    def handle(
        self, *, path: str, vignettes: str | None, publish: bool, site: list[str] | None, **options: Any
    ) -> None:
        self.quiet = not options["verbosity"]
        try:
            document, tests = _read(Path(path)), _vignettes(Path(path), vignettes)
            with transaction.atomic():
                draft = self._load(document, tests)
                self._offer(draft.pathway, site)
                if publish:
                    self._publish(draft, path)
        except DocumentError as error:
            raise CommandError(f"{path} cannot be used:\n{error}") from None
        except ScreeningError as error:
            raise CommandError(error.message) from None
        self.say(f"The draft of {draft.pathway_id} holds {path}.")

    def say(self, words: str) -> None:
        if not self.quiet:
            self.stdout.write(words)

    def _load(self, document: dict[str, Any], tests: dict[str, Any] | None) -> Draft:
        pathway = rules.open_pathway(actor=Actor.system(), document=document)
        return rules.import_document(actor=Actor.system(), pathway=pathway, document=document, vignettes=tests)

    def _offer(self, pathway: Pathway, slugs: list[str] | None) -> None:
        for found in _sites(slugs):
            if not pathway.offerings.filter(site=found).exists():
                clinic.set_offering(actor=Actor.system(), site=found, pathway=pathway, is_open=True)
                self.say(f"Offered at {found.name} (/{found.slug}/).")

    def _publish(self, draft: Draft, path: str) -> None:
        checked = publishing.gate(draft)
        if checked.is_unchanged:
            self.say("It is live already.")
            return
        _refuse_with_details(checked)
        reason = f"Loaded from {Path(path).name}{' for a demo' if settings.DEMO_MODE else ''}."
        version = publishing.publish(actor=Actor.system(), pathway=draft.pathway, reason=reason)
        self.say(f"Version {version.number} is live.")


def _refuse_with_details(checked: publishing.Gate) -> None:
    if checked.is_open:
        return
    lines = [str(problem) for problem in checked.problems]
    lines += [f"{vignette.id}: {words}" for vignette, differs in checked.unmet for words in differs]
    raise CommandError("\n".join([checked.refusal(), *lines]))


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_document(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None


def _vignettes(path: Path, named: str | None) -> dict[str, Any] | None:
    """The test patients named, or those beside the rule set; without any, those of the draft stay."""
    if named:
        return _read(Path(named))
    beside = path.with_name(f"{path.stem}.vignettes.yaml")
    return _read(beside) if beside.exists() else None


def _sites(slugs: list[str] | None) -> list[Site]:
    if slugs:
        found = {site.slug: site for site in Site.objects.filter(slug__in=slugs)}
        missing = [slug for slug in slugs if slug not in found]
        if missing:
            known = ", ".join(Site.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no clinic {', '.join(missing)}. There are: {known}.")
        return list(found.values())
    sites = list(Site.objects.all())
    return sites if len(sites) == 1 else []
