"""A business on Trustpilot: its service reviews and the company's replies (Business Units API v1, with an API key).

Only the public list is read. The private one would add the e-mail addresses and order numbers of those who were invited
to write: personal data that no check needs.

Calls of one pass: 1 for 100 reviews, the newest first. An edit or a reply shows nowhere but in the list, so it is walked
down to the oldest review that is due. A full page need not say whether it is the last. The number of all reviews is
asked for (1 call) only where the whole list shows fewer than before, so that an answer cut short is not taken for
deletions; asked every night, it would double the calls of a small profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.errors import Refused, SourceError, Transient
from connectors.gathered import Gathered
from connectors.http import Http
from connectors.item import Item, Listed, Page, ThreadRead
from connectors.json_values import count_or_none, entries, mapping_or_empty, text_or_none
from connectors.known import Known
from connectors.listing import Sent, walk
from connectors.source import Source, Window
from connectors.trustpilot import refusals
from connectors.trustpilot.items import review, review_id

HOST = "https://api.trustpilot.com"
REVIEWS_A_CALL = 100
# Trustpilot answers with an error beyond it.
LAST_PAGE = 1000

NOT_OURS = "Trustpilot answered with something that is not the reviews that we asked for."
IN_CIRCLES = "Trustpilot sent the same reviews again and again, so we stopped: some may be missing."
TOO_MANY = "Trustpilot shows 100,000 reviews at most: older ones could not be read."
FEWER = "Trustpilot counts {total} reviews, but showed us {read} of them."
NONE_LEFT = "Trustpilot shows no reviews, although there were {standing}: we do not take them for deleted."
NOT_COUNTED = "Trustpilot shows fewer reviews than before and could not be asked how many there are: {trouble}"


def connect(source: Source, **manners: Any) -> Http:
    """The way to Trustpilot, with the source's API key in the header `apikey`.

    `manners` (deadline, timeout, sleep) are those of `Http`.
    """
    return Http({"apikey": source.secret or ""}, host=HOST, base_url=source.base_url, **manners)


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the reviews of `business_unit_id`, newest first, down to `window.since` or the oldest that is due.

    All that Trustpilot shows on the way is handed on, save what was written after `window.until`. Page numbers move with
    every new review, so a pass that is gone on with may have missed one, and tells nothing gone.
    Raises Refused or Transient.
    """
    unit = source.keys["business_unit_id"].strip()
    if not re.fullmatch(r"[0-9a-zA-Z]+", unit):
        raise Refused(refusals.NO_UNIT)
    address = f"{HOST}/v1/business-units/{unit}"

    def page_of(token: str | None) -> Sent:
        page = int(token or 1)
        query = {"page": page, "perPage": REVIEWS_A_CALL, "orderBy": "createdat.desc"}
        answer = _fetch(http, f"{address}/reviews", query)
        listed = answer.get("reviews")
        if not isinstance(listed, list):
            raise Transient(NOT_OURS)
        return listed, str(page + 1) if len(listed) >= REVIEWS_A_CALL or _goes_on(answer) else None

    begin, floor = (window.resume or {}).get("page"), _floor(window)
    seen = _Seen(window.known, whole=begin is None)
    for listing in walk(page_of, begin, name_of=review_id):
        gathered, token = Gathered(), listing.next_token
        oldest = _take(listing.entries, window, gathered)
        seen.take(listing.entries)
        if token is None:
            gathered.gaps += [IN_CIRCLES] if listing.circular else _missing(http, address, seen, gathered)
            if seen.whole and seen.number and not gathered.gaps:
                gathered.listed.append(Listed(("review",), None, window.until))
        elif floor is not None and oldest is not None and oldest < floor:
            if seen.whole:
                gathered.listed.append(Listed(("review",), floor, window.until))
        elif int(token) > LAST_PAGE:
            gathered.gaps.append(TOO_MANY)
        else:
            yield gathered.page({"page": token})
            continue
        yield gathered.page(None)
        return


@dataclass(slots=True)
class _Seen:
    """The `number` of reviews that a pass has been shown, `again` those known to stand before it. It is `whole` if it
    began with the first page and each entry says which review it is.
    """

    known: Known
    whole: bool
    number: int = 0
    again: int = 0

    def take(self, listed: list[Any]) -> None:
        """Take note of one page of the list."""
        names = [review_id(entry) for entry in listed]
        self.number += len(names)
        self.again += sum(bool(self.known.standing(name)) for name in names if name)
        self.whole = self.whole and None not in names


def _floor(window: Window) -> datetime | None:
    """Down to where the list is to be read: `window.since`, or the oldest review that is due. None: all of it."""
    due = [thread.begun_at for thread in window.known.due() if thread.begun_at is not None]
    return min([window.since, *due]) if window.since else None


def _take(listed: list[Any], window: Window, gathered: Gathered) -> datetime | None:
    """Add the reviews and replies of one page; when the oldest of its reviews was written."""
    times, not_after = [], Window(until=window.until)
    for entry in listed:
        found = review(entry)
        created_at = found[0].created_at if isinstance(found[0], Item) else None
        if created_at:
            times.append(created_at)
        if not not_after.holds(created_at):
            continue
        gathered.take(found)
        gathered.expect(len(found))
        if name := review_id(entry):
            gathered.threads.append(ThreadRead(name))
    return min(times, default=None)


def _missing(http: Http, address: str, seen: _Seen, gathered: Gathered) -> list[str]:
    """What the list, read to its end, did not show although it is there: sentences for the gaps.

    Reviews that stood before and were not shown are gone only if Trustpilot does not count them any more either.
    """
    standing = seen.known.number_standing()
    if not seen.whole or seen.again >= standing:
        return []
    if not seen.number:
        return [NONE_LEFT.format(standing=standing)]
    try:
        total = count_or_none(mapping_or_empty(_fetch(http, address, {}), "numberOfReviews"), "total")
    except SourceError as trouble:
        return [NOT_COUNTED.format(trouble=trouble)]
    if total is None:
        return [NOT_COUNTED.format(trouble=NOT_OURS)]
    if total <= seen.number:
        return []
    gathered.expect(total - seen.number)
    return [FEWER.format(total=total, read=seen.number)]


def _goes_on(answer: Mapping[str, Any]) -> bool:
    """Whether an answer names a next page, although it is not full: Trustpilot may show fewer a call than we ask for."""
    return any(text_or_none(link, "rel") == "next-page" for link in entries(answer, "links"))


def _fetch(http: Http, address: str, query: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON object that answers a call."""
    answer = http.request("GET", address, params=query)
    if answer.status_code != 200:
        raise refusals.in_words(answer.status_code)
    body: Any = None
    with suppress(ValueError, RecursionError):
        body = answer.json()
    if not isinstance(body, dict):
        raise Transient(NOT_OURS)
    return body
