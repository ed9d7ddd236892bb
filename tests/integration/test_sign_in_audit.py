"""Who signed in, out, or failed to, is in the audit; what was typed is not."""

import pytest
from django.test import Client

from screening.models import AuditEvent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def surgeon():
    user = UserFactory(username="surgeon")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(password: str, login: str = "surgeon") -> None:
    client = Client()
    client.post("/account/login/", {"login": login, "password": password})
    client.post("/account/logout/")


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("number").values_list("action", flat=True))


def test_a_sign_in_and_a_sign_out_are_recorded(surgeon):
    sign_in(PASSWORD)
    assert actions() == ["staff.sign_in", "staff.sign_out"]
    assert AuditEvent.objects.filter(actor_id=str(surgeon.pk)).count() == 2


def test_a_wrong_password_is_recorded_without_what_was_typed(surgeon):
    sign_in("hunter2-typed")
    assert actions() == ["staff.sign_in_failed"]
    assert "hunter2" not in str(AuditEvent.objects.values())


def test_an_unknown_name_leaves_nothing_because_it_may_be_a_password(surgeon):
    sign_in(PASSWORD, login="my secret by mistake")
    assert actions() == []
