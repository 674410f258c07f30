"""Google My Business API v4 as the owner of one verified location sees it: the list of its reviews, and a review by name.

A review stands under `locations/<LOCATION>/reviews/…`, which is the `id` of its row; a reply's `parent` is that id. What
is empty or 0 is left out of an answer, as Google does; a reply does not change its review's updateTime. A row may have
also `translated` (what Google makes of the text, shown before the original or, with `translated_last`, behind it),
`anonymous`, `media` (a list of addresses) and, for a reply, `reply_state`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from datetime import datetime
from math import ceil
from typing import Any

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.google.refusals import refusal
from connectors.sandbox.keys import ACCESS_TOKEN
from connectors.sandbox.world import Presence, Shown, World

ACCOUNT = "106482379150263847561"
LOCATION = "8127364550912837465"
MOST = 50
STARS = {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR", 5: "FIVE"}
ORDERS = {
    "updateTime desc": lambda shown: (-_changed(shown).timestamp(), shown.id),
    "rating": lambda shown: (shown.rating or 0, shown.id),
    "rating desc": lambda shown: (-(shown.rating or 0), shown.id),
}


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The least number of calls that can read the reviews begun since `since` (None: all), and those of `due`.

    A page of the list holds 50, the latest changes first; pages are read from the first on, until the new ones have been
    seen. Each further review that is due costs a call of its own, or lies on further pages, whichever is less.
    """
    listed = _in_order(presence)
    pages = max(1, ceil(len(listed) / MOST))
    new = [place for place, shown in enumerate(listed) if since is None or shown.posted_at >= since]
    needed = max(1, ceil((max(new, default=-1) + 1) / MOST))
    further = [sum(shown.id in due for shown in listed[number * MOST :]) for number in range(pages + 1)]
    gone = sum(name not in presence.by_id for name in due)
    return min(number + further[number] + (0 if number == pages else gone) for number in range(needed, pages + 1))


def _list(world: World, asked: Request) -> Answer:
    if answer := _refused(asked):
        return answer
    presence = world.presence("google")
    size, order = asked.query.get("pageSize", str(MOST)), asked.query.get("orderBy", "updateTime desc")
    if not size.isdigit() or not 1 <= int(size) <= MOST or order not in ORDERS:
        return refusal("invalid")
    listed = _in_order(presence, order)
    start = _start(asked.query.get("pageToken", ""), order)
    if start is None:
        return refusal("invalid")
    end = start + int(size)
    body: dict[str, Any] = {}
    if listed[start:end]:
        body["reviews"] = [_review(shown, presence) for shown in listed[start:end]]
    if listed:
        rated = [shown.rating for shown in listed if shown.rating]
        body |= {"averageRating": sum(rated) / max(1, len(rated)), "totalReviewCount": len(listed)}
    if end < len(listed):
        body["nextPageToken"] = base64.urlsafe_b64encode(f"{end} {order}".encode()).decode()
    return Answer(200, body)


def _get(world: World, asked: Request) -> Answer:
    if answer := _refused(asked):
        return answer
    presence = world.presence("google")
    shown = presence.by_id.get(f"locations/{LOCATION}/reviews/{asked.parts['review']}")
    return Answer(200, _review(shown, presence)) if shown else refusal("notFound")


def _refused(asked: Request) -> Answer | None:
    """What holds for both: the token, the account, the location."""
    if asked.bearer not in (asked.secret, ACCESS_TOKEN):
        return refusal("unauthenticated")
    if asked.parts["account"] not in (ACCOUNT, "-"):
        return refusal("forbidden")
    return None if asked.parts["location"] == LOCATION else refusal("notFound")


def _start(token: str, order: str) -> int | None:
    """Where the page of `token` begins; a token is good for the order that it came with."""
    if not token:
        return 0
    try:
        start, _, of = base64.urlsafe_b64decode(token.encode()).decode().partition(" ")
        return int(start) if of == order else None
    except (ValueError, binascii.Error):
        return None


def _in_order(presence: Presence, order: str = "updateTime desc") -> list[Shown]:
    return sorted(presence.by_kind["review"], key=ORDERS[order])


def _changed(shown: Shown) -> datetime:
    return shown.edited_at or shown.posted_at


def _review(shown: Shown, presence: Presence) -> dict[str, Any]:
    reviewer: dict[str, Any] = {"profilePhotoUrl": "https://lh3.googleusercontent.example/a/photo"}
    review: dict[str, Any] = {
        "name": f"accounts/{ACCOUNT}/{shown.id}",
        "reviewId": shown.id.rsplit("/", 1)[-1],
        "reviewer": {"isAnonymous": True}
        if shown.row.get("anonymous")
        else reviewer | {"displayName": shown.author_name},
        "starRating": STARS.get(int(shown.rating or 0), "STAR_RATING_UNSPECIFIED"),
        "createTime": _time(shown.posted_at),
        "updateTime": _time(_changed(shown)),
    }
    if shown.text:
        review["comment"] = _with_translation(shown)
    if shown.row.get("media"):
        review["reviewMediaItems"] = [{"thumbnailUrl": address} for address in shown.row["media"]]
    for reply in presence.answers.get(shown.id, [])[:1]:
        review["reviewReply"] = {
            "comment": reply.text,
            "updateTime": _time(_changed(reply)),
            "reviewReplyState": reply.row.get("reply_state", "APPROVED"),
        }
    return review


def _with_translation(shown: Shown) -> str:
    translated = shown.row.get("translated")
    if not translated:
        return shown.text
    if shown.row.get("translated_last"):
        return f"{shown.text}\n\n(Translated by Google)\n{translated}"
    return f"(Translated by Google) {translated}\n\n(Original)\n{shown.text}"


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


REVIEWS = r"/v4/accounts/(?P<account>[^/]+)/locations/(?P<location>[^/]+)/reviews"
ROUTES = [Route("google", REVIEWS, _list), Route("google", REVIEWS + r"/(?P<review>[^/]+)", _get)]
