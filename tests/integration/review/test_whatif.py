"""What would change a case, on its page: for surgeons, fetched on demand, and never near a patient."""

import grimp
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from screening.actions import intake
from screening.models import AuditEvent, Referral
from screening.policies import ADMINISTRATORS, RULE_EDITORS, Actor
from screening.rulesets import load_vignettes, shipped
from tests.factories import PathwayFactory, SiteFactory, lumbar_pathway, save_page, submitted, tiny_document, waiting
from tests.factories.rulesets import QUESTIONS

from .conftest import path, text_of

HTMX = {"HX-Request": "true"}
# The questions of the tiny rule set whose answers can change, or can be found out.
MODIFIABLE = {"weeks", "wish", "grade"}


@pytest.fixture
def changeable(db) -> None:
    """The tiny rule set with marks."""
    marked = [{**one, "modifiable": True} if one["id"] in MODIFIABLE else one for one in QUESTIONS]
    PathwayFactory(live__document=tiny_document(questions=marked))


@pytest.fixture
def early(site) -> Referral:
    """Five weeks of a slipped disc, two of them with treatment: it is early."""
    vignettes = load_vignettes(shipped("lumbar-miss.vignettes"))
    answers = vignettes.answers(next(one for one in vignettes.vignettes if one.id == "V196"))
    pathway = lumbar_pathway(site)
    submission = intake.start_submission(actor=Actor.patient(site), site=site, pathway=pathway)
    save_page(submission, answers)
    return submitted(submission)


def part_of(client: Client, referral: Referral) -> str:
    return text_of(client.get(path(referral, "what-if"), headers=HTMX))


def test_the_case_page_offers_it_folded_and_fetches_it_when_opened(surgeon, site):
    page = text_of(surgeon.get(path(referral := waiting(site))))
    assert "What would change this</h2>" in page
    assert f'hx-get="{path(referral, "what-if")}"' in page
    assert "leads elsewhere" not in page


def test_what_can_change_and_what_can_be_found(changeable, surgeon, site):
    words = part_of(surgeon, waiting(site))
    changes, findings = words.index("If an answer changes"), words.index("If this is found")
    assert changes < words.index("“wish?” “other” instead of “surgery”") < findings
    assert findings < words.index("“grade?” 4 or more")
    assert words.index("elsewhere") < words.index("wait_and_see") < findings


def test_only_the_list_for_htmx_and_a_page_without_javascript(changeable, surgeon, site):
    referral = waiting(site)
    assert "<html" not in part_of(surgeon, referral)
    page = text_of(surgeon.get(path(referral, "what-if")))
    assert "<h1" in page
    assert "“grade?” 4 or more" in page


def test_nothing_leads_elsewhere(surgeon, site):
    assert "Nothing that can still change, or be found, leads anywhere else." in part_of(surgeon, waiting(site))


def test_a_search_given_up_is_said(changeable, surgeon, site, monkeypatch):
    monkeypatch.setattr("screening.interpreters.whatif.search.LIMIT", 2)
    assert "There were too many possibilities" in part_of(surgeon, waiting(site))


def test_the_shipped_rule_set(surgeon, site, early):
    words = part_of(surgeon, early)
    assert "6 weeks or more instead of 5 weeks <strong>and</strong>" in words
    assert "6 weeks or more instead of 2 weeks" in words


# -- who


def test_coordinators_are_not_shown_it(coordinator, site):
    referral = waiting(site)
    assert "What would change this" not in text_of(coordinator.get(path(referral)))
    assert coordinator.get(path(referral, "what-if")).status_code == 403


@pytest.mark.parametrize("role", [RULE_EDITORS, ADMINISTRATORS])
def test_nor_people_without_a_clinical_role(browser_of, site, role):
    assert browser_of(role).get(path(waiting(site), "what-if")).status_code == 403


def test_nor_strangers_and_other_clinics(client, browser_of, site):
    referral = waiting(site)
    address = path(referral, "what-if")
    assert client.get(address)["Location"] == f"/account/login/?next={address}"
    assert browser_of(at=SiteFactory()).get(address).status_code == 404


def test_the_look_is_recorded_without_answers(changeable, surgeon, site):
    referral = waiting(site)
    part_of(surgeon, referral)
    event = AuditEvent.objects.filter(action="referral.read").latest("number")
    assert (event.object_id, event.after) == (str(referral.pk), {"what": "what-if"})


def test_it_is_only_read(changeable, surgeon, site):
    assert surgeon.post(path(waiting(site), "what-if")).status_code == 405


def test_few_queries(changeable, surgeon, site):
    referral = waiting(site)
    part_of(surgeon, referral)
    with CaptureQueriesContext(connection) as queries:
        part_of(surgeon, referral)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 10


# -- patients


def test_no_part_of_the_intake_can_reach_it():
    graph = grimp.build_graph("screening")
    reached = graph.find_upstream_modules("screening.intake", as_package=True)
    assert "screening.interpreters.evaluate" in reached
    assert not [module for module in reached if module.startswith("screening.interpreters.whatif")]


def test_no_page_and_no_letter_for_patients_mentions_it(settings):
    folder = settings.BASE_DIR / "templates"
    texts = [one.read_text("utf-8") for kind in ("intake", "letters") for one in (folder / kind).rglob("*.*")]
    assert texts
    assert not [text for text in texts if "what-if" in text or "_ways" in text or "whatif" in text]
