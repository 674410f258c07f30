"""Reviews on a web page that describes them for programs (schema.org, in JSON-LD or microdata).

Calls of one pass: one for each page that the reviews run over (rel=next), back to what is wanted; where they fit on one
page, that one for nothing if the page says that it has not changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from connectors.gathered import Gathered
from connectors.http import Http
from connectors.item import Item, Listed, Page, ThreadRead
from connectors.source import Source, Window
from connectors.web import address as web_address
from connectors.web.shown import horizon, listed_newest, wanted_in
from connectors.webpage.page import shown_page
from connectors.webpage.pages import ShownPages, all_pages
from connectors.webpage.reviews import as_items

UNCHANGED = "The page says that nothing on it has changed since it was last read."
NONE_ANY_MORE = (
    "The page showed reviews before and shows none now: look at it in a browser. It may have been rebuilt, or ask visitors "
    "for consent, or keep programs out."
)
NONE_AT_ALL = "The page shows no reviews that are described for programs (schema.org), so none could be read."
FEWER = "The page counts {counted:,} reviews and shows {shown:,} of them."


def connect(source: Source, **manners: Any) -> Http:
    """The way to the host of the page (see `web_address.connect`)."""
    return web_address.connect(source, **manners)


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """One page: the reviews at `url` and on the pages that it goes on with, within `window` or known already.

    They are handed on together, since only all of them tell which of an author's reviews is which (see webpage_reviews).
    What is missing is gone only where the page shows as many as it counts, or what stands around it. `expected` is what
    the page counts, where all that it shows is wanted.
    Raises Refused or Transient where the page at `url` cannot be read; what fails behind it is a gap.
    """
    address = web_address.address_of(source)
    window = _in_whole_days(window)
    gathered = Gathered()
    answer = web_address.fetch(http, address, web_address.conditions(address, window))
    if answer.status_code == 304:
        gathered.notes.append(UNCHANGED)
        yield gathered.page(None)
        return
    shown = all_pages(http, shown_page(answer, address, address), address, horizon(window))
    items = as_items(shown.reviews, address, lambda name: bool(window.known.standing(name)))
    wanted = wanted_in(window)
    gathered.take(one for one in items if wanted(one))
    gathered.rejected += shown.rejected
    gathered.gaps += shown.gaps
    gathered.notes += dict.fromkeys(shown.notes)
    gathered.threads += [ThreadRead(item.id) for item in gathered.items]
    _compare(shown, window, gathered)
    whole = not gathered.gaps and not gathered.rejected
    if whole:
        gathered.listed += _listed(shown, items, window)
    # Of several pages, one that is unchanged says nothing of the others; what was left out now may be wanted then.
    left_out = window.until is not None and len(gathered.items) < len(items)
    one_page = shown.number == 1 and not shown.stopped
    gathered.bookmark = web_address.bookmark(address, window, answer) if whole and one_page and not left_out else {}
    yield gathered.page(None)


def _in_whole_days(window: Window) -> Window:
    """The window from the beginning of its first day (UTC): a review of that day seldom says at what time it was written."""
    if window.since is None:
        return window
    return replace(window, since=window.since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


def _compare(shown: ShownPages, window: Window, gathered: Gathered) -> None:
    """Say what the page counts beside what it shows; one that shows nothing any more is not empty, but unread."""
    number, counted = len(shown.reviews), shown.counted
    if not shown.stopped and len(gathered.items) == number:
        gathered.expected = counted
    if counted is not None and number < counted and not shown.stopped:
        gathered.notes.append(FEWER.format(counted=counted, shown=number))
    if not number and window.known.number_standing():
        gathered.gaps.append(NONE_ANY_MORE)
    elif not number and not counted and not gathered.rejected:
        gathered.notes.append(NONE_AT_ALL)


def _listed(shown: ShownPages, items: Sequence[Item], window: Window) -> tuple[Listed, ...]:
    """What may be said to be here in full. A page that does not count its reviews may show only the newest."""
    if shown.counted is None or shown.stopped:
        return listed_newest("review", items, window)
    if items and len(items) >= shown.counted:
        return (Listed(("review",), window.since, window.until),)
    return ()
