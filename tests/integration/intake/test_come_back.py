"""Stopping and coming back, on another device: by link and by code, as a browser without JavaScript sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from screening.intake import known
from screening.intake.languages import PageLanguage
from screening.models import AuditEvent, Message, Submission, WayBack
from tests.factories import SiteFactory, publish_next, staff_actor
from tests.intake_walk import IntakeWalk

from .conftest import NUMB, READY

UNKNOWN = "A letter of the link is missing."
WHO = "Please give the date of birth"
CODE = re.compile(r'class="short-code" translate="no">([\w-]+)<')


def submission() -> Submission:
    return Submission.objects.get()


def link() -> str:
    return f"/northfield/r/{submission().private_token}/"


@pytest.fixture
def begun(walk):
    """Two pages were saved on the first device."""
    return walk().begin().save_page().save_page()


@pytest.fixture
def sent(walk):
    return walk().sent()


@pytest.fixture
def elsewhere(walk):
    """Another device of the same person."""
    return walk()


def make_code(on: IntakeWalk) -> str:
    on.post(on.path, {"do": "code"})
    found = CODE.search(on.html)
    assert found, on.html
    return found[1]


def enter(on: IntakeWalk, code: str, **born: str) -> IntakeWalk:
    on.post("/northfield/come-back/", {"typed_code": code, **born})
    return on


def born(on: IntakeWalk, **changed: str) -> dict[str, str]:
    return {**on.born(), "birth_month": "5", **changed}


def tell_birth(on: IntakeWalk, path: str, **changed: str) -> IntakeWalk:
    on.post(path, {known.BIRTH: "1", **born(on, **changed)})
    return on


# Saving --------------------------------------------------------------------------------------------------------------


def test_the_button_on_a_page_of_questions_saves_it_and_leads_to_the_ways_back(begun):
    page = begun.path
    begun.save_page(**{"-later": "1"})
    assert begun.is_at("save")
    assert submission().revisions.count() == 3
    assert begun.client.get(page).status_code == 200
    assert "Your answers are saved" in begun.html
    assert link() in begun.html


def test_an_emergency_is_not_left_for_later(walk):
    begun = walk(NUMB).begin()
    begun.save_page(**{"-later": "1"})
    assert begun.is_at("emergency")


def test_it_says_until_when(begun):
    begun.get(f"{begun.root}save/")
    day = begun.site.local(submission().last_step_at + timedelta(days=30))
    assert f"{day.day} {day:%B %Y}" in begun.html


def test_whoever_has_not_begun_has_nothing_to_keep(walk):
    assert walk().get("/northfield/lumbar-miss/save/").context["lost"]


def test_the_code_is_shown_once(begun):
    begun.get(f"{begun.root}save/")
    assert "Show me a code" in begun.html
    code = make_code(begun)
    begun.get(f"{begun.root}save/")
    assert code not in begun.html
    assert "You have a code already" in begun.html


def test_the_session_keeps_neither_code_nor_link(begun):
    begun.get(f"{begun.root}save/")
    begun.client.post(begun.path, {"do": "code"})
    kept = str(dict(begun.client.session))
    token = submission().private_token
    shown = make_code(begun)
    assert token not in kept
    assert shown not in kept


def test_the_link_by_e_mail(begun):
    begun.get(f"{begun.root}save/")
    begun.post(begun.path, {"do": "mail", "email": "me@example.com"})
    assert "We send the link to you" in begun.html
    assert Message.objects.get().kind == "link"


def test_what_is_no_address_is_said_and_not_lost(begun):
    begun.get(f"{begun.root}save/")
    begun.post(begun.path, {"do": "mail", "email": "me at home"})
    assert begun.html.count("Enter an e-mail address, like name@example.com.") == 2
    assert "me at home" in begun.html
    assert not Message.objects.exists()


def test_without_a_mail_server_none_is_offered(begun, settings):
    settings.SENDS_EMAIL = False
    begun.get(f"{begun.root}save/")
    assert "by e-mail" not in begun.html


def test_an_unknown_button_changes_nothing(begun):
    begun.get(f"{begun.root}save/")
    begun.post(begun.path, {"do": "everything"})
    assert begun.is_at("save")


# Coming back by the link ---------------------------------------------------------------------------------------------


def test_the_link_leads_to_the_next_question_on_another_device(begun, elsewhere):
    stopped_at = begun.path
    elsewhere.get(link())
    assert "Go on where you stopped" in elsewhere.html
    elsewhere.post(elsewhere.path, {})
    assert elsewhere.path == stopped_at
    assert elsewhere.get(f"{elsewhere.root}check/").status_code == 200
    event = AuditEvent.objects.filter(action="submission.come_back").get()
    assert event.after == {"by": "link"}


def test_opening_the_link_alone_takes_over_nothing(begun, elsewhere):
    """Mail programs open links, and somebody may send theirs: nobody shall answer into another's answers unasked."""
    elsewhere.get(link())
    elsewhere.get(elsewhere.root)
    assert "Go on with my answers" not in elsewhere.html


def test_it_warns_where_other_answers_are_open_in_this_browser(begun, elsewhere):
    address = link()
    elsewhere.begin().save_page().get(address)
    assert "Other answers are open in this browser" in elsewhere.html


def test_the_browser_that_has_them_open_just_goes_on(begun):
    at = begun.path
    begun.get(link())
    assert begun.path == at


def test_it_leads_to_the_emergency_page_at_once(walk, elsewhere):
    walk(NUMB).begin().save_page()
    elsewhere.get(link())
    assert elsewhere.is_at("emergency")


@pytest.mark.parametrize("part", ["", "go-on/", "keep/"])
def test_a_replaced_link_never_opens(begun, part):
    old = link()
    begun.get(f"{begun.root}save/")
    begun.post(begun.path, {"do": "link"})
    assert "You have a new link" in begun.html
    assert link() != old
    assert UNKNOWN in Client().get(old + part).content.decode()
    assert UNKNOWN in begun.client.get(old + part).content.decode()


def test_a_new_link_closes_what_is_open_elsewhere_but_not_here(begun, elsewhere):
    elsewhere.get(link())
    elsewhere.post(elsewhere.path, {})
    assert elsewhere.path == begun.path
    begun.get(f"{begun.root}save/")
    begun.post(begun.path, {"do": "link"})
    elsewhere.get(f"{elsewhere.root}questions/1/")
    assert "find your answers in this browser" in elsewhere.html
    assert begun.get(f"{begun.root}questions/1/").status_code == 200
    assert begun.path.endswith("/questions/1/")


@pytest.mark.parametrize("part", ["", "go-on/", "keep/"])
def test_after_its_time_it_says_the_same_as_a_made_up_one(begun, part):
    address = link()
    Submission.objects.update(last_step_at=timezone.now() - timedelta(days=30))
    late, made_up = Client().get(address + part), Client().get(f"/northfield/r/{'x' * 22}/{part}")
    assert late.status_code == made_up.status_code == 404
    assert late.content == made_up.content
    assert Submission.objects.get().answers


def test_at_another_clinic_it_opens_nothing(begun):
    SiteFactory(slug="harbour")
    address = link().replace("northfield", "harbour")
    for part in ("", "go-on/", "keep/"):
        assert Client().get(address + part).status_code == 404
        assert Client().post(address + part, {}).status_code in {404, 405}


def test_a_suspended_pathway_is_closed_also_to_whoever_comes_back(begun, elsewhere, pathway):
    pathway.suspended_at, pathway.suspended_reason = timezone.now(), "An error"
    pathway.save()
    elsewhere.get(link())
    elsewhere.post(elsewhere.path, {})
    assert "closed for now" in elsewhere.html


def test_meanwhile_safety_questions_were_changed(walk, elsewhere, pathway):
    walk().begin().answer_everything()
    document = pathway.live_version.document
    questions = [
        one | {"text": "Have you lost the feeling between your legs?"} if one["id"] == "saddle_numbness" else one
        for one in document["questions"]
    ]
    version = publish_next(pathway, {**document, "questions": questions})
    elsewhere.ruleset = version.ruleset
    elsewhere.get(link())
    assert "Some questions have changed" in elsewhere.html
    elsewhere.post(elsewhere.path, {})
    assert [question.id for question in elsewhere.asked] == ["saddle_numbness"]
    assert "The clinic has changed these questions since you began" in elsewhere.html
    elsewhere.save_page()
    assert elsewhere.is_at("check")


# Coming back by the code ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}. "])
def test_the_code_opens_them_however_it_is_typed(begun, elsewhere, odd):
    stopped_at = begun.path
    begun.get(f"{begun.root}save/")
    enter(elsewhere, odd(make_code(begun)))
    assert elsewhere.path == stopped_at


@pytest.mark.parametrize("code", ["", "7K3M", "7K3M-9QX-T2A-4"])
def test_what_is_no_code_is_said(elsewhere, code, pathway):
    enter(elsewhere, code)
    assert elsewhere.html.count("Enter the 10 letters and numbers of your code.") == 2


def test_a_wrong_one_says_what_to_check_and_keeps_what_was_typed(elsewhere, pathway):
    enter(elsewhere, "7K3M-9QX-T2A")
    assert elsewhere.html.count("This code and date of birth open nothing.") == 2
    assert "7K3M-9QX-T2A" in elsewhere.html


def test_no_code_is_ever_in_an_address(begun, elsewhere):
    begun.get(f"{begun.root}save/")
    code = make_code(begun)
    enter(elsewhere, code)
    enter(elsewhere, "7K3M-9QX-T2A")
    assert not [path for path in [*begun.visited, *elsewhere.visited] if code in path or "7K3M" in path]


def test_too_many_wrong_ones_lock_in_words_with_a_time(elsewhere, pathway):
    for number in range(20):
        enter(elsewhere, f"{number:010}")
    assert "There were too many tries" in elsewhere.html
    assert re.search(r"no more tries until \d", elsewhere.html)
    assert "020 7946 0000" in elsewhere.html
    assert "open nothing" not in elsewhere.html


def test_sent_answers_want_the_date_of_birth_as_well(sent, elsewhere):
    sent.get(f"{sent.path}keep/")
    code = make_code(sent)
    enter(elsewhere, code)
    assert "This code and date of birth open nothing." in elsewhere.html
    enter(elsewhere, code, **born(elsewhere))
    assert elsewhere.path == link()
    assert "What this means" in elsewhere.html


def test_come_back_is_no_pathway(client, pathway):
    assert b"Come back with your code" in client.get("/northfield/come-back/").content


# The private page ----------------------------------------------------------------------------------------------------


def test_a_new_device_is_asked_for_the_date_of_birth(sent, elsewhere):
    elsewhere.get(link())
    assert WHO in elsewhere.html
    assert sent.referral.reference not in elsewhere.html
    tell_birth(elsewhere, elsewhere.path)
    assert "What this means" in elsewhere.html
    elsewhere.get(link())
    assert "What this means" in elsewhere.html


def test_the_browser_that_sent_them_is_not_asked(sent):
    assert "What this means" in sent.html
    assert WHO not in sent.get(link()).content.decode()


def test_a_wrong_date_of_birth_shows_nothing(sent, elsewhere):
    tell_birth(elsewhere, link(), birth_year="1901")
    assert elsewhere.html.count("This date of birth does not belong to this link.") == 2
    assert sent.referral.reference not in elsewhere.html
    assert "1901" in elsewhere.html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"date_of_birth": "", "birth_month": "", "birth_year": ""}, "Enter your date of birth, like 17 5 1980."),
        ({"date_of_birth": "31", "birth_month": "2"}, "There is no such day"),
    ],
)
def test_what_is_no_day_is_said_and_is_no_wrong_try(sent, elsewhere, typed, words):
    tell_birth(elsewhere, link(), **typed)
    assert elsewhere.html.count(words) == 2
    assert not AuditEvent.objects.filter(action="submission.wrong_try").exists()


def test_after_five_it_is_locked_also_for_the_right_one(sent, elsewhere):
    for year in range(1901, 1906):
        tell_birth(elsewhere, link(), birth_year=str(year))
    tell_birth(elsewhere, link())
    assert "There were too many tries" in elsewhere.html
    assert sent.referral.reference not in elsewhere.html
    # whoever was in already is not put out
    assert "What this means" in sent.get(link()).content.decode()


def test_after_a_new_link_other_devices_are_asked_again(sent, elsewhere):
    tell_birth(elsewhere, link())
    sent.get(f"{sent.path}keep/")
    sent.post(sent.path, {"do": "link"})
    assert sent.path == f"{link()}keep/"
    elsewhere.get(link())
    assert WHO in elsewhere.html
    elsewhere.get(elsewhere.root)
    assert "Open my private page" not in elsewhere.html
    sent.get(link())
    assert "What this means" in sent.html


def test_the_form_can_be_sent_by_a_strict_browser(sent):
    """Under no-referrer a browser sends no Origin that could be checked."""
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(link())
    assert page["Referrer-Policy"] == "same-origin"
    token = page.content.decode().partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    data = {known.BIRTH: "1", **born(sent), "csrfmiddlewaretoken": token}
    strict.post(link(), data, headers={"origin": "http://testserver"})
    opened = strict.get(f"{link()}keep/")
    assert "Ways back to your page" in opened.content.decode()
    assert opened["Referrer-Policy"] == "same-origin"


def test_leaving_closes_everything_on_this_device(sent):
    sent.get(f"{sent.path}keep/")
    sent.post(sent.path, {"do": "leave"})
    assert "You have left" in sent.html
    sent.get(link())
    assert WHO in sent.html
    sent.get(sent.root)
    assert "Open my private page" not in sent.html


# Acts ----------------------------------------------------------------------------------------------------------------


def test_an_act_asks_again_after_a_quarter_of_an_hour(sent, time_machine):
    sent.get(f"{link()}keep/")
    assert "Ways back to your page" in sent.html
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    sent.get(link())
    assert "What this means" in sent.html
    sent.get(f"{link()}keep/")
    assert "Please give the date of birth once more" in sent.html
    tell_birth(sent, sent.path)
    assert "Ways back to your page" in sent.html


def test_what_was_sent_waits_for_the_date_of_birth_and_then_happens(sent, time_machine):
    keep = f"{link()}keep/"
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    sent.client.post(keep, {"do": "mail", "email": "me@example.com"})
    sent.get(f"{keep}?waits=1")
    assert "What you have written is kept." in sent.html
    assert not Message.objects.filter(kind="link").exists()
    sent.post(f"{keep}?waits=1", {known.BIRTH: "1", **born(sent, birth_year="1901")})
    sent.post(f"{keep}?waits=1&look=1", {known.BIRTH: "1", **born(sent)})
    assert "We send the link to you" in sent.html
    assert Message.objects.get(kind="link").to == "me@example.com"


def test_pressed_twice_it_happens_once(sent, time_machine):
    keep = f"{link()}keep/"
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    sent.client.post(keep, {"do": "link"})
    number = WayBack.objects.get().link_number
    for _ in range(2):
        sent.client.post(f"{keep}?waits=1", {known.BIRTH: "1", **born(sent)})
    assert WayBack.objects.get().link_number == number + 1


def test_what_waits_is_not_done_by_whoever_comes_to_the_page_later(sent, time_machine):
    """Who changed their mind opens the page anew: nothing of before happens."""
    keep = f"{link()}keep/"
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    sent.client.post(keep, {"do": "link"})
    tell_birth(sent, keep)
    assert WayBack.objects.get().link_number == 1


def test_a_view_for_unfinished_answers_gets_them_by_the_link_alone(begun, rf):
    seen = []

    @known.for_person(unfinished=True)
    def view(request, referral, submission):
        seen.append((referral, submission))
        return HttpResponse("seen")

    request = rf.get("/")
    request.session, request.resolver_match = begun.client.session, SimpleNamespace(url_name="any", kwargs={})
    request.page_language = PageLanguage(request)
    view(request, site="northfield", token=submission().private_token)
    assert seen == [(None, submission())]


# Two people at one device --------------------------------------------------------------------------------------------


def test_what_one_person_typed_is_not_shown_to_the_next(walk):
    first = walk().begin().store_everything()
    first.get(f"{first.root}about-you/")
    first.post(first.path, {"name": "Maria Quintana"})
    assert "Maria Quintana" in first.html
    first.post(f"{first.root}start-again/", {})
    first.answer_everything()
    first.get(f"{first.root}about-you/")
    assert "Maria Quintana" not in first.html


# Somebody helps ------------------------------------------------------------------------------------------------------


def test_who_fills_it_in_is_asked_once_at_the_start(walk):
    begun = walk()
    begun.get(begun.root)
    assert "Who is filling this in?" in begun.html
    begun.post(begun.root, {"phone": "", "filled_by": "relative"})
    assert submission().filled_by == "relative"
    assert "Who is filling this in?" not in begun.html
    begun.post(f"{begun.root}start-again/", {})
    assert {one.filled_by for one in Submission.objects.all()} == {"relative"}


def test_it_need_not_be_said_but_only_what_is_offered_is_taken(walk):
    begun = walk()
    begun.post(begun.root, {"phone": "", "filled_by": "the_cat"})
    assert begun.html.count("Choose who is filling this in.") == 2
    assert not Submission.objects.exists()
    begun.post(begun.root, {"phone": ""})
    assert submission().filled_by == ""


def test_a_helper_is_asked_for_the_date_of_birth_of_the_person_they_help(walk, elsewhere):
    helper = walk()
    helper.post(helper.root, {"phone": "", "filled_by": "staff"})
    helper.store_everything().send()
    assert READY["age_years"]
    elsewhere.get(link())
    assert "of the person you help" in elsewhere.html


def test_a_helper_reads_whom_you_means_and_agrees_for_the_patient(walk):
    helper = walk()
    helper.post(helper.root, {"phone": "", "filled_by": "relative"})
    assert "means the person you help" in helper.html
    helper.answer_everything()
    helper.get(f"{helper.root}about-you/")
    assert "The full name of the person you help" in helper.html
    assert "Your full name" not in helper.html
    # the browser would fill in what it knows of the helper
    assert 'autocomplete="name"' not in helper.html
    helper.send()
    assert helper.referral.patient.consent_text.startswith("The person I help agrees")


def test_who_answers_for_themselves_reads_nothing_of_it(walk):
    begun = walk()
    begun.post(begun.root, {"phone": "", "filled_by": "self"})
    assert "the person you help" not in begun.html


@pytest.mark.parametrize(("said", "seen"), [("relative", True), ("operator", True), ("self", False), ("", False)])
def test_the_surgeon_sees_who_filled_it_in(walk, said, seen):
    sent = walk()
    sent.post(sent.root, {"phone": "", "filled_by": said})
    sent.store_everything().send()
    surgeon = Client()
    surgeon.force_login(staff_actor(sent.site).account)
    page = surgeon.get(f"/review/{sent.referral.reference}/").content.decode()
    head = page.partition("</header>")[2].partition("</header>")[0]
    assert (f"Filled in by {submission().get_filled_by_display()}" in head) == seen
    assert ("Filled in by" in page) == bool(said)


# What nobody should send ---------------------------------------------------------------------------------------------

NASTY = ("\x00", "٣٤٥٦٧٨٩٠١٢", "é" * 30_000, "1" * 5_000, "\r\nBcc: a@b.c")


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_whatever_is_sent_is_answered_and_changes_nothing(sent, nasty):
    names = ("typed_code", "date_of_birth", "birth_month", "birth_year", "email", "do", "filled_by", known.BIRTH)
    for client in (sent.client, Client()):
        for path in ("/northfield/come-back/", link(), f"{link()}keep/", f"{link()}go-on/", sent.root):
            for data in (dict.fromkeys(names, nasty), {"do": "mail", "email": nasty}):
                assert client.post(f"{path}?waits=1&look=1", data).status_code < 500
            assert client.get(f"{path}?look=1&waits=1").status_code < 500
    assert WayBack.objects.filter(link_number=1, code_hash=None).count() == Submission.objects.count()
