"""Answering requests for erasure: who may, what the page says, and what it leaves."""

import pytest
from django.test import Client

from screening.actions import erasing
from screening.models import ErasureRequest, Message, Referral
from screening.policies import ADMINISTRATORS, RULE_EDITORS, SURGEONS, Actor
from tests.factories import SiteFactory, UserFactory, in_review, staff, waiting

pytestmark = pytest.mark.django_db
LIST = "/admin/erasure/"


@pytest.fixture
def request_(site):
    referral = waiting(site)
    actor = Actor.patient(site)
    return erasing.ask_erasure(actor=actor, referral=referral, expected_revision=None, words="I moved <away>")


def signed_in(site, *roles) -> Client:
    client = Client()
    client.force_login(staff(site, *roles, is_staff=True))
    return client


@pytest.fixture
def administrator(site) -> Client:
    return signed_in(site, ADMINISTRATORS)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_nobody_waits(administrator):
    assert "Nobody waits for an answer" in text_of(administrator.get(LIST))


def test_it_is_found_from_the_front_page(administrator, request_):
    assert LIST in text_of(administrator.get("/admin/"))
    page = text_of(administrator.get(LIST))
    assert request_.reference in page
    assert f"{LIST}{request_.pk}/" in page


@pytest.mark.parametrize("roles", [(SURGEONS,), (RULE_EDITORS,), ()])
def test_others_are_refused(site, request_, roles):
    client = signed_in(site, *roles)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{request_.pk}/").status_code == 403
    answer = client.post(f"{LIST}{request_.pk}/", {"answer": "yes", "sure": "on"})
    assert answer.status_code == 403
    assert LIST not in text_of(client.get("/admin/"))
    assert Referral.objects.exists()


def test_a_superuser_without_a_clinic_and_another_clinic_see_nothing(request_):
    superuser = Client()
    superuser.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert superuser.get(LIST).status_code == 403
    stranger = signed_in(SiteFactory(), ADMINISTRATORS)
    assert request_.reference not in text_of(stranger.get(LIST))
    assert stranger.get(f"{LIST}{request_.pk}/").status_code == 404


def test_an_open_case_is_warned_about(administrator, site):
    referral = in_review(waiting(site))
    asked = erasing.ask_erasure(actor=Actor.patient(site), referral=referral, expected_revision=None)
    page = text_of(administrator.get(f"{LIST}{asked.pk}/"))
    assert "This case is still open" in page
    assert referral.surgeon.get_full_name() in page


def test_each_answer_needs_what_belongs_to_it(administrator, request_):
    address = f"{LIST}{request_.pk}/"
    assert "Choose one." in text_of(administrator.post(address, {}))
    assert "it cannot be undone" in text_of(administrator.post(address, {"answer": "yes"}))
    page = text_of(administrator.post(address, {"answer": "no"}))
    assert page.count("Say why, in words that the patient understands.") == 2
    assert "There is a problem" in page
    assert "I moved &lt;away&gt;" in page
    request_.refresh_from_db()
    assert request_.status == "asked"


def test_refused(administrator, request_):
    administrator.post(f"{LIST}{request_.pk}/", {"answer": "no", "reason": "Eight years, by law."})
    request_.refresh_from_db()
    assert (request_.status, request_.reason) == ("refused", "Eight years, by law.")
    assert "Answered" in text_of(administrator.get(LIST))


def test_erased(administrator, request_):
    page = administrator.post(f"{LIST}{request_.pk}/", {"answer": "yes", "sure": "on"}, follow=True)
    assert "will be erased as soon as the e-mail" in text_of(page)
    assert Message.objects.under_way().filter(kind="news").exists()
    Message.objects.all().update(given_up_at="2026-11-20T00:00Z", to="")
    erasing.erase_approved(now=request_.asked_at)
    assert not Referral.objects.exists()
    page = text_of(administrator.get(f"{LIST}{request_.pk}/"))
    assert "Erased on" in page
    assert "moved" not in page


def test_two_administrators_at_once(administrator, site, request_):
    address = f"{LIST}{request_.pk}/"
    administrator.post(address, {"answer": "no", "reason": "By law."})
    other = signed_in(site, ADMINISTRATORS)
    page = other.post(address, {"answer": "yes", "sure": "on"}, follow=True)
    assert "Somebody has answered this request already." in text_of(page)
    assert ErasureRequest.objects.get().status == "refused"
