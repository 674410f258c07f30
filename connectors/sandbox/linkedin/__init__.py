"""LinkedIn's versioned REST interface as an administrator's token sees it: posts, socialActions, notifications, the page.

Behaves as documented: three headers are needed, URNs must come percent-encoded, parentheses too; the summary and the
comments of a post that nobody ever touched are not found; a post by others is not readable; posts are sorted by their last
change unless asked otherwise; notifications are told from the story (a comment, each edit, its deletion).

Rows: ids are URNs; a post's `activity` is its place in the feed (default: the same number), which the URNs of its comments
hold. A post may have `lifecycle` (DRAFT …), `created` (before `posted`), `content`, `mentions` (name: URN, for the @name in
its text); a comment `attributes` and `content`; a mention is a post by somebody else: `undecorated` where its notification
does not hold its text, `open` where the post itself may be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlencode

from connectors.sandbox.answers import Answer, Handler, Request, Route
from connectors.sandbox.linkedin.notifications import notifications
from connectors.sandbox.linkedin.refusals import Refusal
from connectors.sandbox.linkedin.resources import (
    ORGANIZATION,
    OWN,
    changed_at,
    comment,
    milliseconds,
    organization,
    post,
    summary,
)
from connectors.sandbox.world import Presence, Shown, World

A_PAGE = 100
# Versions live about a year; later ones than exist today are let pass, so that the demo goes on working.
OLDEST_VERSION = "202511"
# The id and the secret of the app that may ask about tokens.
CLIENT = ("sandbox-client-id", "sandbox-client-secret-that-opens-nothing")
URN = r"urn%3Ali%3A[A-Za-z0-9_.%-]+"
Endpoint = Callable[[Presence, Request], dict[str, Any]]


def _posts(presence: Presence, asked: Request) -> dict[str, Any]:
    if asked.query.get("q") != "author":
        raise Refusal("illegalArgument")
    if asked.query.get("author") != OWN:
        raise Refusal("accessDenied")
    order = asked.query.get("sortBy", "LAST_MODIFIED")
    if order not in {"LAST_MODIFIED", "CREATED"}:
        raise Refusal("illegalArgument")
    by: Callable[[Shown], int] = changed_at if order == "LAST_MODIFIED" else lambda shown: milliseconds(shown.posted_at)
    found = sorted(presence.by_kind["post"], key=by, reverse=True)
    return _paged([post(shown) for shown in found], asked, "/rest/posts")


def _post(presence: Presence, asked: Request) -> dict[str, Any]:
    shown = presence.by_id.get(unquote(asked.parts["urn"]))
    if shown is None or shown.kind not in {"post", "mention"}:
        raise Refusal("notFound")
    if shown.kind == "mention" and not shown.row.get("open"):
        raise Refusal("accessDenied")
    return post(shown)


def _summary(presence: Presence, asked: Request) -> dict[str, Any]:
    shown = _touched(presence, unquote(asked.parts["urn"]))
    likes = {"selectedLikes": [], "aggregatedTotalLikes": shown.likes, "likedByCurrentUser": False}
    return {
        "likesSummary": {**likes, "totalLikes": shown.likes},
        "commentsSummary": {**summary(presence.answers.get(shown.id, [])), "commentsState": "OPEN"},
        "target": shown.id,
    }


def _comments(presence: Presence, asked: Request) -> dict[str, Any]:
    shown = _touched(presence, unquote(asked.parts["urn"]))
    answers = [comment(one, presence, old=_is_old(asked)) for one in presence.answers.get(shown.id, [])]
    return _paged(answers, asked, f"/rest/socialActions/{asked.parts['urn']}/comments")


def _comment(presence: Presence, asked: Request) -> dict[str, Any]:
    shown = presence.by_id.get(f"urn:li:comment:({unquote(asked.parts['urn'])},{unquote(asked.parts['number'])})")
    if shown is None:
        raise Refusal("notFound")
    return comment(shown, presence, old=_is_old(asked))


def _notifications(presence: Presence, asked: Request) -> dict[str, Any]:
    wanted = re.fullmatch(r"List\(([A-Z_]+(?:,[A-Z_]+)*)\)", asked.query.get("actions", ""))
    if asked.query.get("q") != "criteria" or not wanted:
        raise Refusal("illegalArgument")
    if asked.query.get("organizationalEntity") != OWN:
        raise Refusal("accessDenied")
    actions = wanted[1].split(",")
    told = [one for one in notifications(presence) if one["action"] in actions]
    return _paged(told, asked, "/rest/organizationalEntityNotifications")


def _organization(presence: Presence, asked: Request) -> dict[str, Any]:
    if asked.parts["number"] != ORGANIZATION:
        raise Refusal("accessDenied")
    return organization()


def _touched(presence: Presence, urn: str) -> Shown:
    """The post or comment `urn`; a post that nobody ever commented on or liked is not found."""
    shown = presence.by_id.get(urn)
    if shown is None or shown.kind == "mention":
        raise Refusal("notFound")
    gone = any(row.get("parent") == urn for row in presence.gone.values())
    if not (shown.likes or presence.answers.get(urn) or gone):
        raise Refusal("notFound")
    return shown


def _paged(found: Sequence[dict[str, Any]], asked: Request, path: str) -> dict[str, Any]:
    start, count = asked.query.get("start", "0"), asked.query.get("count", "10")
    if not (start.isdigit() and count.isdigit() and 1 <= int(count) <= A_PAGE):
        raise Refusal("illegalArgument")
    following = int(start) + int(count)
    more = {**asked.query, "start": following, "count": count}
    link = {"type": "application/json", "rel": "next", "href": f"{path}?{urlencode(more, safe='(),')}"}
    links = [link] if following < len(found) else []
    paging = {"start": int(start), "count": int(count), "links": links, "total": len(found)}
    return {"paging": paging, "elements": list(found[int(start) : following])}


def _is_old(asked: Request) -> bool:
    return asked.headers["linkedin-version"] < "202601"


def _handler(endpoint: Endpoint) -> Handler:
    """Wrap `endpoint` in what holds for all: the token, the two headers, refusals."""

    def handle(world: World, asked: Request) -> Answer:
        try:
            if not asked.bearer:
                raise Refusal("emptyToken")
            if asked.bearer != asked.secret:
                raise Refusal("invalidToken")
            version = asked.headers.get("linkedin-version", "")
            if not version:
                raise Refusal("versionMissing")
            if not re.fullmatch("20[0-9]{4}", version) or version < OLDEST_VERSION:
                raise Refusal("versionGone")
            if asked.headers.get("x-restli-protocol-version") != "2.0.0":
                raise Refusal("illegalArgument")
            if asked.permissions and NEEDS.get(endpoint, asked.permissions[0]) not in asked.permissions:
                raise Refusal("accessDenied")
            return Answer(200, endpoint(world.presence("linkedin"), asked))
        except Refusal as refused:
            return refused.answer

    return handle


NEEDS: dict[Endpoint, str] = {_posts: "r_organization_social_feed", _notifications: "rw_organization_admin"}


def _introspect(_world: World, asked: Request) -> Answer:
    """What a token may do, for the app that it was made by; OAuth's own host answers this."""
    form = asked.form
    if (form.get("client_id"), form.get("client_secret")) != CLIENT:
        return Answer(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
    if form.get("token") != asked.secret:
        return Answer(200, {"active": False})
    ends = {"expires_at": int(asked.expires.timestamp())} if asked.expires else {}
    return Answer(200, {"active": True, "status": "active", "scope": ",".join(asked.permissions), **ends})


def least_calls(presence: Presence, since: datetime | None, due: Collection[str]) -> int:
    """The least number of calls that could read what began since `since` (None: all) and the threads `due`.

    The notifications since then (100 a call, at least 1: mentions are nowhere else); the posts, 100 a call, down to
    `since`; for the due posts behind those pages 1 call each, or the pages down to the last of them where that is less;
    and for each thread that is due (all, where everything is to be read) 1 call for 100 comments (at least 1) and 1 for 100
    replies to each comment that has any.
    """
    first = 0 if since is None else milliseconds(since)
    posts = sorted(presence.by_kind["post"], key=changed_at, reverse=True)
    pages = max(1, _pages(sum(changed_at(one) >= first for one in posts)))
    behind = [n for n, one in enumerate(posts) if one.id in due and n >= pages * A_PAGE]
    further = min(len(behind), _pages(behind[-1] + 1) - pages) if behind else 0
    told = sum(one["lastModifiedAt"] >= first for one in notifications(presence))
    threads = [one for one in posts if one.id in due or since is None]
    return max(1, _pages(told)) + pages + further + sum(_calls_for(presence, one) for one in threads)


def _calls_for(presence: Presence, thread: Shown) -> int:
    comments = presence.answers.get(thread.id, [])
    return max(1, _pages(len(comments))) + sum(_pages(len(presence.answers.get(one.id, []))) for one in comments)


def _pages(entries: int) -> int:
    return -(-entries // A_PAGE)


ROUTES = [
    Route("linkedin", pattern, _handler(endpoint))
    for pattern, endpoint in {
        "/rest/posts": _posts,
        f"/rest/posts/(?P<urn>{URN})": _post,
        f"/rest/socialActions/(?P<urn>{URN})": _summary,
        f"/rest/socialActions/(?P<urn>{URN})/comments": _comments,
        f"/rest/socialActions/(?P<urn>{URN})/comments/(?P<number>[A-Za-z0-9_-]+)": _comment,
        "/rest/organizationalEntityNotifications": _notifications,
        "/rest/organizations/(?P<number>[0-9]+)": _organization,
    }.items()
] + [Route("linkedin", "/oauth/v2/introspectToken", _introspect, method="POST")]
