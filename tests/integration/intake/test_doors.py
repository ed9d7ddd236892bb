"""The ways in, and what stands there when a way is closed."""

from django.test import Client
from django.utils import timezone

from screening.models import Offering, Site, Submission
from tests.factories import OfferingFactory, PathwayFactory, SiteFactory

from .conftest import NUMB, READY


def test_several_clinics_are_listed(client, pathway):
    SiteFactory(name="Harbour Clinic")
    SiteFactory(name="Gone Clinic", is_active=False)
    page = client.get("/").content.decode()
    assert "Northfield Clinic" in page
    assert "Harbour Clinic" in page
    assert "Gone Clinic" not in page


def test_the_only_clinic_and_its_only_questions_are_opened_at_once(client, pathway):
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/northfield/lumbar-miss/"
    assert page.status_code == 200


def test_without_a_clinic_the_first_page_says_so(client, db):
    assert "no clinic here yet" in client.get("/").content.decode()


def test_several_sets_of_questions_are_listed(client, site, pathway):
    OfferingFactory(site=site, pathway=PathwayFactory())
    page = client.get("/northfield/").content.decode()
    assert "/northfield/tiny/" in page
    assert "/northfield/lumbar-miss/" in page


def test_unknown_addresses_are_kindly_refused(client, pathway):
    for path in ("/nowhere/", "/northfield/nothing/", "/northfield/lumbar-miss/questions/99/", "/northfield/r/x/y/"):
        assert client.get(path, follow=True).status_code in (200, 404)
    assert "We can't find this page" in client.get("/nowhere/").content.decode()


def test_a_clinic_that_is_switched_off_is_not_there(client, site, pathway):
    site.is_active = False
    site.save()
    assert client.get("/northfield/lumbar-miss/").status_code == 404


def closes(client):
    page = client.get("/northfield/lumbar-miss/").content.decode()
    assert client.post("/northfield/lumbar-miss/", {"phone": ""}).status_code == 200
    assert not Submission.objects.exists()
    return "closed for now" in page and "112" in page and "020 7946 0000" in page and "<form" not in page


def test_a_suspended_pathway_shows_the_emergency_line_and_the_clinics_telephone(client, pathway):
    pathway.suspended_at, pathway.suspended_reason = timezone.now(), "An error was found."
    pathway.save()
    assert closes(client)
    assert "An error was found" not in client.get("/northfield/lumbar-miss/").content.decode()


def test_an_offering_that_is_closed(client, pathway):
    Offering.objects.update(is_open=False)
    assert closes(client)
    assert "closed for now" in client.get("/northfield/", follow=True).content.decode()


def test_a_pathway_never_published(client, site):
    OfferingFactory(site=site, pathway=PathwayFactory(id="new", title="New", live=False))
    assert "closed for now" in client.get("/northfield/").content.decode()
    assert "closed for now" in client.get("/northfield/new/").content.decode()


def test_whoever_has_begun_finishes_although_the_clinic_stopped_offering_it(walk):
    begun = walk().begin()
    Offering.objects.update(is_open=False)
    begun.answer_everything().send()
    assert "/r/" in begun.path


def test_the_start_page_says_what_people_need_to_know(walk):
    page = walk().get("/northfield/lumbar-miss/").content.decode()
    for words in ("about 10 minutes", "What this is not", "at hand", "112", "telephone number", "not for emergencies"):
        assert words in page


def test_a_telephone_number_may_be_left(walk):
    walk().begin(phone="020 7946 0999")
    assert Submission.objects.get().call_back_phone == "020 7946 0999"


def test_a_telephone_number_that_cannot_be_one_begins_nothing(walk):
    begun = walk().begin(phone="later <b>")
    assert begun.html.count("Enter a telephone number with its digits") == 2
    assert "later &lt;b&gt;" in begun.html
    assert not Submission.objects.exists()


def test_beginning_twice_is_one_submission(walk):
    begun = walk().begin()
    begun.begin()
    assert Submission.objects.count() == 1
    assert begun.path.endswith("/questions/1/")


def test_coming_back_to_the_start_page_offers_to_go_on(walk):
    begun = walk().begin().save_page()
    page = begun.get(begun.root).content.decode()
    assert "Go on with my answers" in page
    assert f"{begun.root}questions/2/" in page


def test_starting_again_asks_first_and_keeps_the_old_answers(walk):
    begun = walk().begin().save_page()
    begun.get(f"{begun.root}start-again/")
    assert "Do you want to start again?" in begun.html
    assert Submission.objects.count() == 1
    begun.post(f"{begun.root}start-again/", {})
    assert begun.path.endswith("/questions/1/")
    first, second = Submission.objects.order_by("started_at")
    assert first.answers["saddle_numbness"] == "no"
    assert second.answers == {}


def test_after_sending_the_start_page_leads_to_the_private_page(walk):
    sent = walk(READY).sent()
    private = sent.path
    page = sent.get(sent.root).content.decode()
    assert private in page
    assert "You have sent your answers" in page
    sent.begin()
    assert sent.is_at("start-again")
    sent.post(sent.path, {})
    assert sent.path.endswith("/questions/1/")


def test_two_clinics_do_not_mix(walk, site):
    begun = walk().begin().save_page()
    other = SiteFactory(slug="harbour")
    OfferingFactory(site=other, pathway=begun.pathway)
    page = begun.client.get("/harbour/lumbar-miss/questions/2/", follow=True)
    assert page.redirect_chain[-1][0] == "/harbour/lumbar-miss/?lost=1"
    assert "Start" in page.content.decode()


def test_no_cookie_no_answers(walk):
    begun = walk().begin().save_page()
    for name in ("questions/1", "questions/2", "check", "about-you", "emergency", "warning"):
        page = Client().get(f"{begun.root}{name}/", follow=True)
        assert page.redirect_chain[-1][0] == f"{begun.root}?lost=1"
        assert "We can't find your answers in this browser" in page.content.decode()


def test_a_session_that_ended(walk):
    begun = walk().begin().save_page()
    begun.client.session.flush()
    begun.save_page()
    assert "We can't find your answers in this browser" in begun.html
    assert Submission.objects.get().answers["saddle_numbness"] == "no"


def test_a_session_that_names_anything_else(walk):
    begun = walk().begin()
    for stored in ("no uuid", 7, None, [], {"x": 1}, "00000000-0000-0000-0000-000000000000"):
        session = begun.client.session
        session["intake"] = {"northfield/lumbar-miss": stored}
        session.save()
        assert begun.get(f"{begun.root}questions/1/").status_code == 200
        assert begun.path == begun.root


def test_addresses_and_titles_say_nothing_about_health_or_the_person(walk):
    sent = walk().sent()
    submission = Submission.objects.get()
    for path in sent.visited:
        assert str(submission.pk) not in path
        title = sent.client.get(path, follow=True).content.decode().partition("<title>")[2].partition("</title>")[0]
        assert not {"pain", "back", "spine", "surgery", "symptom", "health"} & set(title.lower().split())


def test_who_began_before_the_clinic_closed_goes_on(walk, site):
    """Also to the emergency page, and on another device by code: a case stays open to its patient."""
    begun = walk(NUMB).begin()
    begun.get(f"{begun.root}save/")
    begun.post(begun.path, {"do": "code"})
    code = begun.page.context["code"]
    Site.objects.filter(pk=site.pk).update(is_active=False)
    elsewhere = walk(NUMB)
    assert elsewhere.get(elsewhere.root).status_code == 404
    elsewhere.post("/northfield/come-back/", {"typed_code": code})
    assert elsewhere.is_at("questions/1")
    elsewhere.save_page()
    assert elsewhere.is_at("emergency")
    begun.get(f"{begun.root}questions/1/")
    assert begun.is_at("emergency")
