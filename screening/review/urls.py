"""Addresses of the review pages."""

from django.urls import path

from screening.review.tasks import TASKS
from screening.review.views import calls, case, task, worklist

app_name = "review"
urlpatterns = [
    path("", worklist.show, name="worklist"),
    path("call-backs/", calls.show, name="call-backs"),
    path("call-backs/waiting/", calls.waiting, name="call-backs-waiting"),
    path("call-backs/flood/<slug:flood>/close/", calls.close_flood, name="call-back-flood"),
    path("call-backs/<int:call_back>/take/", calls.take, name="call-back-take"),
    path("call-backs/<int:call_back>/call/", calls.note, name="call-back-call"),
    path("call-backs/<int:call_back>/close/", calls.close, name="call-back-close"),
    path("<slug:reference>/", case.show, name="case"),
    path("<slug:reference>/rules/", case.rules, name="rules"),
    path("<slug:reference>/what-if/", case.what_if, name="what-if"),
    path("<slug:reference>/readers/", case.readers, name="readers"),
    path("<slug:reference>/decide/differs/", task.differs, name="differs"),
    *(path(f"<slug:reference>/{name}/", task.do, {"name": name}, name=name) for name in TASKS),
]
