"""YouTube's comments and videos as items (YouTube Data API v3: comment, playlistItem and video resources)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from connectors.dates import in_utc
from connectors.item import Item, Rejected

WATCH = "https://www.youtube.com/watch?v="


def comment(
    entry: Any, kind: Literal["comment", "reply"], *, thread_id: str, video_id: str | None, raw: Any = None
) -> Item | Rejected:
    """One comment resource as an item. A comment answers the video, a reply the comment that began the thread.

    `raw` is what to keep of the answer, where that is more than `entry`. The author's channel is absent for a removed
    account, and `videoId` in the replies of a channel's threads: both are normal.
    """
    raw = entry if raw is None else raw
    try:
        _check_storable(raw)
        snippet = _mapping(entry, "snippet")
        name = _text(entry, "id")
        text = snippet.get("textOriginal", snippet.get("textDisplay"))
        if not isinstance(text, str):
            raise ValueError("it has no text")
        created_at, updated_at = _time(snippet, "publishedAt"), _time(snippet, "updatedAt")
        author = snippet.get("authorChannelId")
        author_name = _text_or_none(snippet, "authorDisplayName")
        return Item(
            platform="youtube",
            id=name,
            kind=kind,
            text=text,
            parent_id=thread_id if kind == "reply" else video_id,
            thread_id=thread_id,
            author_id=_text_or_none(author, "value") if isinstance(author, Mapping) else None,
            author_name=author_name,
            author_handle=author_name if author_name and author_name.startswith("@") else None,
            url=f"{WATCH}{quote(video_id, safe='')}&lc={quote(name, safe='')}" if video_id else None,
            created_at=created_at,
            edited_at=updated_at if updated_at != created_at else None,
            raw=raw,
        )
    except ValueError as error:
        return rejected(f"A YouTube {kind} could not be read: {error}.", raw)


def video(entry: Any) -> Item | Rejected | None:
    """One video, from a playlistItem or a video resource, as a post: its title, a blank line, its description.

    None for the place-holder of a private or deleted video.
    """
    try:
        _check_storable(entry)
        snippet = _mapping(entry, "snippet")
        title, description = _text(snippet, "title"), _text_or_none(snippet, "description")
        if title in {"Private video", "Deleted video"} and "thumbnails" in snippet and not snippet["thumbnails"]:
            return None
        in_playlist = entry.get("kind") == "youtube#playlistItem"
        name = _text(_mapping(snippet, "resourceId"), "videoId") if in_playlist else _text(entry, "id")
        # A playlistItem's own publishedAt says when the video was put on the list.
        details = entry.get("contentDetails") or {}
        created_at = _time(details, "videoPublishedAt") if isinstance(details, Mapping) else None
        return Item(
            platform="youtube",
            id=name,
            kind="post",
            text=f"{title}\n\n{description}" if description else title,
            thread_id=name,
            author_id=_text_or_none(snippet, "videoOwnerChannelId") or _text_or_none(snippet, "channelId"),
            author_name=_text_or_none(snippet, "videoOwnerChannelTitle") or _text_or_none(snippet, "channelTitle"),
            url=f"{WATCH}{quote(name, safe='')}",
            created_at=created_at or _time(snippet, "publishedAt"),
            raw=entry,
        )
    except ValueError as error:
        return rejected(f"A YouTube video could not be read: {error}.", entry)


def _check_storable(raw: Any) -> None:
    try:
        written = json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character") from None
    if b"\\u0000" in written.replace(rb"\\", b""):
        raise ValueError("it holds a NUL character")


def rejected(reason: str, raw: Any) -> Rejected:
    """What could not be read, with its JSON (ASCII, so that half a character survives)."""
    return Rejected(reason, json.dumps(raw).encode())


def _mapping(entry: Any, key: str) -> Mapping[str, Any]:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    if not isinstance(value, Mapping):
        raise ValueError(f"it has no {key}")
    return value


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = _text_or_none(entry, key)
    if value is None:
        raise ValueError(f"it has no {key}")
    return value


def _text_or_none(entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) and value else None


def _time(entry: Mapping[str, Any], key: str) -> datetime | None:
    """The time under `key` in UTC (ISO 8601; UTC where it names no zone); None where there is none."""
    value = entry.get(key)
    if value is None:
        return None
    try:
        return in_utc(datetime.fromisoformat(value))
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"its {key} is not a time") from None
