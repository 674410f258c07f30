"""The videos of a YouTube channel, with what YouTube counts on each: comments and replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.errors import SourceError
from connectors.gathered import Gathered
from connectors.google_http import GoogleError
from connectors.item import Gone, Listed, Page, ThreadRead
from connectors.listing import walk
from connectors.youtube.calls import Calls, batches
from connectors.youtube.items import comments_counted, id_of_video, video
from connectors.youtube.owner import with_caption
from connectors.youtube.progress import Progress
from connectors.youtube.replies import take_videos
from connectors.youtube.trouble import or_a_gap

IN_CIRCLES = "YouTube sent the same {what} again and again, so we stopped: some may be missing."


def read_videos(calls: Calls, owner: Calls | None, channel_id: str, progress: Progress) -> Iterator[Page]:
    """All videos, 50 a page, and those that the channel does not list, but an earlier pass has found."""
    channel = calls.channel(channel_id)
    uploads = channel.uploads
    progress.handles = {channel_id: channel.handle} if channel.handle else {}
    # Without a list the comments are what matters; videos that they answer are asked for one by one.
    whole = True
    try:
        for listing in walk(calls.playlist(uploads)) if uploads else ():
            gathered = Gathered()
            gathered.take(video(entry, progress.handles) for entry in listing.entries)
            gathered.expect(len(gathered.items) + len(gathered.rejected))
            if listing.circular:
                gathered.gaps.append(IN_CIRCLES.format(what="videos"))
            whole = whole and not listing.circular and all(one.id for one in gathered.rejected)
            progress.counted.update({item.id: None for item in gathered.items})
            progress.begun.update({item.id: item.created_at for item in gathered.items})
            unlisted = _unlisted(progress) if listing.next_token is None else []
            try:
                answered = _ask_for(calls, [item.id for item in gathered.items], unlisted, gathered, progress)
                # Without a word of the last pass, some that are known may not be on the list.
                told_all = answered and (progress.is_first or progress.before is not None)
                if listing.next_token is None and whole and progress.counted and told_all:
                    gathered.listed.append(Listed(("post",)))
                if owner:
                    for place, item in enumerate(gathered.items):
                        gathered.items[place] = with_caption(owner, item, gathered, progress)
            except SourceError:
                # No gap: whoever goes on from here reads all of it again.
                yield gathered.page(progress.resume())
                raise
            yield gathered.page(progress.resume())
    except GoogleError as error:
        # The list of a channel that never had a video does not exist.
        if error.status != 404:
            raise
    if not progress.counted and progress.before:
        gathered = Gathered()
        _ask_for(calls, [], _unlisted(progress), gathered, progress)
        yield gathered.page(progress.resume())


def _unlisted(progress: Progress) -> list[str]:
    """The videos that an earlier pass knew and that are not on the list: not listed, private now, or deleted."""
    return [name for name in progress.before or {} if name not in progress.counted]


def _ask_for(
    calls: Calls, listed: Sequence[str], unlisted: Sequence[str], gathered: Gathered, progress: Progress
) -> bool:
    """Ask for the counters of the videos `listed` on one page, and for the `unlisted` ones themselves; whether it is known
    now of each of those whether it is there.
    """
    left = set(unlisted)
    with or_a_gap("YouTube's videos, and how many comments it counts on them,", gathered):
        for batch in batches([*listed, *unlisted]):
            found = {id_of_video(entry): entry for entry in calls.videos(batch)}
            progress.counted.update({name: comments_counted(found.get(name)) for name in batch if name in listed})
            others = [name for name in batch if name not in listed]
            take_videos([found[name] for name in others if name in found], gathered, progress)
            # An answer without anything, or without what the list has just shown, tells nothing.
            if found and all(name in found for name in batch if name in listed):
                gathered.gone += [Gone(name) for name in others if name not in found]
                left.difference_update(others)
    gathered.threads += [ThreadRead(name, progress.counted[name]) for name in listed]
    return not left
