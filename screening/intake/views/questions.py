"""A page of questions: shown, kept and redrawn while it is filled in, saved by its button."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.actions import intake, moving
from screening.actions.unsaved import keep_unsaved, would_stop
from screening.intake import hidden
from screening.intake.asking import Asking
from screening.intake.entry import understood
from screening.intake.pages import Page
from screening.intake.questions import QuestionsForm, render_slot
from screening.intake.sent import SentPage
from screening.intake.views.urgent import saved_or_help
from screening.intake.visit import Visit, visiting
from screening.models import Submission
from screening.rules.ruleset import Question


@require_http_methods(["GET", "HEAD", "POST"])
@visiting
def page(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One page. Nobody gets past a page that still has something to ask: safety comes first."""
    if request.method == "POST" and (left := hidden.left_behind(request, visit.pathway, visit.submission)):
        _keep(visit, left, number)
        return visit.go(visit.address("start") + "?lost=1&kept=1")
    # What another tab still sends after the emergency page came up is kept as well; then that tab goes there too.
    kept_behind_emergency = request.method == "POST" and visit.has(Submission.Status.STOPPED)
    if (elsewhere := visit.elsewhere()) and not kept_behind_emergency:
        return visit.go(elsewhere)
    if request.method == "POST" and visit.switches_language:
        _keep(visit, _submission(visit), number)
        return visit.go(visit.address("questions", number))
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
    submission = _submission(visit)
    outdated = _outdated(visit, submission)
    here = _page_or_404(visit, number) if outdated is None else None
    data = visit.request.POST
    sent = SentPage(here.questions if here else outdated or (), data)
    sent.changed_since(submission, hidden.number(data, hidden.STEP), hidden.loaded(data))
    save = partial(
        intake.save_step,
        actor=visit.actor,
        submission=submission,
        page=str(number),
        answers=sent.answers,
        texts=sent.texts,
        entered=sent.entered,
    )
    return saved_or_help(visit, sent, here, save)


def _outdated(visit: Visit, submission: Submission) -> list[Question] | None:
    """Of a page that was loaded before the answers were moved to a newer version: the questions that mean the same now.

    Wherever they stand now. What has changed since is asked again, so an answer to its old words is not one. None for
    any other page.
    """
    said = hidden.number(visit.request.POST, hidden.VERSION)
    if said is None or said == submission.version.number:
        return None
    older = visit.pathway.versions.filter(number=said).first()
    if older is None:
        return None
    ruleset = submission.version.ruleset
    going = moving.between(older.ruleset, ruleset)
    same = (question for question in ruleset.questions if question.id not in {*going.ask, *going.reshaped})
    return [question for question in same if question.audience == "patient"]


def _show(visit: Visit, page: Page) -> HttpResponse:
    """With what was ticked and typed on it before, also where its button was not pressed."""
    before, has_changed, submission = visit.asking.page_before(page), visit.asking.has_changed(page), _submission(visit)
    asking = Asking.with_unsaved(submission, _of(page, submission))
    return visit.show(
        "questions",
        page=page,
        form=QuestionsForm(asking, asking.to_show(page)).arranged(page.questions),
        marks=hidden.marks(submission),
        changed=has_changed,
        steps=visit.asking.plan.steps + 2,
        back=visit.address("questions", before.number) if before else visit.address("start"),
        appeared=len(visit.asking.appeared(page)),
        unsaved=bool(asking.unsaved),
        stops=_stops(submission),
        keep=visit.address("unsaved", page.number),
    )


def _of(page: Page, submission: Submission) -> dict[str, dict[str, object]]:
    """What stands on the page and was not saved."""
    on_it = {question.id for question in page.questions}
    return {key: value for key, value in submission.unsaved.items() if key in on_it}


@require_POST
@visiting
def unsaved(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """For htmx, while a page is filled in: keeps what stands on it, and tells what appears, goes away, was understood.

    It is no step: nothing is assessed, and only the button leads on. What it needs of the browser's session, the page
    itself has too: somebody whose session ended loses nothing.
    """
    if left := hidden.left_behind(request, visit.pathway, visit.submission):
        _keep(visit, left, number)
        return HttpResponse(status=204)
    if visit.submission is None:
        return HttpResponse(status=403)
    if elsewhere := visit.elsewhere():
        return visit.go(elsewhere)
    before = _submission(visit)
    sent, stops = _keep(visit, before, number)
    page = visit.asking.plan.page(number)
    # While it shows only what has changed, what that opens comes when it is saved.
    if page is None or _outdated(visit, before) is not None or visit.asking.has_changed(page):
        return HttpResponse(status=204)
    return _redrawn(page, sent, before, _submission(visit), stops=stops)


def _keep(visit: Visit, submission: Submission, number: int) -> tuple[SentPage, bool]:
    """Keep the page; whether it would stop the intake."""
    outdated, page = _outdated(visit, submission), Asking.of(submission).plan.page(number)
    if outdated is None and page is None:
        raise Http404
    data = visit.request.POST
    sent = SentPage(outdated if outdated is not None else page.questions if page else (), data)
    sent.changed_since(submission, hidden.number(data, hidden.STEP), hidden.loaded(data))
    kept = keep_unsaved(
        actor=visit.actor,
        submission=submission,
        page=str(number),
        answers=sent.unsaved,
        window=hidden.loaded(data),
    )
    if visit.submission == kept.submission:
        visit.submission = kept.submission
    return sent, kept.stops


def _redrawn(page: Page, sent: SentPage, before: Submission, now: Submission, *, stops: bool) -> HttpResponse:
    """The questions that appear or go away, and what was understood. Nothing else on the page is touched."""
    asking = Asking.with_unsaved(now, _of(page, now))
    appeared = [question for question in asking.on(page) if question.id not in sent.seen]
    gone = [question for question in page.questions if question.id in sent.seen - asking.asked]
    form = QuestionsForm(asking, appeared, with_problems=False)
    slots = [render_slot(form, question, swap=True) for question in [*appeared, *gone]]
    told = _newly_understood(page, Asking.with_unsaved(before, _of(page, before)), asking, sent)
    lines = [_understood_line(question_id, words) for question_id, words in told.items()]
    news = _news(appeared, gone, [words for words in told.values() if words])
    looks_urgent = render_to_string("intake/_stop_now.html", {"stops": stops, "swap": True})
    return HttpResponse("".join([*slots, *lines, news, looks_urgent if stops != _stops(before) else ""]))


def _stops(submission: Submission) -> bool:
    """Whether what stands on the pages would stop the intake."""
    return submission.unsaved_alarm and would_stop(submission)


def _newly_understood(page: Page, before: Asking, now: Asking, sent: SentPage) -> dict[str, str]:
    """The id of each question → what was understood of it, where that is not what it was."""
    found = {}
    for question in (one for one in page.questions if one.id in sent.seen & now.asked):
        was, told = (_understood(question, asking) for asking in (before, now))
        if told != was:
            found[question.id] = told and _("We understood: %(answer)s") % {"answer": told}
    return found


def _understood(question: Question, asking: Asking) -> str:
    return understood(question, asking.answers.get(question.id), asking.entered.get(question.id))


def _understood_line(question_id: str, words: str) -> str:
    return format_html('<p id="q-{}_understood" hx-swap-oob="innerHTML">{}</p>', question_id, words)


def _news(appeared: Iterable[Question], gone: Iterable[Question], understood: Iterable[str]) -> str:
    """What a screen reader says about it."""
    said = [_("New question below: %(question)s") % {"question": question.text} for question in appeared]
    said += [_("No longer needed: %(question)s") % {"question": question.text} for question in gone]
    said += understood
    return format_html('<div id="news" hx-swap-oob="innerHTML">{}</div>', " ".join(said)) if said else ""


def _page_or_404(visit: Visit, number: int) -> Page:
    page = visit.asking.plan.page(number)
    if page is None:
        raise Http404
    return page


def _submission(visit: Visit) -> Submission:
    assert visit.submission is not None
    return visit.submission
