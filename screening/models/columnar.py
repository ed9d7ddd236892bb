"""Which cases stand in a columnar file, under which key, and as of when. Only where settings.COLUMNAR_CASES is on."""

from __future__ import annotations

from django.db import models

from screening.models.pathway import Pathway
from screening.models.site import Site


class ColumnarStore(models.Model):
    """One clinic's cases of one pathway in a folder of their own, and how far it has read."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    pathway = models.ForeignKey(Pathway, models.CASCADE, related_name="+")
    # The newest assessment and review it has looked at.
    assessment = models.PositiveBigIntegerField(default=0)
    review = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "pathway"], name="columnar_store_once")]

    def __str__(self) -> str:
        return f"{self.pathway_id} of {self.site}, in columns"


class ColumnarCase(models.Model):
    """A case in a store. Its key is random: nobody who has only the file can tell whose it is."""

    store = models.ForeignKey(ColumnarStore, models.CASCADE, related_name="cases")
    key = models.PositiveBigIntegerField(unique=True)
    # No foreign key: when the referral is erased, the key has to be known to take the case out of the file.
    referral = models.PositiveBigIntegerField(unique=True)
    assessment = models.PositiveBigIntegerField()
    # The decision that stood, or 0.
    review = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"case {self.key}"
