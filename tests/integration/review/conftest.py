"""A clinic with its people, each at a browser of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from screening.models import Referral, Site
from screening.policies import COORDINATORS, LEAD_SURGEONS, SURGEONS, Actor
from tests.factories import SiteFactory, staff


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory(slug="north", name="North Clinic")


@pytest.fixture
def browser_of(site: Site) -> Callable[..., Client]:
    """browser_of("Surgeons", first_name="Maria"): somebody of this clinic (or another one), signed in."""

    def signed_in(*roles: str, at: Site | None = None, **user: Any) -> Client:
        client = Client()
        client.user = staff(at or site, *roles, **user)
        client.actor = Actor.staff(client.user)
        client.force_login(client.user)
        return client

    return signed_in


@pytest.fixture
def surgeon(browser_of) -> Client:
    return browser_of(SURGEONS, first_name="Maria", last_name="Ortiz")


@pytest.fixture
def other(browser_of) -> Client:
    return browser_of(SURGEONS, first_name="James", last_name="Okafor")


@pytest.fixture
def lead(browser_of) -> Client:
    return browser_of(LEAD_SURGEONS, first_name="Helen", last_name="Brandt")


@pytest.fixture
def coordinator(browser_of) -> Client:
    return browser_of(COORDINATORS, first_name="Tom", last_name="Reyes")


def path(referral: Referral, task: str = "") -> str:
    return f"/review/{referral.reference}/{task}/" if task else f"/review/{referral.reference}/"


def send(client: Client, referral: Referral, task: str, **data: Any) -> Any:
    """Post a task's form as it was seen: with the revision that this `referral` object has."""
    return client.post(path(referral, task), {"revision": referral.revision, **data})


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def text_of(response: Any) -> str:
    """The words of a page, spaces as a browser shows them."""
    return " ".join(response.content.decode().split())
