"""The shipped rule set and its vignettes, as interpreters get them."""

import pytest

from screening.rulesets import load, load_vignettes, shipped


@pytest.fixture(scope="session")
def lumbar():
    return load(shipped("lumbar-miss"))


@pytest.fixture(scope="session")
def vignettes():
    return load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml"))


@pytest.fixture(scope="session")
def answers_of(vignettes):
    """The answers of a vignette, by its id, with some changed."""
    by_id = {vignette.id: vignette for vignette in vignettes.vignettes}

    def answers(vignette_id, **changes):
        return {**vignettes.answers(by_id[vignette_id]), **changes}

    return answers
