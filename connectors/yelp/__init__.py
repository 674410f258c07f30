"""A business on Yelp: excerpts of its newest reviews (Yelp Places API v3), with 1 call a pass.

Yelp shows three (seven on dear plans), shows no replies, and finds no review by its id. A review that is not shown any
more may have been pushed out by a newer one, so nothing is ever told gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from connectors.errors import Refused, Transient
from connectors.gathered import Gathered
from connectors.http import Http
from connectors.item import Item, Page, ThreadRead
from connectors.json_values import count_or_none, text_or_none
from connectors.source import Source, Window
from connectors.yelp import refusals
from connectors.yelp.items import review, review_id

HOST = "https://api.yelp.com"

NOT_OURS = "Yelp answered with something that is not the reviews that we asked for."
EXCERPTS = "Yelp shows us only the beginning of the newest {shown} of {total} reviews."
WITHOUT_TEXT = (
    "Yelp showed us {number} without text, so there is nothing to check: the plan for this key does not include it "
    "(docs/access/yelp.md)."
)
NONE_LEFT = "Yelp shows no reviews, although there were {standing}: we do not take them for deleted."


def connect(source: Source, **manners: Any) -> Http:
    """The way to Yelp, with the source's key in a header.

    `manners` (deadline, timeout, sleep) are those of `Http`.
    """
    return Http(
        {"Authorization": f"Bearer {source.secret or ''}"},
        host=HOST,
        base_url=source.base_url,
        signals=refusals.SIGNALS,
        **manners,
    )


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """The one page of what Yelp shows of `business_id` now, save what was written after `window.until`.

    Raises Refused or Transient.
    """
    entries, total = _fetch(http, source.keys["business_id"].strip())
    textless = [entry for entry in entries if review_id(entry) and text_or_none(entry, "text") is None]
    found = [review(entry) for entry in entries if entry not in textless]
    not_after, gathered = Window(until=window.until), Gathered()
    gathered.take(one for one in found if not isinstance(one, Item) or not_after.holds(one.created_at))
    gathered.expect(len(gathered.items) + len(gathered.rejected) + len(textless))
    gathered.threads += [ThreadRead(item.id) for item in gathered.items]
    if textless:
        number = "a review" if len(textless) == 1 else f"{len(textless)} reviews"
        gathered.gaps.append(WITHOUT_TEXT.format(number=number))
    if not entries and window.known.number_standing():
        gathered.gaps.append(NONE_LEFT.format(standing=window.known.number_standing()))
    if entries:
        gathered.notes.append(EXCERPTS.format(shown=len(entries), total=total))
    yield gathered.page(None)


def _fetch(http: Http, business_id: str) -> tuple[list[Any], int]:
    """The reviews shown, and how many there are."""
    if not re.fullmatch(r"[\w-]+", business_id):
        raise Refused(refusals.NO_BUSINESS)
    address = f"{HOST}/v3/businesses/{quote(business_id)}/reviews"
    answer = http.request("GET", address, params={"sort_by": "newest", "locale": "en_GB"})
    if answer.status_code != 200:
        raise refusals.in_words(answer)
    body: Any = None
    with suppress(ValueError, RecursionError):
        body = answer.json()
    entries, total = (body.get("reviews"), count_or_none(body, "total")) if isinstance(body, dict) else (None, None)
    if not isinstance(entries, list):
        raise Transient(NOT_OURS)
    return entries, max(total or 0, len(entries))
