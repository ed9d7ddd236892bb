"""What would lead a case elsewhere, for the surgeon who looks at it. Patients are never told."""

from __future__ import annotations

from dataclasses import dataclass

from screening.interpreters.whatif import Towards, WhatIf, towards, what_if
from screening.review.dossier import Dossier


@dataclass(frozen=True)
class Part:
    title: str
    words: str
    towards: list[Towards]


def found(dossier: Dossier) -> WhatIf:
    """From the answers as the latest assessment read them."""
    return what_if(dossier.ruleset, dossier.assessment.answers)


def parts(dossier: Dossier, whatif: WhatIf) -> list[Part]:
    """First what can change in life, then what a clinician could still find; those with anything in them."""
    made = (
        Part("If an answer changes", "By itself, by time or by treatment.", towards(dossier.ruleset, whatif.in_life)),
        Part("If this is found", "Not filled in so far.", towards(dossier.ruleset, whatif.by_findings)),
    )
    return [part for part in made if part.towards]
