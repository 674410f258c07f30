"""The YouTube Data API's resources: what a channel, a video, a thread and a comment look like in JSON."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.sandbox.world import Shown
from connectors.sandbox.youtube_lists import etag

CHANNEL = "UCactoSandboxChannel0001"
UPLOADS = f"UU{CHANNEL[2:]}"
TITLE = "ACTO"
SAMPLE = 5


def channel(query: Mapping[str, str]) -> dict[str, Any]:
    """The one channel of the sandbox."""
    return _resource(
        "youtube#channel",
        CHANNEL,
        query,
        snippet={"title": TITLE, "description": "", "publishedAt": "2015-03-02T10:00:00Z"},
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


def video(shown: Shown, query: Mapping[str, str]) -> dict[str, Any]:
    """A video by itself."""
    statistics = {"viewCount": "0", "likeCount": str(shown.likes)}
    return _resource("youtube#video", shown.id, query, snippet=_about_video(shown), statistics=statistics)


def thread(shown: Shown, replies: Sequence[Shown], query: Mapping[str, str], *, of_channel: bool) -> dict[str, Any]:
    """A thread with its sample of replies, the newest; asked by channel, they do not say their video."""
    whole = {"part": "snippet", "textFormat": query.get("textFormat", "html")}
    sample = [comment(reply, whole, video_id=None if of_channel else shown.parent) for reply in replies[:SAMPLE]]
    return _resource(
        "youtube#commentThread",
        shown.id,
        query,
        snippet={
            "channelId": CHANNEL,
            "videoId": shown.parent,
            "topLevelComment": comment(shown, whole, video_id=shown.parent),
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": True,
        },
        **({"replies": {"comments": sample}} if sample else {}),
    )


def comment(shown: Shown, query: Mapping[str, str], *, video_id: str | None = None) -> dict[str, Any]:
    """A comment or a reply; the author of a removed account has no channel."""
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
    return _resource("youtube#comment", shown.id, query, snippet=snippet)


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
