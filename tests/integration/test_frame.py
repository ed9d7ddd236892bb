"""What every answer carries, and who is let through at all."""

import re
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpResponse
from django.test import RequestFactory

from screening.middleware import PrivatePages, SecondFactor, ThisMachineOnly

pytestmark = pytest.mark.django_db


def answer(request):
    return HttpResponse("ok")


def test_health(client):
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("path", ["/health/", "/account/login/", "/admin/login/", "/nowhere/at/all/"])
def test_strict_headers_everywhere(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]


def test_pages_hold_nothing_that_the_content_policy_refuses(client):
    page = client.get("/account/login/").content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_a_demo_answers_this_machine(address):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    assert ThisMachineOnly(answer)(request).status_code == 200


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_a_demo_refuses_every_other_machine(meta):
    assert ThisMachineOnly(answer)(RequestFactory().get("/", **meta)).status_code == 403


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/health/", headers={"host": "evil.example"}).status_code == 400


def test_private_links_tell_nobody_their_address():
    request = RequestFactory().get("/")
    request.resolver_match = SimpleNamespace(kwargs={"token": "x"})
    response = PrivatePages(answer)(request)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


class TestSecondFactor:
    @pytest.fixture
    def person(self, settings):
        settings.REQUIRE_MFA = True
        return User.objects.create_user("ada")

    def ask(self, path, user):
        request = RequestFactory().get(path)
        request.user = user
        return SecondFactor(answer)(request)

    @pytest.mark.parametrize("path", ["/review/", "/admin/", "/", "/northfield/"])
    def test_without_one_staff_are_sent_to_set_it_up(self, person, path):
        response = self.ask(path, person)
        assert (response.status_code, response["Location"]) == (302, "/account/2fa/totp/activate/")

    @pytest.mark.parametrize("path", ["/account/2fa/totp/activate/", "/account/logout/", "/health/"])
    def test_the_way_there_is_open(self, person, path):
        assert self.ask(path, person).status_code == 200

    def test_with_one_they_pass(self, person):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        assert self.ask("/review/", person).status_code == 200

    def test_patients_have_no_account_and_pass(self, person):
        assert self.ask("/northfield/", AnonymousUser()).status_code == 200


def test_there_is_no_signing_up(client):
    page = client.post("/account/signup/", {"username": "eve", "email": "e@example.org", "password1": "x" * 20})
    assert not User.objects.exists()
    assert "closed" in page.content.decode().lower()


@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_staff_sign_in_by_name_or_email(client, login):
    User.objects.create_user("ada", "ada@example.org", "a long password")
    response = client.post("/account/login/", {"login": login, "password": "a long password"})
    assert (response.status_code, response["Location"]) == (302, "/review/")


def test_the_admin_has_no_sign_in_of_its_own(client):
    assert client.get("/admin/login/?next=/admin/")["Location"].startswith("/account/login/")


def test_guessing_is_stopped(client, settings):
    settings.AXES_ENABLED = True
    User.objects.create_user("ada", "", "a long password")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post("/account/login/", {"login": "ada", "password": "wrong"})
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert client.post("/account/login/", {"login": "ada", "password": "a long password"}).status_code == 429
