"""A YouTube channel: its videos, the comments on them and all replies (YouTube Data API v3, with an API key), and with
the owner's consent comments that are held back and the captions of new videos.

Calls of one pass, each 1 unit of the daily 10,000: the channel (1), its videos (2 for 50), its threads (1 for 100, back
to the window's beginning), 1 for 100 replies to each thread that is due and has more than came along; older threads that
are due and were not shown (1 for 50), and a list of the threads of each video on which something else has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import Any

from connectors.errors import PassOver, SourceError
from connectors.gathered import Gathered
from connectors.google_http import SIGNALS, GoogleError
from connectors.google_oauth import authorization
from connectors.http import Http
from connectors.item import Listed, Page
from connectors.listing import Listing, PageOf, walk
from connectors.source import Source, Window
from connectors.youtube import refusals
from connectors.youtube.calls import HOST, Calls
from connectors.youtube.older import read_changed_videos, read_due_threads
from connectors.youtube.owner import read_held
from connectors.youtube.progress import Progress
from connectors.youtube.replies import take_threads
from connectors.youtube.threads import thread
from connectors.youtube.videos import IN_CIRCLES, read_videos

NONE_LEFT = "YouTube shows no comments, although there were some: we do not take them for deleted."
NO_OWNER = "Comments that YouTube holds back, and captions, were not read: {trouble}"
# So many threads in a row from before the window are its end, even if the order should not be perfect.
SURELY_BEFORE = 10
CAPTIONS_LEFT = (
    "The captions of {count} YouTube videos are left for the next nights: each costs much of the day's quota."
)


class ChannelHttp(Http):
    """The way to YouTube with the API key, which can open another one with the owner's consent.

    They are two, since what anybody sees is to be read as anybody, and since the consent may end while the key is good.
    """

    def __init__(self, source: Source, **manners: Any) -> None:
        self._source, self._manners = source, manners
        # The library's own `developerKey` goes into URLs.
        super().__init__(
            {"X-Goog-Api-Key": source.secret or ""}, host=HOST, base_url=source.base_url, signals=SIGNALS, **manners
        )

    @contextmanager
    def as_owner(self) -> Iterator[Http]:
        """The way for what only the owner sees; its requests are counted with the others.

        Raises Refused where the consent does not hold any more, Transient or PassOver where Google could not be asked.
        """
        headers = authorization(self._source, **self._manners)
        base_url = self._source.base_url
        with Http(headers, host=HOST, base_url=base_url, signals=SIGNALS, **self._manners) as owner:
            try:
                yield owner
            finally:
                self.requests += owner.requests


def connect(source: Source, **manners: Any) -> ChannelHttp:
    """The way to YouTube, with the source's API key in a header. `manners` (deadline, timeout, sleep) are those of `Http`."""
    return ChannelHttp(source, **manners)


def read(source: Source, window: Window, http: ChannelHttp) -> Iterator[Page]:
    """Pages of the channel `channel_id`: all its videos; with the owner's consent what is held back; its threads begun
    within `window`, newest first; older ones that have changed or are due; a last page with what the next pass needs.

    `expected` counts what YouTube counts, hidden replies included, so a little more than it shows. A resume that YouTube
    no longer takes starts again from the newest thread.
    Raises Refused or Transient; comments turned off for the whole channel are Refused, since nothing of it can be read.
    """
    channel_id = source.keys["channel_id"]
    progress = Progress.begin(window)
    closing = Gathered()
    try:
        with ExitStack() as stack:
            calls = Calls(http)
            owner = _owner(source, http, stack, closing)
            yield from read_videos(calls, None if progress.is_bounded else owner, channel_id, progress)
            if owner:
                yield from read_held(owner, channel_id, progress)
            if not progress.listed:
                yield from _read_threads(calls, channel_id, progress)
            yield from read_changed_videos(calls, progress)
            yield from read_due_threads(calls, progress)
    except GoogleError as error:
        raise refusals.in_words(error) from None
    if progress.captions_left_now:
        closing.notes.append(CAPTIONS_LEFT.format(count=len(progress.captions_left_now)))
    closing.bookmark = progress.bookmark()
    yield closing.page(None)


def _owner(source: Source, http: ChannelHttp, stack: ExitStack, closing: Gathered) -> Calls | None:
    """The calls of the owner; None without consent, or, with a gap on the `closing` page, where it cannot be used."""
    if not source.oauth:
        return None
    try:
        return Calls(stack.enter_context(http.as_owner()))
    except PassOver:
        raise
    except SourceError as trouble:
        closing.gaps.append(NO_OWNER.format(trouble=trouble))
        return None


def _read_threads(calls: Calls, channel_id: str, progress: Progress) -> Iterator[Page]:
    """The list of the channel's threads, newest first, back to where the window begins."""
    window = progress.window
    for listing in _from(calls.threads_of_channel(channel_id), progress):
        threads = [thread(entry) for entry in listing.entries]
        gathered = Gathered()
        if listing.circular:
            gathered.gaps.append(IN_CIRCLES.format(what="comments"))
        progress.whole = progress.whole and not listing.circular and all(one.id for one in threads)
        # A list without anything may be a failure where something was known, unless the videos say the same.
        believed = bool(threads or progress.page_token or progress.is_first or progress.counts_none)
        if not believed and progress.knows_comments:
            gathered.gaps.append(NONE_LEFT)
        wanted = [one for one in threads if progress.wants(one.begun_at)]
        try:
            take_threads(calls, wanted, gathered, progress)
        except SourceError:
            # What is here is worth landing all the same; whoever goes on from here reads this page again.
            yield gathered.page(progress.resume())
            raise
        over = listing.next_token is None or window.has_passed([one.begun_at for one in threads[-SURELY_BEFORE:]])
        progress.page_token, progress.listed = (None, True) if over else (listing.next_token, False)
        if over and progress.whole and believed:
            gathered.listed.append(Listed(("comment",), window.since, window.until))
        yield gathered.page(progress.resume())
        if over:
            return


def _from(page_of: PageOf, progress: Progress) -> Iterator[Listing]:
    """The pages from where the pass goes on, or from the newest where YouTube does not take that any more."""
    listings = walk(page_of, progress.page_token)
    try:
        first = next(listings)
    except GoogleError as error:
        if progress.page_token is None or error.status not in (400, 404):
            raise
        progress.page_token, progress.whole = None, True
        listings = walk(page_of)
        first = next(listings)
    return chain([first], listings)
