"""A process that fills in and sends submissions until it is killed, and says what it was promised is stored."""

# ruff: noqa: E402, T201  (Django is set up before its models are imported; printing is what this is for)

import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command

from screening.actions.audit import verify_chain
from screening.models import Assessment, AuditEvent, Offering, Patient, Referral, Submission
from tests.factories import ADULT, OfferingFactory, SiteFactory, save_page, started, submitted


def prepare() -> None:
    call_command("migrate", verbosity=0)
    OfferingFactory(site=SiteFactory(slug="clinic"))


def write() -> None:
    site = Offering.objects.get().site
    while True:
        submission = started(site)
        for question, answer in ADULT.items():
            save_page(submission, {question: answer})
            say("saved", submission.pk, question)
        submitted(submission)
        say("sent", submission.pk, "")


def look(promised: str) -> None:
    """Checks the database against the promises in a file; prints what is wrong."""
    for line in Path(promised).read_text(encoding="utf-8").splitlines():
        kind, key, question = line.split(" ")
        submission = Submission.objects.get(pk=key)
        if kind == "saved" and question not in submission.answers:
            say("lost answer", key, question)
        if kind == "sent" and not hasattr(submission, "referral"):
            say("lost referral", key, question)
    sent = Submission.objects.filter(status="submitted").count()
    made = [Referral.objects.filter(patient__isnull=False).count(), Patient.objects.count(), Assessment.objects.count()]
    events = AuditEvent.objects.filter(action="submission.submit").count()
    if {sent, events, *made} != {sent}:
        say("half made:", sent, [*made, events])
    for problem in verify_chain():
        say("audit:", problem, "")
    say("looked at", sent, "")


def say(*words: object) -> None:
    print(*words, flush=True)


if __name__ == "__main__":
    {"prepare": prepare, "write": write, "look": look}[sys.argv[1]](*sys.argv[2:])
