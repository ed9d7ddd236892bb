"""After the last question: check every answer, say who you are, agree, send once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from screening.actions import intake
from screening.actions.identity import AGE_QUESTION, check_identity
from screening.exceptions import FieldErrors
from screening.intake import answers, drafts, known
from screening.intake.forms import IdentityForm
from screening.intake.visit import Visit, answering
from screening.models import Submission
from screening.rules.ruleset import Question

DRAFT = "about_you"


def consent_text(submission: Submission) -> str:
    """What the patient agrees to; stored with the agreement."""
    clinic = {"clinic": submission.site.name}
    if submission.is_helped:
        words = _(
            "The person I help agrees that %(clinic)s keeps these answers and contact details. The clinic's staff may "
            "read them to decide what care fits. We know that this is not a diagnosis and not emergency help."
        )
        return words % clinic
    return (
        _(
            "I agree that %(clinic)s keeps my answers and contact details. The clinic's staff may read them "
            "to decide what care fits me. I know that this is not a diagnosis and not emergency help."
        )
        % clinic
    )


def _asks(visit: Visit) -> dict[str, Any]:
    """What the form about the patient says to this person."""
    assert visit.submission is not None
    return {"consent_text": consent_text(visit.submission), "helps": visit.submission.is_helped}


@require_safe
@answering
def check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every answer, with a link to change it; also what is still open, and what is no longer needed."""
    if instead := visit.instead():
        return instead

    def address(question: Question) -> str:
        page = visit.asking.plan.page_of(question.id)
        return visit.address("questions", page.number) + f"#q-{question.id}_question" if page else ""

    steps = visit.asking.plan.steps
    return visit.show(
        "check",
        sections=answers.to_check(visit.asking, address),
        open=[(address(question), question.text) for question in visit.asking.open_questions],
        unsaved=[(address(question), question.text) for question in visit.asking.unsaved_questions],
        back=visit.address("questions", visit.asking.last_page.number),
        steps=steps + 2,
        step=steps + 1,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def about_you(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who you are, and sending. Pressing the button again leads to the same private page."""
    form = IdentityForm(request.POST, **_asks(visit))
    if request.method == "POST":
        drafts.keep(request, DRAFT, [*form.fields])
    if instead := visit.instead():
        return instead
    if visit.asking.first_open_page or visit.asking.unsaved_questions:
        return visit.go(visit.address("check"))
    if request.method != "POST":
        return _show(visit)
    if _check(visit, form) and _send(visit, form):
        drafts.drop(request, DRAFT)
        known.remember(request, visit.submission)
        return visit.go(visit.private_address)
    return visit.go(visit.about_you_address + "?look=1")


def _check(visit: Visit, form: IdentityForm) -> bool:
    """Everything wrong at once, whether the form or the action finds it."""
    form.is_valid()
    today = visit.site.local(timezone.now()).date()
    try:
        check_identity(form.identity(otherwise=today), visit.submission, today)
    except FieldErrors as error:
        form.add_errors(error)
    return not form.errors


def _send(visit: Visit, form: IdentityForm) -> bool:
    """Whether it was sent."""
    identity, text = form.identity(otherwise=timezone.now().date()), consent_text(visit.submission)
    try:
        intake.submit(actor=visit.actor, submission=visit.submission, identity=identity, consent_text=text)
    except FieldErrors:
        return False
    return True


def _show(visit: Visit) -> HttpResponse:
    """With what was typed before; `look` shows what to do about it."""
    typed = drafts.kept(visit.request, DRAFT)
    form, wrong_age = IdentityForm(initial=typed.dict(), **_asks(visit)), False
    if typed and "look" in visit.request.GET:
        form = IdentityForm(typed, **_asks(visit))
        _check(visit, form)
        wrong_age = "date_of_birth" in form.errors and form.born is not None
    page = visit.asking.plan.page_of(AGE_QUESTION)
    age = visit.address("questions", page.number) + f"#q-{AGE_QUESTION}" if page and wrong_age else ""
    return visit.show("about_you", form=form, age=age, steps=visit.asking.plan.steps + 2)
