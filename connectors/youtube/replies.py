"""What belongs to YouTube threads beside their opening comments: all the replies, and videos that are not listed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from connectors.gathered import Gathered
from connectors.item import Gone, Item, Rejected, ThreadRead
from connectors.listing import id_of, walk
from connectors.youtube.calls import IDS_A_CALL, Calls, batches
from connectors.youtube.items import comments_counted, video
from connectors.youtube.progress import Progress
from connectors.youtube.threads import Thread, reply
from connectors.youtube.trouble import or_a_gap

# Ids that may be listed in one parameter. What the history holds may have come from a file.
PLAIN_ID = re.compile(r"[\w.-]+", re.ASCII)


def take_threads(calls: Calls, threads: Sequence[Thread], gathered: Gathered, progress: Progress) -> None:
    """Add `threads` to a page, with all replies of those that are due, and the videos that they are on. Where replies
    cannot be read, a gap names the thread.

    Raises PassOver or Refused where no further call would succeed; what is here by then is in `gathered`.
    """
    for one in threads:
        gathered.take([one.opening, *one.sample])
        gathered.expect(1 + len(one.sample))
        if isinstance(one.opening, Item):
            progress.has_shown(one.opening)
    missing: dict[str, Thread] = {}
    for one in threads:
        if one.id is None:
            continue
        due = progress.window.known.is_due(one.id, one.reply_count)
        shown = set(_names(one.sample))
        if not one.sample_is_all and not (due and _take_other_replies(calls, one.id, one, gathered, shown)):
            continue
        if None in shown:
            # A nameless reply may be the very one that seems to be missing.
            continue
        gathered.threads.append(ThreadRead(one.id, one.reply_count))
        progress.held.difference_update(shown)
        if due:
            before = progress.window.known.standing(one.id) - progress.held
            missing |= dict.fromkeys(before - shown - {one.id}, one)
            progress.explained[one.video_id or ""] += 1 + len(shown) - len(before)
    _look_for(missing, calls, gathered, progress)
    _take_videos({one.video_id for one in threads if one.video_id}, calls, gathered, progress)


def _names(found: Sequence[Item | Rejected]) -> list[str | None]:
    return [one.id for one in found]


def _take_other_replies(calls: Calls, thread_id: str, one: Thread, gathered: Gathered, shown: set[str | None]) -> bool:
    """Add the replies that are not in the sample of `one`, and all names to `shown`; whether that was all there are."""
    what = f"The replies to the YouTube comment {thread_id}"
    in_sample = frozenset(shown) - {None}
    if one.reply_count is not None:
        gathered.expect(one.reply_count - len(one.sample))
    with or_a_gap(what, gathered):
        for listing in walk(calls.replies(thread_id)):
            replies = [reply(entry, thread_id, one.video_id) for entry in listing.entries]
            gathered.take(found for found in replies if found.id not in in_sample)
            shown |= set(_names(replies))
            if listing.circular:
                gathered.gaps.append(f"{what} came again and again, so we stopped: some may be missing.")
                return False
        return True
    return False


def _look_for(missing: dict[str, Thread], calls: Calls, gathered: Gathered, progress: Progress) -> None:
    """Ask for replies by id that were known and did not come with their thread: they are gone, or the list was not whole."""
    names = [name for name in missing if PLAIN_ID.fullmatch(name)]
    for batch in batches(names, IDS_A_CALL - 1):
        # An answer without anything tells nothing: what was just shown must be in it.
        there = missing[batch[0]].id or ""
        with or_a_gap("Replies that YouTube's lists do not show any more", gathered):
            found = {id_of(entry): entry for entry in calls.comments([*batch, there])}
            if there not in found:
                continue
            again = [name for name in batch if name in found]
            gathered.take(reply(found[name], missing[name].id or "", missing[name].video_id) for name in again)
            gathered.expect(len(again))
            progress.explained.update(missing[name].video_id or "" for name in again)
            gathered.gone += [Gone(name) for name in batch if name not in found]


def _take_videos(names: Collection[str], calls: Calls, gathered: Gathered, progress: Progress) -> None:
    """Add videos that comments answer, but that the channel does not list."""
    unlisted = [name for name in sorted(names) if name not in progress.counted and PLAIN_ID.fullmatch(name)]
    with or_a_gap("Videos that comments answer", gathered):
        for batch in batches(unlisted):
            take_videos(calls.videos(batch), gathered, progress)
            for name in batch:
                progress.counted.setdefault(name, None)


def take_videos(entries: Sequence[object], gathered: Gathered, progress: Progress) -> None:
    """Add videos from video resources."""
    for entry in entries:
        found = video(entry, progress.handles)
        gathered.take([found])
        gathered.expect(1)
        if isinstance(found, Item):
            progress.counted[found.id] = comments_counted(entry)
            gathered.threads.append(ThreadRead(found.id, progress.counted[found.id]))
