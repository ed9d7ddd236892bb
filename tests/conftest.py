"""Shared by all tests. Factories are in tests/factories, what only browser tests need in tests/browser/conftest.py."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

# One machine is slower than another: a test fails by what it finds, never by how long it takes.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1000)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits count in the cache: no test pays for another's attempts."""
    cache.clear()
