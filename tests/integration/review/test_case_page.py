"""What a surgeon reads on the page of one case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.actions import intake, review
from screening.models import Referral
from screening.policies import Actor
from tests.factories import (
    ADULT,
    CALM,
    NUMB,
    decided,
    in_review,
    referred_emergency,
    save_page,
    started,
    submitted,
    waiting,
)

from .conftest import fresh, path, text_of

EXTRA = {"weeks": 13, "tried": ["pills", "gym"]}


def page_of(client, referral) -> str:
    response = client.get(path(referral))
    assert response.status_code == 200
    return text_of(response)


def test_who_how_urgent_by_when(surgeon, site):
    referral = waiting(site, answers=ADULT)
    page = page_of(surgeon, referral)
    for words in ("Maria Quintana, 4", "020 7946 0123", "maria@example.com", "small_cut", "in 27 days", "Waiting"):
        assert words in page


def test_why_with_the_answers_that_made_it_so(surgeon, site):
    page = page_of(surgeon, waiting(site, answers=ADULT))
    assert "Why: small_cut" in page
    assert "Rule M1" in page
    assert "“wish?” is “surgery”" in page
    assert "Minimally invasive" in page
    assert "Discectomy" in page


def test_what_is_unknown_and_would_matter(surgeon, site):
    page = page_of(surgeon, waiting(site, answers={**CALM, "chest": "dont_know", "wish": "surgery"}))
    unknown = page[page.index("Not known, and would matter") :]
    assert "Rule E2" in unknown
    assert "Settled by: chest?" in unknown
    assert "Ask next" in unknown


def test_every_answer_with_how_it_was_typed(surgeon, site):
    entered = {"weeks": {"parts": ["3"], "unit": "months"}}
    referral = waiting(site, answers={**ADULT, **EXTRA}, entered=entered, texts={"notes": "I live alone."})
    page = page_of(surgeon, referral)
    assert "13 weeks" in page
    assert "typed as 3 months" in page
    assert "pills; gym" in page
    assert "In the patient's words" in page
    assert "I live alone." in page


def test_what_was_typed_and_could_not_be_an_answer_is_shown(surgeon, site):
    entered = {"age_years": {"parts": ["old enough"], "unit": "years"}}
    page = page_of(surgeon, waiting(site, answers={**CALM, "wish": "surgery"}, entered=entered))
    assert "old enough" in page
    assert "typed, but no possible answer" in page


def test_questions_nobody_answered_are_counted(surgeon, site):
    page = page_of(surgeon, waiting(site, answers={**CALM, "wish": "surgery"}))
    assert "Not answered: 1" in page


def test_words_of_a_patient_are_never_markup(surgeon, site):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    referral = waiting(site, answers=ADULT, texts={"notes": evil}, name=evil)
    html = surgeon.get(path(referral)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_an_alarm_taken_back_shows_what_was_answered_first(surgeon, site):
    submission = started(site)
    save_page(submission, {**ADULT, "fever": "yes"})
    save_page(submission, {"fever": "no"})
    page = page_of(surgeon, submitted(submission))
    alarms = page[page.index("Alarms</h2>") :]
    assert "Taken back: Rule U1" in alarms
    assert "First <strong>Yes</strong>, then <strong>No</strong>" in alarms
    assert "Alarm: Rule U1" in page[page.index("History</h2>") :]
    assert "Alarm taken back: Rule U1" in page


def test_an_emergency_without_a_name(surgeon, site):
    referral = referred_emergency(site)
    actor = Actor.patient(site)
    intake.tell_emergency(actor=actor, submission=referral.submission, said="cannot_call", phone="07700 900123")
    page = page_of(surgeon, referral)
    for words in ("Name not given", "Call back:", "07700 900123", "Stopped at the emergency page", "cannot call"):
        assert words in page


def test_an_emergency_resumed_and_sent_keeps_its_history(surgeon, site):
    submission = started(site)
    save_page(submission, NUMB)
    submission = intake.resume_after_mistake(actor=Actor.patient(site), submission=submission)
    save_page(submission, {"numb": "no", "wish": "surgery"})
    page = page_of(surgeon, submitted(submission))
    assert "Taken back: Rule E1" in page
    assert "Sent the answers and gave a name" in page


def test_assessments_side_by_side(surgeon, site):
    referral = in_review(waiting(site, answers=ADULT), actor=surgeon.actor)
    review.reassess(
        actor=surgeon.actor,
        referral=referral,
        expected_revision=referral.revision,
        answers={"grade": 4},
        texts={},
        via="web",
    )
    page = page_of(surgeon, referral)
    both = page[page.index("Assessments</h2>") :]
    assert both.count("The patient sees this one") == 1
    assert both.index("The patient sees this one") < both.index("2. ")
    assert "now fires:</span> Rule S1" in both
    assert "grade? not given → <strong>4</strong>" in both
    assert "Why: big_cut" in page


def test_one_assessment_is_not_compared(surgeon, site):
    assert "Assessments</h2>" not in page_of(surgeon, waiting(site))


def test_history_tells_it_all(surgeon, site):
    referral = in_review(waiting(site, answers=ADULT), actor=surgeon.actor)
    actor = surgeon.actor

    def do(action, **data):
        action(actor=actor, referral=fresh(referral), expected_revision=fresh(referral).revision, **data)

    do(review.record_contact, how="phone", reached=False, note="No answer.")
    do(review.record_contact, how="video", reached=True)
    do(review.ask_patient, question="Which leg?")
    do(review.answer_request, answer="The left one.", via="phone")
    do(review.decide, decision="not_suitable", reason="Too frail.", advice="See your doctor.")
    do(review.reopen, reason="New scan.")
    do(review.hand_back)
    page = page_of(surgeon, referral)
    history = page[page.index("History</h2>") :]
    told = [
        "Started the questions",
        "Case made: sent by the patient",
        "Took the case",
        "Tried to reach the patient: telephone",
        "No answer.",
        "Reached the patient: video call",
        "Asked the patient",
        "Which leg?",
        "Answered by telephone",
        "The left one.",
        "Decided: not suitable (differs from the rules)",
        "Reason: Too frail.",
        "Took the case up again",
        "New scan.",
        "Handed back",
    ]
    places = [history.index(words) for words in told]
    assert places == sorted(places)


def test_why_not_any_rule(surgeon, site):
    referral = waiting(site, answers=ADULT)
    page = text_of(surgeon.get(path(referral, "rules")))
    assert page.count("<details>") == len(referral.assessment.version.ruleset.rules)
    assert "It did not fire. It would need: “wish?” is “other”" in strip_tags(page)
    part = surgeon.get(path(referral, "rules"), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


def strip_tags(html: str) -> str:
    from django.utils.html import strip_tags as strip

    return " ".join(strip(html).split())


def test_the_version_and_the_program_are_named(surgeon, site):
    referral = waiting(site)
    page = page_of(surgeon, referral)
    assert "tiny@1" in page
    assert referral.assessment.version.sha256[:12] in page


@pytest.mark.parametrize("make", [waiting, referred_emergency, decided])
def test_few_queries(surgeon, site, make):
    referral = make(site) if make is not decided else decided(waiting(site))
    surgeon.get(path(referral))
    with CaptureQueriesContext(connection) as queries:
        surgeon.get(path(referral))
    counted = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    # Two of them are about call-backs: how many wait for a call, for the head of every page, and whether this one does.
    # One asks whether e-mails get through.
    assert len(counted) <= 20


def test_no_more_queries_for_a_long_history(surgeon, site):
    referral = in_review(waiting(site, answers=ADULT), actor=surgeon.actor)
    surgeon.get(path(referral))
    with CaptureQueriesContext(connection) as short:
        surgeon.get(path(referral))
    for grade in (1, 2, 3, 4):
        now = Referral.objects.get(pk=referral.pk)
        options = {"actor": surgeon.actor, "expected_revision": now.revision}
        review.reassess(referral=now, answers={"grade": grade}, texts={}, via="web", **options)
        now = Referral.objects.get(pk=referral.pk)
        review.record_contact(
            referral=now, how="phone", reached=False, **{**options, "expected_revision": now.revision}
        )
    with CaptureQueriesContext(connection) as long:
        surgeon.get(path(referral))
    assert len(long) == len(short)
