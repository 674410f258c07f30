"""The sandbox's HTTP server: one thread per connection on 127.0.0.1, every call logged, faults on order."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from connectors.sandbox.answers import Answer, Call, Request
from connectors.sandbox.faults import Fault, Faults
from connectors.sandbox.keys import KEY
from connectors.sandbox.permissions import GRANTED
from connectors.sandbox.routes import ROUTES
from connectors.sandbox.world import END, World, moved
from connectors.sandbox.youtube.resources import CHANNEL

FOLDER = Path(__file__).parent
ROSTER = FOLDER / "roster.csv"
STORIES = FOLDER / "month"


class Sandbox:
    """Serves a story (`rows`, see `World`; the month of the folder month if None) until the `with` block ends.

    The story keeps its dates, or is moved by whole days so that its last night is `ending`. `base_url` goes into
    acto.toml, `key` is the secret that every platform accepts but those named in `secrets`, `channel` the YouTube channel.
    By platform, `permissions` are what its token may do if not what docs/access/ asks for, `expires` when it ends. The
    server's clock is `clock_ahead` of this machine's. Every answer takes `latency` seconds. `requests` are the calls that
    came in so far.
    """

    key = KEY
    channel = CHANNEL

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]] | None = None,
        *,
        port: int = 0,
        ending: date | None = None,
        secrets: Mapping[str, str] | None = None,
        latency: float = 0.0,
    ) -> None:
        days = timedelta(days=(ending - END.date()).days) if ending else timedelta(0)
        self._end = END + days
        self._rows = [moved(row, days) for row in (rows if rows is not None else _story())]
        self.world = World(self._rows, self._end)
        self.secrets = dict(secrets or {})
        self.permissions: dict[str, tuple[str, ...]] = dict(GRANTED)
        self.expires: dict[str, datetime] = {}
        self.clock_ahead = timedelta(0)
        self.latency = latency
        self.requests: list[Call] = []
        self.faults = Faults()
        self.closing = Event()
        self._server = _Server(("127.0.0.1", port), self)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def at(self, night: date) -> None:
        """Show the world as of `night`: a day (02:30 UTC, when the nightly scan looks) or an aware time."""
        self.world = World(self._rows, night)

    def rewind(self, *, nights: int) -> None:
        """Show the world as of `nights` before the end of the story."""
        self.at(self._end - timedelta(days=nights))

    def fault(
        self,
        pattern: str,
        answer: Answer | None = None,
        *,
        delay: float = 0.0,
        cut: bool = False,
        drop: bool = False,
        times: int | None = 1,
        after: int = 0,
    ) -> None:
        """Order trouble for the next calls whose path and query match `pattern` (see `Fault`)."""
        self.faults.add(Fault(pattern, answer, delay, cut, drop, times, after))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        super().__init__(address, _Handler)
        self.sandbox = sandbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no error of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Log the call, let its fault happen if one is ordered, and answer."""
        sandbox = self.server.sandbox
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        sandbox.requests.append(call)
        fault = sandbox.faults.next_for(self.path) or Fault("")
        sandbox.closing.wait(sandbox.latency + fault.delay)
        if fault.drop:
            self._hang_up()
            return
        answer = fault.answer or _answer(sandbox, call)
        content, headers = answer.encoded()
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if fault.cut else content)
        if fault.cut:
            self._hang_up()

    def do_POST(self) -> None:
        """The same for a call with a body."""
        self.do_GET()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date of an answer, by the sandbox's own clock."""
        ahead = self.server.sandbox.clock_ahead.total_seconds()
        return super().date_time_string(time.time() + ahead if timestamp is None else timestamp)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: the calls are in `Sandbox.requests`."""


def _answer(sandbox: Sandbox, call: Call) -> Answer:
    path, _, query = call.path.partition("?")
    for route in ROUTES:
        parts = route.match(call.method, path)
        if parts is not None:
            secret = sandbox.secrets.get(route.platform, KEY)
            asked = dict(parse_qsl(query, keep_blank_values=True))
            request = Request(
                asked,
                call.headers,
                secret,
                parts,
                call.body,
                sandbox.permissions.get(route.platform, ()),
                sandbox.expires.get(route.platform),
            )
            answer = route.handler(sandbox.world, request)
            if answer is not None:
                return answer
    return Answer(404, "<!DOCTYPE html><title>Not Found</title>The requested URL was not found on this server.")


def _story() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(STORIES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
