"""The private page: what the patient sees of their case at each stage, and nobody else does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from screening.actions import access, review
from screening.models import AuditEvent, Referral
from screening.policies import Actor
from tests.factories import SiteFactory, staff_actor

from .conftest import READY, answers_of


@pytest.fixture
def sent(walk):
    return walk().sent()


@pytest.fixture
def surgeon(site):
    return staff_actor(site)


def act(action, actor, referral, **what):
    referral.refresh_from_db()
    return action(actor=actor, referral=referral, expected_revision=referral.revision, **what)


def page_of(sent):
    return sent.client.get(sent.path).content.decode()


def test_the_order_of_the_page(sent):
    page = page_of(sent)
    headings = ["What this means", "What happens next", "Why we say so", "What you can do now", "If it gets worse"]
    headings += ["Your answers", "About small-cut surgery", "Keep this link"]
    places = [page.index(heading) for heading in headings]
    assert places == sorted(places)
    assert page.count("<h1") == 1


def test_it_says_by_when_in_words_and_as_a_day(sent):
    referral = sent.referral
    due = referral.site.local(referral.contact_due_at)
    assert f"within 4 weeks (by {due:%A} {due.day} {due:%B})" in page_of(sent)
    assert referral.reference in page_of(sent)


@pytest.mark.parametrize(
    ("given", "ways"), [({}, "telephone or e-mail"), ({"email": ""}, "telephone"), ({"phone": ""}, "e-mail")]
)
def test_nobody_waits_for_a_call_or_an_e_mail_that_cannot_come(walk, given, ways):
    """Who agreed to both and gave us one is told of that one."""
    sent = walk().begin().store_everything().send(**given)
    assert f"A clinician will contact you by {ways} within" in page_of(sent)


def test_an_urgent_case_names_the_hour(walk):
    weak_both = answers_of("sciatica_ready", leg_weakness="same", foot_drop="no", weak_both_legs="yes")
    page = page_of(walk(weak_both).sent())
    assert "within 2 days (by " in page
    assert ":" in page.partition("within 2 days (by ")[2][:8]


def test_only_what_patients_are_told_is_told(sent):
    page, ruleset = page_of(sent), sent.ruleset
    outcome = sent.referral.assessment.read_outcome()
    for rule in ruleset.rules:
        if rule.surgeon:
            assert rule.surgeon not in page
        if rule.patient and rule.patient not in outcome.patient_texts:
            assert rule.patient.replace("'", "&#x27;") not in page
    assert "surgeon_miss" not in page
    assert ruleset.disposition("surgeon_miss").label not in page


def test_notices_facts_time_line_and_honest_sources(sent):
    page = page_of(sent)
    for line in sent.ruleset.notice:
        assert line.replace("'", "&#x27;") in page
    assert "Small-cut spine surgery is called MISS" in page
    assert "A nerve can be hurt" in page
    assert "Day of surgery to going home" in page
    assert "Source leaflet A" in page
    assert "We read this source." in page


def test_headers_keep_the_page_private(sent):
    answer = sent.client.get(sent.path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


def test_every_look_is_recorded(sent):
    before = AuditEvent.objects.filter(action="referral.read", actor_kind="patient").count()
    page_of(sent)
    page_of(sent)
    assert AuditEvent.objects.filter(action="referral.read", actor_kind="patient").count() == before + 2
    assert sent.path.split("/")[-2] not in str(list(AuditEvent.objects.values()))


def test_the_link_opens_it_in_any_browser(sent):
    assert Client().get(sent.path).status_code == 200


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: token + "A", lambda token: token.swapcase()]
)
def test_any_other_link_shows_nothing(sent, change):
    token = sent.path.split("/")[-2]
    answer = Client().get(sent.path.replace(token, change(token)))
    assert answer.status_code == 404
    assert sent.referral.reference not in answer.content.decode()
    assert (
        "We can&#x27;t open this link" in answer.content.decode() or "can't open this link" in answer.content.decode()
    )


def test_at_another_clinic_the_link_shows_nothing(sent):
    SiteFactory(slug="harbour")
    assert Client().get(sent.path.replace("northfield", "harbour")).status_code == 404
    assert Client().get(f"{sent.path.replace('northfield', 'harbour')}answer/").status_code == 404
    assert Client().get(sent.path.replace("northfield", "nowhere")).status_code == 404


def test_a_replaced_link_never_opens_again(sent):
    access.replace_link(actor=Actor.patient(sent.site), submission=sent.referral.submission)
    assert sent.client.get(sent.path).status_code == 404
    assert sent.get(f"{sent.root}check/").status_code == 200


def test_a_clinic_that_closed_still_shows_people_their_page(sent, site):
    site.is_active = False
    site.save()
    assert sent.client.get(sent.path).status_code == 200


def test_what_was_not_released_is_not_shown(sent, surgeon):
    referral = sent.referral
    act(review.claim, surgeon, referral)
    act(review.reassess, surgeon, referral, answers={"c_mri_findings": ["tumor"]}, texts={}, via="web")
    referral.refresh_from_db()
    assert referral.disposition != "surgeon_miss"
    assert "small-cut surgery might be possible" in page_of(sent)
    assert "tumor" not in page_of(sent).partition("About small-cut surgery")[0]
    act(review.release_assessment, surgeon, referral)
    assert "small-cut surgery might be possible" not in page_of(sent)


def test_where_the_case_is_in_plain_words(sent, surgeon):
    referral = sent.referral
    assert "A clinician has not looked at them yet" in page_of(sent)
    act(review.claim, surgeon, referral)
    assert "A surgeon is looking at your answers now" in page_of(sent)
    act(review.record_contact, surgeon, referral, how="phone", reached=True)
    assert "A clinician was in touch with you on" in page_of(sent)


def test_a_decision_is_shown_once_it_was_told(sent, surgeon):
    referral = sent.referral
    act(review.claim, surgeon, referral)
    choice = {
        "decision": "accept_miss",
        "procedures": ["discectomy"],
        "advice": "Come on <Tuesday>.",
        "reason": "secret",
    }
    act(review.decide, surgeon, referral, **choice)
    assert "Tuesday" not in page_of(sent)
    assert "A surgeon has looked at your answers" in page_of(sent)
    act(review.tell_patient, surgeon, referral, how="phone")
    page = page_of(sent)
    assert "surgery with small cuts could be a choice for you" in page
    assert "Come on &lt;Tuesday&gt;." in page
    assert "Lumbar discectomy" in page
    assert "secret" not in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "decision", ["accept_traditional", "conservative", "other_service", "urgent_now", "not_suitable"]
)
def test_every_decision_has_plain_words(sent, surgeon, decision):
    referral = sent.referral
    act(review.claim, surgeon, referral)
    act(review.decide, surgeon, referral, decision=decision, advice="Walk.", reason="because")
    act(review.tell_patient, surgeon, referral, how="letter")
    assert "<h1>The surgeon thinks" in page_of(sent)


def test_late_contact_is_admitted(sent):
    Referral.objects.update(contact_due_at=timezone.now() - timedelta(days=1))
    assert "should have contacted you by" in page_of(sent)
    assert "020 7946 0000" in page_of(sent)


def test_taken_back(sent, site):
    review.withdraw(actor=Actor.patient(site), referral=sent.referral, expected_revision=None)
    assert "Nobody will contact you about them" in page_of(sent)


class TestAsked:
    @pytest.fixture
    def asked(self, sent, surgeon):
        act(review.claim, surgeon, sent.referral)
        act(review.ask_patient, surgeon, sent.referral, question="Which leg?\nSince <when>?")
        return sent

    def test_the_question_is_on_the_page(self, asked):
        page = page_of(asked)
        assert "Which leg?<br>Since &lt;when&gt;?" in page
        assert f"{asked.path}answer/" in page

    def test_answering(self, asked):
        address = f"{asked.path}answer/"
        asked.post(address, {"answer": "The left 🦵, since May."})
        assert asked.path == address.removesuffix("answer/")
        request = asked.referral.information_requests.get()
        assert (request.answer, request.answered_via) == ("The left 🦵, since May.", "link")
        assert "A surgeon asks you" not in page_of(asked)

    def test_answering_twice_changes_nothing(self, asked):
        address = f"{asked.path}answer/"
        asked.post(address, {"answer": "Left"})
        asked.post(address, {"answer": "Right"})
        assert asked.referral.information_requests.get().answer == "Left"

    def test_an_empty_answer_says_what_to_do(self, asked):
        asked.post(f"{asked.path}answer/", {"answer": "  "})
        assert asked.html.count("Write your answer, then send it.") == 2

    def test_a_long_answer_is_refused_but_not_lost(self, asked):
        asked.post(f"{asked.path}answer/", {"answer": "word " * 2200})
        assert asked.html.count("Make it 4,000 characters or shorter") == 2
        assert "word " * 2199 in asked.html

    def test_the_form_can_be_sent_by_a_strict_browser(self, asked):
        """Under no-referrer a browser sends no Origin that could be checked."""
        strict = Client(enforce_csrf_checks=True)
        page = strict.get(f"{asked.path}answer/")
        assert page["Referrer-Policy"] == "same-origin"
        token = page.content.decode().partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
        data = {"answer": "Left", "csrfmiddlewaretoken": token}
        assert strict.post(f"{asked.path}answer/", data, headers={"origin": "http://testserver"}).status_code == 302

    def test_without_a_question_there_is_nothing_to_answer(self, sent):
        address = sent.path
        assert sent.client.get(f"{address}answer/")["Location"] == address

    def test_withdrawn_meanwhile(self, asked, site):
        review.withdraw(actor=Actor.patient(site), referral=asked.referral, expected_revision=None)
        asked.post(f"{asked.path}answer/", {"answer": "Left"})
        assert asked.page.status_code == 200
        assert asked.referral.information_requests.get().answer == ""


def test_other_outcomes_have_a_page(walk):
    for answers in (
        answers_of("sciatica_ready", age_years=15),
        answers_of("sciatica_ready", pain_site="neck_only"),
        answers_of("sciatica_ready", symptom_weeks=2, conservative_weeks=1, cannot_cope="no"),
        answers_of("sciatica_ready", fever="dont_know"),
        {**READY, "trend": "better"},
    ):
        sent = walk(answers).sent()
        assert "/r/" in sent.path
        assert sent.html.count("<h1") == 1
        assert "What this means" in sent.html
