"""Addresses of the review pages."""

from django.urls import path

from screening.review.tasks import TASKS
from screening.review.views import case, task, worklist

app_name = "review"
urlpatterns = [
    path("", worklist.show, name="worklist"),
    path("<str:reference>/", case.show, name="case"),
    path("<str:reference>/rules/", case.rules, name="rules"),
    path("<str:reference>/what-if/", case.what_if, name="what-if"),
    path("<str:reference>/readers/", case.readers, name="readers"),
    path("<str:reference>/decide/differs/", task.differs, name="differs"),
    *(path(f"<str:reference>/{name}/", task.do, {"name": name}, name=name) for name in TASKS),
]
