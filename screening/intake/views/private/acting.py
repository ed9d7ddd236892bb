"""What every act on the private page has in common: a form that is shown, sent once, and shown again where it must be.

A page is loaded anew after everything that was sent: then reloading it, or coming back, sends nothing again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from screening.exceptions import Conflict, FieldErrors, ScreeningError
from screening.intake import drafts
from screening.intake.known import send_from_here
from screening.intake.network import network_of
from screening.intake.private_forms import ActForm
from screening.models import Referral, Submission
from screening.policies import Actor

SEEN = "revision"
"""The box that says which state of the case the person was looking at."""


class Act:
    """One form about one referral, or answers not sent yet. `perform(data, seen)` calls one action and gives the words
    that say it is done; `then`: the page that says them.
    """

    def __init__(
        self,
        request: HttpRequest,
        referral: Referral | Submission,
        *,
        form: type[ActForm],
        template: str,
        perform: Callable[[dict[str, Any], int | None], str],
        initial: dict[str, Any] | None = None,
        about: Any = "",
        then: str = "private",
    ) -> None:
        """`about`: which of several things the form is about, so that none gets what was typed for another."""
        self.request, self.referral = request, referral
        self.form, self.template, self.perform = form, template, perform
        self.initial, self.then = initial or {}, then
        # Not by its address: that has the link in it, and the session is stored.
        self.draft = f"{form.__name__.lower()}_{getattr(referral.pk, 'hex', referral.pk)}_{about}"

    def answer(self, **context: Any) -> HttpResponse:
        return self._sent() if self.request.method == "POST" else self._show(context)

    def _show(self, context: dict[str, Any]) -> HttpResponse:
        typed = drafts.kept(self.request, self.draft)
        looks = "look" in self.request.GET and drafts.is_kept(self.request, self.draft)
        form = self.form(typed) if looks else self.form(initial={**self.initial, **typed.dict()})
        return show(
            self.request,
            self.referral,
            self.template,
            form=form,
            changed="changed" in self.request.GET,
            keeps="act",
            draft=self.draft,
            **context,
        )

    def _sent(self) -> HttpResponse:
        form = self.form(self.request.POST)
        try:
            done = self.perform(form.cleaned_data, self._seen()) if form.is_valid() else None
        except Conflict:
            return self._again("look=1&changed=1")
        except FieldErrors:
            done = None
        except ScreeningError as refusal:
            # Mostly another window was faster: the page itself tells how things stand.
            drafts.drop(self.request, self.draft)
            messages.info(self.request, refusal.message)
            return go(self.referral, self.then)
        if done is None:
            return self._again("look=1")
        drafts.drop(self.request, self.draft)
        messages.success(self.request, done)
        return go(self.referral, self.then)

    def _again(self, query: str) -> HttpResponse:
        drafts.keep(self.request, self.draft, [*self.form.base_fields])
        return redirect(f"{self.request.path}?{query}")

    def _seen(self) -> int | None:
        """None where the form does not say: then it is taken as it is now."""
        said = self.request.POST.get(SEEN, "")
        return int(said) if said.isdecimal() and len(said) < 10 else None


def actor_of(request: HttpRequest, referral: Referral) -> Actor:
    return Actor.patient(referral.site, network_of(request))


def show(request: HttpRequest, referral: Referral | Submission, template: str, **context: Any) -> HttpResponse:
    """A page behind the private link."""
    about = {"site": referral.site, "referral": referral, "token": referral.private_token}
    page = render(request, f"intake/{template}.html", {**about, **context})
    return send_from_here(page) if "form" in context else page


def address(referral: Referral | Submission, name: str, *more: Any) -> str:
    return reverse(f"intake:{name}", args=[referral.site.slug, referral.private_token, *more])


def go(referral: Referral | Submission, name: str, *more: Any) -> HttpResponse:
    return redirect(address(referral, name, *more))
