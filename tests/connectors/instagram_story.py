"""Invented Instagram accounts for the connector tests, and ways to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors import instagram
from connectors.http import Http
from connectors.item import Page
from connectors.sandbox import Sandbox
from connectors.sandbox.instagram import USER, USERNAME
from connectors.source import Source, Window
from tests.connectors.story import BEGIN, Pauses, Row
from tests.connectors.story import row as any_row

OURS = {"id": USER, "name": USERNAME, "handle": USERNAME}


def row(name: str, kind: str, parent: str | None, minutes: int, **more: Any) -> Row:
    """One row of a story, posted `minutes` after BEGIN; posts are ours."""
    author = OURS if kind == "post" else {"id": f"9{name}", "name": name, "handle": f"{name}_writes"}
    return any_row(name, kind, parent, minutes, platform="instagram", author=author) | more


def account(*, posts: int = 1, comments: int = 0, replies: Mapping[int, int] | None = None, tags: int = 0) -> list[Row]:
    """Posts p0… (p0 the newest, a day apart), comments c0… on them in turn, one a minute, `replies[n]` replies to comment
    n, and media t0… of others that tag us.
    """
    rows = [row(f"p{n}", "post", None, -n * 1440 - 1) for n in range(posts)]
    rows += [row(f"c{n}", "comment", f"p{n % posts}", n) for n in range(comments)]
    for n, count in (replies or {}).items():
        rows += [row(f"c{n}r{m}", "reply", f"c{n}", n + m + 1) for m in range(count)]
    return rows + [row(f"t{n}", "mention", None, -n * 1440 - 2) for n in range(tags)]


def source(sandbox: Sandbox, *, secret: str | None = None, **keys: str) -> Source:
    """The sandbox's account as a configured source."""
    return Source("insta", "instagram", {"user_id": USER} | keys, secret or sandbox.key, sandbox.base_url)


def connect(sandbox: Sandbox, **manners: Any) -> Http:
    """The way to the sandbox's account, without real pauses."""
    return instagram.connect(source(sandbox), **{"sleep": Pauses(), **manners})


def pages(sandbox: Sandbox, window: Window | None = None, **keys: str) -> Iterator[Page]:
    """Read the sandbox's account."""
    with connect(sandbox) as http:
        yield from instagram.read(source(sandbox, **keys), window or Window(), http)


def after(minutes: int) -> datetime:
    """`minutes` after BEGIN."""
    return BEGIN + timedelta(minutes=minutes)


def paths(sandbox: Sandbox) -> list[str]:
    """The calls that came in, without version and query."""
    return [call.path.split("?")[0].split("/", 2)[2].replace(USER, "user") for call in sandbox.requests]


def gaps(read: list[Page]) -> list[str]:
    """All gaps."""
    return [gap for page in read for gap in page.gaps]


def notes(read: list[Page]) -> list[str]:
    """All notes."""
    return [note for page in read for note in page.notes]


def whole(read: list[Page]) -> dict[str, int | None]:
    """The threads that were said to be whole, with their counters."""
    return {thread.id: thread.counted for page in read for thread in page.threads}


def listed(read: list[Page]) -> set[str]:
    """The kinds of which everything was said to be handed on."""
    return {kind for page in read for one in page.listed for kind in one.kinds}
