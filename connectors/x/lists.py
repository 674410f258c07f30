"""The two lists of an account on X: what it posts, and where it is mentioned or answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import requests

from connectors.gathered import Gathered
from connectors.item import Item, Listed, Page
from connectors.source import Window
from connectors.x.client import Answer
from connectors.x.ids import is_id
from connectors.x.one_pass import Pass
from connectors.x.refusals import XError, about_account

# X takes no earlier start, and no end that lies less than 10 seconds back.
FIRST_START = datetime(2010, 11, 7, tzinfo=UTC)
LATEST_END = timedelta(seconds=30)
CUT_OFF = "More than {most:,} {what} came since the last reading: X lists the newest {most:,} only, so older ones are missing."


@dataclass(frozen=True, slots=True)
class Timeline:
    """A list of an account: its name, the most that X lists of it, the method of tweepy's client that asks for it, and
    what is asked of that method.
    """

    name: str
    most: int
    method: Callable[[Any], Callable[..., requests.Response]]
    asked: Mapping[str, Any]


TIMELINES = (
    # Without our reposts, which are others' words; with our replies.
    Timeline("posts", 3200, attrgetter("get_users_tweets"), {"exclude": "retweets"}),
    Timeline("mentions", 800, attrgetter("get_users_mentions"), {}),
)


def read_list(run: Pass, timeline: Timeline, window: Window) -> Iterator[Page]:
    """The pages of a list, newest first, back to what the last pass saw, or else to `window.since`.

    Raises XError, and Refused where X says that there is no such account.
    """
    call = _Call(run, timeline, window)
    for gathered, items, listing in _from(run, timeline, call):
        run.listed += len(listing.entries)
        run.in_full = run.in_full and not gathered.gaps and all(one.id for one in gathered.rejected)
        run.token = listing.next_token
        for item in items:
            thread_id = item.thread_id or item.id
            if run.known.is_due(thread_id):
                run.to_read[thread_id] = None
        if listing.next_token is None:
            _conclude(run, timeline, window, call.since_id, items, gathered)
            run.next_step()
        yield run.page(gathered)


class _Call:
    """Asks for one page of a timeline after another."""

    def __init__(self, run: Pass, timeline: Timeline, window: Window) -> None:
        self._run, self._timeline, self._window = run, timeline, window
        last = (window.bookmark or {}).get(timeline.name)
        self.since_id = last if is_id(last) else None

    def __call__(self, token: str | None) -> Answer:
        try:
            answer = self._ask(token)
        except XError as error:
            # Too old for X to begin from: what it lists is all there is.
            if self.since_id is None or not error.refusal.names("since_id"):
                raise
            self.since_id = None
            answer = self._ask(token)
        refused = None if answer.posts else about_account(answer.problems)
        if refused:
            raise refused
        if token is None and (answer.newest_id or self.since_id):
            self._run.newest[self._timeline.name] = answer.newest_id or str(self.since_id)
        return answer

    def _ask(self, token: str | None) -> Answer:
        # X refuses bounds of time beside since_id.
        bounds = {"since_id": self.since_id} if self.since_id else _times(self._window)
        api = self._run.api
        return api.ask(
            self._timeline.method(api.client),
            self._run.account.id,
            max_results=min(100, max(5, api.meter.left)),
            pagination_token=token,
            **self._timeline.asked,
            **bounds,
        )


def _from(run: Pass, timeline: Timeline, call: _Call) -> Iterator[Any]:
    """The pages from the token of the pass on, or from the newest where X does not take it any more."""
    pages = run.pages(timeline.name, call, run.token)
    try:
        first = next(pages)
    except XError as error:
        if run.token is None or error.refusal.status not in (400, 404):
            raise
        run.listed, run.in_full = 0, True
        pages = run.pages(timeline.name, call)
        first = next(pages)
    yield first
    yield from pages


def _times(window: Window) -> dict[str, datetime]:
    bounds = {}
    if window.since and window.since > FIRST_START:
        bounds["start_time"] = window.since
    if window.until and window.until < datetime.now(UTC) - LATEST_END:
        bounds["end_time"] = window.until
    return bounds


def _conclude(
    run: Pass, timeline: Timeline, window: Window, since_id: str | None, last_items: list[Item], gathered: Gathered
) -> None:
    """Say whether the list was read whole. One that X cut off is a gap, unless it reaches what is known already."""
    if run.listed >= timeline.most:
        reached = any(item.id in run.known.standing(item.thread_id or item.id) for item in last_items)
        if since_id and not reached:
            gathered.gaps.append(CUT_OFF.format(most=timeline.most, what=timeline.name))
    elif timeline.name == "posts" and since_id is None and run.listed and run.in_full:
        # Mentions are on no list alone: quotes are mentions too.
        gathered.listed.append(Listed(("post",), window.since, window.until))
