"""Trustpilot's reviews and the company's replies as items (Service Reviews API v1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.item import Item, Rejected
from connectors.json_values import count_or_none, mapping_or_empty, read_item, text, text_or_none, time_or_none

# Only the company can answer a review of it: the name by which our reports know ACTO.
COMPANY = "ACTO reply"
STARS = range(1, 6)
NAME = re.compile(r"[\w-]+", re.ASCII)


def review_id(entry: Any) -> str | None:
    """The review's id: 24 hexadecimal digits, or a number as in Trustpilot's documentation. None for anything else."""
    number = count_or_none(entry, "id")
    name = (text_or_none(entry, "id") or "") if number is None else str(number)
    return name if NAME.fullmatch(name) else None


def review(entry: Any) -> list[Item | Rejected]:
    """One review, and the reply to it if there is one.

    Its text is its title, a blank line, its text; either may be null. The words "verified" and the likes stay in `raw`.
    """
    name = review_id(entry)
    read = [read_item("A Trustpilot review", entry, lambda: _review(entry, name), id=name)]
    reply = entry.get("companyReply") if isinstance(entry, Mapping) else None
    if reply and name is not None:
        reply_id = f"{name}/reply"
        read.append(
            read_item("A reply to a Trustpilot review", reply, lambda: _reply(reply, reply_id, name), id=reply_id)
        )
    return read


def _review(entry: Mapping[str, Any], name: str | None) -> Item:
    if name is None:
        raise ValueError("it has no id")
    consumer, stars = mapping_or_empty(entry, "consumer"), count_or_none(entry, "stars")
    created_at, updated_at = time_or_none(entry, "createdAt"), time_or_none(entry, "updatedAt")
    return Item(
        platform="trustpilot",
        id=name,
        kind="review",
        text="\n\n".join(part for part in (text_or_none(entry, "title"), text_or_none(entry, "text")) if part),
        thread_id=name,
        author_id=text_or_none(consumer, "id"),
        author_name=text_or_none(consumer, "displayName"),
        rating=float(stars) if stars is not None and stars in STARS else None,
        url=f"https://www.trustpilot.com/reviews/{name}",
        created_at=created_at,
        edited_at=updated_at if updated_at != created_at else None,
        raw={key: value for key, value in entry.items() if key != "companyReply"},
    )


def _reply(entry: Mapping[str, Any], reply_id: str, name: str) -> Item:
    written = text(entry, "text")
    created_at, updated_at = time_or_none(entry, "createdAt"), time_or_none(entry, "updatedAt")
    return Item(
        platform="trustpilot",
        id=reply_id,
        kind="review_reply",
        text=written,
        parent_id=name,
        thread_id=name,
        author_name=COMPANY,
        created_at=created_at,
        edited_at=updated_at if updated_at != created_at else None,
        raw=entry,
    )
