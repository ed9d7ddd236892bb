"""The web server never loads what only the worker needs: seen in a process of its own that serves these pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = {"duckdb", "sqlglot", "z3"}
SERVE = """
import sys
sys.path.insert(0, ".")
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, run_syncdb=True)
from django.test import Client
from screening.models import Job
from screening.policies import RULE_EDITORS, SURGEONS
from tests.factories import OfferingFactory, PathwayFactory, SiteFactory, staff, tiny_document
from tests.integration.replay.conftest import draft_of
site = SiteFactory()
pathway = OfferingFactory(site=site, pathway=PathwayFactory()).pathway
draft_of(pathway, tiny_document())
window = Client()
window.force_login(staff(site, RULE_EDITORS, SURGEONS, is_staff=True))
address = window.post("/admin/jobs/replay/tiny/")["Location"]
before = {name.partition(".")[0] for name in sys.modules}
pages = ["/", "/review/", "/admin/", "/admin/screening/pathway/tiny/change/", "/admin/jobs/replay/tiny/", address]
for page in [*pages, address + "progress/"]:
    assert window.get(page).status_code in (200, 302), page
web = {name.partition(".")[0] for name in sys.modules}
call_command("worker", once=True)
assert Job.objects.get().status == "done", Job.objects.get().failure
worker = {name.partition(".")[0] for name in sys.modules}
print("web", *web)
print("worker", *worker)
"""
AGAIN = """
import sys
sys.path.insert(0, ".")
import django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
from screening.models import Job
window = Client()
window.force_login(User.objects.get())
job = Job.objects.get()
assert "would come out otherwise" in window.get(f"/admin/jobs/{job.pk}/").content.decode() or job.result["cases"] == 0
assert window.post(f"/admin/jobs/{job.pk}/seen/").status_code == 302
print("web", *{name.partition(".")[0] for name in sys.modules})
"""


def modules(code: str, folder: Path) -> dict[str, set[str]]:
    """What was loaded, by the word each line begins with."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": f"sqlite:///{folder}/light.sqlite3",
    }  # fmt: skip
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = (line.split() for line in done.stdout.splitlines())
    return {line[0]: set(line[1:]) for line in lines if line and line[0] in ("web", "worker")}


def test_the_web_server_loads_neither_duckdb_nor_sqlglot_nor_z3(tmp_path: Path):
    loaded = modules(SERVE, tmp_path)
    assert "django" in loaded["web"]
    assert loaded["web"].isdisjoint(HEAVY)
    assert "duckdb" in loaded["worker"]
    # The page of the result, in a process that has not done the work.
    assert modules(AGAIN, tmp_path)["web"].isdisjoint(HEAVY)
