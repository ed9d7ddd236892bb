"""Every action leaves an audit event: each public function of screening.actions is run, and must be listed here."""

import importlib
import inspect
import pkgutil
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from screening import actions
from screening.actions import accounts, audit, clinic, intake, jobs, publishing, review, rules, sign_in
from screening.actions.gate import gate
from screening.models import AuditEvent, DraftRule, Job, Referral
from screening.policies import ADMINISTRATORS, RULE_EDITORS, Actor
from tests.factories import (
    CALM,
    OfferingFactory,
    PathwayFactory,
    SiteFactory,
    UserFactory,
    cared_for,
    decided,
    identity,
    in_review,
    make_ready,
    publish_next,
    release,
    save_page,
    staff,
    staff_actor,
    started,
    tiny_document,
    waiting,
)

pytestmark = pytest.mark.django_db

# Modules that write nothing, or only as a part of an action; and the demo's, which refuse to run in a clinic.
PARTS = {
    "assess",
    "changes",
    "columnar",
    "demo",
    "evidence",
    "gate",
    "identity",
    "moving",
    "readiness",
    "replaying",
    "steps",
}
NO_ACTIONS = {
    "audit.verify_chain",
    "clinic.make_roles",
    "jobs.check_read",
    "jobs.newest",
    "jobs.proof_of",
    "jobs.replay_of",
    "rules.clock",
    "rules.conflict_over",
    "sign_in.connect",
}
# They log what fails instead of raising: one case must not keep the others waiting.
MANY_AT_ONCE = {"intake.refer_unfinished"}


def public_functions() -> set[str]:
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name in PARTS:
            continue
        imported = importlib.import_module(f"screening.actions.{module.name}")
        for name, value in vars(imported).items():
            own = inspect.isfunction(inspect.unwrap(value)) and value.__module__ == imported.__name__
            if own and not name.startswith("_"):
                found.add(f"{module.name}.{name}")
    return found - NO_ACTIONS


def as_surgeon(referral: Referral) -> dict:
    referral.refresh_from_db()
    actor = Actor.staff(referral.surgeon) if referral.surgeon else staff_actor(referral.site)
    return {"actor": actor, "referral": referral, "expected_revision": referral.revision}


def start():
    offering = OfferingFactory()
    actor = Actor.patient(offering.site)
    return lambda: intake.start_submission(actor=actor, site=offering.site, pathway=offering.pathway)


def of_patient(action, already=CALM, **details):
    submission = save_page(started(), already).submission
    return lambda: action(actor=Actor.patient(submission.site), submission=submission, **details)


def of_referral(action, referral, **details):
    seen = as_surgeon(referral)
    return lambda: action(**seen, **details)


def asked():
    referral = in_review()
    review.ask_patient(**as_surgeon(referral), question="Which leg?")
    return referral


def with_findings():
    referral = in_review()
    review.reassess(**as_surgeon(referral), answers={"grade": 4}, texts={}, via="web")
    return referral


def moved():
    submission = save_page(started(), CALM).submission
    questions = [question | {"help": "Look again."} for question in tiny_document()["questions"]]
    publish_next(submission.pathway, tiny_document(questions=questions))
    return lambda: intake.bring_up_to_date(actor=Actor.patient(submission.site), submission=submission)


def silent():
    save_page(started(), {"fever": "yes"})
    return lambda: intake.refer_unfinished(now=timezone.now() + timedelta(hours=2))


def overdue():
    in_review()
    return lambda: review.hand_back_overdue(now=timezone.now() + timedelta(days=365))


def of_clinic(action, **details):
    site = SiteFactory()
    actor = staff_actor(site, ADMINISTRATORS)
    return lambda: action(actor=actor, site=site, **details)


def editing():
    """An editor and a draft of what is live."""
    offering = OfferingFactory()
    editor = staff_actor(offering.site, RULE_EDITORS)
    return editor, rules.import_document(actor=editor, pathway=offering.pathway, document=tiny_document(), vignettes={})


def of_row(action, **details):
    editor, draft = editing()
    row = draft.rows(DraftRule).first()
    return lambda: action(actor=editor, row=row, **details)


def saved_row():
    editor, draft = editing()
    row = draft.rows(DraftRule).first()
    seen, row.title = row.fingerprint, "Another title"
    return lambda: rules.save_row(actor=editor, row=row, expected=seen)


def saved_details():
    editor, draft = editing()
    seen, draft.title = draft.fingerprint, "Another title"
    return lambda: rules.save_details(actor=editor, draft=draft, expected=seen)


def imported():
    editor, draft = editing()
    return lambda: rules.import_document(actor=editor, pathway=draft.pathway, document=tiny_document(title="Another"))


def opened():
    editor, _ = editing()
    return lambda: rules.open_pathway(actor=editor, document=tiny_document(id="another"))


def ready():
    """An editor, a draft that is ready to be signed, and its hashes."""
    editor, draft = editing()
    document = cared_for(tiny_document(title="Another"))
    draft = rules.import_document(actor=editor, pathway=draft.pathway, document=document)
    release.proof(draft)
    return editor, draft, gate(draft).hashes


def published():
    editor, draft, seen = ready()
    make_ready(draft, editor.site)
    return lambda: publishing.publish(actor=editor, pathway=draft.pathway, reason="Clearer", expected=seen)


def signed():
    editor, draft, seen = ready()
    signer = Actor.staff(release.signer_of(editor.site))
    return lambda: publishing.sign(actor=signer, pathway=draft.pathway, expected=seen)


def withdrawn():
    editor, draft, seen = ready()
    release.proof(draft, open_claims=("any rule set: blank case",))
    said = {"claim_id": "any rule set: blank case", "reason": "Too slow", "expected": seen}
    return lambda: publishing.withdraw_claim(actor=editor, pathway=draft.pathway, **said)


def suspended():
    editor, draft = editing()
    return lambda: publishing.suspend(actor=editor, pathway=draft.pathway, reason="A wrong threshold")


def resumed():
    editor, draft = editing()
    publishing.suspend(actor=editor, pathway=draft.pathway, reason="A wrong threshold")
    return lambda: publishing.resume(actor=editor, pathway=draft.pathway, reason="It was right")


def taken():
    editor, draft = editing()
    return lambda: publishing.take_version(actor=editor, version=draft.pathway.live_version)


def of_account(action, **details):
    user = staff(SiteFactory())
    return lambda: action(user=user, **details)


def wrong_password():
    user = staff(SiteFactory())
    return lambda: sign_in.sign_in_failed(credentials={"username": user.username})


def asked_for():
    editor, draft = editing()
    content = draft.ruleset().document()
    return editor, lambda: jobs.ask(actor=editor, kind="replay", pathway=draft.pathway, content=content)


def seen():
    editor, ask = asked_for()
    job = ask()
    Job.objects.update(status="done", result={})
    job.refresh_from_db()
    return lambda: jobs.see(actor=editor, job=job)


def abandoned():
    asked_for()[1]()
    Job.objects.update(status="running", heartbeat_at=timezone.now() - timedelta(hours=1))
    return jobs.reap


# How to make each action happen: what sets the scene, and answers with the action itself.
SCENES = {
    "accounts.save_account": lambda: of_clinic(accounts.save_account, user=UserFactory.build(), roles=[]),
    "audit.record": lambda: lambda: audit.record(actor=Actor.system(), action="site.test", obj=SiteFactory()),
    "audit.record_read": lambda: lambda: audit.record_read(actor=Actor.system(), obj=waiting(), what="case"),
    "clinic.save_site": lambda: of_clinic(clinic.save_site),
    "clinic.save_staff": lambda: of_clinic(clinic.save_staff, user=UserFactory(), roles=[]),
    "clinic.set_offering": lambda: of_clinic(clinic.set_offering, pathway=PathwayFactory(), is_open=False),
    "intake.start_submission": start,
    "intake.leave_phone": lambda: of_patient(intake.leave_phone, phone="020 7946 0000"),
    "intake.save_step": lambda: of_patient(intake.save_step, page="p", answers={}, texts={}, entered={}),
    "intake.tell_emergency": lambda: of_patient(intake.tell_emergency, {"numb": "yes"}, said="called"),
    "intake.resume_after_mistake": lambda: of_patient(intake.resume_after_mistake, {"numb": "yes"}),
    "intake.bring_up_to_date": moved,
    "intake.submit": lambda: of_patient(intake.submit, identity=identity(), consent_text="I agree."),
    "intake.refer_unfinished": silent,
    "jobs.ask": lambda: asked_for()[1],
    "jobs.see": seen,
    "jobs.reap": abandoned,
    "publishing.publish": published,
    "publishing.resume": resumed,
    "publishing.sign": signed,
    "publishing.suspend": suspended,
    "publishing.take_version": taken,
    "publishing.withdraw_claim": withdrawn,
    "review.claim": lambda: of_referral(review.claim, waiting()),
    "review.hand_back": lambda: of_referral(review.hand_back, in_review()),
    "review.hand_back_overdue": overdue,
    "review.record_contact": lambda: of_referral(review.record_contact, waiting(), how="phone", reached=False),
    "review.reassess": lambda: of_referral(review.reassess, in_review(), answers={"grade": 4}, texts={}, via="web"),
    "review.release_assessment": lambda: of_referral(review.release_assessment, with_findings()),
    "review.decide": lambda: of_referral(review.decide, in_review(), decision="not_suitable", reason="Too frail"),
    "review.ask_patient": lambda: of_referral(review.ask_patient, in_review(), question="Which leg?"),
    "review.answer_request": lambda: of_referral(review.answer_request, asked(), answer="The left", via="phone"),
    "review.tell_patient": lambda: of_referral(review.tell_patient, decided(), how="letter"),
    "review.close": lambda: of_referral(review.close, decided(), note="Moved away"),
    "review.reopen": lambda: of_referral(review.reopen, decided(), reason="A new scan"),
    "review.withdraw": lambda: of_referral(review.withdraw, waiting()),
    "rules.open_pathway": opened,
    "rules.import_document": imported,
    "rules.save_details": saved_details,
    "rules.save_row": saved_row,
    "rules.move_row": lambda: of_row(rules.move_row, to=2),
    "rules.delete_row": lambda: of_row(rules.delete_row),
    "sign_in.signed_in": lambda: of_account(sign_in.signed_in),
    "sign_in.signed_out": lambda: of_account(sign_in.signed_out),
    "sign_in.sign_in_failed": wrong_password,
}


def test_every_action_is_listed():
    assert public_functions() == set(SCENES)


@pytest.mark.parametrize("name", SCENES)
def test_an_action_leaves_an_event(name):
    act = SCENES[name]()
    before = AuditEvent.objects.count()
    act()
    events = AuditEvent.objects.order_by("number")[before:]
    assert events
    assert all(event.object_id and event.actor_kind for event in events)
    # Whoever tries a password is nobody yet, so belongs nowhere.
    assert all(event.site for event in events) or name == "sign_in.sign_in_failed"
    assert audit.verify_chain() == ()


@pytest.mark.parametrize("name", sorted(set(SCENES) - MANY_AT_ONCE - {"audit.record", "audit.record_read"}))
def test_an_action_that_cannot_be_audited_does_not_happen(name, monkeypatch):
    """The event is a part of the transaction: no write without it."""
    act = SCENES[name]()
    before = everything_stored()

    def refuse(*_, **__):
        raise RuntimeError("the audit cannot be written")

    monkeypatch.setattr(AuditEvent, "save", refuse)
    with pytest.raises(RuntimeError):
        act()
    assert everything_stored() == before


def everything_stored() -> dict[str, list]:
    models = apps.get_app_config("screening").get_models()
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}
