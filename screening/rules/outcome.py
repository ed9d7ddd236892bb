"""What deciding a case gives: every rule's verdict and the result. A value: same case, same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from screening.rules.truth import Truth

PROGRAM_VERSION = "0.1.0"
"""Raised whenever the meaning of anything in `rules` or `interpreters/evaluate.py` changes."""


@dataclass(frozen=True)
class Outcome:
    """The whole result of one case under one rule set. Tuples hold ids, in the order of the document."""

    disposition: str
    contact_within_hours: int
    fired: tuple[str, ...]
    unresolved: tuple[str, ...]
    ask_next: tuple[str, ...]
    supports: tuple[str, ...]
    rules_out: tuple[str, ...]
    approach: str | None
    patient_texts: tuple[str, ...]
    invalid: tuple[str, ...]
    ignored: tuple[str, ...]
    pruned: tuple[str, ...]
    verdicts: Mapping[str, Truth]
    """every rule's verdict, by its id"""
    trace: Mapping[str, Truth]
    """what each test saw: the truth of every test and every boolean definition, by its text or id"""
    values: Mapping[str, float | str]
    """the number each numeric definition came to, or why it has none ("unknown", "absent")"""
    alarms: tuple[str, ...]
    """the alarm rules that are true"""
    ruleset_sha256: str
    program_version: str = PROGRAM_VERSION

    def to_data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Outcome":
        """The outcome that `to_data` wrote."""
        return cls(**{name: _read(name, value) for name, value in data.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: item.value if isinstance(item, Truth) else item for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _read(name: str, value: Any) -> Any:
    if name in ("verdicts", "trace"):
        return {key: Truth(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value
