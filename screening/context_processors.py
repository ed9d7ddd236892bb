"""What every template may use."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """`demo_mode`, `htmx_config` (JSON for base.html's meta element); in a demo `demo_sign_ins`, `demo_password`."""
    context = {"demo_mode": settings.DEMO_MODE, "htmx_config": json.dumps(settings.HTMX_CONFIG)}
    if settings.DEMO_MODE:
        context |= {"demo_sign_ins": demo_sign_ins, "demo_password": settings.DEMO_PASSWORD}
    return context


def demo_sign_ins() -> list[dict[str, str]]:
    """Who can sign in to the demo: `username`, `roles`, `site`."""
    people = get_user_model().objects.filter(is_active=True).select_related("staff_member__site").order_by("username")
    return [
        {
            "username": person.username,
            "roles": ", ".join(group.name for group in person.groups.all()) or "–",
            "site": getattr(getattr(person, "staff_member", None), "site", None) or "–",
        }
        for person in people.prefetch_related("groups")
    ]
