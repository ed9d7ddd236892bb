"""A clinic that offers the shipped questions, and people who walk through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from screening.models import Pathway, Site
from screening.rulesets import load_vignettes, shipped
from tests.factories import SiteFactory, lumbar_pathway
from tests.intake_walk import IntakeWalk

VIGNETTES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml"))


def answers_of(profile: str, **changes: Any) -> dict[str, Any]:
    """A profile's answers, some otherwise; None takes one away."""
    base = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in VIGNETTES.profiles[profile].answers.items()
        if not key.startswith("c_")
    }
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


READY = answers_of("sciatica_ready")
NUMB = {**READY, "saddle_numbness": "yes"}
WEAKER = {**READY, "leg_weakness": "worse", "weakness_speed": "months", "foot_drop": "no", "weak_both_legs": "no"}


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory(slug="northfield", name="Northfield Clinic", telephone="020 7946 0000")


@pytest.fixture
def pathway(site: Site) -> Pathway:
    return lumbar_pathway(site)


@pytest.fixture
def walk(site: Site, pathway: Pathway) -> Callable[..., IntakeWalk]:
    """walk(answers): a new browser at the start page."""

    def new(answers: Mapping[str, Any] = READY, **options: Any) -> IntakeWalk:
        return IntakeWalk(Client(), site, pathway, answers, **options)

    return new
