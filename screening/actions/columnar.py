"""Cases kept in columns beside the database, for clinics with very many: brought up to date before each replay.

The files are a copy that can be made anew at any time: where anything is not as expected, they are.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from screening.interpreters.sql import Row, store
from screening.interpreters.sql.store import Store
from screening.models import ColumnarCase, ColumnarStore, Pathway, Referral, Review, Site
from screening.replay.cases import LABELS, Stored, Versions, Wanted, stored_cases
from screening.replay.table import Progress

AGAIN = 1_000
"""so many numbers are looked at again: of two writers at once, the one with the later number may be the first"""
LATE = timedelta(minutes=15)


def brought_up_to_date(site: Site, pathway: Pathway, progress: Progress = lambda done, of: None) -> Store:
    """The clinic's cases of a pathway in columns, as they are in the database now."""
    with _alone(site, pathway) as kept:
        versions = Versions(pathway)
        found = _opened(kept, versions)
        found = _taken_out(found, _gone(kept))
        return _taken_in(found, kept, Versions(pathway, layout=found.layout), progress)


def forget(referrals: Iterable[int]) -> int:
    """Take erased cases out of the columns: call it with the keys of the referrals, before or after they are gone."""
    wanted, taken = set(referrals), 0
    stores = ColumnarStore.objects.filter(cases__referral__in=wanted).select_related("site", "pathway").distinct()
    for kept in stores:
        with _alone(kept.site, kept.pathway):
            cases = kept.cases.filter(referral__in=wanted)
            taken += len(cases)
            if (_folder(kept) / "about.json").exists():
                _taken_out(store.opened(_folder(kept)), cases)
            else:
                cases.delete()
    return taken


def referrals_of(keys: Sequence[int]) -> list[int]:
    """The referrals that keys stand for, in the order of the keys; those that are gone meanwhile are left out."""
    found = dict(ColumnarCase.objects.filter(key__in=keys).values_list("key", "referral"))
    return [found[key] for key in keys if key in found]


def _folder(kept: ColumnarStore) -> Path:
    return Path(settings.VAR_DIR) / "columnar" / kept.site.slug / kept.pathway_id


@contextmanager
def _alone(site: Site, pathway: Pathway) -> Iterator[ColumnarStore]:
    """One writer at a time. Not a transaction: nobody else who writes to the database should have to wait."""
    kept, _ = ColumnarStore.objects.select_related("site", "pathway").get_or_create(site=site, pathway=pathway)
    folder = _folder(kept)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept.refresh_from_db()
        yield kept


def _opened(kept: ColumnarStore, versions: Versions) -> Store:
    """The store, with room for every version; an empty one where there is none that can be used."""
    rulesets = [version.ruleset for version in versions.by_pk.values()]
    try:
        found = store.opened(_folder(kept))
    except (FileNotFoundError, ValueError, KeyError):
        return _emptied(kept, versions)
    # Not as many as are known: a worker was killed between the file and the database.
    if found.labels != LABELS or len(found) != kept.cases.count() or any(map(found.layout.lacks, rulesets)):
        return _emptied(kept, versions)
    wanted = found.layout
    for ruleset in rulesets:
        wanted = wanted.extended(ruleset)
    return found if wanted == found.layout else store.extended(found, wanted)


def _emptied(kept: ColumnarStore, versions: Versions) -> Store:
    shutil.rmtree(_folder(kept), ignore_errors=True)
    kept.cases.all().delete()
    kept.assessment, kept.review, kept.read_at = 0, 0, None
    kept.save()
    return store.create(_folder(kept), versions.layout, LABELS)


def _gone(kept: ColumnarStore) -> QuerySet[ColumnarCase]:
    """Cases whose referral is not there any more."""
    there = Referral.objects.filter(site=kept.site_id, pathway=kept.pathway_id)
    return kept.cases.exclude(referral__in=there.values("pk"))


def _taken_out(found: Store, cases: QuerySet[ColumnarCase]) -> Store:
    keys = list(cases.values_list("key", flat=True))
    if not keys:
        return found
    found = store.delete(found, keys)
    ColumnarCase.objects.filter(key__in=keys).delete()
    return found


def _taken_in(found: Store, kept: ColumnarStore, versions: Versions, progress: Progress) -> Store:
    """Add what is new, and what has changed since, in place of what was there."""
    newest, changed = _newest(), _changed(kept)
    if kept.read_at is None:
        found = store.append(found, _rows(kept, stored_cases(versions, changed), progress, changed.count()))
    else:
        known = {case.referral: case for case in kept.cases.filter(referral__in=changed.values("pk"))}
        cases = [case for chunk in stored_cases(versions, changed) for case in chunk if not _same(known, case)]
        old = kept.cases.filter(referral__in=[case.referral for case in cases])
        found = _taken_out(found, old)
        if cases:
            found = store.append(found, _rows(kept, [cases], progress, len(cases)))
    kept.assessment, kept.review = newest
    kept.read_at = timezone.now()
    kept.save()
    return found


def _newest() -> tuple[int, int]:
    assessment = Referral.objects.aggregate(newest=Max("assessment"))["newest"]
    return assessment or 0, Review.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _changed(kept: ColumnarStore) -> QuerySet[Referral]:
    """Referrals assessed, decided or taken up again since; more than need be rather than fewer."""
    found = Wanted(kept.pathway, kept.site).referrals()
    if kept.read_at is None:
        return found
    reviews = Review.objects.filter(Q(pk__gt=kept.review - AGAIN) | Q(ended_at__gte=kept.read_at - LATE))
    return found.filter(Q(assessment__gt=kept.assessment - AGAIN) | Q(pk__in=reviews.values("referral")))


def _same(known: dict[int, ColumnarCase], case: Stored) -> bool:
    there = known.get(case.referral)
    return there is not None and (there.assessment, there.review) == (case.assessment, case.review)


def _rows(kept: ColumnarStore, chunks: Iterable[list[Stored]], progress: Progress, of: int) -> Iterator[Row]:
    """Rows under new keys, noted as they go into the file."""
    done = 0
    for cases in chunks:
        made = [
            ColumnarCase(
                store=kept, key=store.new_key(), referral=case.referral, assessment=case.assessment, review=case.review
            )
            for case in cases
        ]
        ColumnarCase.objects.bulk_create(made)
        for noted, case in zip(made, cases, strict=True):
            yield Row(noted.key, case.cells, case.labels)
        done += len(cases)
        progress(done, of)
