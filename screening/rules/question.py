"""A question as the document holds it: its words, the answers it takes, when it is shown."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from screening.rules.parts import FOR_PATIENTS, Code, ExpressionText, Id, Many, Part, PatientTitle, PatientWords

QuestionType = Literal["yes_no", "single", "multiple", "number", "date", "text"]
Audience = Literal["patient", "clinician", "system"]


class Choice(Part):
    value: Code
    label: PatientTitle
    score: float | None = None
    lasting: bool = False
    """once so, it stays so: a scan that was done, a treatment that was tried"""


class Question(Part):
    id: Id
    section: Id
    audience: Audience
    type: QuestionType
    text: PatientTitle
    help: PatientWords = ""
    choices: Many[Choice] = ()
    dont_know: Annotated[str, FOR_PATIENTS] | None = None
    optional: bool = False
    safety: bool = False
    modifiable: bool = False
    """the answer can change in life, or a clinician can still find it out: what `whatif` may ask about"""
    show_if: ExpressionText | None = None
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    integer: bool = False
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    entry_units: Many[str] = ()
    max_length: Annotated[int, Field(ge=1, le=20_000)] = 2_000
    instrument: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_decimals_left_out(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("decimals") == (0 if data.get("integer") else 1):
            return {key: value for key, value in data.items() if key != "decimals"}
        return data

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The values an answer may have; empty for numbers, dates and texts."""
        return ("yes", "no") if self.type == "yes_no" else tuple(choice.value for choice in self.choices)

    @cached_property
    def places(self) -> int:
        """How many decimals an answer keeps."""
        if self.decimals is not None:
            return self.decimals
        return 0 if self.integer else 1

    @property
    def may_stay_empty(self) -> bool:
        """Whether no answer means absent rather than unknown."""
        return self.optional or self.audience != "patient"

    def label_of(self, code: str) -> str:
        """The words for an answer's code, as a person reads them."""
        if code == "dont_know":
            return self.dont_know or "Don't know"
        if self.type == "yes_no":
            return {"yes": "Yes", "no": "No"}.get(code, code)
        return next((choice.label for choice in self.choices if choice.value == code), code)
