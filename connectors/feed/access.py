"""Whether there is a feed at the address: one call."""

from __future__ import annotations

from typing import Any

from connectors.access import Access
from connectors.feed import handle_of
from connectors.feed.items import entries_in
from connectors.http import Http
from connectors.known import NothingKnown
from connectors.source import Source
from connectors.web import address as web_address


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`."""
    address = web_address.address_of(source)
    found, gaps = entries_in(web_address.fetch(http, address), address, handle_of(source), NothingKnown())
    number = "one entry" if len(found) == 1 else f"{len(found):,} entries"
    return Access(f"a feed with {number}", warnings=tuple(gaps))
