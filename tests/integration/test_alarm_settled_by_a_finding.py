"""An alarm that a clinician's finding settles was not taken back by the patient; one that the patient changed was."""

import io

import pytest
from django.core.management import call_command

from screening.actions import intake, review
from screening.models import Pathway, Referral
from screening.policies import Actor
from screening.rulesets import load_vignettes, shipped
from tests.factories import SiteFactory, identity, staff_actor

pytestmark = pytest.mark.django_db
VIGNETTES = load_vignettes(shipped("lumbar-miss.vignettes"))
BASE = VIGNETTES.profiles["back_pain"].answers


@pytest.fixture
def pathway():
    site = SiteFactory()
    call_command("load_ruleset", str(shipped("lumbar-miss")), publish=True, site=[site.slug], stdout=io.StringIO())
    return Pathway.objects.get(pk="lumbar-miss")


def sent(pathway, *pages: dict) -> Referral:
    """A referral whose patient saved these pages, one after the other."""
    site = pathway.sites.get()
    patient = Actor.patient(site)
    submission = intake.start_submission(actor=patient, site=site, pathway=pathway)
    for answers in pages:
        plain = {key: list(value) if isinstance(value, tuple) else value for key, value in answers.items()}
        intake.save_step(actor=patient, submission=submission, page="p", answers=plain, texts={}, entered={})
    who = identity(date_of_birth=identity().date_of_birth.replace(year=identity().date_of_birth.year + 5))
    return intake.submit(actor=patient, submission=submission, identity=who, consent_text="I agree.")


def after_findings(referral: Referral, **findings) -> set[str]:
    surgeon = staff_actor(referral.site)
    referral = review.claim(actor=surgeon, referral=referral, expected_revision=referral.revision)
    made = review.reassess(
        actor=surgeon,
        referral=referral,
        expected_revision=referral.revision,
        answers=findings,
        texts={},
        via="web",
    )
    return set(made.read_outcome().fired)


FRACTURE = {**BASE, "known_conditions": ["fracture"], "fracture_weeks": 3}


def test_scoring_a_fracture_settles_its_alarm_and_nothing_was_taken_back(pathway):
    referral = sent(pathway, FRACTURE)
    assert "T08" in referral.assessment.read_outcome().fired
    fired = after_findings(referral, c_tlics=2)
    assert "T08" not in fired
    assert "W01" not in fired


def test_an_alarm_the_patient_took_back_stays_so_after_findings(pathway):
    referral = sent(pathway, FRACTURE, {"known_conditions": ["none"]})
    assert "W01" in referral.assessment.read_outcome().fired
    assert "W01" in after_findings(referral, c_tlics=2)
