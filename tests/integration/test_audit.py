"""The audit chain: complete, in order under many writers, and any meddling is found."""

import threading

import pytest
from django.db import connection, transaction

from screening.actions.audit import record, record_read, verify_chain
from screening.models import AuditEvent, AuditHead
from screening.policies import Actor
from tests.factories import SiteFactory, decided, save_page, staff_actor, started, waiting

pytestmark = pytest.mark.django_db


def chain_of(count):
    site = SiteFactory()
    return [record(actor=Actor.system(), action="site.test", obj=site, after={"turn": turn}) for turn in range(count)]


def test_a_whole_case_leaves_an_unbroken_chain():
    decided()
    numbers = list(AuditEvent.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert verify_chain() == ()


def test_an_empty_chain_is_right():
    assert verify_chain() == ()


def _tamper(event, **columns):
    AuditEvent._base_manager.filter(pk=event.pk).update(**columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"actor_id": "99"},
        {"actor_kind": "staff"},
        {"action": "site.other"},
        {"object_id": "99"},
        {"object_type": "referral"},
        {"site": "elsewhere"},
        {"before": {"status": "waiting"}},
        {"after": {"turn": 7}},
        {"after": None},
        {"at": "2020-01-01T00:00:00Z"},
        {"previous_hash": "f" * 64},
        {"hash": "f" * 64},
    ],
)
def test_a_changed_event_is_found(columns):
    events = chain_of(4)
    _tamper(events[1], **columns)
    problems = verify_chain()
    assert problems
    assert "2" in problems[0]


def test_a_removed_event_is_found():
    events = chain_of(4)
    AuditEvent._base_manager.filter(pk=events[1].pk)._raw_delete("default")
    assert verify_chain() == ("events 2 to 2 are missing",)


@pytest.mark.parametrize("kept", [0, 2])
def test_events_cut_off_at_the_end_are_found(kept):
    chain_of(4)
    AuditEvent._base_manager.filter(number__gt=kept)._raw_delete("default")
    assert verify_chain() == (f"events {kept + 1} to 4 are missing",)


def test_a_changed_event_with_its_hash_mended_is_found_by_the_next():
    events = chain_of(3)
    events[1].after = {"turn": 7}
    _tamper(events[1], after=events[1].after, hash=events[1].computed_hash())
    assert verify_chain() == ("event 3 does not follow the one before it",)


def test_a_chain_that_was_written_anew_does_not_fit_its_head():
    events = chain_of(2)
    events[1].after = {"turn": 7}
    _tamper(events[1], after=events[1].after, hash=events[1].computed_hash())
    assert verify_chain() == ("event 2 is not the one the chain ended with",)


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Maria Quintana"},
        {"email": "maria@example.com"},
        {"nested": {"list": ["fine", "my leg hurts"]}},
        {"the key is prose": 1},
        {"long": "x" * 81},
    ],
)
def test_words_of_people_do_not_get_into_the_audit(told):
    with pytest.raises(ValueError, match="ids and codes only") as refused:
        record(actor=Actor.system(), action="site.test", obj=SiteFactory(), after=told)
    assert "Maria" not in str(refused.value)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("number", [1e16, 45.0, 0.1, -0.0, 1e-7, 10**15])
def test_numbers_fit_their_hash_in_every_database(number):
    record(actor=Actor.system(), action="draft.save", obj=SiteFactory(), after={"max": (number,)}, rule_content=True)
    assert verify_chain() == ()


def test_a_whole_case_leaves_no_word_of_the_patient_in_the_audit():
    submission = save_page(
        started(), texts={"notes": "It began in Toledo"}, entered={"age_years": {"parts": ["forty-five"]}}
    )
    assert submission.submission.texts
    decided(waiting(), reason="Because of Toledo", advice="Rest in Toledo")
    everything = str(list(AuditEvent.objects.values()))
    for word in ("Toledo", "Maria", "example.com", "020 7946", "forty-five"):
        assert word not in everything


def test_a_read_is_an_event_too():
    referral = waiting()
    actor = staff_actor(referral.site)
    record_read(actor=actor, obj=referral, what="case")
    event = AuditEvent.objects.last()
    assert (event.action, event.object_id, event.actor_id, event.site, event.after) == (
        "referral.read",
        str(referral.pk),
        actor.id,
        referral.site.slug,
        {"what": "case"},
    )


def test_what_was_rolled_back_was_never_in_the_chain():
    chain_of(1)

    class Oops(Exception):
        pass

    with pytest.raises(Oops), transaction.atomic():
        chain_of(2)
        raise Oops
    assert AuditHead.objects.get().number == AuditEvent.objects.count() == 1
    assert verify_chain() == ()


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_one_chain():
    site, start, failed = SiteFactory(), threading.Barrier(6), []

    def write() -> None:
        try:
            start.wait()
            for turn in range(5):
                record(actor=Actor.system(), action="site.test", obj=site, after={"turn": turn})
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    assert AuditEvent.objects.count() == 30
    assert verify_chain() == ()
