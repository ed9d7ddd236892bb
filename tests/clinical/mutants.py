"""The shipped rule set with one thing broken each time, and the safety claim that must then fail.

A mutant is a slip somebody could make while editing. P16 and P23 have none: no rule set that can run breaks them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    property: str
    slip: str
    edit: Callable[[Document], None]

    def __str__(self) -> str:
        return f"{self.property}: {self.slip}"


def part(document: Document, kind: str, part_id: str) -> dict[str, Any]:
    return next(each for each in document[kind] if each["id"] == part_id)


def rule(rule_id: str, **fields: Any) -> Callable[[Document], None]:
    """A rule with other fields; None takes a field away."""

    def edit(document: Document) -> None:
        changed = part(document, "rules", rule_id)
        changed.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del changed[name]

    return edit


def when(rule_id: str, old: str, new: str) -> Callable[[Document], None]:
    """A rule with part of its condition replaced."""

    def edit(document: Document) -> None:
        changed = part(document, "rules", rule_id)
        assert old in changed["when"]
        changed["when"] = changed["when"].replace(old, new)

    return edit


def removed(*rule_ids: str) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        document["rules"] = [each for each in document["rules"] if each["id"] not in rule_ids]
        document.pop("translations", None)

    return edit


def definition(definition_id: str, meaning: str) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        part(document, "definitions", definition_id)["is"] = meaning

    return edit


def both(*edits: Callable[[Document], None]) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        for each in edits:
            each(document)

    return edit


NO_SLIP = "deformity_high or unstable_measured or unstable_told or long_fusion or infection_treated"
OLD_EXCEPTION = "cannot_cope = 'yes' or leg_weakness = 'same' or (c_mrc_min is not null and c_mrc_min = 4)"
ON_TOP = "not open_any"

MUTANTS = [
    Mutant("P01", "E01 asks for a second sign", when("E01", "= 'yes'", "= 'yes' and toilet_change = 'new'")),
    Mutant("P02", "E02 hears only the details", when("E02", "toilet_change = 'new' or ", "")),
    Mutant("P03", "E03 is gone", removed("E03")),
    Mutant("P04", "E09 forgets a choice", when("E09", ", 'very_ill'", "")),
    Mutant("P05", "U01 has more time", rule("U01", contact_within_hours=48)),
    Mutant("P06", "U02 wants a date", rule("U02", when="foot_drop = 'yes' and foot_drop_when = 'lt6w'")),
    Mutant("P06", "T06 is gone", removed("T06")),
    Mutant("P07", "T01 hears only of cancer now", rule("T01", when="cancer_history = 'current'")),
    Mutant("P08", "U04 is gone", removed("U04")),
    Mutant("P09", "U04 is no alarm rule", rule("U04", clarify_within_hours=None)),
    Mutant(
        "P09",
        "cancer is no alarm of its own",
        both(rule("T01", clarify_within_hours=None), rule("U07", clarify_within_hours=None)),
    ),
    Mutant(
        "P09",
        "weight loss is part of T02 again",
        both(removed("T12"), when("T02", "AtLeast(2", "cancer_signs contains 'weight_loss' or AtLeast(2")),
    ),
    Mutant("P10", "E01 may be clarified later", rule("E01", clarify_within_hours=72)),
    Mutant("P10", "E09 is no alarm rule", rule("E09", clarify_within_hours=None)),
    Mutant("P11", "U08 wants a score", when("U08", "not (c_sins is not null and c_sins <= 6)", "c_sins > 6")),
    Mutant("P12", "S01 has the wrong disposition", rule("S01", disposition="surgeon_miss")),
    Mutant("P12", "S03 is gone and open_any forgets the slip", both(removed("S03"), definition("open_any", NO_SLIP))),
    Mutant("P13", "D06 does not look at the scan", when("D06", " and imaging_ok", "")),
    Mutant("P13", "D06 does not hear a refusal", when("D06", " and not wish_no", "")),
    Mutant("P13b", "T03 sends elsewhere", rule("T03", disposition="other_care")),
    Mutant("P14", "an adult is 16", definition("adult", "age_years >= 16")),
    Mutant(
        "P15",
        "D04 needs no finding, and nothing rules fusion out",
        both(rule("D04", when="back_ready and imaging_ok"), removed("G1")),
    ),
    Mutant("P17", "a rule of other care supports an operation", rule("O04", supports=["fusion"])),
    Mutant("P18", "U14 is gone", removed("U14")),
    Mutant("P18", "T10 has the wrong disposition", rule("T10", disposition="surgeon_open")),
    Mutant("P19", "U03 has another threshold", rule("U03", when="c_mrc_min <= 2")),
    Mutant("P20", "E13 has another threshold", rule("E13", when="c_tlics >= 6")),
    Mutant("P20", "E14 is above, not at", rule("E14", when="c_sins > 13")),
    Mutant("P20", "E11 is above, not at", when("E11", ">= 200", "> 200")),
    Mutant("P22", "D01 looks at smoking", when("D01", ON_TOP, f"{ON_TOP} and not (smoking = 'current')")),
    Mutant("P22", "D01 looks at the body mass index", when("D01", ON_TOP, f"{ON_TOP} and not (bmi >= 40)")),
    Mutant("P24", "weakness of full strength is an exception again", definition("exception", OLD_EXCEPTION)),
    Mutant("P24", "E06 is gone", removed("E06")),
    Mutant("P25", "T04 wants to know that there is no fever", when("T04", "bone_risk", "fever = 'no' and bone_risk")),
    Mutant("P27", "M07 waits six weeks", when("M07", "is null", "is null and symptom_weeks >= 6")),
    Mutant("P28", "W01 has more time", rule("W01", contact_within_hours=72)),
    Mutant("P28", "W01 is gone", removed("W01")),
]
