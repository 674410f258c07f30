"""The line of the review page."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from flows.config import Config, ConfigError
from flows.finding import Finding
from flows.review.accounts import accounts
from flows.review_links import PORT, ReviewLinks

SECONDS = 2.0


def review_finding(config: Config) -> Finding:
    """Whether `acto review` would open, or is open already; and, where others reach it, whether anybody can sign in."""
    if not (config.home / "history.duckdb").exists():
        return Finding("review page", "ok", "opens after the first scan or import (acto review)")
    origin, address = config.review.origin, ReviewLinks(config.review.origin).start
    named = urlsplit(address).netloc.removesuffix(":443")
    if origin is not None:
        set_password = "acto review --set-password NAME"  # noqa: S105 - a command
        try:
            if not accounts(config.home):
                return Finding("review page", "broken", "Nobody can sign in yet, so it cannot be served.", set_password)
        except ConfigError as error:
            return Finding("review page", "broken", str(error), set_password)
    says = _who_answers("127.0.0.1" if origin is None else str(config.review.listen), named)
    if says is None:
        return Finding(
            "review page", "ok", f"ready: acto review {'opens it' if origin is None else f'serves it for {origin}'}"
        )
    if b"ACTO" in says:
        return Finding("review page", "ok", f"open now at {address}")
    return Finding(
        "review page",
        "warning",
        f"Another program answers on port {PORT} of this machine.",
        f"acto review --port {PORT + 1}",
    )


def _who_answers(host: str, named: str) -> bytes | None:
    """The beginning of what is served there to who asks for the host `named`; None where nothing listens."""
    try:
        with socket.create_connection((host, PORT), timeout=SECONDS) as line:
            # A page that is there on every one of ours, whether one comes in by it or not.
            line.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {named}\r\nConnection: close\r\n\r\n".encode())
            said = b""
            while len(said) < 20_000 and (piece := line.recv(4096)):
                said += piece
            return said
    except ConnectionRefusedError:
        return None
    except OSError:
        return b""
