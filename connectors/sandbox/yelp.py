"""Yelp Places API v3 with a key: excerpts of three reviews of one business.

A review's row may have also `language` (en unless it says otherwise): only reviews in the language of `locale` are shown.
`time_created` is Pacific time without saying so, a long text is cut, and replies are not shown.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.world import Presence, Shown, World

BUSINESS = "acto-london"
PACIFIC = ZoneInfo("America/Los_Angeles")
MOST = 3
LETTERS = 160
SORTS = {"yelp_sort", "newest"}
# name by which a test asks for it: HTTP status, description
REFUSALS = {
    "ACCESS_LIMIT_REACHED": (429, "You've reached the access limit for this client."),
    "TOO_MANY_REQUESTS_PER_SECOND": (429, "You have exceeded the queries-per-second limit for this endpoint."),
    "TOKEN_INVALID": (401, "Invalid access token or authorization header."),
    "NOT_AUTHORIZED": (403, "This endpoint is not part of your plan."),
    "BUSINESS_NOT_FOUND": (404, "The requested business could not be found."),
    "VALIDATION_ERROR": (400, "A parameter is not valid."),
    "INTERNAL_ERROR": (500, "Something went wrong."),
}


def refusal(name: str, now: datetime | None = None) -> Answer:
    """The answer of REFUSALS under `name`, for the sandbox itself and for tests that order a fault."""
    status, description = REFUSALS[name]
    headers = _limits(now, 0) if now else {}
    return Answer(status, {"error": {"code": name, "description": description}}, headers)


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The least number of calls: 1 shows all that is ever shown."""
    return 1


def _reviews(world: World, asked: Request) -> Answer:
    if asked.bearer != asked.secret:
        return refusal("TOKEN_INVALID")
    if asked.parts["business"] != BUSINESS:
        return refusal("BUSINESS_NOT_FOUND")
    limit, offset = asked.query.get("limit", "20"), asked.query.get("offset", "0")
    sort = asked.query.get("sort_by", "yelp_sort")
    if not limit.isdigit() or not offset.isdigit() or int(limit) > 50 or sort not in SORTS:
        return refusal("VALIDATION_ERROR")
    presence = world.presence("yelp")
    all_of_them = presence.by_kind["review"]
    language = asked.query.get("locale", "en_US").split("_")[0]
    shown = [one for one in all_of_them if one.row.get("language", "en") == language]
    if sort == "yelp_sort":
        shown.sort(key=lambda one: -one.likes)
    start = int(offset)
    body = {
        "reviews": [_review(one) for one in shown[start : start + min(int(limit), MOST)]],
        "total": len(all_of_them),
        "possible_languages": sorted({one.row.get("language", "en") for one in all_of_them}),
    }
    return Answer(200, body, _limits(presence.now, 299))


def _review(shown: Shown) -> dict[str, Any]:
    return {
        "id": shown.id,
        "url": f"https://www.yelp.co.uk/biz/{BUSINESS}?hrid={shown.id}",
        "text": shown.text if len(shown.text) <= LETTERS else f"{shown.text[: LETTERS - 3]}...",
        "rating": int(shown.rating or 1),
        "time_created": shown.posted_at.astimezone(PACIFIC).strftime("%Y-%m-%d %H:%M:%S"),
        "user": {
            "id": shown.author_id,
            "profile_url": f"https://www.yelp.co.uk/user_details?userid={shown.author_id}",
            "image_url": None,
            "name": shown.author_name,
        },
    }


def _limits(now: datetime, remaining: int) -> dict[str, str]:
    """The headers of a plan of 300 calls a day, renewed at midnight UTC."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "RateLimit-DailyLimit": "300",
        "RateLimit-Remaining": str(remaining),
        "RateLimit-ResetTime": midnight.isoformat(),
    }


ROUTES = [Route("yelp", r"/v3/businesses/(?P<business>[^/]+)/reviews", _reviews)]
