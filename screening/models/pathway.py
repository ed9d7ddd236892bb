"""A clinical programme and the frozen versions of its rule set. The rows an editor edits are in draft.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from screening.exceptions import TamperedVersion
from screening.models.frozen import Frozen
from screening.models.site import Site
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.translations import languages_offered, translated
from screening.rules.vignettes import Vignettes

# A pathway's id is the second part of its address, so it cannot be one of ours.
RESERVED_IDS = ("come-back", "r")


class Pathway(models.Model):
    """A clinical programme. Its id is the id of its rule set."""

    id = models.SlugField(primary_key=True, max_length=64)
    title = models.CharField(max_length=200)
    live_version = models.ForeignKey("RuleSetVersion", models.PROTECT, null=True, blank=True, related_name="+")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.TextField(blank=True)
    sites = models.ManyToManyField(Site, through="Offering", related_name="pathways")

    class Meta:
        ordering = ["title"]
        constraints = [models.CheckConstraint(condition=~models.Q(id__in=RESERVED_IDS), name="pathway_id_not_reserved")]

    def __str__(self) -> str:
        return self.title


class Offering(models.Model):
    """A site offers a pathway."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="offerings")
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="offerings")
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "pathway"], name="offering_once")]

    def __str__(self) -> str:
        return f"{self.pathway} at {self.site}"


class RuleSetVersion(Frozen):
    """A published rule set, as it was. Only its status ever changes."""

    class Status(models.TextChoices):
        LIVE = "live", "live"
        RETIRED = "retired", "retired"

    may_change: ClassVar[frozenset[str]] = frozenset({"status"})

    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    vignettes = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, db_index=True)
    vignettes_sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.LIVE)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=150)
    # No foreign key: the version outlives the account.
    published_by_id = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    # What it was published on: see screening.actions.evidence.
    evidence = models.JSONField(default=dict)

    class Meta:
        ordering = ["pathway", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["pathway"], condition=models.Q(status="live"), name="version_one_live_a_pathway"
            ),
            models.CheckConstraint(condition=models.Q(status__in=["live", "retired"]), name="version_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pathway_id}@{self.number}"

    @property
    def ruleset(self) -> RuleSet:
        """Parsed once and kept by its sha256. Raises TamperedVersion when the document is not the one published."""
        return _parse(_Stored(self.sha256, self))

    def ruleset_in(self, language: str) -> RuleSet:
        """The same rule set with the patients' words in that language, to be read and never to decide with.

        A language it is not offered in changes nothing; nor does what is not approved, but in a demo.
        """
        if language not in self.languages:
            return self.ruleset
        return translated(self.ruleset, language, drafts=settings.DEMO_MODE)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those it is offered in, its own first; in a demo also those that are not approved."""
        return languages_offered(self.ruleset, demo=settings.DEMO_MODE)

    @property
    def approved_languages(self) -> tuple[str, ...]:
        """Those in which every alarm text is approved, its own first."""
        return languages_offered(self.ruleset)

    def read_vignettes(self) -> Vignettes:
        """Raises TamperedVersion when they are not those published."""
        vignettes = read_shape(Vignettes, self.vignettes)
        if vignettes.sha256 != self.vignettes_sha256:
            raise TamperedVersion(f"{self}: the vignettes are not those that were published")
        return vignettes


@dataclass(frozen=True)
class _Stored:
    """A key that is only its sha256, so that a version already parsed never has its document loaded."""

    sha256: str
    version: RuleSetVersion = field(compare=False)


@lru_cache(maxsize=32)
def _parse(stored: _Stored) -> RuleSet:
    # Shape only: it passed every check when it was published, and still decides where checks have grown stricter since.
    ruleset = read_shape(RuleSet, stored.version.document)
    if ruleset.sha256 != stored.sha256:
        raise TamperedVersion(f"{stored.version} is not the document that was published")
    return ruleset
