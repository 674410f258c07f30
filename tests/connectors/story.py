"""Invented channels for the connector tests, and ways to read them."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import youtube
from connectors.item import Item, Page
from connectors.sandbox import Sandbox
from connectors.source import Source, Window
from tests.connectors.memory import Memory

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


def source(
    sandbox: Sandbox, *, channel_id: str | None = None, secret: str | None = None, oauth: str | None = None
) -> Source:
    """The sandbox's channel as a configured source."""
    keys = {"channel_id": channel_id or sandbox.channel}
    return Source("channel", "youtube", keys, secret or sandbox.key, sandbox.base_url, oauth)


def connect(sandbox: Sandbox, *, oauth: str | None = None, **manners: Any) -> youtube.ChannelHttp:
    """The way to the sandbox's channel, without real pauses."""
    return youtube.connect(source(sandbox, oauth=oauth), **{"sleep": Pauses(), **manners})


def pages(
    sandbox: Sandbox, window: Window | None = None, *, oauth: str | None = None, **manners: Any
) -> Iterator[Page]:
    """Read the sandbox's channel, with the consent `oauth` of its owner, if any."""
    with connect(sandbox, oauth=oauth, **manners) as http:
        yield from youtube.read(source(sandbox, oauth=oauth), window or Window(), http)


def night(sandbox: Sandbox, memory: Memory, since: datetime | None = None, **more: Any) -> list[Page]:
    """One finished pass that goes on from what the passes before it left in `memory`, and leaves what it read there."""
    sandbox.requests.clear()
    window = Window(since=since, known=memory, bookmark=memory.bookmark)
    return memory.remember(pages(sandbox, window, **more))


def calls(sandbox: Sandbox) -> list[str]:
    """The methods called, in order."""
    return [call.path.split("?")[0].rsplit("/", 1)[-1] for call in sandbox.requests]


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
