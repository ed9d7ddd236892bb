"""Which decision agrees with which outcome."""

import dataclasses

import pytest

from screening import agreement
from screening.interpreters.evaluate import decide
from screening.rulesets import load, load_vignettes, shipped
from tests.factories import CALM, tiny_ruleset

LUMBAR = load(shipped("lumbar-miss"))
# What a clinician would write down for the shipped rule set; the code reads it from the dispositions' shape.
EXPECTED = {
    "emergency_now": "urgent_now",
    "urgent_48h": "urgent_now",
    "urgent_2w": "urgent_now",
    "more_info": None,
    "surgeon_open": "accept_traditional",
    "surgeon_miss": "accept_miss",
    "other_care": "other_service",
    "conservative_first": "conservative",
}


def test_every_shipped_vignette_agrees_with_the_decision_a_clinician_would_expect():
    vignettes = load_vignettes(shipped("lumbar-miss").with_suffix(".vignettes.yaml"))
    outcomes = [decide(LUMBAR, vignettes.answers(vignette)) for vignette in vignettes.vignettes]
    assert {outcome.disposition for outcome in outcomes} == set(EXPECTED)
    for outcome in outcomes:
        assert agreement.agreeing_decision(LUMBAR, outcome) == EXPECTED[outcome.disposition], outcome.disposition


def tiny_outcome(**answers):
    return decide(tiny_ruleset(), {**CALM, **answers})


@pytest.mark.parametrize(
    ("answers", "decision", "procedures", "differs"),
    [
        ({"wish": "surgery"}, "accept_miss", ["discectomy"], False),
        ({"wish": "surgery"}, "accept_miss", ["fusion"], True),
        ({"wish": "surgery"}, "accept_miss", ["discectomy", "fusion"], True),
        ({"wish": "surgery"}, "accept_traditional", ["discectomy"], True),
        ({"wish": "surgery"}, "not_suitable", [], True),
        ({"wish": "other"}, "other_service", [], False),
        ({"wish": "other"}, "conservative", [], True),
        ({"wish": "none_of_it"}, "conservative", [], False),
        ({"wish": "none_of_it"}, "conservative", ["fusion"], True),
        ({"fever": "yes"}, "urgent_now", [], False),
        ({"numb": "yes"}, "urgent_now", [], False),
        ({"numb": "dont_know"}, "urgent_now", [], True),
        ({"numb": "dont_know"}, "conservative", [], True),
    ],
)
def test_differs(answers, decision, procedures, differs):
    outcome = tiny_outcome(**answers)
    assert agreement.differs(tiny_ruleset(), outcome, decision=decision, procedures=procedures) is differs


def test_a_stopping_disposition_is_urgent_wherever_it_stands():
    dispositions = [item.model_copy(update={"stop_intake": True}) for item in tiny_ruleset().dispositions]
    ruleset = tiny_ruleset().model_copy(update={"dispositions": tuple(dispositions)})
    assert agreement.is_urgent(ruleset, "wait_and_see")
    assert not agreement.is_urgent(tiny_ruleset(), "wait_and_see")
    assert not agreement.is_urgent(tiny_ruleset(), "more_info")


def test_an_outcome_that_supports_nothing_by_name_leaves_the_procedure_open():
    outcome = dataclasses.replace(tiny_outcome(wish="surgery"), supports=())
    assert not agreement.differs(tiny_ruleset(), outcome, decision="accept_miss", procedures=["fusion"])
