"""Killing the program in the middle of an intake or a submit loses no saved answer and makes no half referral."""

import os
import random
import subprocess
import sys
import time

import pytest


@pytest.fixture
def run(tmp_path):
    """Starts the writer on a database file of its own."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}", "PYTHONPATH": os.getcwd()}

    def start(*arguments) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.integration.writer", *map(str, arguments)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    return start


def output_of(process) -> str:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output


def test_a_killed_program_keeps_its_promises(run, tmp_path):
    output_of(run("prepare"))
    promises = tmp_path / "promises"
    for _ in range(4):
        writer = run("write")
        first = writer.stdout.readline()
        time.sleep(random.uniform(0.05, 0.4))
        writer.kill()
        rest, _ = writer.communicate(timeout=60)
        # The last line may be cut in the middle: what was not wholly said was not promised.
        promised = (first + rest).rpartition("\n")[0]
        with promises.open("a", encoding="utf-8") as file:
            file.write(promised + "\n")
    (verdict,) = output_of(run("look", promises)).splitlines()
    kind, sent = verdict.rsplit(maxsplit=1)
    assert kind == "looked at"
    assert int(sent) > 0
