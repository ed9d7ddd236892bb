"""Addresses of the intake. They name a clinic and a pathway, never a person's answers, and nothing about health."""

from django.urls import path

from screening.intake.views import doors, private, questions, sending, start, urgent

app_name = "intake"
urlpatterns = [
    path("", doors.sites, name="sites"),
    path("<slug:site>/", doors.pathways, name="site"),
    path("<slug:site>/r/<slug:token>/", private.page, name="private"),
    path("<slug:site>/r/<slug:token>/answer/", private.answer, name="answer"),
    path("<slug:site>/<slug:pathway>/", start.page, name="start"),
    path("<slug:site>/<slug:pathway>/start-again/", start.again, name="again"),
    path("<slug:site>/<slug:pathway>/questions/<int:number>/", questions.page, name="questions"),
    path("<slug:site>/<slug:pathway>/questions/<int:number>/shown/", questions.shown, name="shown"),
    path("<slug:site>/<slug:pathway>/check/", sending.check, name="check"),
    path("<slug:site>/<slug:pathway>/about-you/", sending.about_you, name="about_you"),
    path("<slug:site>/<slug:pathway>/emergency/", urgent.emergency, name="emergency"),
    path("<slug:site>/<slug:pathway>/warning/", urgent.warning, name="warning"),
]
