"""Addresses of the intake. They name a clinic and a pathway, never a person's answers, and nothing about health."""

from django.urls import path

from screening.intake.letter import LARGE
from screening.intake.views import (
    coming_back,
    doors,
    keeping,
    language,
    private,
    questions,
    results,
    sending,
    start,
    urgent,
)

app_name = "intake"
urlpatterns = [
    path("", doors.sites, name="sites"),
    path("language/", language.anywhere, name="language"),
    path("<slug:site>/", doors.pathways, name="site"),
    path("<slug:site>/come-back/", coming_back.by_code, name="come_back"),
    path("<slug:site>/r/<slug:token>/", private.page, name="private"),
    path("<slug:site>/r/<slug:token>/go-on/", coming_back.by_link, name="go_on"),
    path("<slug:site>/r/<slug:token>/keep/", keeping.keep, name="keep"),
    path("<slug:site>/r/<slug:token>/language/", language.of_private, name="language_of_private"),
    path("<slug:site>/r/<slug:token>/answer/", private.answer, name="answer"),
    path("<slug:site>/r/<slug:token>/worse/", private.start_worse, name="worse"),
    path("<slug:site>/r/<slug:token>/worse/<int:number>/", private.worse, name="worse_page"),
    path("<slug:site>/r/<slug:token>/worse/end/", private.worse_end, name="worse_end"),
    path("<slug:site>/r/<slug:token>/worse/told/", private.told, name="worse_told"),
    path("<slug:site>/r/<slug:token>/emergency/", private.emergency, name="worse_emergency"),
    path("<slug:site>/r/<slug:token>/contact/", private.contact, name="contact"),
    path("<slug:site>/r/<slug:token>/correction/", private.correction, name="correction"),
    path("<slug:site>/r/<slug:token>/withdraw/", private.withdraw, name="withdraw"),
    path("<slug:site>/r/<slug:token>/wait-again/", private.wait_again, name="wait_again"),
    path("<slug:site>/r/<slug:token>/held/", private.held, name="held"),
    path("<slug:site>/r/<slug:token>/held/file/", private.download, name="download"),
    path("<slug:site>/r/<slug:token>/opened/", private.opened, name="opened"),
    path("<slug:site>/r/<slug:token>/erasure/", private.erasure, name="erasure"),
    path("<slug:site>/r/<slug:token>/decision/", results.decision, name="decision"),
    path("<slug:site>/r/<slug:token>/decision.pdf", results.decision_pdf, name="decision_pdf"),
    path("<slug:site>/r/<slug:token>/decision-large.pdf", results.decision_pdf, {"size": LARGE}, name="decision_large"),
    path("<slug:site>/r/<slug:token>/letter.pdf", results.result_pdf, name="letter"),
    path("<slug:site>/r/<slug:token>/letter-large.pdf", results.result_pdf, {"size": LARGE}, name="letter_large"),
    path("<slug:site>/<slug:pathway>/", start.page, name="start"),
    path("<slug:site>/<slug:pathway>/language/", language.of_questions, name="language_of_questions"),
    path("<slug:site>/<slug:pathway>/save/", keeping.save, name="save"),
    path("<slug:site>/<slug:pathway>/start-again/", start.again, name="again"),
    path("<slug:site>/<slug:pathway>/questions/<int:number>/", questions.page, name="questions"),
    path("<slug:site>/<slug:pathway>/questions/<int:number>/unsaved/", questions.unsaved, name="unsaved"),
    path("<slug:site>/<slug:pathway>/check/", sending.check, name="check"),
    path("<slug:site>/<slug:pathway>/about-you/", sending.about_you, name="about_you"),
    path("<slug:site>/<slug:pathway>/emergency/", urgent.emergency, name="emergency"),
    path("<slug:site>/<slug:pathway>/warning/", urgent.warning, name="warning"),
]
