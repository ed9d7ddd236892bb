"""`manage.py decide RULESET [FILE|-]`: the outcome of each case, one JSON object a line. A contract for scripts."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.interpreters.evaluate import decide
from screening.management.rulesets import named_ruleset
from screening.rules.outcome import Outcome
from screening.rules.ruleset import RuleSet

LISTS = ("fired", "unresolved", "ask_next", "supports", "rules_out", "invalid", "ignored", "pruned")


class Command(BaseCommand):
    help = "Decide cases: one JSON object, or JSON Lines, of answers by question id; prints one JSON object a case."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ruleset", help="a YAML or JSON file, or a pathway's id (its live version)")
        parser.add_argument("file", nargs="?", default="-", help="the answers; - or nothing: standard input")
        parser.add_argument("--explain", action="store_true", help="add why, in words")

    def handle(self, *, ruleset: str, file: str, explain: bool, **options: Any) -> None:
        rules = named_ruleset(ruleset)
        failed = False
        for case in read_cases(_source(file)):
            if isinstance(case, str):
                failed = True
                self.stdout.write(json.dumps({"error": case}))
            else:
                self.stdout.write(json.dumps(result(rules, case, explain=explain)))
        if failed:
            sys.exit(1)


def _source(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from None


def read_cases(source: bytes) -> Iterator[dict[str, Any] | str]:
    """Each case's answers, or what is wrong where they cannot be read."""
    whole = _case(source)
    if isinstance(whole, dict):
        yield whole
        return
    for line in source.split(b"\n"):
        if line.strip():
            yield _case(line)


def _case(source: bytes) -> dict[str, Any] | str:
    try:
        data = json.loads(source.decode("utf-8-sig"), object_pairs_hook=_once_each)
    except UnicodeDecodeError as error:
        return f"not UTF-8 text (byte {error.start + 1})"
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} (column {error.colno})"
    except RecursionError:
        return "nested too deep"
    except ValueError as error:
        return str(error)
    return data if isinstance(data, dict) else "not a JSON object of answers"


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        # which of two answers was meant must not be guessed
        raise ValueError("a question is answered twice")
    return data


def result(ruleset: RuleSet, answers: Mapping[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """What is printed of a case."""
    outcome = decide(ruleset, answers)
    printed: dict[str, Any] = {
        "disposition": outcome.disposition,
        "contact_within_hours": outcome.contact_within_hours,
        **{name: sorted(getattr(outcome, name)) for name in LISTS},
        "approach": outcome.approach,
        "ruleset_sha256": outcome.ruleset_sha256,
    }
    if explain:
        printed["explanation"] = _explanation(ruleset, answers, outcome)
    return printed


def _explanation(ruleset: RuleSet, answers: Mapping[str, Any], outcome: Outcome) -> Any:
    from screening.interpreters.explain import explain

    return explain(ruleset, answers, outcome).to_data()
