"""The audit trail for administrators: found by what people know, told on the clinic's clock, of their clinic only."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import erasing
from screening.actions.audit import record, record_read
from screening.models import AuditEvent, Message, Referral
from screening.policies import ADMINISTRATORS, Actor
from tests.factories import SiteFactory, staff, staff_actor
from tests.factories import waiting as sent
from tests.integration.rules_admin.pages import address, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("admin:screening_auditevent_changelist")


@pytest.fixture
def window(site, signed_in):
    return signed_in(staff(site, ADMINISTRATORS, is_staff=True))


def found(window, words: str) -> set[tuple[str, str]]:
    return {(event.object_type, event.object_id) for event in window.get(LIST, {"q": words}).context["cl"].result_list}


def test_everything_done_to_a_case_by_its_reference(window, site):
    referral, other = sent(site), sent(site)
    record_read(actor=staff_actor(site), obj=referral.submission.assessments.first(), what="admin")
    kinds = {kind for kind, _ in found(window, f" {referral.reference.lower()} ")}
    assert kinds == {"referral", "submission", "assessment"}
    assert ("referral", str(other.pk)) not in found(window, referral.reference)


def test_a_case_of_another_clinic_is_not_found(window, site):
    assert found(window, sent(SiteFactory()).reference) == set()


def test_an_erased_case_is_still_found(window, site):
    referral = sent(site)
    asked = erasing.ask_erasure(actor=Actor.patient(site), referral=referral, expected_revision=None)
    erasing.approve_erasure(actor=staff_actor(site, ADMINISTRATORS), request=asked)
    # The e-mail that tells them has left.
    Message.objects.all().delete()
    erasing.erase_approved(now=timezone.now())
    assert not Referral.objects.filter(pk=referral.pk).exists()
    assert {("referral", str(referral.pk)), ("erasurerequest", str(asked.pk))} <= found(window, asked.reference)


def test_what_a_colleague_did_by_their_user_name(window, site):
    amara, referral = staff(site, username="amara"), sent(site)
    record_read(actor=Actor.staff(amara), obj=referral, what="case")
    assert found(window, "Amara") == {("referral", str(referral.pk))}


def test_only_what_was_done_lately(window, site, time_machine):
    actor = staff_actor(site)
    for day in (1, 19, 20):
        time_machine.move_to(datetime(2026, 11, day, 12, tzinfo=UTC), tick=False)
        record(actor=actor, action="site.read", obj=site)
    window.force_login(staff(site, ADMINISTRATORS, is_staff=True))
    page = window.get(LIST)
    week = next(each for each in page.context["cl"].filter_specs if each.title == "time").links[2][1]
    shown = window.get(LIST, {**week, "q": "site.read"}).context["cl"].result_list
    assert [event.at.day for event in shown] == [20, 19]


def test_times_are_on_the_clinics_clock(window, site, time_machine):
    site.time_zone = "America/New_York"
    site.save()
    time_machine.move_to(datetime(2026, 7, 1, 2, 30, tzinfo=UTC), tick=False)
    event = record(actor=staff_actor(site), action="site.read", obj=site)
    assert "30 June 2026, 22:30" in text_of(window.get(LIST))
    assert "30 June 2026, 22:30" in text_of(window.get(address(event)))
    assert "30 June 2026, 22:30 EDT" in text_of(window.get(address(site, "history")))


def test_what_was_said_for_the_first_time_has_no_before(window, site):
    event = record(actor=staff_actor(site), action="site.offer", obj=site, after={"open": True})
    assert "open: True" in text_of(window.get(address(event)))
    assert AuditEvent.objects.filter(pk=event.pk).exists()
