"""Invented LinkedIn pages for the connector tests, and ways to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from connectors import linkedin
from connectors.http import Http
from connectors.item import Page
from connectors.sandbox import Sandbox
from connectors.sandbox.linkedin.resources import ORGANIZATION, OWN
from connectors.source import Source, Window
from tests.connectors.story import BEGIN, Pauses, Row

MENTION = "urn:li:share:7999000000000000001"


def post_urn(n: int) -> str:
    """The URN of the post n."""
    return f"urn:li:share:71000000000000{n:05}"


def place_urn(n: int) -> str:
    """The place of the post n in the feed, which is another number."""
    return f"urn:li:activity:72000000000000{n:05}"


def comment_urn(post: int, n: int) -> str:
    """The URN of the comment n on a post; its number is used under every post."""
    return f"urn:li:comment:({place_urn(post)},73000000000000{n:05})"


def reply_urn(post: int, comment: int, n: int) -> str:
    """The URN of the reply n to a comment."""
    return f"urn:li:comment:({place_urn(post)},74000{comment:05}0000{n:05})"


def linkedin_row(name: str, kind: str, parent: str | None, minutes: float, **more: Any) -> Row:
    """One row, posted `minutes` after BEGIN; posts by the organization, the rest by members."""
    author = OWN if kind == "post" else "urn:li:person:Mem-ber_1"
    return {
        "platform": "linkedin",
        "id": name,
        "kind": kind,
        "parent": parent,
        "author": {"id": author, "name": "", "handle": None},
        "text": f"This is {name[-5:]}",
        "posted": (BEGIN + timedelta(minutes=minutes)).isoformat(),
    } | more


def post_row(n: int, minutes: float | None = None, **more: Any) -> Row:
    """The post n, n minutes after BEGIN."""
    return linkedin_row(post_urn(n), "post", None, n if minutes is None else minutes, activity=place_urn(n), **more)


def comment_row(post: int, n: int, **more: Any) -> Row:
    """The comment n on a post, a day and n minutes after BEGIN."""
    minutes = more.pop("minutes", 1440 + n)
    return linkedin_row(comment_urn(post, n), "comment", post_urn(post), minutes, **more)


def reply_row(post: int, comment: int, n: int, **more: Any) -> Row:
    """The reply n to a comment, two days and n minutes after BEGIN."""
    minutes = more.pop("minutes", 2880 + n)
    return linkedin_row(reply_urn(post, comment, n), "reply", comment_urn(post, comment), minutes, **more)


def mention_row(**more: Any) -> Row:
    """A post by somebody else that mentions us, three days after BEGIN."""
    return linkedin_row(MENTION, "mention", None, 4320, **{"text": "Good work by ACTO (UK)", **more})


def page_rows(
    *, posts: int = 1, comments: Mapping[int, int] | None = None, replies: Mapping[tuple[int, int], int] | None = None
) -> list[Row]:
    """Posts 0…, `comments[n]` comments on post n, `replies[n, m]` replies to its comment m."""
    rows = [post_row(n) for n in range(posts)]
    rows += [comment_row(n, m) for n, count in (comments or {}).items() for m in range(count)]
    rows += [reply_row(n, m, k) for (n, m), count in (replies or {}).items() for k in range(count)]
    return rows


def linkedin_source(sandbox: Sandbox, *, secret: str | None = None, **keys: str) -> Source:
    """The sandbox's page as a configured source."""
    keys = {"organization_id": ORGANIZATION} | keys
    return Source("page", "linkedin", keys, secret or sandbox.key, sandbox.base_url)


def connect(sandbox: Sandbox, **manners: Any) -> Http:
    """The way to the sandbox's page, without real pauses."""
    return linkedin.connect(linkedin_source(sandbox), **{"sleep": Pauses(), **manners})


def pages(sandbox: Sandbox, window: Window | None = None, *, keys: Mapping[str, str] | None = None) -> Iterator[Page]:
    """Read the sandbox's page."""
    with connect(sandbox) as http:
        yield from linkedin.read(linkedin_source(sandbox, **(keys or {})), window or Window(), http)


def calls(sandbox: Sandbox) -> list[str]:
    """What was called, in order: organization, notifications, posts, post, comments, comment."""
    return [_name(call.path.split("?")[0].split("/")[2:]) for call in sandbox.requests]


def _name(parts: list[str]) -> str:
    if parts[0] == "socialActions":
        return {2: "summary", 3: "comments", 4: "comment"}[len(parts)]
    if parts[0] == "posts":
        return "post" if len(parts) == 2 else "posts"
    return {"organizations": "organization", "organizationalEntityNotifications": "notifications"}[parts[0]]
