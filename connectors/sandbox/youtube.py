"""YouTube Data API v3 as an API key sees it: channels, playlistItems, videos, commentThreads and comments, each `list`.

Behaves as documented: threads newest first by their own time (a new reply does not move one), at most five replies in a
thread's sample, HTML unless plainText is asked for, deleted comments simply missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from connectors.sandbox.answers import Answer, Handler
from connectors.sandbox.keys import KEY
from connectors.sandbox.world import Presence, Shown, World
from connectors.sandbox.youtube_lists import Listed, one_filter, page_of
from connectors.sandbox.youtube_refusals import Refusal, refusal
from connectors.sandbox.youtube_resources import CHANNEL, UPLOADS, channel, comment, playlist_item, thread, video

Endpoint = Callable[[Presence, Mapping[str, str]], tuple[str, Listed]]


def _channels(presence: Presence, query: Mapping[str, str]) -> tuple[str, Listed]:
    one_filter(query, "id", "forHandle")
    found = [channel(query)] if query.get("id") == CHANNEL else []
    # The real API leaves `items` out where it finds nothing.
    return "youtube#channelListResponse", Listed(found or None)


def _playlist_items(presence: Presence, query: Mapping[str, str]) -> tuple[str, Listed]:
    one_filter(query, "playlistId", "id")
    videos = presence.by_kind["post"]
    if query.get("playlistId") != UPLOADS or not videos:
        raise Refusal(refusal("playlistNotFound"))
    listed = page_of(videos, query, most=50, default=5)
    return "youtube#playlistItemListResponse", listed.map(lambda shown: playlist_item(shown, query))


def _videos(presence: Presence, query: Mapping[str, str]) -> tuple[str, Listed]:
    one_filter(query, "id")
    found = [presence.by_id[name] for name in query["id"].split(",") if name in presence.by_id]
    return "youtube#videoListResponse", Listed([video(shown, query) for shown in found if shown.kind == "post"])


def _comment_threads(presence: Presence, query: Mapping[str, str]) -> tuple[str, Listed]:
    chosen = one_filter(query, "allThreadsRelatedToChannelId", "videoId", "id")
    found: Sequence[Shown]
    if chosen == "id":
        found = [presence.by_id[name] for name in query["id"].split(",") if name in presence.by_id]
    elif chosen == "videoId":
        on = presence.by_id.get(query["videoId"])
        if on is None or on.kind != "post":
            raise Refusal(refusal("videoNotFound"))
        if on.comments_disabled:
            raise Refusal(refusal("commentsDisabled"))
        found = presence.answers[on.id]
    elif query[chosen] != CHANNEL:
        raise Refusal(refusal("channelNotFound"))
    else:
        found = presence.by_kind["comment"]
    listed = page_of(found, query, most=100, default=20)
    return (
        "youtube#commentThreadListResponse",
        listed.map(
            lambda shown: thread(shown, presence.answers.get(shown.id, []), query, of_channel=chosen != "videoId")
        ),
    )


def _comments(presence: Presence, query: Mapping[str, str]) -> tuple[str, Listed]:
    if one_filter(query, "parentId", "id") == "id":
        found = [presence.by_id[name] for name in query["id"].split(",") if name in presence.by_id]
        return "youtube#commentListResponse", Listed([comment(shown, query) for shown in found])
    parent = presence.by_id.get(query["parentId"])
    if parent is None or parent.kind != "comment":
        raise Refusal(refusal("commentNotFound"))
    listed = page_of(presence.answers.get(parent.id, []), query, most=100, default=20)
    return "youtube#commentListResponse", listed.map(lambda shown: comment(shown, query))


def _handler(endpoint: Endpoint) -> Handler:
    """Wrap `endpoint` in what holds for all: the key, `part`, refusals, and the envelope."""

    def handle(world: World, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        key = headers.get("x-goog-api-key") or query.get("key")
        if not key:
            return refusal("keyMissing")
        if key != KEY:
            return refusal("keyInvalid")
        if not query.get("part"):
            return refusal("missingRequiredParameter")
        try:
            kind, listed = endpoint(world.presence("youtube"), query)
        except Refusal as refused:
            return refused.answer
        return Answer(200, listed.envelope(kind))

    return handle


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", f"/youtube/v3/{name}"): _handler(endpoint)
    for name, endpoint in {
        "channels": _channels,
        "playlistItems": _playlist_items,
        "videos": _videos,
        "commentThreads": _comment_threads,
        "comments": _comments,
    }.items()
}
