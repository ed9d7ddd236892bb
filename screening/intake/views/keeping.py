"""Leaving, and a way back: the private link, by e-mail if wanted, a code to write down, new ones, and stopping here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from screening.actions import access
from screening.actions.erasing_unsent import needs_the_clinic
from screening.exceptions import FieldErrors, TooManyTries
from screening.intake import drafts, known, telephone
from screening.intake.access import EmailForm
from screening.intake.known import for_person, send_from_here
from screening.intake.network import network_of
from screening.intake.visit import Visit, answering
from screening.models import Referral, Submission
from screening.models.access import shown_code
from screening.policies import Actor

MAIL, CODE = "keep_mail", "keep_code"


@dataclass(frozen=True)
class Keeping:
    """One look at the page. `here`: its own address; `on`: where the person came from, and goes on."""

    request: HttpRequest
    submission: Submission
    here: str
    on: str

    @property
    def actor(self) -> Actor:
        return Actor.patient(self.submission.site)


@answering
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, visit: Visit) -> HttpResponse:
    """While the questions are being answered."""
    assert visit.submission is not None
    return _answer(Keeping(request, visit.submission, visit.address("save"), visit.next_address))


@for_person(act=True)
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, referral: Referral, submission: Submission) -> HttpResponse:
    """After they were sent: whoever is here has told the date of birth."""
    return send_from_here(_answer(_sent(request, submission)))


def _sent(request: HttpRequest, submission: Submission) -> Keeping:
    where = [submission.site.slug, submission.private_token]
    return Keeping(request, submission, reverse("intake:keep", args=where), reverse("intake:private", args=where))


def _answer(keeping: Keeping) -> HttpResponse:
    if keeping.request.method != "POST":
        return _show(keeping)
    do = DOES.get(keeping.request.POST.get("do", ""))
    return do(keeping) if do else redirect(keeping.here)


def _mail(keeping: Keeping) -> HttpResponse:
    request = keeping.request
    drafts.keep(request, MAIL, ["email"])
    try:
        access.mail_link(
            actor=keeping.actor,
            submission=keeping.submission,
            email=request.POST.get("email", ""),
            network=network_of(request),
        )
    except FieldErrors:
        return redirect(f"{keeping.here}?look=1")
    except TooManyTries:
        messages.warning(request, _("We have sent this link several times. Look for our e-mail, or try again later."))
        return redirect(keeping.here)
    drafts.drop(request, MAIL)
    messages.success(request, _("We send the link to you by e-mail. It can take a few minutes."))
    return redirect(keeping.here)


def _code(keeping: Keeping) -> HttpResponse:
    code = access.make_code(actor=keeping.actor, submission=keeping.submission)
    drafts.put(keeping.request, CODE, shown_code(code))
    return redirect(f"{keeping.here}#code")


def _link(keeping: Keeping) -> HttpResponse:
    request, submission = keeping.request, keeping.submission
    access.replace_link(actor=keeping.actor, submission=submission)
    submission.way_back.refresh_from_db()
    Visit(request, submission.site, submission.pathway).take(submission)
    if submission.status == Submission.Status.SUBMITTED:
        known.remember(request, submission)
        keeping = _sent(request, submission)
    messages.success(request, _("You have a new link. The old one opens nothing any more, on no device."))
    return redirect(keeping.here)


def _leave(keeping: Keeping) -> HttpResponse:
    if telephone.is_under_way(keeping.request):
        return redirect("telephone:end")
    known.forget(keeping.request)
    return redirect(reverse("intake:come_back", args=[keeping.submission.site.slug]) + "?left=1")


DOES: dict[str, Callable[[Keeping], HttpResponse]] = {"mail": _mail, "code": _code, "link": _link, "leave": _leave}


def _show(keeping: Keeping) -> HttpResponse:
    request, submission = keeping.request, keeping.submission
    typed = drafts.kept(request, MAIL)
    form = EmailForm(initial=typed.dict())
    if typed and "look" in request.GET:
        form = EmailForm(typed)
        form.add_error("email", _("Enter an e-mail address, like name@example.com."))
    closes_at, token = submission.way_back.closes_at, submission.private_token
    context = {
        "site": submission.site,
        "form": form,
        "sends_email": settings.SENDS_EMAIL,
        "link": request.build_absolute_uri(reverse("intake:private", args=[submission.site.slug, token])),
        # Told once: whoever comes to this browser later must not find it.
        "code": drafts.take(request, CODE) if request.method == "GET" else "",
        "has_code": submission.way_back.code_hash is not None,
        "closes_at": closes_at and submission.site.local(closes_at),
        "on": keeping.on,
        "sent": closes_at is None,
        "is_seen": closes_at is not None and needs_the_clinic(submission),
        "token": token,
        "erasure": known.wanted_gone(submission),
    }
    return render(request, "intake/keep.html", context)
