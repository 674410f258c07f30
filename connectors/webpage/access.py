"""Whether the page describes reviews for programs: one call."""

from __future__ import annotations

from typing import Any

from connectors.access import Access
from connectors.http import Http
from connectors.source import Source
from connectors.web import address as web_address
from connectors.webpage import NONE_AT_ALL
from connectors.webpage.page import shown_page


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`."""
    address = web_address.address_of(source)
    shown = shown_page(web_address.fetch(http, address), address, address)
    number = "one review" if len(shown.reviews) == 1 else f"{len(shown.reviews):,} reviews"
    empty = not shown.reviews and not shown.counted
    return Access(f"a page with {number}", warnings=(*((NONE_AT_ALL,) if empty else ()), *shown.gaps))
