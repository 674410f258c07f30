"""Walking a paged list of Google's, without ever going in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PageOf = Callable[[str | None], dict[str, Any]]

# YouTube has for weeks at a time ignored page tokens and sent the first page for ever.
PAGES_WITH_NOTHING_NEW = 3
# Pages without entries come where everything on them is hidden; so many in a row lead nowhere.
EMPTY_PAGES = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: the entries that no earlier page had, and the token of the next page, None on the last.

    `circular` says that the walk was ended because the list led nowhere new.
    """

    entries: list[Any]
    next_token: str | None
    circular: bool = False


def walk(page_of: PageOf, token: str | None = None) -> Iterator[Listing]:
    """The pages that `page_of(token)` fetches, from `token` on (None: the first page) to the last.

    It ends early, with `circular`, at a token that was followed before or after too many pages with nothing new in a row.
    Entries without an id are handed on: whoever reads them will reject them.
    """
    followed, known, nothing_new, empty = {token}, set[str](), 0, 0
    while True:
        answer = page_of(token)
        entries, before = [], len(known)
        for entry in answer.get("items", []):
            name = entry.get("id") if isinstance(entry, dict) else None
            if not isinstance(name, str):
                entries.append(entry)
            elif name not in known:
                known.add(name)
                entries.append(entry)
        empty = 0 if answer.get("items") else empty + 1
        if not empty:
            nothing_new = 0 if len(known) > before else nothing_new + 1
        token = answer.get("nextPageToken") or None
        circular = token is not None and (
            token in followed or nothing_new >= PAGES_WITH_NOTHING_NEW or empty >= EMPTY_PAGES
        )
        if circular:
            token = None
        yield Listing(entries, token, circular)
        if token is None:
            return
        followed.add(token)
