"""The safety claims of each shipped rule set, proved for every possible case."""

from functools import lru_cache

import pytest

from screening.interpreters.prove import Report, prove
from tests.clinical import shipped

parametrized = pytest.mark.parametrize("ruleset_id", shipped.IDS)


@lru_cache
def report(ruleset_id: str) -> Report:
    profiles = shipped.vignettes(ruleset_id).profiles
    bases = {name: profile.answers for name, profile in profiles.items()}
    return prove(shipped.ruleset(ruleset_id), bases=bases)


@parametrized
def test_every_claim_holds(ruleset_id):
    assert [result.to_text() for result in report(ruleset_id).results if not result.holds] == []


@parametrized
def test_every_property_is_among_them(ruleset_id):
    claims = {prop.id: prop.claim for prop in shipped.ruleset(ruleset_id).properties}
    assert {result.id: result.claim for result in report(ruleset_id).results if result.id in claims} == claims


@parametrized
def test_every_rule_can_fire_and_every_disposition_and_question_is_reached(ruleset_id):
    ruleset = shipped.ruleset(ruleset_id)
    claims = {result.id for result in report(ruleset_id).results}
    assert claims >= {f"rule/{rule.id}/fires" for rule in ruleset.rules}
    assert claims >= {f"rule/{rule.id}/decides" for rule in ruleset.rules if rule.disposition}
    assert claims >= {f"disposition/{disposition.id}" for disposition in ruleset.dispositions}
    assert claims >= {f"question/{question.id}" for question in ruleset.questions if question.show_if}


# What the rules do not tell apart, or say in two ways, and why that is meant.
KNOWN = {
    "lumbar-miss": {
        "choices/both_legs": "only what is new is an alarm",
        "choices/c_mri_findings": "the angle decides, not the word deformity",
        "choices/cancer_history": "any cancer, past or present, is looked at alike",
        "choices/daily_help": "either counts as not independent",
        "choices/health_conditions": "kidney disease is for the surgeon to see",
        "choices/pain_balance": "either is mainly leg pain",
        "choices/prev_when": "only an operation of late changes the route",
        "choices/sexual_change": "only what is new is an alarm",
        "choices/smoking": "one flag for nicotine now, none for the past",
        "choices/surgery_wish": "only a no changes the route",
        "choices/treatment_result": "only a lot better, and worse, are looked at",
        "choices/walk_place": "only the calf points to the blood flow",
        "choices/weakness_speed": "only hours and days are an emergency",
        "rules/contradictions": "the guards G2 and G4 win over what an unstable fracture or spine supports",
        "rules/together": "O01 and G4, C02 and G1: the one decides, the other guards under every disposition",
    },
}


@parametrized
def test_what_makes_no_difference_is_known(ruleset_id):
    noted = {result.id for result in report(ruleset_id).results if result.notes}
    assert noted == set(KNOWN.get(ruleset_id, {}))
