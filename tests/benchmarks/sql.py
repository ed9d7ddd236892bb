"""A change of the shipped rule set over a million stored cases, beside evaluating cases in a loop in the same run.

The cases are 20,000 made-up ones, stored fifty times under other keys: every row is read and decided for itself.
"""

import copy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

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


class Time(NamedTuple):
    """In seconds. Where other programs run as well, what the processors worked says more than what the clock shows."""

    clock: float
    worked: float

    def __str__(self) -> str:
        return f"{self.clock:6.3f} s ({self.worked:.3f} s of processors)"


def timed(run: Callable[[], object]) -> Time:
    """The best of a few times."""
    clock, worked = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - start[0])
        worked.append(time.process_time() - start[1])
    return Time(min(clock), min(worked))


def write(folder: Path) -> None:
    """Make up cases, show what it costs to write them, and store them."""
    before, _ = versions()
    layout = Layout.of(before)
    cases = answers(before, Random(7), MADE_UP)
    encoder = Encoder(layout, before)
    loop = timed(lambda: [decide(before, case) for case in cases[:SAMPLE]])
    encoding = timed(lambda: [encoder.cells(case) for case in cases[:SAMPLE]])
    cells = [encoder.cells(case) for case in cases]
    for name, count in (("small", SMALL), ("large", LARGE)):
        start = time.process_time()
        rows = (Row(store.new_key(), each) for _ in range(count // MADE_UP) for each in cells)
        stored = store.append(store.create(folder / name, layout), rows)
        writing = (time.process_time() - start) / count
    size = sum((stored.path / part).stat().st_size for part in stored.parts) / LARGE
    micro = 1e6 / SAMPLE
    out(f"deciding a case in a loop     {loop.clock * micro:7.0f} µs ({loop.worked * micro:.0f} µs of a processor)\n")
    out(f"a case's answers to cells     {encoding.clock * micro:7.1f} µs ({encoding.worked * micro:.1f})\n")
    out(f"cells to the store            {writing * 1e6:7.1f} µs of a processor, {size:.0f} bytes a case\n")
    (folder / "loop").write_text(str(loop.worked / SAMPLE))


def read(folder: Path, name: str) -> None:
    """Count what changes, in a process of its own so that its memory is known."""
    before, after = versions()
    stored, loop = store.opened(folder / name), float((folder / "loop").read_text())
    count = len(stored)
    for what, sql in statements(before, after, stored):
        made, text = timed(sql), sql()
        ran = timed(lambda text=text: store.query(stored, text))
        less = 2 * loop * count / (made.worked + ran.worked)
        out(f"{count:>9,} {what:<20} {ran}, and {made.worked:.3f} s to write it: 1/{less:,.0f} of a loop\n")
    out(f"{'':>9} at most {peak_memory():.0f} MiB of memory\n")


def peak_memory() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


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
