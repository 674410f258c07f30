"""Google Takeout's "Google Business Profile": account-…/location-…/reviews.json, and reviews-….json for what follows.

Read: the reviews and the owner's replies, as the API shows them, with the same ids. Never read: all else. The same location
can stand under two accounts; its newest review counts. Maps has a Reviews.json too: what the account's owner has written
about other places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.exports.shapes import Export, Found, Owner, Shape
from connectors.google.items import review, review_id
from connectors.json_values import mapping_or_empty, time_or_none


def is_review(entry: Any) -> bool:
    """Whether an entry is a review of one of our locations."""
    return review_id(entry) is not None or (isinstance(entry, Mapping) and "starRating" in entry)


def items(entry: Any, owner: Owner) -> Iterator[Found]:
    """A review and the reply to it."""
    if entry is None:
        raise ValueError("it is empty")
    yield from review(entry)


def version(entry: Any) -> tuple[str, str] | None:
    """A review's id, the same under each account, and when it was changed last."""
    if (name := review_id(entry)) is None:
        return None
    try:
        changed_at = time_or_none(entry, "updateTime") or time_or_none(entry, "createTime")
    except ValueError:
        changed_at = None
    return name, f"{changed_at.timestamp():020.6f}" if changed_at else ""


def wrong(entry: Any) -> str | None:
    """What to say of a place on a map: it is the other Reviews.json of Takeout."""
    if not (mapping_or_empty(entry, "geometry") and "properties" in entry):
        return None
    return (
        "is from Google Maps: the reviews that the account's owner wrote about other places. Those about us are in the "
        "product “Google Business Profile” of Google Takeout, in account-…/location-…/reviews.json."
    )


EXPORT = Export(
    looked_for="Google Takeout's Business Profile (account-…/location-…/reviews.json)",
    files=re.compile(r"(?:^|/)reviews(?:-[^/]+)?\.json$", re.IGNORECASE),
    shapes=(Shape(re.compile("reviews"), is_review, items),),
    version=version,
    wrong=wrong,
)
