"""A page of questions: shown, redrawn while it is filled in, saved by its button."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from screening.actions import intake
from screening.intake.asking import Asking
from screening.intake.pages import Page
from screening.intake.questions import QuestionsForm, render_slot
from screening.intake.sent import SentPage
from screening.intake.visit import WARNED_KEY, Visit, answering, visiting
from screening.models import Submission
from screening.rules.ruleset import Question


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def page(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One page. Nobody gets past a page that still has something to ask: safety comes first."""
    # What another tab still sends after the emergency page came up is kept as well; then that tab goes there too.
    kept_behind_emergency = request.method == "POST" and visit.has(Submission.Status.STOPPED)
    if (elsewhere := visit.elsewhere()) and not kept_behind_emergency:
        return visit.go(elsewhere)
    here = _page_or_404(visit, number)
    if request.method == "POST":
        return _save(visit, here)
    open_page = visit.asking.first_open_page
    if not visit.asking.on(here) or (open_page and open_page.number < number):
        return visit.go(visit.next_address)
    return _show(visit, here)


def _save(visit: Visit, page: Page) -> HttpResponse:
    sent = SentPage(page, visit.request.POST)
    step = intake.save_step(
        actor=visit.actor,
        submission=_submission(visit),
        page=str(page.number),
        answers=sent.answers,
        texts=sent.texts,
        entered=sent.entered,
    )
    visit.submission = step.submission
    visit.asking = Asking.of(step.submission)
    if step.stop:
        return visit.go(visit.address("emergency"))
    if step.new_alarms:
        visit.request.session[WARNED_KEY] = list(step.new_alarms)
        return visit.go(visit.address("warning"))
    # A page with something left to do is loaded anew as well: then reloading it, or coming back, sends nothing again.
    return visit.go(visit.address("questions", page.number) if visit.asking.open_on(page) else visit.next_address)


def _show(visit: Visit, page: Page) -> HttpResponse:
    before = visit.asking.page_before(page)
    return visit.show(
        "questions",
        page=page,
        form=QuestionsForm(visit.asking, visit.asking.on(page)).arranged(page.questions),
        steps=visit.asking.plan.steps + 2,
        back=visit.address("questions", before.number) if before else visit.address("start"),
        appeared=len(visit.asking.appeared(page)),
        redraw=visit.address("shown", page.number) if page.branches else "",
    )


@require_POST
@answering
def shown(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """For htmx: the questions that appear or go away with what is ticked now. Stores nothing, touches nothing else."""
    page = _page_or_404(visit, number)
    sent = SentPage(page, request.POST)
    asking = sent.on_top_of(_submission(visit))
    appeared = [question for question in asking.on(page) if question.id not in sent.seen]
    gone = [question for question in page.questions if question.id in sent.seen - asking.asked]
    form = QuestionsForm(asking, appeared, with_problems=False)
    slots = [render_slot(form, question, swap=True) for question in [*appeared, *gone]]
    return HttpResponse("".join([*slots, _news(appeared, gone)]))


def _news(appeared: list[Question], gone: list[Question]) -> str:
    """What a screen reader says about it."""
    said = [f"New question below: {question.text}" for question in appeared]
    said += [f"No longer needed: {question.text}" for question in gone]
    return format_html('<div id="news" hx-swap-oob="innerHTML">{}</div>', " ".join(said)) if said else ""


def _page_or_404(visit: Visit, number: int) -> Page:
    page = visit.asking.plan.page(number)
    if page is None:
        raise Http404
    return page


def _submission(visit: Visit) -> Submission:
    assert visit.submission is not None
    return visit.submission
