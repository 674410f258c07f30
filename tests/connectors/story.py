"""Invented channels for the connector tests, and ways to read them."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import youtube
from connectors.http import Http
from connectors.item import Item, Page
from connectors.sandbox import Sandbox
from connectors.source import Source, Window

BEGIN = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
Row = dict[str, Any]


def row(name: str, kind: str, parent: str | None, minutes: int, **more: Any) -> Row:
    """One row of a story, posted `minutes` after BEGIN."""
    return {
        "platform": "youtube",
        "id": name,
        "kind": kind,
        "parent": parent,
        "author": {"id": f"UC{name}", "name": f"@{name}", "handle": f"@{name}"},
        "text": f"This is {name}",
        "posted": (BEGIN + timedelta(minutes=minutes)).isoformat(),
    } | more


def channel(*, videos: int = 1, threads: int = 0, replies: Mapping[int, int] | None = None) -> list[Row]:
    """Videos v0…, one thread a minute c0… on them in turn, and `replies[n]` replies to thread n."""
    rows = [row(f"v{n}", "post", None, -n - 1) for n in range(videos)]
    rows += [row(f"c{n}", "comment", f"v{n % videos}", n) for n in range(threads)]
    for n, count in (replies or {}).items():
        rows += [row(f"c{n}.r{m}", "reply", f"c{n}", n + m + 1) for m in range(count)]
    return rows


class Pauses(list[float]):
    """Stands in for sleep: remembers how long each wait would have been."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def source(sandbox: Sandbox, *, channel_id: str | None = None, secret: str | None = None) -> Source:
    """The sandbox's channel as a configured source."""
    keys = {"channel_id": channel_id or sandbox.channel}
    return Source("channel", "youtube", keys, secret or sandbox.key, sandbox.base_url)


def connect(sandbox: Sandbox, **manners: Any) -> Http:
    """The way to the sandbox's channel, without real pauses."""
    return youtube.connect(source(sandbox), **{"sleep": Pauses(), **manners})


def pages(sandbox: Sandbox, window: Window | None = None, **manners: Any) -> Iterator[Page]:
    """Read the sandbox's channel."""
    with connect(sandbox, **manners) as http:
        yield from youtube.read(source(sandbox), window or Window(), http)


def items(read: list[Page]) -> dict[str, Item]:
    """All items by id; fails where one was handed on twice."""
    found = [item for page in read for item in page.items]
    by_id = {item.id: item for item in found}
    assert len(by_id) == len(found), "an item was handed on twice"
    return by_id


def all_words_of(error: BaseException) -> str:
    """Everything that a log or a traceback could print of `error` and of whatever it came from."""
    words, waiting = "", [error]
    while waiting:
        one = waiting.pop()
        words += "".join(traceback.format_exception(one)) + repr(one) + repr(getattr(one, "__dict__", ""))
        waiting += [other for other in (one.__cause__, one.__context__) if other is not None]
    return words
