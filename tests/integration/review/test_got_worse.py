"""What staff see when a patient tells that it got worse: the case moves up and says why, until they reached them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions import review, waiting
from screening.models import Referral
from screening.policies import Actor
from tests.factories import CALM, in_review
from tests.factories import waiting as a_case

from .conftest import fresh, path, send, text_of

pytestmark = pytest.mark.django_db
SAFE = {"numb": "no", "chest": "no", "fever": "no"}


def tell(referral, answers, remark=""):
    patient = Actor.patient(referral.site)
    return waiting.tell_worse(actor=patient, referral=fresh(referral), answers=answers, remark=remark)


def worklist(client) -> str:
    return text_of(client.get("/review/"))


def test_the_case_moves_to_the_top_and_says_why(site, surgeon):
    first, second = a_case(site), a_case(site)
    Referral.objects.filter(pk=first.pk).update(contact_due_at=timezone.now() + timedelta(days=5))
    assert worklist(surgeon).index(first.reference) < worklist(surgeon).index(second.reference)
    tell(second, {**SAFE, "fever": "yes"})
    page = worklist(surgeon)
    assert page.index(second.reference) < page.index(first.reference)
    local = site.local(fresh(second).worse_at)
    assert f"Got worse, told us today, {local:%H:%M}: now soon" in page


def test_its_surgeon_reads_what_changed(site, surgeon):
    referral = in_review(a_case(site), actor=surgeon.actor)
    tell(referral, {**SAFE, "fever": "yes"}, "Shivering since <Monday>")
    page = text_of(surgeon.get(path(referral)))
    assert "Got worse: the patient told us today" in page
    assert "Before: small_cut. Now: <strong>soon</strong>." in page
    assert "fever? First <strong>No</strong>, now <strong>Yes</strong>" in page
    assert "Shivering since &lt;Monday&gt;" in page
    assert "Told by private link that it got worse" in page, "it stays in the history"


def test_whoever_was_deciding_is_told(site, surgeon):
    referral = in_review(a_case(site), actor=surgeon.actor)
    tell(referral, {**SAFE, "numb": "yes"})
    answer = send(surgeon, referral, "decide", decision="accept_miss", procedures=["discectomy"])
    assert answer.status_code == 409
    assert "The patient told that it got worse" in text_of(answer)


def test_answers_that_make_it_less_urgent_never_do_so_quietly(site, surgeon):
    referral = a_case(site, answers={**CALM, "fever": "yes", "wish": "surgery"})
    due = referral.contact_due_at
    tell(referral, SAFE)
    page = text_of(surgeon.get(path(referral)))
    assert "The new answers take back what made it urgent. Ask why; the earlier deadline stays." in page
    assert "Taken back" in page
    assert fresh(referral).contact_due_at <= due
    assert "Got worse, told us" in worklist(surgeon)


def test_once_somebody_reached_them_it_is_news_no_more(site, surgeon):
    referral = a_case(site)
    tell(referral, {**SAFE, "fever": "yes"})
    send(surgeon, fresh(referral), "contact", how="phone", reached="reached")
    assert "Got worse" not in worklist(surgeon)
    page = text_of(surgeon.get(path(referral)))
    assert "Got worse: the patient" not in page
    assert "Told by private link that it got worse" in page


def test_an_alarm_told_first_and_the_rest_after_are_one_story(site, surgeon):
    referral = a_case(site)
    tell(referral, {"fever": "yes"})
    tell(referral, {**SAFE, "fever": "yes"}, "Shivering")
    page = text_of(surgeon.get(path(referral)))
    assert "Before: small_cut. Now: <strong>soon</strong>." in page
    assert "Shivering" in page


def test_a_case_that_was_decided_waits_again_with_the_reason(site, surgeon):
    referral = in_review(a_case(site), actor=surgeon.actor)
    choice = {"decision": "accept_miss", "procedures": ["discectomy"]}
    review.decide(actor=surgeon.actor, referral=referral, expected_revision=referral.revision, **choice)
    tell(referral, {**SAFE, "fever": "yes"})
    assert fresh(referral).status == "waiting"
    page = text_of(surgeon.get(path(referral)))
    assert "Got worse: the patient told us" in page
    assert "Decided: accept for small-cut surgery" in page, "in the history"
    assert "Got worse, told us" in worklist(surgeon)
