"""A member of staff screens somebody who calls: begun and ended among their own pages, and never mixed with them."""

import re

import pytest
from django.conf import settings
from django.test import Client

from screening.actions import intake
from screening.exceptions import NotAllowed
from screening.models import AuditEvent, CallBack, Pathway, Submission
from screening.policies import COORDINATORS, RULE_EDITORS
from tests.factories import ADULT, NUMB, OfferingFactory, PathwayFactory, SiteFactory
from tests.intake_walk import IntakeWalk

from .conftest import text_of

BEGIN, END = "/review/telephone/", "/review/telephone/end/"
LINE = "You answer for somebody on the telephone."


@pytest.fixture
def pathway(site) -> Pathway:
    return OfferingFactory(site=site, pathway=PathwayFactory()).pathway


@pytest.fixture
def call(site, pathway, coordinator):
    """call(answers): a coordinator at the first question of somebody who calls."""

    def begin(answers=ADULT, client=coordinator, **said) -> IntakeWalk:
        walk = IntakeWalk(client, site, pathway, answers)
        walk.post(BEGIN, said)
        return walk

    return begin


def latest() -> Submission:
    return Submission.objects.latest("started_at")


# The whole way -----------------------------------------------------------------------------------------------------


def test_from_the_worklist_to_a_case_and_back(coordinator, site, call):
    assert BEGIN in coordinator.get("/review/").content.decode()
    assert "The caller&#x27;s telephone number" in coordinator.get(BEGIN).content.decode()
    walk = call(phone="020 7946 0555")
    assert walk.is_at("questions/1")
    assert LINE in walk.html
    walk.store_everything().send()
    assert walk.path.startswith(f"/north/r/{latest().private_token}")
    case = walk.referral
    assert case.reference in text_of(coordinator.get(END))
    ended = coordinator.post(END, follow=True)
    assert ended.redirect_chain[-1][0] == f"/review/{case.reference}/"
    assert "The call has ended" in text_of(ended)
    assert LINE not in text_of(ended)


def test_who_helped_is_known_and_recorded_and_shown(coordinator, call):
    walk = call(phone="020 7946 0555")
    submission = latest()
    assert submission.filled_by == Submission.FilledBy.OPERATOR
    assert submission.call_back_phone == "020 7946 0555"
    begun = AuditEvent.objects.get(action="submission.start")
    assert (begun.actor_kind, begun.actor_id, begun.site) == ("staff", coordinator.actor.id, "north")
    walk.store_everything().send()
    page = text_of(coordinator.get(f"/review/{walk.referral.reference}/"))
    assert "Filled in by a telephone operator, Tom Reyes" in page
    history = page[page.index("History</h2>") :]
    assert history.index("Tom Reyes") < history.index("Started the questions")


def test_a_patient_who_chose_telephone_operator_by_themselves_is_not_shown_as_staff(coordinator, site, pathway):
    walk = IntakeWalk(Client(), site, pathway, ADULT)
    walk.post(walk.root, {"filled_by": "operator"})
    walk.store_everything().send()
    assert LINE not in walk.html
    page = text_of(coordinator.get(f"/review/{walk.referral.reference}/"))
    assert re.search(r"Filled in by a telephone operator\s*</span>", page)


def test_every_page_between_says_that_a_call_is_under_way(coordinator, call):
    walk = call()
    for path in (walk.path, f"{walk.root}save/", "/review/", "/review/call-backs/"):
        assert LINE in text_of(coordinator.get(path)), path


# Ending ------------------------------------------------------------------------------------------------------------


def is_closed(client, walk) -> bool:
    """Whether this browser knows nothing any more of the answers."""
    if any(key.startswith("intake") for key in [*client.session.keys()]):
        return False
    return client.get(f"{walk.root}questions/1/")["Location"] == f"{walk.root}?lost=1"


def test_after_the_call_the_answers_are_closed_and_staff_still_signed_in(coordinator, call):
    walk = call().store_everything().send()
    private = walk.path
    coordinator.post(END)
    assert is_closed(coordinator, walk)
    assert "date of birth" in text_of(coordinator.get(private))
    assert coordinator.get("/review/").status_code == 200


def test_ending_before_the_answers_are_sent_says_what_becomes_of_them(coordinator, call):
    walk = call()
    page = text_of(coordinator.get(END))
    assert "The answers are not sent" in page
    assert f'href="{walk.root}save/"' in page
    assert coordinator.post(END)["Location"] == "/review/"
    assert is_closed(coordinator, walk)
    assert Submission.objects.count() == 1


def test_signing_out_closes_the_answers_as_well(coordinator, call):
    walk = call()
    coordinator.post("/account/logout/")
    assert is_closed(coordinator, walk)


def test_leaving_this_device_ends_the_call(coordinator, call):
    walk = call()
    assert coordinator.post(f"{walk.root}save/", {"do": "leave"})["Location"] == END


def test_ending_a_call_that_is_not_there_leads_to_the_worklist(coordinator):
    for send in (coordinator.get, coordinator.post):
        assert send(END)["Location"] == "/review/"


# Wrong turns -------------------------------------------------------------------------------------------------------


def test_the_next_call_finds_nothing_of_the_one_before(coordinator, site, call):
    first = call(phone="020 7946 0555")
    first.answer_everything()
    coordinator.post(f"{first.root}about-you/", {"name": "Somebody Else"})
    page = text_of(coordinator.get(BEGIN))
    assert "A call is under way in this browser" in page
    assert f'href="{first.root}"' in page
    second = call()
    assert second.is_at("questions/1")
    assert "Somebody Else" not in second.answer_everything().get(f"{second.root}about-you/").content.decode()
    assert Submission.objects.count() == 2
    assert latest().call_back_phone == ""


def test_the_next_call_closes_the_private_page_of_the_one_before(coordinator, call):
    private = call().store_everything().send().path
    assert "What happens next" in text_of(coordinator.get(private))
    call()
    assert "What happens next" not in text_of(coordinator.get(private))


def test_starting_again_begins_as_staff_do(coordinator, call):
    walk = call()
    assert coordinator.post(f"{walk.root}start-again/")["Location"] == BEGIN
    assert Submission.objects.count() == 1


def test_a_wrong_number_begins_nothing_and_stays_in_its_box(coordinator, pathway):
    page = text_of(coordinator.post(BEGIN, {"phone": "ring me"}))
    assert "Enter a telephone number with its digits" in page
    assert 'value="ring me"' in page
    assert not Submission.objects.exists()


@pytest.mark.parametrize("said", [{"language_tag": "xx"}, {"pathway_id": "other"}, {"phone": "7" * 5000}])
def test_what_is_no_choice_begins_nothing(coordinator, pathway, said):
    assert coordinator.post(BEGIN, said).status_code == 200
    assert not Submission.objects.exists()


def test_where_nothing_is_open_it_says_so(coordinator, pathway):
    pathway.offerings.update(is_open=False)
    assert "There is nothing to answer now" in text_of(coordinator.get(BEGIN))
    assert coordinator.post(BEGIN, {}).status_code == 200
    assert not Submission.objects.exists()


def test_only_clinical_staff_of_the_clinic(site, pathway, browser_of):
    assert Client().get(BEGIN)["Location"].startswith("/account/login/")
    editor = browser_of(RULE_EDITORS)
    assert editor.get(BEGIN).status_code == editor.post(BEGIN, {}).status_code == 403
    elsewhere = browser_of(COORDINATORS, at=SiteFactory())
    assert "There is nothing to answer now" in text_of(elsewhere.post(BEGIN, {"pathway_id": pathway.pk}))
    with pytest.raises(NotAllowed):
        intake.start_submission(actor=editor.actor, site=site, pathway=pathway)
    assert not Submission.objects.exists()


# Help now ----------------------------------------------------------------------------------------------------------


def test_an_emergency_on_the_telephone_is_on_the_call_back_list(coordinator, call):
    walk = call(NUMB, phone="020 7946 0555").answer_everything()
    assert walk.is_at("emergency")
    assert "020 7946 0555" in text_of(coordinator.get("/review/call-backs/"))
    page = text_of(coordinator.get(END))
    assert "The answers need help now" in page
    assert "with the number you took down" in page
    assert coordinator.post(END)["Location"] == f"/review/{walk.referral.reference}/"


def test_many_calls_at_one_clinic_are_no_flood(call):
    for _ in range(7):
        call(NUMB).answer_everything()
    assert CallBack.objects.count() == 7
    assert not CallBack.objects.exclude(flood="", network="").exists()


@pytest.mark.parametrize("address", [BEGIN, END])
def test_pressing_twice_signs_nobody_out(coordinator, call, address):
    """The second press comes with the cookie from before the first one was answered."""
    call()
    cookie = coordinator.cookies[settings.SESSION_COOKIE_NAME].value
    coordinator.post(address, {})
    coordinator.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert "/account/" not in coordinator.post(address, {}).headers.get("Location", "/account/")
    assert coordinator.get("/review/").status_code == 200
