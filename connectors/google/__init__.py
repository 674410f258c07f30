"""A Google Business Profile: the reviews of one location, and the owner's replies (Google My Business API v4).

Calls of one pass: 1 for 50 reviews, the latest changes first, down to where nothing has changed since the last pass.
A reply does not move its review, and a deletion shows nowhere but in the number of all reviews: where that number is
another than it should be, the whole list is read. Reviews that are due and lie further down are read one by one, or with
the whole list, whichever is fewer calls. The average rating is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from googleapiclient.discovery import build_from_document
from googleapiclient.http import HttpRequest

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.gathered import Gathered
from connectors.google import refusals
from connectors.google.discovery import DOCUMENT, HOST
from connectors.google.items import review, review_id
from connectors.google.progress import REVIEWS_A_CALL, Progress
from connectors.google_http import GoogleError, GoogleTransport
from connectors.google_oauth import authorization
from connectors.http import Http
from connectors.item import Gone, Item, Listed, Page, ThreadRead
from connectors.listing import Listing, PageOf, Sent, walk
from connectors.source import Source, Window

NOT_OURS = "Google answered with something that is not the reviews that we asked for."
IN_CIRCLES = "Google sent the same reviews again and again, so we stopped: some may be missing."
FEWER = "Google counts {total} reviews, but showed us {read} of them."
NONE_LEFT = "Google shows no reviews, although there were {standing}: we do not take them for deleted."
NUMBERS = {
    "account_id": re.compile(r"(?:accounts/)?([0-9]+|-)", re.ASCII),
    "location_id": re.compile(r"(?:locations/)?([0-9]+)", re.ASCII),
}
ENVELOPE = {"reviews", "averageRating", "totalReviewCount", "nextPageToken"}


def connect(source: Source, **manners: Any) -> Http:
    """The way to Google, with the consent of ACTO_GOOGLE_OAUTH or else the token of ACTO_GOOGLE_TOKEN in a header.

    `manners` (deadline, timeout, sleep) are those of `Http`.
    Raises Refused where the consent does not hold any more, Transient or PassOver where Google could not be asked.
    """
    headers = authorization(source, **manners) if source.oauth else {"Authorization": f"Bearer {source.secret or ''}"}
    return Http(headers, host=HOST, base_url=source.base_url, signals=refusals.SIGNALS, **manners)


def read(source: Source, window: Window, http: Http) -> Iterator[Page]:
    """Pages of the reviews of `account_id` and `location_id`: what has changed, and what is due; see above for how far.

    All that Google shows on the way is handed on, save what was written after `window.until`. A resume that Google no
    longer takes starts again from the latest change.
    Raises Refused or Transient.
    """
    account, location = number(source, "account_id"), number(source, "location_id")
    document = build_from_document(DOCUMENT, http=GoogleTransport(http), client_options={"api_endpoint": HOST})
    reviews = document.accounts().locations().reviews()
    try:
        yield from _pages(reviews, account, location, window)
    except GoogleError as error:
        raise refusals.in_words(error) from None


def _pages(api: Any, account: str, location: str, window: Window) -> Iterator[Page]:
    place = window.resume or {}
    progress = Progress.resumed(window, place)

    def page_of(token: str | None) -> Sent:
        nonlocal progress
        if token is None:
            progress = Progress.resumed(window, {})
        answer = _list(api, f"accounts/{account}/locations/{location}", token)
        progress.count(answer.get("totalReviewCount", None if answer else 0))
        return answer.get("reviews", []), answer.get("nextPageToken") or None

    here = place.get("page_token")
    for listing in _from(page_of, here):
        gathered = Gathered()
        progress.take(listing.entries)
        _take(listing.entries, window, gathered)
        if listing.next_token is None:
            _conclude(progress, listing, gathered)
        elif progress.must_go_on():
            here = listing.next_token
            yield gathered.page(progress.resume(here))
            continue
        else:
            try:
                _take_by_id(api, account, progress, gathered)
            except (SourceError, GoogleError):
                # What is here already is worth landing; whoever goes on from here reads this page again.
                yield gathered.page(progress.resume(here) | {"read": progress.read - len(listing.entries)})
                raise
            if progress.whole and progress.is_below(window.since):
                gathered.listed.append(Listed(("review",), window.since, window.until))
        gathered.bookmark = progress.bookmark
        yield gathered.page(None)
        return


def _take(entries: list[Any], window: Window, gathered: Gathered) -> None:
    """Add reviews and replies of a page of the list, or one review."""
    not_after = Window(until=window.until)
    for entry in entries:
        read = review(entry)
        if read and isinstance(read[0], Item) and not not_after.holds(read[0].created_at):
            continue
        gathered.take(read)
        gathered.expect(len(read))
        if name := review_id(entry):
            gathered.threads.append(ThreadRead(name))


def _conclude(progress: Progress, listing: Listing, gathered: Gathered) -> None:
    """The list is at its end: all reviews have been shown, or it can be said what is missing."""
    standing = progress.window.known.number_standing()
    if listing.circular:
        gathered.gaps.append(IN_CIRCLES)
    elif progress.total and progress.read < progress.total:
        gathered.gaps.append(FEWER.format(total=progress.total, read=progress.read))
        gathered.expect(progress.total - progress.read)
    elif not progress.read and standing:
        gathered.gaps.append(NONE_LEFT.format(standing=standing))
    elif progress.read and progress.total is not None and progress.whole:
        gathered.listed.append(Listed(("review",), None, progress.window.until))


def _take_by_id(api: Any, account: str, progress: Progress, gathered: Gathered) -> None:
    """Add the reviews that are due and that the list did not show; where one cannot be read, a gap names it.

    Google answers 404 for a review that was deleted (accounts.locations.reviews.get), and it has just shown us others.
    """
    for name in sorted(progress.due):
        if review_id(asked := {"name": f"accounts/{account}/{name}"}) != name:
            continue
        try:
            entry = _fetch(api.get(**asked))
            if review_id(entry) != name:
                raise Transient(NOT_OURS)
            _take([entry], progress.window, gathered)
        except PassOver:
            raise
        except Transient as trouble:
            gathered.gaps.append(f"The Google review {name} could not be read again: {trouble}")
        except GoogleError as error:
            if error.status != 404:
                raise
            # Our reply went with it: there is nothing more of the thread to read.
            gathered.gone.append(Gone(name))
            gathered.threads.append(ThreadRead(name))


def _list(api: Any, parent: str, token: str | None) -> dict[str, Any]:
    """One page of the list. Google leaves out what is empty or 0: of a location without reviews, everything."""
    call = api.list(parent=parent, pageSize=REVIEWS_A_CALL, orderBy="updateTime desc", pageToken=token)
    answer = _fetch(call)
    total = answer.get("totalReviewCount", 0)
    is_ours = (
        (not answer or ENVELOPE & answer.keys())
        and isinstance(answer.get("reviews", []), list)
        and isinstance(answer.get("nextPageToken", ""), str)
        and isinstance(total, int)
        and total >= 0
    )
    if not is_ours:
        raise Transient(NOT_OURS)
    return answer


def _fetch(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that answers `request`; the library hands back a page of HTML as if it were one."""
    answer: Any = None
    with suppress(ValueError, RecursionError):
        answer = request.execute(num_retries=0)
    if not isinstance(answer, dict):
        raise Transient(NOT_OURS)
    return answer


def _from(page_of: PageOf, token: str | None) -> Iterator[Listing]:
    """The pages from `token` on, or from the first where Google does not take it any more."""
    listings = walk(page_of, token, name_of=review_id)
    try:
        first = next(listings)
    except GoogleError as error:
        if token is None or error.status not in (400, 404):
            raise
        listings = walk(page_of, name_of=review_id)
        first = next(listings)
    return chain([first], listings)


def number(source: Source, key: str) -> str:
    """The number of the account or the location, written by itself or as `accounts/…`, `locations/…`.

    Raises Refused for anything else; Google takes - for an account that need not be named.
    """
    found = NUMBERS[key].fullmatch(source.keys[key].strip())
    if not found:
        raise Refused(refusals.NO_NUMBER)
    return found[1]
