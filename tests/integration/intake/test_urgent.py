"""The emergency page and warnings, through the browser."""

import pytest

from screening.models import Referral, Submission

from .conftest import NUMB, READY, WEAKER


def submission():
    return Submission.objects.get()


def stopped(walk):
    begun = walk(NUMB).begin().save_page()
    assert begun.is_at("emergency")
    return begun


def test_the_emergency_page_comes_at_once_and_the_case_is_kept(walk):
    begun = stopped(walk)
    assert 'href="tel:112"' in begun.html
    assert "Get emergency help now" in begun.html
    assert "What to say on the phone" in begun.html
    assert "squeezed nerves" in begun.html
    assert begun.ruleset.question("saddle_numbness").text in begun.html
    assert "We do not promise to call you" in begun.html
    assert begun.html.index("tel:112") < begun.html.index("What to say") < begun.html.index("by mistake")
    referral = Referral.objects.get()
    assert (referral.origin, referral.disposition, referral.patient) == ("emergency", "emergency_now", None)


def test_an_emergency_is_seen_although_the_page_has_errors(walk):
    begun = walk(NUMB).begin()
    begun.post(begun.path, {"-asked": ["saddle_numbness", "fever"], "saddle_numbness": "yes", "leg_weakness": "bogus"})
    assert begun.is_at("emergency")


def test_every_address_of_the_intake_leads_to_it(walk):
    begun = stopped(walk)
    for name in ("", "start-again/", "questions/1/", "questions/4/", "about-you/", "check/", "warning/"):
        begun.get(begun.root + name)
        assert begun.is_at("emergency"), name
    for name in ("", "start-again/", "questions/1/", "questions/4/", "about-you/", "emergency/"):
        begun.post(begun.root + name, {})
        assert begun.is_at("emergency"), name
    assert begun.client.get("/northfield/", follow=True).redirect_chain[-1][0] == f"{begun.root}emergency/"
    assert Submission.objects.count() == 1


def test_sending_the_page_twice_makes_one_referral(walk):
    begun = walk(NUMB).begin()
    first, asked = begun.path, begun.asked
    from tests.intake_walk import page_data

    for _ in range(5):
        begun.post(first, page_data(asked, NUMB))
        assert begun.is_at("emergency")
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "words"), [("called", "that you have called"), ("cannot_call", "near you to call 112")]
)
def test_telling_how_it_stands(walk, said, words):
    begun = stopped(walk)
    for _ in range(3):
        begun.post(begun.path, {"do": said, "phone": "020 7946 0101"})
    assert words in begun.html
    assert submission().said_on_emergency == said
    assert submission().call_back_phone == "020 7946 0101"


def test_the_number_left_at_the_start_stands_there(walk):
    begun = walk(NUMB).begin(phone="020 7946 0999").save_page()
    assert 'value="020 7946 0999"' in begun.html


def test_saving_a_number_alone_says_nothing_about_calling(walk):
    begun = stopped(walk)
    begun.post(begun.path, {"do": "keep", "phone": "020 7946 0101"})
    assert submission().said_on_emergency == ""
    assert begun.is_at("emergency")


def test_the_button_that_the_enter_key_presses_claims_nothing(walk):
    html = stopped(walk).html
    assert html.index('value="keep"') < html.index('value="called"')


def test_a_number_that_cannot_be_one_is_kept_in_its_box(walk):
    begun = stopped(walk)
    begun.post(begun.path, {"do": "called", "phone": "soon"})
    assert begun.html.count("Enter a telephone number with its digits") == 2
    assert 'value="soon"' in begun.html


@pytest.mark.parametrize("do", ["", "bogus", "IN_PROGRESS", "submitted"])
def test_other_buttons_do_nothing(walk, do):
    begun = stopped(walk)
    begun.post(begun.path, {"do": do})
    assert begun.is_at("emergency")
    assert submission().status == "stopped"


def test_a_mistake_goes_back_to_the_page_and_is_remembered(walk):
    begun = stopped(walk)
    reference = Referral.objects.get().reference
    begun.post(begun.path, {"do": "mistake"})
    assert begun.path.endswith("/questions/1/")
    begun.answers["saddle_numbness"] = "no"
    begun.save_page().answer_everything().send()
    referral = Referral.objects.get()
    assert referral.reference == reference
    assert "W01" in referral.assessment.read_outcome().fired
    assert "you changed it" in begun.html


def test_a_mistake_that_is_left_as_it_was_ends_with_the_emergency_on_top(walk):
    begun = stopped(walk)
    begun.post(begun.path, {"do": "mistake"})
    begun.store_everything().send()
    assert "/r/" in begun.path
    assert begun.html.index("Call 112 now") < begun.html.index("What happens next")
    assert begun.html.count("<h1") == 1


def test_another_emergency_after_a_mistake_stops_again(walk):
    begun = stopped(walk)
    begun.post(begun.path, {"do": "mistake"})
    begun.answers["acute_illness"] = ["chest_breathing"]
    begun.save_page()
    assert begun.is_at("emergency")


def test_without_an_emergency_there_is_no_emergency_page(walk):
    begun = walk().begin()
    begun.get(f"{begun.root}emergency/")
    assert begun.path.endswith("/questions/1/")
    begun.post(f"{begun.root}emergency/", {"do": "mistake"})
    assert begun.path.endswith("/questions/1/")


def test_a_warning_shows_its_words_at_once_and_goes_on(walk):
    begun = walk(WEAKER, through_warnings=False).begin()
    begun.save_page()
    assert begun.is_at("warning")
    assert "A clinician will contact you in the next 1 to 2 days" in begun.html
    assert begun.html.index("Some of your answers need") < begun.html.index("A leg that is getting weaker")
    assert "112" in begun.html
    begun.get(begun.path)
    assert begun.is_at("warning")
    # What the answer opened is asked next.
    assert f'href="{begun.root}questions/1/"' in begun.html


def test_a_warning_is_shown_once(walk):
    begun = walk(WEAKER).begin().answer_everything()
    assert begun.visited.count(f"{begun.root}warning/") == 1
    assert begun.is_at("check")


def test_a_warning_with_errors_on_the_page_leads_back_to_the_page(walk):
    begun = walk(WEAKER, through_warnings=False).begin()
    begun.save_page(balance_hands="")
    assert begun.is_at("warning")
    assert f'href="{begun.root}questions/1/"' in begun.html


def test_without_a_warning_there_is_no_warning_page(walk):
    begun = walk(READY).begin()
    begun.get(f"{begun.root}warning/")
    assert begun.path.endswith("/questions/1/")


def test_a_page_another_tab_still_sends_is_kept_behind_the_emergency_page(walk):
    begun = stopped(walk)
    begun.post(f"{begun.root}questions/2/", {"-asked": ["fever"], "fever": "yes"})
    assert begun.is_at("emergency")
    assert submission().answers["fever"] == "yes"
