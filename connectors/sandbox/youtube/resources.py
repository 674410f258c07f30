"""The YouTube Data API's resources: what a channel, a video, a thread and a comment look like in JSON."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.sandbox.world import Shown
from connectors.sandbox.youtube.lists import etag

CHANNEL = "UCactoSandboxChannel0001"
UPLOADS = f"UU{CHANNEL[2:]}"
TITLE = "ACTO"
HANDLE = "@actovideo"
SAMPLE = 5


def channel(query: Mapping[str, str]) -> dict[str, Any]:
    """The one channel of the sandbox."""
    return _resource(
        "youtube#channel",
        CHANNEL,
        query,
        snippet={"title": TITLE, "description": "", "customUrl": HANDLE, "publishedAt": "2015-03-02T10:00:00Z"},
        contentDetails={"relatedPlaylists": {"likes": "", "uploads": UPLOADS}},
    )


def playlist_item(shown: Shown, query: Mapping[str, str]) -> dict[str, Any]:
    """A video on the list of uploads."""
    of_video = {"kind": "youtube#video", "videoId": shown.id}
    return _resource(
        "youtube#playlistItem",
        etag(UPLOADS, shown.id),
        query,
        snippet={
            **_about_video(shown),
            "playlistId": UPLOADS,
            "resourceId": of_video,
            "videoOwnerChannelTitle": TITLE,
            "videoOwnerChannelId": CHANNEL,
        },
        contentDetails={"videoId": shown.id, "videoPublishedAt": _time(shown.posted_at)},
    )


def video(shown: Shown, comments: int | None, query: Mapping[str, str]) -> dict[str, Any]:
    """A video by itself; where comments are turned off (`comments` is None) they are not counted."""
    statistics = {"viewCount": "0", "likeCount": str(shown.likes)}
    if comments is not None:
        statistics["commentCount"] = str(comments)
    return _resource("youtube#video", shown.id, query, snippet=_about_video(shown), statistics=statistics)


def thread(
    shown: Shown,
    replies: Sequence[Shown],
    query: Mapping[str, str],
    *,
    of_channel: bool,
    owner: bool,
) -> dict[str, Any]:
    """A thread with its sample of replies, the newest; asked by channel, they do not say their video. Replies that are
    held back are counted and not shown.
    """
    whole = {"part": "snippet", "textFormat": query.get("textFormat", "html")}
    on = None if of_channel else shown.parent
    public = [reply for reply in replies if not reply.hidden]
    sample = [comment(reply, whole, video_id=on, owner=owner) for reply in public[:SAMPLE]]
    return _resource(
        "youtube#commentThread",
        shown.id,
        query,
        snippet={
            "channelId": CHANNEL,
            "videoId": shown.parent,
            "topLevelComment": comment(shown, whole, video_id=shown.parent, owner=owner),
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": not shown.hidden,
        },
        **({"replies": {"comments": sample}} if sample else {}),
    )


def comment(
    shown: Shown, query: Mapping[str, str], *, video_id: str | None = None, owner: bool = False
) -> dict[str, Any]:
    """A comment or a reply; the author of a removed account has no channel. The `owner` sees its moderation status."""
    snippet = {
        "channelId": CHANNEL,
        "textDisplay": shown.text if query.get("textFormat") == "plainText" else _as_html(shown.text),
        "authorDisplayName": shown.author_handle or shown.author_name,
        "authorProfileImageUrl": "",
        "authorChannelUrl": f"http://www.youtube.com/{shown.author_handle or ''}",
        "canRate": True,
        "viewerRating": "none",
        "likeCount": shown.likes,
        "publishedAt": _time(shown.posted_at),
        "updatedAt": _time(shown.edited_at or shown.posted_at),
    }
    if shown.author_id:
        snippet["authorChannelId"] = {"value": shown.author_id}
    if shown.kind == "reply":
        snippet["parentId"] = shown.parent
    if video_id:
        snippet["videoId"] = video_id
    if owner:
        snippet["moderationStatus"] = moderation(shown)
    return _resource("youtube#comment", shown.id, query, snippet=snippet)


def moderation(shown: Shown) -> str:
    """The moderation status of a comment: those that are hidden wait for review, if their row does not say otherwise."""
    return str(shown.row.get("moderation", "heldForReview")) if shown.hidden else "published"


def tracks(shown: Shown) -> dict[str, Mapping[str, str]]:
    """The caption tracks of a video by id: the row's `captions`, each `{"language", "kind", "text"}`."""
    return {f"{shown.id}-captions-{n}": track for n, track in enumerate(shown.row.get("captions") or ())}


def caption(name: str, track: Mapping[str, str], shown: Shown, query: Mapping[str, str]) -> dict[str, Any]:
    """One caption track, without its text."""
    snippet = {
        "videoId": shown.id,
        "lastUpdated": _time(shown.posted_at),
        "trackKind": track.get("kind", "standard"),
        "language": track.get("language", "en"),
        "name": "",
        "isDraft": False,
        "status": "serving",
    }
    return _resource("youtube#caption", name, query, snippet=snippet)


def subrip(track: Mapping[str, str]) -> str:
    """The text of a caption track, a line every two seconds."""
    lines = enumerate(track["text"].split("\n"))
    return "\n".join(f"{n + 1}\n{_clock(2 * n)} --> {_clock(2 * n + 2)}\n{line}\n" for n, line in lines)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"


def _resource(kind: str, name: str, query: Mapping[str, str], **parts: dict[str, Any]) -> dict[str, Any]:
    """Only the parts that are asked for, as the real API does."""
    asked = query.get("part", "").split(",")
    chosen = {part: value for part, value in parts.items() if part in asked}
    return {"kind": kind, "etag": etag(name, chosen), "id": name, **chosen}


def _about_video(shown: Shown) -> dict[str, Any]:
    title, _, description = shown.text.partition("\n")
    return {
        "publishedAt": _time(shown.posted_at),
        "channelId": CHANNEL,
        "title": title,
        "description": description.strip("\n"),
        "thumbnails": {"default": {"url": f"https://i.ytimg.example/vi/{shown.id}/default.jpg"}},
        "channelTitle": TITLE,
    }


def _as_html(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#39;").replace("\n", "<br>")


def _time(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
