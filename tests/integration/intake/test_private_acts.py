"""What can be done on the private page while a case waits: details, leaving and coming back, the record, erasure."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from screening.actions import erasing, review, waiting
from screening.models import AuditEvent, Correction, ErasureRequest, Message
from screening.policies import ADMINISTRATORS, COORDINATORS, Actor
from tests.factories import SiteFactory, staff_actor
from tests.private_walk import PrivateWalk

from .conftest import READY

CONTACT = {"contact_way": "phone", "phone": "020 7946 0999", "email": ""}
PAGES = ["contact/", "correction/", "withdraw/", "held/", "held/file/", "opened/", "erasure/", "worse/1/", "answer/"]


@pytest.fixture
def sent(site, pathway):
    return PrivateWalk(site, pathway, READY)


@pytest.fixture
def surgeon(site):
    return staff_actor(site)


def act(action, actor, referral, **what):
    return action(actor=actor, referral=referral, expected_revision=referral.revision, **what)


def the_revision(sent) -> dict[str, str]:
    return {"revision": str(sent.referral.revision)}


class TestDetails:
    def test_correcting_how_to_be_reached(self, sent):
        sent.get(f"{sent.root}contact/")
        assert "maria@example.com" in sent.html
        sent.post(sent.path, {**CONTACT, **the_revision(sent)})
        assert sent.path == sent.root
        assert "We will use these details from now on." in sent.html
        assert sent.referral.patient.phone == "020 7946 0999"

    def test_what_cannot_be_used_is_said_at_the_field_and_on_top_and_kept(self, sent):
        sent.post(f"{sent.root}contact/", {"contact_way": "email", "phone": "", "email": "nobody"})
        assert sent.html.count("Enter an e-mail address, like name@example.com.") == 2
        assert 'value="nobody"' in sent.html
        assert "Problem:" in sent.html

    def test_another_tab_was_faster(self, sent):
        seen = the_revision(sent)
        sent.post(f"{sent.root}contact/", {**CONTACT, **seen})
        sent.post(f"{sent.root}contact/", {**CONTACT, "phone": "020 7946 0111", **seen})
        assert "Something changed since you opened this page" in sent.html
        assert "020 7946 0111" in sent.html
        assert sent.referral.patient.phone == "020 7946 0999"
        sent.post(sent.path, {**CONTACT, "phone": "020 7946 0111", **the_revision(sent)})
        assert sent.referral.patient.phone == "020 7946 0111"

    def test_pressing_twice_is_harmless(self, sent):
        data = {**CONTACT, **the_revision(sent)}
        sent.client.post(f"{sent.root}contact/", data)
        sent.post(f"{sent.root}contact/", data)
        assert sent.page.status_code == 200
        assert sent.referral.patient.former_details.count() == 1

    def test_a_wrong_name_goes_to_staff(self, sent, site):
        sent.post(f"{sent.root}correction/", {"words": ""})
        assert sent.html.count("Write what is wrong, and how it should be.") == 2
        sent.post(sent.path, {"words": "I am Mary"})
        sent.post(f"{sent.root}correction/", {"words": "I am Mary"})
        assert Correction.objects.get().words == "I am Mary"
        client = Client()
        client.force_login(staff_actor(site, COORDINATORS).account)
        case = client.get(f"/review/{sent.referral.reference}/").content.decode()
        assert "I am Mary" in case
        born = sent.referral.patient.date_of_birth.isoformat()
        done = {"name": "Mary Quintana", "date_of_birth": born, **the_revision(sent)}
        client.post(f"/review/{sent.referral.reference}/identity/", done)
        case = client.get(f"/review/{sent.referral.reference}/").content.decode()
        assert "Before: Maria Quintana" in case
        assert sent.referral.patient.name == "Mary Quintana"


class TestLeaving:
    def test_are_you_sure_then_why_then_gone(self, sent):
        sent.get(f"{sent.root}withdraw/")
        assert "No surgeon looks at your answers any more." in sent.html
        sent.post(sent.path, {"note": "I feel well", **the_revision(sent)})
        assert "Nobody will contact you about them" in sent.html
        assert (sent.referral.status, sent.referral.closing_note) == ("withdrawn", "I feel well")

    def test_twice_is_harmless(self, sent):
        data = the_revision(sent)
        sent.client.post(f"{sent.root}withdraw/", data)
        sent.post(f"{sent.root}withdraw/", data)
        assert sent.page.status_code == 200
        assert AuditEvent.objects.filter(action="referral.withdraw").count() == 1

    def test_a_surgeon_was_faster(self, sent, surgeon):
        seen = the_revision(sent)
        act(review.claim, surgeon, sent.referral)
        sent.post(f"{sent.root}withdraw/", {"note": "No more", **seen})
        assert "Something changed since you opened this page" in sent.html
        assert "No more" in sent.html
        assert sent.referral.status == "in_review"

    def test_coming_back(self, sent):
        sent.post(f"{sent.root}withdraw/", the_revision(sent))
        assert f"{sent.root}wait-again/" in sent.html
        sent.post(f"{sent.root}wait-again/", the_revision(sent))
        assert sent.referral.status == "waiting"
        assert "Your answers wait for a clinician again." in sent.html

    def test_what_cannot_be_done_now_leads_back_to_the_page(self, sent):
        sent.get(f"{sent.root}wait-again/")
        assert sent.path == sent.root
        sent.post(f"{sent.root}withdraw/", the_revision(sent))
        sent.get(f"{sent.root}withdraw/")
        assert sent.path == sent.root

    def test_staff_withdraw_with_a_reason_and_take_it_up_again(self, sent, site):
        client = Client()
        client.force_login(staff_actor(site, COORDINATORS).account)
        case = f"/review/{sent.referral.reference}/"
        assert "Say why: nobody will look" in client.post(f"{case}withdraw/", the_revision(sent)).content.decode()
        client.post(f"{case}withdraw/", {"note": "Asked us on the phone", **the_revision(sent)})
        assert sent.referral.status == "withdrawn"
        client.post(f"{case}come-back/", the_revision(sent))
        assert sent.referral.status == "waiting"
        history = client.get(case).content.decode()
        assert "Withdrawn" in history
        assert "Taken up again, since the patient wants it" in history


class TestRecord:
    def test_everything_on_a_page_and_in_a_file(self, sent, surgeon, site):
        act(review.claim, surgeon, sent.referral)
        act(review.record_contact, surgeon, sent.referral, how="phone", reached=True, note="Sounds tired")
        act(review.ask_patient, surgeon, sent.referral, question="Which leg?")
        review.answer_request(
            actor=Actor.patient(site), referral=sent.referral, expected_revision=None, answer="The left", via="link"
        )
        act(review.decide, surgeon, sent.referral, decision="not_suitable", reason="Too frail", advice="Swim")
        act(review.tell_patient, surgeon, sent.referral, how="phone", note="Took it well")
        waiting.tell_worse(actor=Actor.patient(site), referral=sent.referral, answers={}, remark="Worse at night")
        data = json.loads(sent.client.get(f"{sent.root}held/file/").content)
        page = sent.client.get(f"{sent.root}held/").content.decode()
        for words in (
            "Maria Quintana",
            "maria@example.com",
            "I agree.",
            "The left",
            "Which leg?",
            "Swim",
            "Worse at night",
        ):
            assert words in json.dumps(data, ensure_ascii=False), words
            assert words in page, words
        assert data["answers"][0]["in_words"]
        assert data["decisions"][0]["advice"] == "Swim"
        assert {one["by"] for one in data["opened"]} >= {"You, or somebody with your link and your date of birth"}

    def test_what_staff_wrote_for_each_other_is_not_in_it(self, sent, surgeon):
        act(review.claim, surgeon, sent.referral)
        act(review.record_contact, surgeon, sent.referral, how="phone", reached=True, note="Sounds tired")
        act(review.reassess, surgeon, sent.referral, answers={"c_mri_findings": ["tumor"]}, texts={}, via="web")
        act(review.decide, surgeon, sent.referral, decision="not_suitable", reason="Too frail", advice="Swim")
        held = sent.client.get(f"{sent.root}held/file/").content.decode()
        for secret in ("Sounds tired", "Too frail", "Swim", "tumor", "Tumour"):
            assert secret not in held, secret
        assert "Staff" not in held, "no names"

    def test_findings_are_in_it_once_a_clinician_sent_them(self, sent, surgeon):
        act(review.claim, surgeon, sent.referral)
        act(review.reassess, surgeon, sent.referral, answers={"c_mri_findings": ["tumor"]}, texts={}, via="web")
        act(review.release_assessment, surgeon, sent.referral)
        data = json.loads(sent.client.get(f"{sent.root}held/file/").content)
        assert data["results"][-1]["findings"]

    def test_who_looked_in_which_role_and_when(self, sent, surgeon, site):
        client = Client()
        client.force_login(surgeon.account)
        client.get(f"/review/{sent.referral.reference}/")
        sent.get(f"{sent.root}opened/")
        assert "A surgeon" in sent.html
        assert surgeon.account.last_name not in sent.html
        now = site.local(timezone.now())
        assert f"on {now:%A}" in sent.html


class TestWhere:
    def now(self, sent) -> str:
        """The words of the step that the page says we are at."""
        step = sent.private_html.partition('aria-current="step"')[2].partition("</li>")[0]
        return " ".join(step.split())

    def test_each_step_in_turn(self, sent, surgeon):
        assert "You sent us your answers." in self.now(sent)
        act(review.claim, surgeon, sent.referral)
        assert "A surgeon looks at your answers." in self.now(sent)
        act(review.decide, surgeon, sent.referral, decision="not_suitable", reason="Too frail")
        assert "A surgeon decides what fits you." in self.now(sent)
        act(review.tell_patient, surgeon, sent.referral, how="phone")
        assert "We tell you." in self.now(sent)
        assert "Not yet" not in sent.private_html.partition("Where your answers are")[2].partition("</ol>")[0]

    def test_who_got_worse_starts_again(self, sent, surgeon, site):
        act(review.claim, surgeon, sent.referral)
        act(review.decide, surgeon, sent.referral, decision="not_suitable", reason="Too frail")
        waiting.tell_worse(actor=Actor.patient(site), referral=sent.referral, answers={})
        assert "You told us that it got worse." in self.now(sent)
        act(review.claim, surgeon, sent.referral)
        assert "A surgeon looks at your answers." in self.now(sent)

    def test_answers_taken_back_are_nowhere(self, sent):
        sent.post(f"{sent.root}withdraw/", the_revision(sent))
        assert "Where your answers are" not in sent.private_html


class TestErasure:
    def test_asked_once_and_answered_on_the_page(self, sent, site):
        sent.post(f"{sent.root}erasure/", {"words": "Please"})
        assert sent.html.count("Tick the box if you are sure.") == 2
        assert "Please</textarea>" in sent.html
        for _ in range(2):
            sent.post(f"{sent.root}erasure/", {"words": "Please", "sure": "yes"})
        assert ErasureRequest.objects.count() == 1
        assert "You asked us to erase everything" in sent.html
        sent.get(f"{sent.root}erasure/")
        assert "Did you change your mind?" in sent.html
        sent.post(sent.path, {})
        assert ErasureRequest.objects.get().status == "asked"
        administrator = staff_actor(site, ADMINISTRATORS)
        request = ErasureRequest.objects.get()
        erasing.refuse_erasure(actor=administrator, request=request, reason="We must keep it eight years.")
        page = sent.private_html
        assert "We must keep it eight years." in page
        assert f"{sent.root}erasure/" in page, "they may ask again"

    def test_changing_ones_mind(self, sent):
        sent.post(f"{sent.root}erasure/", {"sure": "yes"})
        sent.post(f"{sent.root}erasure/", {"keep": "yes"})
        assert "We keep your data." in sent.html
        assert "You asked us to erase everything" not in sent.private_html
        assert ErasureRequest.objects.get().status == "taken_back"

    def test_afterwards_the_link_says_that_nothing_is_held(self, sent, site):
        sent.post(f"{sent.root}erasure/", {"sure": "yes"})
        erasing.approve_erasure(actor=staff_actor(site, ADMINISTRATORS), request=ErasureRequest.objects.get())
        assert "will erase everything" in sent.private_html
        Message.objects.under_way().update(sent_at=timezone.now(), to="")
        erasing.erase_approved(now=timezone.now())
        for page in ("", "contact/", "worse/", "held/file/"):
            answer = sent.client.get(f"{sent.root}{page}")
            assert answer.status_code == 410
            assert "Nothing is held about you any more" in answer.content.decode()
        SiteFactory(slug="harbour")
        assert sent.client.get(sent.root.replace("northfield", "harbour")).status_code == 404


class TestWhoMay:
    @pytest.mark.parametrize("page", PAGES)
    def test_the_link_alone_shows_nothing(self, sent, page):
        answer = Client().get(f"{sent.root}{page}", follow=True)
        html = answer.content.decode()
        assert "Maria" not in html
        assert "maria@" not in html
        assert "date of birth" in html

    @pytest.mark.parametrize("page", PAGES)
    def test_another_clinics_address_opens_nothing(self, sent, page):
        SiteFactory(slug="harbour")
        assert sent.client.get(f"{sent.root}{page}".replace("northfield", "harbour")).status_code == 404

    def test_each_act_asks_for_the_date_of_birth_again_and_then_does_what_was_sent(self, sent):
        data = {**CONTACT, **the_revision(sent)}
        with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=True):
            sent.post(f"{sent.root}contact/", data)
            assert sent.referral.patient.phone != "020 7946 0999"
            born = sent.referral.patient.date_of_birth
            parts = {"date_of_birth": str(born.day), "birth_month": str(born.month), "birth_year": str(born.year)}
            sent.post(f"{sent.path}?waits=1", {"-birth": "1", **parts})
            assert sent.referral.patient.phone == "020 7946 0999"

    def test_every_act_is_recorded_without_words(self, sent):
        sent.post(f"{sent.root}contact/", {**CONTACT, **the_revision(sent)})
        sent.post(f"{sent.root}withdraw/", {"note": "Umberleigh", **the_revision(sent)})
        events = str(list(AuditEvent.objects.values()))
        assert "7946" not in events
        assert "Umberleigh" not in events
