"""Every shipped vignette comes out as expected."""

import pytest

from screening.interpreters.evaluate import decide
from screening.rules.vignettes import check_vignettes
from tests.clinical import shipped

VIGNETTES = [
    pytest.param(ruleset_id, vignette, id=f"{ruleset_id}-{vignette.id}")
    for ruleset_id in shipped.IDS
    for vignette in (*shipped.vignettes(ruleset_id).vignettes, *shipped.more_vignettes(ruleset_id).vignettes)
]

# Vignettes whose answers are wrong on purpose, and the questions so answered.
WRONG_ON_PURPOSE = {("lumbar-miss", "V162"): ("cancer_signs",)}


@pytest.mark.parametrize(("ruleset_id", "vignette"), VIGNETTES)
def test_a_vignette_comes_out_as_expected(ruleset_id, vignette):
    answers = shipped.vignettes(ruleset_id).answers(vignette)
    outcome = decide(shipped.ruleset(ruleset_id), answers)
    assert vignette.expect.unmet(outcome) == [], f"{vignette.title}: {vignette.why}"


@pytest.mark.parametrize(("ruleset_id", "vignette"), VIGNETTES)
def test_a_vignette_expects_something_and_its_answers_can_be_given(ruleset_id, vignette):
    outcome = decide(shipped.ruleset(ruleset_id), shipped.vignettes(ruleset_id).answers(vignette))
    assert vignette.expect.model_fields_set
    assert outcome.ignored == ()
    assert outcome.invalid == WRONG_ON_PURPOSE.get((ruleset_id, vignette.id), ())


@pytest.mark.parametrize("ruleset_id", shipped.IDS)
def test_the_vignettes_name_only_what_there_is(ruleset_id):
    for vignettes in (shipped.vignettes(ruleset_id), shipped.more_vignettes(ruleset_id)):
        assert check_vignettes(shipped.ruleset(ruleset_id), vignettes) == []


@pytest.mark.parametrize("ruleset_id", shipped.IDS)
def test_every_disposition_comes_out_of_some_vignette(ruleset_id):
    ruleset, vignettes = shipped.ruleset(ruleset_id), shipped.vignettes(ruleset_id)
    seen = {decide(ruleset, vignettes.answers(vignette)).disposition for vignette in vignettes.vignettes}
    assert seen == {disposition.id for disposition in ruleset.dispositions}


@pytest.mark.parametrize("ruleset_id", shipped.IDS)
def test_every_rule_fires_in_some_vignette(ruleset_id):
    """A new rule comes with a case in which it fires: shipped, or in RULESET.more.yaml here."""
    ruleset, vignettes = shipped.ruleset(ruleset_id), shipped.vignettes(ruleset_id)
    both = (*vignettes.vignettes, *shipped.more_vignettes(ruleset_id).vignettes)
    fired = {rule for vignette in both for rule in decide(ruleset, vignettes.answers(vignette)).fired}
    assert {rule.id for rule in ruleset.rules} - fired == set()
