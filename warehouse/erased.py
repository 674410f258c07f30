"""What was erased and must not come back: salted digests, and what a page is without it.

A digest says that an id was erased to whoever has that id again, and to nobody else what was erased.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from connectors.item import Item, Page, Rejected

# What an id or a handle can be in bytes that nobody could read as an item.
_WORDS = re.compile(r"[^\s\"'<>(){}\[\],;=\\]+")


@dataclass(frozen=True, slots=True)
class Erased:
    """The digests of all that was erased, and the platforms that it was on."""

    salt: str
    digests: frozenset[str]
    platforms: tuple[str, ...]

    def fit(self, page: Page) -> tuple[Page, int]:
        """The page without what was erased, and how many items and unreadable records were left out.

        An item that only answers something erased stays, without the words of that; so does one whose raw record holds
        something erased, without that record.
        """
        if not self.digests:
            return page, 0
        items = [self._without_others(item) for item in page.items if not self._is_erased(item)]
        rejected = [one for one in page.rejected if not self._names_erased(one)]
        # A thread in which others have written is still read by its name.
        others = {item.thread_id for item in items}
        threads = [
            one
            for one in page.threads
            if one.id in others or not any(self._holds(each, [one.id]) for each in self.platforms)
        ]
        left_out = len(page.items) - len(items) + len(page.rejected) - len(rejected)
        return replace(page, items=items, rejected=rejected, threads=threads), left_out

    def digest(self, platform: str, name: str) -> str:
        """The digest of an id or a handle on a platform, however it is written."""
        said = f"{self.salt}\x1f{platform}\x1f{name.strip().lstrip('@').casefold()}"
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()

    def _is_erased(self, item: Item) -> bool:
        return self._holds(item.platform, names_of(item.id, item.author_id, item.author_handle, item.author_name))

    def _without_others(self, item: Item) -> Item:
        if item.parent_id and self._holds(item.platform, [item.parent_id]):
            item = replace(item, thread_id=item.thread_id or item.parent_id, parent_id=None, parent_text=None)
        return replace(item, raw={}) if self._holds(item.platform, strings_in(item.raw)) else item

    def _names_erased(self, rejected: Rejected) -> bool:
        words = [rejected.id or "", *_WORDS.findall(rejected.raw.decode("utf-8", "replace"))]
        # What is shorter may stand there for anything.
        long = {word for word in words if len(word) >= 6}
        return any(self._holds(platform, long) for platform in self.platforms)

    def _holds(self, platform: str, names: Iterable[str]) -> bool:
        return any(self.digest(platform, name) in self.digests for name in names)


def names_of(own_id: str, author_id: str | None, handle: str | None, name: str | None) -> list[str]:
    """By what an item, or who wrote it, is known again: a display name only where there is nothing better."""
    return [known for known in (own_id, author_id, handle, None if author_id or handle else name) if known]


def read_erased(connection: duckdb.DuckDBPyConnection) -> Erased:
    """What was erased so far."""
    salt = connection.execute("SELECT salt FROM store.erased_salt").fetchone()
    if not salt:
        return Erased("", frozenset(), ())
    digests = connection.execute("SELECT digest FROM store.erased").fetchall()
    platforms = connection.execute(
        "SELECT DISTINCT unnest(platforms) AS platform FROM store.erasure ORDER BY 1"
    ).fetchall()
    return Erased(salt[0], frozenset(one for (one,) in digests), tuple(one for (one,) in platforms))


def keep_erased(connection: duckdb.DuckDBPyConnection, names: Iterable[tuple[str, str]]) -> None:
    """Keep the digests of these ids and handles, each with its platform, inside the caller's transaction."""
    known = read_erased(connection)
    if not known.salt:
        known = Erased(secrets.token_hex(32), frozenset(), ())
        connection.execute("INSERT INTO store.erased_salt VALUES (?)", [known.salt])
    new = sorted({known.digest(platform, name) for platform, name in names} - known.digests)
    connection.execute("INSERT INTO store.erased SELECT unnest(?::VARCHAR[]), now()", [new])


def strings_in(value: Any) -> Iterator[str]:
    """Every text inside a JSON value; numbers as they are written, since some platforms' ids are numbers."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings_in(part)
    elif isinstance(value, int):
        yield str(value)
