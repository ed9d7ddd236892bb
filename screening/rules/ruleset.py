"""The document: what a rule set holds (language.md section 1). Shapes only; what must fit together is in `check`."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from screening.rules.education import Education, Fact, Matter, Option, Point, QuestionToAsk, TimelineEntry
from screening.rules.parts import (
    AnyCaseId,
    Day,
    DocumentId,
    ExpressionText,
    Hours,
    Id,
    Language,
    Many,
    Name,
    Part,
    PatientTitle,
    PatientWords,
    Title,
    Translation,
    Words,
    canonical_json,
    plain,
    sha256_of,
)
from screening.rules.question import Audience, Choice, Question, QuestionType

__all__ = [
    "Approach",
    "Audience",
    "Choice",
    "Citation",
    "Definition",
    "Disposition",
    "Education",
    "Fact",
    "Instrument",
    "Matter",
    "Option",
    "Point",
    "Procedure",
    "Property",
    "Question",
    "QuestionToAsk",
    "QuestionType",
    "Rule",
    "RuleSet",
    "Section",
    "TimelineEntry",
    "Translation",
    "by_id",
]

T = TypeVar("T")

Approach = Literal["traditional", "minimally_invasive"]


class Disposition(Part):
    id: Id
    label: Title
    contact_within_hours: Hours
    patient_label: PatientTitle
    patient: PatientWords
    target: Words = ""
    stop_intake: bool = False


class Procedure(Part):
    id: Id
    label: PatientTitle


class Section(Part):
    id: Id
    title: PatientTitle


class Definition(Part):
    id: Id
    title: Title
    is_: ExpressionText = Field(alias="is")


class Rule(Part):
    id: AnyCaseId
    title: Title
    when: ExpressionText
    disposition: str | None = None
    contact_within_hours: Hours | None = None
    clarify_within_hours: Hours | None = None
    approach: Approach | None = None
    supports: Many[str] = ()
    rules_out: Many[str] = ()
    patient: PatientWords = ""
    surgeon: Words = ""
    why: Words = ""
    cites: Many[str] = ()
    reflects: Many[str] = ()
    owner: Name = ""
    review_by: Day = ""

    @property
    def is_alarm(self) -> bool:
        """Whether a person must clarify when this rule is unknown."""
        return self.clarify_within_hours is not None


class Property(Part):
    id: AnyCaseId
    claim: Title
    kind: Literal["whenever", "only_if", "irrelevant", "monotone", "total", "order_free"]
    given: ExpressionText | None = None
    given_disposition_in: Many[str] = ()
    disposition_in: Many[str] = ()
    disposition_not_in: Many[str] = ()
    at_least_as_urgent_as: str | None = None
    contact_within_hours: Hours | None = None
    never_supports: Many[str] = ()
    disposition: str | None = None
    requires: ExpressionText | None = None
    requires_all_clarifying_rules_false: bool = False
    questions: Many[str] = ()
    scales: dict[str, Many[str]] = {}


class Citation(Part):
    text: Title
    url: Annotated[str, Field(pattern=r"^https?://", max_length=500)] | None = None
    status: Literal["confirmed", "to_confirm", "design"]


class Instrument(Part):
    id: Id
    used: bool
    name: Title
    terms: Words


class RuleSet(Part):
    format: Literal[1]
    id: DocumentId
    title: PatientTitle
    language: Language
    scope: Words = ""
    owner: Name = ""
    """who answers for the rules that name nobody else"""
    review_by: Day = ""
    """when those that name no other day are to be looked at again"""
    notice: Many[PatientWords] = ()
    default_disposition: str
    clarify_disposition: str
    invalid_answer_within_hours: Hours
    dispositions: Annotated[Many[Disposition], Field(min_length=1)]
    procedures: Many[Procedure] = ()
    sections: Many[Section] = ()
    questions: Many[Question] = ()
    definitions: Many[Definition] = ()
    rules: Many[Rule] = ()
    properties: Many[Property] = ()
    citations: dict[AnyCaseId, Citation] = {}
    education: Education = Education()
    source_statements: dict[AnyCaseId, Words] = {}
    instruments: Many[Instrument] = ()
    translations: dict[Language, dict[str, dict[str, Translation]]] = {}
    """the patients' texts in other languages, by place and field (translations.py)"""

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        # part by part would take longer than deciding a case, and what is kept by rule set compares each time
        return self is other or (isinstance(other, RuleSet) and self.sha256 == other.sha256)

    @cached_property
    def sha256(self) -> str:
        """The document's identity: the sha256 of its canonical JSON, in hexadecimal."""
        return sha256_of(self.document())

    def document(self) -> dict[str, Any]:
        """The document as plain data, defaults left out: loading it again gives an equal rule set."""
        data: dict[str, Any] = plain(self.model_dump(by_alias=True, exclude_defaults=True))
        return data

    def canonical_json(self) -> str:
        """The one text of this document: keys sorted, no spaces, numbers in their shortest form."""
        return canonical_json(self.document())

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        kinds = ("questions", "definitions", "rules", "dispositions", "procedures", "sections")
        return {kind: by_id(getattr(self, kind)) for kind in kinds}

    def question(self, question_id: str) -> Question:
        """The question of that id. Raises KeyError."""
        found: Question = self._by_id["questions"][question_id]
        return found

    def definition(self, definition_id: str) -> Definition:
        """The definition of that id. Raises KeyError."""
        found: Definition = self._by_id["definitions"][definition_id]
        return found

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        found: Rule = self._by_id["rules"][rule_id]
        return found

    def owner_of(self, rule: Rule) -> str:
        """Who answers for a rule: its own owner, or the rule set's; empty where nobody does."""
        return rule.owner or self.owner

    def review_of(self, rule: Rule) -> str:
        """The day by which a rule is to be looked at again: its own, or the rule set's; empty where there is none."""
        return rule.review_by or self.review_by

    def disposition(self, disposition_id: str) -> Disposition:
        """The disposition of that id. Raises KeyError."""
        found: Disposition = self._by_id["dispositions"][disposition_id]
        return found

    def procedure(self, procedure_id: str) -> Procedure:
        """The procedure of that id. Raises KeyError."""
        found: Procedure = self._by_id["procedures"][procedure_id]
        return found

    @cached_property
    def urgency(self) -> dict[str, int]:
        """Each disposition's place in the precedence; 0 is the most urgent."""
        return {disposition.id: place for place, disposition in enumerate(self.dispositions)}


def by_id(parts: Iterable[T]) -> dict[str, T]:
    """Parts by their id."""
    return {part.id: part for part in parts}  # type: ignore[attr-defined]
