"""Strategies for a rule set with many cases at once, for interpreters that are slow to start and quick to run."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from screening.rules.check import read_ruleset
from screening.rules.ruleset import RuleSet
from tests.generative.rulesets import cases, documents

Case = tuple[dict[str, Any], list[str]]


@st.composite
def cases_of(draw: Any, document: dict[str, Any]) -> list[Case]:
    """Thirty cases: eight drawn and more that mix their answers; for each also the alarms that were seen."""
    drawn = draw(st.lists(cases(document), min_size=8, max_size=8))
    random = draw(st.randoms(use_true_random=False))
    alarms = [rule["id"] for rule in document["rules"]] + ["gone"]
    return [(case, random.choices(alarms, k=random.choice((0, 0, 1)))) for case in [*drawn, *mixed(drawn, random)]]


def mixed(drawn: list[dict[str, Any]], random: Random) -> list[dict[str, Any]]:
    keys = sorted({key for case in drawn for key in case})
    whole = [{key: random.choice(drawn).get(key) for key in keys} for _ in range(22)]
    return [{key: answer for key, answer in case.items() if answer is not None} for case in whole]


@st.composite
def rulesets_and_cases(draw: Any) -> tuple[RuleSet, list[Case]]:
    document = draw(documents())
    return read_ruleset(document), draw(cases_of(document))


@st.composite
def versions_and_cases(draw: Any) -> tuple[dict[str, Any], dict[str, Any], list[Case]]:
    """Two rule sets that share names and little else, and cases of the first."""
    first, second = draw(documents()), draw(documents())
    return first, second, draw(cases_of(first))


@st.composite
def rulesets_with_new_questions(draw: Any) -> tuple[dict[str, Any], set[str], list[Case], list[dict[str, Any]]]:
    """A rule set, which of its questions the version before it had, cases of that, and answers to all questions."""
    document = draw(documents())
    ids = [question["id"] for question in document["questions"]]
    asked = draw(st.sets(st.sampled_from(ids), max_size=len(ids) - 1))
    return document, asked, draw(cases_of(document)), draw(st.lists(cases(document), min_size=6, max_size=6))
