"""A draft: what rule editors change. It may be wrong as a whole; `compile` gives the document its rows make.

Importing a document and compiling it is the identity: the same sha256.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django.db import models

from screening.models.columns import hours, owner, review_by
from screening.models.draft_tables import ROWS, DraftDefinition, DraftQuestion
from screening.models.draft_translation import DraftTranslation
from screening.models.pathway import Pathway
from screening.models.row import DraftRow, Row
from screening.rules.check import check, read_ruleset
from screening.rules.education import AboutDecision
from screening.rules.parts import sha256_of
from screening.rules.problems import DocumentError, Problem
from screening.rules.ruleset import Disposition, RuleSet
from screening.rules.shape import read_shape
from screening.rules.vignettes import Vignettes, check_vignettes

# A document must have a disposition to be read at all.
NOBODY: dict[str, Any] = {"id": "none", "label": "-", "contact_within_hours": 0, "patient_label": "-", "patient": "-"}


class Reading(NamedTuple):
    """A draft as a rule set and its vignettes, each where it has the shape of one, and everything wrong with them."""

    ruleset: RuleSet | None
    vignettes: Vignettes | None
    problems: tuple[Problem, ...]


def _shaped(model: type[Any], document: dict[str, Any]) -> tuple[Any, list[Problem]]:
    try:
        return read_shape(model, document), []
    except DocumentError as error:
        return None, list(error.problems)


class Draft(models.Model):
    """What an editor may change of a pathway: these seldom-edited fields, and the rows below."""

    # As in the document, in its order.
    FIELDS: ClassVar[tuple[str, ...]] = (
        "title", "language", "scope", "owner", "review_by", "notice", "default_disposition", "clarify_disposition",
        "invalid_answer_within_hours", "procedures", "sections", "source_statements", "instruments", "education",
    )  # fmt: skip

    pathway = models.OneToOneField(Pathway, models.CASCADE, related_name="draft")
    title = models.CharField(max_length=500)
    language = models.TextField(default="en")
    scope = models.TextField(blank=True)
    owner = owner(help_text="Who answers for the rules that name nobody else.")
    review_by = review_by(help_text="For the rules that name no other day, like 2027-11-20.")
    notice = models.JSONField(default=list, blank=True)
    default_disposition = models.TextField()
    clarify_disposition = models.TextField()
    invalid_answer_within_hours = hours(default=72)
    procedures = models.JSONField(default=list, blank=True)
    sections = models.JSONField(default=list, blank=True)
    source_statements = models.JSONField(default=dict, blank=True)
    instruments = models.JSONField(default=list, blank=True)
    # What the comparison of options says of itself; its parts are rows.
    education = models.JSONField("about the options", default=dict, blank=True)

    class Meta:
        verbose_name = "draft"

    def __str__(self) -> str:
        return f"Draft of {self.pathway_id}"

    # -- the document

    def details(self) -> dict[str, Any]:
        """The seldom-edited fields, as in the document."""
        return {name: getattr(self, name) for name in self.FIELDS}

    @property
    def fingerprint(self) -> str:
        """Of the details only: says whether somebody else changed them meanwhile."""
        return sha256_of(self.details())

    def rows(self, kind: type[Row]) -> models.QuerySet[Row]:
        """The rows of one kind, in the order of the document."""
        return kind.objects.filter(draft=self).order_by("order", "pk")

    def compile(self, *, without: DraftRow | None = None) -> dict[str, Any]:
        """The document these rows make, whatever is wrong with it; or would make, were one of them deleted."""
        parts = self._parts((kind for kind in ROWS if not kind.of_vignettes), without)
        education = {**self.education, **parts["education"]}
        return {"format": 1, "id": self.pathway_id, **self.details(), **parts, "education": education}

    def exported(self) -> dict[str, Any]:
        """The document for a file: in the order of the language where it can be read, defaults left out."""
        try:
            return read_shape(RuleSet, self.compile()).document()
        except DocumentError:
            return self.compile()

    def compile_vignettes(self, *, without: DraftRow | None = None) -> dict[str, Any]:
        """The document of the test patients."""
        return self._parts((kind for kind in ROWS if kind.of_vignettes), without)

    def _parts(self, kinds: Iterator[type[DraftRow]], without: DraftRow | None) -> dict[str, Any]:
        document: dict[str, Any] = {}
        for kind in kinds:
            *outer, name = kind.place.split("/")
            inside = document.setdefault(outer[0], {}) if outer else document
            inside[name] = kind.gathered(row for row in kind.objects.with_parts().filter(draft=self) if row != without)
        return document

    # -- the rule set

    def ruleset(self) -> RuleSet:
        """Raises DocumentError with everything wrong with it."""
        return read_ruleset(self.compile())

    @property
    def ruleset_languages(self) -> list[str]:
        """Those with translations, as they stand in the document."""
        found = self.rows(DraftTranslation).order_by("order", "pk").values_list("language", flat=True)
        return list(dict.fromkeys(found))

    def ruleset_as_it_is(self) -> RuleSet:
        """Also where it would not pass the checks. Raises DocumentError where it has not the shape of one."""
        return read_shape(RuleSet, self.compile())

    def vignettes(self) -> Vignettes:
        """Raises DocumentError for what has not the shape of vignettes."""
        return read_shape(Vignettes, self.compile_vignettes())

    def read(self, *, without: DraftRow | None = None) -> Reading:
        """The draft as it is; or as it would be, were a row deleted. Never raises."""
        ruleset, problems = _shaped(RuleSet, self.compile(without=without))
        vignettes, of_vignettes = _shaped(Vignettes, self.compile_vignettes(without=without))
        if ruleset is not None:
            problems = check(ruleset)
            of_vignettes += check_vignettes(ruleset, vignettes) if vignettes else []
        return Reading(ruleset, vignettes, (*problems, *of_vignettes))

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the draft as a whole."""
        return self.read().problems

    def problems_of_details(self) -> list[Problem]:
        """What has not the right shape in the details alone."""
        document = {"format": 1, "id": self.pathway_id, **self.details(), "dispositions": [NOBODY]}
        _, problems = _shaped(RuleSet, document)
        rows = sorted(self.education.keys() - AboutDecision.model_fields.keys())
        return [*problems, *(Problem(f"education/{name}", "This is edited in its own list.") for name in rows)]

    def vocabulary(self, *, instead: DraftRow | None = None) -> RuleSet:
        """The questions and definitions that can be read, whatever else is wrong, as a rule set: what an expression may
        name. `instead` is a row as it is about to be saved, which stands for its stored self.
        """
        return RuleSet(
            format=1,
            id=self.pathway_id,
            title="-",
            language="en",
            default_disposition="none",
            clarify_disposition="none",
            invalid_answer_within_hours=0,
            dispositions=(Disposition(**NOBODY),),
            questions=tuple(self._readable(DraftQuestion, instead)),
            definitions=tuple(self._readable(DraftDefinition, instead)),
        )

    def _readable(self, kind: type[DraftRow], instead: DraftRow | None) -> Iterator[Any]:
        rows: list[DraftRow] = list(kind.objects.with_parts().filter(draft=self))
        if isinstance(instead, kind):
            rows = [row for row in rows if row.pk != instead.pk] + [instead]
        for row in rows:
            try:
                yield read_shape(kind.shape, row.part())
            except DocumentError:
                continue

    def row_at(self, place: str) -> DraftRow | None:
        """The row that a problem's place points into; None for a place outside the rows."""
        for kind in ROWS:
            if not place.startswith(f"{kind.place}/"):
                continue
            rest = place.removeprefix(f"{kind.place}/")
            named = [row for row in self.rows(kind) if rest == row.name or rest.startswith(f"{row.name}/")]
            if named:
                return max(named, key=lambda row: len(row.name))
            if rest.partition("/")[0].isdigit():
                return self.rows(kind)[int(rest.partition("/")[0]) :].first()
        # The checker reports a definition's name among the questions: they share one namespace.
        if place.startswith("questions/"):
            return self.row_at(place.replace("questions/", "definitions/", 1))
        return None
