"""The body picture: areas to tick in place of the choices of a question about where it hurts.

Which question gets it is told by its choices' codes (BECOMES), so that no rule set needs to know of pictures. What is
ticked is kept as typed; the rules read the choice it stands for. Shapes are drawn by templates/_components/body.html.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.rules.ruleset import Question

# The area → the choice it stands for. Where several areas are ticked, the choice that comes first in BECOMES holds.
AREAS: dict[str, tuple[str, str | Promise]] = {
    "neck": ("neck_only", _("Neck")),
    "left_arm": ("neck_only", _("Left arm")),
    "right_arm": ("neck_only", _("Right arm")),
    "mid_back": ("mid_back", _("Middle of the back")),
    "lower_back": ("lower_back", _("Lower back")),
    "left_buttock": ("lower_back", _("Left buttock")),
    "right_buttock": ("lower_back", _("Right buttock")),
    "left_thigh": ("lower_back", _("Left thigh")),
    "right_thigh": ("lower_back", _("Right thigh")),
    "left_lower_leg": ("lower_back", _("Left lower leg")),
    "right_lower_leg": ("lower_back", _("Right lower leg")),
    "left_foot": ("lower_back", _("Left foot")),
    "right_foot": ("lower_back", _("Right foot")),
}
ALL_OVER = "all_over"
BECOMES = (ALL_OVER, "lower_back", "mid_back", "neck_only")


def has_picture(question: Question) -> bool:
    return question.type == "single" and set(question.codes) == set(BECOMES)


def codes(question: Question) -> list[str]:
    """What may be ticked, in the order in which it is offered."""
    return [*AREAS, ALL_OVER]


def choice_of(ticked: Collection[str]) -> str | None:
    """The answer that these areas stand for; None for none."""
    meant = {ALL_OVER if code == ALL_OVER else AREAS[code][0] for code in ticked}
    return next((code for code in BECOMES if code in meant), None)


def areas_of(answer: Any, entered: Any) -> list[str]:
    """What was ticked; for an answer that came another way, what stands for it."""
    kept = entered.get("areas") if isinstance(entered, Mapping) else None
    if isinstance(kept, list):
        return [code for code in kept if code in AREAS or code == ALL_OVER]
    return [next((code for code, (choice, _name) in AREAS.items() if choice == answer), str(answer))] if answer else []


def marked(ticked: Collection[str]) -> list[tuple[str, bool]]:
    """Every area, and whether it was ticked: what body_seen.html draws."""
    return [(code, code in ticked) for code in AREAS]


def names(question: Question, ticked: Iterable[str]) -> list[str]:
    """The areas in words."""
    return [question.label_of(ALL_OVER) if code == ALL_OVER else str(AREAS[code][1]) for code in ticked]
