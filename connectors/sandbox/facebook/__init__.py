"""Facebook's Graph API as the token of one Page sees it: the Page, its feed, comments of all levels, recommendations.

Behaves as documented: 25 entries a page unless asked for up to 100, `paging.next` with the token in it, hidden comments
shown to the Page, counters by `summary`, no time of an edit, comment ids with the post's before them. A person's token
(`USER_TOKEN`) is given an empty list for the comments on a post, and a refusal elsewhere.

Ids of posts are `PAGE_number`, of comments the number alone. Further keys of a row: `story` (a post that Facebook tells
of), `media` (a list of `{"url", "type", "text"}`), `anonymous` (no author is shown), `recommends` (a review: true or
false; stars are in `rating`), `no_story` (a review without a story's id).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import unquote

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.facebook.nodes import (
    COMMENTS,
    NAME,
    PAGE,
    POSTS,
    USERNAME,
    comment,
    comments_below,
    on_the_wall,
    page,
    post,
)
from connectors.sandbox.graph.answers import VERSION, Edge, Node, answer, edge_answer, node_answer, token_of
from connectors.sandbox.graph.refusals import Refusal, refusal
from connectors.sandbox.world import Presence, World

__all__ = ["NAME", "PAGE", "ROUTES", "USERNAME", "USER_TOKEN", "least_calls"]

USER_TOKEN = "sandbox-user-token-that-opens-little"  # noqa: S105
PERSON: Node = {"id": "10158000000000001", "name": "Somebody At ACTO"}
ENTRIES_A_PAGE = 100
LONG_ID = re.compile(r"[0-9]+_[0-9]+")


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The fewest calls that could read what was posted since `since` (None: all) and the threads `due`.

    One for whose token it is. The feed, 100 posts a call and one at least, back to `since`. For each due thread its
    comments, 100 a call; none for a post of the feed whose counter says that it has none, one at least for an older post,
    whose counter is not on the list. The recommendations, 100 a call, to the end or to the first page from before `since`.
    """
    bounds = {"include_hidden": "true"} | ({} if since is None else {"since": str(int(since.timestamp()))})
    listed = {shown.id for shown in on_the_wall(presence, bounds)}
    calls = 1 + _pages(len(listed), 1)
    for name in due:
        if name in presence.by_id:
            calls += _pages(len(comments_below(presence, presence.by_id[name])), 0 if name in listed else 1)
    ratings = presence.by_kind["review"]
    recent = [shown for shown in ratings if since is None or shown.posted_at >= since]
    return calls + _pages(len(recent), 1)


def _pages(entries: int, least: int) -> int:
    return max(least, -(-entries // ENTRIES_A_PAGE))


def _answer(world: World, request: Request) -> Answer | None:
    """`/{node}` or `/{node}/{edge}` of what is Facebook's; None for what is not, which may be Instagram's."""
    presence, name = world.presence("facebook"), unquote(request.parts["node"])
    if not _is_ours(presence, name, request):
        return None
    try:
        body = _of_the_page(presence, name, request) if _token(request) else _of_a_person(presence, name, request)
    except Refusal as refused:
        return refused.answer
    return answer(request, body, business=PAGE, kind="pages")


def _is_ours(presence: Presence, name: str, request: Request) -> bool:
    """Instagram's ids are plain numbers, and it knows itself by `user_id`."""
    if name == "me":
        fields = request.query.get("fields", "").split(",")
        return "user_id" not in fields and token_of(request) in {request.secret, USER_TOKEN}
    return name == PAGE or bool(LONG_ID.fullmatch(name)) or name in presence.by_id or name in presence.gone


def _token(request: Request) -> bool:
    """Whether the token is the Page's; False for a person's. Refuses any other."""
    token = token_of(request)
    if not token:
        raise Refusal(refusal("no_token"))
    if token not in {request.secret, USER_TOKEN}:
        raise Refusal(refusal("token_malformed"))
    return token == request.secret


def _of_the_page(presence: Presence, name: str, request: Request) -> Mapping[str, object]:
    node, edge = _node(presence, name), request.parts.get("edge")
    if edge is None:
        return node_answer(request, node, shown=("name",) if node["id"] == PAGE else ("created_time", "message"))
    listed = node.get(unquote(edge))
    if not isinstance(listed, Edge):
        raise Refusal(refusal("no_such_field", field=edge))
    body = edge_answer(request, str(node["id"]), edge, listed)
    if edge == "ratings":
        for entry in body["data"]:
            del entry["id"]
    return body


def _of_a_person(presence: Presence, name: str, request: Request) -> Mapping[str, object]:
    """What a person's token is shown: themselves, and comments as if there were none."""
    edge = request.parts.get("edge")
    if name == "me" and edge is None:
        return node_answer(request, PERSON, shown=("name",))
    if edge == "comments":
        return {"data": []}
    raise Refusal(refusal("not_a_page_token"))


def _node(presence: Presence, name: str) -> Node:
    """The Page, a post, or a comment by either of its ids."""
    if name in {"me", PAGE}:
        return page(presence)
    shown = presence.by_id.get(name) or presence.by_id.get(name.rpartition("_")[2])
    if shown is not None and shown.kind in POSTS:
        return post(presence, shown)
    if shown is not None and shown.kind in COMMENTS:
        return comment(presence, shown)
    raise Refusal(refusal("gone"))


def _debug_token(_world: World, request: Request) -> Answer:
    """What a token may do; asked by POST with `method=get`, which the Graph API takes for a GET."""
    form = request.form
    if not token_of(request):
        return refusal("no_token")
    if form.get("method") != "get" or "input_token" not in form:
        return refusal("bad_limit")
    if form["input_token"] != request.secret:
        invalid = {"code": 190, "message": "Invalid OAuth access token."}
        return Answer(200, {"data": {"is_valid": False, "scopes": [], "error": invalid}})
    ends = int(request.expires.timestamp()) if request.expires else 0
    told = {"app_id": "1", "type": "PAGE", "profile_id": PAGE, "is_valid": True, "expires_at": ends}
    return Answer(200, {"data": {**told, "data_access_expires_at": 0, "scopes": list(request.permissions)}})


ROUTES = [
    Route("facebook", f"{VERSION}debug_token", _debug_token, method="POST"),
    Route("facebook", f"{VERSION}(?P<node>[^/]+)", _answer),
    Route("facebook", f"{VERSION}(?P<node>[^/]+)/(?P<edge>[^/]+)", _answer),
]
