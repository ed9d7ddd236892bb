"""The two doors for people; the third is Django's admin (config/urls.py)."""

from django.urls import include, path

urlpatterns = [
    path("review/", include("screening.review.urls")),
    path("", include("screening.intake.urls")),
]
