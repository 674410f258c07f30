"""What YouTube shows to the owner of a channel alone: comments that are held back, and the text of captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.gathered import Gathered
from connectors.google_http import NOT_OURS, GoogleError
from connectors.item import Item, Media, Page, Rejected, ThreadRead
from connectors.json_values import mapping_or_empty, text_or_none
from connectors.listing import walk
from connectors.plain_text import plain_text
from connectors.youtube import refusals
from connectors.youtube.calls import Calls
from connectors.youtube.progress import Progress
from connectors.youtube.threads import thread

HELD = ("heldForReview", "likelySpam")
HELD_NOT_READ = "Comments that YouTube holds back could not all be read: {trouble}"
# 250 of the 10,000 units of a day for each.
CAPTIONS_A_PASS = 8
# It becomes a part of an address.
TRACK_ID = re.compile(r"[\w=-]+", re.ASCII)
# A line of SubRip text that is none of its words: a number, or from when to when.
NO_WORDS = re.compile(r"\d+|[\d:,.\s]+-->[\d:,.\s]+")


def read_held(owner: Calls, channel_id: str, progress: Progress) -> Iterator[Page]:
    """The comments and replies that wait for review, and those taken for spam, as hidden items.

    Both vanish from these lists when somebody approves or rejects them, and after 60 days. Approved ones are found where
    all others are; of the rest it is never said that they are gone: nobody but the owner has seen them.
    """
    for status in HELD:
        try:
            for listing in walk(owner.threads_of_channel(channel_id, moderationStatus=status)):
                gathered = Gathered()
                threads = [thread(entry, held=True) for entry in listing.entries]
                for one in threads:
                    for found in (one.opening, *one.sample):
                        _take_held(found, gathered, progress)
                if listing.circular:
                    gathered.gaps.append(HELD_NOT_READ.format(trouble="the same ones came again and again."))
                if listing.entries or gathered.gaps:
                    yield gathered.page(progress.resume())
        except PassOver:
            raise
        except (Transient, GoogleError) as trouble:
            yield Gathered(gaps=[HELD_NOT_READ.format(trouble=_told(trouble))]).page(progress.resume())
            return


def _take_held(found: Item | Rejected, gathered: Gathered, progress: Progress) -> None:
    """Add what is held back; a public comment with replies that are held back is read with the others."""
    if isinstance(found, Item) and not (found.hidden and progress.wants(found.created_at)):
        return
    gathered.take([found])
    gathered.expect(1)
    if isinstance(found, Item):
        progress.has_shown(found)
        if found.kind == "comment":
            gathered.threads.append(ThreadRead(found.id))


def with_caption(owner: Calls, post: Item, gathered: Gathered, progress: Progress) -> Item:
    """The video `post` with the text of its captions as a medium, where that is to be read now.

    It is read once, for the videos that are new since the last pass, and for those that an earlier pass had to leave:
    what is changed in it later is not looked for.
    Raises PassOver or Refused where no further call would succeed.
    """
    is_new = post.id not in (progress.before or {})
    if post.id in progress.captions_read or not (is_new or post.id in progress.captions_left):
        return post
    if len(progress.captions_read) >= CAPTIONS_A_PASS:
        progress.captions_left_now.append(post.id)
        return post
    words = ""
    try:
        if track := _best(owner.caption_tracks(post.id)):
            words = _words(owner.caption(track))
    except PassOver:
        raise
    except (Transient, GoogleError) as trouble:
        # Not worth a gap: the pass would count as partly read, and what it cost would be paid again each night.
        gathered.notes.append(f"The captions of the YouTube video {post.id} could not be read: {_told(trouble)}")
        if isinstance(trouble, Transient):
            progress.captions_left_now.append(post.id)
    progress.captions_read.append(post.id)
    return replace(post, media=(*post.media, Media(type="caption", text=words))) if words else post


def _best(tracks: list[Any]) -> str | None:
    """The id of the track to read: one that is shown, in English and written by somebody before another."""

    def rank(track: Any) -> tuple[bool, bool]:
        snippet = mapping_or_empty(track, "snippet")
        english = (text_or_none(snippet, "language") or "").lower().startswith("en")
        return (not english, str(snippet.get("trackKind")).lower() == "asr")

    shown = [track for track in tracks if mapping_or_empty(track, "snippet").get("status", "serving") == "serving"]
    public = [track for track in shown if not mapping_or_empty(track, "snippet").get("isDraft")]
    names = (text_or_none(track, "id") or "" for track in sorted(public, key=rank))
    return next((name for name in names if TRACK_ID.fullmatch(name)), None)


def _words(subrip: str) -> str:
    """What is said, line by line. Raises Transient where that is no SubRip text."""
    lines = [line.strip().lstrip("\ufeff") for line in subrip.replace("\0", "").splitlines()]
    if any(lines) and not any("-->" in line for line in lines):
        raise Transient(NOT_OURS)
    return plain_text("\n".join(line for line in lines if line and not NO_WORDS.fullmatch(line)))


def _told(trouble: Transient | GoogleError) -> SourceError:
    """The trouble in words. Raises Refused where the quota is used up."""
    if isinstance(trouble, Transient):
        return trouble
    refusal = refusals.in_words_to_owner(trouble)
    if isinstance(refusal, Refused) and trouble.reasons & refusals.QUOTA_REASONS:
        raise refusal
    return refusal
