"""YouTube's comments and videos as items (YouTube Data API v3: comment, playlistItem and video resources)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

from connectors.item import Item, Rejected
from connectors.json_values import (
    check_storable,
    mapping,
    mapping_or_empty,
    rejected,
    text,
    text_or_none,
    time_or_none,
)

WATCH = "https://www.youtube.com/watch?v="


def comment(
    entry: Any,
    kind: Literal["comment", "reply"],
    *,
    thread_id: str,
    video_id: str | None,
    raw: Any = None,
    held: bool = False,
) -> Item | Rejected:
    """One comment resource as an item. A comment answers the video, a reply the comment that began the thread.

    `raw` is what to keep of the answer, where that is more than `entry`. The author's channel is absent for a removed
    account, and `videoId` in the replies of a channel's threads: both are normal. `held` says that it came on a list of
    what is held back: it is hidden, unless its own `moderationStatus` says otherwise.
    """
    raw = entry if raw is None else raw
    try:
        check_storable(raw)
        snippet = mapping(entry, "snippet")
        name = text(entry, "id")
        written = snippet.get("textOriginal", snippet.get("textDisplay"))
        if not isinstance(written, str):
            raise ValueError("it has no text")
        created_at, updated_at = time_or_none(snippet, "publishedAt"), time_or_none(snippet, "updatedAt")
        author = snippet.get("authorChannelId")
        author_name = text_or_none(snippet, "authorDisplayName")
        return Item(
            platform="youtube",
            id=name,
            kind=kind,
            text=written,
            parent_id=thread_id if kind == "reply" else video_id,
            thread_id=thread_id,
            author_id=text_or_none(author, "value") if isinstance(author, Mapping) else None,
            author_name=author_name,
            author_handle=author_name if author_name and author_name.startswith("@") else None,
            url=f"{WATCH}{quote(video_id, safe='')}&lc={quote(name, safe='')}" if video_id else None,
            created_at=created_at,
            edited_at=updated_at if updated_at != created_at else None,
            raw=raw,
            hidden=held and snippet.get("moderationStatus") != "published",
        )
    except ValueError as error:
        known_by = text_or_none(entry, "id") or (thread_id if kind == "comment" else None)
        return rejected(f"A YouTube {kind} could not be read: {error}.", raw, id=known_by)


def video(entry: Any, handles: Mapping[str, str]) -> Item | Rejected | None:
    """One video, from a playlistItem or a video resource, as a post: its title, a blank line, its description.

    A video names its channel by id and title alone; `handles` has the handles of those channels that are known.
    None for the place-holder of a private or deleted video.
    """
    try:
        check_storable(entry)
        snippet = mapping(entry, "snippet")
        title, description = text(snippet, "title"), text_or_none(snippet, "description")
        if title in {"Private video", "Deleted video"} and "thumbnails" in snippet and not snippet["thumbnails"]:
            return None
        name = id_of_video(entry)
        if name is None:
            raise ValueError("it has no id")
        # A playlistItem's own publishedAt says when the video was put on the list.
        details = entry.get("contentDetails") or {}
        created_at = time_or_none(details, "videoPublishedAt") if isinstance(details, Mapping) else None
        author_id = text_or_none(snippet, "videoOwnerChannelId") or text_or_none(snippet, "channelId")
        return Item(
            platform="youtube",
            id=name,
            kind="post",
            text=f"{title}\n\n{description}" if description else title,
            thread_id=name,
            author_id=author_id,
            author_name=text_or_none(snippet, "videoOwnerChannelTitle") or text_or_none(snippet, "channelTitle"),
            author_handle=handles.get(author_id or ""),
            url=f"{WATCH}{quote(name, safe='')}",
            created_at=created_at or time_or_none(snippet, "publishedAt"),
            raw=entry,
        )
    except ValueError as error:
        return rejected(f"A YouTube video could not be read: {error}.", entry, id=id_of_video(entry))


def id_of_video(entry: Any) -> str | None:
    """The video's id in a playlistItem or a video resource; None where it has none."""
    listed = mapping_or_empty(mapping_or_empty(entry, "snippet"), "resourceId")
    if listed or text_or_none(entry, "kind") == "youtube#playlistItem":
        return text_or_none(listed, "videoId")
    return text_or_none(entry, "id")


def comments_counted(entry: Any) -> int | None:
    """How many comments and replies YouTube counts on a video, from a video resource; None where it does not tell."""
    written = text_or_none(mapping_or_empty(entry, "statistics"), "commentCount") or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
