"""A YouTube channel: its videos, the comments on them and all replies (YouTube Data API v3, with an API key).

Calls of one pass, each 1 unit of the daily 10,000: the channel (1), its videos (1 for 50), its threads (1 for at most
100), and for each thread with more replies than came along, its replies (1 for 100).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from googleapiclient.discovery import build

from connectors import youtube_items, youtube_refusals
from connectors.errors import SourceError
from connectors.gathered import Gathered
from connectors.google_http import GoogleError, GoogleTransport, fetch, worth_another_try
from connectors.google_listing import Listing, PageOf, walk
from connectors.http import Http
from connectors.item import Page
from connectors.source import Source, Window
from connectors.youtube_replies import take_replies, take_videos
from connectors.youtube_threads import is_over, thread

HOST = "https://youtube.googleapis.com"
IN_CIRCLES = "YouTube sent the same {what} again and again, so we stopped: some may be missing."


def connect(source: Source, **manners: Any) -> Http:
    """The way to YouTube, with the source's API key in a header (the library's own `developerKey` goes into URLs).

    `manners` (deadline, timeout, sleep) are those of `Http`.
    """
    return Http(
        {"X-Goog-Api-Key": source.secret or ""},
        host=HOST,
        base_url=source.base_url,
        worth_another_try=worth_another_try,
        **manners,
    )


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the channel `channel_id`: first all its videos, then its threads begun within `window`, newest first.

    A new reply does not move its thread: only threads within the window show theirs. `expected` counts what YouTube
    counts, hidden replies included, so a little more than it shows. A resume that YouTube no longer takes starts again
    from the newest thread.
    Raises Refused or Transient; comments turned off for the whole channel are Refused, since nothing of it can be read.
    """
    api = build(
        "youtube",
        "v3",
        http=GoogleTransport(http),
        static_discovery=True,
        client_options={"api_endpoint": HOST},
    )
    channel_id = source.keys["channel_id"]
    token = (window.resume or {}).get("page_token")
    known_videos: set[str] = set()
    try:
        for page in _videos(api, channel_id, token):
            known_videos |= {item.id for item in page.items}
            yield page
        yield from _threads(api, channel_id, window, token, known_videos)
    except GoogleError as error:
        raise youtube_refusals.in_words(error) from None


def _videos(api: Any, channel_id: str, token: str | None) -> Iterator[Page]:
    """All videos, 50 a page. Interrupted here, the pass goes on where its threads were to go on: at `token`."""

    def page_of(page_token: str | None) -> dict[str, Any]:
        playlist = {"part": "snippet,contentDetails", "playlistId": uploads, "maxResults": 50, "pageToken": page_token}
        return fetch(api.playlistItems().list(**playlist), "youtube#playlistItemListResponse")

    try:
        uploads = _list_of_videos(api, channel_id)
        for listing in walk(page_of) if uploads else ():
            gathered = Gathered()
            gathered.take(youtube_items.video(entry) for entry in listing.entries)
            gathered.expected = len(gathered.items) + len(gathered.rejected)
            if listing.circular:
                gathered.gaps.append(IN_CIRCLES.format(what="videos"))
            yield gathered.page({"page_token": token})
    except GoogleError as error:
        # The list of a channel that never had a video does not exist.
        if error.status != 404:
            raise


def _list_of_videos(api: Any, channel_id: str) -> str | None:
    """The id of the playlist of all the channel's videos; None where YouTube names none."""
    channel = fetch(api.channels().list(part="contentDetails", id=channel_id), "youtube#channelListResponse")
    if not channel.get("items"):
        return None
    try:
        return str(channel["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"])
    except (KeyError, TypeError):
        # The comments are what matters; videos that they answer are asked for one by one.
        return None


def _threads(api: Any, channel_id: str, window: Window, token: str | None, known_videos: set[str]) -> Iterator[Page]:
    def page_of(page_token: str | None) -> dict[str, Any]:
        call = api.commentThreads().list(
            part="snippet,replies",
            allThreadsRelatedToChannelId=channel_id,
            order="time",
            maxResults=100,
            textFormat="plainText",
            pageToken=page_token,
        )
        return fetch(call, "youtube#commentThreadListResponse")

    here = token
    for listing in _from(page_of, token):
        threads = [thread(entry) for entry in listing.entries]
        wanted = [one for one in threads if one.belongs_to(window)]
        next_token = None if is_over(threads, window) else listing.next_token
        gathered = Gathered()
        if listing.circular:
            gathered.gaps.append(IN_CIRCLES.format(what="comments"))
        for one in wanted:
            gathered.take([one.opening, *one.sample])
            gathered.expected += 1 + (len(one.sample) if one.reply_count is None else one.reply_count)
        try:
            take_replies(api, wanted, gathered)
            take_videos(api, {one.video_id for one in wanted if one.video_id} - known_videos, gathered)
        except SourceError:
            # What is here already is worth landing; the next pass reads this page again.
            gathered.gaps.append("The pass was broken off before all replies to these comments were read.")
            yield gathered.page({"page_token": here})
            raise
        known_videos |= {one.video_id for one in wanted if one.video_id}
        yield gathered.page(None if next_token is None else {"page_token": next_token})
        if next_token is None:
            return
        here = next_token


def _from(page_of: PageOf, token: str | None) -> Iterator[Listing]:
    """The pages from `token` on, or from the newest where YouTube does not take it any more."""
    listings = walk(page_of, token)
    try:
        first = next(listings)
    except GoogleError as error:
        if token is None or error.status not in (400, 404):
            raise
        listings = walk(page_of)
        first = next(listings)
    return chain([first], listings)
