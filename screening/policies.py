"""Who may do what, and when. `check_x` raises NotAllowed (or NotOffered) with words for the person; `can_x` answers.

Staff act only on their own site's cases, by the roles of their groups. A superuser's powers are technical: without a
site and a role they see nothing clinical.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet

from screening.exceptions import NotAllowed, NotOffered, ScreeningError
from screening.models import CallBack, Offering, Pathway, Referral, Site, StaffMember, Submission
from screening.models.call_back import CallBackQuerySet

SURGEONS = "Surgeons"
LEAD_SURGEONS = "Lead surgeons"
COORDINATORS = "Coordinators"
RULE_EDITORS = "Rule editors"
SIGN_OFF = "Sign-off"
ADMINISTRATORS = "Administrators"

# The names of the Django groups.
ROLES = (SURGEONS, LEAD_SURGEONS, COORDINATORS, RULE_EDITORS, SIGN_OFF, ADMINISTRATORS)
SURGICAL = frozenset({SURGEONS, LEAD_SURGEONS})
CLINICAL = SURGICAL | {COORDINATORS}

# Kinds of actors that no group stands for.
PATIENT = "patient"
STAFF = "staff"
SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts: a patient at a site (known by the session or link they hold), a member of staff, or the program."""

    kind: str
    user: User | None = None
    site: Site | None = None
    roles: frozenset[str] = frozenset()
    # Of a patient, where it is known: the address of the network. Never stored as it is.
    network: str = ""

    @classmethod
    def patient(cls, site: Site, network: str = "") -> Actor:
        return cls(PATIENT, site=site, network=network)

    @classmethod
    def staff(cls, user: Any) -> Actor:
        """Any account. One that is switched off or belongs to no site acts without roles or site: it may do nothing."""
        member = StaffMember.objects.select_related("site").filter(user_id=user.pk).first()
        if not user.is_active or member is None:
            return cls(STAFF, user=user)
        return cls(STAFF, user=user, site=member.site, roles=frozenset(user.groups.values_list("name", flat=True)))

    @classmethod
    def system(cls) -> Actor:
        return cls(SYSTEM)

    @property
    def id(self) -> str:
        return str(self.user.pk) if self.user else ""

    def has(self, *roles: str) -> bool:
        return bool(self.roles.intersection(roles))

    @property
    def account(self) -> User:
        """The account of a member of staff, for records of who did it."""
        if self.user is None:
            raise NotAllowed("Only a member of staff can do this.")
        return self.user


@dataclass(frozen=True)
class Transition:
    """Something done to a referral: from which statuses, to which (None: it stays), by whom (roles, kinds of actor)."""

    from_statuses: frozenset[str]
    to_status: str | None
    roles: frozenset[str]
    # Only the surgeon who has the case, or a lead.
    own_only: bool = False


_S = Referral.Status
_UNDECIDED = frozenset({_S.WAITING, _S.IN_REVIEW, _S.AWAITING_PATIENT})
_OPEN = _UNDECIDED | {_S.DECIDED}
_ENDED = frozenset({_S.CLOSED, _S.WITHDRAWN})

# The workflow, whole: design.md's table of statuses as data.
TRANSITIONS: dict[str, Transition] = {
    "claim": Transition(frozenset({_S.WAITING}), _S.IN_REVIEW, SURGICAL),
    "hand_back": Transition(frozenset({_S.IN_REVIEW}), _S.WAITING, SURGICAL | {SYSTEM}, own_only=True),
    "record_contact": Transition(_OPEN, None, CLINICAL),
    "add_findings": Transition(frozenset({_S.IN_REVIEW}), None, SURGICAL, own_only=True),
    "answer_for_patient": Transition(_UNDECIDED, None, CLINICAL),
    "answer_by_link": Transition(_UNDECIDED, None, frozenset({PATIENT})),
    "release_assessment": Transition(_UNDECIDED | {_S.DECIDED}, None, SURGICAL),
    "decide": Transition(frozenset({_S.IN_REVIEW}), _S.DECIDED, SURGICAL, own_only=True),
    "ask_patient": Transition(frozenset({_S.IN_REVIEW}), _S.AWAITING_PATIENT, SURGICAL, own_only=True),
    "answer_request": Transition(frozenset({_S.AWAITING_PATIENT}), _S.IN_REVIEW, CLINICAL | {PATIENT}),
    "tell_patient": Transition(frozenset({_S.DECIDED}), _S.CLOSED, CLINICAL),
    "close": Transition(frozenset({_S.DECIDED}), _S.CLOSED, CLINICAL),
    "reopen": Transition(frozenset({_S.DECIDED}), _S.IN_REVIEW, SURGICAL),
    "withdraw": Transition(_OPEN, _S.WITHDRAWN, CLINICAL | {PATIENT}),
    "come_back": Transition(frozenset({_S.WITHDRAWN}), _S.WAITING, CLINICAL | {PATIENT}),
    # Whoever gets worse is heard, also after a decision, and after they took their answers back.
    "tell_worse": Transition(_UNDECIDED, None, frozenset({PATIENT})),
    "tell_worse_later": Transition(_ENDED | {_S.DECIDED}, _S.WAITING, frozenset({PATIENT})),
    "correct_contact": Transition(_OPEN | _ENDED, None, CLINICAL | {PATIENT}),
    "correct_identity": Transition(_OPEN | _ENDED, None, CLINICAL),
    "ask_correction": Transition(_OPEN | _ENDED, None, frozenset({PATIENT})),
    "ask_erasure": Transition(_OPEN | _ENDED, None, frozenset({PATIENT})),
    "keep_after_all": Transition(_OPEN | _ENDED, None, frozenset({PATIENT})),
}

_NOT_YOURS = "This case belongs to another clinic."
_NOT_YOUR_ROLE = "Your role does not include this."


def _can(check: Callable[..., None]) -> Callable[..., bool]:
    """The answering twin of a check."""

    @wraps(check)
    def can(*args: Any, **options: Any) -> bool:
        try:
            check(*args, **options)
        except ScreeningError:
            return False
        return True

    return can


# Patients --------------------------------------------------------------------------------------------------------


def check_start(actor: Actor, site: Site, pathway: Pathway) -> None:
    """Raises NotOffered unless the site offers the pathway and it is live. Clinical staff may begin for a caller."""
    if actor.kind == STAFF:
        check_read_referrals(actor)
    _check_same_site(actor, site.pk)
    offered = site.is_active and Offering.objects.filter(site=site, pathway=pathway, is_open=True).exists()
    if not offered:
        raise NotOffered(f"{site.name} does not offer this questionnaire at the moment.")
    _check_not_suspended(pathway)


def check_fill(actor: Actor, submission: Submission) -> None:
    """Whether this actor may answer for this submission. That it is *their* submission, the session or link says."""
    if actor.kind != PATIENT:
        raise NotAllowed("Only the patient fills this in.")
    _check_same_site(actor, submission.site_id)


def check_go_on(actor: Actor, submission: Submission) -> None:
    """Whether answers under way may be gone on with and sent. Raises NotOffered while the pathway is suspended.

    A clinic that stopped offering it lets those finish who began: nothing is wrong with their questions.
    """
    check_fill(actor, submission)
    _check_not_suspended(submission.pathway)


def _check_not_suspended(pathway: Pathway) -> None:
    if pathway.live_version_id is None or pathway.suspended_at is not None:
        raise NotOffered("These questions are closed at the moment. Please call the clinic.")


# Referrals -------------------------------------------------------------------------------------------------------


def check_read_referrals(actor: Actor) -> None:
    """The worklist: clinical staff of a site."""
    if actor.kind != STAFF or actor.site is None or not actor.has(*CLINICAL):
        raise NotAllowed(_NOT_YOUR_ROLE)


def check_read_referral(actor: Actor, referral: Referral) -> None:
    """The whole case, names included: clinical staff of its site."""
    check_read_referrals(actor)
    _check_same_site(actor, referral.site_id)


def check_call_back(actor: Actor, call_back: CallBack) -> None:
    """Somebody who reached the emergency page, how to reach them included: clinical staff of that site."""
    check_read_referrals(actor)
    _check_same_site(actor, call_back.site_id)


def call_backs_visible_to(actor: Actor) -> CallBackQuerySet:
    """Every entry of the call-back list this member of staff may see; none for anybody else."""
    if not can_read_referrals(actor):
        return CallBack.objects.none()
    return CallBack.objects.filter(site=actor.site)


def referrals_visible_to(actor: Actor) -> QuerySet[Referral]:
    """Every referral this member of staff may see; none for anybody else."""
    if not can_read_referrals(actor):
        return Referral.objects.none()
    return Referral.objects.filter(site=actor.site)


def check_referral_role(actor: Actor, referral: Referral, action: str) -> None:
    """Whether this actor may ever do this (a key of TRANSITIONS) to this site's referrals."""
    if actor.kind != SYSTEM:
        _check_same_site(actor, referral.site_id)
    if not TRANSITIONS[action].roles & (actor.roles | {actor.kind}):
        raise NotAllowed(_NOT_YOUR_ROLE)


def check_referral_action(actor: Actor, referral: Referral, action: str) -> None:
    """Whether this actor may do this (a key of TRANSITIONS) to this referral as it is now."""
    check_referral_role(actor, referral, action)
    transition = TRANSITIONS[action]
    if referral.status not in transition.from_statuses:
        raise NotAllowed(f"This can't be done now: the case is {referral.get_status_display()}.")
    if transition.own_only and not _has_the_case(actor, referral):
        raise NotAllowed(f"{name_of(referral.surgeon)} has this case. Only they, or a lead surgeon, can do this.")


def actions_open_to(actor: Actor, referral: Referral) -> frozenset[str]:
    """The keys of TRANSITIONS that this actor may use on this referral now: what buttons to show."""
    return frozenset(action for action in TRANSITIONS if can_referral_action(actor, referral, action))


def _has_the_case(actor: Actor, referral: Referral) -> bool:
    return actor.kind == SYSTEM or actor.has(LEAD_SURGEONS) or actor.id == str(referral.surgeon_id)


def _check_same_site(actor: Actor, site_id: int) -> None:
    if actor.site is None or actor.site.pk != site_id:
        raise NotAllowed(_NOT_YOURS)


def name_of(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else "Somebody else"


# Rules and administration -------------------------------------------------------------------------------------------


def check_edit_rules(actor: Actor, pathway: Pathway | None = None) -> None:
    """Draft rows, trying cases, publishing: of a pathway that the editor's clinic offers. The program fills drafts."""
    if actor.kind == SYSTEM:
        return
    if actor.kind != STAFF or not actor.has(RULE_EDITORS):
        raise NotAllowed(_NOT_YOUR_ROLE)
    _check_offered(actor, pathway)


def check_read_rules(actor: Actor, pathway: Pathway | None = None) -> None:
    """A draft and what stands between it and going live: those who edit it, and those who sign it."""
    if actor.kind == STAFF and actor.has(SIGN_OFF):
        _check_offered(actor, pathway)
    else:
        check_edit_rules(actor, pathway)


def check_sign_off(actor: Actor, pathway: Pathway) -> None:
    """Answering for exactly this draft. Who publishes it must be somebody else."""
    if actor.kind != STAFF or not actor.has(SIGN_OFF):
        raise NotAllowed("Only somebody with the role Sign-off can sign.")
    _check_offered(actor, pathway)


def _check_offered(actor: Actor, pathway: Pathway | None) -> None:
    if pathway is not None and not Offering.objects.filter(site=actor.site, pathway=pathway).exists():
        raise NotAllowed("Your clinic does not offer this questionnaire, so its rules belong to others.")


def check_publish(actor: Actor, pathway: Pathway) -> None:
    """A rule editor; the program itself only in a demo, or where nothing was ever live (load_ruleset --publish)."""
    if actor.kind == SYSTEM and pathway.live_version_id is not None and not settings.DEMO_MODE:
        raise NotAllowed("A version is live: the next one is published by a person, in the admin.")
    check_edit_rules(actor, pathway)


def pathways_edited_by(actor: Actor) -> QuerySet[Pathway]:
    """The pathways whose rules this member of staff may change."""
    if actor.kind != STAFF or not can_edit_rules(actor):
        return Pathway.objects.none()
    return Pathway.objects.filter(offerings__site=actor.site)


def pathways_read_by(actor: Actor) -> QuerySet[Pathway]:
    """The pathways whose drafts this member of staff may look at."""
    if actor.kind != STAFF or not can_read_rules(actor):
        return Pathway.objects.none()
    return Pathway.objects.filter(offerings__site=actor.site)


def check_administer(actor: Actor, site: Site | None = None) -> None:
    """Sites, staff, offerings: a clinic's administrators; a superuser everywhere, or nobody could set up the first."""
    if actor.kind == SYSTEM or is_superuser(actor):
        return
    if not actor.has(ADMINISTRATORS):
        raise NotAllowed(_NOT_YOUR_ROLE)
    if site is not None and (actor.site is None or site.pk != actor.site.pk):
        raise NotAllowed("You look after another clinic.")


def check_account(actor: Actor, user: User, site: Site) -> None:
    """Whether an administrator of this site may make or change this account."""
    check_administer(actor, site)
    member = StaffMember.objects.select_related("site").filter(user_id=user.pk).first() if user.pk else None
    if member is not None:
        check_administer(actor, member.site)
    if user.pk and (user.is_superuser or member is None) and not (is_superuser(actor) or actor.kind == SYSTEM):
        raise NotAllowed("Only a superuser can change this account.")


def check_read_audit(actor: Actor) -> None:
    """What was done to which record: a clinic's administrators, of their clinic; a superuser."""
    if actor.kind != STAFF or not (actor.has(ADMINISTRATORS) or is_superuser(actor)):
        raise NotAllowed(_NOT_YOUR_ROLE)


def check_answer_erasure(actor: Actor, site: Site) -> None:
    """Erasing what is held about a patient, or refusing to: an administrator of their clinic, nobody else."""
    if actor.kind != STAFF or not actor.has(ADMINISTRATORS):
        raise NotAllowed("Only an administrator of the clinic can answer this.")
    _check_same_site(actor, site.pk)


def is_superuser(actor: Actor) -> bool:
    return actor.user is not None and actor.user.is_active and actor.user.is_superuser


can_start = _can(check_start)
can_fill = _can(check_fill)
can_go_on = _can(check_go_on)
can_read_referrals = _can(check_read_referrals)
can_read_referral = _can(check_read_referral)
can_referral_action = _can(check_referral_action)
can_edit_rules = _can(check_edit_rules)
can_read_rules = _can(check_read_rules)
can_sign_off = _can(check_sign_off)
can_publish = _can(check_publish)
can_administer = _can(check_administer)
can_account = _can(check_account)
can_read_audit = _can(check_read_audit)
can_answer_erasure = _can(check_answer_erasure)
