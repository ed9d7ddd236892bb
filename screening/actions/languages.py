"""The language that a patient reads, and gets e-mails and letters in."""

from __future__ import annotations

from django.db import transaction

from screening import policies
from screening.actions.audit import record
from screening.models import Submission
from screening.policies import Actor


@transaction.atomic
def choose_language(*, actor: Actor, submission: Submission, language: str) -> Submission:
    """From now on; what was answered before keeps the language it was read in. Answers stay as they are."""
    locked = Submission.objects.select_for_update(of=("self",)).select_related("site").get(pk=submission.pk)
    policies.check_fill(actor, locked)
    before = locked.language
    submission.language = locked.language = language
    locked.save(update_fields=["language"])
    after = {"language": language}
    record(actor=actor, action="submission.choose_language", obj=locked, before={"language": before}, after=after)
    return submission
