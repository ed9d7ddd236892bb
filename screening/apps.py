"""The one Django app."""

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = "Surgical screening"

    def ready(self) -> None:
        from screening import checks  # noqa: F401
        from screening.actions import sign_in

        sign_in.connect()
        post_migrate.connect(make_cache_table, sender=self)
        post_migrate.connect(make_role_groups, sender=self)


def make_cache_table(*, using: str, **_: Any) -> None:
    """Rate limits live in the database cache, whose table has no migration of its own."""
    call_command("createcachetable", database=using, verbosity=0)


def make_role_groups(*, using: str, **_: Any) -> None:
    from screening.actions.clinic import make_roles

    make_roles(using)
