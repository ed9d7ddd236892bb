"""The two doors for people; the third is Django's admin (config/urls.py)."""

from django.urls import include, path

urlpatterns = [
    path("review/telephone/", include("screening.intake.telephone_urls")),
    path("review/", include("screening.review.urls")),
    path("", include("screening.intake.urls")),
]
