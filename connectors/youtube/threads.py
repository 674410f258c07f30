"""YouTube's comment threads: the comment that began one, and what came of its replies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.item import Item, Rejected
from connectors.json_values import count_or_none, mapping_or_empty, rejected, text_or_none
from connectors.youtube.items import comment


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


def thread(entry: Any, *, held: bool = False) -> Thread:
    """Read one commentThread resource, of the list of `held` ones or of the public one; never raises."""
    name = text_or_none(entry, "id")
    if name is None:
        return Thread(rejected("A YouTube comment thread could not be read: it has no id.", entry))
    snippet = mapping_or_empty(entry, "snippet")
    video_id = text_or_none(snippet, "videoId")
    sample = mapping_or_empty(entry, "replies").get("comments")
    return Thread(
        opening=comment(
            snippet.get("topLevelComment"),
            "comment",
            thread_id=name,
            video_id=video_id,
            raw={key: value for key, value in entry.items() if key != "replies"},
            held=held,
        ),
        id=name,
        video_id=video_id,
        sample=tuple(reply(one, name, video_id, held=held) for one in sample) if isinstance(sample, list) else (),
        reply_count=count_or_none(snippet, "totalReplyCount"),
    )


def reply(entry: Any, thread_id: str, video_id: str | None, *, held: bool = False) -> Item | Rejected:
    """Read one reply; it does not say by itself which video it is on."""
    return comment(entry, "reply", thread_id=thread_id, video_id=video_id, held=held)
