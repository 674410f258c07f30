"""Threads that YouTube's list of threads, newest first by their own time, does not reach: a new reply moves none of them.

They are found by the counters of their videos, or because the schedule wants them read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.errors import SourceError
from connectors.gathered import Gathered
from connectors.item import Gone, Page, ThreadRead
from connectors.listing import Listing, id_of, walk
from connectors.youtube.calls import IDS_A_CALL, Calls, batches
from connectors.youtube.progress import Progress
from connectors.youtube.replies import PLAIN_ID, take_threads, take_videos
from connectors.youtube.threads import Thread, thread
from connectors.youtube.trouble import or_a_gap


def read_changed_videos(calls: Calls, progress: Progress) -> Iterator[Page]:
    """The threads of videos whose counter has changed by other than what was read, until that is explained.

    YouTube counts replies as well, and comments that it shows to nobody: such a change costs one look.
    """
    for video_id in [name for name in progress.counted if progress.has_changed(name)]:
        what = f"The comments on the YouTube video {video_id}"
        listings = walk(calls.threads_of_video(video_id))
        while True:
            gathered = Gathered()
            listing: Listing | None = None
            with or_a_gap(what, gathered):
                listing = next(listings, None)
            if listing is None:
                if gathered.gaps or gathered.notes:
                    yield gathered.page(progress.resume())
                break
            if listing.circular:
                gathered.gaps.append(f"{what} came again and again, so we stopped: some may be missing.")
            threads = [thread(entry) for entry in listing.entries]
            unseen = [one for one in threads if one.id not in progress.seen and progress.wants(one.begun_at)]
            yield from _page_of(calls, unseen, gathered, progress)
            if not progress.has_changed(video_id):
                break


def read_due_threads(calls: Calls, progress: Progress) -> Iterator[Page]:
    """The threads that the schedule wants, and that no list of this pass has shown, by their ids. Those that YouTube does
    not know any more are gone.
    """
    known, elsewhere = progress.window.known, progress.seen | progress.held | set(progress.counted)
    unseen = [one for one in known.due() if one.id not in elsewhere and PLAIN_ID.fullmatch(one.id)]
    # What was gone before shows by the counters if it comes back.
    due = {one.id: one.kind for one in unseen if one.id in known.standing(one.id)}
    # An answer without anything tells nothing: what was just shown must be in it.
    there = next(iter(progress.seen - progress.held), None)
    for batch in batches(list(due), IDS_A_CALL - 1):
        gathered = Gathered()
        threads: list[Thread] = []
        with or_a_gap("YouTube comments from before the list that we read", gathered):
            found = {id_of(entry): entry for entry in calls.threads([*batch, there] if there else batch)}
            threads = [thread(found[name]) for name in batch if name in found]
            if there in found or (not there and found):
                missing = [name for name in batch if name not in found]
                deleted = [name for name in missing if due[name] == "comment"]
                gathered.gone += [Gone(name) for name in deleted]
                # Its replies went with it: there is nothing more of the thread to read.
                gathered.threads += [ThreadRead(name, 0) for name in deleted]
                _take_missing(calls, [name for name in missing if due[name] != "comment"], gathered, progress)
        yield from _page_of(calls, threads, gathered, progress)


def _take_missing(calls: Calls, names: Sequence[str], gathered: Gathered, progress: Progress) -> None:
    """Of ids that are no threads any more, some may be of videos that the channel does not list; the others are gone."""
    if names:
        take_videos(calls.videos(names), gathered, progress)
        gathered.gone += [Gone(name) for name in names if name not in progress.counted]


def _page_of(calls: Calls, threads: Sequence[Thread], gathered: Gathered, progress: Progress) -> Iterator[Page]:
    """One page with `threads`; where the pass is broken off amid them, what is here by then, before the error goes on."""
    try:
        take_threads(calls, threads, gathered, progress)
    except SourceError:
        yield gathered.page(progress.resume())
        raise
    yield gathered.page(progress.resume())
