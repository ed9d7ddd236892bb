"""Every document that is made from code and shipped rule sets; --check tells whether docs/generated is current."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from screening.interpreters.prose import prose
from screening.management.statuses import statuses
from screening.rulesets import load, shipped


def documents() -> dict[str, str]:
    """Each generated document, by its file name."""
    of_rule_sets = {f"{ruleset_id}.md": prose(load(shipped(ruleset_id))) for ruleset_id in shipped_ids()}
    return {**of_rule_sets, "statuses.md": statuses()}


def shipped_ids() -> list[str]:
    """The ids of the rule sets that come with the program."""
    names = (path.name.removesuffix(".yaml") for path in shipped("any").parent.glob("*.yaml"))
    return sorted(name for name in names if not name.endswith(".vignettes"))


class Command(BaseCommand):
    help = "Writes docs/generated from code and shipped rule sets; with --check only tells whether it is current."
    requires_system_checks = ()  # runs without a database, keys or static files

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is not current")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs" / "generated")

    def handle(self, *, check: bool, folder: Path, **options: Any) -> None:
        wanted = documents()
        differing = [name for name, text in wanted.items() if _read(folder / name) != text]
        left_over = sorted({path.name for path in folder.glob("*.md")} - wanted.keys())
        if check:
            self._report(differing, left_over)
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in differing:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        for name in left_over:
            (folder / name).unlink()
        self.stdout.write(f"{len(wanted)} documents, {len(differing)} written anew, {len(left_over)} taken away.")

    def _report(self, differing: list[str], left_over: list[str]) -> None:
        if differing or left_over:
            raise CommandError(f"Not current: {', '.join(differing + left_over)}. Run `make docs`.")
        self.stdout.write("All generated documents are current.")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
