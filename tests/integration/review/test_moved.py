"""A case whose answers were moved to a newer version on the way, as staff see it."""

import copy

import pytest

from screening.actions import intake, review
from screening.models import Referral
from screening.policies import Actor
from tests.factories import CALM, publish_next, save_page, started, submitted, tiny_document

from .conftest import path, send


def reworded(*question_ids, without=()):
    """The tiny document with other words for some questions, without some rules, and one finding more."""
    made = copy.deepcopy(tiny_document())
    made["questions"] = [
        one | {"text": "In other words?"} if one["id"] in question_ids else one for one in made["questions"]
    ]
    made["questions"].append({**made["questions"][8], "id": "stage", "text": "stage?"})
    made["rules"] = [rule for rule in made["rules"] if rule["id"] not in without]
    return made


def moved(submission, document):
    publish_next(submission.pathway, document)
    patient = Actor.patient(submission.site)
    submission.refresh_from_db()
    return intake.bring_up_to_date(actor=patient, submission=submission).submission


def seen(browser, referral):
    page = browser.get(path(referral))
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


@pytest.fixture
def warned(site):
    """Warned because of a fever."""
    return save_page(started(site), {**CALM, "fever": "yes", "wish": "surgery"}).submission


def test_an_alarm_that_went_with_its_question_is_not_told_as_taken_back_by_the_move(surgeon, warned):
    submission = save_page(moved(warned, reworded("fever")), {"fever": "no"}).submission
    html = seen(surgeon, submitted(submission))
    assert "The clinic had changed questions about safety" in html
    assert "Alarm of the old version, to be asked again: Rule U1" in html
    assert "Taken back: Rule U1" in html
    assert "First <strong>Yes</strong>, then <strong>No</strong>" in html


def test_an_alarm_whose_rule_is_gone_is_shown_with_its_version(surgeon, warned):
    submission = save_page(moved(warned, reworded("numb", without=["U1"])), {"numb": "no"}).submission
    html = seen(surgeon, submitted(submission))
    assert "Of an earlier version of the rules: Rule U1" in html
    assert "It was true by version 1" in html


@pytest.fixture
def emergency(site, surgeon):
    """Stopped, taken by a surgeon, gone on with after a mistake, and moved."""
    submission = save_page(started(site), {**CALM, "numb": "yes"}).submission
    review.claim(actor=surgeon.actor, referral=Referral.objects.get(), expected_revision=1)
    submission = intake.resume_after_mistake(actor=Actor.patient(site), submission=submission)
    moved(submission, reworded("numb"))
    return Referral.objects.get()


def test_the_emergency_keeps_its_assessment_until_there_is_a_new_one(surgeon, emergency):
    assert (emergency.assessment.version.number, emergency.disposition) == (1, "go_now")
    assert "Alarm of the old version, to be asked again: Rule E1" in seen(surgeon, emergency)


def test_findings_are_those_of_the_version_the_answers_are_on(surgeon, emergency):
    assert "stage?" in surgeon.get(path(emergency, "findings")).content.decode()
    send(surgeon, emergency, "findings", grade="4", stage="2", step=emergency.submission.revisions.count())
    emergency.refresh_from_db()
    assert emergency.submission.answers["stage"] == 2
    assert emergency.assessment.version.number == 2
    assert "stage?" in seen(surgeon, emergency)
