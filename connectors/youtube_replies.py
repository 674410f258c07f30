"""What belongs to a page of YouTube threads beside their opening comments: all the replies, and unlisted videos."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from connectors import youtube_refusals
from connectors.errors import PassOver, Transient
from connectors.gathered import Gathered
from connectors.google_http import GoogleError, fetch
from connectors.google_listing import walk
from connectors.item import Item
from connectors.youtube_items import video
from connectors.youtube_threads import Thread, reply

VIDEOS_A_CALL = 50


def take_replies(api: Any, threads: Sequence[Thread], gathered: Gathered) -> None:
    """Add the replies that are missing from the threads' samples; where that fails, a gap names the thread.

    Raises PassOver or Refused where no further call would succeed.
    """
    for one in threads:
        if one.id and not one.sample_is_all:
            _take_other_replies(api, one.id, one, gathered)


def _take_other_replies(api: Any, thread_id: str, one: Thread, gathered: Gathered) -> None:
    def page_of(token: str | None) -> dict[str, Any]:
        call = api.comments().list(
            part="snippet", parentId=thread_id, maxResults=100, textFormat="plainText", pageToken=token
        )
        return fetch(call, "youtube#commentListResponse")

    what = f"The replies to the YouTube comment {thread_id}"
    in_sample = {found.id for found in one.sample if isinstance(found, Item)}
    with _or_a_gap(what, gathered):
        for listing in walk(page_of):
            replies = [reply(entry, thread_id, one.video_id) for entry in listing.entries]
            gathered.take(found for found in replies if not isinstance(found, Item) or found.id not in in_sample)
            if listing.circular:
                gathered.gaps.append(f"{what} came again and again, so we stopped: some may be missing.")


def take_videos(api: Any, video_ids: Collection[str], gathered: Gathered) -> None:
    """Add the videos `video_ids`: comments answer them, but the channel does not list them.

    Raises PassOver or Refused where no further call would succeed.
    """
    wanted = sorted(video_ids)
    with _or_a_gap("Videos that comments answer", gathered):
        for start in range(0, len(wanted), VIDEOS_A_CALL):
            ids = ",".join(wanted[start : start + VIDEOS_A_CALL])
            answer = fetch(api.videos().list(part="snippet", id=ids), "youtube#videoListResponse")
            gathered.expected += len(answer.get("items", []))
            gathered.take(video(entry) for entry in answer.get("items", []))


@contextmanager
def _or_a_gap(what: str, gathered: Gathered) -> Iterator[None]:
    """Turn a failure of this one part into a gap of the page, so that the rest goes on."""
    try:
        yield
    except PassOver:
        raise
    except Transient as trouble:
        gathered.gaps.append(f"{what} could not all be read: {trouble}")
    except GoogleError as error:
        refusal = youtube_refusals.in_words(error)
        if error.reasons & youtube_refusals.QUOTA_REASONS:
            raise refusal from None
        # 404: deleted since the page was sent.
        if error.status != 404:
            gathered.gaps.append(f"{what} could not all be read: {refusal}")
