"""All the pages that the reviews of a source run over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connectors.errors import SourceError
from connectors.http import Http
from connectors.item import Rejected
from connectors.listing import Sent, walk
from connectors.web.address import fetch
from connectors.web.shown import newest_first
from connectors.webpage.page import ShownPage, shown_page
from connectors.webpage.reviews import Review

MOST_PAGES = 40
IN_CIRCLES = "The pages of reviews lead in a circle, so we stopped: some may be missing."
TOO_MANY = f"The reviews run over more than {MOST_PAGES} pages: those behind were not read."


@dataclass(slots=True)
class ShownPages:
    """What `number` pages show together; `counted` is the number of reviews that they say there are, None where they do not.

    `stopped` says that there are more, which were not wanted.
    """

    number: int = 0
    reviews: list[Review] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    counted: int | None = None
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stopped: bool = False

    def add(self, page: ShownPage, reviews: list[Review]) -> None:
        """Add a page and what of its `reviews` no earlier page had."""
        self.number += 1
        self.reviews += reviews
        self.rejected += page.rejected
        self.counted = page.counted if self.counted is None else self.counted
        self.gaps += page.gaps
        self.notes += page.notes


def all_pages(http: Http, first: ShownPage, home: str, back_to: datetime | None) -> ShownPages:
    """Follow the pages from `first`, which is at `home`; where reviews are sorted, back to those before `back_to`.

    What goes wrong on the way is a gap.
    """
    page, shown = first, ShownPages()

    def sent(address: str | None) -> Sent:
        nonlocal page
        if address is not None:
            page = shown_page(fetch(http, address), address, home)
        return page.reviews, page.following

    try:
        for listing in walk(sent, name_of=lambda one: one.content):
            shown.add(page, listing.entries)
            if listing.circular:
                shown.gaps.append(IN_CIRCLES)
            elif listing.next_token and _is_before(shown.reviews, back_to):
                shown.stopped = True
                break
            elif listing.next_token and shown.number >= MOST_PAGES:
                shown.gaps.append(TOO_MANY)
                break
    except SourceError as trouble:
        shown.gaps.append(f"Page {shown.number + 1} of the reviews could not be read: {trouble}")
    return shown


def _is_before(reviews: list[Review], moment: datetime | None) -> bool:
    """Whether the reviews are sorted, newest first, and have come to those before `moment`."""
    written = [one.created_at for one in reviews]
    return moment is not None and bool(written) and newest_first(written) and (written[-1] or moment) < moment
