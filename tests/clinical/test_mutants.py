"""Whatever safety claim an edit breaks, the proof finds it, with a case that two readings of the page confirm."""

import pytest

from screening.interpreters.prove import prove
from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from tests.clinical import shipped
from tests.clinical.claims import breaks
from tests.clinical.mutants import MUTANTS, Mutant

WITHOUT = {"P16", "P23"}
"""true of every rule set that passes the checker"""


def mutated(mutant: Mutant) -> RuleSet:
    document = shipped.ruleset("lumbar-miss").document()
    mutant.edit(document)
    return read_ruleset(document)


def profiles():
    return {name: profile.answers for name, profile in shipped.vignettes("lumbar-miss").profiles.items()}


def test_there_is_a_mutant_for_every_safety_claim():
    claims = {prop.id for prop in shipped.ruleset("lumbar-miss").properties}
    assert {mutant.property for mutant in MUTANTS} == claims - WITHOUT
    assert len(MUTANTS) >= 20


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_proof_finds_it(mutant):
    ruleset = mutated(mutant)
    (prop,) = [each for each in ruleset.properties if each.id == mutant.property]
    (result,) = prove(ruleset, properties=[prop], analyses=False, bases=profiles()).results
    assert result.status == "fails", result.to_text()
    found = result.counterexample
    assert breaks(ruleset, prop, found.answers, found.second), result.to_text()
    assert found.base in profiles()
    assert found.words
