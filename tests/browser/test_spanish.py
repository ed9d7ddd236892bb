"""From the first page to the result in Spanish, on a phone, in a demo, where the shipped draft is offered."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.models import Submission
from screening.rulesets import load_vignettes, shipped
from tests.browser.conftest import PHONE
from tests.browser.intake_pages import Patient
from tests.factories import SiteFactory, lumbar_pathway

pytestmark = pytest.mark.django_db(transaction=True)

VIGNETTES = load_vignettes(shipped("lumbar-miss").with_name("lumbar-miss.vignettes.yaml"))
READY = {
    key: list(value) if isinstance(value, tuple) else value
    for key, value in VIGNETTES.profiles["sciatica_ready"].answers.items()
    if not key.startswith("c_")
}


class SpanishPatient(Patient):
    """Presses the same buttons by their Spanish names."""

    def begin(self) -> SpanishPatient:
        self.page.goto(self.address)
        self.press("Empezar")
        return self

    def save(self) -> SpanishPatient:
        self.press("Guardar y seguir")
        return self

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def patient(live_server, open_window, settings):
    settings.DEMO_MODE = True
    pathway = lumbar_pathway(SiteFactory(slug="northfield", name="Northfield Clinic"))
    window = open_window(size=PHONE, locale="es-MX")
    return SpanishPatient(window, f"{live_server.url}/northfield/lumbar-miss/", pathway.live_version.ruleset, READY)


def test_the_whole_way_in_spanish(patient, assert_accessible):
    def is_spanish(window: Page) -> None:
        assert window.evaluate("document.documentElement.lang") == "es"
        assert_accessible(window)

    patient.begin().answer_everything(is_spanish)
    window = patient.page
    expect(window.get_by_role("heading", level=1)).to_contain_text("Revise sus respuestas")
    is_spanish(window)
    window.get_by_role("link", name="Estas respuestas son correctas").click()
    is_spanish(window)
    window.get_by_label("Su nombre completo").fill("María Quintana")
    for label, text in (("Día", "1"), ("Mes", "1"), ("Año", str(timezone.now().year - READY["age_years"]))):
        window.get_by_label(label, exact=True).fill(text)
    window.get_by_label("Por teléfono", exact=True).check()
    window.get_by_label("Su número de teléfono").fill("020 7946 0123")
    window.locator('[name="consent"]').check()
    patient.press("Enviar mis respuestas")
    expect(window).to_have_url(re.compile("/r/"))
    expect(window.get_by_role("heading", name="Qué significa esto")).to_be_visible()
    is_spanish(window)
    assert Submission.objects.get().language == "es"


def test_switching_in_the_middle_of_a_page_keeps_what_was_chosen(patient, assert_accessible):
    window = patient.begin().page
    window.get_by_label("No", exact=True).first.check()
    patient.press("English")
    expect(window.get_by_label("No", exact=True).first).to_be_checked()
    assert window.evaluate("document.documentElement.lang") == "en"
    patient.press("Español")
    expect(window.get_by_label("No", exact=True).first).to_be_checked()
    assert window.evaluate("document.documentElement.lang") == "es"
    assert_accessible(window)
