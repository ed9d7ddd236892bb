"""Editors, and drafts to edit: of the tiny pathway, and of the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from screening.actions import rules
from screening.models import Draft, Pathway, Site
from screening.policies import RULE_EDITORS, Actor
from tests.factories import (
    OfferingFactory,
    PathwayFactory,
    SiteFactory,
    cared_for,
    shipped_document,
    staff,
    tiny_document,
)

TINY_VIGNETTES: dict[str, Any] = {
    "profiles": {"calm": {"answers": {"numb": "no", "chest": "no", "fever": "no", "age_years": 45}}},
    "vignettes": [
        {
            "id": "V1",
            "title": "Numb",
            "profile": "calm",
            "answers": {"numb": "yes"},
            "expect": {"disposition": "go_now"},
        },
        {
            "id": "V2",
            "title": "Grade 4 exactly",
            "profile": "calm",
            "answers": {"grade": 4, "wish": "other"},
            "expect": {"disposition": "big_cut", "supports": ["fusion"]},
            "why": "The threshold.",
        },
    ],
}


@pytest.fixture
def site() -> Site:
    return SiteFactory(slug="north")


@pytest.fixture
def pathway(site: Site) -> Pathway:
    """The tiny pathway, live without test patients."""
    return OfferingFactory(site=site, pathway=PathwayFactory()).pathway


@pytest.fixture
def draft(pathway: Pathway) -> Draft:
    """What is live, with two test patients."""
    old = {"id": "old", "title": "80 or older", "is": "age_years >= 80"}
    return filled(pathway, cared_for(tiny_document(definitions=[old])))


def filled(pathway: Pathway, document: dict[str, Any], vignettes: dict[str, Any] = TINY_VIGNETTES) -> Draft:
    return rules.import_document(actor=Actor.system(), pathway=pathway, document=document, vignettes=vignettes)


@pytest.fixture
def lumbar(site: Site) -> Draft:
    """The shipped rule set, never published."""
    pathway = OfferingFactory(site=site, pathway=PathwayFactory(id="lumbar-miss", live=False)).pathway
    return filled(pathway, shipped_document(), shipped_document("lumbar-miss.vignettes"))


@pytest.fixture
def editor(site: Site) -> User:
    return staff(site, RULE_EDITORS, username="edith", is_staff=True, first_name="Edith", last_name="Moss")


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    """A browser of its own for a person: signed_in(user)."""

    def sign_in(user: User) -> Client:
        window = Client()
        window.force_login(user)
        return window

    return sign_in


@pytest.fixture
def editing(editor: User, signed_in: Callable[..., Client]) -> Client:
    return signed_in(editor)
