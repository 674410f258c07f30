"""X API v2 as a bearer token sees it: a user's posts and mentions, quotes, recent search by conversation, and lookup.

Rows of X have `parent` null (what is deleted on X leaves its answers standing) and, instead: `replied_to`, `quotes`,
`retweets` (ids; `replied_to_author` where what is answered is not in the story), `media` (`[{"type", "url", "alt_text"}]`),
`entities`, `withheld`, and `deleted_by` (`author`, `suspended`, `protected`) beside `deleted`. Ids are X's own, which tell
the time; each edit gets a new one.

Answers in the names that are asked for: those of `tweet.fields`, or those of `post.fields` (OpenAPI 2.167).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from math import ceil
from typing import Any

from connectors.sandbox.answers import Answer, Handler, Request, Route
from connectors.sandbox.world import Presence, Shown, World
from connectors.sandbox.x import endpoints
from connectors.sandbox.x.endpoints import ACCOUNT, LONGEST_QUERY, USER_ID, Asked
from connectors.sandbox.x.pages import SEARCHED
from connectors.sandbox.x.posts import Posts
from connectors.sandbox.x.refusals import PROBLEMS, Refusal, invalid, rate_headers, refusal

# A token by which somebody acts for their own account: more than reading needs.
PERSONS_TOKEN = "sandbox-token-of-a-person-that-opens-nothing"  # noqa: S105
FIELDS = {"tweet.fields", "post.fields", "expansions", "user.fields", "media.fields", "place.fields", "poll.fields"}
PAGED = {"max_results", "pagination_token"}
BOUNDED = {"since_id", "until_id", "start_time", "end_time"}
# Which parameters an endpoint takes besides fields and expansions, and how often it may be called in 15 minutes.
ENDPOINTS: dict[str, tuple[set[str], int]] = {
    "posts": (PAGED | BOUNDED | {"exclude"}, 10_000),
    "mentions": (PAGED | BOUNDED, 450),
    "quotes": (PAGED | {"exclude"}, 75),
    "search": (PAGED | BOUNDED | {"query", "next_token", "sort_order"}, 450),
    "lookup": ({"ids"}, 3500),
}


def _handler(name: str, endpoint: Callable[[Asked], dict[str, Any]]) -> Handler:
    """Wrap `endpoint` in what holds for all: the token, the parameters that exist, refusals, and the rate headers."""
    takes, limit = ENDPOINTS[name]

    def handle(world: World, request: Request) -> Answer:
        if request.bearer != request.secret:
            return refusal("unauthorized")
        families = {"tweet.fields", "post.fields"} & request.query.keys()
        try:
            for parameter in request.query.keys() - takes - FIELDS:
                known = ",".join(sorted(takes | FIELDS))
                raise invalid(parameter, "", f"The query parameter [{parameter}] is not one of [{known}]")
            if len(families) > 1:
                raise invalid("post.fields", "", "tweet.fields and post.fields may not be used together")
            asked = Asked(Posts(world.presence("x"), ACCOUNT), request, f"{name} {sorted(request.parts.items())}")
            return Answer(200, endpoint(asked), rate_headers(limit, limit - 1))
        except Refusal as refused:
            return refused.answer

    return handle


def _me(_world: World, request: Request) -> Answer:
    """The account that a token acts for; an app's acts for none."""
    if request.bearer == PERSONS_TOKEN:
        return Answer(200, {"data": _account()}, rate_headers(75, 74))
    return refusal("unsupportedAuthentication" if request.bearer == request.secret else "unauthorized")


def _user(_world: World, request: Request) -> Answer:
    if request.bearer not in (request.secret, PERSONS_TOKEN):
        return refusal("unauthorized")
    if request.parts["id"] != USER_ID:
        problem = {
            "resource_type": "user", "resource_id": request.parts["id"], "parameter": "id", "title": "Not Found Error",
            "detail": f"Could not find user with id: [{request.parts['id']}].", "type": f"{PROBLEMS}resource-not-found",
        }  # fmt: skip
        return Answer(200, {"errors": [problem]}, rate_headers(300, 299))
    return Answer(200, {"data": _account()}, rate_headers(300, 299))


def _account() -> dict[str, str]:
    return {"id": USER_ID, "name": str(ACCOUNT["name"]), "username": str(ACCOUNT["handle"])}


ROUTES = [
    Route("x", "/2/users/me", _me),
    Route("x", "/2/users/(?P<id>[0-9]{1,19})", _user),
    Route("x", "/2/users/(?P<id>[0-9]{1,19})/tweets", _handler("posts", endpoints.posts)),
    Route("x", "/2/users/(?P<id>[0-9]{1,19})/mentions", _handler("mentions", endpoints.mentions)),
    Route("x", "/2/tweets/(?P<id>[0-9]{1,19})/quote_tweets", _handler("quotes", endpoints.quotes)),
    Route("x", "/2/tweets/search/recent", _handler("search", endpoints.search)),
    Route("x", "/2/tweets", _handler("lookup", endpoints.lookup)),
]


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The least number of calls that could read what began since `since` and the threads `due`.

    The account's posts and its mentions, 100 a call, at least one each. What stood in the threads due and is on neither
    list, 100 ids a call: nothing but a lookup shows edits and deletions. A search for the answers to the account's posts
    of the last 7 days that are due or new, as many conversations a call as 512 characters hold. One call for each post of
    the account, due or new, with a quote that is neither on a list nor in a thread due.
    """
    posts = Posts(presence, ACCOUNT)
    own = [shown for shown in posts.shown if shown.author_id == USER_ID and _is_new(shown, since)]
    mentions = [shown for shown in posts.mentions(USER_ID) if _is_new(shown, since)]
    listed = {posts.versions(shown)[0] for shown in [*own, *mentions]}
    gone = [row for row in presence.gone.values() if posts.conversation(row) in due]
    standing = {posts.first_version(row["id"]) for row in gone}
    standing |= {posts.versions(shown)[0] for shown in posts.shown if posts.conversation(shown.row) in due}
    roots = {posts.versions(shown)[0]: shown for shown in posts.shown if shown.author_id == USER_ID}
    wanted = [
        shown
        for name, shown in roots.items()
        if posts.conversation(shown.row) == name and (name in due or name in listed)
    ]
    searched = sum(posts.now - shown.posted_at < SEARCHED for shown in wanted)
    one = len("conversation_id:1234567890123456789 OR ")
    quoted = {
        shown.row["quotes"]
        for shown in posts.shown
        if shown.row.get("quotes") and posts.versions(shown)[0] not in listed | standing
    } & {shown.id for shown in wanted}
    return (
        max(1, ceil(len(own) / 100))
        + max(1, ceil(len(mentions) / 100))
        + ceil(len(standing - listed) / 100)
        + ceil(searched / ((LONGEST_QUERY + len(" OR ")) // one))
        + len(quoted)
    )


def _is_new(shown: Shown, since: datetime | None) -> bool:
    return not shown.row.get("retweets") and (since is None or shown.posted_at >= since)
