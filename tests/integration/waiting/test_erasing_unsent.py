"""Erasing what was never sent: at once where nobody relies on it, by the clinic's answer where an alarm stands."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from screening.actions import access, audit, erasing, erasing_unsent, intake, unsaved
from screening.exceptions import AlreadySubmitted, NotAllowed
from screening.models import AuditEvent, ErasureRequest, Message, Referral, Revision, Submission, WayBack
from screening.models.access import link_hash
from screening.policies import ADMINISTRATORS, Actor
from tests.factories import CALM, save_page, staff_actor, started, submitted, waiting

pytestmark = pytest.mark.django_db


def begun(**answers) -> Submission:
    return save_page(started(), {**CALM, **answers}).submission


def patient_of(submission) -> Actor:
    return Actor.patient(submission.site)


def erase(submission) -> ErasureRequest:
    return erasing_unsent.erase_unsent(actor=patient_of(submission), submission=submission)


def ask(submission, words="") -> ErasureRequest:
    return erasing_unsent.ask_for_unsent(actor=patient_of(submission), submission=submission, words=words)


def test_it_is_gone_at_once_with_all_that_hangs_on_it():
    submission, other = begun(), begun()
    actor, link = patient_of(submission), link_hash(submission.private_token)
    intake.leave_phone(actor=actor, submission=submission, phone="020 7946 0765")
    access.make_code(actor=actor, submission=submission)
    access.mail_link(actor=actor, submission=submission, email="maria@example.com", network="")
    request = erase(submission)
    for model in (Submission, WayBack):
        assert list(model.objects.values_list("pk", flat=True)) == [other.pk]
    assert not Revision.objects.filter(submission=submission.pk).exists()
    assert not Message.objects.exists()
    connection.check_constraints()
    assert (request.status, request.referral, request.reference, request.link_hash) == ("erased", None, "", link)
    event = AuditEvent.objects.get(action="erasure.erase_unsent")
    assert (event.actor_kind, event.after["submission"]) == ("patient", str(submission.pk))
    assert audit.verify_chain() == ()


@pytest.mark.parametrize("how", ["alarm", "left on the page", "emergency", "mistake"])
def test_where_the_clinic_has_it_or_will_have_it_the_clinic_is_asked(how):
    submission = begun(**{"alarm": {"fever": "yes"}, "left on the page": {}}.get(how, {"numb": "yes"}))
    actor = patient_of(submission)
    if how == "left on the page":
        unsaved.keep_unsaved(actor=actor, submission=submission, page="1", answers={"fever": {"answer": "yes"}})
    if how == "mistake":
        intake.resume_after_mistake(actor=actor, submission=submission)
    with pytest.raises(NotAllowed):
        erase(submission)
    request = ask(submission, "Please")
    referral = Referral.objects.get(submission=submission)
    assert (request.status, request.referral, request.words) == ("asked", referral.pk, "Please")
    assert ask(submission) == request, "asking twice is asking once"
    assert erasing_unsent.request_of(submission) == request


def test_an_alarm_that_was_taken_back_is_like_walking_away():
    submission = begun(fever="yes")
    save_page(submission, {"fever": "no"})
    assert erase(submission).status == "erased"


def test_nobody_is_asked_where_nobody_has_it():
    with pytest.raises(NotAllowed):
        ask(begun())
    assert not Referral.objects.exists()


def test_what_was_sent_is_not_erased_this_way():
    submission = waiting().submission
    for act in (erase, ask):
        with pytest.raises(AlreadySubmitted):
            act(submission)


def test_the_clinic_says_yes_and_it_is_gone():
    submission = begun(numb="yes")
    link = link_hash(submission.private_token)
    administrator = staff_actor(submission.site, ADMINISTRATORS)
    done = erasing.approve_erasure(actor=administrator, request=ask(submission))
    assert (done.status, done.link_hash) == ("erased", link)
    assert not Submission.objects.exists()
    assert not Referral.objects.exists()


def test_the_link_is_still_open_when_the_clinic_answers(settings):
    submission = begun(fever="yes")
    Submission.objects.update(last_step_at=timezone.now() - settings.UNFINISHED_OPEN_FOR + timedelta(hours=1))
    ask(submission)
    way_back = WayBack.objects.select_related("submission").get()
    assert not way_back.is_closed(timezone.now() + timedelta(days=29))


def test_who_goes_on_and_sends_after_a_yes_is_not_erased_unasked(settings):
    settings.SENDS_EMAIL = True
    submission = begun(fever="yes", age_years=45, wish="surgery")
    actor = patient_of(submission)
    access.mail_link(actor=actor, submission=submission, email="maria@example.com", network="")
    request = erasing.approve_erasure(actor=staff_actor(submission.site, ADMINISTRATORS), request=ask(submission))
    assert request.status == "approved", "the link is still on its way"
    submitted(submission)
    Message.objects.under_way().update(sent_at=timezone.now(), to="")
    assert erasing.erase_approved(now=timezone.now()) == []
    request.refresh_from_db()
    assert request.status == "asked"
