"""The calls of the YouTube Data API v3 that we make, each for as much as one call can bring.

Every call costs 1 of the project's 10,000 units a day, but for captions: a list of tracks costs 50, a text 200.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from googleapiclient.discovery import build

from connectors.errors import Transient
from connectors.google_http import NOT_OURS, GoogleTransport, fetch, sent
from connectors.http import Http
from connectors.json_values import entries, mapping_or_empty, text_or_none
from connectors.listing import PageOf, Sent, id_of

HOST = "https://youtube.googleapis.com"
# How many ids one call may name.
IDS_A_CALL = 50
# A handle as `customUrl` has it; what stands there without the @ is an older kind of address, which may be another's handle.
HANDLE = re.compile(r"@[\w.·-]{1,100}")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: the id of the playlist of all its videos, and its handle; None where YouTube names none."""

    uploads: str | None
    handle: str | None


def batches(names: Sequence[str], size: int = IDS_A_CALL) -> Iterator[Sequence[str]]:
    """`names` in parts of at most `size`."""
    return (names[start : start + size] for start in range(0, len(names), size))


class Calls:
    """The API through one `Http`. Comments come as plain text.

    Each method raises GoogleError for a refusal, Transient where the answer is not what was asked for, and what
    `Http.request` raises.
    """

    def __init__(self, http: Http) -> None:
        options = {"api_endpoint": HOST}
        transport = GoogleTransport(http)
        self._api = build("youtube", "v3", http=transport, static_discovery=True, client_options=options)

    def channel(self, channel_id: str) -> Channel:
        """What YouTube says of the channel; nothing where it knows none."""
        call = self._api.channels().list(part="snippet,contentDetails", id=channel_id)
        found = next(iter(entries(fetch(call, "youtube#channelListResponse"), "items")), None)
        playlists = mapping_or_empty(mapping_or_empty(found, "contentDetails"), "relatedPlaylists")
        handle = text_or_none(mapping_or_empty(found, "snippet"), "customUrl") or ""
        return Channel(text_or_none(playlists, "uploads"), handle if HANDLE.fullmatch(handle) else None)

    def playlist(self, playlist_id: str) -> PageOf:
        """The videos of a playlist, 50 a page."""
        return _pages(
            self._api.playlistItems(),
            "youtube#playlistItemListResponse",
            part="snippet,contentDetails",
            playlistId=playlist_id,
            maxResults=50,
        )

    def videos(self, names: Sequence[str]) -> list[Any]:
        """Those of the videos `names` (50 at most) that are there, with their counters."""
        call = self._api.videos().list(part="snippet,statistics", id=",".join(names))
        return _asked_for(names, call, "youtube#videoListResponse")

    def threads_of_channel(self, channel_id: str, **more: str) -> PageOf:
        """The threads of a channel, newest first, 100 a page, each with a sample of its replies."""
        return self._threads(allThreadsRelatedToChannelId=channel_id, **more)

    def threads_of_video(self, video_id: str) -> PageOf:
        """The threads of a video, newest first, 100 a page, each with a sample of its replies."""
        return self._threads(videoId=video_id)

    def threads(self, names: Sequence[str]) -> list[Any]:
        """Those of the threads `names` (50 at most) that are there, each with a sample of its replies."""
        call = self._api.commentThreads().list(part="snippet,replies", id=",".join(names), textFormat="plainText")
        return _asked_for(names, call, "youtube#commentThreadListResponse")

    def replies(self, thread_id: str) -> PageOf:
        """The replies of a thread, 100 a page."""
        return _pages(
            self._api.comments(),
            "youtube#commentListResponse",
            part="snippet",
            parentId=thread_id,
            maxResults=100,
            textFormat="plainText",
        )

    def comments(self, names: Sequence[str]) -> list[Any]:
        """Those of the comments and replies `names` (50 at most) that are there."""
        call = self._api.comments().list(part="snippet", id=",".join(names), textFormat="plainText")
        return _asked_for(names, call, "youtube#commentListResponse")

    def caption_tracks(self, video_id: str) -> list[Any]:
        """The caption tracks of a video, for its owner alone."""
        return _entries(self._api.captions().list(part="snippet", videoId=video_id), "youtube#captionListResponse")

    def caption(self, track_id: str) -> str:
        """A caption track as SubRip text, for its owner alone."""
        answer = self._api.captions().download(id=track_id, tfmt="srt").execute(num_retries=0)
        if not isinstance(answer, bytes):
            raise Transient(NOT_OURS)
        return answer.decode(errors="replace")

    def _threads(self, **which: str) -> PageOf:
        return _pages(
            self._api.commentThreads(),
            "youtube#commentThreadListResponse",
            part="snippet,replies",
            order="time",
            maxResults=100,
            textFormat="plainText",
            **which,
        )


def _pages(resource: Any, kind: str, **asked: Any) -> Callable[[str | None], Sent]:
    return lambda token: sent(fetch(resource.list(pageToken=token, **asked), kind))


def _entries(call: Any, kind: str) -> list[Any]:
    found: list[Any] = fetch(call, kind).get("items", [])
    return found


def _asked_for(names: Sequence[str], call: Any, kind: str) -> list[Any]:
    """The entries of an answer to a question for `names`. One with others, or one page of several, has not heard it: then
    what is missing from it is not gone.
    """
    answer = fetch(call, kind)
    found: list[Any] = answer.get("items", [])
    if answer.get("nextPageToken") or not {name for name in map(id_of, found) if name} <= set(names):
        raise Transient(NOT_OURS)
    return found
