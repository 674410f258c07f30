"""Trustpilot's export of a business's service reviews (Trustpilot Business, Reviews, Download as CSV).

Its columns have had several names. Never kept: reviewers' mail addresses and the business's own references to customers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.dates import read_date
from connectors.exports.shapes import Export, Found, Owner, Table, id_of
from connectors.item import Item
from connectors.trustpilot.items import review, review_id

REPLY = re.compile(r"(?:company|business)? ?(?:reply|response)(?: text| content)?")
REPLY_DATE = re.compile(r"(?:company|business)? ?(?:reply|response) (?:date|created)(?: \(utc\))?")
PRIVATE = re.compile(r"e-?mail|reference|order")


def row(cells: Mapping[str, str], raw: Mapping[str, str], owner: Owner) -> Iterator[Found]:
    """A review and the reply to it, with the ids that the API has."""
    for one in review(_as_api(cells)):
        yield replace(one, raw=raw) if isinstance(one, Item) else one


def _as_api(cells: Mapping[str, str]) -> dict[str, Any]:
    """A row in the words of the API. A date that is not understood costs the date, not the review."""
    written = {
        key: cells.get(f"review {key}", "").strip() for key in ("id", "title", "content", "username", "created (utc)")
    }
    name = written["id"] or id_of(*written.values())
    if review_id({"id": name}) is None:
        raise ValueError("its id is none")
    stars = cells["review stars"].strip()
    reply = _first(cells, REPLY)
    return {
        "id": name,
        "stars": int(stars) if stars.isascii() and stars.isdigit() and len(stars) == 1 else None,
        "title": written["title"],
        "text": written["content"],
        "createdAt": _time(written["created (utc)"]),
        "consumer": {"id": cells.get("review consumer user id", ""), "displayName": written["username"]},
        "companyReply": {"text": reply, "createdAt": _time(_first(cells, REPLY_DATE))} if reply else None,
    }


def _first(cells: Mapping[str, str], columns: re.Pattern[str]) -> str:
    return next((value.strip() for column, value in cells.items() if columns.fullmatch(column) and value.strip()), "")


def _time(written: str) -> str | None:
    moment = read_date(written)
    return moment.isoformat() if moment else None


EXPORT = Export(
    looked_for="the reviews of Trustpilot Business (CSV)",
    tables=(Table(frozenset({"review stars", "review content", "review created (utc)"}), row, PRIVATE),),
)
