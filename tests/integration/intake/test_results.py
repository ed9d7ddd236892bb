"""What a patient can take along: the options compared and the letters, on a page and as PDFs that can be read aloud."""

import gzip
import html
import io
import random
import re
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from screening.actions import review
from screening.models import AuditEvent, Submission
from screening.rules.parts import mark_of
from screening.rules.ruleset import RuleSet
from screening.rules.translations import patient_texts
from tests.factories import SiteFactory, publish_next, staff_actor
from tests.pdf_text import squeezed, words_of_pdf

from .conftest import READY, answers_of

PDFS = ("decision_pdf", "decision_large", "letter", "letter_large")
HOSTILE = '#import "x.typ" *b* $x$ <l> @r [a] `c` //d \\e #panic("no") "q" \u202efdp\u202c 🌻 漢 שלום مرحبا e\u0301'


@pytest.fixture
def sent(walk):
    return walk().sent()


@pytest.fixture
def education(sent):
    return sent.ruleset.education


def address(sent, name):
    return reverse(f"intake:{name}", args=[sent.site.slug, sent.referral.submission.private_token])


def opened(sent, name):
    response = sent.client.get(address(sent, name))
    assert response.status_code == 200, response.get("Location")
    return response


def page_of(sent):
    return opened(sent, "decision").content.decode()


def words_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def said_in(page, text):
    return " ".join(text.split()) in words_of(page)


def pdf_of(sent, name):
    return words_of_pdf(opened(sent, name).content)


# The page ------------------------------------------------------------------------------------------------------------


def taught(education):
    """Everything that a comparison says."""
    options = [text for each in education.options for text in (each.label, each.what, each.not_known)]
    points = [point.text for point in education.points]
    own = [education.about, education.known, education.not_known, education.made_by, education.funding]
    return [*options, *points, *own, *(each.text for each in education.what_matters)]


def test_both_sides_of_every_option_are_there(sent, education):
    page = page_of(sent)
    assert len(education.options) > 2
    assert [text for text in taught(education) if not said_in(page, text)] == []


def test_doing_nothing_and_care_without_surgery_are_options(sent):
    page = page_of(sent)
    places = [page.index(words) for words in ("Carry on as you are", "Exercise with a therapist", "Surgery with small")]
    assert places == sorted(places)


def test_everything_said_of_an_option_leads_to_its_sources(sent, education):
    page = page_of(sent)
    listed = re.findall(r'<li id="source-(\d+)">\s*(?:<\w+[^>]*>)?([^<]+)', page)
    titles = {words_of(text): number for number, text in listed}
    for point in education.points:
        items = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
        (item,) = [each for each in items if words_of(each).partition(" Sources:")[0] == point.text]
        wanted = {titles[" ".join(sent.ruleset.citations[key].text.split())] for key in point.citations}
        assert set(re.findall(r'href="#source-(\d+)"', item)) == wanted, point.id


def test_it_says_who_made_it_when_and_for_whose_money(sent):
    page = page_of(sent)
    for words in ("Last update: 20 November 2026. Next review: 20 November 2027.", "No company paid for this page."):
        assert said_in(page, words)


def test_it_promises_nothing_and_names_nobody_a_candidate(sent):
    words = words_of(page_of(sent)).partition("Where this comes from")[0].lower()
    for wrong in (
        "candidate",
        "you have a ",
        "will cure",
        "guarantee",
        "painless",
        "safe surgery",
        "best option for you",
    ):
        assert wrong not in words
    assert "it does not say that surgery is right for you" in words


def test_the_questions_fit_the_result(walk, education):
    own = {each.text: each.dispositions for each in education.questions_to_ask if each.dispositions}
    early = answers_of("sciatica_ready", symptom_weeks=2, conservative_weeks=1, cannot_cope="no")
    for answers in (READY, early):
        found = walk(answers).sent()
        page, disposition = page_of(found), found.referral.disposition
        assert [text for text, whom in own.items() if said_in(page, text)] == [
            text for text, whom in own.items() if disposition in whom
        ]
        assert said_in(page, "What happens if I wait?")


def test_what_is_ticked_stays_on_the_device(sent):
    main = page_of(sent).partition("<main")[2].partition("</main>")[0]
    assert 'type="radio"' in main
    assert "<form" not in main
    assert "We do not send or keep what you tick here" in main


def test_it_is_light(sent):
    css = (Path(settings.BASE_DIR) / "screening/static/screening/results.css").read_bytes()
    assert len(gzip.compress(opened(sent, "decision").content)) + len(gzip.compress(css)) < 20_000


def test_the_private_page_leads_there(sent):
    page = sent.client.get(sent.path).content.decode()
    for name in ("decision", "letter", "letter_large"):
        assert address(sent, name) in page


def test_a_rule_set_without_options_has_no_comparison(walk, pathway):
    document = {**pathway.live_version.document}
    document["education"] = {"facts": document["education"]["facts"]}
    publish_next(pathway, document)
    found = walk().sent()
    assert "Compare your options" not in found.html
    for name in ("decision", "decision_pdf"):
        assert found.client.get(address(found, name))["Location"] == found.path
    assert opened(found, "letter").content.startswith(b"%PDF")


# The letters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_can_be_read_aloud(sent, name):
    response = opened(sent, name)
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] in ("Your result", "Compare your options")
            assert metadata["pdfuaid:part"] == "1"
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        inside = [font.DescendantFonts[0].FontDescriptor for font in fonts]
        assert all("/FontFile3" in each or "/FontFile2" in each for each in inside)


def test_the_letter_tells_the_whole_result(sent):
    letter, referral, ruleset = pdf_of(sent, "letter"), sent.referral, sent.ruleset
    disposition = ruleset.disposition("surgeon_miss")
    due = referral.site.local(referral.contact_due_at)
    wanted = [referral.reference, "Maria Quintana", disposition.patient_label, disposition.patient, *ruleset.notice]
    wanted += [*referral.assessment.read_outcome().patient_texts, f"(by {due:%A} {due.day} {due:%B})"]
    wanted += ["In an emergency call 112", "Northfield Clinic", "020 7946 0000", "What happens if I wait?"]
    wanted += [ruleset.question("saddle_numbness").text, "45 years"]
    assert [words for words in wanted if squeezed(words) not in letter] == []


def act(action, actor, referral, **what):
    referral.refresh_from_db()
    action(actor=actor, referral=referral, expected_revision=referral.revision, **what)


DECISION = {"decision": "accept_miss", "procedures": ["discectomy"], "advice": "Walk a little.", "reason": "secret"}


def test_the_letter_tells_a_decision_only_once_it_was_told(sent, site):
    surgeon, referral = staff_actor(site), sent.referral
    act(review.claim, surgeon, referral)
    act(review.decide, surgeon, referral, **DECISION)
    assert "Walkalittle" not in pdf_of(sent, "letter")
    act(review.tell_patient, surgeon, referral, how="phone")
    letter = pdf_of(sent, "letter")
    for words in ("Walk a little.", "surgery with small cuts could be a choice for you", "you can always say no"):
        assert squeezed(words) in letter
    assert "secret" not in letter


def test_the_comparison_as_a_pdf_says_all_that_the_page_says(sent, education):
    made = pdf_of(sent, "decision_pdf")
    assert [text for text in taught(education) if squeezed(text) not in made] == []
    for entry in education.timeline:
        assert squeezed(entry.text) in made
    assert "Maria" not in made


@pytest.mark.parametrize(("small", "large"), [("letter", "letter_large"), ("decision_pdf", "decision_large")])
def test_large_print_has_the_same_words(sent, small, large):
    texts = [pdf_of(sent, name) for name in (small, large)]
    with pikepdf.open(io.BytesIO(opened(sent, large).content)) as pdf:
        assert 18.0 in {
            float(operands[1])
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "Tf"
        }
    assert Counter(texts[0]) == Counter(texts[1])


def test_hostile_words_stay_words(sent):
    patient = sent.referral.patient
    patient.name = HOSTILE
    patient.save()
    letter = pdf_of(sent, "letter")
    for words in ('#import "x.typ" *b* $x$ <l> @r [a] `c` //d \\e #panic("no") "q"', "fdp", "(U+1F33B)", "(U+6F22)"):
        assert squeezed(words) in letter
    assert "\u202e" not in letter


@pytest.mark.parametrize("seed", range(3))
def test_long_odd_texts_still_make_a_letter(sent, site, seed):
    chance = random.Random(seed)
    scripts = [
        *range(1, 0x700),
        *range(0x900, 0xA00),
        *range(0x1F00, 0x2100),
        *range(0x4E00, 0x4E50),
        *range(0x1F300, 0x1F350),
    ]
    odd = "".join(chr(chance.choice(scripts)) for _ in range(10_000))
    patient = sent.referral.patient
    patient.name = odd
    patient.save()
    assert opened(sent, "letter").content.startswith(b"%PDF")


# Languages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_spanish(walk, pathway):
    """Somebody who reads Spanish, of a version with every text translated and approved: "ES " before each."""
    document = {**pathway.live_version.document}
    texts = patient_texts(RuleSet.model_validate(document))
    document["translations"] = {
        "es": {
            place: {
                field: {"words": f"ES {text}", "of": mark_of(text), "status": "approved", "by": "Dr. Ruiz"}
                for field, text in fields.items()
            }
            for place, fields in texts.items()
        }
    }
    publish_next(pathway, document)
    found = walk().sent()
    Submission.objects.update(language="es")
    return found


def test_the_result_is_told_in_the_language_they_read(in_spanish):
    page = in_spanish.client.get(in_spanish.path).content.decode()
    disposition = in_spanish.ruleset.disposition("surgeon_miss")
    texts = in_spanish.referral.assessment.read_outcome().patient_texts
    assert len(texts) > 1
    for text in (disposition.patient_label, disposition.patient, *texts):
        assert f"ES {text}" in html.unescape(page)


def test_the_letters_and_the_comparison_are_in_it_too(in_spanish):
    page = page_of(in_spanish)
    for point in in_spanish.ruleset.education.points:
        assert said_in(page, f"ES {point.text}")
    response = opened(in_spanish, "letter")
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert str(pdf.Root.Lang) == "es"
    letter = words_of_pdf(response.content)
    for text in in_spanish.referral.assessment.read_outcome().patient_texts:
        assert squeezed(f"ES {text}") in letter
    due = in_spanish.referral.site.local(in_spanish.referral.contact_due_at)
    assert f"{due:%B}" not in letter


# Doors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["decision", *PDFS])
def test_only_who_has_the_link_and_the_date_of_birth(sent, name):
    SiteFactory(slug="harbour")
    path = address(sent, name)
    stranger = Client()
    asked = stranger.get(path)
    assert sent.referral.reference not in asked.content.decode()
    assert b"%PDF" not in asked.content
    assert "Maria" not in asked.content.decode()
    token = sent.referral.submission.private_token
    for wrong in (path.replace(token, token.swapcase()), path.replace("northfield", "harbour")):
        assert sent.client.get(wrong).status_code == 404
    assert sent.client.post(path).status_code == 405


@pytest.mark.parametrize("name", ["decision", *PDFS])
def test_headers_keep_them_private_and_every_look_is_recorded(sent, name):
    before = AuditEvent.objects.filter(action="referral.read", actor_kind="patient").count()
    response = opened(sent, name)
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert "result" not in response.get("Content-Disposition", "")
    assert AuditEvent.objects.filter(action="referral.read", actor_kind="patient").count() == before + 1


def test_what_staff_see_before_telling_is_what_the_patient_reads(sent, site, client):
    surgeon, referral = staff_actor(site), sent.referral
    act(review.claim, surgeon, referral)
    act(review.decide, surgeon, referral, **DECISION)
    client.force_login(surgeon.account)
    task = client.get(reverse("review:tell", args=[referral.reference])).content.decode()
    preview = task.partition("The patient will read")[2].partition("<form")[0].partition("</div>")[0]
    act(review.tell_patient, surgeon, referral, how="phone")
    page = words_of(sent.client.get(sent.path).content.decode())
    said = [words_of(each) for each in re.findall(r"<p>(.*?)</p>", preview, re.DOTALL)]
    assert len(said) == 4
    assert [words for words in said if words not in page] == []
    assert "accept for small-cut surgery" not in preview
