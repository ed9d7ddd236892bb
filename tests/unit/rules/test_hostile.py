"""A hostile document is refused with a clear message, or read, in bounded time and memory.

They are read in a process of its own: a crash of the parser would take the tests with it.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from screening.interpreters.evaluate import decide
from screening.rules.check import read_ruleset
from tests.unit.rules import hostile

ROOT = Path(hostile.__file__).parents[3]
SECONDS = 120
MEGABYTES = 2_000


def _limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 2**20, MEGABYTES * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.fixture(scope="module")
def outcomes():
    """What came of each document, by its name; those after one that crashed or never ended are missing."""
    command = [sys.executable, "-m", "tests.unit.rules.hostile"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, preexec_fn=_limit, check=False)
        written = done.stdout
    except subprocess.TimeoutExpired as error:
        written = error.stdout or b""
    results = [json.loads(line) for line in written.splitlines()]
    return {result["name"]: result for result in results}


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_refused(outcomes, name):
    assert name in outcomes, "reading this, or one before it, crashed or never ended"
    assert hostile.REFUSED[name][1] in outcomes[name].get("refused", "it was read")


@pytest.mark.parametrize("name", hostile.READ)
def test_read(outcomes, name):
    assert name in outcomes, "reading this, or one before it, crashed or never ended"
    assert "read" in outcomes[name], outcomes[name]


def test_memory_is_bounded(outcomes):
    assert max(result["megabytes"] for result in outcomes.values()) < 500


def test_a_tag_runs_nothing(tmp_path):
    target = tmp_path / "made"
    for tag in ("python/object/apply:os.system", "python/object/new:os.system", "python/name:os.system"):
        text = f"a: !!{tag} ['touch {target}']"
        with pytest.raises(hostile.DocumentError, match="Tags"):
            hostile.read_document(text)
    assert not target.exists()


def test_what_is_refused_says_where():
    with pytest.raises(hostile.DocumentError, match="line 3"):
        hostile.read_document("a: 1\nb: 2\na: 3\n")
    with pytest.raises(hostile.DocumentError, match="line 2"):
        hostile.read_document("a: 1\nb: !x 2\n")


@pytest.mark.parametrize(
    "answers",
    [
        {f"key{n}": n for n in range(20_000)},
        {"q": ["yes"] * 100_000},
        {"n": 10**4000},
        {"q": "x" * 1_000_000},
        {"q": "\ud800", "\ud800": 1},
        {"": 1, " ": 2, "__class__": 3},
    ],
    ids=["20,000 keys", "a long list", "a long number", "a long text", "lone surrogates", "odd keys"],
)
def test_hostile_answers_are_read(answers):
    outcome = decide(read_ruleset(hostile.BASE), answers)
    assert outcome.disposition == "d"
    json.dumps(outcome.to_data())


def test_an_answer_nested_deep_is_read():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert decide(read_ruleset(hostile.BASE), {"q": deep, "n": deep}).invalid == ("q", "n")
    while deep:  # taken apart here, since Python would do it by recursion
        deep = deep.pop()
