"""What every part of a document is made of: strict, frozen models, their field types, and the canonical JSON."""

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

T = TypeVar("T")
# a list in the document, a tuple in the model; everything else is strict, so that `yes` never becomes true unnoticed
Many = Annotated[tuple[T, ...], Field(strict=False)]

_ID, _ANY_CASE_ID, _DOCUMENT_ID = r"^[a-z][a-z0-9_]*$", r"^[A-Za-z][A-Za-z0-9_]*$", r"^[a-z][a-z0-9-]*$"
_LANGUAGE, _HASH = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", r"^[0-9a-f]{8}$"
_CODE, _PROSE = r"^[^'\\\x00-\x1f]+$", r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Id = Annotated[str, Field(pattern=_ID, max_length=60)]
AnyCaseId = Annotated[str, Field(pattern=_ANY_CASE_ID, max_length=60)]
DocumentId = Annotated[str, Field(pattern=_DOCUMENT_ID, max_length=60)]
Code = Annotated[str, Field(pattern=_CODE, max_length=100)]
Hours = Annotated[int, Field(ge=0, le=100_000)]
Words = Annotated[str, Field(pattern=_PROSE, max_length=5_000)]
Title = Annotated[str, Field(pattern=_PROSE, min_length=1, max_length=500)]
ExpressionText = Annotated[str, Field(min_length=1, max_length=10_000)]
Name = Annotated[str, Field(pattern=_PROSE, max_length=200)]

FOR_PATIENTS = "read by patients"
"""Marks the texts that are translated (translations.py): whatever field is of such a type, now or later."""
PatientWords = Annotated[Words, FOR_PATIENTS]
PatientTitle = Annotated[Title, FOR_PATIENTS]
Language = Annotated[str, Field(pattern=_LANGUAGE, max_length=35)]
"""a language tag, as in BCP 47"""


def _day(text: str) -> str:
    """Raises ValueError, which pydantic tells."""
    if text and not _is_day(text):
        raise ValueError("write a day as year-month-day, like 2027-11-20")
    return text


def _is_day(text: str) -> bool:
    try:
        # Python also reads weeks, and days without their dashes.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


Day = Annotated[str, AfterValidator(_day)]
"""a day as in ISO 8601, or nothing"""


PATTERNS = {
    _ID: "An id is made of small letters, digits and _, and begins with a letter.",
    _ANY_CASE_ID: "An id is made of letters, digits and _, and begins with a letter.",
    _DOCUMENT_ID: "The id of a rule set is made of small letters, digits and -, and begins with a letter.",
    _CODE: "A choice's value has no quotes, backslashes or line breaks.",
    _PROSE: "This text has control characters, which cannot be shown.",
    _LANGUAGE: "A language is written as its tag, like es or pt-BR.",
    _HASH: "This is the first 8 hexadecimal digits of the sha256 of the text that was translated.",
}
"""What to say of a text that does not fit its pattern."""


class Part(BaseModel):
    """Any part of a document: frozen, unknown fields refused, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Translation(Part):
    """A patient's text in another language."""

    words: Annotated[str, Field(pattern=_PROSE, max_length=5_000)]
    of: Annotated[str, Field(pattern=_HASH)]
    """which text it translates: see `mark_of`; when that text changes, the translation is stale"""
    status: Literal["draft", "approved"] = "draft"
    by: Name = ""
    """who approved it"""

    @model_validator(mode="after")
    def _approved_by_somebody(self) -> Self:
        if (self.status == "approved") != bool(self.by.strip()):
            raise ValueError("an approved translation names who approved it, and a draft names nobody")
        return self

    def is_of(self, text: str) -> bool:
        """Whether it translates this text, as it is now."""
        return self.of == mark_of(text)


def by_name(parts: Any) -> dict[str, Any]:
    """Parts or texts by their id, code, moment or number; a second one of a name gets a number."""
    if isinstance(parts, dict):
        return parts
    found: dict[str, Any] = {}
    for place, part in enumerate(parts, 1):
        key = next((str(getattr(part, name)) for name in ("id", "value", "when") if hasattr(part, name)), str(place))
        found[key if key not in found else f"{key} ({place})"] = part
    return found


def mark_of(text: str) -> str:
    """What tells a text from any other: the first 8 hexadecimal digits of its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def sha256_of(data: Any) -> str:
    """The identity of a document: the sha256 of its canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


def canonical_json(data: Any) -> str:
    """Plain data as the one text its sha256 is taken of."""
    return json.dumps(plain(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(data: Any) -> Any:
    """Tuples as lists, whole numbers without a decimal point."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(value) for value in data]
    if isinstance(data, float) and data.is_integer():
        return int(data)
    return data
