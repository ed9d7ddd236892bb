"""Microseconds a case for the shipped rule set over all its vignettes, beside a naive tree-walk in the same run."""

import sys
import timeit
from collections.abc import Callable
from typing import Any

from screening.interpreters.evaluate import decide, evaluate
from screening.interpreters.explain import explain
from screening.rules.case import read_case
from screening.rulesets import load, load_vignettes, shipped
from tests.generative.naive import Naive

ROUNDS = 15
"""the best of so many is shown: what the code costs, not what else the machine was doing"""


def microseconds(measured: Callable[[Any], object], cases: list[Any]) -> float:
    """The best time a case."""

    def all_of_them() -> None:
        for case in cases:
            measured(case)

    return min(timeit.repeat(all_of_them, number=1, repeat=ROUNDS)) / len(cases) * 1e6


def main() -> None:
    ruleset = load(shipped("lumbar-miss"))
    vignettes = load_vignettes(shipped("lumbar-miss.vignettes"))
    answers = [vignettes.answers(vignette) for vignette in vignettes.vignettes]
    cases = [read_case(ruleset, each) for each in answers]
    outcomes = [(case, evaluate(ruleset, case)) for case in cases]
    rows = [
        ("read the case", microseconds(lambda each: read_case(ruleset, each), answers)),
        ("evaluate it, every verdict and trace", microseconds(lambda case: evaluate(ruleset, case), cases)),
        ("both", microseconds(lambda each: evaluate(ruleset, read_case(ruleset, each)), answers)),
        ("decide: both, and withdrawn alarms", microseconds(lambda each: decide(ruleset, each), answers)),
        ("explain it", microseconds(lambda each: explain(ruleset, each[0], each[1]), outcomes)),
    ]
    naive = microseconds(lambda each: Naive(ruleset, each).decide(), answers[:20])
    out = sys.stdout.write
    out(f"{ruleset.id}: {len(ruleset.rules)} rules, {len(ruleset.definitions)} definitions, {len(cases)} vignettes\n")
    for name, time in rows:
        out(f"{name:<38} {time:8.0f} µs a case   {naive / time:7.1f} × as fast as the naive walk\n")
    out(f"{'naive tree-walk, read and decide':<38} {naive:8.0f} µs a case\n")


if __name__ == "__main__":
    main()
