"""The worker sends what waits, in a thread of its own: also while it is busy, and until it is told to end."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError

from screening.actions import intake, messages
from screening.management import posting
from screening.models import Message
from screening.policies import Actor
from tests.factories import NUMB, SiteFactory, save_page, started

PREPARE = """
import django; django.setup()
import sys
from django.core.management import call_command
from screening.actions import intake
from screening.policies import Actor
from tests.factories import NUMB, SiteFactory, save_page, started
call_command("migrate", verbosity=0)
site = SiteFactory(on_call_webhook=sys.argv[1])
submission = save_page(started(site), NUMB).submission
intake.tell_emergency(actor=Actor.patient(site), submission=submission, said="called", phone="020 7946 0000")
"""


@pytest.mark.django_db
def test_sending_once_says_what_was_sent_and_what_waits(settings):
    site = SiteFactory(on_call_email="oncall@example.com")
    submission = save_page(started(site), NUMB).submission
    intake.tell_emergency(actor=Actor.patient(site), submission=submission, said="called", phone="020 7946 0000")
    said = io.StringIO()
    call_command("send_messages", stdout=said)
    assert said.getvalue() == "1 sent, 0 waiting\n"
    assert mail.outbox[0].to == ["oncall@example.com"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.nonsense.EmailBackend"
    messages.queue(kind="link", submission=submission, to="me@example.com")
    call_command("send_messages", stdout=said)
    assert "0 sent, 1 waiting: ModuleNotFoundError" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("failure", [OperationalError, RuntimeError])
def test_what_fails_keeps_nothing_else_from_going_out(monkeypatch, failure):
    def fail(**_: object) -> None:
        raise failure

    monkeypatch.setattr(posting, "alert_due", fail)
    messages.queue(kind="link", submission=started(), to="me@example.com")
    assert len(posting.post()) == 1


def test_the_thread_goes_on_until_it_is_told_to_end(monkeypatch):
    looked = threading.Semaphore(0)
    monkeypatch.setattr(posting, "post", looked.release)
    thread = posting.Posting(every=0.01)
    thread.start()
    assert all(looked.acquire(timeout=5) for _ in range(3))
    thread.end()
    assert not thread.is_alive()


def test_a_worker_alerts_within_seconds_and_ends_when_it_is_told_to(tmp_path):
    bodies = []

    class Keep(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'worker.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TESTING": "1",
        "PYTHONPATH": os.getcwd(),
    }
    address = f"http://127.0.0.1:{server.server_port}/hook"
    prepared = subprocess.run([sys.executable, "-c", PREPARE, address], env=environment, check=False, timeout=120)
    assert prepared.returncode == 0
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], env=environment)
    try:
        for _ in range(600):
            if bodies:
                break
            time.sleep(0.1)
        assert b"reached the emergency page" in bodies[0]
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    finally:
        worker.kill()
        server.shutdown()
    assert len(bodies) == 1


@pytest.mark.django_db
def test_without_a_worker_nothing_is_lost():
    submission = started()
    messages.queue(kind="link", submission=submission, to="me@example.com")
    assert mail.outbox == []
    assert Message.objects.under_way().count() == 1
