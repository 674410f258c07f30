"""Filters, pages and envelopes of the YouTube Data API's `list` methods."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self

from connectors.sandbox.youtube.refusals import Refusal, refusal


@dataclass(frozen=True, slots=True)
class Listed:
    """One page: its entries (None: the answer has no `items` at all), the next page's token, and how many in all."""

    entries: Sequence[Any] | None
    next_token: str | None = None
    total: int | None = None

    def map(self, resource: Callable[[Any], dict[str, Any]]) -> Self:
        """The same page with each entry as a resource."""
        return replace(self, entries=[resource(entry) for entry in self.entries or ()])

    def envelope(self, kind: str) -> dict[str, Any]:
        """The body of the answer."""
        entries = list(self.entries or ())
        body: dict[str, Any] = {"kind": kind, "etag": etag(kind, len(entries), self.next_token)}
        if self.next_token:
            body["nextPageToken"] = self.next_token
        total = len(entries) if self.total is None else self.total
        body["pageInfo"] = {"totalResults": total, "resultsPerPage": len(entries)}
        if self.entries is not None:
            body["items"] = entries
        return body


def one_filter(query: Mapping[str, str], *names: str) -> str:
    """Which of the filters `names` is given; refuses none and more than one."""
    given = [name for name in names if query.get(name)]
    if not given:
        raise Refusal(refusal("noFilter", names=", ".join(names)))
    if len(given) > 1:
        raise Refusal(refusal("incompatibleParameters"))
    return given[0]


def ids(query: Mapping[str, str]) -> list[str]:
    """The ids asked for, 50 at most."""
    names = query["id"].split(",")
    if len(names) > 50:
        raise Refusal(refusal("tooManyIds"))
    return list(dict.fromkeys(names))


def page_of(found: Sequence[Any], query: Mapping[str, str], *, most: int, default: int) -> Listed:
    """The page of `found` that `maxResults` and `pageToken` ask for."""
    asked = query.get("maxResults", str(default))
    if not asked.isdigit() or not 1 <= int(asked) <= most:
        raise Refusal(refusal("invalidMaxResults", value=asked, most=most))
    size = int(asked)
    start = _start(query)
    following = start + size
    return Listed(
        found[start:following], _token(query, following) if following < len(found) else None, total=len(found)
    )


def etag(*parts: object) -> str:
    """Some opaque word for what is in `parts`."""
    return base64.urlsafe_b64encode(sha256(repr(parts).encode()).digest()[:20]).decode().rstrip("=")


def _list_asked_for(query: Mapping[str, str]) -> str:
    """A token is good for the list that it came with only."""
    return etag(
        sorted((name, value) for name, value in query.items() if name not in {"pageToken", "key", "maxResults"})
    )


def _token(query: Mapping[str, str], start: int) -> str:
    return base64.urlsafe_b64encode(f"{start} {_list_asked_for(query)}".encode()).decode()


def _start(query: Mapping[str, str]) -> int:
    token = query.get("pageToken")
    if not token:
        return 0
    try:
        start, asked_for = base64.urlsafe_b64decode(token.encode()).decode().split(" ")
        if asked_for == _list_asked_for(query):
            return int(start)
    except (ValueError, binascii.Error):
        pass
    raise Refusal(refusal("invalidPageToken"))
