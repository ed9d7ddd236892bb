"""The page on which a draft goes live: every condition, what to do about each, signing, publishing; and suspending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from screening.actions import proofs, publishing, rules
from screening.actions.readiness import Careless, Readiness, Unproved
from screening.admin import links
from screening.admin.differing import changes_between
from screening.admin.errors import Fault, faults
from screening.admin.jobs import progress_context
from screening.admin.pages import PublishForm, SignForm, SuspendForm, WithdrawForm
from screening.admin.site import actor_of
from screening.admin.translations import progress
from screening.admin.trying import next_id
from screening.exceptions import Conflict, FieldErrors, ScreeningError
from screening.models import Draft, DraftRule, DraftVignette, Pathway
from screening.policies import can_edit_rules, can_sign_off
from screening.rules.ruleset import Property, RuleSet

SHOWN = 20
"""so many claims that are not proved, and rules that lack something, are shown"""


class PublishPage:
    """One request for the page. `base` is what every page of the draft needs."""

    def __init__(self, request: HttpRequest, draft: Draft, base: dict[str, Any]) -> None:
        self.request, self.draft, self.base = request, draft, base
        self.actor, self.pathway = actor_of(request), draft.pathway
        self.form, self.sign_form, self.withdraw_form = PublishForm(), SignForm(), WithdrawForm()
        self.told = ""
        self.status = 200

    def answer(self) -> HttpResponse:
        do: dict[str, Callable[[], str]] = {
            "prove": self._prove,
            "withdraw": self._withdraw,
            "take_back": self._take_back,
            "sign": self._sign,
            "save_patient": self._save_patient,
        }
        if self.request.method == "POST":
            try:
                address = do.get(self.request.POST.get("do", ""), self._publish)()
            except ScreeningError as error:
                self.told, self.status = error.message, 409 if isinstance(error, Conflict) else 403
            else:
                if address:
                    return HttpResponseRedirect(address)
        return self._page()

    @property
    def _here(self) -> str:
        return links.page_address(self.pathway.pk, "publish")

    # What can be done: each answers where to go next, or nothing where the page is to show what is wrong.

    def _publish(self) -> str:
        self.form = PublishForm(self.request.POST)
        if not self.form.is_valid():
            return ""
        try:
            version = publishing.publish(actor=self.actor, pathway=self.pathway, **self.form.cleaned_data)
        except FieldErrors as error:
            self.form.add_error("reason", error.fields["reason"])
            return ""
        messages.success(self.request, f"Version {version.number} is live. Whoever begins from now on meets it.")
        return links.pathway_address(self.draft)

    def _prove(self) -> str:
        job = proofs.ask_proof(actor=self.actor, draft=self.draft, again=True)
        return f"{self._here}#{'proofs' if job and job.is_under_way else 'conditions'}"

    def _sign(self) -> str:
        self.sign_form = SignForm(self.request.POST)
        if not self.sign_form.is_valid():
            return ""
        publishing.sign(actor=self.actor, pathway=self.pathway, **self.sign_form.cleaned_data)
        messages.success(self.request, "Signed. Any change to the draft takes your signature away. Tell who publishes.")
        return self._here

    def _withdraw(self) -> str:
        self.withdraw_form = WithdrawForm(self.request.POST)
        if not self.withdraw_form.is_valid():
            return ""
        publishing.withdraw_claim(actor=self.actor, pathway=self.pathway, **self.withdraw_form.cleaned_data)
        messages.success(self.request, "Withdrawn. The claim and your reason stay in the version.")
        return f"{self._here}#proofs"

    def _take_back(self) -> str:
        claim_id, expected = self.request.POST.get("claim_id", ""), self.request.POST.get("expected", "")
        publishing.take_back_withdrawal(actor=self.actor, pathway=self.pathway, claim_id=claim_id, expected=expected)
        messages.success(self.request, "Taken back: the claim has to hold again.")
        return f"{self._here}#proofs"

    def _save_patient(self) -> str:
        """The patient who breaks a claim as a test patient, expecting what the claim says."""
        ready = Readiness(self.draft, self.actor)
        asked = self.request.POST.get("claim_id", "")
        claim = next((claim for claim in ready.unproved if claim.data["id"] == asked and claim.case), None)
        if claim is None or claim.case is None or ready.ruleset is None or ready.checked.vignettes is None:
            return self._here
        row = DraftVignette(
            draft=self.draft,
            part_id=next_id(ready.checked.vignettes),
            title=f"Breaks {asked}: {claim.data['claim']}"[:500],
            answers=dict(claim.case["answers"]),
            why=f"Found by the proof: {claim.data['claim']}"[:5_000],
            **_expected(ready.ruleset, asked),
        )
        rules.save_row(actor=self.actor, row=row)
        messages.success(self.request, f"Saved as test patient {row.part_id}. Check what must come out, then save it.")
        return links.row_address(row, "expect_disposition")

    # The page

    def _page(self) -> HttpResponse:
        draft = Draft.objects.select_related("pathway__live_version").get(pk=self.draft.pk)
        ready = Readiness(draft, self.actor)
        may_edit = can_edit_rules(self.actor, self.pathway)
        context = {
            **self.base,
            **changes_between(draft),
            "told": self.told,
            "ready": ready,
            "gate": ready.checked,
            "conditions": ready.conditions,
            "problems": links.linked(draft, ready.checked.problems),
            "unmet": unmet_linked(draft, ready.checked),
            "careless": [_careless_linked(draft, each) for each in ready.careless[:SHOWN]],
            "claims": [_claim_shown(ready, each) for each in ready.unproved[:SHOWN]],
            "shown": SHOWN,
            "languages": progress(ready.ruleset, _live(self.pathway)) if ready.ruleset else (),
            "sites": [site.name for site in self.pathway.sites.order_by("name")],
            "may_edit": may_edit,
            "may_sign": can_sign_off(self.actor, self.pathway) and ready.can_be_signed and not ready.has_signed,
            "may_publish": may_edit and ready.is_open,
            "form": self.form,
            "sign_form": self.sign_form,
            "withdraw_form": self.withdraw_form,
            "faults": [*faults(self.form, self.sign_form), *self._not_withdrawn(ready)],
            **(progress_context(ready.proving) if ready.proving else {}),
        }
        return TemplateResponse(self.request, "admin/pathway/publish.html", context, status=self.status)

    def _not_withdrawn(self, ready: Readiness) -> list[Fault]:
        """Each claim on the page has its own box for the reason."""
        asked = self.withdraw_form.data.get("claim_id")
        places = [place for place, claim in enumerate(ready.unproved[:SHOWN], 1) if claim.data["id"] == asked]
        found = faults(self.withdraw_form)
        return [Fault(f"withdraw-{place}", f"Claim {asked}", fault.words) for place in places for fault in found]


def _live(pathway: Pathway) -> RuleSet | None:
    return pathway.live_version.ruleset if pathway.live_version else None


def _expected(ruleset: RuleSet, claim_id: str) -> dict[str, Any]:
    """What a claim demands of the patient who breaks it, as far as it names one thing; the editor says the rest."""
    claim = next((each for each in ruleset.properties if each.id == claim_id), None)
    if claim is None or claim.kind != "whenever":
        return {}
    return {
        "expect_disposition": _only_disposition(claim),
        "expect_contact_within_hours": 0 if claim.contact_within_hours == 0 else None,
    }


def _only_disposition(claim: Property) -> str | None:
    return claim.disposition_in[0] if len(claim.disposition_in) == 1 else None


def _claim_shown(ready: Readiness, claim: Unproved) -> dict[str, Any]:
    row = ready.draft.row_at(f"properties/{claim.data['id']}")
    return {
        "claim": claim,
        "id": claim.data["id"],
        "words": claim.data["claim"],
        "status": claim.data["status"],
        "reason": claim.data["reason"],
        "notes": claim.data["notes"],
        "address": links.row_address(row) if row else "",
    }


def _careless_linked(draft: Draft, found: Careless) -> dict[str, Any]:
    row = draft.rows(DraftRule).filter(part_id=found.rule.id).first()
    address = links.row_address(row) if row else ""
    return {"id": found.rule.id, "title": found.rule.title, "lacks": found.lacks, "address": address}


def unmet_linked(draft: Draft, checked: publishing.Gate) -> list[dict[str, Any]]:
    """The test patients that come out otherwise, each with the way to it and to trying it."""
    trying = links.page_address(draft.pathway_id, "try_case")
    rows = {row.name: row for row in draft.rows(DraftVignette)}
    return [
        {
            "id": vignette.id,
            "title": vignette.title,
            "why": vignette.why,
            "differs": words,
            "address": links.row_address(rows[vignette.id]),
            "try_address": f"{trying}?vignette={vignette.id}",
        }
        for vignette, words in checked.unmet
    ]


class SuspendPage:
    """Suspend what is live, at once; or end that."""

    def __init__(self, request: HttpRequest, pathway: Pathway, base: dict[str, Any]) -> None:
        self.request, self.pathway, self.base = request, pathway, base

    def answer(self) -> HttpResponse:
        form = SuspendForm(self.request.POST or None)
        if self.request.method == "POST" and form.is_valid():
            try:
                return self._done(form.cleaned_data["reason"])
            except FieldErrors as error:
                form.add_error("reason", error.fields["reason"])
            except ScreeningError as error:
                form.add_error(None, error.message)
        context = self.base | {"form": form, "faults": faults(form), "live": self.pathway.live_version}
        return TemplateResponse(self.request, "admin/pathway/suspend.html", context)

    def _done(self, reason: str) -> HttpResponse:
        actor, was = actor_of(self.request), self.pathway.suspended_at
        if was:
            publishing.resume(actor=actor, pathway=self.pathway, reason=reason)
            messages.success(self.request, "The suspension is over: patients meet the live version again.")
        else:
            publishing.suspend(actor=actor, pathway=self.pathway, reason=reason)
            messages.warning(self.request, "Suspended: nobody can begin, go on or send until you end it.")
        return HttpResponseRedirect(links.overview_address(self.pathway.pk))
