"""One request of a patient: at which clinic, for which questions, and the answers that belong to this browser.

Which answers are theirs only the session knows; no address names them. The private page is the exception, by its token.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from screening import policies
from screening.actions import intake, moving
from screening.actions.intake import Step
from screening.exceptions import AlreadySubmitted, NotAllowed, NotOffered, QuestionsChanged
from screening.intake import drafts, telephone
from screening.intake.asking import Asking
from screening.intake.network import network_of
from screening.intake.pages import Page
from screening.models import Pathway, Site, Submission
from screening.policies import Actor

SESSION_KEY = "intake"
WARNED_KEY = "intake_warned"
LATER = "-later"
"""The button of a page of questions that saves it and leads to the ways back."""
Status = Submission.Status


class Visit:
    """`submission`: the one this browser works on, in whatever status; or none."""

    def __init__(self, request: HttpRequest, site: Site, pathway: Pathway) -> None:
        self.request, self.site, self.pathway = request, site, pathway
        # All who are screened by telephone share the clinic's address: they are no flood.
        self.actor = Actor.patient(site, "" if telephone.is_under_way(request) else network_of(request))
        self.submission = self._find()
        version = self.submission.version if self.submission else pathway.live_version
        request.page_language.use(version, self.submission)  # type: ignore[attr-defined]

    def _find(self) -> Submission | None:
        key, link_number = self._kept
        mine = Submission.objects.filter(pk=key, way_back__link_number=link_number)
        mine = mine.filter(site=self.site, pathway=self.pathway).select_related("version", "way_back")
        found = mine.defer("version__document", "version__vignettes").first()
        if found:
            found.site, found.pathway = self.site, self.pathway
        return found

    @property
    def is_erased(self) -> bool:
        """This browser worked on answers that are not there any more, by their owner's wish."""
        key, _link_number = self._kept
        return key is not None and not Submission.objects.filter(pk=key).exists()

    @property
    def _kept(self) -> tuple[UUID | None, int]:
        """What the session has: whose answers, and by which of their links."""
        try:
            key, link_number = self.request.session.get(SESSION_KEY, {}).get(self._key)
            return UUID(key), int(link_number)
        except (ValueError, TypeError, AttributeError):
            return None, 0

    @property
    def _key(self) -> str:
        return f"{self.site.slug}/{self.pathway.pk}"

    def take(self, submission: Submission) -> None:
        """From now on this browser works on this submission. An earlier one is kept, but not opened here any more.

        Until its link is replaced: that ends what other browsers have open.
        """
        telephone.new_key(self.request)
        if self.submission != submission:
            drafts.drop_all(self.request)
        self.request.session[SESSION_KEY] = {
            **self.request.session.get(SESSION_KEY, {}),
            self._key: [str(submission.pk), submission.way_back.link_number],
        }
        self.submission = submission

    @cached_property
    def asking(self) -> Asking:
        assert self.submission is not None
        return Asking.of(self.submission)

    def has(self, status: str) -> bool:
        return self.submission is not None and self.submission.status == status

    @property
    def is_suspended(self) -> bool:
        """Answers are under way, and nobody may go on with them."""
        return self.has(Status.IN_PROGRESS) and not policies.can_go_on(self.actor, self.submission)

    def instead(self) -> HttpResponse | None:
        """What comes before any page of the questions: that they are closed, or what a newer version asks first."""
        if self.is_suspended:
            return self.show("closed", begun=True)
        assert self.submission is not None
        if moving.newer_version(self.submission) is None:
            return None
        step = intake.bring_up_to_date(actor=self.actor, submission=self.submission)
        return self.after(step) if step else None

    def after(self, step: Step, page: Page | None = None) -> HttpResponse:
        """Where a step leads: the emergency page, a warning, its page while that has something left to do, or on.

        A page is loaded anew also in that case: then reloading it, or coming back, sends nothing again.
        """
        self.submission, self.asking = step.submission, Asking.of(step.submission)
        if step.stop:
            return self.go(self.address("emergency"))
        if step.new_alarms:
            self.request.session[WARNED_KEY] = list(step.new_alarms)
            return self.go(self.address("warning"))
        if LATER in self.request.POST:
            return self.go(self.address("save"))
        stays = page is not None and self.asking.open_on(page)
        return self.go(self.address("questions", page.number) if page and stays else self.next_address)

    @property
    def switches_language(self) -> bool:
        """Whether the page was sent by the switch between languages, and not to save it."""
        return bool(self.request.page_language.asked)  # type: ignore[attr-defined]

    # Where to go ----------------------------------------------------------------------------------------------------

    def address(self, name: str, *more: Any) -> str:
        return reverse(f"intake:{name}", args=[self.site.slug, self.pathway.pk, *more])

    def go(self, address: str) -> HttpResponse:
        """To another page, also where htmx asked."""
        if getattr(self.request, "htmx", False):
            return HttpResponseClientRedirect(address)
        return redirect(address)

    @property
    def next_address(self) -> str:
        """Where there is still something to ask, or else the page that shows everything."""
        page = self.asking.first_open_page
        return self.address("questions", page.number) if page else self.address("check")

    @property
    def start_address(self) -> str:
        return self.address("start")

    @property
    def again_address(self) -> str:
        return self.address("again")

    @property
    def check_address(self) -> str:
        return self.address("check")

    @property
    def save_address(self) -> str:
        return self.address("save")

    @property
    def about_you_address(self) -> str:
        return self.address("about_you")

    @property
    def private_address(self) -> str:
        assert self.submission is not None
        return reverse("intake:private", args=[self.site.slug, self.submission.private_token])

    def elsewhere(self) -> str | None:
        """Where this browser belongs when it cannot be answering questions; None when it can."""
        if self.submission is None:
            return self.address("start") + "?lost=1"
        if self.submission.status == Status.STOPPED:
            return self.address("emergency")
        return self.private_address if self.submission.status == Status.SUBMITTED else None

    def show(self, template: str, **context: Any) -> HttpResponse:
        return render(self.request, f"intake/{template}.html", {"site": self.site, "visit": self, **context})


View = Callable[..., HttpResponse]


def site_or_404(slug: str) -> Site:
    site = Site.objects.filter(slug=slug, is_active=True).first()
    if site is None:
        raise Http404
    return site


def visiting(view: View) -> View:
    """The view gets a Visit instead of the two parts of the address."""

    @wraps(view)
    def find(request: HttpRequest, site: str, pathway: str, **options: Any) -> HttpResponse:
        try:
            try:
                return view(request, _visit(request, site, pathway), **options)
            except QuestionsChanged:
                # A version was published, or another window was moved to it, this very moment: as it is now, then.
                return view(request, _visit(request, site, pathway), **options)
        except (AlreadySubmitted, NotAllowed, NotOffered, QuestionsChanged, Submission.DoesNotExist):
            # Somebody was faster, mostly another window of this browser: go where its answers are now, if they are.
            visit = _visit(request, site, pathway)
            return visit.go(visit.elsewhere() or visit.next_address)

    return find


def _visit(request: HttpRequest, site: str, pathway: str) -> Visit:
    """At a clinic that closed, only of those who began there: nobody is stopped half-way, least of all by a warning."""
    clinic = get_object_or_404(Site, slug=site)
    found = Pathway.objects.filter(pk=pathway, offerings__site=clinic).select_related("live_version")
    offered = found.defer("live_version__document", "live_version__vignettes").first()
    if offered is None:
        raise Http404
    visit = Visit(request, clinic, offered)
    if not clinic.is_active and visit.submission is None:
        raise Http404
    return visit


def answering(view: View) -> View:
    """Only while the questions are being answered; everybody else is sent where they belong."""

    @visiting
    @wraps(view)
    def answer(request: HttpRequest, visit: Visit, **options: Any) -> HttpResponse:
        elsewhere = visit.elsewhere()
        return visit.go(elsewhere) if elsewhere else view(request, visit, **options)

    return answer
