"""Every action leaves an audit event: each public function of screening.actions is run, and must be listed here."""

import importlib
import inspect
import pkgutil
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.utils import timezone

from screening import actions
from screening.actions import (
    access,
    accounts,
    audit,
    call_backs,
    calling,
    clinic,
    erasing,
    erasing_unsent,
    intake,
    jobs,
    languages,
    messages,
    proofs,
    publishing,
    review,
    rules,
    sign_in,
    translating,
    unsaved,
)
from screening.actions import (
    waiting as while_waiting,
)
from screening.actions.gate import gate
from screening.models import AuditEvent, DraftRule, Job, Referral
from screening.policies import ADMINISTRATORS, RULE_EDITORS, Actor
from screening.rules.translations import texts_in
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
    referred_emergency,
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
    "belongings",
    "changes",
    "columnar",
    "delivery",
    "demo",
    "evidence",
    "gate",
    "hurrying",
    "identity",
    "moving",
    "proving",
    "readiness",
    "replaying",
    "steps",
}
NO_ACTIONS = {
    "access.locked_until",
    "audit.verify_chain",
    "call_backs.is_reachable",
    "call_backs.summary",
    "clinic.make_roles",
    "erasing.request_of",
    "erasing_unsent.needs_the_clinic",
    "erasing_unsent.request_of",
    "waiting.safety_questions",
    "intake.unsent",
    "jobs.check_read",
    "jobs.proof_of",
    "jobs.replay_of",
    "proofs.is_open",
    "rules.clock",
    "rules.conflict_over",
    "sign_in.connect",
    "translating.leftovers",
    "translating.seen",
    "unsaved.would_stop",
}
# They log what fails instead of raising: one case must not keep the others waiting.
MANY_AT_ONCE = {
    "access.remind_unfinished",
    "erasing.erase_approved",
    "intake.refer_unfinished",
    # A message that was sent and could not be recorded is sent again.
    "messages.send_due",
    "unsaved.take_urgent",
}


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


def left_on_its_page():
    submission, numb = started(), {"numb": {"answer": "yes", "entered": None}}
    unsaved.keep_unsaved(actor=Actor.patient(submission.site), submission=submission, page="1", answers=numb)
    return lambda: unsaved.take_urgent(now=timezone.now() + timedelta(hours=1))


def message(action):
    submission = waiting().submission
    messages.queue(kind="news", submission=submission)
    return lambda: action(submission)


def called_back(action, **details):
    referral = referred_emergency()
    call_back, actor = referral.submission.call_backs.get(), staff_actor(referral.site)
    return lambda: action(actor=actor, call_back=call_back, expected_revision=call_back.revision, **details)


def of_emergency(action, actor=None, **details):
    submission = referred_emergency().submission
    return lambda: action(actor=actor or Actor.patient(submission.site), submission=submission, **details)


def contacted():
    referral = referred_emergency()
    actor = staff_actor(referral.site)
    return lambda: call_backs.contacted(actor=actor, submission=referral.submission)


def alerted():
    submission = save_page(started(), {"numb": "yes"}).submission
    intake.tell_emergency(actor=Actor.patient(submission.site), submission=submission, said="", phone="020 7946 0000")
    return lambda: call_backs.alert_due(now=timezone.now())


def flooded():
    referral = referred_emergency()
    referral.submission.call_backs.update(flood="abc")
    actor = staff_actor(referral.site)
    return lambda: calling.close_flood(actor=actor, flood="abc")


def networks():
    referred_emergency().submission.call_backs.update(network="x" * 64)
    return lambda: call_backs.forget_networks(now=timezone.now() + timedelta(days=2))


def behind_link(action, referral=None, **details):
    referral = referral or waiting()
    return lambda: action(actor=Actor.patient(referral.site), referral=referral, **details)


def withdrawn_case():
    referral = waiting()
    return review.withdraw(actor=Actor.patient(referral.site), referral=referral, expected_revision=None)


def at_emergency(action, **details):
    referral = waiting()
    actor = Actor.patient(referral.site)
    while_waiting.tell_worse(actor=actor, referral=referral, answers={"numb": "yes"})
    return lambda: action(actor=actor, referral=referral, **details)


def erasure(action, *, answered=False, **details):
    referral = waiting()
    request = erasing.ask_erasure(actor=Actor.patient(referral.site), referral=referral, expected_revision=None)
    administrator = staff_actor(referral.site, ADMINISTRATORS)
    if answered:
        erasing.approve_erasure(actor=administrator, request=request)
        messages.drop(submission=referral.submission)
        return lambda: action(now=timezone.now())
    return lambda: action(actor=administrator, request=request, **details)


def unsent_alarm():
    submission = save_page(started(), {**CALM, "fever": "yes"}).submission
    return lambda: intake.refer_unsent(submission=submission)


def erasure_kept():
    referral = waiting()
    actor = Actor.patient(referral.site)
    erasing.ask_erasure(actor=actor, referral=referral, expected_revision=None)
    return lambda: erasing.keep_after_all(actor=actor, referral=referral)


def erasure_approved():
    referral = waiting()
    request = erasing.ask_erasure(actor=Actor.patient(referral.site), referral=referral, expected_revision=None)
    erasing.approve_erasure(actor=staff_actor(referral.site, ADMINISTRATORS), request=request)
    return lambda: erasing.answer_anew(referral=referral)


def overdue():
    in_review()
    return lambda: review.hand_back_overdue(now=timezone.now() + timedelta(days=365))


def known_by_code():
    submission = started()
    code = access.make_code(actor=Actor.patient(submission.site), submission=submission)
    who = {"actor": Actor.patient(submission.site), "site": submission.site, "network": "192.0.2.7"}
    return lambda: access.try_code(**who, code=code, born=None)


def known_by_birth():
    referral = waiting()
    who = {"actor": Actor.patient(referral.site), "submission": referral.submission, "network": "192.0.2.7"}
    return lambda: access.try_birth(**who, born=referral.patient.date_of_birth)


def soon_closed():
    submission = save_page(started(), CALM).submission
    mail = {"email": "me@example.com", "network": "192.0.2.7"}
    access.mail_link(actor=Actor.patient(submission.site), submission=submission, **mail)
    return lambda: access.remind_unfinished(now=timezone.now() + timedelta(days=29))


def of_clinic(action, **details):
    site = SiteFactory()
    actor = staff_actor(site, ADMINISTRATORS)
    return lambda: action(actor=actor, site=site, **details)


def of_clinic_staff(action):
    """Something an administrator does to the account of a colleague."""
    site = SiteFactory()
    actor, user = staff_actor(site, ADMINISTRATORS), staff(site)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return lambda: action(actor=actor, user=user)


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


def translated():
    editor, draft = editing()
    text = texts_in(draft.ruleset_as_it_is(), "es")[0]
    words, seen = {text.address: "Una prueba"}, {text.address: translating.seen(text)}
    return lambda: translating.translate(actor=editor, draft=draft, language="es", words=words, expected=seen)


def leftover():
    editor, draft = editing()
    gone = {"questions/gone": {"text": {"words": "Nada", "of": "00000000"}}}
    rules.import_document(actor=editor, pathway=draft.pathway, document=tiny_document(translations={"es": gone}))
    return lambda: translating.drop_leftovers(actor=editor, draft=draft, language="es")


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


def taken_back():
    editor, draft, seen = ready()
    release.proof(draft, open_claims=("any rule set: blank case",))
    which = {"pathway": draft.pathway, "claim_id": "any rule set: blank case", "expected": seen}
    publishing.withdraw_claim(actor=editor, reason="Too slow", **which)
    return lambda: publishing.take_back_withdrawal(actor=editor, **which)


def to_be_proved():
    editor, draft, _ = ready()
    Job.objects.all().delete()
    return lambda: proofs.ask_proof(actor=editor, draft=draft)


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
    "accounts.forget_second_factor": lambda: of_clinic_staff(accounts.forget_second_factor),
    "accounts.save_account": lambda: of_clinic(accounts.save_account, user=UserFactory.build(), roles=[]),
    "access.make_code": lambda: of_patient(access.make_code),
    "access.replace_link": lambda: of_patient(access.replace_link),
    "access.mail_link": lambda: of_patient(access.mail_link, email="me@example.com", network="192.0.2.7"),
    "access.try_code": known_by_code,
    "access.try_birth": known_by_birth,
    "access.come_back": lambda: of_patient(access.come_back),
    "access.remind_unfinished": soon_closed,
    "audit.record": lambda: lambda: audit.record(actor=Actor.system(), action="site.test", obj=SiteFactory()),
    "audit.record_read": lambda: lambda: audit.record_read(actor=Actor.system(), obj=waiting(), what="case"),
    "call_backs.reached": lambda: of_emergency(call_backs.reached),
    "call_backs.told": lambda: of_emergency(call_backs.told, said="called"),
    "call_backs.chosen_by_mistake": lambda: of_emergency(call_backs.chosen_by_mistake),
    "call_backs.contacted": contacted,
    "call_backs.alert_due": alerted,
    "call_backs.forget_networks": networks,
    "calling.take": lambda: called_back(calling.take),
    "calling.note_call": lambda: called_back(calling.note_call, reached=True),
    "calling.close": lambda: called_back(calling.close, ended="in_care"),
    "calling.close_flood": flooded,
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
    "unsaved.keep_unsaved": lambda: of_patient(
        unsaved.keep_unsaved, page="1", answers={"numb": {"answer": "yes", "entered": None}}
    ),
    "unsaved.take_urgent": left_on_its_page,
    "messages.queue": lambda: message(lambda submission: messages.queue(kind="link", submission=submission)),
    "messages.put": lambda: message(lambda submission: messages.put(site=submission.site, kind="alert")),
    "messages.drop": lambda: message(lambda submission: messages.drop(submission=submission)),
    "messages.send_due": lambda: message(lambda submission: messages.send_due(now=timezone.now())),
    "languages.choose_language": lambda: of_patient(languages.choose_language, language="es"),
    "jobs.ask": lambda: asked_for()[1],
    "jobs.see": seen,
    "jobs.reap": abandoned,
    "proofs.ask_proof": to_be_proved,
    "publishing.publish": published,
    "publishing.resume": resumed,
    "publishing.sign": signed,
    "publishing.suspend": suspended,
    "publishing.take_back_withdrawal": taken_back,
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
    "erasing_unsent.erase_unsent": lambda: of_patient(erasing_unsent.erase_unsent),
    "erasing_unsent.ask_for_unsent": lambda: of_patient(
        erasing_unsent.ask_for_unsent, already={**CALM, "fever": "yes"}
    ),
    "intake.refer_unsent": unsent_alarm,
    "erasing.ask_erasure": lambda: behind_link(erasing.ask_erasure, expected_revision=None, words="Please"),
    "erasing.keep_after_all": erasure_kept,
    "erasing.answer_anew": erasure_approved,
    "erasing.refuse_erasure": lambda: erasure(erasing.refuse_erasure, reason="The law"),
    "erasing.approve_erasure": lambda: erasure(erasing.approve_erasure),
    "erasing.erase_approved": lambda: erasure(erasing.erase_approved, answered=True),
    "waiting.tell_worse": lambda: behind_link(while_waiting.tell_worse, answers={"fever": "yes"}),
    "waiting.tell_emergency": lambda: at_emergency(while_waiting.tell_emergency, said="called"),
    "waiting.mistake_on_emergency": lambda: at_emergency(while_waiting.mistake_on_emergency),
    "waiting.correct_contact": lambda: behind_link(
        while_waiting.correct_contact, expected_revision=None, email="", phone="020 7946 0999", contact_way="phone"
    ),
    "waiting.correct_identity": lambda: of_referral(
        while_waiting.correct_identity, waiting(), name="Mary", date_of_birth=identity().date_of_birth
    ),
    "waiting.ask_correction": lambda: behind_link(
        while_waiting.ask_correction, expected_revision=None, words="I am Mary"
    ),
    "waiting.come_back": lambda: behind_link(while_waiting.come_back, withdrawn_case(), expected_revision=None),
    "rules.open_pathway": opened,
    "rules.import_document": imported,
    "rules.save_details": saved_details,
    "rules.save_row": saved_row,
    "rules.move_row": lambda: of_row(rules.move_row, to=2),
    "rules.delete_row": lambda: of_row(rules.delete_row),
    "translating.translate": translated,
    "translating.drop_leftovers": leftover,
    "sign_in.own_email_changed": lambda: of_account(sign_in.own_email_changed),
    "sign_in.own_password_changed": lambda: of_account(sign_in.own_password_changed),
    "sign_in.second_factor_changed": lambda: of_account(sign_in.second_factor_changed, authenticator=Authenticator()),
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
