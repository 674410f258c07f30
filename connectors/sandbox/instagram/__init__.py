"""Instagram's Graph API as a token of the account sees it, with either login: the account, its media, tags and mentions.

Behaves as documented: media newest first, at most 100 a page; comments newest first, at most 50 a page, top level only
unless `replies` is expanded; no time filter; hidden comments shown to the owner with `hidden`; nothing of other people's
media but what tags or names us; `comments_count` with replies, hidden and withheld comments.

Further keys of a row: `media` (a list of `{"type", "alt_text"}`; one picture without it); `live` on a post: its
comments are refused; `withheld` on a comment: counted, not shown. A `mention` tags us unless it has `named`, which means
that it is found by its id alone; then `on` (`{"id", "caption"}`) makes it a comment on somebody else's media.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import unquote

from connectors.sandbox.answers import Answer, Request, Route
from connectors.sandbox.graph.answers import VERSION, Edge, Node, answer, edge_answer, node_answer, token_of
from connectors.sandbox.graph.refusals import Refusal, refusal
from connectors.sandbox.instagram.nodes import USER, USERNAME, account, comment, media, shown_answers, tagged
from connectors.sandbox.world import Presence, Shown, World

__all__ = ["ROUTES", "USER", "USERNAME", "least_calls"]

MEDIA_A_PAGE = 100
COMMENTS_A_PAGE = 50


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The fewest calls that could read what was posted since `since` (None: all) and the threads `due`.

    One for whose token it is. The posts, 100 a call, to the end or to the first one from before `since`; the same for
    the tags. For each due thread its comments, 50 a call and one at least (the counter does not tell that there are
    none), which may bring along a post that is on no page; and for each comment with more than 50 replies the rest, 50 a
    call. Mentions that are given by their id are not counted: they are one call each.
    """
    calls = 1 + _pages_since(presence.by_kind["post"], since) + _pages_since(tagged(presence), since)
    for name in due:
        comments = shown_answers(presence, name)
        calls += max(1, _pages(len(comments), COMMENTS_A_PAGE))
        calls += sum(
            _pages(len(shown_answers(presence, one.id)) - COMMENTS_A_PAGE, COMMENTS_A_PAGE) for one in comments
        )
    return calls


def _pages_since(listed: Sequence[Shown], since: datetime | None) -> int:
    wanted = [one for one in listed if since is None or one.posted_at >= since]
    return max(1, _pages(min(len(wanted) + 1, len(listed)), MEDIA_A_PAGE))


def _pages(entries: int, size: int) -> int:
    return -(-max(0, entries) // size)


def _answer(world: World, request: Request) -> Answer | None:
    """`/{node}` or `/{node}/{edge}` of what is Instagram's; None for what is not, which may be Facebook's."""
    presence, name = world.presence("instagram"), unquote(request.parts["node"])
    if not _is_ours(presence, name, request):
        return None
    if trouble := _token_trouble(request):
        return trouble
    edge = request.parts.get("edge")
    try:
        node = _node(presence, name)
        body = node_answer(request, node) if edge is None else edge_answer(request, name, edge, _edge(node, edge))
    except Refusal as refused:
        return refused.answer
    return answer(request, body, business=USER, kind="instagram")


def _nobodys(world: World, request: Request) -> Answer:
    """What is neither Facebook's nor Instagram's."""
    return _token_trouble(request) or refusal("gone")


def _is_ours(presence: Presence, name: str, request: Request) -> bool:
    """`me` is ours if the token is, and if what only Instagram tells is asked for."""
    if name == "me":
        return token_of(request) == request.secret and "user_id" in request.query.get("fields", "")
    return name == USER or name in presence.by_id or name in presence.gone


def _token_trouble(request: Request) -> Answer | None:
    token = token_of(request)
    if not token:
        return refusal("no_token")
    return None if token == request.secret else refusal("token_malformed")


def _node(presence: Presence, name: str) -> Node:
    """What `name` shows by itself: media of others do not."""
    if name in {"me", USER}:
        return account(presence, name)
    shown = presence.by_id.get(name)
    if shown is None or shown.kind == "mention":
        raise Refusal(refusal("gone"))
    return media(presence, shown) if shown.kind == "post" else comment(presence, shown)


def _edge(node: Node, name: str) -> Edge:
    edge = node.get(name)
    if not isinstance(edge, Edge):
        raise Refusal(refusal("unknown_path", path=name))
    return edge


NODE = f"{VERSION}(?P<node>[^/]+)"
ROUTES = [
    Route("instagram", NODE, _answer),
    Route("instagram", f"{NODE}/(?P<edge>[a-z_]+)", _answer),
    Route("instagram", r"/v\d+\.\d+/[^/]+(?:/[a-z_]+)?", _nobodys),
]
