"""Everything staff can do to a case: by whom, when, and what comes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.actions import review
from screening.models import AuditEvent, Contact, Referral, Review
from screening.policies import COORDINATORS, LEAD_SURGEONS, SURGEONS, TRANSITIONS, Actor
from screening.review.tasks import TASKS
from tests.factories import ADULT, identity, in_review, referred_emergency, staff_actor, waiting

from .conftest import fresh, path, send, text_of

# Something that each form accepts.
FILLED = {
    "claim": {},
    "hand-back": {},
    "send-result": {},
    "contact": {"how": "phone", "reached": "reached"},
    "findings": {"grade": "2"},
    "phone": {"wish": "other"},
    "decide": {"decision": "accept_miss", "procedures": ["discectomy"]},
    "tell": {"how": "phone"},
    "ask": {"question": "Which leg?"},
    "answer": {"answer": "The left one."},
    "close": {"note": "Moved away."},
    "reopen": {"reason": "A new scan came."},
    "come-back": {},
    "identity": {"name": "Mary Quintana", "date_of_birth": identity().date_of_birth.isoformat()},
    "reach": {"phone": "020 7946 0999", "email": "new@example.org", "contact_way": "phone"},
    "withdraw": {"note": "Asked us on the telephone."},
}


def asked(referral: Referral, actor: Actor) -> Referral:
    referral = in_review(referral, actor=actor)
    review.ask_patient(actor=actor, referral=referral, expected_revision=referral.revision, question="Which leg?")
    return fresh(referral)


def assessed_again(referral: Referral, actor: Actor) -> Referral:
    referral = in_review(referral, actor=actor)
    review.reassess(
        actor=actor, referral=referral, expected_revision=referral.revision, answers={"grade": 4}, texts={}, via="web"
    )
    return fresh(referral)


def withdrawn(referral: Referral, actor: Actor) -> Referral:
    return review.withdraw(actor=Actor.patient(referral.site), referral=referral, expected_revision=None)


def decided_by(referral: Referral, actor: Actor) -> Referral:
    referral = in_review(referral, actor=actor)
    review.decide(
        actor=actor,
        referral=referral,
        expected_revision=referral.revision,
        decision="accept_miss",
        procedures=["discectomy"],
    )
    return fresh(referral)


def closed(referral: Referral, actor: Actor) -> Referral:
    referral = decided_by(referral, actor)
    return review.close(actor=actor, referral=referral, expected_revision=referral.revision, note="Done.")


STAGES = {
    "waiting": lambda referral, actor: referral,
    "in_review": lambda referral, actor: in_review(referral, actor=actor),
    "awaiting_patient": asked,
    "decided": decided_by,
    "closed": closed,
    "withdrawn": withdrawn,
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("role", [SURGEONS, LEAD_SURGEONS, COORDINATORS])
@pytest.mark.parametrize("task", TASKS)
def test_a_task_can_be_done_exactly_where_its_button_is_shown(browser_of, site, stage, role, task):
    """Somebody who does not have the case, in every role and status, with every form."""
    referral = STAGES[stage](waiting(site, answers=ADULT), staff_actor(site))
    client = browser_of(role)
    transition = TRANSITIONS[TASKS[task].action]
    allowed = role in transition.roles and stage in transition.from_statuses
    allowed = allowed and (not transition.own_only or role == LEAD_SURGEONS)
    # Nothing was added since the result was sent: sending it again is refused in words, and not offered.
    offered = allowed and task != "send-result"
    shown = f'{path(referral, task)}"' in text_of(client.get(path(referral))).replace('#task"', '"')
    assert shown == offered
    response = send(client, referral, task, **FILLED[task])
    changed = fresh(referral).revision > referral.revision
    assert changed == offered
    assert response.status_code == (302 if offered else 200 if allowed else 403)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_leaves_one_event_and_says_so(browser_of, site, task):
    stage = {"answer": asked, "send-result": assessed_again, "claim": STAGES["waiting"]}.get(task, STAGES["in_review"])
    stage = decided_by if task in ("tell", "close", "reopen") else stage
    stage = withdrawn if task == "come-back" else stage
    client = browser_of(SURGEONS)
    referral = stage(waiting(site, answers=ADULT), client.actor)
    # Not the program's: it may queue an e-mail to the patient.
    by_staff = AuditEvent.objects.filter(actor_kind="staff").exclude(action__endswith=".read")
    before = by_staff.count()
    response = client.post(path(referral, task), {"revision": referral.revision, **FILLED[task]}, follow=True)
    assert response.redirect_chain[-1] == (path(referral), 302)
    assert by_staff.count() == before + 1
    assert AuditEvent.objects.filter(action=TASKS[task].audit_action, actor_id=str(client.user.pk)).exists()
    assert 'class="notice notice-success"' in text_of(response)


@pytest.mark.parametrize("task", [name for name, task in TASKS.items() if task.has_page])
def test_every_form_has_an_address_that_can_be_opened(browser_of, site, task):
    stage = {"answer": asked, "send-result": assessed_again}.get(task, STAGES["in_review"])
    stage = decided_by if task in ("tell", "close", "reopen") else stage
    client = browser_of(SURGEONS)
    referral = stage(waiting(site, answers=ADULT), client.actor)
    page = text_of(client.get(path(referral, task)))
    assert f'action="{path(referral, task)}"' in page
    assert f'name="revision" value="{referral.revision}"' in page
    assert "Why: " in page


@pytest.mark.parametrize("task", [task for task in TASKS if task not in ("identity", "reach")])
def test_coming_back_to_a_form_that_is_over_shows_the_case(surgeon, site, task):
    referral = closed(waiting(site, answers=ADULT), surgeon.actor)
    response = surgeon.get(path(referral, task), follow=True)
    assert response.redirect_chain == [(path(referral), 302)]
    assert "the case is closed" in text_of(response)


def test_a_form_without_a_revision_changes_nothing(surgeon, site):
    referral = waiting(site)
    for said in ({}, {"revision": ""}, {"revision": "x"}, {"revision": "-1"}, {"revision": "9" * 400}):
        assert surgeon.post(path(referral, "claim"), said).status_code == 409
    assert fresh(referral).status == "waiting"


def test_only_reaching_the_patient_stops_the_clock(surgeon, site):
    referral = waiting(site)
    send(surgeon, referral, "contact", how="phone", reached="tried", note="Engaged.")
    assert fresh(referral).contacted_at is None
    response = send(surgeon, fresh(referral), "contact", how="visit", reached="reached")
    assert response.status_code == 302
    assert fresh(referral).contacted_at is not None
    assert [(one.how, one.reached, one.note) for one in Contact.objects.all()] == [
        ("phone", False, "Engaged."),
        ("visit", True, ""),
    ]


def test_a_contact_earlier_on_the_clinics_clock(surgeon, site, time_machine):
    time_machine.move_to("2026-07-01T12:00:00+00:00")
    referral = waiting(site)
    time_machine.move_to("2026-07-01T15:00:00+00:00")
    # London is an hour ahead in July.
    send(surgeon, referral, "contact", how="phone", reached="reached", at="2026-07-01T14:30")
    assert fresh(referral).contacted_at.isoformat() == "2026-07-01T13:30:00+00:00"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reached": "reached"}, "Choose how you contacted the patient."),
        ({"how": "phone"}, "Say whether you reached the patient."),
        ({"how": "pigeon", "reached": "reached"}, "Select a valid choice."),
        ({"how": "phone", "reached": "reached", "at": "2020-01-01T10:00"}, "Enter a time between"),
        ({"how": "phone", "reached": "reached", "at": "0001-01-01T10:00"}, "Enter the day and time"),
        ({"how": "phone", "reached": "reached", "at": "tomorrow"}, "Enter a valid date/time."),
    ],
)
def test_a_contact_that_cannot_be_right_says_what_to_do_and_keeps_the_note(surgeon, site, data, words):
    referral = waiting(site)
    page = text_of(send(surgeon, referral, "contact", note="My words.", **data))
    assert "There is a problem" in page
    assert words in page
    assert "My words." in page
    assert not Contact.objects.exists()


def test_a_contact_in_the_future_is_refused(surgeon, site):
    referral = waiting(site)
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert "Enter a time between" in text_of(
        send(surgeon, referral, "contact", how="phone", reached="reached", at=later)
    )


@pytest.mark.parametrize(
    ("task", "field"), [("ask", "question"), ("answer", "answer"), ("close", "note"), ("reopen", "reason")]
)
def test_empty_words_are_asked_for_at_the_field(browser_of, site, task, field):
    client = browser_of(SURGEONS)
    stage = {"ask": STAGES["in_review"], "answer": asked}.get(task, decided_by)
    referral = stage(waiting(site, answers=ADULT), client.actor)
    page = text_of(send(client, referral, task, **{field: "   "}))
    assert f'id="task_{field}_error"' in page
    assert fresh(referral).revision == referral.revision


def test_a_lead_hands_back_for_others(lead, other, site):
    referral = in_review(waiting(site), actor=other.actor)
    send(lead, referral, "hand-back")
    assert fresh(referral).status == "waiting"
    assert Review.objects.get().ended_how == "handed_back"


def test_ask_and_take_down_the_answer(surgeon, coordinator, site):
    referral = in_review(waiting(site), actor=surgeon.actor)
    send(surgeon, referral, "ask", question="Which leg is it?")
    assert fresh(referral).status == "awaiting_patient"
    page = text_of(coordinator.get(path(referral, "answer")))
    assert "Which leg is it?" in page
    send(coordinator, fresh(referral), "answer", answer="The left.")
    assert fresh(referral).status == "in_review"
    request = referral.information_requests.get()
    assert (request.answer, request.answered_via, request.answered_by) == ("The left.", "phone", coordinator.user)


def test_an_answer_by_the_patients_link_is_seen(surgeon, site):
    referral = asked(waiting(site), surgeon.actor)
    review.answer_request(
        actor=Actor.patient(site), referral=referral, expected_revision=None, answer="By link.", via="link"
    )
    page = text_of(surgeon.get(path(referral)))
    assert "By link." in page
    assert "Answered by private link" in page


def test_telling_the_patient_closes_and_is_a_contact(surgeon, site):
    referral = decided_by(waiting(site, answers=ADULT), surgeon.actor)
    assert "Accept for small-cut surgery" in text_of(surgeon.get(path(referral, "tell")))
    send(surgeon, referral, "tell", how="phone", note="Pleased.")
    referral = fresh(referral)
    assert (referral.status, referral.told_at is not None) == ("closed", True)
    assert referral.contacts.get().reached


def test_the_patient_sees_the_first_result_until_the_new_one_is_sent(surgeon, site):
    referral = assessed_again(waiting(site, answers=ADULT), surgeon.actor)
    assert referral.released_assessment.number == 1
    page = text_of(surgeon.get(path(referral, "send-result")))
    now, then = page.split("They will read")
    assert "small_cut for you" in now
    assert "big_cut for you" in then
    send(surgeon, referral, "send-result")
    assert fresh(referral).released_assessment.number == 2


def test_unlisted_tasks_have_no_address(surgeon, site):
    assert surgeon.get(path(waiting(site), "delete")).status_code == 404


def test_a_nameless_emergency_can_be_worked_on(surgeon, site):
    referral = referred_emergency(site)
    send(surgeon, referral, "claim")
    send(surgeon, fresh(referral), "contact", how="phone", reached="reached")
    send(surgeon, fresh(referral), "decide", decision="urgent_now")
    assert fresh(referral).status == "decided"
    assert text_of(surgeon.get(path(referral, "tell")))


def test_methods(surgeon, site):
    referral = waiting(site)
    assert surgeon.post(path(referral)).status_code == 405
    assert surgeon.put(path(referral, "claim")).status_code == 405
    assert surgeon.post("/review/").status_code == 405


def test_the_question_is_shown_with_who_asked_when_on_the_clinics_clock(coordinator, surgeon, site, time_machine):
    time_machine.move_to("2026-07-01T09:30:00Z")
    referral = asked(waiting(site), surgeon.actor)
    page = text_of(coordinator.get(path(referral, "answer")))
    assert "Maria Ortiz asked, today, 10:30" in page


def test_who_has_no_private_page_yet_is_not_offered_a_question(surgeon, site):
    referral = in_review(referred_emergency(site), actor=surgeon.actor)
    page = text_of(surgeon.get(path(referral)))
    assert "Ask the patient" not in page
    assert "Correct how to reach them" not in page
    # Nor by an old address or form, and what was typed is not lost.
    assert surgeon.get(path(referral, "ask"))["Location"] == path(referral)
    kept = text_of(send(surgeon, referral, "ask", question="Which leg?"))
    assert "they have no page to read a question on" in kept
    assert "Which leg?" in kept


def test_staff_correct_how_to_reach_somebody_who_tells_them(coordinator, site):
    referral = waiting(site)
    form = text_of(coordinator.get(path(referral, "reach")))
    assert 'value="maria@example.com"' in form
    said = {"phone": "020 7946 0123", "email": "maria.q@example.com", "contact_way": "either"}
    page = text_of(coordinator.get(send(coordinator, referral, "reach", **said)["Location"]))
    assert "The correction is saved." in page
    assert "mailto:maria.q@example.com" in page
    history = page[page.index("History</h2>") :]
    assert "Details corrected" in history
    assert "Before: Maria Quintana" in history
    again = coordinator.get(send(coordinator, fresh(referral), "reach", **said)["Location"])
    assert "Nothing is different from before." in text_of(again)


@pytest.mark.parametrize(
    "said",
    [
        {"phone": "", "email": "", "contact_way": "either"},
        {"phone": "", "email": "maria@example.com", "contact_way": "phone"},
        {"phone": "020 7946 0123", "email": "nowhere", "contact_way": "email"},
        {"phone": "020 7946 0123", "contact_way": "pigeon"},
        {"phone": "7" * 5000, "email": "\x00", "contact_way": ""},
    ],
)
def test_details_by_which_nobody_can_be_reached_stay_in_the_form(coordinator, site, said):
    referral = waiting(site)
    page = text_of(send(coordinator, referral, "reach", **said))
    assert "There is a problem" in page
    assert fresh(referral).patient.phone == "020 7946 0123"


@pytest.mark.parametrize(
    ("way", "words"),
    [("either", "They are told by e-mail."), ("phone", "No e-mail is sent to them: tell them yourself.")],
)
def test_whoever_asks_knows_whether_the_patient_hears_of_it(surgeon, site, way, words):
    first, second = waiting(site), waiting(site)
    type(first.patient).objects.update(contact_way=way)
    first = in_review(fresh(first), actor=surgeon.actor)
    asked = surgeon.get(send(surgeon, first, "ask", question="Which leg?")["Location"])
    assert words in text_of(asked)
    again = assessed_again(fresh(second), surgeon.actor)
    assert words in text_of(surgeon.get(send(surgeon, again, "send-result")["Location"]))


def test_everything_missing_of_a_contact_is_said_at_once(surgeon, site):
    page = text_of(send(surgeon, waiting(site), "contact", note="Tried the neighbour."))
    assert "Choose how you contacted the patient." in page
    assert "Say whether you reached the patient." in page
    assert "Tried the neighbour." in page
