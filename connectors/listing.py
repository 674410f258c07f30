"""Walking a paged list, without ever going in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# One page of a list as a platform sent it: its entries, and where the next page begins (None: there is none).
Sent = tuple[Sequence[Any], str | None]
PageOf = Callable[[str | None], Sent]

# YouTube and Facebook have for weeks at a time ignored page tokens and sent the first page for ever.
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


def id_of(entry: Any) -> str | None:
    """The `id` of an entry."""
    name = entry.get("id") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) else None


def walk(
    page_of: PageOf, token: str | None = None, *, name_of: Callable[[Any], str | None] = id_of
) -> Iterator[Listing]:
    """The pages that `page_of(token)` fetches, from `token` on (None: the first page) to the last.

    It ends early, with `circular`, at a token that was followed before or after too many pages with nothing new in a row.
    `name_of` tells entries apart; those without a name are handed on: whoever reads them will reject them.
    """
    followed, known, nothing_new, empty = {token}, set[str](), 0, 0
    while True:
        sent, token = page_of(token)
        entries, before = [], len(known)
        for entry in sent:
            name = name_of(entry)
            if name is None:
                entries.append(entry)
            elif name not in known:
                known.add(name)
                entries.append(entry)
        empty = 0 if sent else empty + 1
        if not empty:
            nothing_new = 0 if len(known) > before else nothing_new + 1
        circular = token is not None and (
            token in followed or nothing_new >= PAGES_WITH_NOTHING_NEW or empty >= EMPTY_PAGES
        )
        if circular:
            token = None
        yield Listing(entries, token, circular)
        if token is None:
            return
        followed.add(token)
