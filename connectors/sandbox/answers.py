"""What a platform of the sandbox is asked and what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from connectors.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in: `path` includes the query; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """A call as a platform's handler sees it.

    `parts` are the named groups of the route's pattern, `secret` is what the sandbox takes for valid on this platform; it
    has these `permissions`, and `expires` then (None: never).
    """

    query: Mapping[str, str]
    headers: Mapping[str, str]
    secret: str
    parts: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    permissions: Sequence[str] = ()
    expires: datetime | None = None

    @property
    def form(self) -> Mapping[str, str]:
        """The fields of a body that a form would send."""
        return dict(parse_qsl(self.body.decode(errors="replace")))

    @property
    def bearer(self) -> str | None:
        """The token of an `Authorization: Bearer` header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else None


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers; a body that is neither text nor bytes goes out as JSON."""

    status: int = 200
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[bytes, dict[str, str]]:
        """The body as bytes, with the headers that go with it."""
        if isinstance(self.body, str | bytes):
            body, content_type = self.body, "text/html; charset=UTF-8"
        else:
            body, content_type = json.dumps(self.body), "application/json; charset=UTF-8"
        content = body.encode() if isinstance(body, str) else body
        return content, {"Content-Type": content_type, "Content-Length": str(len(content)), **self.headers}


Handler = Callable[[World, Request], Answer | None]


@dataclass(frozen=True, slots=True)
class Route:
    """Which calls a handler answers: those of `method` whose path (percent-encoding kept, no query) matches `pattern` as
    a whole. A handler that answers None leaves the call to the next route that matches.
    """

    platform: str
    pattern: str
    handler: Handler
    method: str = "GET"

    def match(self, method: str, path: str) -> Mapping[str, str] | None:
        """The named groups of the pattern, None where the call is not for this route."""
        found = re.fullmatch(self.pattern, path) if method == self.method else None
        return found.groupdict() if found else None
