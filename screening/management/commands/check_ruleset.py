"""`manage.py check_ruleset RULESET [--vignettes FILE]`: every problem, and every vignette that comes out otherwise.

With `--prove`, every claim as well; it exits 1 unless all of them hold.
"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.interpreters.prove import prove
from screening.interpreters.rehearse import rehearse
from screening.management.rulesets import is_path, named_ruleset, named_vignettes
from screening.rules.check_translations import out_of_date
from screening.rules.ruleset import RuleSet
from screening.rules.vignettes import Vignettes, check_vignettes


class Command(BaseCommand):
    help = "Print everything wrong with a rule set, and every vignette that does not come out as expected."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ruleset", help="a YAML or JSON file, or a pathway's id (its live version)")
        parser.add_argument(
            "--vignettes", help="a file of vignettes; else those beside the rule set, NAME.vignettes.yaml"
        )
        parser.add_argument("--prove", action="store_true", help="prove every claim for every possible case (z3)")

    def handle(self, *, ruleset: str, vignettes: str | None, **options: Any) -> None:
        try:
            rules = named_ruleset(ruleset)
            tests = self._vignettes(ruleset, vignettes)
        except CommandError as error:
            self.stdout.write(str(error))
            sys.exit(1)
        self.stdout.write(f"{rules.id}: {len(rules.questions)} questions, {len(rules.rules)} rules, no problem found.")
        for warning in out_of_date(rules):
            self.stdout.write(f"Warning: {warning}")
        as_expected = tests is None or self._run(rules, tests)
        proved = not options["prove"] or self._prove(rules, tests)
        if not (as_expected and proved):
            sys.exit(1)

    def _vignettes(self, ruleset: str, vignettes: str | None) -> Vignettes | None:
        if vignettes:
            return named_vignettes(vignettes)
        if is_path(ruleset):
            beside = Path(ruleset).with_suffix(".vignettes.yaml")
            return named_vignettes(str(beside)) if beside.is_file() else None
        from screening.models import Pathway

        version = Pathway.objects.get(pk=ruleset).live_version
        return version.read_vignettes() if version else None

    def _run(self, rules: RuleSet, tests: Vignettes) -> bool:
        problems = check_vignettes(rules, tests)
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            return False
        failed = rehearse(rules, tests)
        for vignette, unmet in failed:
            self.stdout.write(f"vignettes/{vignette.id} “{vignette.title}”: {'; '.join(unmet)}")
        number = len(tests.vignettes)
        self.stdout.write(f"{number - len(failed)} of {number} vignettes come out as expected.")
        return not failed

    def _prove(self, rules: RuleSet, tests: Vignettes | None) -> bool:
        profiles = tests.profiles if tests else {}
        report = prove(rules, bases={name: profile.answers for name, profile in profiles.items()})
        for result in report.results:
            self.stdout.write(result.to_text())
        proved = sum(result.holds for result in report.results)
        self.stdout.write(
            f"{proved} of {len(report.results)} claims hold (z3 {report.z3_version}, {report.seconds:.1f} s)."
        )
        return report.holds
