"""A session that ends while a page is open: nothing typed is lost, and no page is put into another."""

import pytest
from django.test import Client
from django.urls import reverse

from screening.forms.typed import typed
from screening.models import DraftRule
from tests.factories import staff, waiting
from tests.integration.rules_admin.pages import address, filled_in, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Trigger-Name": "when"}


@pytest.fixture
def rule(draft):
    return DraftRule.objects.get(draft=draft, part_id="S1")


def test_an_editor_gets_back_what_they_typed(editing, rule):
    sent = filled_in(editing, address(rule), "draftrule_form", title="Half an hour of <thought>", when="age_years >")
    editing.cookies.pop("sessionid")
    response = editing.post(address(rule), sent)
    assert response.status_code == 401
    words = text_of(response)
    assert "You have been signed out" in words
    assert "not saved" in words
    assert "Half an hour of <thought>" in words
    assert "age_years >" in words
    assert f"next={address(rule)}" in response.content.decode().replace("%2F", "/")
    assert DraftRule.objects.get(pk=rule.pk).title == rule.title


def test_so_does_a_surgeon():
    referral = waiting()
    window = Client()
    window.force_login(staff(referral.site))
    window.cookies.pop("sessionid")
    url = reverse("review:contact", args=[referral.reference])
    response = window.post(url, {"note": "Nobody answered; I try again at noon."})
    assert response.status_code == 401
    assert "Nobody answered; I try again at noon." in text_of(response)


def test_what_nobody_typed_and_passwords_are_not_shown(rf):
    sent = {"password": "hunter2", "new_password": "hunter2", "csrfmiddlewaretoken": "x", "seen": "x", "_save": "Save"}
    request = rf.post("/", {**sent, "last_name": "Moss", "email": " ", "cites": ["a", "b"]})
    assert typed(request.POST) == [("last name", "Moss"), ("cites", "a"), ("cites", "b")]


@pytest.mark.parametrize("ask", ["get", "post"])
def test_a_part_that_asks_for_itself_says_it_and_asks_no_more(client, rule, draft, pathway, ask):
    line = reverse("jobs:claims", args=[pathway.pk])
    check = f"{reverse('admin:screening_draftrule_check')}?draft={draft.pk}"
    response = client.get(line, headers=HTMX) if ask == "get" else client.post(check, {"when": "a"}, headers=HTMX)
    # With 286 htmx takes what it is given and stops asking.
    assert response.status_code == 286
    page = response.content.decode()
    assert "You have been signed out" in page
    assert "<form" not in page
    assert "<html" not in page


def test_a_page_that_is_opened_leads_to_signing_in(client, rule):
    assert client.get(address(rule))["Location"].startswith("/admin/login/")
    assert client.post(address(rule))["Location"].startswith("/admin/login/")
