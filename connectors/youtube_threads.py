"""YouTube's comment threads: the comment that began one, and what came of its replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.item import Item, Rejected
from connectors.source import Window
from connectors.youtube_items import comment, rejected


@dataclass(frozen=True, slots=True)
class Thread:
    """One commentThread resource.

    `sample` are the replies that came with it, often not all; `reply_count` is the number that YouTube counts, None
    where it does not say. A thread without an id is rejected whole, and has no replies.
    """

    opening: Item | Rejected
    id: str | None = None
    video_id: str | None = None
    sample: tuple[Item | Rejected, ...] = ()
    reply_count: int | None = 0

    @property
    def begun_at(self) -> datetime | None:
        """When it was begun, in UTC; None where that could not be read."""
        return self.opening.created_at if isinstance(self.opening, Item) else None

    @property
    def sample_is_all(self) -> bool:
        """Whether no reply is missing from the sample."""
        return self.reply_count is not None and self.reply_count <= len(self.sample)

    def belongs_to(self, window: Window) -> bool:
        """Whether it was begun within `window`; one that does not say when may have been."""
        begun = self.begun_at
        return begun is None or (
            (window.since is None or begun >= window.since) and (window.until is None or begun <= window.until)
        )


def thread(entry: Any) -> Thread:
    """Read one commentThread resource; never raises."""
    name = entry.get("id") if isinstance(entry, Mapping) else None
    if not isinstance(name, str) or not name:
        return Thread(rejected("A YouTube comment thread could not be read: it has no id.", entry))
    snippet = _mapping(entry, "snippet")
    video_id, count = snippet.get("videoId"), snippet.get("totalReplyCount")
    video_id = video_id if isinstance(video_id, str) and video_id else None
    sample = _mapping(entry, "replies").get("comments")
    opening = {key: value for key, value in entry.items() if key != "replies"}
    return Thread(
        opening=comment(snippet.get("topLevelComment"), "comment", thread_id=name, video_id=video_id, raw=opening),
        id=name,
        video_id=video_id,
        sample=tuple(reply(one, name, video_id) for one in sample) if isinstance(sample, list) else (),
        reply_count=count if isinstance(count, int) and count >= 0 else None,
    )


def reply(entry: Any, thread_id: str, video_id: str | None) -> Item | Rejected:
    """Read one reply; it does not say by itself which video it is on."""
    return comment(entry, "reply", thread_id=thread_id, video_id=video_id)


def is_over(threads: list[Thread], window: Window) -> bool:
    """Whether a page of threads, newest first, lies before `window` as a whole: the next ones do so too."""
    times = [thread.begun_at for thread in threads if thread.begun_at is not None]
    return window.since is not None and bool(times) and all(begun < window.since for begun in times)


def _mapping(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = entry.get(key)
    return value if isinstance(value, Mapping) else {}
