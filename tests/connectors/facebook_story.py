"""An invented Facebook Page for the connector tests, and ways to read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors import facebook
from connectors.http import Http
from connectors.item import Page
from connectors.sandbox import Sandbox
from connectors.sandbox.facebook import NAME, PAGE, USERNAME
from connectors.source import Source, Window
from tests.connectors.story import BEGIN, Pauses, Row, items

US = {"id": PAGE, "name": NAME, "handle": USERNAME}


def row(name: str, kind: str, parent: str | None, minutes: float, **more: Any) -> Row:
    """One row of a story, posted `minutes` after BEGIN."""
    author = US if kind == "post" else {"id": f"77{name[-4:]}", "name": f"Person {name[-4:]}", "handle": None}
    return {
        "platform": "facebook",
        "id": name,
        "kind": kind,
        "parent": parent,
        "author": author,
        "text": f"This is {name}",
        "posted": (BEGIN + timedelta(minutes=minutes)).isoformat(),
    } | more


def post_id(number: int) -> str:
    """The id of post `number`."""
    return f"{PAGE}_{1000 + number}"


def comment_id(post: int, number: int) -> str:
    """The id of comment `number` on a post."""
    return f"{2000 + post}{number:04}"


def page(*, posts: int = 1, comments: Mapping[int, int] | None = None) -> list[Row]:
    """Posts 0, 1, … a minute apart, with `comments[n]` comments on post n, of which each second one answers the first."""
    rows = [row(post_id(n), "post", None, n) for n in range(posts)]
    for n, count in (comments or {}).items():
        for m in range(count):
            reply = m % 2 == 1
            parent = comment_id(n, 0) if reply else post_id(n)
            rows.append(row(comment_id(n, m), "reply" if reply else "comment", parent, n + (m + 1) / 60))
    return rows


def source(sandbox: Sandbox, *, page_id: str = PAGE, secret: str | None = None, **keys: str) -> Source:
    """The sandbox's Page as a configured source."""
    return Source("our-page", "facebook", {"page_id": page_id, **keys}, secret or sandbox.key, sandbox.base_url)


def connect(sandbox: Sandbox, **manners: Any) -> Http:
    """The way to the sandbox's Page, without real pauses."""
    return facebook.connect(source(sandbox), **{"sleep": Pauses(), **manners})


def pages(sandbox: Sandbox, window: Window | None = None, **manners: Any) -> Iterator[Page]:
    """Read the sandbox's Page."""
    with connect(sandbox, **manners) as http:
        yield from facebook.read(source(sandbox), window or Window(), http)


def calls(sandbox: Sandbox) -> list[str]:
    """What was asked for, in order: `me`, `feed`, `comments 1000` (of which post), `ratings`, `comment 20000000`."""
    asked = []
    for call in sandbox.requests:
        node, _, edge = call.path.split("?")[0].removeprefix("/v25.0/").partition("/")
        last = node.rpartition("_")[2]
        asked.append(f"{edge} {last}" if edge == "comments" else edge or ("me" if node == "me" else f"comment {last}"))
    return asked


def gaps(read: list[Page]) -> list[str]:
    """All gaps of a pass."""
    return [gap for page in read for gap in page.gaps]


def notes(read: list[Page]) -> list[str]:
    """All notes of a pass."""
    return [note for page in read for note in page.notes]


def threads(read: list[Page]) -> dict[str, int | None]:
    """The threads that a pass says it has read whole, with what they were counted as."""
    return {thread.id: thread.counted for page in read for thread in page.threads}


def listed(read: list[Page]) -> list[tuple[str, datetime | None, datetime | None]]:
    """The lists that a pass says it has read whole: their first kind and bounds."""
    return [(one.kinds[0], one.since, one.until) for page in read for one in page.listed]


__all__ = [
    "BEGIN", "PAGE", "US", "Pauses", "calls", "comment_id", "connect", "gaps", "items", "listed", "notes", "page",
    "pages", "post_id", "row", "source", "threads",
]  # fmt: skip
