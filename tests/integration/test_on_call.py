"""An administrator says who is on call; nobody else does, and the web address is kept like a password."""

import pytest
from django.db import connection
from django.test import Client

from screening.models import Site
from screening.policies import ADMINISTRATORS, COORDINATORS
from tests.factories import SiteFactory, staff

pytestmark = pytest.mark.django_db
HOOK = "https://chat.example/hooks/3f9c"


@pytest.fixture
def site():
    return SiteFactory(slug="north", name="North Clinic")


def signed_in(site, *roles) -> Client:
    client = Client()
    client.force_login(staff(site, *roles, is_staff=True))
    return client


def change(client, site, **changes):
    data = {
        "name": site.name, "slug": site.slug, "emergency_number": "112", "telephone": site.telephone, "email": "",
        "opening_hours": "", "time_zone": site.time_zone, "is_active": "on", "on_call_email": "", "on_call_webhook": "",
        "alert_every_minutes": "5",
    }  # fmt: skip
    return client.post(f"/admin/screening/site/{site.pk}/change/", {**data, **changes})


def test_an_administrator_enters_who_is_on_call(site):
    client = signed_in(site, ADMINISTRATORS)
    response = change(client, site, on_call_email="a@b.example", on_call_webhook=HOOK, alert_every_minutes="3")
    assert response.status_code == 302
    now = Site.objects.get()
    assert (now.on_call_email, now.on_call_webhook, now.alert_every_minutes) == ("a@b.example", HOOK, 3)
    assert HOOK in client.get(f"/admin/screening/site/{site.pk}/change/").content.decode()
    assert change(client, site).status_code == 302
    assert Site.objects.get().on_call_webhook is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on_call_webhook", "chat.example"),
        ("on_call_webhook", "file:///etc/passwd"),
        ("on_call_email", "nobody"),
        ("alert_every_minutes", "0"),
        ("alert_every_minutes", "61"),
    ],
)
def test_what_cannot_be_right_is_refused(site, name, value):
    response = change(signed_in(site, ADMINISTRATORS), site, **{name: value})
    assert response.status_code == 200
    assert Site.objects.get().on_call_webhook is None


def test_nobody_else_does(site):
    assert change(signed_in(site, COORDINATORS), site, on_call_email="a@b.example").status_code in {302, 403}
    assert Site.objects.get().on_call_email == ""


def test_the_web_address_is_encrypted(site):
    change(signed_in(site, ADMINISTRATORS), site, on_call_webhook=HOOK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT on_call_webhook FROM screening_site")
        stored = cursor.fetchone()[0]
    assert stored
    assert "3f9c" not in stored


def test_the_admin_tells_clinical_staff_how_many_wait_for_a_call(site):
    client = signed_in(site, ADMINISTRATORS, COORDINATORS)
    assert 'id="call-backs-line"' in client.get("/admin/").content.decode()
    assert 'id="call-backs-line"' not in signed_in(site, ADMINISTRATORS).get("/admin/").content.decode()
