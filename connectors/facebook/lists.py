"""Walking a list of Facebook's whose cursors may die on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from connectors.graph import GraphError
from connectors.graph.refusals import may_be_gone
from connectors.listing import Listing, PageOf, id_of, walk


def listings(
    pages: PageOf, token: str | None = None, *, name_of: Callable[[Any], str | None] = id_of
) -> Iterator[Listing]:
    """The pages from `token` on, each entry once (see `listing.walk`).

    A cursor is good for a short while only, and stands for an entry that may be deleted meanwhile: where Facebook no
    longer takes one, the list is walked again from its beginning.
    """
    given: set[str | None] = set()
    follows = token is not None
    try:
        for listing in walk(pages, token, name_of=name_of):
            given |= {name_of(entry) for entry in listing.entries}
            follows = listing.next_token is not None
            yield listing
    except GraphError as error:
        if not follows or error.code != 100 or may_be_gone(error):
            raise
        given.discard(None)
        for listing in walk(pages, name_of=name_of):
            yield replace(listing, entries=[entry for entry in listing.entries if name_of(entry) not in given])
