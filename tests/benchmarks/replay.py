"""Seconds to replay a draft on stored cases: read from the database, and kept in columns; beside evaluating each.

Run as `python -m tests.benchmarks.replay [CASES …]`. The cases are made up: some thousand different ones, stored again
and again in a SQLite file of their own. Evaluating them in a loop is measured on some and multiplied. Processor time is
what it costs; elapsed time also holds what else the machine was doing.
"""

import json
import os
import random
import resource
import sys
import tempfile
import time
import uuid
from typing import Any

DIFFERENT = 5_000
LOOP = 1_000
SEED = 20


def prepared(folder: str) -> None:
    """Django on an empty database in the folder."""
    os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    os.environ["VAR_DIR"] = folder
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def generated(ruleset: Any, rnd: random.Random) -> dict[str, Any]:
    """Most people have no alarm, leave out little and know most."""
    answers: dict[str, Any] = {}
    for question in ruleset.questions:
        chance = rnd.random()
        if question.type in ("text", "date") or question.audience == "system" or chance < 0.05:
            continue
        if question.audience == "clinician" and rnd.random() < 0.6:
            continue
        answers[question.id] = "dont_know" if chance < 0.09 and question.dont_know else answer(question, rnd)
    return answers


def answer(question: Any, rnd: random.Random) -> Any:
    calm = question.safety and rnd.random() < 0.997
    if question.type == "number":
        low, high = question.min or 0, question.max or 100
        value = low + (high - low) * rnd.random()
        return round(value) if question.integer else round(value, question.places)
    if question.type == "multiple":
        codes = [code for code in question.codes if code != "none"]
        alone = "none" in question.codes and (calm or rnd.random() < 0.7)
        return ["none"] if alone else rnd.sample(codes, min(len(codes), rnd.randint(1, 2)))
    return "no" if calm and "no" in question.codes else rnd.choice(question.codes)


def stored(version: Any, site: Any, different: list[tuple[str, Any, str]], first: int, count: int) -> None:
    """Rows as the actions would write them, without the steps in between."""
    from django.utils import timezone

    from screening.models import Assessment, Referral, Submission

    rnd, now = random.Random(SEED + first), timezone.now()
    both = {"version": version}
    whose = {"site": site, "pathway": version.pathway}
    submission = Rows(Submission(**both, **whose, status="submitted", submitted_at=now))
    assessment = Rows(Assessment(**both, number=1, outcome={}, contact_within_hours=0, cause="submitted"))
    referral = Rows(Referral(**whose, origin="submitted", urgency=0, contact_due_at=now))
    for number in range(first, first + count):
        answers, outcome, kept = rnd.choice(different)
        case = uuid.UUID(int=rnd.getrandbits(128)).hex
        submission.add(id=case, answers=answers, alarms_seen=json.dumps(outcome.alarms))
        result = {"disposition": outcome.disposition, "contact_within_hours": outcome.contact_within_hours}
        assessment.add(id=number, submission_id=case, answers=answers, outcome=kept, **result)
        names = {"reference": f"B{number}", "disposition": outcome.disposition}
        referral.add(id=number, submission_id=case, assessment_id=number, **names)
    for rows in (submission, assessment, referral):
        rows.write()


class Rows:
    """Many rows like one, quickly: what differs is given as the database keeps it."""

    def __init__(self, like: Any) -> None:
        from django.db import connection

        self.table, fields = like._meta.db_table, like._meta.concrete_fields
        self.like = {
            field.column: field.get_db_prep_save(getattr(like, field.attname), connection=connection)
            for field in fields
        }
        self.rows: list[tuple[Any, ...]] = []

    def add(self, **values: Any) -> None:
        self.rows.append(tuple({**self.like, **values}.values()))

    def write(self) -> None:
        from django.db import connection, transaction

        columns = ", ".join(f'"{name}"' for name in self.like)
        places = ", ".join(["%s"] * len(self.like))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{self.table}" ({columns}) VALUES ({places})', self.rows)


def edited(ruleset: Any) -> Any:
    """An edit that moves some cases both ways."""
    from screening.rules.check import read_ruleset

    document = ruleset.document()
    changes = {"U04": "urgent_2w", "T01": "urgent_48h", "M02": "urgent_2w", "C01": "other_care"}
    for rule in document["rules"]:
        rule["disposition"] = changes.get(rule["id"], rule.get("disposition"))
    return read_ruleset(document)


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepared(folder)
        columns_only(1_000_000)
        measure(sizes)


def measure(sizes: list[int]) -> None:
    from screening.actions import columnar
    from screening.interpreters.evaluate import decide
    from screening.replay.cases import Versions, Wanted
    from screening.replay.counting import count
    from screening.replay.table import in_store, read_in
    from screening.replay.work import counted
    from tests.factories import SiteFactory, lumbar_pathway

    out, site = sys.stdout.write, SiteFactory()
    pathway = lumbar_pathway(site)
    version = pathway.live_version
    ruleset, rnd = version.ruleset, random.Random(SEED)
    other = edited(ruleset)
    cases = [generated(ruleset, rnd) for _ in range(DIFFERENT)]
    outcomes = [decide(ruleset, case) for case in cases]
    different = [
        (json.dumps(case), outcome, json.dumps(outcome.to_data()))
        for case, outcome in zip(cases, outcomes, strict=True)
    ]
    started = time.process_time()
    for case in cases[:LOOP]:
        decide(ruleset, case)
        decide(other, case)
    loop = (time.process_time() - started) / LOOP
    there = 0
    for size in sorted(sizes):
        with Clock(f"{size:,} cases made up and stored"):
            for first in range(there, size, 50_000):
                stored(version, site, different, first + 1, min(50_000, size - first))
        there = size
        versions = Versions(pathway, (other,))
        with Clock("from the database into columns"):
            table = read_in(versions, Wanted(pathway), lambda done, of: None)
        for _ in range(2):
            with Clock("decided twice and counted"):
                result = count(table, versions, other)
        table.connection.close()
        out(f"    {result.changed:,} of {result.judged:,} change, {result.unlike:,} are not as stored\n")
        with Clock("kept in columns for the first time"):
            columnar.brought_up_to_date(site, pathway)
        for _ in range(2):
            with Clock("brought up to date, nothing new"):
                store = columnar.brought_up_to_date(site, pathway)
            with Clock("decided twice and counted, from the file"):
                counted(in_store(store, columnar.referrals_of), versions, other)
        out(f"    evaluated in a loop {loop * size:,.0f} s of processor (measured on {LOOP:,})\n")
        out(most_memory())


class Clock:
    """Says how long something took."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __enter__(self) -> None:
        self.elapsed, self.processor = time.perf_counter(), processor_time()

    def __exit__(self, *_: Any) -> None:
        elapsed, processor = time.perf_counter() - self.elapsed, processor_time() - self.processor
        sys.stdout.write(f"{self.words:<42}{elapsed:8.2f} s elapsed {processor:8.2f} s of processor\n")
        sys.stdout.flush()


def processor_time() -> float:
    """Also that of the processes that have read, which are gone by then."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def most_memory() -> str:
    own, others = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"    most memory so far {own:,.0f} MiB, and {others:,.0f} MiB in another process\n"


def columns_only(size: int) -> None:
    """The counting alone, on so many cases in a columnar file that no database stands behind."""
    from pathlib import Path

    from screening.interpreters.evaluate import decide
    from screening.interpreters.sql import Encoder, Row, store
    from screening.replay.cases import LABELS, Versions
    from screening.replay.table import in_store
    from screening.replay.work import counted
    from tests.factories import SiteFactory, lumbar_pathway

    pathway = lumbar_pathway(SiteFactory())
    ruleset, rnd = pathway.live_version.ruleset, random.Random(SEED)
    versions = Versions(pathway)
    encoder = Encoder(versions.layout, ruleset)
    cells = []
    for _ in range(DIFFERENT):
        case = generated(ruleset, rnd)
        outcome = decide(ruleset, case)
        labels = (1, ruleset.urgency[outcome.disposition], outcome.contact_within_hours, 0)
        cells.append((encoder.cells(case), labels))
    with tempfile.TemporaryDirectory() as folder:
        kept = store.create(Path(folder), versions.layout, LABELS)
        rows = (Row(key, *rnd.choice(cells)) for key in range(size))
        with Clock(f"{size:,} cases written into columns"):
            kept = store.append(kept, rows)
        for _ in range(3):
            with Clock("decided twice and counted, from the file"):
                result = counted(in_store(kept, list), versions, edited(ruleset))
        sys.stdout.write(f"    {result.changed:,} of {result.judged:,} change, {result.unlike:,} are not as stored\n")
    sys.stdout.write(most_memory())


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
