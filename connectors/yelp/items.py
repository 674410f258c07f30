"""Yelp's excerpts of reviews as items (Yelp Places API v3: Business Reviews)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.dates import in_utc
from connectors.item import Item, Rejected
from connectors.json_values import mapping_or_empty, read_item, text, text_or_none

# Yelp writes the clock of its own town, without saying so.
PACIFIC = ZoneInfo("America/Los_Angeles")
STARS = range(1, 6)
NAME = re.compile(r"[\w-]+", re.ASCII)


def review_id(entry: Any) -> str | None:
    """The review's id; None where that is none."""
    name = text_or_none(entry, "id") or ""
    return name if NAME.fullmatch(name) else None


def review(entry: Any) -> Item | Rejected:
    """One review. Its text is what Yelp gives: the beginning, which ends in "..." where there is more."""
    name = review_id(entry)
    return read_item("A Yelp review", entry, lambda: _review(entry, name), id=name)


def _review(entry: Mapping[str, Any], name: str | None) -> Item:
    if name is None:
        raise ValueError("it has no id")
    user, stars = mapping_or_empty(entry, "user"), entry.get("rating")
    return Item(
        platform="yelp",
        id=name,
        kind="review",
        text=text(entry, "text"),
        thread_id=name,
        author_id=text_or_none(user, "id"),
        author_name=text_or_none(user, "name"),
        rating=float(stars) if isinstance(stars, int | float) and stars in STARS else None,
        url=text_or_none(entry, "url"),
        created_at=_time(text_or_none(entry, "time_created")),
        raw=entry,
    )


def _time(written: str | None) -> datetime | None:
    """The moment in UTC, also where it names its zone. Of an hour that the clock shows twice, the first."""
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
        return in_utc(moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC).astimezone(UTC))
    except (ValueError, OverflowError):
        raise ValueError("its time_created is not a time") from None
