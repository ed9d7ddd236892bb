"""Against real servers on this machine: one that takes letters, and those that refuse, hang, or go away half-way."""

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from screening.actions import delivery, messages
from screening.models import Message
from tests.factories import started

from .conftest import HOST, free_port

pytestmark = pytest.mark.django_db
TO = "maria@example.com"


@pytest.fixture
def submission(db):
    return started()


def link(submission, to=TO) -> Message:
    return messages.queue(kind="link", submission=submission, to=to)


def send(later=timedelta(0)) -> list[Message]:
    return messages.send_due(now=timezone.now() + later)


def test_a_letter_arrives_whole(inbox, submission):
    link(submission)
    assert len(send()) == 1
    (letter,) = inbox.letters
    assert letter["To"] == TO
    assert letter.get_content_type() == "text/plain"
    assert submission.way_back.token in letter.get_content()
    assert letter["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-generated"


def test_an_address_that_is_refused_for_good_is_given_up_and_keeps_no_other_waiting(inbox, submission):
    inbox.refuses = {"nobody": "550 no such mailbox"}
    bad = link(submission, "nobody@example.com")
    link(submission)
    assert len(send()) == 1
    for hours in (1, 2, 3):
        send(timedelta(hours=hours))
    bad.refresh_from_db()
    assert (bad.tries, bad.failure, bad.to) == (3, "SMTPRecipientsRefused", "")
    assert bad.given_up_at


def test_one_that_is_refused_for_now_is_tried_again(inbox, submission):
    inbox.refuses = {"maria": "450 come back later"}
    message = link(submission)
    for hours in range(1, 6):
        assert send(timedelta(hours=hours)) == []
    inbox.refuses = {}
    assert send(timedelta(hours=7)) == [message]
    assert len(inbox.raw) == 1


def test_a_server_that_takes_no_text_keeps_the_letter_with_us(inbox, submission):
    inbox.data_answer = "451 the disk is full"
    link(submission)
    assert send() == []
    inbox.data_answer = "250 kept"
    assert len(send(timedelta(hours=1))) == 1


def test_a_server_that_is_not_there_is_asked_once_a_run(use_smtp, submission, monkeypatch):
    use_smtp(free_port())
    asked = []
    deliver = delivery.deliver
    monkeypatch.setattr(delivery, "deliver", lambda message: asked.append(message.pk) or deliver(message))
    letters = [link(submission, f"m{number}@example.com") for number in range(5)]
    assert send() == []
    assert asked == [letters[0].pk]
    assert Message.objects.under_way().count() == 5
    assert Message.objects.get(pk=letters[0].pk).failure == "ConnectionRefusedError"


def test_when_the_server_is_back_everything_is_sent(use_smtp, inbox, submission, settings):
    port = settings.EMAIL_PORT
    use_smtp(free_port())
    for number in range(3):
        link(submission, f"m{number}@example.com")
    assert send() == []
    use_smtp(port)
    assert len(send(timedelta(minutes=2))) == 3
    assert {letter["To"] for letter in inbox.letters} == {"m0@example.com", "m1@example.com", "m2@example.com"}


def test_a_server_that_says_nothing_is_left_after_a_second(talker, submission):
    server = talker(lambda connection, number: server.over.wait(20))
    link(submission)
    link(submission, "other@example.com")
    began = time.monotonic()
    assert send() == []
    assert time.monotonic() - began < 5
    assert server.connections == 1
    assert Message.objects.under_way().count() == 2


def test_a_server_that_says_a_letter_now_and_then_is_left_as_well(talker, submission, monkeypatch):
    monkeypatch.setattr(delivery, "LIMIT_S", 1.5)

    def drip(connection: socket.socket, number: int) -> None:
        while not server.over.wait(0.2):
            connection.sendall(b"2")

    server = talker(drip)
    link(submission)
    began = time.monotonic()
    assert send() == []
    assert time.monotonic() - began < 5
    assert Message.objects.get().failure == "TimeoutError"


def until_the_text(connection: socket.socket) -> None:
    """Speak SMTP up to the end of the text, and not a word more."""
    connection.sendall(b"220 here\r\n")
    lines = connection.makefile("rb")
    for line in lines:
        said = line.split(b" ")[0].strip().upper()
        if said == b".":
            return
        if said == b"DATA":
            connection.sendall(b"354 go on\r\n")
        elif said in {b"EHLO", b"MAIL", b"RCPT", b"RSET"}:
            connection.sendall(b"250 OK\r\n")


def test_a_server_that_goes_away_half_way_is_tried_again(talker, use_smtp, inbox, submission, settings):
    port = settings.EMAIL_PORT
    talker(lambda connection, number: until_the_text(connection))
    message = link(submission)
    assert send() == []
    message.refresh_from_db()
    assert message.failure == "SMTPServerDisconnected"
    use_smtp(port)
    assert send(timedelta(minutes=2)) == [message]
    assert inbox.letters[0]["Message-ID"].startswith(f"<{message.pk}.")


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_send_the_same_letter(inbox, submission):
    for number in range(6):
        link(submission, f"m{number}@example.com")
    start, sent = threading.Barrier(3), []

    def work() -> None:
        start.wait()
        sent.extend(one.pk for one in send())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(sent) == sorted(Message.objects.values_list("pk", flat=True))
    assert len(inbox.raw) == 6


# A killed worker ---------------------------------------------------------------------------------------------------

PREPARE = """
import django; django.setup()
from django.core.management import call_command
from screening.actions import messages
from tests.factories import started
call_command("migrate", verbosity=0)
messages.queue(kind="link", submission=started(), to="maria@example.com")
"""
LATER = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from screening.actions import messages
print(len(messages.send_due(now=timezone.now() + timedelta(seconds=%d))))
"""


def test_a_letter_survives_a_worker_that_is_killed_while_it_sends(talker, inbox, settings, tmp_path):
    port = settings.EMAIL_PORT
    hanging = threading.Event()

    def take_and_hang(connection: socket.socket, number: int) -> None:
        until_the_text(connection)
        hanging.set()
        server.over.wait(60)

    server = talker(take_and_hang)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.getcwd(),
    }

    def run(code: str, server_port: int) -> subprocess.Popen:
        mail = {"EMAIL_URL": f"smtp://{HOST}:{server_port}/?timeout=30"}
        return subprocess.Popen([sys.executable, "-c", code], env=environment | mail, stdout=subprocess.PIPE, text=True)

    assert run(PREPARE, server.port).wait(60) == 0
    worker = run(LATER % 0, server.port)
    assert hanging.wait(30)
    worker.kill()
    worker.wait(10)
    # The next worker leaves it alone until the first one's time is over.
    assert run(LATER % 1, port).communicate(timeout=30)[0].strip() == "0"
    assert run(LATER % 150, port).communicate(timeout=30)[0].strip() == "1"
    assert len(inbox.letters) == 1
