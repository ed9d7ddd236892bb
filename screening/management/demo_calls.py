"""The demo's call-back list: people at the emergency page, in every state in which staff may find them."""

from __future__ import annotations

from datetime import timedelta

from screening.actions import calling, demo, intake
from screening.models import CallBack, Submission
from screening.policies import Actor

PHONE = "07700 900123"
# By the number of the referral: what they said, the number they left, how long ago, and what staff did since.
STATES: dict[int, tuple[str, str, timedelta, tuple[str, ...]]] = {
    9: ("cannot_call", PHONE, timedelta(minutes=4), ()),
    29: ("called", "07700 900456", timedelta(minutes=38), ("take", "no_answer")),
    49: ("", "", timedelta(minutes=52), ()),
    8: ("called", PHONE, timedelta(minutes=12), ()),
    28: ("called", PHONE, timedelta(hours=3), ("take", "driven", "in_care")),
    48: ("", "", timedelta(hours=30), ("no_way",)),
}
NOTES = {
    "no_answer": "Rang for two minutes, no voicemail. Trying again at the half hour.",
    "driven": "Her son drives her to the emergency department at St Brigid's now.",
    "spoke": "No numbness when asked again, bladder as always.",
    "in_care": "The ward called: she is being seen.",
    "no_way": "",
    "advised": "Ticked the wrong box. Knows when to call 112.",
}


def say(site_actor: Actor, submission: Submission, number: int) -> None:
    """What they say on the emergency page."""
    said, phone, _, _ = STATES[number]
    if said or phone:
        intake.tell_emergency(actor=site_actor, submission=submission, said=said, phone=phone)


def answer(staff: Actor, submission: Submission, number: int) -> timedelta | None:
    """What staff do about it, if it is on the list; how long ago it all began, where that matters."""
    call_back = CallBack.objects.open().filter(submission=submission).first()
    if call_back is None:
        return None
    _, _, ago, steps = STATES.get(number, ("", "", None, ("take", "spoke", "advised")))
    for step in steps:
        _do(staff, call_back, step)
    return ago and ago - timedelta(minutes=3) * len(steps)


def _do(staff: Actor, call_back: CallBack, step: str) -> None:
    call_back.refresh_from_db()
    seen = {"actor": staff, "call_back": call_back, "expected_revision": call_back.revision}
    if step == "take":
        calling.take(**seen)
    elif step in ("driven", "spoke", "no_answer"):
        calling.note_call(**seen, reached=step != "no_answer", note=NOTES[step])
    else:
        calling.close(**seen, ended=step, note=NOTES[step])
    # As if this had been a few minutes after the step before.
    demo.backdate(submission=call_back.submission, by=timedelta(minutes=3))
