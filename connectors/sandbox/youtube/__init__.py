"""YouTube Data API v3: channels, playlistItems, videos, commentThreads and comments, each `list`, as an API key sees them;
with the owner's token also what is held back, and captions (`list`, `download`).

Behaves as documented: threads newest first by their own time (a new reply does not move one), at most five replies in a
thread's sample, HTML unless plainText is asked for, deleted comments simply missing, replies counted with the comments of
their video. The official client (`build("youtube", "v3", developerKey=…, client_options={"api_endpoint": …})`) works.

A row may have more: `comments_disabled` (a video), `unlisted` (a video that is not on the channel's list), `captions` (a
video, see `youtube_resources.tracks`), `moderation` (what a hidden comment is: heldForReview or likelySpam). A hidden
video is private; a hidden comment vanishes from the owner's lists as well after 60 days.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from urllib.parse import unquote

from connectors.sandbox.answers import Answer, Handler, Request, Route
from connectors.sandbox.keys import ACCESS_TOKEN
from connectors.sandbox.world import Presence, Shown, World
from connectors.sandbox.youtube.lists import Listed, ids, one_filter, page_of
from connectors.sandbox.youtube.refusals import Refusal, refusal
from connectors.sandbox.youtube.resources import (
    CHANNEL,
    SAMPLE,
    UPLOADS,
    caption,
    channel,
    comment,
    moderation,
    playlist_item,
    subrip,
    thread,
    tracks,
    video,
)

Query = Mapping[str, str]
Endpoint = Callable[[Presence, Query, bool], tuple[str, Listed]]
HELD_FOR = timedelta(days=60)


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The least number of calls, with an API key, that could read what began since `since` (None: all) and the threads
    `due`.

    The channel names its list of videos (1); the videos (50 a call) and their counters (50 a call), without which nobody
    knows what is new in old threads; the threads begun since then (100 a call; one call even if there is none); the older
    ones that are due and did not come with those pages (50 a call); and the replies (100 a call) of each of these threads
    that has more than come along with it. A video that is due costs nothing more: the list holds it.
    """
    videos = [shown for shown in presence.by_kind["post"] if _is_listed(shown)]
    threads = [shown for shown in presence.by_kind["comment"] if _is_public(presence, shown)]
    begun = sum(since is None or shown.posted_at >= since for shown in threads)
    pages = max(1, ceil(begun / 100))
    older = [shown for shown in threads[pages * 100 :] if shown.id in due]
    whole = [*threads[:begun], *(shown for shown in threads[begun:] if shown.id in due)]
    replies = [len(presence.answers.get(shown.id, ())) for shown in whole]
    return (
        1
        + 2 * ceil(len(videos) / 50)
        + pages
        + ceil(len(older) / 50)
        + sum(ceil(count / 100) for count in replies if count > SAMPLE)
    )


def _is_listed(shown: Shown) -> bool:
    return not shown.hidden and not shown.row.get("unlisted")


def _is_public(presence: Presence, shown: Shown) -> bool:
    """Whether everybody sees it: not held back, nor below what is, nor on a video that is private."""
    while not shown.hidden:
        if shown.parent is None:
            return True
        shown = presence.by_id[shown.parent]
    return False


def _channels(presence: Presence, query: Query, owner: bool) -> tuple[str, Listed]:
    one_filter(query, "id", "forHandle")
    found = [channel(query)] if query.get("id") == CHANNEL else []
    # The real API leaves `items` out where it finds nothing.
    return "youtube#channelListResponse", Listed(found or None)


def _playlist_items(presence: Presence, query: Query, owner: bool) -> tuple[str, Listed]:
    one_filter(query, "playlistId", "id")
    videos = [shown for shown in presence.by_kind["post"] if _is_listed(shown)]
    if query.get("playlistId") != UPLOADS or not videos:
        raise Refusal(refusal("playlistNotFound"))
    listed = page_of(videos, query, most=50, default=5)
    return "youtube#playlistItemListResponse", listed.map(lambda shown: playlist_item(shown, query))


def _videos(presence: Presence, query: Query, owner: bool) -> tuple[str, Listed]:
    one_filter(query, "id")
    found = _public_by_id(presence, query, "post")
    return "youtube#videoListResponse", Listed([video(shown, _comments_on(presence, shown), query) for shown in found])


def _comments_on(presence: Presence, on: Shown) -> int | None:
    if on.row.get("comments_disabled"):
        return None
    public = [shown for shown in presence.answers.get(on.id, ()) if not shown.hidden]
    return sum(1 + len(presence.answers.get(shown.id, ())) for shown in public)


def _comment_threads(presence: Presence, query: Query, owner: bool) -> tuple[str, Listed]:
    chosen = one_filter(query, "allThreadsRelatedToChannelId", "videoId", "id")
    status = query.get("moderationStatus", "published")
    if status != "published" and chosen == "id":
        raise Refusal(refusal("incompatibleParameters"))
    if status != "published" and not owner:
        raise Refusal(refusal("forbidden"))
    found: Sequence[Shown]
    if chosen == "id":
        found = _public_by_id(presence, query, "comment")
    elif chosen == "videoId":
        on = presence.by_id.get(query["videoId"])
        if on is None or on.kind != "post" or on.hidden:
            raise Refusal(refusal("videoNotFound"))
        if on.row.get("comments_disabled"):
            raise Refusal(refusal("commentsDisabled"))
        found = presence.answers[on.id]
    elif query[chosen] != CHANNEL:
        raise Refusal(refusal("channelNotFound"))
    else:
        found = presence.by_kind["comment"]
    if status == "published":
        found = [shown for shown in found if _is_public(presence, shown)]
    else:
        found = [shown for shown in found if moderation(shown) == status and presence.now - shown.posted_at <= HELD_FOR]
    listed = Listed(found) if chosen == "id" else page_of(found, query, most=100, default=20)
    return (
        "youtube#commentThreadListResponse",
        listed.map(
            lambda shown: thread(
                shown, presence.answers.get(shown.id, []), query, of_channel=chosen != "videoId", owner=owner
            )
        ),
    )


def _comments(presence: Presence, query: Query, owner: bool) -> tuple[str, Listed]:
    if one_filter(query, "parentId", "id") == "id":
        found = _public_by_id(presence, query, "comment", "reply")
        return "youtube#commentListResponse", Listed([comment(shown, query, owner=owner) for shown in found])
    parent = presence.by_id.get(query["parentId"])
    if parent is None or parent.kind != "comment" or not _is_public(presence, parent):
        raise Refusal(refusal("commentNotFound"))
    public = [shown for shown in presence.answers.get(parent.id, []) if not shown.hidden]
    listed = page_of(public, query, most=100, default=20)
    return "youtube#commentListResponse", listed.map(lambda shown: comment(shown, query, owner=owner))


def _captions(presence: Presence, query: Query, owner: bool) -> tuple[str, Listed]:
    if not owner:
        raise Refusal(refusal("loginRequired"))
    shown = presence.by_id.get(query.get("videoId", ""))
    if shown is None or shown.kind != "post":
        raise Refusal(refusal("videoNotFound"))
    return "youtube#captionListResponse", Listed(
        [caption(name, track, shown, query) for name, track in tracks(shown).items()]
    )


def _download(world: World, asked: Request) -> Answer:
    """The text of a caption track, as SubRip whatever is asked for."""
    if asked.bearer is None:
        return refusal("loginRequired")
    if asked.bearer != ACCESS_TOKEN:
        return refusal("authError")
    name = unquote(asked.parts["id"])
    for shown in world.presence("youtube").by_kind["post"]:
        if name in tracks(shown):
            return Answer(200, subrip(tracks(shown)[name]), {"Content-Type": "application/octet-stream"})
    return refusal("captionNotFound")


def _public_by_id(presence: Presence, query: Query, *kinds: str) -> list[Shown]:
    found = [presence.by_id[name] for name in ids(query) if name in presence.by_id]
    return [shown for shown in found if shown.kind in kinds and _is_public(presence, shown)]


def _handler(endpoint: Endpoint) -> Handler:
    """Wrap `endpoint` in what holds for all: the key or the owner's token, `part`, refusals, and the envelope."""

    def handle(world: World, asked: Request) -> Answer:
        key = asked.headers.get("x-goog-api-key") or asked.query.get("key")
        if asked.bearer is not None and asked.bearer != ACCESS_TOKEN:
            return refusal("authError")
        if not key and asked.bearer is None:
            return refusal("keyMissing")
        if key and key != asked.secret:
            return refusal("keyInvalid")
        if not asked.query.get("part"):
            return refusal("missingRequiredParameter")
        try:
            kind, listed = endpoint(world.presence("youtube"), asked.query, asked.bearer is not None)
        except Refusal as refused:
            return refused.answer
        return Answer(200, listed.envelope(kind))

    return handle


ROUTES = [
    Route("youtube", f"/youtube/v3/{name}", _handler(endpoint))
    for name, endpoint in {
        "channels": _channels,
        "playlistItems": _playlist_items,
        "videos": _videos,
        "commentThreads": _comment_threads,
        "comments": _comments,
        "captions": _captions,
    }.items()
]
ROUTES.append(Route("youtube", "/youtube/v3/captions/(?P<id>[^/]+)", _download))
