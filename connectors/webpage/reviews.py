"""A schema.org review as it stands on a page, and the same review found twice.

Reviews have no id of their own (of 793 on 79 real pages none had one), so they are given one. A review is told by who
wrote it and on what day, on this page (its host and path, so that a `?sort=` or the number of a page makes no difference):
then a changed text or rating is an edit. Where the page does not say who or when, or the same author has two reviews of the
same day, its text and rating tell it, and a changed text looks like one review gone and another come. Where a second review
by the same author on the same day ("Anonymous") joins one that is known already, the known one stays what it is: the last
of them on the page, since pages show the newest first. A wrong guess looks like an edit, never like a deletion.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.dates import read_date
from connectors.item import Item, Rejected
from connectors.json_values import check_storable, rejected, text_or_none
from connectors.web.address import web_link

# schema.org: 1 and 5 are meant where worstRating and bestRating are missing.
WORST, BEST = 1.0, 5.0
# Characters by which a text that was cut short is known again.
BEGINNING = 40
# Who wrote it and on what day.
Signature = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Review:
    """What a page says of one review; `raw` is its node. Times are in UTC, a day without a time is its midnight."""

    text: str
    body: str
    author: str | None
    author_link: str | None
    rating: float | None
    created_at: datetime | None
    edited_at: datetime | None
    link: str
    raw: Mapping[str, Any]

    @property
    def signature(self) -> Signature | None:
        """Who wrote it and on what day; None where the page does not say both."""
        return (_folded(self.author), self.created_at.date()) if self.author and self.created_at else None

    @property
    def content(self) -> str:
        """All that it says, to tell it from others."""
        who, when = _folded(self.author or ""), self.created_at.date().isoformat() if self.created_at else ""
        return json.dumps([who, when, _folded(self.body), self.rating])

    @property
    def beginning(self) -> str:
        """What another text of the same review begins with as well."""
        return _folded(self.body)[:BEGINNING]

    def agrees_with(self, other: Review) -> bool:
        """Whether two that begin alike may be the same review: one text is the beginning of the other (there is a "Read
        more" behind it), and neither is somebody else's or of another day.
        """
        short, long = sorted((_folded(self.body).rstrip("…."), _folded(other.body).rstrip("….")), key=len)
        if not long.startswith(short):
            return False
        who = {_folded(one.author) for one in (self, other) if one.author}
        when = {one.created_at.date() for one in (self, other) if one.created_at}
        return len(who) < 2 and len(when) < 2


def review(
    node: Mapping[str, Any], nodes_by_id: Mapping[str, Any], address: str, plain: Callable[[str], str]
) -> Review | Rejected:
    """Read one Review node of the page at `address`. `nodes_by_id` are the page's nodes that others may point to, `plain`
    makes its texts what a reader sees.
    """
    try:
        check_storable(node)
        body = plain(_first(node, "reviewBody", "description", "text") or "").strip()
        title = plain(_first(node, "headline", "name") or "").strip()
        rating = _rating(node, nodes_by_id)
        if not body and not title and rating is None:
            raise ValueError("it has neither a text nor a rating")
        author, author_link = _author(node.get("author"), nodes_by_id, plain)
        created_at = read_date(_first(node, "datePublished", "dateCreated"))
        modified_at = read_date(_first(node, "dateModified"))
        return Review(
            text=body if body.startswith(title) else f"{title}\n\n{body}".strip(),
            body=body or title,
            author=author,
            author_link=author_link,
            rating=rating,
            created_at=created_at,
            edited_at=modified_at if created_at and modified_at and modified_at > created_at else None,
            link=web_link(_first(node, "url")) or address,
            raw=node,
        )
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        return rejected(f"A review on the page could not be read: {reason}.", node)


def each_once(structured: Iterable[Review], microdata: Iterable[Review]) -> list[Review]:
    """The reviews of one page that describes each in JSON-LD, in microdata, or in both; JSON-LD is believed first."""
    found = list({one.content: one for one in structured}.values())
    others = list({one.content: one for one in microdata}.values())
    signed, signed_others = _signatures(found), _signatures(others)
    by_beginning: dict[str, list[Review]] = defaultdict(list)
    for one in found:
        by_beginning[one.beginning].append(one)

    def is_new(other: Review) -> bool:
        signature = other.signature
        if signature and signed[signature] == signed_others[signature] == 1:
            return False
        return not any(one.agrees_with(other) for one in by_beginning[other.beginning])

    return found + [other for other in others if is_new(other)]


def as_items(reviews: Sequence[Review], address: str, is_known: Callable[[str], bool]) -> list[Item]:
    """The reviews of a source as items, with the ids that they are given (see above); `address` is the source's own,
    `is_known` tells an id that the history holds.
    """
    signed = _signatures(reviews)
    last = {one.signature: one for one in reviews}

    def identity(one: Review) -> str:
        if one.signature:
            by_author = _digest(address, one.signature[0], one.signature[1].isoformat())
            if signed[one.signature] == 1 or (one is last[one.signature] and is_known(by_author)):
                return by_author
        return _digest(address, "", one.content)

    return [_item(one, identity(one)) for one in reviews]


def _item(one: Review, identity: str) -> Item:
    return Item(
        platform="webpage",
        id=identity,
        kind="review",
        text=one.text,
        thread_id=identity,
        author_id=one.author_link,
        author_name=one.author,
        rating=one.rating,
        url=one.link,
        created_at=one.created_at,
        edited_at=one.edited_at,
        raw=one.raw,
    )


def _digest(address: str, *told: str) -> str:
    parts = urlsplit(address)
    page = [(parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")]
    return hashlib.sha256(json.dumps([*page, *told]).encode()).hexdigest()[:32]


def _signatures(reviews: Iterable[Review]) -> Counter[Signature]:
    return Counter(one.signature for one in reviews if one.signature)


def _author(value: Any, nodes_by_id: Mapping[str, Any], plain: Callable[[str], str]) -> tuple[str | None, str | None]:
    """Name and link of the author: a text, a Person or an Organization, or several of them."""
    names, links = [], []
    for one in value if isinstance(value, list) else [value]:
        known = _pointed_to(one, nodes_by_id)
        names.append(plain((known if isinstance(known, str) else _first(known, "name")) or "").strip())
        links.append(web_link(_first(known, "url")) if isinstance(known, dict) else None)
    told = ", ".join(name for name in names if name)
    return told or None, links[0] if len(links) == 1 else None


def _rating(node: Mapping[str, Any], nodes_by_id: Mapping[str, Any]) -> float | None:
    """The rating on the scale 1 to 5, from the page's own scale; None for none, or one that is not on its scale."""
    value = node.get("reviewRating", node.get("ratingValue"))
    value = _pointed_to(value[0] if isinstance(value, list) and value else value, nodes_by_id)
    scale = value if isinstance(value, dict) else {"ratingValue": value}
    given = _number(scale.get("ratingValue"), None)
    worst, best = _number(scale.get("worstRating"), WORST), _number(scale.get("bestRating"), BEST)
    if given is None or worst is None or best is None or not worst <= given <= best or worst == best:
        return None
    return round(1 + 4 * (given - worst) / (best - worst), 2)


def _number(value: Any, otherwise: float | None) -> float | None:
    """A number, also written as text, also with a comma; `otherwise` where there is none at all."""
    if value is None or value == "":
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _pointed_to(value: Any, nodes_by_id: Mapping[str, Any]) -> Any:
    """The node that `{"@id": …}` stands for; anything else as it is."""
    if isinstance(value, dict) and set(value) <= {"@id", "@type"} and (name := text_or_none(value, "@id")):
        return nodes_by_id.get(name, value)
    return value


def _first(node: Any, *keys: str) -> str | None:
    """The first text under one of `keys`; of several under one, the first."""
    for key in keys:
        value = node.get(key) if isinstance(node, Mapping) else None
        for one in value if isinstance(value, list) else [value]:
            text = one.get("@value") if isinstance(one, dict) else one
            if isinstance(text, str) and text.strip():
                return text.strip()
    return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
