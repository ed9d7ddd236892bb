"""`manage.py export_ruleset ID[@VERSION]`: a pathway's rule set as YAML; its live version, @draft, or @3."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.models import Draft, Pathway
from screening.rulesets import to_yaml


class Command(BaseCommand):
    help = "Print a rule set as YAML: the live version, or the one named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ruleset", metavar="ID[@VERSION]", help="lumbar-miss, lumbar-miss@3 or lumbar-miss@draft")
        parser.add_argument("--vignettes", action="store_true", help="its test patients instead")

    def handle(self, *, ruleset: str, vignettes: bool, **options: Any) -> None:
        pathway_id, _, version = ruleset.partition("@")
        pathway = Pathway.objects.filter(pk=pathway_id).first()
        if pathway is None:
            raise CommandError(f"There is no pathway `{pathway_id}`.")
        document, tests = _draft(pathway) if version == "draft" else _version(pathway, version)
        self.stdout.write(to_yaml(tests if vignettes else document), ending="")


def _draft(pathway: Pathway) -> tuple[dict[str, Any], dict[str, Any]]:
    draft = Draft.objects.filter(pathway=pathway).first()
    if draft is None:
        raise CommandError(f"The pathway `{pathway.pk}` has no draft.")
    return draft.exported(), draft.compile_vignettes()


def _version(pathway: Pathway, number: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if not number:
        if pathway.live_version is None:
            raise CommandError(f"The pathway `{pathway.pk}` has no live version yet. Its draft is {pathway.pk}@draft.")
        return pathway.live_version.document, pathway.live_version.vignettes
    version = pathway.versions.filter(number=int(number) if number.isdecimal() else 0).first()
    if version is None:
        raise CommandError(f"The pathway `{pathway.pk}` has no version `{number}`.")
    return version.document, version.vignettes
