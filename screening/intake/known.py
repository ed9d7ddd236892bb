"""Who may see a private page: whoever has its link and, once the answers are sent, knows the date of birth as well.

    @for_person(act=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    def withdraw(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
        ...

    path("<slug:site>/r/<slug:token>/withdraw/", private.withdraw, name="withdraw"),

The view gets what the link opens instead of `site` and `token`; its links are made with `submission.private_token`. It
need not know about dates of birth: while one is asked for, what was posted to the view is kept, and reaches it after.
`for_person` stands outermost, since it takes the date of birth itself, also where the view is only read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.actions import access
from screening.actions.erasing_unsent import request_of
from screening.exceptions import TooManyTries
from screening.intake import drafts, telephone
from screening.intake.access import BIRTH_PARTS, BirthForm
from screening.intake.network import network_of
from screening.intake.visit import Visit
from screening.intake.words import clock_words
from screening.models import ErasureRequest, Referral, Site, Submission
from screening.models.access import link_hash
from screening.policies import Actor

SESSION_KEY = "intake_known"
FRESH_FOR = timedelta(minutes=15)
BIRTH = "-birth"
"""The box that says: this form is the question about the date of birth."""
WAITS = "waits"
"""In an address: something posted to it waits for the date of birth."""
TYPED = "birth"
Status = Submission.Status

View = Callable[..., HttpResponse]


def for_person(view: View | None = None, *, act: bool = False, unfinished: bool = False) -> Any:
    """view(request, referral, submission, …) for an address with `site` and `token`.

    `act`: something is changed or handed out here, so that a date of birth counts for 15 minutes only, for showing the
    page as well as for what it sends. `unfinished`: the view is also for answers that were not sent, which the link
    alone opens; then `referral` may be None. Without it their owner is led to the questions, or to the emergency page.
    A link that opens nothing gets the same page, whatever the reason.
    """
    if view is None:
        return lambda late: for_person(late, act=act, unfinished=unfinished)

    @wraps(view)
    def guarded(request: HttpRequest, site: str, token: str, **options: Any) -> HttpResponse:
        clinic = get_object_or_404(Site, slug=site)
        submission = opened_by(clinic, token)
        if submission is None:
            return erased(request, clinic, token) or unknown(request, clinic)
        request.page_language.use(submission.version, submission)  # type: ignore[attr-defined]
        if submission.status != Status.SUBMITTED and not unfinished:
            return _lead(request, submission)
        instead = None if submission.status != Status.SUBMITTED else _ask_first(request, submission, act=act)
        try:
            return instead or view(request, _referral(submission), submission, **options)
        except (Submission.DoesNotExist, Referral.DoesNotExist):
            # Erased this very moment: a second press, or another window.
            return erased(request, clinic, token) or unknown(request, clinic)

    return guarded


def opened_by(site: Site, token: str) -> Submission | None:
    """What this link opens at this clinic now; a clinic that closed still shows people theirs."""
    found = (
        Submission.objects.filter(site=site, way_back__link_hash=link_hash(token))
        .select_related("site", "pathway", "way_back", "version", "referral__patient")
        .defer("version__document", "version__vignettes")
        .first()
    )
    if found is None or found.way_back.is_closed(timezone.now()) or _is_erased(found):
        return None
    return found


def erased(request: HttpRequest, site: Site, token: str) -> HttpResponse | None:
    """That nothing is held any more, to whoever still has the link of what was erased; none for any other link."""
    gone = ErasureRequest.objects.filter(site=site, link_hash=link_hash(token), status=ErasureRequest.Status.ERASED)
    if (request_for := gone.last()) is None:
        return None
    context = {"site": site, "erased_at": site.local(request_for.erased_at)}
    return render(request, "intake/erased.html", context, status=410)


def unknown(request: HttpRequest, site: Site) -> HttpResponse:
    """Someone else's link, an old one, a mistyped one, one that was left too long: all the same."""
    context = {"site": site, "unfinished_days": settings.UNFINISHED_OPEN_FOR.days}
    return render(request, "intake/unknown_link.html", context, status=404)


def remember(request: HttpRequest, submission: Submission) -> None:
    """This session has just told the date of birth that belongs to this submission.

    The session keeps its key: who presses “send” twice comes with the old one.
    """
    told = [submission.way_back.link_number, timezone.now().timestamp()]
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), str(submission.pk): told}


def is_known(request: HttpRequest, submission: Submission, *, within: timedelta | None = None) -> bool:
    """Whether it did, by the link that opens it now, and not longer ago than that."""
    link_number, told_at = request.session.get(SESSION_KEY, {}).get(str(submission.pk), (0, 0.0))
    if link_number != submission.way_back.link_number:
        return False
    return within is None or timezone.now().timestamp() - told_at <= within.total_seconds()


def forget(request: HttpRequest) -> None:
    """Somebody leaves a device that is not their own: nothing of any patient is open in this session any more."""
    drafts.drop_all(request, "intake")
    telephone.new_key(request)


def wanted_gone(submission: Submission) -> ErasureRequest | None:
    """The request to erase answers that were not sent, unless it was taken back."""
    asked = request_of(submission) if submission.status != Status.SUBMITTED else None
    return asked if asked and asked.status != ErasureRequest.Status.TAKEN_BACK else None


def _is_erased(submission: Submission) -> bool:
    return submission.status == Status.SUBMITTED and (_referral(submission) is None or not submission.referral.patient)


def _referral(submission: Submission) -> Referral | None:
    return getattr(submission, "referral", None)


def _lead(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Where unfinished answers are. Whoever needs help now sees that page at once."""
    if submission.status != Status.STOPPED:
        return redirect("intake:go_on", site=submission.site.slug, token=submission.private_token)
    visit = Visit(request, submission.site, submission.pathway)
    visit.take(submission)
    return visit.go(visit.address("emergency"))


# The date of birth --------------------------------------------------------------------------------------------------


def _ask_first(request: HttpRequest, submission: Submission, *, act: bool) -> HttpResponse | None:
    """The question, or what follows it; None where the view may go on, with what was posted to it before."""
    if is_known(request, submission, within=FRESH_FOR if act else None):
        return None
    if request.method != "POST":
        return _show(request, submission)
    if BIRTH not in request.POST:
        drafts.keep(request, _waiting(request), [*request.POST])
        return redirect(f"{request.path}?{WAITS}=1")
    if not _is_right(request, submission):
        drafts.keep(request, TYPED, BIRTH_PARTS)
        return redirect(f"{request.path}?look=1" + (f"&{WAITS}=1" if WAITS in request.GET else ""))
    drafts.drop(request, TYPED)
    telephone.new_key(request)
    remember(request, submission)
    waiting = drafts.kept(request, _waiting(request)) if WAITS in request.GET else None
    drafts.drop(request, _waiting(request))
    if not waiting:
        return redirect(request.path)
    request.POST = waiting  # type: ignore[assignment]
    return None


def _is_right(request: HttpRequest, submission: Submission) -> bool:
    form = BirthForm(request.POST)
    if not form.is_valid() or form.born is None:
        return False
    try:
        return access.try_birth(
            actor=Actor.patient(submission.site), submission=submission, born=form.born, network=network_of(request)
        )
    except TooManyTries:
        return False


def _show(request: HttpRequest, submission: Submission) -> HttpResponse:
    typed, until = drafts.kept(request, TYPED), access.locked_until(about=submission, network=network_of(request))
    form = BirthForm(typed) if typed and "look" in request.GET else BirthForm()
    if form.is_valid() and not until:
        form.add_error(BIRTH_PARTS[0], _("This date of birth does not belong to this link. Check it, then try again."))
    context = {
        "site": submission.site,
        "form": form,
        "until": until and words_until(submission.site, until),
        "again": is_known(request, submission),
        "waits": WAITS in request.GET,
        "helps": submission.is_helped,
    }
    return send_from_here(render(request, "intake/birth.html", context))


def words_until(site: Site, until: datetime) -> str:
    """When tries are taken again; rounded up, so that it is not a minute too early."""
    return clock_words(site, until + timedelta(minutes=1))


def send_from_here(response: HttpResponse) -> HttpResponse:
    """Under no-referrer a form's Origin would be "null", which the CSRF check refuses. Other sites learn nothing."""
    response["Referrer-Policy"] = "same-origin"
    return response


def _waiting(request: HttpRequest) -> str:
    """By the page's name, not by its address: that has the link in it, and the session is stored."""
    match = request.resolver_match
    assert match is not None
    parts = [str(part) for name, part in sorted(match.kwargs.items()) if name not in ("site", "token")]
    return "_".join(["waits", str(match.url_name), *parts])
