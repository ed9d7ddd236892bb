"""A change of the shipped rule set over a million stored cases, beside evaluating cases in a loop in the same run.

The cases are 20,000 made-up ones, stored fifty times under other keys: every row is read and decided for itself.
"""

import copy
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from screening.interpreters.evaluate import decide
from screening.interpreters.sql import Effect, Encoder, Layout, Row, store
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from screening.rulesets import load, shipped
from tests.generative.bulk import answers

MADE_UP, SAMPLE, ROUNDS = 20_000, 300, 3
LARGE, SMALL = 1_000_000, 100_000
out = sys.stdout.write


def versions() -> tuple[RuleSet, RuleSet]:
    """The shipped rule set, and one in which three rules are otherwise."""
    before = load(shipped("lumbar-miss"))
    data = copy.deepcopy(before.document())
    rules = {rule["id"]: rule for rule in data["rules"]}
    rules["E08"]["when"] = f"({rules['E08']['when']}) and age_years >= 18"
    rules["U01"]["disposition"] = "urgent_2w"
    data["rules"].remove(rules["E03"])
    return before, read_ruleset(data)


def timed(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best time in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def write(folder: Path) -> None:
    """Make up cases, show what it costs to write them, and store them."""
    before, _ = versions()
    layout = Layout.of(before)
    cases = answers(before, Random(7), MADE_UP)
    encoder = Encoder(layout, before)
    loop = timed(lambda: [decide(before, case) for case in cases[:SAMPLE]]) / SAMPLE
    encoding = timed(lambda: [encoder.cells(case) for case in cases[:SAMPLE]]) / SAMPLE
    cells = [encoder.cells(case) for case in cases]
    for name, count in (("small", SMALL), ("large", LARGE)):
        start = time.perf_counter()
        rows = (Row(store.new_key(), each) for _ in range(count // MADE_UP) for each in cells)
        stored = store.append(store.create(folder / name, layout), rows)
        writing = (time.perf_counter() - start) / count
    size = sum((folder / "large" / part).stat().st_size for part in stored.parts) / LARGE
    out(f"deciding a case in a loop          {loop * 1e6:8.0f} µs ({LARGE:,}: {loop * LARGE:,.0f} s)\n")
    out(f"a case's answers to cells          {encoding * 1e6:8.1f} µs\n")
    out(f"cells to the store                 {writing * 1e6:8.1f} µs, {size:.0f} bytes a case\n")
    (folder / "loop").write_text(str(loop))


def read(folder: Path, name: str) -> None:
    """Count what changes, in a process of its own so that its memory is known."""
    before, after = versions()
    stored, loop = store.opened(folder / name), float((folder / "loop").read_text())
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what, sql in statements(before, after, stored):
        made = timed(lambda: sql(), 2)
        text = sql()
        start = time.perf_counter()
        store.query(stored, text)
        first = time.perf_counter() - start
        again = timed(lambda: store.query(stored, text))
        times = 2 * loop * len(stored) / again
        out(f"{len(stored):>9,} {what:<26} {again:6.3f} s ({first:.3f} at first), statement {made:.3f} s, loop / this = {times:,.0f}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out(f"{'':>9} peak memory {peak / 1024:.0f} MiB ({(peak - base) / 1024:.0f} above the program itself)\n")


def statements(before: RuleSet, after: RuleSet, stored: Any) -> Iterator[tuple[str, Callable[[], str]]]:
    def effect() -> Effect:
        return Effect(before, after, stored.layout, stored.cases)

    yield "from → to, hours", lambda: effect().counts()
    yield "what each rule does", lambda: effect().rules()[0]
    yield "which cases change", lambda: effect().changed()


def main(arguments: list[str]) -> None:
    if arguments:
        read(Path(arguments[0]), arguments[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        sys.stdout.flush()
        for name in ("small", "large"):
            subprocess.run([sys.executable, "-m", "tests.benchmarks.sql", folder, name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
