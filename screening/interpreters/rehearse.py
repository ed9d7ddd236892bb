"""Runs a rule set's vignettes: which test patients do not come out as expected."""

from screening.interpreters.evaluate import decide
from screening.rules.ruleset import RuleSet
from screening.rules.vignettes import Vignette, Vignettes


def rehearse(ruleset: RuleSet, vignettes: Vignettes) -> list[tuple[Vignette, list[str]]]:
    """The vignettes that come out otherwise, each with what differs in words; empty where all are as expected."""
    results = (
        (vignette, vignette.expect.unmet(decide(ruleset, vignettes.answers(vignette))))
        for vignette in vignettes.vignettes
    )
    return [(vignette, unmet) for vignette, unmet in results if unmet]
