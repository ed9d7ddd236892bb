"""Seconds to prove every claim of the shipped rule set: from a cold start, again, and after one rule was edited.

Run as `python -m tests.benchmarks.prove`. Processor time is what the proofs cost; elapsed time also holds what else the
machine was doing.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from screening.interpreters.prove import Report, prove
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from screening.rulesets import load, load_vignettes, shipped

ROOT = Path(__file__).parents[2]
COLD = "from tests.benchmarks.prove import prepared, proved; proved(prepared(), {})"
EDITS = {
    "F_smoker": ("'current'", "'ex'"),
    "E14": (">= 13", ">= 12"),
    "T08": ("< 6", "< 8"),
    "D02": (">= 12", ">= 13"),
    "O05": (">= 3", ">= 4"),
    "C05": ("peg_mean < 4", "peg_mean < 3"),
}


def prepared() -> RuleSet:
    return load(shipped("lumbar-miss"))


def proved(ruleset: RuleSet, cache: dict[str, Any]) -> Report:
    profiles = load_vignettes(shipped("lumbar-miss.vignettes")).profiles
    return prove(ruleset, cache=cache, bases={name: profile.answers for name, profile in profiles.items()})


def edited(ruleset: RuleSet, rule_id: str) -> RuleSet:
    document = ruleset.document()
    rule = next(each for each in document["rules"] if each["id"] == rule_id)
    old, new = EDITS[rule_id]
    assert old in rule["when"]
    rule["when"] = rule["when"].replace(old, new)
    return read_ruleset(document)


def timed(measured: Callable[[], Report]) -> tuple[Report, str]:
    elapsed, processor = time.perf_counter(), time.process_time()
    report = measured()
    return (
        report,
        f"{time.perf_counter() - elapsed:6.2f} s elapsed {time.process_time() - processor:6.2f} s of processor",
    )


def cold_start() -> str:
    """A process of its own, with the interpreter, the rule set and z3 still to load."""
    command = [sys.executable, "-c", f"import time; {COLD}; print(time.process_time())"]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return f"{time.perf_counter() - started:6.2f} s elapsed {float(done.stdout):6.2f} s of processor"


def row(name: str, times: str, report: Report) -> str:
    count = Counter(result.status for result in report.results)
    said = ", ".join(f"{number} {status}" for status, number in count.items())
    return f"{name:<28}{times}   {said}\n"


def main() -> None:
    ruleset, cache, out = prepared(), {}, sys.stdout.write
    out(f"{'cold start, all of it':<28}{cold_start()}\n")
    first, times = timed(lambda: proved(ruleset, cache))
    out(row("every claim", times, first))
    again, times = timed(lambda: proved(ruleset, cache))
    out(row("again, nothing edited", times, again))
    for rule_id in EDITS:
        changed, known = edited(ruleset, rule_id), dict(cache)
        report, times = timed(lambda changed=changed, known=known: proved(changed, known))
        out(row(f"{rule_id} edited", times, report))
    kinds: Counter[str] = Counter()
    for result in first.results:
        kinds[result.kind] += result.seconds
    out("elapsed by kind: " + ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in kinds.most_common(6)) + "\n")


if __name__ == "__main__":
    main()
