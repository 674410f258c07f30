"""Mail servers on this machine: honest ones by aiosmtpd, and some that break off, dawdle or say nothing."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Postbox:
    """An aiosmtpd handler that keeps what it takes as bytes, and answers as told."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.logins: list[bytes] = []
        self.recipient_answer = "250 OK"
        self.data_answer = "250 Message accepted for delivery"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Called by aiosmtpd for each recipient."""
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for each message."""
        if self.data_answer.startswith("250"):
            self.messages.append(envelope.content)
        return self.data_answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        """Called by aiosmtpd for each log-in."""
        assert isinstance(login, LoginPassword)
        self.logins.append(login.password)
        return AuthResult(success=login.password == b"right-password", handled=False)


@contextmanager
def mail_server(postbox: Postbox, **options: Any) -> Iterator[int]:
    """An honest server; gives its port. `ssl_context` is TLS from the start, `tls_context` offers STARTTLS."""
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port(), server_hostname="127.0.0.1", **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on; aiosmtpd needs to be told one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def odd_server(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does `behave` with its first connection; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                line, _ = listening.accept()
                with line:
                    behave(line)

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def silent(line: socket.socket) -> None:
    """Takes the connection and never says a word."""
    line.recv(1)


def dawdling(line: socket.socket) -> None:
    """Says one letter now and then, so that no single wait is long."""
    for _ in range(1000):
        line.sendall(b"2")
        time.sleep(0.05)


def breaking_off(after: str) -> Callable[[socket.socket], None]:
    """Behaves until "greeting", "body" (amid DATA) or "dot" (before it answers), then drops the connection."""

    def behave(line: socket.socket) -> None:
        if after == "greeting":
            return
        line.sendall(b"220 odd.example\r\n")
        with line.makefile("rb") as lines:
            for command in lines:
                line.sendall(b"354 go on\r\n" if command.startswith(b"DATA") else b"250 OK\r\n")
                if command.startswith(b"DATA"):
                    break
            for text in lines:
                if after == "body" or text == b".\r\n":
                    return

    return behave


def tls_of(authority: Any, name: str) -> ssl.SSLContext:
    """A server's TLS context with a certificate for `name` from a trustme authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context
