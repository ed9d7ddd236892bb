"""An editor, a surgeon and cases of the tiny pathway."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from screening.actions import rules
from screening.models import Draft, Pathway, Referral, Site
from screening.policies import RULE_EDITORS, SURGEONS, Actor
from screening.replay.cases import Wanted
from screening.replay.work import replay
from screening.rules.check import read_ruleset
from tests.factories import ADULT, OfferingFactory, PathwayFactory, SiteFactory, staff, tiny_document, waiting


@pytest.fixture(autouse=True)
def keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tasks a worker drops a connection that is inside a transaction, as every test is."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


@pytest.fixture
def site() -> Site:
    return SiteFactory(slug="north")


@pytest.fixture
def pathway(site: Site) -> Pathway:
    return OfferingFactory(site=site, pathway=PathwayFactory()).pathway


@pytest.fixture
def referral(site: Site, pathway: Pathway) -> Referral:
    """Somebody of 45 who wishes surgery."""
    return waiting(site, ADULT)


@pytest.fixture
def editor(site: Site) -> User:
    return staff(site, RULE_EDITORS, username="edith", is_staff=True, first_name="Edith", last_name="Moss")


@pytest.fixture
def surgical_editor(site: Site) -> User:
    return staff(site, RULE_EDITORS, SURGEONS, username="both", is_staff=True)


@pytest.fixture
def editing(editor: User) -> Client:
    window = Client()
    window.force_login(editor)
    return window


def document(rules_changed: dict[str, dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """The tiny document, with some rules changed; None takes a rule out."""
    made = tiny_document(**changes)
    changed = rules_changed or {}
    made["rules"] = [
        {**rule, **(changed.get(rule["id"]) or {})} for rule in made["rules"] if changed.get(rule["id"], {}) is not None
    ]
    return made


def draft_of(pathway: Pathway, made: dict[str, Any]) -> Draft:
    return rules.import_document(actor=Actor.system(), pathway=pathway, document=made, vignettes={})


def replayed(pathway: Pathway, made: dict[str, Any], **wanted: Any) -> Any:
    return replay(Wanted(pathway, **wanted), read_ruleset(made))
