"""The call-back list: who is on it, what it shows to whom, and what staff do there."""

import re
from html import unescape

import pytest
from django.utils import timezone

from screening.actions import call_backs, intake, messages
from screening.models import AuditEvent, CallBack, Contact, Referral
from screening.policies import ADMINISTRATORS, RULE_EDITORS, Actor
from tests.factories import ADULT, NUMB, SiteFactory, in_review, save_page, started, submitted

from .conftest import text_of

pytestmark = pytest.mark.django_db
LIST = "/review/call-backs/"
PHONE = "020 7946 0456"


def reached(site, said="", phone="", network="") -> CallBack:
    submission = started(site)
    actor = Actor.patient(site, network)
    intake.save_step(actor=actor, submission=submission, page="p1", answers=NUMB, texts={}, entered={})
    if said or phone:
        intake.tell_emergency(actor=actor, submission=submission, said=said, phone=phone)
    return CallBack.objects.get(submission=submission)


def post(client, call_back, name, **data):
    call_back.refresh_from_db()
    return client.post(f"{LIST}{call_back.pk}/{name}/", {"revision": call_back.revision, **data})


def page(client, address=LIST, **headers) -> str:
    return unescape(text_of(client.get(address, headers=headers)))


# What it shows -----------------------------------------------------------------------------------------------------


def test_the_list_says_how_long_who_what_and_how_to_reach_them(coordinator, site, time_machine):
    time_machine.move_to("2026-11-20T14:05:00Z", tick=False)
    call_back = reached(site, "cannot_call", PHONE)
    time_machine.shift(754)
    html = page(coordinator)
    assert f'<strong id="waited-{call_back.pk}">12 min</strong>' in html
    assert "since today, 14:05" in html
    assert "Name not given" in html
    assert "Says they can't call" in html
    assert f'href="tel:{PHONE}"' in html
    assert call_back.submission.referral.reference in html
    assert "Nobody has taken this call" in html


def test_who_closed_the_page_without_a_word_is_there_too(coordinator, site):
    reached(site)
    html = page(coordinator)
    assert "Has not said whether they called" in html
    assert "Left no number" in html
    assert "0 waiting for somebody to take the call, 1 left no way to reach them" in html


def test_the_alarm_is_in_words(coordinator, site):
    titles = {rule.id: rule.title for rule in reached(site).submission.version.ruleset.rules}
    assert titles["E1"] in page(coordinator)


def test_who_waits_longest_is_first_and_closed_ones_are_apart(coordinator, site, time_machine):
    time_machine.move_to("2026-11-20T14:05:00Z", tick=False)
    first = reached(site, phone=PHONE)
    time_machine.shift(60)
    second = reached(site, phone="020 7946 0789")
    html = page(coordinator)
    assert html.index(PHONE) < html.index("020 7946 0789")
    post(coordinator, first, "close", ended="advised", note="Sore back, sleeps well.")
    assert PHONE not in page(coordinator)
    closed = page(coordinator, f"{LIST}?show=closed")
    assert "Spoken to; no emergency care needed now – closed by Tom Reyes" in closed
    assert "Sore back, sleeps well." in closed
    assert "I take this" not in closed
    assert second.submission.referral.reference not in closed


def test_it_says_when_nobody_is_waiting(coordinator):
    assert "Nobody is waiting for a call" in page(coordinator)
    assert "None was closed yet" in page(coordinator, f"{LIST}?show=closed")


def test_many_are_shown_fifty_at_a_time(coordinator, site):
    for _ in range(52):
        reached(site)
    html = page(coordinator)
    assert html.count("<article") == 50
    assert "Open <strong>52</strong>" in html
    assert page(coordinator, f"{LIST}?page=2").count("<article") == 2
    assert page(coordinator, f"{LIST}?page=nonsense&flood=%00&show=x").count("<article") == 50


def test_who_they_are_is_shown_once_they_said_so(coordinator, site):
    call_back = reached(site)
    actor = Actor.patient(site)
    submission = intake.resume_after_mistake(actor=actor, submission=call_back.submission)
    submitted(save_page(submission, ADULT).submission)
    html = page(coordinator)
    assert "Maria Quintana, 45" in html
    assert "maria@example.com" in html
    assert "“I chose this by mistake”" in html


# Who may see it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [RULE_EDITORS, ADMINISTRATORS])
def test_other_roles_see_neither_the_list_nor_its_number(browser_of, site, role):
    call_back = reached(site, phone=PHONE)
    client = browser_of(role)
    response = client.get(LIST)
    assert response.status_code == 403
    assert PHONE not in response.content.decode()
    assert "Call-backs" not in response.content.decode()
    for name in ("take", "call", "close"):
        assert post(client, call_back, name).status_code == 403
    assert client.get(f"{LIST}waiting/").status_code == 403
    assert client.post(f"{LIST}flood/abc/close/").status_code == 403


def test_another_clinics_staff_find_none_of_ours(browser_of, site):
    call_back = reached(site, phone=PHONE)
    stranger = browser_of("Surgeons", at=SiteFactory())
    assert "Nobody is waiting for a call" in page(stranger)
    for name in ("take", "call", "close"):
        assert post(stranger, call_back, name, reached="reached", ended="other").status_code == 404
    call_back.flood = "abc"
    call_back.save()
    stranger.post(f"{LIST}flood/abc/close/")
    assert CallBack.objects.open().count() == 1


def test_every_look_at_how_to_reach_somebody_is_recorded(coordinator, site):
    call_back = reached(site, phone=PHONE)
    reached(site)
    page(coordinator)
    coordinator.get(f"{LIST}{call_back.pk}/call/")
    reads = AuditEvent.objects.filter(action="referral.read")
    assert [(read.object_id, read.after["what"], read.actor_id) for read in reads] == 2 * [
        (str(call_back.submission.referral.pk), "call_back", coordinator.actor.id)
    ]


# On every page of staff ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/review/", LIST, "/account/2fa/"])
def test_every_staff_page_says_how_many_wait_for_a_call(coordinator, site, address):
    reached(site, phone=PHONE)
    taken = reached(site, phone=PHONE)
    reached(site)
    post(coordinator, taken, "take")
    line = re.search(r'id="call-backs-line".*?</a>', page(coordinator, address))
    assert line
    assert "<strong>1 <span" in line[0]


def test_the_number_in_the_head_asks_for_itself(coordinator, client, site):
    reached(site, phone=PHONE)
    assert "<strong>1 <span" in page(coordinator, f"{LIST}waiting/")
    # A session that has ended takes nobody away from what they are typing.
    response = client.get(f"{LIST}waiting/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (403, b"")


# Looking again -----------------------------------------------------------------------------------------------------


def test_asked_again_it_sends_only_the_time_while_nothing_else_changed(coordinator, site, time_machine):
    time_machine.move_to("2026-11-20T14:05:00Z", tick=False)
    call_back = reached(site, phone=PHONE)
    poll = re.search(r'hx-get="([^"]+)"\s+hx-trigger="every 20s"', page(coordinator))[1].replace("&amp;", "&")
    time_machine.shift(180)
    before = AuditEvent.objects.count()
    response = coordinator.get(poll, headers={"HX-Request": "true"})
    assert response.headers["HX-Reswap"] == "none"
    assert f'<span id="waited-{call_back.pk}" hx-swap-oob="true">3 min</span>' in text_of(response)
    assert PHONE not in text_of(response)
    assert AuditEvent.objects.count() == before
    reached(site, phone="020 7946 0789")
    html = page(coordinator, poll, **{"HX-Request": "true"})
    assert "1 new call-back." in html
    assert "020 7946 0789" in html
    assert "<html" not in html


# What staff do -----------------------------------------------------------------------------------------------------


def test_taking_a_call_says_whose_it_is(coordinator, site):
    call_back = reached(site, phone=PHONE)
    assert post(coordinator, call_back, "take").status_code == 302
    html = page(coordinator)
    assert "With <strong>Tom Reyes</strong> since" in html
    assert "You have this call" in html
    call_back.refresh_from_db()
    assert call_back.alert_at is None


def test_the_second_to_take_it_is_told_who_was_first(coordinator, surgeon, site):
    call_back = reached(site, phone=PHONE)
    seen = call_back.revision
    post(coordinator, call_back, "take")
    response = surgeon.post(f"{LIST}{call_back.pk}/take/", {"revision": seen})
    assert response.status_code == 409
    assert "Tom Reyes took this call at" in text_of(response)
    call_back.refresh_from_db()
    assert call_back.taken_by == coordinator.user
    # A shift ends: whoever has seen that can take it over.
    assert post(surgeon, call_back, "take").status_code == 302
    call_back.refresh_from_db()
    assert call_back.taken_by == surgeon.user


def test_what_the_patient_does_meanwhile_keeps_nobody_from_calling(coordinator, site):
    call_back = reached(site, phone=PHONE)
    seen = call_back.revision
    intake.tell_emergency(actor=Actor.patient(site), submission=call_back.submission, said="cannot_call")
    assert coordinator.post(f"{LIST}{call_back.pk}/take/", {"revision": seen}).status_code == 302
    call_back.refresh_from_db()
    assert call_back.taken_by == coordinator.user


def test_but_closing_needs_to_have_seen_it(coordinator, site):
    call_back = reached(site, phone=PHONE)
    seen = call_back.revision
    intake.tell_emergency(actor=Actor.patient(site), submission=call_back.submission, said="cannot_call")
    response = coordinator.post(
        f"{LIST}{call_back.pk}/close/", {"revision": seen, "ended": "other", "note": "My note."}
    )
    assert response.status_code == 409
    assert "The patient told more on the emergency page" in text_of(response)
    assert "My note." in text_of(response)
    assert CallBack.objects.open().exists()


def test_each_call_is_noted_and_one_that_reached_them_is_the_first_contact(coordinator, site):
    call_back = reached(site, phone=PHONE)
    post(coordinator, call_back, "call", reached="no_answer")
    post(coordinator, call_back, "call", reached="reached", note="An ambulance is with her.")
    html = page(coordinator)
    assert "Tom Reyes: <strong>no answer</strong>" in html
    assert "<strong>reached</strong> – An ambulance is with her." in html
    assert [one.reached for one in Contact.objects.all()] == [False, True]
    referral = Referral.objects.get()
    assert referral.contacted_at is not None
    call_back.refresh_from_db()
    assert call_back.taken_by == coordinator.user


def test_a_call_is_noted_also_where_the_case_has_ended(coordinator, site):
    call_back = reached(site, phone=PHONE)
    Referral.objects.update(status="withdrawn")
    assert post(coordinator, call_back, "call", reached="reached", note="Fine.").status_code == 302
    assert "– Fine." in page(coordinator)


def test_a_contact_recorded_on_the_case_takes_the_call(surgeon, coordinator, site):
    call_back = reached(site, phone=PHONE)
    referral = in_review(call_back.submission.referral, actor=surgeon.actor)
    data = {"revision": referral.revision, "how": "phone", "reached": "reached", "note": "Spoke to her."}
    surgeon.post(f"/review/{referral.reference}/contact/", data)
    call_back.refresh_from_db()
    assert call_back.taken_by == surgeon.user
    assert "Spoke to her." in page(coordinator)


def test_the_case_says_whose_call_it_is(surgeon, coordinator, site):
    call_back = reached(site, phone=PHONE)
    case = f"/review/{call_back.submission.referral.reference}/"
    assert "On the call-back list, nobody has taken the call" in page(surgeon, case)
    post(coordinator, call_back, "take")
    assert "On the call-back list, with Tom Reyes" in page(surgeon, case)
    post(coordinator, call_back, "close", ended="in_care")
    assert "On the call-back list" not in page(surgeon, case)


def test_what_is_missing_is_said_at_the_field(coordinator, site):
    call_back = reached(site, phone=PHONE)
    assert "Say whether you spoke to them." in text_of(post(coordinator, call_back, "call", note="Rang twice."))
    assert "Rang twice." in text_of(post(coordinator, call_back, "call", note="Rang twice."))
    assert "Choose how it ended." in text_of(post(coordinator, call_back, "close"))
    assert "Write how it ended." in text_of(post(coordinator, call_back, "close", ended="other"))
    assert CallBack.objects.open().exists()


def test_what_is_closed_is_not_closed_again(coordinator, surgeon, site):
    call_back = reached(site, phone=PHONE)
    seen = call_back.revision
    post(coordinator, call_back, "close", ended="in_care")
    response = surgeon.post(f"{LIST}{call_back.pk}/close/", {"revision": seen, "ended": "other", "note": "Typed."})
    assert response.status_code == 409
    assert "Tom Reyes closed this call-back at" in text_of(response)
    assert "Typed." in text_of(response)
    assert surgeon.get(f"{LIST}{call_back.pk}/close/").status_code == 302
    call_back.refresh_from_db()
    assert call_back.ended == "in_care"


def test_notes_are_encrypted_and_not_in_the_audit(coordinator, site):
    from django.db import connection

    call_back = reached(site, phone=PHONE)
    post(coordinator, call_back, "call", reached="reached", note="Ward seven")
    post(coordinator, call_back, "close", ended="in_care", note="Ward seven")
    with connection.cursor() as cursor:
        for table in ("screening_callback", "screening_contact", "screening_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "Ward seven" not in str(cursor.fetchall())
    actions = AuditEvent.objects.filter(object_type="callback").values_list("action", flat=True)
    assert [*actions][-3:] == ["call_back.take", "call_back.call", "call_back.close"]


# Floods ------------------------------------------------------------------------------------------------------------


def test_a_flood_is_one_line_and_whoever_in_it_can_be_reached_is_listed(coordinator, site):
    real = reached(site, phone=PHONE)
    for _ in range(20):
        reached(site, network="192.0.2.7")
    neighbour = reached(site, phone="020 7946 0789", network="192.0.2.7")
    html = page(coordinator)
    assert html.count("<article") == 2
    assert html.index(real.submission.referral.reference) < html.index(neighbour.submission.referral.reference)
    assert "<strong>20</strong> from one network address" in html
    flood = CallBack.objects.get(pk=neighbour.pk).flood
    assert page(coordinator, f"{LIST}?flood={flood}").count("<article") == 21
    assert coordinator.post(f"{LIST}flood/{flood}/close/").status_code == 302
    assert CallBack.objects.open().count() == 2
    assert set(CallBack.objects.exclude(ended="").values_list("ended", flat=True)) == {"no_way"}


def test_five_in_a_waiting_room_are_no_flood(coordinator, site):
    for _ in range(5):
        reached(site, network="192.0.2.7")
    assert page(coordinator).count("<article") == 5


# Why nobody may have been alerted ----------------------------------------------------------------------------------


def test_it_says_when_nobody_can_be_alerted(coordinator, site):
    assert "There is no on-call address" in page(coordinator)
    site.on_call_email = "oncall@example.com"
    site.save()
    assert "There is no on-call address" not in page(coordinator)


def test_it_says_when_alerts_do_not_go_out(coordinator, site, time_machine):
    time_machine.move_to("2026-11-20T14:05:00Z", tick=False)
    site.on_call_email = "oncall@example.com"
    site.save()
    reached(site, phone=PHONE)
    time_machine.shift(100)
    assert "do not go out" not in page(coordinator)
    time_machine.shift(60)
    # No worker has run since.
    assert "Alerts to staff on call do not go out" in page(coordinator)
    call_backs.alert_due(now=timezone.now())
    messages.send_due(now=timezone.now())
    assert "do not go out" not in page(coordinator)
