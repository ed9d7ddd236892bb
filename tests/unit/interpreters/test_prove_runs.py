"""What every rule set is asked, what is kept, what is not finished, and what is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from screening.interpreters.evaluate import decide
from screening.interpreters.prove import prove, version
from screening.interpreters.prove.search import Undecided
from screening.interpreters.prove.solve import Solver
from screening.rules.ruleset import Property
from tests.unit.interpreters.small import alarm, definition, question, ruleset

ROOT = Path(__file__).parents[3]
CLAIM = Property.model_validate(
    {"id": "P", "claim": "c", "kind": "whenever", "given": "smoker = 'yes'", "disposition_in": ["now"]}
)
HARDER = CLAIM.model_copy(update={"given": "pain >= 9 and smoker = 'yes' and colour != 'blue'"})


def failing(rules, **more):
    return {result.id for result in prove(rules, properties=(), **more).results if result.status == "fails"}


def notes(rules, claim_id):
    return prove(rules, properties=()).result(claim_id).notes


# -- analyses


def test_a_rule_that_can_never_fire_is_found():
    rules = ruleset(rules=[alarm("smoker = 'yes'"), alarm("pain > 5 and pain < 5.1", "NEVER")])
    assert failing(rules) == {"rule/NEVER/fires", "rule/NEVER/decides"}


def test_a_rule_that_is_always_overtaken_is_found():
    rules = ruleset(rules=[alarm("smoker = 'yes'"), alarm("smoker = 'yes' and pain > 5", "LATE", disposition="rest")])
    assert failing(rules) == {"rule/LATE/decides"}


def test_a_disposition_that_cannot_come_out_is_found():
    rules = ruleset(rules=[alarm("smoker = 'yes' or smoker is null or smoker = 'no'")])
    assert failing(rules) == {"disposition/ask", "disposition/rest"}


def test_a_question_that_is_never_shown_is_found():
    never = question("never", type="yes_no", show_if="optional_smoker = 'yes' and optional_smoker = 'no'")
    # unknown shows a question, so a don't know would show this one
    assert failing(ruleset(rules=[alarm("smoker = 'yes'")], questions=[never])) == set()
    never["show_if"] = "c_smoker is not null and c_smoker is null"
    assert failing(ruleset(rules=[alarm("smoker = 'yes'")], questions=[never])) == {"question/never"}


def test_a_blank_case_that_is_not_taken_seriously_is_found():
    rules = ruleset(rules=[alarm("optional_smoker = 'yes'")])
    assert "blank" in failing(rules)
    result = prove(rules, properties=()).result("blank")
    assert result.counterexample.answers == {}


def test_choices_without_effect_are_named():
    rules = ruleset(rules=[alarm("colour = 'red' or exists (places intersect { 'arm', 'leg' })")])
    assert notes(rules, "choices/colour") == ("“Green” and “Blue” are alike to every rule",)
    assert notes(rules, "choices/places") == ("Ticking “Back” changes no rule",)
    assert notes(rules, "choices/smoker") == ("“Yes” and “No” are alike to every rule",)


def test_a_choice_that_matters_only_through_a_definition_or_a_show_if_matters():
    parts = {"definitions": [definition("red", "red", "colour = 'red'"), definition("hurts", "h", "hidden_pain > 5")]}
    rules = ruleset(rules=[alarm("red"), alarm("hurts", "S")], **parts)
    assert notes(rules, "choices/colour") == ("“Green” and “Blue” are alike to every rule",)
    assert notes(rules, "choices/smoker") == ()


def test_a_choice_that_matters_only_beside_another_matters():
    rules = ruleset(rules=[alarm("places contains 'arm' and places contains 'leg'")])
    assert notes(rules, "choices/places") == ("Ticking “Back” changes no rule",)


def test_rules_that_always_fire_together_are_named():
    same = [alarm("age >= 18", "A"), alarm("not (age < 18) and age is not null", "B"), alarm("age > 18", "C")]
    rules = ruleset(rules=same)
    assert notes(rules, "rules/together") == ("Rules A “Rule A” and B “Rule B” always fire together",)


def test_rules_that_contradict_each_other_are_named():
    supports = alarm("smoker = 'yes'", "S", supports=["p1"])
    guard = {"id": "G", "title": "G", "when": "pain > 5", "rules_out": ["p1"]}
    later = alarm("colour = 'red'", "L", disposition="ask", rules_out=["p1"])
    rules = ruleset(rules=[supports, guard, later])
    assert notes(rules, "rules/contradictions") == ("S can support “Procedure one” while G rules it out, which wins",)


# -- what is not finished


def test_what_is_not_finished_is_not_proved():
    rules = ruleset(rules=[alarm("(smoker = 'yes' and age >= 9) or (smoker = 'yes' and pain >= 3)")])
    report = prove(rules, properties=[HARDER], timeout_s=0)
    assert report.result("P").status == "not_proved"
    assert not report.holds
    assert {result.status for result in report.results} <= {"not_proved", "holds", "fails"}
    assert "not proved" in report.result("P").to_text()


def test_what_the_solver_cannot_say_is_not_proved(monkeypatch):
    def cannot(*_):
        raise Undecided("incomplete")

    monkeypatch.setattr(Solver, "find", cannot)
    rules = ruleset(rules=[alarm("smoker = 'yes' and age >= 0")])
    result = prove(rules, properties=[HARDER]).result("P")
    assert (result.status, result.reason) == ("not_proved", "incomplete")


def test_a_case_that_the_reference_does_not_confirm_is_a_bug(monkeypatch):
    from screening.interpreters.prove.reference import Reference

    rules = ruleset(rules=[alarm("pain >= 5")])
    sound = Reference.decide
    monkeypatch.setattr(Reference, "decide", lambda self, answers: sound(self, {"pain": 9}))
    result = prove(rules, properties=[CLAIM], analyses=False).result("P")
    assert result.status == "bug"
    assert "A BUG IN THE PROOF" in result.to_text()
    assert not result.holds


def test_a_time_limit_for_all_of_it():
    rules = ruleset(rules=[alarm("(smoker = 'yes' and age >= 9) or (smoker = 'yes' and pain >= 3)")])
    assert prove(rules, properties=[HARDER], total_s=0).result("P").status == "not_proved"


# -- what is kept

TWO = [alarm("smoker = 'yes' and pain >= 5", "A"), alarm("colour = 'red' and age > 50", "B", disposition="ask")]
KEPT = CLAIM.model_copy(update={"given": "smoker = 'yes' and pain > 5.5 and pain != 7"})


def test_nothing_is_proved_twice():
    cache = {}
    first = prove(ruleset(rules=TWO), properties=[KEPT, HARDER], cache=cache)
    again = prove(ruleset(rules=TWO), properties=[KEPT, HARDER], cache=cache)
    assert [result.status for result in first.results] == [result.status for result in again.results]
    assert all(result.cached for result in again.results if result.reason == "no possible case breaks it")
    assert first.result("P").counterexample == again.result("P").counterexample


def test_an_edit_of_what_a_claim_depends_on_proves_it_again():
    cache = {}
    assert prove(ruleset(rules=TWO), properties=[KEPT], cache=cache).result("P").holds
    other = [alarm("smoker = 'yes' and pain >= 8", "A"), TWO[1]]
    result = prove(ruleset(rules=other), properties=[KEPT], cache=cache).result("P")
    assert (result.status, result.cached) == ("fails", False)


def test_an_edit_of_anything_else_does_not():
    cache = {}
    prove(ruleset(rules=TWO), properties=[KEPT], analyses=False, cache=cache)
    worded = {**TWO[0], "title": "Another title", "patient": "Other words."}
    later = alarm("colour = 'green'", "B", disposition="ask")
    result = prove(ruleset(rules=[worded, later]), properties=[KEPT], analyses=False, cache=cache).result("P")
    assert (result.status, result.cached) == ("holds", True)


def test_a_question_with_other_limits_is_another_question():
    cache = {}
    old = question("extra", type="number", min=0, max=5, integer=True)
    new = {**old, "max": 50}
    prop = CLAIM.model_copy(update={"given": "extra + pain > 16"})
    rules = [alarm("smoker = 'yes'")]
    assert prove(ruleset(rules=rules, questions=[old]), properties=[prop], analyses=False, cache=cache).holds
    assert not prove(ruleset(rules=rules, questions=[new]), properties=[prop], analyses=False, cache=cache).holds


def test_witnesses_of_an_earlier_run_are_decided_again():
    cache = {}
    prove(ruleset(rules=TWO), properties=(), cache=cache)
    edited = [alarm("smoker = 'yes' and pain > 5 and pain < 5.1", "A"), TWO[1]]
    assert {"rule/A/fires", "rule/A/decides"} <= failing(ruleset(rules=edited), cache=cache)


# -- what is loaded


@pytest.mark.parametrize("module", ["screening.interpreters.prove", "screening.interpreters.prove.run"])
def test_z3_is_not_loaded_with_the_module(module):
    code = f"import sys, {module}; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_bases_may_be_profiles_of_vignettes(vignettes, lumbar):
    bases = {name: profile.answers for name, profile in vignettes.profiles.items()}
    prop = Property.model_validate(
        {
            "id": "P",
            "claim": "c",
            "kind": "whenever",
            "given": "pain_site = 'all_over'",
            "disposition_in": ["urgent_48h"],
        }
    )
    (result,) = prove(lumbar, properties=[prop], analyses=False, bases=bases).results
    assert result.counterexample.base in bases
    assert result.counterexample.changed == ("pain_site",)
    assert decide(lumbar, result.counterexample.answers).disposition != "urgent_48h"


# -- which prover, and how far it is


def test_what_another_prover_kept_is_not_read(monkeypatch):
    cache = {}
    prove(ruleset(rules=TWO), properties=[KEPT], analyses=False, cache=cache)
    monkeypatch.setattr("screening.interpreters.prove.keys.prover", lambda: "another")
    assert not prove(ruleset(rules=TWO), properties=[KEPT], analyses=False, cache=cache).result("P").cached


def test_the_prover_is_another_one_when_a_part_of_it_changes():
    before = list(version._text())
    assert len(before) > 40
    assert any(b"def decide(" in part for part in before), "the reference is a part of it"
    assert prove(ruleset(), properties=(), analyses=False).prover == version.prover()


def test_it_says_how_far_it_is_and_can_be_ended():
    told = []
    report = prove(ruleset(rules=TWO), properties=[KEPT], progress=lambda *far: told.append(far))
    number = len(report.results)
    assert told == [(done, number) for done in range(number)]

    def enough(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        prove(ruleset(rules=TWO), progress=enough)
