"""The walls of the design: imports go down only, and heavy libraries stay out of the web process."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("duckdb", "sqlglot", "z3", "typst", "fhir", "playwright", "hypothesis")
START = "import sys; sys.path.insert(0, '.'); {}; print(*sys.modules)"


def modules_after(code: str) -> set[str]:
    """The top names of all modules that a fresh process has loaded after the code."""
    command = [sys.executable, "-I", "-c", START.format(code)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_walls_stand():
    # In a process of its own: it switches off the loggers there are, which other tests read.
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_web_process_loads_no_heavy_library():
    # Asking for an address loads every view.
    ask = "from django.urls import reverse; reverse('health')"
    loaded = modules_after(f"import os; os.environ['TESTING'] = '1'; import config.wsgi; {ask}")
    assert "django" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_rules_run_without_django():
    loaded = modules_after("import screening.interpreters.evaluate")
    assert "pydantic" in loaded
    assert loaded.isdisjoint({"django", *HEAVY})
