"""Findings from the scan, and the patient's answers taken by telephone."""

import pytest

from screening.models import Referral
from tests.factories import ADULT, CALM, in_review, referred_emergency, waiting

from .conftest import fresh, path, send, text_of


@pytest.fixture
def referral(surgeon, site) -> Referral:
    return in_review(waiting(site, answers=ADULT), actor=surgeon.actor)


def test_findings_are_assessed_beside_the_first(surgeon, referral):
    response = surgeon.post(
        path(referral, "findings"), {"revision": referral.revision, "grade": "4", "scan_notes": "L4/5."}, follow=True
    )
    assert "Assessed again: big_cut, before it was small_cut." in text_of(response)
    first, second = referral.submission.assessments.all()
    assert (first.disposition, second.disposition) == ("small_cut", "big_cut")
    assert (second.cause, second.made_by, second.released_at) == ("clinician", surgeon.user, None)
    assert first.answers.get("grade") is None
    assert second.answers["grade"] == 4
    assert "scan_notes" not in second.answers


def test_a_finding_can_be_taken_away_again(surgeon, referral):
    send(surgeon, referral, "findings", grade="4")
    assert surgeon.get(path(referral, "findings")).context["form"]["grade"].value() == "4"
    send(surgeon, fresh(referral), "findings", grade="", step=fresh(referral).submission.revisions.count())
    assert "grade" not in fresh(referral).submission.answers
    assert fresh(referral).disposition == "small_cut"


@pytest.mark.parametrize("typed", ["9", "-1", "many", "4.5", "1 2"])
def test_a_finding_that_cannot_be_is_asked_for_again(surgeon, referral, typed):
    page = text_of(send(surgeon, referral, "findings", grade=typed, scan_notes="Kept words."))
    assert 'href="#task_grade"' in page
    assert "Kept words." in page
    assert f'value="{typed}"' in page
    assert fresh(referral).revision == referral.revision


def test_findings_hold_only_the_clinicians_questions(surgeon, referral):
    form = surgeon.get(path(referral, "findings")).context["form"]
    assert [question.id for question in form.questions] == ["grade", "scan_notes"]
    send(surgeon, referral, "findings", grade="1", wish="other", numb="yes")
    assert fresh(referral).submission.answers["wish"] == "surgery"


def test_answers_by_telephone_are_marked_so(coordinator, referral):
    step = referral.submission.revisions.count()
    send(coordinator, referral, "phone", step=step, wish="other", age_years="46", numb="no", chest="no", fever="no")
    submission = fresh(referral).submission
    assert (submission.answers["wish"], submission.answers["age_years"]) == ("other", 46)
    revision = submission.revisions.last()
    assert (revision.via, revision.made_by) == ("phone", coordinator.user)
    assert set(revision.changes) == {"wish", "age_years"}
    assert submission.assessments.last().cause == "phone"
    page = text_of(coordinator.get(path(referral)))
    assert "by telephone, taken down by Tom Reyes" in page


def test_an_alarm_told_by_telephone_moves_the_case_up(coordinator, referral):
    step = referral.submission.revisions.count()
    send(coordinator, referral, "phone", step=step, numb="yes", wish="surgery", age_years="45")
    referral = fresh(referral)
    assert (referral.disposition, referral.urgency) == ("go_now", 0)
    assert "Rule E1" in text_of(coordinator.get(path(referral)))


def test_what_would_settle_the_case_is_asked_first(coordinator, site):
    referral = waiting(site, answers={**CALM, "chest": "dont_know", "wish": "surgery"})
    page = text_of(coordinator.get(path(referral, "phone")))
    assert page.index("To ask next</h3>") < page.index("chest?</legend>") < page.index("numb?</legend>")


def test_an_unfinished_case_can_be_finished_by_telephone(surgeon, site):
    referral = referred_emergency(site)
    step = referral.submission.revisions.count()
    send(surgeon, referral, "phone", step=step, numb="no", chest="no", fever="no", wish="other", age_years="30")
    referral = fresh(referral)
    assert referral.submission.answers["wish"] == "other"
    assert "Taken back: Rule E1" in text_of(surgeon.get(path(referral)))


def test_units_are_understood(coordinator, referral):
    step = referral.submission.revisions.count()
    data = {"step": step, "numb": "no", "chest": "no", "fever": "no", "wish": "surgery", "age_years": "45"}
    send(coordinator, referral, "phone", weeks="3", **{"weeks-unit": "months"}, **data)
    assert fresh(referral).submission.answers["weeks"] == 13


@pytest.mark.parametrize("step", ["", "x", "-1", "999999999999999", "0"])
def test_a_step_that_never_was_does_no_harm(surgeon, referral, step):
    assert send(surgeon, referral, "findings", grade="2", step=step).status_code == 302
    assert fresh(referral).submission.answers["grade"] == 2
