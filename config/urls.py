"""Where each door is. Patients' addresses begin with their clinic, so every other first part is a reserved word."""

from django.urls import include, path

from screening.admin.site import site
from screening.views import health

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/feedback/", include("screening.admin.feedback")),
    path("admin/jobs/", include("screening.admin.jobs")),
    path("admin/erasure/", include("screening.admin.erasure")),
    path("admin/", site.urls),
    path("account/", include("allauth.urls")),
    path("", include("screening.urls")),
]
