"""Made-up clinics, staff and lateness, for the demo only. Referrals are made by the real intake and review actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import models, transaction
from django.db.models import F

from screening.exceptions import NotAllowed
from screening.models import (
    Assessment,
    CallBack,
    Contact,
    InformationRequest,
    Referral,
    Review,
    Revision,
    Site,
    StaffMember,
    Submission,
)


def check_demo() -> None:
    """Raises NotAllowed anywhere but in the demo and the tests."""
    if not (settings.DEMO_MODE or settings.TESTING):
        raise NotAllowed("This is only for the demo: set DEMO=1.")


@transaction.atomic
def make_site(*, slug: str, name: str, **details: Any) -> Site:
    """A made-up clinic."""
    check_demo()
    return Site.objects.create(slug=slug, name=name, **details)


@transaction.atomic
def make_staff(*, username: str, full_name: str, site: Site, roles: Iterable[str], opens_admin: bool) -> User:
    """A made-up member of staff with the demo's password."""
    check_demo()
    first, last = full_name.rsplit(" ", 1)
    user = User.objects.create_user(
        username, f"{username}@example.org", settings.DEMO_PASSWORD, first_name=first, last_name=last
    )
    user.is_staff = opens_admin
    user.save()
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    StaffMember.objects.create(user=user, site=site)
    return user


@transaction.atomic
def backdate(*, submission: Submission, by: timedelta) -> None:
    """Let everything about one case have happened so much earlier. The audit keeps the real times."""
    check_demo()
    of_case = {"submission": submission}
    _earlier(Submission, {"pk": submission.pk}, by, "started_at", "last_step_at", "submitted_at")
    _earlier(Revision, of_case, by, "made_at")
    _earlier(Assessment, of_case, by, "made_at", "released_at")
    times = ("made_at", "contact_due_at", "contacted_at", "claimed_at", "told_at", "closed_at")
    _earlier(Referral, of_case, by, *times)
    _earlier(CallBack, of_case, by, "reached_at", "reached_last_at", "said_at", "mistake_at", "taken_at", "closed_at")
    of_referral = {"referral__submission": submission}
    _earlier(Contact, of_referral, by, "at")
    _earlier(Review, of_referral, by, "started_at", "ended_at")
    _earlier(InformationRequest, of_referral, by, "asked_at", "answered_at")


def _earlier(model: type[models.Model], which: dict[str, Any], by: timedelta, *names: str) -> None:
    # the base manager: made-up records are moved in time although real ones never change
    model._base_manager.filter(**which).update(**{name: F(name) - by for name in names})
