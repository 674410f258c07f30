"""The entries of an RSS or Atom feed as items, as feedparser reads them."""

from __future__ import annotations

import calendar
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.parsers import expat

import feedparser
import requests

from connectors.dates import in_utc, read_date
from connectors.errors import Refused
from connectors.item import Item, Rejected
from connectors.json_values import entries, mapping_or_empty, read_item, rejected, text_or_none
from connectors.known import Known
from connectors.web.address import web_link
from connectors.web.text import readable, text_of

# &#8217; and &#x2019;: feedparser breaks on those that stand for no character.
REFERENCE = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
SURROGATES = range(0xD800, 0xE000)
# Bytes.
LARGEST = 5_000_000
# feedparser mends what is not well-formed, in a time that grows with the square of some kinds of it.
LARGEST_TO_MEND = 1_000_000
NO_FEED = (
    "What {host} sent is not an RSS or Atom feed: look at the url of this source in acto.toml (a page for people will not "
    "do; the page often names the address of its feed)."
)
TOO_LARGE = "The feed that {host} sent is larger than we read: look for one that shows only its newest entries."
TOO_ODD = "The feed that {host} sent is written in such an odd way that it could not be read: tell those who run it."
MALFORMED = "The feed is not well-formed, so some of its entries may be missing or cut off."


def entries_in(
    answer: requests.Response, address: str, handle: str | None, known: Known
) -> tuple[list[Item | Rejected], list[str]]:
    """The entries of the feed in their order, each once, and in words what is missing (see `Gathered.gaps`).

    `handle` is that of whoever publishes all of them; None where they may be anybody's. Those that are `known` keep the ids
    by which they are.
    Raises Refused where the answer is no feed, or too large a one.
    """
    host = urlsplit(address).hostname
    parsed = _parsed(answer, address)
    if parsed is None:
        raise Refused(TOO_LARGE.format(host=host))
    if not parsed.get("version"):
        raise Refused(NO_FEED.format(host=host))
    found = [_item(json.loads(json.dumps(entry)), address, handle, known) for entry in parsed["entries"]]
    return _each_once(found), [MALFORMED] if parsed.get("bozo") else []


def _parsed(answer: requests.Response, address: str) -> Any:
    """What feedparser makes of the answer; None where it is too large. Raises Refused where it makes nothing of it.

    Everything before the first element is left away: a DOCTYPE and the entities that it declares are no part of a feed,
    and feedparser would search them in a time that grows with their square.
    """
    text = text_of(answer)
    first = re.search(r"<\w", text)
    written = REFERENCE.sub(_character, text[first.start() :]).encode("utf-8", "replace") if first else b""
    if len(written) > (LARGEST if _well_formed(written) else LARGEST_TO_MEND):
        return None
    try:
        # Not as bytes: feedparser takes those for the name of a file first.
        return feedparser.parse(
            io.BytesIO(written),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception:
        # An element of one of its many extensions in the wrong place raises anything (KeyError, TypeError …).
        raise Refused(TOO_ODD.format(host=urlsplit(address).hostname)) from None


def _character(reference: re.Match[str]) -> str:
    """The reference as it is, U+FFFD for one to no character, or to half of one."""
    digits = reference[0][2:].rstrip(";").lower()
    number = int(digits[1:], 16) if digits[0] == "x" else int(digits[:10])
    return "\ufffd" if number in SURROGATES or not 0 < number < 0x110000 else reference[0]


def _well_formed(written: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8", " ").Parse(written, True)
    except expat.ExpatError:
        return False
    return True


def _item(entry: Mapping[str, Any], address: str, handle: str | None, known: Known) -> Item | Rejected:
    link = web_link(entry.get("link"))
    name = _own_id(entry, address, known) or link

    def build() -> Item:
        title, body = _words(entry.get("title_detail")), _body(entry)
        if not title and not body:
            raise ValueError("it has neither a title nor a text")
        text = body if body.startswith(title) else f"{title}\n\n{body}".strip()
        identity = name or _kept([_digest(f"{one}\n{text}") for one in _spellings(address)], known)
        created_at, updated_at = _moment(entry, "published"), _moment(entry, "updated")
        author = mapping_or_empty(entry, "author_detail")
        author_id, author_name = web_link(author.get("href")), text_or_none(author, "name")
        return Item(
            platform="feed",
            id=identity,
            kind="post",
            text=text,
            thread_id=identity,
            # All that write in one feed of ours share its handle: without an id they would be one account.
            author_id=author_id or (author_name if handle else None),
            author_name=author_name,
            author_handle=handle,
            url=link,
            created_at=created_at or updated_at,
            edited_at=updated_at if created_at and updated_at and updated_at > created_at else None,
            raw=entry,
        )

    return read_item("An entry of the feed", entry, build, id=name)


def _own_id(entry: Mapping[str, Any], address: str, known: Known) -> str | None:
    """The guid or atom:id. One that is no URI ("1234") is unique within its feed only, so it is named with the feed."""
    written = text_or_none(entry, "id")
    if not written or ":" in written:
        return written
    return _kept([f"{one}#{written}" for one in _spellings(address)], known)


def _digest(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _spellings(address: str) -> list[str]:
    """The address, and how it may have been written in acto.toml before its site sent us on to it: with http, with or without
    www., with or without a slash at its end.
    """
    parts = urlsplit(address)
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    ways = product(("https", "http"), ("", "www."), ("/", ""))
    written = [urlunsplit((scheme, www + host, path + slash, parts.query, "")) for scheme, www, slash in ways]
    return list(dict.fromkeys([address, *written]))


def _kept(names: Sequence[str], known: Known) -> str:
    """The name by which an entry is known already, else the first: a feed that has moved must not bring all of it as new."""
    looked_for = names if known.number_standing() else ()
    return next((name for name in looked_for if known.standing(name)), names[0])


def _body(entry: Mapping[str, Any]) -> str:
    """The content, or else the summary."""
    contents = [words for one in entries(entry, "content") if (words := _words(one))]
    return contents[0] if contents else _words(entry.get("summary_detail"))


def _words(detail: Any) -> str:
    """A construct of text (`{"type", "value"}`) as a reader sees it."""
    value = text_or_none(detail, "value") or ""
    return value.strip() if text_or_none(detail, "type") == "text/plain" else readable(value)


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    """A date in UTC, which it is taken for where it names no zone; None for none, or one that cannot be."""
    value = entry.get(f"{name}_parsed")
    if not value:
        # feedparser leaves aside mail dates without a zone.
        return read_date(entry.get(name))
    try:
        return in_utc(datetime.fromtimestamp(calendar.timegm(tuple(value)), UTC))
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _each_once(found: Sequence[Item | Rejected]) -> list[Item | Rejected]:
    """The entries without repetition: of two versions of one, the one changed last; but where one id stands for entries
    with different links, all but the first are rejected, so that they are counted.
    """
    by_id: dict[str, Item] = {}
    others: list[Rejected] = []
    for one in found:
        if isinstance(one, Rejected):
            others.append(one)
            continue
        first = by_id.setdefault(one.id, one)
        if first.url != one.url:
            others.append(
                rejected("An entry of the feed could not be read: it has the id of another.", one.raw, id=one.id)
            )
        elif _changed(one) > _changed(first):
            by_id[one.id] = one
    return [*by_id.values(), *others]


def _changed(item: Item) -> datetime:
    return item.edited_at or item.created_at or datetime.min.replace(tzinfo=UTC)
