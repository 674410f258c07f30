"""An RSS or Atom feed: a blog, a forum, an alert. One call a pass, and that one for nothing where nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.errors import Refused
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
# Feeds have no accounts: by this what stands in one of ACTO's own is known as official (`[official]` in acto.toml).
OUR_HANDLE = "ACTO"
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
    address, handle = web_address.address_of(source), handle_of(source)
    answer = web_address.fetch(http, address, web_address.conditions(address, window))
    gathered = Gathered()
    if answer.status_code == 304:
        gathered.notes.append(UNCHANGED)
        yield gathered.page(None)
        return
    found, gaps = entries_in(answer, address, handle, window.known)
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


def handle_of(source: Source) -> str | None:
    """The handle of all that the feed holds: ACTO's where acto.toml says `ours = true`, since no feed proves whose it is.

    Raises Refused where `ours` is neither true nor false.
    """
    ours = source.keys.get("ours", "false").strip().lower()
    if ours not in {"true", "false"}:
        raise Refused(f"ours of [sources.{source.name}] in acto.toml must be true or false.")
    return OUR_HANDLE if ours == "true" else None
