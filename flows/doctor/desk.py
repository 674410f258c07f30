"""The line of the review page."""

from __future__ import annotations

import inspect
import socket
from pathlib import Path

from flows.finding import Finding

HOST, SECONDS = "127.0.0.1", 2.0


def review_finding(home: Path) -> Finding:
    """Whether `acto review` would open, or is open already."""
    from flows.command_line import review

    port = int(inspect.signature(review).parameters["port"].default)
    if not (home / "history.duckdb").exists():
        return Finding("review page", "ok", "opens after the first scan or import (acto review)")
    says = _who_answers(port)
    if says is None:
        return Finding("review page", "ok", "ready: acto review opens it")
    if b"ACTO" in says:
        return Finding("review page", "ok", f"open now at http://{HOST}:{port}")
    return Finding(
        "review page",
        "warning",
        f"Another program answers on port {port} of this machine.",
        f"acto review --port {port + 1}",
    )


def _who_answers(port: int) -> bytes | None:
    """The beginning of what is served on the port; None where nothing listens."""
    try:
        with socket.create_connection((HOST, port), timeout=SECONDS) as line:
            line.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            said = b""
            while len(said) < 20_000 and (piece := line.recv(4096)):
                said += piece
            return said
    except ConnectionRefusedError:
        return None
    except OSError:
        return b""
