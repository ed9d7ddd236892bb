"""One message, made and handed over: to the mail server, or to a web address. Writes nothing.

What leaves the house says that there is news, and where: no health word, no condition, no code, no name of a patient.
"""

from __future__ import annotations

import json
import smtplib
import threading
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.error import HTTPError

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from screening.models import CallBack, Message, Site, Submission

TIMEOUT_S = 10
# For one message in all: a server that says a letter now and then never times out by itself.
LIMIT_S = 60


def is_wanted(message: Message) -> bool:
    """Whether there is still a reason to send it."""
    if message.kind == Message.Kind.ALERT:
        way = message.site.on_call_webhook if message.channel == Message.Channel.WEBHOOK else message.site.on_call_email
        return bool(way) and CallBack.objects.unanswered().filter(site=message.site).exists()
    if message.kind == Message.Kind.REMINDER:
        return message.submission is not None and message.submission.status == Submission.Status.IN_PROGRESS
    return True


def deliver(message: Message) -> None:
    """Raises whatever goes wrong."""
    if message.channel == Message.Channel.WEBHOOK:
        _within_limit(_webhook_of(message))
    else:
        _within_limit(_email_of(message).send)


def is_down(error: Exception) -> bool:
    """Whether it is the server that cannot be reached, rather than this message that it does not take."""
    about_message = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, HTTPError)
    return isinstance(error, OSError) and not isinstance(error, about_message)


def is_refused_for_good(error: Exception) -> bool:
    """The server says of this address or this text that trying again is of no use."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def words(message: Message) -> tuple[str, str]:
    """Subject and body, in its language. The first line of a template is the subject."""
    with translation.override(message.language):
        text = render_to_string(f"letters/{message.kind}.txt", _context(message))
    subject, _, body = text.strip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def private_address(submission: Submission) -> str:
    """The patient's private link, whole. Made when it is sent: the one that opens then."""
    return address("intake:private", submission.site.slug, submission.private_token)


def address(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)


def _context(message: Message) -> dict[str, Any]:
    if message.submission is not None:
        return {"site": message.site, "link": private_address(message.submission)}
    waiting = list(CallBack.objects.unanswered().filter(site=message.site).order_by("reached_at"))
    first = waiting[0].reached_at if waiting else timezone.now()
    return {
        "site": message.site,
        "count": len(waiting),
        "since": _clock(message.site, first),
        "link": address("review:call-backs") if settings.PUBLIC_URL else "",
    }


def _clock(site: Site, when: datetime) -> str:
    """On the clinic's clock, with the day where it is not today."""
    local, today = site.local(when), site.local(timezone.now()).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%H:%M} on {local.day} {local:%B}"


def _email_of(message: Message) -> EmailMessage:
    subject, body = words(message)
    to = message.to or message.site.on_call_email
    return EmailMessage(subject, body, to=[to], reply_to=_reply_to(message), headers=_headers(message))


def _reply_to(message: Message) -> list[str]:
    return [message.site.email] if message.site.email and message.submission_id else []


def _headers(message: Message) -> dict[str, str]:
    """The same Message-ID at every try: whoever gets it twice can tell. No answering machine shall answer."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    return {
        "Message-ID": f"<{message.pk}.{message.made_at:%Y%m%d%H%M%S%f}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }


def _webhook_of(message: Message) -> Callable[[], None]:
    subject, body = words(message)
    # "text" is what chat and paging programs show.
    data = json.dumps({"text": f"{subject}\n{body}".strip()}).encode()
    request = urllib.request.Request(  # noqa: S310 (save_site takes no other scheme)
        message.site.on_call_webhook, data, {"Content-Type": "application/json"}, method="POST"
    )

    def post() -> None:
        with _opener.open(request, timeout=TIMEOUT_S):
            pass

    return post


class _StayThere(urllib.request.HTTPRedirectHandler):
    """An address that sends us elsewhere is wrong: nothing is posted where nobody entered it."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_StayThere, urllib.request.ProxyHandler())


def _within_limit(send: Callable[[], Any]) -> None:
    """Raises TimeoutError where it takes too long; what hangs is left hanging."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            send()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    if thread.is_alive():
        raise TimeoutError
    if raised:
        raise raised[0]
