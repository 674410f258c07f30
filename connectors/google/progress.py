"""How far the list of a location's reviews has been walked, and whether it must be walked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from connectors.google.items import review_id
from connectors.json_values import count_or_none, time_or_none
from connectors.source import Window

REVIEWS_A_CALL = 50


@dataclass(slots=True)
class Progress:
    """The walk down a list whose latest changes come first.

    `read` reviews have been shown of `total` (the most that Google counted on any page, None where it did not), `new` of
    them not known to stand; `due` are the reviews that the schedule wants and that were not shown yet. `newest` and
    `oldest` are the times of change between which the list was walked. `whole` says that nothing can have been passed
    over: no entry without a name, and no other number of reviews from one page to the next.
    """

    window: Window
    due: set[str] = field(default_factory=set)
    read: int = 0
    new: int = 0
    total: int | None = None
    whole: bool = True
    newest: datetime | None = None
    oldest: datetime | None = None

    @classmethod
    def resumed(cls, window: Window, place: Mapping[str, Any]) -> Progress:
        """Go on at `place`, the resume of a page; what was new before it is known by now."""
        return cls(
            window,
            due={thread.id for thread in window.known.due()},
            read=count_or_none(place, "read") or 0,
            total=count_or_none(place, "total"),
            whole=place.get("whole", True) is True,
            newest=_time(place, "newest"),
        )

    def resume(self, token: str | None) -> dict[str, Any]:
        """What `resumed` takes, to go on with the page of `token`."""
        newest = self.newest.isoformat() if self.newest else None
        return {"page_token": token, "read": self.read, "total": self.total, "whole": self.whole, "newest": newest}

    @property
    def bookmark(self) -> dict[str, Any]:
        """The newest change seen: the next pass need not look below it."""
        newest = self.newest or _time(self.window.bookmark or {}, "newest")
        return {"newest": newest.isoformat()} if newest else {}

    def count(self, total: int | None) -> None:
        """Take note of the number of reviews that came with a page."""
        self.whole = self.whole and (self.total is None or total == self.total)
        if total is not None:
            self.total = max(self.total or 0, total)

    def take(self, entries: Sequence[Any]) -> None:
        """Take note of one page of the list."""
        for entry in entries:
            name = review_id(entry)
            if name is None:
                self.whole = self.whole and entry is None
                continue
            self.read += 1
            self.due.discard(name)
            self.new += not self.window.known.standing(name)
            if changed := _time(entry, "updateTime"):
                self.newest = max(self.newest or changed, changed)
                self.oldest = min(self.oldest or changed, changed)

    def must_go_on(self) -> bool:
        """Whether more of the list is needed: for what has changed, for finding what is gone, or for what is due where
        that would cost more calls one by one. Without bounds, all of it is.
        """
        floor, standing = self._floor(), self.window.known.number_standing()
        if floor is None or self.oldest is None or self.oldest >= floor or self.total is None:
            return True
        if standing and self.total != standing + self.new:
            return True
        return len(self.due) > ceil((self.total - self.read) / REVIEWS_A_CALL)

    def is_below(self, moment: datetime | None) -> bool:
        """Whether all that was changed, and so all that was written, at `moment` or later has been shown."""
        return moment is not None and self.oldest is not None and self.oldest < moment

    def _floor(self) -> datetime | None:
        """Down to where the list holds changes that are not known; None where all of it is to be read."""
        since, seen = self.window.since, _time(self.window.bookmark or {}, "newest")
        if since is None or seen is None:
            return since
        # What Google shows of the second in which we last looked may have grown since.
        seen = seen.replace(microsecond=0)
        return seen if self.window.known.number_standing() else min(seen, since)


def _time(entry: Mapping[str, Any], key: str) -> datetime | None:
    with suppress(ValueError):
        return time_or_none(entry, key)
    return None
