"""Test patients walk through the real forms: what comes out is what the rules decide of their answers."""

import pytest

from screening.interpreters.evaluate import decide
from screening.rules.answers import is_valid

from .conftest import VIGNETTES

# Every twelfth: all of them take a minute and say no more.
SOME = VIGNETTES.vignettes[::12]


@pytest.mark.parametrize("vignette", SOME, ids=lambda vignette: vignette.id)
def test_the_forms_change_nothing_about_the_outcome(walk, vignette):
    answers = {key: value for key, value in VIGNETTES.answers(vignette).items() if not key.startswith("c_")}
    answers.pop("alarm_withdrawn", None)
    walked = walk(answers)
    if not all(is_valid(walked.ruleset.question(key), value) for key, value in answers.items()):
        pytest.skip("No form lets such an answer through.")
    walked.all_the_way()
    expected = decide(walked.ruleset, answers)
    if walked.is_at("emergency"):
        assert walked.ruleset.disposition(expected.disposition).stop_intake
    else:
        outcome = walked.referral.assessment.read_outcome()
        assert (outcome.disposition, outcome.fired) == (expected.disposition, expected.fired)
