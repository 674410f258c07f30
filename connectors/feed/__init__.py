"""An RSS or Atom feed: a blog, a forum, an alert. One call a pass, and that one for nothing where nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.feed.items import entries_in
from connectors.gathered import Gathered
from connectors.http import Http
from connectors.item import Item, Page, ThreadRead
from connectors.source import Source, Window
from connectors.web import address as web_address
from connectors.web.shown import listed_newest, wanted_in

NONE_ANY_MORE = (
    "The feed showed entries before and shows none now: open the url of this source in a browser. It may have been "
    "rebuilt, or be broken."
)
UNCHANGED = "The feed says that nothing in it has changed since it was last read."


def connect(source: Source, **manners: Any) -> Http:
    """The way to the host of the feed (see `web_address.connect`)."""
    return web_address.connect(source, **manners)


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """One page: the entries that the feed at `url` shows, within `window` or known already, each a post of its own.

    A feed shows only its newest entries: one that is missing is gone only where newer and older ones are still there. A
    feed that has not changed (304) makes a page without items, of which nothing is to be told.
    Raises Refused where there is no feed, and what `Http.request` raises.
    """
    address = web_address.address_of(source)
    answer = web_address.fetch(http, address, web_address.conditions(address, window))
    gathered = Gathered()
    if answer.status_code == 304:
        gathered.notes.append(UNCHANGED)
        yield gathered.page(None)
        return
    found, gaps = entries_in(answer, address)
    shown = [one for one in found if isinstance(one, Item)]
    wanted = wanted_in(window)
    gathered.take(one for one in found if not isinstance(one, Item) or wanted(one))
    gathered.gaps += gaps
    if not found and window.known.number_standing():
        gathered.gaps.append(NONE_ANY_MORE)
    gathered.threads += [ThreadRead(item.id) for item in gathered.items]
    whole = not gathered.gaps and not gathered.rejected
    if whole:
        gathered.listed += listed_newest("post", shown, window)
    # What is not handed on now, or could not be read, must not be kept from the next pass by a 304.
    left_out = window.until is not None and len(gathered.items) < len(shown)
    gathered.bookmark = web_address.bookmark(address, window, answer) if whole and not left_out else {}
    yield gathered.page(None)
