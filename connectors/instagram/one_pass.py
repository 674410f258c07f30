"""What one pass over an Instagram account knows, and where in it the pass is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, pairwise
from typing import Any

import facebook

from connectors.graph import GraphError
from connectors.instagram.permission import Permission
from connectors.listing import Listing, PageOf, walk
from connectors.source import Window

POSTS, TAGS, REST = "posts", "tags", "rest"


@dataclass(slots=True)
class Place:
    """Where a pass is: the list POSTS or TAGS, or in the REST after them; the page of the list; and whether nothing of the
    list is missing so far.
    """

    part: str = POSTS
    token: str | None = None
    whole: bool = True

    def resume(self) -> Mapping[str, Any]:
        """The place as a page carries it."""
        return {"part": self.part, "token": self.token, "whole": self.whole}


@dataclass(slots=True)
class Pass:
    """One pass. `username` is our own, None where Instagram does not say; `shown` are the ids of whatever began a thread
    and was seen so far. `listed` says that the list of posts was read whole, `tags` is how many media the list of those
    that tag us has shown, None while it was not read.
    """

    api: facebook.GraphAPI
    user_id: str
    username: str | None
    window: Window
    place: Place
    permission: Permission = field(default_factory=Permission)
    shown: set[str] = field(default_factory=set)
    listed: bool = False
    tags: int | None = None

    def walk(self, page_of: PageOf) -> Iterator[Listing]:
        """The pages of a list from where the pass is, or from its newest where Instagram does not know the place any more.

        The place moves along, once what a page brought has been dealt with.
        """
        listings = walk(page_of, self.place.token)
        try:
            first = next(listings)
        except GraphError as error:
            # 100 without a subcode: a parameter that cannot be.
            if self.place.token is None or (error.code, error.subcode) != (100, None):
                raise
            self.place.token, self.place.whole = None, True
            listings = walk(page_of)
            first = next(listings)
        for listing in chain([first], listings):
            yield listing
            self.place.token = listing.next_token


def newest_first(moments: list[datetime | None]) -> bool:
    """Whether these times, where they are told, go back in time only."""
    told = [moment for moment in moments if moment is not None]
    return all(later >= earlier for later, earlier in pairwise(told))


def is_over(moments: list[datetime | None], window: Window) -> bool:
    """Whether a list, of whose page these are the times, has gone past `window`: nothing on later pages belongs to it."""
    last = next((moment for moment in reversed(moments) if moment is not None), None)
    passed = window.since is not None and last is not None and last < window.since
    return window.has_passed(moments) or (passed and newest_first(moments))
