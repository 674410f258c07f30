"""Trustpilot's public Business Units API v1 with an API key: the reviews of one business, and the number of them.

A review's row may have also `title` (null where the reviewer gave none), `language` and `verified`. Times are in UTC
without saying so. A page past the end is empty, one past the thousandth an error.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.world import Presence, Shown, World

UNIT = "5f3b1c0d9a7e4b0001c0ffee"
MOST = 100
LAST_PAGE = 1000
ORDERS = {"createdat.desc": 1, "createdat.asc": -1}
# name by which a test asks for it: HTTP status, body
REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "badKey": (401, {"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}}),
    "forbidden": (403, {"message": "Forbidden", "errorCode": 403}),
    "notFound": (404, {"message": "Business unit not found", "errorCode": 404}),
    "badPage": (400, {"message": "The page number is too high", "errorCode": 400}),
    "badRequest": (400, {"message": "A parameter is not valid", "errorCode": 400}),
    "tooFast": (429, {"message": "Too many requests", "errorCode": 429}),
    "unavailable": (503, {"message": "Service unavailable", "errorCode": 503}),
}


def refusal(name: str) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    return Answer(*REFUSALS[name])


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The least number of calls to the list that can read the reviews begun since `since` (None: all), and those of `due`.

    A page holds 100, the newest first. The list is read until one is seen that is too old, or a page that is not full.
    """
    listed = presence.by_kind["review"]
    if since is None:
        return len(listed) // MOST + 1
    floor = min([since, *(presence.by_id[name].posted_at for name in due if name in presence.by_id)])
    return sum(shown.posted_at >= floor for shown in listed) // MOST + 1


def _reviews(world: World, asked: Request) -> Answer:
    if answer := _refused(asked):
        return answer
    page, size = asked.query.get("page", "1"), asked.query.get("perPage", "20")
    order = asked.query.get("orderBy", "createdat.desc")
    if not (page.isdigit() and int(page) >= 1 and size.isdigit() and 1 <= int(size) <= MOST and order in ORDERS):
        return refusal("badRequest")
    if int(page) > LAST_PAGE:
        return refusal("badPage")
    presence = world.presence("trustpilot")
    stars, language = asked.query.get("stars"), asked.query.get("language")
    listed = [
        shown
        for shown in presence.by_kind["review"][:: ORDERS[order]]
        if (not stars or str(int(shown.rating or 0)) in stars.split(","))
        and (not language or shown.row.get("language", "en") == language)
    ]
    start = (int(page) - 1) * int(size)
    shown_here = listed[start : start + int(size)]
    return Answer(200, {"links": [], "reviews": [_review(shown, presence) for shown in shown_here]})


def _unit(world: World, asked: Request) -> Answer:
    if answer := _refused(asked):
        return answer
    listed = world.presence("trustpilot").by_kind["review"]
    stars = {str(number): sum(shown.rating == number for shown in listed) for number in range(1, 6)}
    names = ("oneStar", "twoStars", "threeStars", "fourStars", "fiveStars")
    counted = {"total": len(listed)} | dict(zip(names, stars.values(), strict=True))
    return Answer(200, {"id": UNIT, "displayName": "ACTO", "numberOfReviews": counted, "status": "active"})


def _refused(asked: Request) -> Answer | None:
    """What holds for both: the key, which is taken from the header alone, and the business."""
    if asked.headers.get("apikey") != asked.secret:
        return refusal("badKey")
    return None if asked.parts["unit"] == UNIT else refusal("notFound")


def _review(shown: Shown, presence: Presence) -> dict[str, Any]:
    reply = next(iter(presence.answers.get(shown.id, [])), None)
    return {
        "links": [],
        "id": shown.id,
        "consumer": {
            "links": [],
            "id": shown.author_id,
            "displayName": shown.author_name,
            "displayLocation": None,
            "numberOfReviews": 1,
        },
        "businessUnit": {"id": UNIT, "displayName": "ACTO"},
        "stars": int(shown.rating or 0),
        "title": shown.row.get("title"),
        "text": shown.text or None,
        "language": shown.row.get("language", "en"),
        "createdAt": _time(shown.posted_at),
        "experiencedAt": _time(shown.posted_at),
        "updatedAt": _time(shown.edited_at) if shown.edited_at else None,
        "companyReply": None if reply is None else _reply(reply),
        "isVerified": bool(shown.row.get("verified")),
        "numberOfLikes": shown.likes,
        "status": "active",
    }


def _reply(shown: Shown) -> dict[str, Any]:
    updated = _time(shown.edited_at) if shown.edited_at else None
    return {"text": shown.text, "createdAt": _time(shown.posted_at), "updatedAt": updated}


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


ONE_UNIT = r"/v1/business-units/(?P<unit>[^/]+)"
ROUTES = [Route("trustpilot", ONE_UNIT + "/reviews", _reviews), Route("trustpilot", ONE_UNIT, _unit)]
