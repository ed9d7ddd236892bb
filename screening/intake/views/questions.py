"""A page of questions: shown, redrawn while it is filled in, saved by its button."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from screening.actions import intake, moving
from screening.intake.pages import Page
from screening.intake.questions import QuestionsForm, render_slot
from screening.intake.sent import SentPage
from screening.intake.visit import Visit, answering, visiting
from screening.models import Submission
from screening.rules.ruleset import Question

VERSION = "-version"
"""The box that says which version asked the page."""


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def page(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One page. Nobody gets past a page that still has something to ask: safety comes first."""
    # What another tab still sends after the emergency page came up is kept as well; then that tab goes there too.
    kept_behind_emergency = request.method == "POST" and visit.has(Submission.Status.STOPPED)
    if (elsewhere := visit.elsewhere()) and not kept_behind_emergency:
        return visit.go(elsewhere)
    if request.method == "POST":
        return _save(visit, number)
    if instead := visit.instead():
        return instead
    # An earlier version may have had more pages.
    here, open_page = visit.asking.plan.page(number), visit.asking.first_open_page
    if here is None or not visit.asking.on(here) or (open_page and open_page.number < number):
        return visit.go(visit.next_address)
    return _show(visit, here)


def _save(visit: Visit, number: int) -> HttpResponse:
    """Kept as the page's version asked it, also where a newer one is live by now: what that asks comes next."""
    outdated = _outdated(visit)
    here = _page_or_404(visit, number) if outdated is None else None
    sent = SentPage(here.questions if here else outdated or (), visit.request.POST)
    step = intake.save_step(
        actor=visit.actor,
        submission=_submission(visit),
        page=str(number),
        answers=sent.answers,
        texts=sent.texts,
        entered=sent.entered,
    )
    return visit.after(step, here)


def _outdated(visit: Visit) -> list[Question] | None:
    """Of a page that was loaded before the answers were moved to a newer version: the questions that mean the same now.

    Wherever they stand now. What has changed since is asked again, so an answer to its old words is not one. None for
    any other page.
    """
    submission, said = _submission(visit), visit.request.POST.get(VERSION, "")
    if said == str(submission.version.number) or not (said.isdecimal() and len(said) < 10):
        return None
    older = visit.pathway.versions.filter(number=int(said)).first()
    if older is None:
        return None
    ruleset = submission.version.ruleset
    going = moving.between(older.ruleset, ruleset)
    same = (question for question in ruleset.questions if question.id not in {*going.ask, *going.reshaped})
    return [question for question in same if question.audience == "patient"]


def _show(visit: Visit, page: Page) -> HttpResponse:
    before, has_changed = visit.asking.page_before(page), visit.asking.has_changed(page)
    return visit.show(
        "questions",
        page=page,
        form=QuestionsForm(visit.asking, visit.asking.to_show(page)).arranged(page.questions),
        version=_submission(visit).version.number,
        changed=has_changed,
        steps=visit.asking.plan.steps + 2,
        back=visit.address("questions", before.number) if before else visit.address("start"),
        appeared=len(visit.asking.appeared(page)),
        # While it shows only what has changed, what that opens comes when it is saved.
        redraw=visit.address("shown", page.number) if page.branches and not has_changed else "",
    )


@require_POST
@answering
def shown(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """For htmx: the questions that appear or go away with what is ticked now. Stores nothing, touches nothing else."""
    if _outdated(visit) is not None:
        return HttpResponse()
    page = _page_or_404(visit, number)
    sent = SentPage(page.questions, request.POST)
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
