"""Two people, or one person twice, on one case: the second is told, nothing is overwritten, no words are lost."""

from datetime import timedelta

import pytest

from screening.actions import review
from screening.models import Contact, Referral, Review
from tests.factories import ADULT, in_review, waiting

from .conftest import fresh, path, send, text_of


def test_the_second_to_take_a_case_is_told_who_was_first(surgeon, other, site):
    referral = waiting(site)
    send(surgeon, referral, "claim")
    response = send(other, referral, "claim")
    assert response.status_code == 409
    page = text_of(response)
    assert "Maria Ortiz took this case at" in page
    assert "with Maria Ortiz" in page
    assert fresh(referral).surgeon == surgeon.user
    assert Review.objects.count() == 1


def test_two_windows_decide_differently(surgeon, lead, site):
    referral = in_review(waiting(site, answers=ADULT), actor=surgeon.actor)
    send(surgeon, referral, "decide", decision="conservative", advice="Walk.", reason="Too early.")
    response = send(
        lead, referral, "decide", decision="accept_miss", procedures=["discectomy"], advice="My long advice."
    )
    page = text_of(response)
    assert response.status_code == 409
    assert "Maria Ortiz decided this case at" in page
    assert "can't be done any more" in page
    assert "My long advice." in page
    assert "Decided: care without surgery" in page
    assert Review.objects.get().decision == "conservative"


def test_what_was_typed_stays_in_the_form_and_can_be_sent_again(surgeon, coordinator, site):
    referral = in_review(waiting(site, answers=ADULT), actor=surgeon.actor)
    send(coordinator, referral, "contact", how="phone", reached="tried", note="Engaged.")
    response = send(
        surgeon, referral, "decide", decision="conservative", advice="Walk every day.", reason="She would rather wait."
    )
    page = text_of(response)
    assert response.status_code == 409
    assert "Tom Reyes recorded a contact at" in page
    assert "Walk every day." in page
    assert "She would rather wait." in page
    assert f'name="revision" value="{referral.revision + 1}"' in page
    assert fresh(referral).status == "in_review"
    again = send(surgeon, fresh(referral), "decide", decision="conservative", advice="Walk every day.", reason="Wait.")
    assert again.status_code == 302


def test_a_form_with_a_mistake_is_told_of_the_conflict_first(surgeon, coordinator, site):
    referral = in_review(waiting(site, answers=ADULT), actor=surgeon.actor)
    send(coordinator, referral, "contact", how="phone", reached="tried")
    assert send(surgeon, referral, "decide").status_code == 409


def test_a_double_click_is_done_once_and_is_no_conflict(surgeon, site):
    referral = waiting(site)
    data = {"how": "phone", "reached": "reached", "note": "Spoke."}
    assert [send(surgeon, referral, "contact", **data).status_code for _ in range(2)] == [302, 302]
    assert Contact.objects.count() == 1
    assert [send(surgeon, fresh(referral), "claim").status_code] == [302]


def test_an_old_form_of_ones_own_is_a_conflict(surgeon, site, time_machine):
    time_machine.move_to("2026-07-01T12:00:00+00:00", tick=False)
    referral = waiting(site)
    send(surgeon, referral, "contact", how="phone", reached="tried", note="First.")
    time_machine.shift(timedelta(seconds=30))
    response = send(surgeon, referral, "contact", how="phone", reached="reached", note="Second.")
    assert response.status_code == 409
    assert "You recorded a contact at" in text_of(response)
    assert "Second." in text_of(response)


def test_the_patient_may_be_first(surgeon, site):
    from screening.policies import Actor

    referral = in_review(waiting(site), actor=surgeon.actor)
    review.withdraw(actor=Actor.patient(site), referral=referral, expected_revision=None)
    page = text_of(send(surgeon, referral, "ask", question="Which leg?"))
    assert "The patient withdrew this case at" in page
    assert "Which leg?" in page


def test_a_change_between_the_look_and_the_action_is_a_conflict_too(surgeon, other, site, monkeypatch):
    """The race that the page's own comparison cannot see."""
    referral = waiting(site)
    form_claim = review.claim

    def beaten(*, actor, referral, expected_revision):
        form_claim(actor=other.actor, referral=referral, expected_revision=expected_revision)
        return form_claim(actor=actor, referral=referral, expected_revision=expected_revision)

    monkeypatch.setattr(review, "claim", beaten)
    response = send(surgeon, referral, "claim")
    assert response.status_code == 409
    assert "James Okafor took this case" in text_of(response)


class TestFindings:
    """Each sends only what they changed themselves."""

    @pytest.fixture
    def referral(self, surgeon, site) -> Referral:
        return in_review(waiting(site, answers=ADULT), actor=surgeon.actor)

    def opened(self, client, referral, task="findings") -> dict:
        """The form as a browser would send it back, untouched."""
        form = client.get(path(referral, task)).context["form"]
        data = {"revision": referral.revision, "step": form.step}
        for name in form.fields:
            value = form[name].value()
            if value not in (None, "", False, []):
                data[name] = value
        return data

    def test_nothing_changed_is_nothing_to_assess(self, surgeon, referral):
        response = surgeon.post(path(referral, "findings"), self.opened(surgeon, referral))
        assert "Nothing is different from before" in text_of(response)
        assert fresh(referral).revision == referral.revision

    def test_what_somebody_else_added_meanwhile_is_kept(self, surgeon, lead, referral):
        mine, theirs = self.opened(surgeon, referral), self.opened(lead, referral)
        lead.post(path(referral, "findings"), {**theirs, "grade": "3", "scan_notes": "Seen by Helen."})
        response = surgeon.post(path(referral, "findings"), {**mine, "scan_notes": "Mine."})
        assert response.status_code == 409
        form = response.context["form"]
        assert form["grade"].value() == "3"
        assert form["scan_notes"].value() == "Mine."
        data = {"revision": fresh(referral).revision, "step": form.step, "grade": "3", "scan_notes": "Mine."}
        assert surgeon.post(path(referral, "findings"), data).status_code == 302
        submission = fresh(referral).submission
        assert submission.answers["grade"] == 3
        assert submission.texts["scan_notes"] == "Mine."

    def test_what_was_typed_wrongly_is_kept_too(self, surgeon, lead, referral):
        mine = self.opened(surgeon, referral)
        send(lead, referral, "contact", how="phone", reached="tried")
        response = surgeon.post(path(referral, "findings"), {**mine, "grade": "four or five"})
        assert response.status_code == 409
        assert "four or five" in text_of(response)
