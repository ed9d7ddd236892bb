"""Refuses to serve with a setting missing. Commands that need no key (decide, load_ruleset) run without."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

HINT = "README lists what each one is. For a demonstration on this machine, set DEMO=1 instead."


@register("security", deploy=True)
def missing_settings(**_: Any) -> list[CheckMessage]:
    """One error for each setting that this mode needs and does not have."""
    return [Error(f"{name} is not set.", hint=HINT, id="screening.E001") for name in settings.MISSING_SETTINGS]


def refuse_incomplete_settings() -> None:
    if settings.MISSING_SETTINGS:
        raise ImproperlyConfigured(f"Not set: {', '.join(settings.MISSING_SETTINGS)}. {HINT}")
