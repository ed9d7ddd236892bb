"""Where staff begin and end a call. Among their pages: what is between is the intake."""

from django.urls import path

from screening.intake.views import telephone

app_name = "telephone"
urlpatterns = [
    path("", telephone.begin, name="begin"),
    path("end/", telephone.end, name="end"),
]
