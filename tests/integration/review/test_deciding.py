"""The decision: what must be said, and what the form tells while one chooses."""

import pytest

from screening.models import Referral, Review
from tests.factories import ADULT, CALM, in_review, waiting

from .conftest import fresh, path, send, text_of

MISS = {"decision": "accept_miss", "procedures": ["discectomy"]}


@pytest.fixture
def referral(surgeon, site) -> Referral:
    return in_review(waiting(site, answers=ADULT), actor=surgeon.actor)


def test_as_the_rules_say_needs_no_reason(surgeon, referral):
    page = text_of(surgeon.get(path(referral, "decide")))
    assert "Accept for small-cut surgery (MISS) – as the rules say" in page
    assert "Discectomy – supported" in page
    response = surgeon.post(path(referral, "decide"), {"revision": referral.revision, **MISS}, follow=True)
    assert "Decided: accept for small-cut surgery (MISS). The patient is not told yet." in text_of(response)
    made = Review.objects.get()
    assert (made.decision, made.procedures, made.differs) == ("accept_miss", ["discectomy"], False)
    assert fresh(referral).status == "decided"


def test_another_decision_needs_a_reason_and_keeps_what_was_typed(surgeon, referral):
    response = send(surgeon, referral, "decide", decision="not_suitable", advice="See your own doctor.")
    page = text_of(response)
    assert "This differs from the outcome of the rules. Say why" in page
    assert "This differs from the rules (“small_cut”)" in page
    assert "See your own doctor." in page
    assert fresh(referral).status == "in_review"
    send(surgeon, referral, "decide", decision="not_suitable", reason="Too frail.")
    made = Review.objects.get()
    assert (made.differs, made.reason) == (True, "Too frail.")


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "decision", "Choose a decision."),
        ({"decision": "maybe"}, "decision", "Select a valid choice."),
        ({"decision": "accept_miss"}, "procedures", "Choose at least one procedure."),
        ({"decision": "accept_miss", "procedures": ["magic"]}, "procedures", "Select a valid choice."),
        ({"decision": "conservative", "reason": "r"}, "advice", "Write what the patient is advised to do."),
    ],
)
def test_what_is_missing_is_told_at_its_field(surgeon, referral, data, field, words):
    page = text_of(send(surgeon, referral, "decide", **data))
    assert words in page
    assert f'id="task_{field}_error"' in page
    assert fresh(referral).status == "in_review"


def test_procedures_count_only_for_an_operation(surgeon, referral):
    send(surgeon, referral, "decide", decision="other_service", procedures=["discectomy"], reason="Hip.")
    assert Review.objects.get().procedures == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ""),
        ("decision=nonsense", ""),
        ("decision=accept_miss&procedures=discectomy", "This is what the rules say"),
        ("decision=accept_miss&procedures=fusion", "This differs from the rules"),
        ("decision=urgent_now", "This differs from the rules"),
    ],
)
def test_the_form_says_live_whether_it_differs(surgeon, referral, query, words):
    response = surgeon.get(f"{path(referral, 'decide')}differs/?{query}", headers={"HX-Request": "true"})
    page = text_of(response)
    assert (words in page) if words else page == ""


def test_where_the_rules_could_not_tell_every_decision_says_why(surgeon, site):
    referral = in_review(waiting(site, answers={**CALM, "chest": "dont_know"}), actor=surgeon.actor)
    assert "as the rules say" not in text_of(surgeon.get(path(referral, "decide")))
    page = text_of(send(surgeon, referral, "decide", decision="other_service"))
    assert "Say why" in page


def test_a_reopened_case_keeps_its_first_decision(surgeon, referral):
    send(surgeon, referral, "decide", **MISS)
    send(surgeon, fresh(referral), "reopen", reason="A new scan came.")
    page = text_of(surgeon.get(path(referral)))
    assert "Decided: accept for small-cut surgery (MISS) – Discectomy" in page
    assert "A new scan came." in page
    send(surgeon, fresh(referral), "decide", decision="conservative", advice="Wait.", reason="Better now.")
    assert [one.decision for one in Review.objects.order_by("pk")] == ["accept_miss", "conservative"]
