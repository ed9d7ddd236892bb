"""Who gets in, and what anybody else is told."""

import pytest

from screening.models import AuditEvent
from screening.policies import ADMINISTRATORS, RULE_EDITORS, SURGEONS
from screening.review.tasks import TASKS
from tests.factories import SiteFactory, UserFactory, waiting

from .conftest import fresh, path, send, text_of

PAGES = ("", "rules", "readers", "what-if", *TASKS)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in_and_comes_back(client, site, page):
    address = path(waiting(site), page)
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next={address}"


def test_the_worklist_asks_strangers_to_sign_in(client, db):
    assert client.get("/review/")["Location"] == "/account/login/?next=/review/"


@pytest.mark.parametrize("page", ["", *TASKS])
def test_what_an_expired_session_sends_is_not_kept(client, surgeon, site, page):
    referral = waiting(site)
    surgeon.logout()
    response = surgeon.post(path(referral, page), {"revision": 1, "advice": "private words"})
    assert response.status_code in (302, 401, 405)
    assert "private" not in response.get("Location", "")
    assert fresh(referral).revision == referral.revision


@pytest.mark.parametrize("role", [RULE_EDITORS, ADMINISTRATORS])
def test_people_without_a_clinical_role_are_told_so(browser_of, site, role):
    client = browser_of(role)
    for address in ("/review/", path(waiting(site))):
        response = client.get(address)
        assert response.status_code == 403
        assert "Your role does not include this." in text_of(response)


@pytest.mark.parametrize(("role", "door"), [(RULE_EDITORS, "/admin/"), (SURGEONS, "/review/")])
def test_signing_in_leads_to_ones_own_door(client, browser_of, role, door):
    browser_of(role, username="somebody", is_staff=True)
    assert client.post("/account/login/", {"login": "somebody", "password": "demo"})["Location"] == door


def test_who_is_refused_here_is_shown_the_way_to_their_own_door(browser_of):
    page = text_of(browser_of(RULE_EDITORS, is_staff=True).get("/review/"))
    assert 'href="/admin/">Go to rules and settings' in page


def test_an_account_of_no_clinic_is_told_so(client, db):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert client.get("/review/").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_another_clinics_case_is_as_if_there_were_none(browser_of, site, page):
    stranger = browser_of(at=SiteFactory())
    referral = waiting(site)
    assert stranger.get(path(referral, page)).status_code == 404
    if page in TASKS:
        assert send(stranger, referral, page).status_code == 404
    assert fresh(referral).revision == referral.revision


@pytest.mark.parametrize("reference", ["MS-2222-222", "%00", "call-backs/9/call"])
def test_a_reference_that_is_nobodys_leads_back_to_the_worklist(surgeon, reference):
    response = surgeon.get(f"/review/{reference}/")
    assert response.status_code == 404
    assert reference == "%00" or 'href="/review/">Go to the worklist' in text_of(response)


def test_a_reference_in_small_letters_opens_the_case(surgeon, site):
    assert surgeon.get(path(waiting(site)).lower()).status_code == 200


@pytest.mark.parametrize("task", TASKS)
def test_a_form_without_the_token_of_this_browser_is_refused(surgeon, site, task):
    referral = waiting(site)
    surgeon.handler.enforce_csrf_checks = True
    assert send(surgeon, referral, task).status_code == 403
    assert fresh(referral).revision == referral.revision


def test_every_look_at_a_case_is_recorded(surgeon, site):
    referral = waiting(site)
    for page in ("", "rules", "readers"):
        surgeon.get(path(referral, page))
    surgeon.get("/review/")
    surgeon.get("/review/?q=MS")
    reads = AuditEvent.objects.filter(action__endswith=".read", actor_id=str(surgeon.user.pk)).order_by("number")
    assert [(event.object_type, event.after["what"]) for event in reads] == [
        ("referral", "case"),
        ("referral", "rules"),
        ("referral", "readers"),
        ("site", "worklist"),
        ("site", "search"),
    ]


def test_who_opened_a_case_is_told(surgeon, other, site):
    referral = waiting(site)
    other.get(path(referral))
    other.get(path(referral))
    page = text_of(surgeon.get(path(referral, "readers")))
    assert "James Okafor" in page
    assert "Maria Ortiz" in page


@pytest.mark.parametrize("page", ["", "rules", "readers"])
def test_no_name_and_no_health_word_in_a_title(surgeon, site, page):
    referral = waiting(site)
    html = surgeon.get(path(referral, page)).content.decode()
    title = " ".join(html.split("<title>")[1].split("</title>")[0].split())
    assert referral.reference in title
    assert referral.patient.name not in title
    assert len(title) < 45


def test_htmx_of_an_expired_session_takes_the_whole_page_to_the_sign_in(surgeon, site):
    referral = waiting(site)
    surgeon.logout()
    here = f"http://testserver{path(referral, 'decide')}"
    headers = {"HX-Request": "true", "HX-Current-URL": here}
    response = surgeon.get(f"{path(referral, 'decide')}differs/?decision=urgent_now", headers=headers)
    assert response["HX-Redirect"] == f"/account/login/?next={path(referral, 'decide')}"
    assert response.content == b""
