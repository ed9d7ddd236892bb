"""Mail servers on this machine: a real one, and those that refuse, hang, or go away half-way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind((HOST, 0))
        return opened.getsockname()[1]


class Inbox:
    """Keeps what comes. `refuses`: answers to RCPT by the beginning of an address."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.refuses: dict[str, str] = {}
        self.data_answer = "250 kept"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        for start, answer in self.refuses.items():
            if address.startswith(start):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_answer.startswith("2"):
            self.raw.append(envelope.original_content)
        return self.data_answer

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]


@pytest.fixture
def use_smtp(settings: Any) -> Callable[[int], None]:
    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = HOST, port, 1
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    return use


@pytest.fixture
def inbox(use_smtp: Callable[[int], None]) -> Iterator[Inbox]:
    """A mail server that takes everything."""
    kept = Inbox()
    server = Controller(kept, hostname=HOST, port=free_port())
    server.start()
    use_smtp(server.port)
    yield kept
    server.stop()


class Talker:
    """A server of one's own making: `talk` gets each connection, and how many there were before."""

    def __init__(self, talk: Callable[[socket.socket, int], None]) -> None:
        self.talk, self.connections = talk, 0
        self.over = threading.Event()
        self.listening = socket.create_server((HOST, 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                number, self.connections = self.connections, self.connections + 1
                threading.Thread(target=self._one, args=[connection, number], daemon=True).start()

    def _one(self, connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError):
            self.talk(connection, number)

    def close(self) -> None:
        self.over.set()
        self.listening.close()


@pytest.fixture
def talker(use_smtp: Callable[[int], None]) -> Iterator[Callable[..., Talker]]:
    made: list[Talker] = []

    def make(talk: Callable[[socket.socket, int], None]) -> Talker:
        made.append(Talker(talk))
        use_smtp(made[-1].port)
        return made[-1]

    yield make
    for one in made:
        one.close()


class Posted(HTTPServer):
    """A web address that keeps what is posted to it; `answer` is the status it gives."""

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Keep)
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self.answer = 200
        self.headers: dict[str, str] = {}

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/hook/3f9c"


class _Keep(BaseHTTPRequestHandler):
    server: Posted

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.paths.append(self.path)
        self.send_response(self.server.answer)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.paths.append(f"GET {self.path}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def posted() -> Iterator[Posted]:
    server = Posted()
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
