"""What a platform of the sandbox is asked and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in: `path` includes the query; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


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


# world, query and headers in, answer out; a platform's ROUTES are handlers by (method, path).
Handler = Callable[[World, Mapping[str, str], Mapping[str, str]], Answer]
